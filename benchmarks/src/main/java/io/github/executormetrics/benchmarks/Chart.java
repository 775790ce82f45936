// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a task costs over a bare executor, as bars with their intervals in SVG.
 */
final class Chart {

	private static final int WIDTH = 800;

	private static final int LEFT = 330;

	private static final int RIGHT = 130;

	private static final int TOP = 46;

	private static final int STEP = 26;

	private final RunResults results;

	private final List<Bar> bars = new ArrayList<>();

	Chart(RunResults results) {
		this.results = results;
		add("floor: 3 clock reads, 2 timers, 2 adders", "OneWorker.execute", Subject.FLOOR_BUCKETS);
		add("executor-metrics, twelve buckets", "OneWorker.execute", Subject.EXECUTOR_METRICS);
		add("executor-metrics, one task in 16 timed", "OneWorker.execute", Subject.EXECUTOR_METRICS_TIMING_16);
		add("executor-metrics on ThreadPoolTaskExecutor", "TaskExecutor.execute", Subject.EXECUTOR_METRICS);
		add("Micrometer's TimedExecutorService, twelve buckets", "OneWorker.execute", Subject.MICROMETER_BUCKETS);
		add("the same without buckets", "OneWorker.execute", Subject.MICROMETER);
		add("Kamon: wait alone", "OneWorker.execute", Subject.KAMON);
		add("Dropwizard", "OneWorker.execute", Subject.DROPWIZARD);
		add("dynamic-tp: wait and run as one, in ms", "OneWorker.execute", Subject.DYNAMIC_TP);
		add("TaskDecorator with two timers", "TaskExecutor.execute", Subject.TASK_DECORATOR);
		add("propagate-context, no context there", "TaskExecutor.execute", Subject.PROPAGATE_CONTEXT);
	}

	private void add(String label, String benchmark, Subject subject) {
		Estimate added = this.results.estimate((medians) -> medians.addedNanos(benchmark, subject));
		if (added.isKnown()) {
			this.bars.add(new Bar(label, added, subject.name().startsWith("EXECUTOR_METRICS")));
		}
	}

	boolean isEmpty() {
		return this.bars.isEmpty();
	}

	@Override
	public String toString() {
		double most = this.bars.stream().mapToDouble((bar) -> bar.added().value()).max().orElse(1);
		double scale = (WIDTH - LEFT - RIGHT) / most;
		int height = TOP + this.bars.size() * STEP + 8;
		StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
				"""
						<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
						<title>Nanoseconds that metering adds to an empty task</title>
						<style>
						text { font: 13px sans-serif; fill: #1f2328 } .note { font-size: 11px; fill: #59636e }
						.bar { fill: #8c959f } .own { fill: #1f6feb } .error { fill: none; stroke: #1f2328; stroke-width: 1.5 }
						@media (prefers-color-scheme: dark) {
						text { fill: #f0f6fc } .note { fill: #9198a1 }
						.bar { fill: #656c76 } .own { fill: #4493f8 } .error { stroke: #f0f6fc }
						}
						</style>
						<text x="8" y="18">ns added to an empty task by metering it, over the same executor bare</text>
						<text x="8" y="36" class="note">one worker, execute; medians with their 95 %% interval; JDK %s, %s</text>
						""",
				WIDTH, height, WIDTH, height, this.results.about("jdk"), this.results.about("date")));
		for (int i = 0; i < this.bars.size(); i++) {
			svg.append(this.bars.get(i).draw(TOP + i * STEP, scale));
		}
		return svg.append("</svg>\n").toString();
	}

	private record Bar(String label, Estimate added, boolean own) {

		String draw(int y, double scale) {
			return String.format(Locale.ROOT, """
					<text x="%d" y="%d" text-anchor="end">%s</text>
					<rect x="%d" y="%d" width="%.1f" height="18" class="%s"/>
					<path d="M%.1f %dv8m0-4H%.1fm0-4v8" class="error"/>
					<text x="%.1f" y="%d">%.0f <tspan class="note">%.0f to %.0f</tspan></text>
					""", LEFT - 8, y + 14, this.label, LEFT, y, x(this.added.value(), scale) - LEFT,
					this.own ? "own" : "bar", x(this.added.low(), scale), y + 5, x(this.added.high(), scale),
					x(this.added.high(), scale) + 6, y + 14, this.added.value(), this.added.low(), this.added.high());
		}

		/**
		 * Where a figure stands, at the edge if it is far beyond the others.
		 */
		private static double x(double nanos, double scale) {
			return LEFT + Math.max(0, Math.min(nanos * scale, WIDTH - LEFT - RIGHT));
		}

	}

}
