/**
 * The schedulers of Reactor: hooks in where they make their workers, and makes each
 * scheduler known as one executor. Imports Reactor, how schedulers are decorated, the
 * monitor and task packages and the root; nothing but the auto-configuration imports it,
 * so that an application without Reactor loads none of it.
 */
@NullMarked
package io.github.executormetrics.reactor;

import org.jspecify.annotations.NullMarked;
