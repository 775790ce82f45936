// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The sums of the tasks of one name, as one worker's slot holds them: the owner of the
 * slot adds to them without contention. Those for tasks that found no slot are shared.
 */
@SuppressWarnings("unused")
final class TaskFigures extends TaskMaxima {

	private static final VarHandle WAITLESS = field("waitless");

	private static final VarHandle WAITED = field("waited");

	private static final VarHandle WAIT_NANOS = field("waitNanos");

	private static final VarHandle SUCCEEDED = field("succeeded");

	private static final VarHandle TIMED = field("timed");

	private static final VarHandle FAILED = field("failed");

	private static final VarHandle RUN_NANOS = field("runNanos");

	private static final VarHandle OVER_RUN = field("overRun");

	/**
	 * Those of a frame that has had none yet.
	 */
	static final TaskFigures NONE = new TaskFigures(new TaskName("", -1), true, TaskBudget.UNSET, 1, 0);

	private final TaskName name;

	private final long runBudget;

	private final Sampler timing;

	private final SampledFigures sampled;

	private long waitless;

	private long waited;

	private long waitNanos;

	private long succeeded;

	private long timed;

	private long failed;

	private long runNanos;

	private long overRun;

	/**
	 * Create figures of zero.
	 * @param name whose they are
	 * @param shared whether several threads add to them at once
	 * @param budget how much a task may use
	 * @param timing one task in how many is timed
	 * @param sampling one task in how many is sampled, 0 for none
	 */
	TaskFigures(TaskName name, boolean shared, TaskBudget budget, int timing, int sampling) {
		super(shared);
		this.name = name;
		this.runBudget = budget.runNanos();
		// what exhausts a budget is counted, so each has to be timed
		int timed = (this.runBudget != TaskBudget.UNSET.runNanos()) ? 1 : timing;
		this.timing = new Sampler(timed);
		// of those that are timed
		this.sampled = new SampledFigures(budget, (sampling == 0) ? 0 : Math.max(1, sampling / timed));
	}

	private static VarHandle field(String name) {
		return FieldHandles.find(MethodHandles.lookup(), TaskFigures.class, name, long.class);
	}

	TaskName name() {
		return this.name;
	}

	/**
	 * Whether they are those of a name.
	 * @param name the name
	 * @return whether it is theirs
	 */
	boolean isOf(TaskName name) {
		return this.name == name;
	}

	/**
	 * Whether the task that starts is to be timed.
	 * @return true for one in so many
	 */
	boolean isTimed() {
		return this.timing.picks();
	}

	SampledFigures sampled() {
		return this.sampled;
	}

	/**
	 * Count the start of a task that is timed.
	 * @param now when
	 * @param wait how long it waited, negative where nobody knows
	 */
	void start(long now, long wait) {
		if (wait >= 0) {
			add(WAIT_NANOS, wait);
			add(WAITED, 1);
			raiseWait(now, wait);
		}
		else {
			add(WAITLESS, 1);
		}
	}

	/**
	 * Count the start of a task that is not timed.
	 */
	void start() {
		add(WAITLESS, 1);
	}

	/**
	 * Count the end of a task that was timed.
	 * @param now when
	 * @param run how long it ran
	 * @param failed whether it ended with an error
	 */
	void end(long now, long run, boolean failed) {
		add(RUN_NANOS, run);
		raiseRun(now, run);
		if (!this.timing.isAll()) {
			add(TIMED, 1);
		}
		if (run > this.runBudget) {
			add(OVER_RUN, 1);
		}
		end(failed);
	}

	/**
	 * Count the end of a task that was not timed.
	 * @param failed whether it ended with an error
	 */
	void end(boolean failed) {
		if (failed) {
			addEnd(FAILED);
		}
		else {
			addEnd(SUCCEEDED);
		}
	}

	// who sees an end sees what was counted before
	private void addEnd(VarHandle ends) {
		if (isShared()) {
			long before = (long) ends.getAndAdd(this, 1L);
		}
		else {
			ends.setRelease(this, (long) ends.getOpaque(this) + 1);
		}
	}

	/**
	 * Add all to the totals, the ends first.
	 * @param totals where to add
	 */
	void addTo(TaskTotals.Builder totals) {
		long succeeded = succeeded();
		long failed = failed();
		totals.completed(succeeded, failed, timedOf(succeeded + failed), runNanos());
		totals.started(waited(), (long) WAITLESS.getOpaque(this), waitNanos());
	}

	long started() {
		// each only grows, so a sum of the two never falls
		return waited() + (long) WAITLESS.getOpaque(this);
	}

	long waited() {
		return (long) WAITED.getOpaque(this);
	}

	long waitNanos() {
		return (long) WAIT_NANOS.getOpaque(this);
	}

	long completed() {
		// each only grows, so a sum of the two never falls
		return succeeded() + failed();
	}

	long succeeded() {
		return (long) SUCCEEDED.getAcquire(this);
	}

	/**
	 * Those that are completed and were timed.
	 * @return a number that never falls
	 */
	long timed() {
		return timedOf(completed());
	}

	/**
	 * No more than were completed when that was read: who compares the two must not take
	 * one in between for a task that was not timed.
	 */
	private long timedOf(long completed) {
		return this.timing.isAll() ? completed : Math.min(completed, (long) TIMED.getOpaque(this));
	}

	long failed() {
		return (long) FAILED.getAcquire(this);
	}

	long runNanos() {
		return (long) RUN_NANOS.getOpaque(this);
	}

	long overRun() {
		return (long) OVER_RUN.getOpaque(this);
	}

	private void add(VarHandle sum, long value) {
		if (isShared()) {
			long before = (long) sum.getAndAdd(this, value);
		}
		else {
			sum.setOpaque(this, (long) sum.getOpaque(this) + value);
		}
	}

}
