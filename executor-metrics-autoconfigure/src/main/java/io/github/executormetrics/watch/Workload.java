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

	static Workload between(WorkMark from, WorkMark to) {
		double seconds = (to.sample().nanos() - from.sample().nanos()) / NANOS;
		// what is queued has no name yet: it comes in the proportions of what starts
		double ofStarted = arrivalsOfStarted(from.sample(), to.sample());
		Map<TaskName, Work> tasks = new HashMap<>();
		to.tasks().forEach((name, now) -> {
			WorkMark.Sums before = from.tasks().getOrDefault(name, WorkMark.Sums.NONE);
			tasks.put(name, work(before, now, seconds, ofStarted));
		});
		double process = (from.processNanos() >= 0) ? (to.processNanos() - from.processNanos()) / NANOS / seconds : -1;
		return new Workload(seconds, tasks, to.sample().limit(), process);
	}

	private static Work work(WorkMark.Sums before, WorkMark.Sums now, double seconds, double ofStarted) {
		long runs = now.timed() - before.timed();
		long nanos = now.runNanos() - before.runNanos();
		// where all are timed, what runs at either end evens out (the utilization law)
		if (now.timed() == now.completed()) {
			nanos += now.runningNanos() - before.runningNanos();
		}
		double run = (runs > 0) ? Math.max(0, nanos) / NANOS / runs : now.runningNanos() / NANOS;
		return new Work((now.started() - before.started()) * ofStarted / seconds, runs, run,
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
	 * @return whether more than half did
	 */
	boolean mostlyFails() {
		long completed = this.tasks.values().stream().mapToLong(Work::completed).sum();
		return 2 * this.tasks.values().stream().mapToLong(Work::failed).sum() > completed;
	}

	/**
	 * The work of one name.
	 *
	 * @param perSecond tasks that came in a second
	 * @param runs how many ended and were timed
	 * @param seconds how long one held a worker, at least so where none has ended
	 * @param completed how many ended
	 * @param failed how many of them with an error
	 */
	record Work(double perSecond, long runs, double seconds, long completed, long failed) {

		static final Work NONE = new Work(0, 0, 0, 0, 0);

		/**
		 * How many workers it keeps busy: Little's law.
		 * @return the mean number
		 */
		double workers() {
			return this.perSecond * this.seconds;
		}

	}

}
