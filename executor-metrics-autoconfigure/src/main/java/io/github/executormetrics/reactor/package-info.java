// SPDX-License-Identifier: Apache-2.0

/**
 * Reactor's schedulers, each of which is one executor, metered where Reactor creates its
 * workers. Imports Reactor, the decorate, monitor and task packages and the root. Only
 * the auto-configuration imports it, so that it is not loaded without Reactor. Internal:
 * may change in any version.
 */
@NullMarked
package io.github.executormetrics.reactor;

import org.jspecify.annotations.NullMarked;
