// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * How things stood when something began to be wrong with an executor, and what was read
 * since, so that figures are those of the trouble and not of a window that began earlier.
 */
final class Onset {

	// of a window with fewer of them than so many times the least, the tasks are not
	// enough
	private static final int ENOUGH = 4;

	private static final int SAMPLES_AT_MOST = 24;

	private final Instant since;

	private final WorkMark mark;

	private final @Nullable Workload quiet;

	// from one look before the first bad one on; the longer it lasts, the fewer of them
	private final List<ExecutorSample> samples = new ArrayList<>();

	private final int firstBad;

	private int stride = 1;

	private int skipped;

	/**
	 * Take the first bad look.
	 * @param since when it was
	 * @param earlier the sample before the last good look, or null
	 * @param tick the first bad look
	 * @param mark what the tasks had come to at it
	 * @param quiet the work before, or null where too little was seen of it
	 */
	Onset(Instant since, @Nullable ExecutorSample earlier, Tick tick, WorkMark mark, @Nullable Workload quiet) {
		this.since = since;
		this.mark = mark;
		this.quiet = quiet;
		// what came in the look before is what waited in the first bad one
		if (earlier != null && tick.before().nanos() - earlier.nanos() <= 2 * tick.elapsedNanos()) {
			this.samples.add(earlier);
		}
		this.firstBad = this.samples.size();
		this.samples.add(tick.before());
		this.samples.add(tick.after());
	}

	/**
	 * Take a further look.
	 * @param sample what was read
	 */
	void look(ExecutorSample sample) {
		this.skipped++;
		if (this.skipped < this.stride) {
			return;
		}
		this.skipped = 0;
		this.samples.add(sample);
		if (this.samples.size() > SAMPLES_AT_MOST) {
			for (int i = this.samples.size() - 2; i > this.firstBad; i -= 2) {
				this.samples.remove(i);
			}
			this.stride *= 2;
		}
	}

	/**
	 * What is different since then.
	 * @param now the work since then
	 * @param least of how many runs a figure must be
	 * @return the change, or null where nothing is different, or nobody knows
	 */
	@Nullable Change change(Workload now, int least) {
		return (this.quiet != null)
				? Change.between(this.quiet, now, this.since, Runtime.getRuntime().availableProcessors(), least) : null;
	}

	/**
	 * The work since then.
	 * @param executor the executor
	 * @param now what was read last
	 * @return the work by name, or null where no time has passed
	 */
	@Nullable Workload workload(MonitoredExecutor executor, ExecutorSample now) {
		long nanos = now.nanos() - this.mark.sample().nanos();
		return (nanos > 0) ? Workload.between(this.mark, WorkMark.of(executor, now), nanos) : null;
	}

	/**
	 * The demand since then, or in the window where that is shorter and saw enough.
	 * @param window the samples of the window
	 * @param tick what lies between the last two samples
	 * @param least of how many tasks a figure must be
	 * @return the demand, or null where too few tasks were seen
	 */
	@Nullable Demand demand(List<ExecutorSample> window, Tick tick, int least) {
		ExecutorSample before = this.samples.get(this.firstBad);
		if (window.get(0).nanos() >= before.nanos()) {
			Tick work = tick.since(window.get(0));
			if (Math.min(work.runs(), work.arrivals()) >= ENOUGH * least) {
				return Demand.of(window, 0, work, least);
			}
		}
		List<ExecutorSample> all = new ArrayList<>(this.samples);
		if (all.get(all.size() - 1) != tick.after()) {
			all.add(tick.after());
		}
		return Demand.of(all, this.firstBad, tick.since(before), least);
	}

}
