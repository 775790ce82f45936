// SPDX-License-Identifier: Apache-2.0

/**
 * The state of the request threads of embedded web servers, one class for each kind of
 * thread pool. Imports the monitor package and the servers. Only the auto-configuration
 * imports it, so that it is not loaded without a server. Internal: may change in any
 * version.
 */
@NullMarked
package io.github.executormetrics.servers;

import org.jspecify.annotations.NullMarked;
