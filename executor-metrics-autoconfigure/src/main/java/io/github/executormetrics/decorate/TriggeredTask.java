// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.time.Clock;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.TriggerContext;
import org.springframework.util.ErrorHandler;
import org.springframework.util.ReflectionUtils;

/**
 * What Spring's schedulers hand to their pool for a task with a {@link Trigger}: an
 * object that asks the trigger and hands itself over once more after each run. One of the
 * same class that runs the metered task takes over before the first run, and the user's
 * becomes its handle: what it holds as its current future is the other.
 */
final class TriggeredTask {

	private static final @Nullable Class<?> TYPE = SpringFields
		.type("org.springframework.scheduling.concurrent.ReschedulingRunnable");

	private static final @Nullable Field TASK = SpringFields.find(TYPE, "delegate");

	private static final @Nullable Field TRIGGER = SpringFields.find(TYPE, "trigger");

	private static final @Nullable Field CONTEXT = SpringFields.find(TYPE, "triggerContext");

	private static final @Nullable Field NEXT = SpringFields.find(TYPE, "scheduledExecutionTime");

	private static final @Nullable Field FUTURE = SpringFields.find(TYPE, "currentFuture");

	private static final @Nullable Field MONITOR = SpringFields.find(TYPE, "triggerContextMonitor");

	private static final @Nullable Constructor<?> NEW = SpringFields.constructor(TYPE, Runnable.class, Trigger.class,
			Clock.class, ScheduledExecutorService.class, ErrorHandler.class);

	private TriggeredTask() {
	}

	/**
	 * Let a metered task take over.
	 * @param task what the scheduler hands over
	 * @param delay nanoseconds until its first run, negative where that is late
	 * @param meter gives the metered form of the user's task
	 * @param tell gives a trigger which says what the user's says
	 * @param target where to hand it over
	 * @return the future of the task that runs, or null where the user's is no such task
	 */
	static @Nullable ScheduledFuture<?> schedule(Runnable task, long delay, UnaryOperator<Runnable> meter,
			UnaryOperator<Trigger> tell, ScheduledExecutorService target) {
		if (task == null || task.getClass() != TYPE || NEXT == null || FUTURE == null) {
			return null;
		}
		if (!(SpringFields.get(TASK, task) instanceof Runnable own)
				|| !(SpringFields.get(TRIGGER, task) instanceof Trigger trigger)
				|| !(SpringFields.get(CONTEXT, task) instanceof TriggerContext context)
				|| context.lastScheduledExecution() != null) {
			return null;
		}
		Object metered = SpringFields.create(NEW, meter.apply(own), tell.apply(trigger), context.getClock(), target,
				ErrorHandledTask.handler(task));
		Object monitor = (metered != null) ? SpringFields.get(MONITOR, metered) : null;
		if (!(metered instanceof Runnable run) || !(metered instanceof ScheduledFuture<?> future) || monitor == null) {
			return null;
		}
		// the end of the first run reads both, and waits for the monitor
		synchronized (monitor) {
			ReflectionUtils.setField(NEXT, metered, SpringFields.get(NEXT, task));
			ReflectionUtils.setField(FUTURE, metered, target.schedule(run, delay, TimeUnit.NANOSECONDS));
		}
		return future;
	}

}
