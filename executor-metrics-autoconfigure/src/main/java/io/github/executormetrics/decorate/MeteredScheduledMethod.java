// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import org.springframework.scheduling.support.ScheduledMethodRunnable;

import io.github.executormetrics.task.TaskNaming;

/**
 * A scheduled method that is metered and still looks like one: the OpenTelemetry Java
 * agent names its spans after the method that it finds in the scheduler's hands.
 */
final class MeteredScheduledMethod extends ScheduledMethodRunnable {

	private final Runnable metered;

	private MeteredScheduledMethod(ScheduledMethodRunnable method, Runnable metered) {
		super(method.getTarget(), method.getMethod(), method.getQualifier(), () -> {
			throw new IllegalStateException("Observed by the method itself");
		});
		this.metered = metered;
	}

	/**
	 * Let a metered task look like the method that it runs.
	 * @param task the user's task
	 * @param metered the metered one
	 * @return what to schedule: the metered task itself where the user's is no method
	 */
	static Runnable of(Runnable task, Runnable metered) {
		Object scheduled = (task instanceof MeteredScheduledMethod) ? task : TaskNaming.unwrap(task);
		try {
			return (scheduled instanceof ScheduledMethodRunnable method) ? new MeteredScheduledMethod(method, metered)
					: metered;
		}
		catch (Throwable ex) {
			// a getter of a user's subclass
			return metered;
		}
	}

	@Override
	public void run() {
		this.metered.run();
	}

	@Override
	public String toString() {
		return this.metered.toString();
	}

}
