/**
 * What the request threads of an embedded web server tell of themselves: one state a kind
 * of pool. Imports the monitor package, the root and the server's own classes, each of
 * which may be absent; starts, changes and decorates nothing.
 */
@NullMarked
package io.github.executormetrics.servers;

import org.jspecify.annotations.NullMarked;
