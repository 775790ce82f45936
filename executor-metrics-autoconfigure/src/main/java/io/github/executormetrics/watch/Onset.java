package io.github.executormetrics.watch;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * How things stood when something began to be wrong with an executor, so that figures are
 * those of the trouble and not of a window that began earlier.
 *
 * @param since when the first bad look was
 * @param before the sample before that look
 * @param mark what its tasks had come to at that look
 * @param quiet the work before, or null where too little was seen of it
 */
record Onset(Instant since, ExecutorSample before, WorkMark mark, @Nullable Workload quiet) {

	// of a window with fewer of them than so many times the least, the runs are not
	// enough
	private static final int ENOUGH = 4;

	/**
	 * The work since then.
	 * @param executor the executor
	 * @param now what was read last
	 * @return the work by name, or null where no time has passed
	 */
	@Nullable Workload workload(MonitoredExecutor executor, ExecutorSample now) {
		return (now.nanos() > this.mark.sample().nanos()) ? Workload.between(this.mark, WorkMark.of(executor, now))
				: null;
	}

	/**
	 * The demand since then, or in the window where that is shorter.
	 * @param samples those of the window
	 * @param tick what lies between the last two samples
	 * @param least of how many tasks a figure must be
	 * @return the demand, or null where too few tasks were seen
	 */
	@Nullable Demand demand(List<ExecutorSample> samples, Look tick, int least) {
		int first = 0;
		while (first < samples.size() - 1 && samples.get(first).nanos() < this.before.nanos()) {
			first++;
		}
		// what came in the look before is what waited in the first bad one
		int from = Math.max(0, first - 1);
		Look work = tick.since(samples.get(first));
		return Demand.of(samples.subList(from, samples.size()), first - from,
				(work.runs() >= ENOUGH * least) ? work : tick.since(this.before), least);
	}

}
