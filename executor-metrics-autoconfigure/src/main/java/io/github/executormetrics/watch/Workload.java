// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.HashMap;
import java.util.Map;

import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.task.TaskName;

/**
 * The work that an executor had between two instants.
 *
 * @param seconds how long that was
 * @param tasks what came and what it took, by name
 * @param workers how many might run, or
 * {@link io.github.executormetrics.monitor.ExecutorState#NONE}
 * @param processCores cores that the process kept busy, negative where nobody tells
 */
record Workload(double seconds, Map<TaskName, Work> tasks, int workers, double processCores) {

	private static final double NANOS = 1e9;

	/**
	 * The work between two marks.
	 * @param from the earlier
	 * @param to the later
	 * @param nanos the time between them that counts
	 * @return the work
	 */
	static Workload between(WorkMark from, WorkMark to, long nanos) {
		double seconds = nanos / NANOS;
		double elapsed = (to.sample().nanos() - from.sample().nanos()) / NANOS;
		// what is queued has no name yet: it comes in the proportions of what starts
		double ofStarted = arrivalsOfStarted(from.sample(), to.sample());
		Map<TaskName, Work> tasks = new HashMap<>();
		to.tasks().forEach((name, now) -> {
			WorkMark.Sums before = from.tasks().getOrDefault(name, WorkMark.Sums.NONE);
			tasks.put(name, work(before, now, seconds, ofStarted));
		});
		double process = (from.processNanos() >= 0) ? (to.processNanos() - from.processNanos()) / NANOS / elapsed : -1;
		return new Workload(seconds, tasks, to.sample().limit(), process);
	}

	private static Work work(WorkMark.Sums before, WorkMark.Sums now, double seconds, double ofStarted) {
		long runs = now.timed() - before.timed();
		double mean = (runs > 0) ? (now.runNanos() - before.runNanos()) / NANOS / runs : 0;
		double age = (now.running() > 0) ? now.runningNanos() / NANOS / now.running() : 0;
		if (runs > 0 && age > mean && now.timed() == now.completed()) {
			// what runs is older than what has ended: all worker time over all ends (the
			// utilization law), which is too much where few have ended
			long busy = now.runNanos() - before.runNanos() + now.runningNanos() - before.runningNanos();
			mean = Math.max(mean, Math.min(busy / NANOS / runs, 2 * age));
		}
		return new Work((now.started() - before.started()) * ofStarted / seconds, runs, mean, now.running(), age,
				now.completed() - before.completed(), now.failed() - before.failed());
	}

	private static double arrivalsOfStarted(ExecutorSample from, ExecutorSample to) {
		long started = to.tasks().started() - from.tasks().started();
		long arrivals = started + to.queued() - from.queued();
		return (started > 0) ? Math.max(0, arrivals) / (double) started : 1;
	}

	long runs() {
		return this.tasks.values().stream().mapToLong(Work::runs).sum();
	}

	/**
	 * Whether most runs ended with an error, so that they may come again and again.
	 * @param least how many must have ended
	 * @return whether more than half did
	 */
	boolean mostlyFails(int least) {
		long completed = this.tasks.values().stream().mapToLong(Work::completed).sum();
		return completed >= least && 2 * this.tasks.values().stream().mapToLong(Work::failed).sum() > completed;
	}

	/**
	 * The work of one name.
	 *
	 * @param perSecond tasks that came in a second
	 * @param runs how many ended and were timed
	 * @param runSeconds how long one of those held a worker
	 * @param running how many ran at the end
	 * @param ageSeconds their mean age
	 * @param completed how many ended
	 * @param failed how many of them with an error
	 */
	record Work(double perSecond, long runs, double runSeconds, int running, double ageSeconds, long completed,
			long failed) {

		static final Work NONE = new Work(0, 0, 0, 0, 0, 0, 0);

		/**
		 * Whether it did not come at all, and none was there.
		 * @return whether nothing of it was seen
		 */
		boolean isNone() {
			return this.perSecond == 0 && this.completed == 0 && this.running == 0;
		}

		/**
		 * How long one holds a worker, at least so where too few have ended.
		 * @param least how many must have ended for their mean to count
		 * @return seconds
		 */
		double seconds(int least) {
			return (this.runs >= least) ? this.runSeconds : Math.max(this.runSeconds, this.ageSeconds);
		}

		/**
		 * How many workers it keeps busy: Little's law.
		 * @param least as for {@link #seconds}
		 * @return the mean number
		 */
		double workers(int least) {
			return this.perSecond * seconds(least);
		}

	}

}
