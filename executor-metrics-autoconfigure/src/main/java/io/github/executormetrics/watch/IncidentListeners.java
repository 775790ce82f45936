// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * All listeners, each kept from failing the look and the others.
 */
final class IncidentListeners implements IncidentListener {

	private final List<IncidentListener> listeners = new CopyOnWriteArrayList<>();

	private final WatchFaults faults;

	IncidentListeners(WatchFaults faults) {
		this.faults = faults;
	}

	void add(IncidentListener listener) {
		this.listeners.add(listener);
	}

	@Override
	public void raised(StarvationIncident incident, MonitoredExecutor executor) {
		tellAll(executor, (listener) -> listener.raised(incident, executor));
	}

	@Override
	public void worsened(StarvationIncident incident, MonitoredExecutor executor) {
		tellAll(executor, (listener) -> listener.worsened(incident, executor));
	}

	@Override
	public void cleared(StarvationIncident incident, MonitoredExecutor executor) {
		tellAll(executor, (listener) -> listener.cleared(incident, executor));
	}

	private void tellAll(MonitoredExecutor executor, Consumer<IncidentListener> call) {
		for (IncidentListener listener : this.listeners) {
			try {
				call.accept(listener);
			}
			catch (Throwable ex) {
				this.faults.tell("Notifying the listeners of an incident of executor '" + executor.name() + "' failed",
						ex);
			}
		}
	}

}
