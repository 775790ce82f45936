// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.task.EndedPeriodicTask;
import io.github.executormetrics.workers.Deadlock;

/**
 * When a tick is bad for a cause, and the numbers that show it. Pure functions; a tick is
 * bad only on evidence that is new in it.
 */
enum StarvationRule {

	/**
	 * It is stalled, and the workers wait for what only they could run.
	 */
	DEADLOCKED(StarvationCause.DEADLOCKED) {
		@Override
		boolean isBad(Tick tick, ExecutorLimits limits) {
			return STALLED.isBad(tick, limits) && tick.deadlock() != null;
		}

		@Override
		String tell(Map<String, Number> evidence) {
			return STALLED.tell(evidence) + ", waiting workers: " + evidence.get("waitingWorkers");
		}

		@Override
		Map<String, Number> evidence(Tick window, ExecutorLimits limits, int ticks) {
			Map<String, Number> evidence = STALLED.evidence(window, limits, ticks);
			Deadlock deadlock = window.deadlock();
			if (deadlock != null) {
				evidence.put("waitingWorkers", deadlock.workers());
				evidence.put("timedWorkers", deadlock.timedWorkers());
				if (deadlock.roomBeforeWorker() != Integer.MAX_VALUE) {
					evidence.put("queueRoomTasks", deadlock.roomBeforeWorker());
				}
			}
			return evidence;
		}

		@Override
		@Nullable String describe(Tick window) {
			return (window.deadlock() != null) ? window.deadlock().describe() : null;
		}
	},

	/**
	 * Tasks are queued, no worker is idle and none has started for the limit.
	 */
	STALLED(StarvationCause.STALLED) {
		@Override
		boolean isBad(Tick tick, ExecutorLimits limits) {
			return tick.after().queued() > 0 && tick.after().idle() == 0
					&& tick.stalledNanos() >= limits.stall().toNanos();
		}

		@Override
		String tell(Map<String, Number> evidence) {
			return "no task has started for " + words(evidence.get("sinceLastStartMillis")) + limit(evidence)
					+ "; queued: " + evidence.get("queuedTasks") + ", busy workers: " + evidence.get("busyWorkers");
		}

		@Override
		Map<String, Number> evidence(Tick window, ExecutorLimits limits, int ticks) {
			Map<String, Number> evidence = new LinkedHashMap<>();
			evidence.put("sinceLastStartMillis", millis(window.stalledNanos()));
			evidence.put("limitMillis", limits.stall().toMillis());
			evidence.put("queuedTasks", window.after().queued());
			evidence.put("busyWorkers", window.after().busy());
			evidence.put("ticks", ticks);
			return evidence;
		}
	},

	/**
	 * Tasks were refused with an exception in the tick.
	 */
	REJECTING(StarvationCause.REJECTING) {
		@Override
		boolean isBad(Tick tick, ExecutorLimits limits) {
			return tick.aborted() >= limits.rejected();
		}

		@Override
		String tell(Map<String, Number> evidence) {
			return "tasks rejected with an exception: " + evidence.get("rejectedTasks") + " of " + evidence.get("tasks")
					+ " (limit " + evidence.get("limitTasksPerTick") + " a tick)";
		}

		@Override
		Map<String, Number> evidence(Tick window, ExecutorLimits limits, int ticks) {
			Map<String, Number> evidence = new LinkedHashMap<>();
			evidence.put("rejectedTasks", window.aborted());
			evidence.put("limitTasksPerTick", limits.rejected());
			evidence.put("tasks", window.aborted() + window.submitted());
			return evidence;
		}
	},

	/**
	 * More tasks than the limit are active, and they queue or wait for a throttle. A
	 * million virtual threads that run are no overload.
	 */
	OVERLOADED(StarvationCause.OVERLOADED) {
		@Override
		boolean isBad(Tick tick, ExecutorLimits limits) {
			return tick.after().queued() > 0 && tick.after().active() > limits.active();
		}

		@Override
		String tell(Map<String, Number> evidence) {
			return evidence.get("activeTasks") + " tasks are active (limit " + evidence.get("limitTasks") + "), "
					+ evidence.get("queuedTasks") + " of them queued";
		}

		@Override
		Map<String, Number> evidence(Tick window, ExecutorLimits limits, int ticks) {
			Map<String, Number> evidence = new LinkedHashMap<>();
			evidence.put("activeTasks", window.after().active());
			evidence.put("limitTasks", limits.active());
			evidence.put("queuedTasks", window.after().queued());
			evidence.put("ticks", ticks);
			return evidence;
		}
	},

	/**
	 * Tasks are delayed and the workers are held. A run includes blocking, which is no
	 * fault while nobody waits.
	 */
	BLOCKED(StarvationCause.BLOCKED) {
		@Override
		boolean isBad(Tick tick, ExecutorLimits limits) {
			long limit = limits.meanRun().toNanos();
			return DELAYED.isBad(tick, limits) && (tick.meanRunNanos() > limit || tick.meanRunningNanos() > limit);
		}

		@Override
		String tell(Map<String, Number> evidence) {
			return "tasks that ended ran for " + words(evidence.get("meanRunMillis"))
					+ " on average, running tasks have run for " + words(evidence.get("meanRunningMillis"))
					+ " on average" + limit(evidence);
		}

		@Override
		Map<String, Number> evidence(Tick window, ExecutorLimits limits, int ticks) {
			Map<String, Number> evidence = new LinkedHashMap<>();
			evidence.put("meanRunMillis", millis(window.meanRunNanos()));
			evidence.put("meanRunningMillis", millis(window.meanRunningNanos()));
			evidence.put("limitMillis", limits.meanRun().toMillis());
			evidence.put("tasks", window.runs() + window.after().tasks().seen());
			return evidence;
		}
	},

	/**
	 * The tasks that started waited longer than the limit on average, or the oldest that
	 * is still queued does. What the process stood still for is no executor's fault.
	 */
	DELAYED(StarvationCause.DELAYED) {
		@Override
		boolean isBad(Tick tick, ExecutorLimits limits) {
			long limit = limits.meanWait().toNanos() + tick.stoodStillNanos();
			return (tick.waits() >= limits.samples() && tick.meanWaitNanos() > limit)
					|| tick.oldestQueuedNanos() > limit;
		}

		@Override
		String tell(Map<String, Number> evidence) {
			String oldest = words(evidence.get("oldestQueuedMillis")) + limit(evidence);
			// none has started, or nobody sees how long they waited
			return Long.valueOf(0).equals(evidence.get("tasks")) ? "the oldest queued task has waited for " + oldest
					: "tasks waited for " + words(evidence.get("meanWaitMillis"))
							+ " on average, the oldest queued task has waited for " + oldest;
		}

		@Override
		Map<String, Number> evidence(Tick window, ExecutorLimits limits, int ticks) {
			Map<String, Number> evidence = new LinkedHashMap<>();
			evidence.put("meanWaitMillis", millis(window.meanWaitNanos()));
			evidence.put("oldestQueuedMillis", millis(window.oldestQueuedNanos()));
			evidence.put("limitMillis", limits.meanWait().toMillis());
			evidence.put("tasks", window.waits());
			return evidence;
		}
	},

	/**
	 * A single task runs longer than the limit, and much longer than those of its name
	 * did before.
	 */
	STUCK(StarvationCause.STUCK) {
		@Override
		boolean isBad(Tick tick, ExecutorLimits limits) {
			return tick.stuckNanos() > limits.stuck().toNanos();
		}

		@Override
		String tell(Map<String, Number> evidence) {
			return "the task has run for " + words(evidence.get("oldestRunningMillis")) + limit(evidence)
					+ ", idle workers: " + evidence.get("idleWorkers");
		}

		@Override
		Map<String, Number> evidence(Tick window, ExecutorLimits limits, int ticks) {
			Map<String, Number> evidence = new LinkedHashMap<>();
			evidence.put("oldestRunningMillis", millis(window.stuckNanos()));
			evidence.put("limitMillis", limits.stuck().toMillis());
			evidence.put("idleWorkers", window.after().idle());
			evidence.put("tasks", window.after().tasks().seen());
			return evidence;
		}
	},

	/**
	 * More than the allowed share of the tasks handed over in the tick was dropped
	 * without an exception.
	 */
	DROPPING(StarvationCause.DROPPING) {
		@Override
		boolean isBad(Tick tick, ExecutorLimits limits) {
			// counts of one task may lie in two ticks, so that a share is above 1
			return tick.dropped() > 0 && limits.droppedShare() < 1
					&& tick.dropped() > limits.droppedShare() * tick.handedOver();
		}

		@Override
		String tell(Map<String, Number> evidence) {
			return "tasks dropped without an exception: " + evidence.get("droppedTasks") + " of "
					+ evidence.get("tasks") + " (limit " + evidence.get("limitShare") + " of them)";
		}

		@Override
		Map<String, Number> evidence(Tick window, ExecutorLimits limits, int ticks) {
			Map<String, Number> evidence = new LinkedHashMap<>();
			evidence.put("droppedTasks", window.dropped());
			evidence.put("limitShare", limits.droppedShare());
			evidence.put("tasks", window.handedOver());
			return evidence;
		}
	},

	/**
	 * Nearly all of the last tasks of a name ended with an error. A tick in which none
	 * has ended leaves that as it was.
	 */
	FAILING(StarvationCause.FAILING) {
		@Override
		boolean isBad(Tick tick, ExecutorLimits limits) {
			return !tick.failing().isEmpty();
		}

		@Override
		String tell(Map<String, Number> evidence) {
			return "tasks that ended with an error: " + evidence.get("failedTasks") + " of the last "
					+ evidence.get("tasks") + ", task names: " + evidence.get("names");
		}

		@Override
		Map<String, Number> evidence(Tick window, ExecutorLimits limits, int ticks) {
			Map<String, Number> evidence = new LinkedHashMap<>();
			evidence.put("failedTasks", window.failing().stream().mapToLong(FailingName::failed).sum());
			evidence.put("names", window.failing().size());
			evidence.put("limitTasks", limits.samples());
			evidence.put("tasks", window.failing().stream().mapToLong(FailingName::tasks).sum());
			return evidence;
		}
	},

	/**
	 * Periodic tasks have ended with an error, and none of their name was scheduled
	 * since.
	 */
	ENDED(StarvationCause.ENDED) {
		@Override
		boolean isBad(Tick tick, ExecutorLimits limits) {
			return !tick.after().ended().isEmpty();
		}

		@Override
		String tell(Map<String, Number> evidence) {
			return "periodic tasks that ended with an error: " + evidence.get("endedTasks") + ", task names: "
					+ evidence.get("names");
		}

		@Override
		Map<String, Number> evidence(Tick window, ExecutorLimits limits, int ticks) {
			Map<String, Number> evidence = new LinkedHashMap<>();
			evidence.put("endedTasks", window.after().ended().stream().mapToInt(EndedPeriodicTask::tasks).sum());
			evidence.put("names", window.after().ended().size());
			return evidence;
		}
	};

	private final StarvationCause cause;

	StarvationRule(StarvationCause cause) {
		this.cause = cause;
	}

	StarvationCause cause() {
		return this.cause;
	}

	/**
	 * Whether a tick is bad.
	 * @param tick what lies between the last two samples
	 * @param limits the executor's limits
	 * @return whether it is
	 */
	abstract boolean isBad(Tick tick, ExecutorLimits limits);

	/**
	 * The numbers behind the cause.
	 * @param window what lies between the first and the last sample of the window
	 * @param limits the executor's limits
	 * @param ticks how many ticks the window holds
	 * @return the measured values, the limit and the number of samples, units in their
	 * names
	 */
	abstract Map<String, Number> evidence(Tick window, ExecutorLimits limits, int ticks);

	/**
	 * What the numbers cannot say.
	 * @param window as for the evidence
	 * @return a few words, or null
	 */
	@Nullable String describe(Tick window) {
		return null;
	}

	/**
	 * The numbers in words.
	 * @param evidence what {@link #evidence} gave
	 * @return part of a sentence
	 */
	abstract String tell(Map<String, Number> evidence);

	private static String limit(Map<String, Number> evidence) {
		return " (limit " + words(evidence.get("limitMillis")) + ")";
	}

	/**
	 * A time in words.
	 * @param millis milliseconds, or null where nobody knows
	 * @return milliseconds below a second, else seconds
	 */
	static String words(@Nullable Number millis) {
		if (millis == null) {
			return "unknown";
		}
		double value = millis.doubleValue();
		return (value < 1_000) ? String.format(Locale.ROOT, "%.1f ms", value)
				: String.format(Locale.ROOT, "%,.1f s", value / 1_000);
	}

	static double millis(long nanos) {
		return Math.round(nanos / (double) Duration.ofMillis(1).toNanos() * 10) / 10.0;
	}

}
