/**
 * What embedded web servers tell of the threads that they serve requests on, one class a
 * kind of thread pool. Imports the monitor package and the servers; nothing but the
 * auto-configuration imports it, so that an application without a server loads none of
 * it.
 */
@NullMarked
package io.github.executormetrics.servers;

import org.jspecify.annotations.NullMarked;
