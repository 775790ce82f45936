// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.task.TaskName;
import io.github.executormetrics.watch.Workload.Work;
import io.github.executormetrics.workers.CpuShare;

/**
 * What is different since something is wrong with an executor, held against its own quiet
 * minutes before: the task that takes longer or comes more often, the number of workers,
 * the CPU of the process.
 *
 * @param kind what became of the task that explains most of the new work, or
 * {@link Kind#OTHER} where none does
 * @param words what is different
 * @param figures the figures in it, units in their names
 */
record Change(Kind kind, String words, Map<String, Number> figures) {

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ssX").withZone(ZoneOffset.UTC);

	// less is the noise of one minute against another
	private static final double TIMES = 1.5;

	// of the workers, that the work of a task must grow by to be what happened
	private static final double SHARE = 0.2;

	/**
	 * Hold the work of a trouble against that of the quiet time before it.
	 * @param before the work of the quiet time
	 * @param now the work since the first bad look
	 * @param since when that was
	 * @param cores cores that the process may use
	 * @param samples how many runs a figure must rest on
	 * @return what is different, or null where nothing is, or too little was measured
	 */
	static @Nullable Change between(Workload before, Workload now, Instant since, int cores, int samples) {
		if (before.runs() < samples) {
			return null;
		}
		Telling telling = new Telling(before, now, TIME.format(since), samples);
		telling.task();
		telling.workers();
		telling.cpu(cores);
		return telling.told();
	}

	/**
	 * What became of the task.
	 */
	enum Kind {

		/** It takes longer. */
		SLOWER,

		/** It comes more often, or for the first time. */
		MORE,

		/** Something else is different. */
		OTHER

	}

	/**
	 * Puts it into words.
	 */
	private static final class Telling {

		private final Workload before;

		private final Workload now;

		private final String since;

		private final int samples;

		private final List<String> words = new ArrayList<>();

		private final Figures figures = new Figures();

		private Kind kind = Kind.OTHER;

		Telling(Workload before, Workload now, String since, int samples) {
			this.before = before;
			this.now = now;
			this.since = since;
			this.samples = samples;
		}

		void task() {
			TaskName name = grownMost();
			if (name == null) {
				return;
			}
			Work was = work(this.before, name);
			Work is = work(this.now, name);
			if (was.isNone()) {
				this.kind = Kind.MORE;
				this.words.add(name.value() + " runs since " + this.since + ", and did not run in the "
						+ StarvationRule.words(this.before.seconds() * 1e3) + " before");
			}
			else if (was.runs() >= this.samples) {
				double slower = is.seconds(this.samples) / Math.max(1e-6, was.seconds(this.samples));
				double more = is.perSecond() / Math.max(1e-6, was.perSecond());
				if (slower >= TIMES && slower >= more) {
					slower(name, was, is);
				}
				else if (more >= Math.max(TIMES, 1 + 2 / Math.sqrt(was.runs()))) {
					// two standard deviations, as tasks arrive at random
					more(name, was, is);
				}
			}
		}

		private void slower(TaskName name, Work was, Work is) {
			this.kind = Kind.SLOWER;
			this.words.add(name.value() + " takes " + ((is.runs() < this.samples) ? "more than " : "") + time(is)
					+ " since " + this.since + ", " + time(was) + " before");
			this.figures.put("meanRunMillisBefore", was.seconds(this.samples) * 1e3);
		}

		private void more(TaskName name, Work was, Work is) {
			this.kind = Kind.MORE;
			this.words.add(name.value() + " arrives " + Figures.number(is.perSecond()) + " times/s since " + this.since
					+ ", " + Figures.number(was.perSecond()) + " before");
			this.figures.put("arrivalsPerSecondBefore", was.perSecond());
		}

		private @Nullable TaskName grownMost() {
			double least = SHARE * Math.max(1, this.now.workers());
			double growth = 0;
			double most = least;
			TaskName name = null;
			for (TaskName each : this.now.tasks().keySet()) {
				Work is = work(this.now, each);
				// where all hang, none comes any more
				double grown = Math.max(is.running(), is.workers(this.samples))
						- work(this.before, each).workers(this.samples);
				growth += Math.max(0, grown);
				if (grown > most) {
					most = grown;
					name = each;
				}
			}
			return (most >= growth / 2) ? name : null;
		}

		void workers() {
			int was = this.before.workers();
			int is = this.now.workers();
			if (was != ExecutorState.NONE && is != ExecutorState.NONE && is < was) {
				this.words.add("the executor has " + is + ((is == 1) ? " worker, " : " workers, ") + was + " before");
				this.figures.put("workersBefore", was);
			}
		}

		void cpu(int cores) {
			double was = this.before.processCores();
			double is = this.now.processCores();
			if (CpuShare.isSaturated(is, cores) && was >= 0 && is >= TIMES * was) {
				this.words.add("the process uses " + Figures.number(is) + " of " + cores + " cores, "
						+ Figures.number(was) + " before");
				this.figures.put("processCoresBefore", was);
			}
		}

		@Nullable Change told() {
			return this.words.isEmpty() ? null
					: new Change(this.kind, String.join("; ", this.words), this.figures.all());
		}

		private static Work work(Workload load, TaskName name) {
			return load.tasks().getOrDefault(name, Work.NONE);
		}

		private String time(Work work) {
			return StarvationRule.words(work.seconds(this.samples) * 1e3);
		}

	}

}
