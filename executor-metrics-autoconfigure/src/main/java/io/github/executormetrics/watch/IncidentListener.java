// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Is told of incidents, on the watch's thread: hands on what takes time. What it throws
 * is logged once.
 */
public interface IncidentListener {

	/**
	 * An incident was raised.
	 * @param incident as it stands now
	 * @param executor whose it is
	 */
	void raised(StarvationIncident incident, MonitoredExecutor executor);

	/**
	 * An open incident got a graver cause.
	 * @param incident as it stands now
	 * @param executor whose it is
	 */
	default void worsened(StarvationIncident incident, MonitoredExecutor executor) {
	}

	/**
	 * An incident was cleared.
	 * @param incident the whole of it
	 * @param executor whose it is
	 */
	void cleared(StarvationIncident incident, MonitoredExecutor executor);

}
