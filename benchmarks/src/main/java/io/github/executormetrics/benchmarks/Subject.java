// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Who meters the executor, with which registry, and in which rows.
 */
public enum Subject {

	/**
	 * Nobody.
	 */
	BARE((subject) -> new BareMetering(), Registry.PLAIN, Row.values()),

	/**
	 * The least that can tell wait, run and counts: three clock reads, two timers, two
	 * adders.
	 */
	FLOOR(FloorMetering::new, Registry.PLAIN, Row.INLINE),

	/**
	 * The same, with the twelve buckets that this project's timers have.
	 */
	FLOOR_BUCKETS(FloorMetering::new, Registry.BUCKETS, Row.INLINE, Row.ONE_WORKER),

	/**
	 * The same, with percentile histograms on all timers.
	 */
	FLOOR_HISTOGRAM(FloorMetering::new, Registry.HISTOGRAM, Row.INLINE),

	/**
	 * The same with the twelve buckets, on a composite of two registries.
	 */
	FLOOR_COMPOSITE(FloorMetering::new, Registry.COMPOSITE_BUCKETS, Row.INLINE),

	/**
	 * This project as it comes: decorated, meters bound with their twelve buckets, watch
	 * running.
	 */
	EXECUTOR_METRICS(Instrumentation::new, Registry.PLAIN, Row.values()),

	/**
	 * The same, its buckets taken away by a filter.
	 */
	EXECUTOR_METRICS_PLAIN(Instrumentation::new, Registry.NO_BUCKETS, Row.INLINE),

	/**
	 * The same, with percentile histograms on all timers.
	 */
	EXECUTOR_METRICS_HISTOGRAM(Instrumentation::new, Registry.HISTOGRAM, Row.INLINE),

	/**
	 * As it comes, one task in sixteen timed.
	 */
	EXECUTOR_METRICS_TIMING_16(Instrumentation::new, Registry.PLAIN, Row.INLINE, Row.ONE_WORKER, Row.TASK_EXECUTOR) {

		@Override
		int timing() {
			return 16;
		}

	},

	/**
	 * As it comes, on a composite of two registries.
	 */
	EXECUTOR_METRICS_COMPOSITE(Instrumentation::new, Registry.COMPOSITE, Row.INLINE),

	/**
	 * Micrometer's {@code ExecutorServiceMetrics.monitor}.
	 */
	MICROMETER(MicrometerMetering::new, Registry.PLAIN, Row.INLINE, Row.ONE_WORKER),

	/**
	 * The same, with the twelve buckets that this project's timers have.
	 */
	MICROMETER_BUCKETS(MicrometerMetering::new, Registry.BUCKETS, Row.INLINE, Row.ONE_WORKER, Row.SUBMITTERS),

	/**
	 * The same, with percentile histograms on all timers.
	 */
	MICROMETER_HISTOGRAM(MicrometerMetering::new, Registry.HISTOGRAM, Row.INLINE),

	/**
	 * With the twelve buckets, on a composite of two registries.
	 */
	MICROMETER_COMPOSITE(MicrometerMetering::new, Registry.COMPOSITE_BUCKETS, Row.INLINE),

	/**
	 * Dropwizard's {@code InstrumentedExecutorService}, whose timers always sample.
	 */
	DROPWIZARD((subject) -> new DropwizardMetering(), Registry.PLAIN, Row.INLINE, Row.ONE_WORKER),

	/**
	 * A {@code DtpExecutor} of dynamic-tp, its statistics on.
	 */
	DYNAMIC_TP((subject) -> new DynamicTpMetering(), Registry.PLAIN, Row.ONE_WORKER),

	/**
	 * Kamon's {@code ExecutorInstrumentation.instrument}, without its agent.
	 */
	KAMON((subject) -> new KamonMetering(), Registry.PLAIN, Row.ONE_WORKER),

	/**
	 * A {@code TaskDecorator} that times wait and run with two timers.
	 */
	TASK_DECORATOR(DecoratorMetering::timing, Registry.BUCKETS, Row.TASK_EXECUTOR),

	/**
	 * A {@code TaskDecorator} that only wraps.
	 */
	NOOP_DECORATOR((subject) -> DecoratorMetering.wrapping(), Registry.PLAIN, Row.TASK_EXECUTOR),

	/**
	 * {@code spring.task.execution.propagate-context=true}, without a context to carry.
	 */
	PROPAGATE_CONTEXT((subject) -> DecoratorMetering.propagating(), Registry.PLAIN, Row.TASK_EXECUTOR);

	private final Function<Subject, Metering> metering;

	private final Registry registry;

	private final List<Row> rows;

	Subject(Function<Subject, Metering> metering, Registry registry, Row... rows) {
		this.metering = metering;
		this.registry = registry;
		this.rows = List.of(rows);
	}

	Metering open() {
		return this.metering.apply(this);
	}

	Registry registry() {
		return this.registry;
	}

	/**
	 * How many tasks this project times.
	 * @return one in how many
	 */
	int timing() {
		return 1;
	}

	boolean isIn(Row row) {
		return this.rows.contains(row);
	}

	/**
	 * Micrometer with the same registry and the same buckets.
	 * @return the one to compare with, or null
	 */
	@Nullable Subject peer() {
		return switch (this) {
			case EXECUTOR_METRICS, EXECUTOR_METRICS_TIMING_16, FLOOR_BUCKETS -> MICROMETER_BUCKETS;
			case EXECUTOR_METRICS_PLAIN, FLOOR -> MICROMETER;
			case EXECUTOR_METRICS_HISTOGRAM, FLOOR_HISTOGRAM -> MICROMETER_HISTOGRAM;
			case EXECUTOR_METRICS_COMPOSITE, FLOOR_COMPOSITE -> MICROMETER_COMPOSITE;
			default -> null;
		};
	}

}
