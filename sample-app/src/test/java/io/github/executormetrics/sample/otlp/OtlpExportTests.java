// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.otlp;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.executormetrics.meters.ExecutorMeter;
import io.github.executormetrics.sample.otlp.OtlpScenario.Hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Tests for what leaves the application over OTLP: the decoded value of every meter is
 * the known number of tasks that were run.
 */
class OtlpExportTests {

	/** Those that were not held, those behind which others were cancelled, the rest. */
	private static final int SUCCEEDED = OtlpScenario.SUCCESSES + OtlpScenario.WORKERS + OtlpScenario.WORKERS
			+ OtlpScenario.QUEUED;

	private static final int STARTED = SUCCEEDED + OtlpScenario.ERRORS;

	private static final int HELD = OtlpScenario.WORKERS + OtlpScenario.WORKERS;

	private static final int UNNAMED = SUCCEEDED - HELD;

	private static final double[] TIME_BOUNDS = { 0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 10, 30, 60 };

	private static final double[] COUNT_BOUNDS = { 0.5, 1, 2, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000 };

	private static final Map<String, String> ORDERS = Map.of("name", "orders");

	private static final Map<TimeUnit, Figures> CUMULATIVE = new EnumMap<>(TimeUnit.class);

	@BeforeAll
	static void pushCumulativeFigures() throws Exception {
		CUMULATIVE.put(TimeUnit.SECONDS, run("management.otlp.metrics.export.base-time-unit=seconds"));
		CUMULATIVE.put(TimeUnit.MILLISECONDS, run());
	}

	@ParameterizedTest
	@MethodSource
	void everyMeterHasTheKnownFigures(TimeUnit unit, ExecutorMeter meter) {
		Figures figures = CUMULATIVE.get(unit);
		String name = meter.meterName();
		switch (name) {
			case "executor.task.submitted" -> {
				figures.assertCount(name, ORDERS, STARTED + OtlpScenario.CANCELLED);
				figures.assertCount(name, pool("aborting"), 2);
				figures.assertCount(name, pool("discarding"), 2);
				figures.assertCount(name, pool("discardingOldest"), 2 + OtlpScenario.REFUSED);
				figures.assertCount(name, pool("callerRunning"), 2 + OtlpScenario.REFUSED);
				figures.assertCount(name, pool("custom"), 2);
			}
			case "executor.task.completed" -> {
				figures.assertCount(name, Map.of("name", "orders", "outcome", "success"), SUCCEEDED);
				figures.assertCount(name, Map.of("name", "orders", "outcome", "error"), OtlpScenario.ERRORS);
				figures.assertCount(name, Map.of("name", "aborting", "outcome", "success"), 2);
				figures.assertCount(name, Map.of("name", "discarding", "outcome", "success"), 2);
				figures.assertCount(name, Map.of("name", "discardingOldest", "outcome", "success"), 2);
				figures.assertCount(name, Map.of("name", "callerRunning", "outcome", "success"),
						2 + OtlpScenario.REFUSED);
				figures.assertCount(name, Map.of("name", "custom", "outcome", "success"), 2);
			}
			case "executor.task.rejected" -> {
				figures.assertCount(name, Map.of("name", "aborting", "handling", "aborted"), OtlpScenario.REFUSED);
				figures.assertCount(name, Map.of("name", "discarding", "handling", "discarded"), OtlpScenario.REFUSED);
				figures.assertCount(name, Map.of("name", "discardingOldest", "handling", "discarded-oldest"),
						OtlpScenario.REFUSED);
				figures.assertCount(name, Map.of("name", "callerRunning", "handling", "caller-runs"),
						OtlpScenario.REFUSED);
				figures.assertCount(name, Map.of("name", "custom", "handling", "custom"), OtlpScenario.REFUSED);
			}
			case "executor.task.cancelled" -> {
				figures.assertCount(name, ORDERS, OtlpScenario.CANCELLED);
				figures.assertCount(name, pool("aborting"), 0);
				figures.assertCount(name, pool("discardingOldest"), OtlpScenario.REFUSED);
			}
			case "executor.task.wait" -> {
				HistogramDataPoint wait = figures.assertTime(name, ORDERS, STARTED);
				assertThat(figures.above(wait, 0.5)).isEqualTo(OtlpScenario.QUEUED);
				figures.assertHeld(wait.getSum(), OtlpScenario.QUEUED, STARTED);
			}
			case "executor.task.run" -> {
				HistogramDataPoint run = figures.assertTime(name, Map.of("name", "orders", "outcome", "success"),
						SUCCEEDED);
				assertThat(figures.above(run, 0.5)).isEqualTo(OtlpScenario.WORKERS);
				figures.assertHeld(run.getSum(), OtlpScenario.WORKERS, SUCCEEDED);
				figures.assertTime(name, Map.of("name", "orders", "outcome", "error"), OtlpScenario.ERRORS);
			}
			case "executor.task.active" ->
				figures.assertGauge(name, ORDERS, OtlpScenario.WORKERS + OtlpScenario.QUEUED, 0);
			case "executor.task.by.name.wait" -> {
				HistogramDataPoint unnamed = figures.assertTotal(name, task(OtlpScenario.UNNAMED_TASK), UNNAMED);
				figures.assertHeld(unnamed.getSum(), OtlpScenario.QUEUED, UNNAMED);
				figures.assertTotal(name, task(OtlpScenario.FAILING_TASK), OtlpScenario.ERRORS);
				figures.assertTotal(name, task(OtlpScenario.HELD_TASK), HELD);
			}
			case "executor.task.by.name.wait.max" -> {
				assertThat(figures.last().metric(name).getUnit()).isEqualTo(figures.unitName());
				figures.assertHeld(figures.last().value(name, task(OtlpScenario.UNNAMED_TASK)), 1, 1);
				figures.assertNotHeld(figures.last().value(name, task(OtlpScenario.HELD_TASK)));
			}
			case "executor.task.by.name.run" -> {
				HistogramDataPoint held = figures.assertTotal(name, task(OtlpScenario.HELD_TASK), HELD);
				figures.assertHeld(held.getSum(), OtlpScenario.WORKERS, HELD);
				figures.assertTotal(name, task(OtlpScenario.UNNAMED_TASK), UNNAMED);
				figures.assertTotal(name, task(OtlpScenario.FAILING_TASK), OtlpScenario.ERRORS);
				assertThat(figures.held().histogram(name, task(OtlpScenario.HELD_TASK)).getCount())
					.isEqualTo(HELD - OtlpScenario.WORKERS);
			}
			case "executor.task.by.name.run.max" -> {
				assertThat(figures.last().metric(name).getUnit()).isEqualTo(figures.unitName());
				figures.assertHeld(figures.last().value(name, task(OtlpScenario.HELD_TASK)), 1, 1);
				figures.assertNotHeld(figures.last().value(name, task(OtlpScenario.UNNAMED_TASK)));
			}
			case "executor.task.by.name.errors" -> {
				figures.assertCount(name, task(OtlpScenario.FAILING_TASK), OtlpScenario.ERRORS);
				figures.assertCount(name, task(OtlpScenario.UNNAMED_TASK), 0);
				figures.assertCount(name, task(OtlpScenario.HELD_TASK), 0);
			}
			case "executor.task.budget.exhausted" -> {
				figures.assertCount(name, budget("run"), OtlpScenario.WORKERS);
				figures.assertCount(name, budget("cpu"), STARTED);
				assertThat(figures.held().value(name, budget("run"))).isZero();
				// those that waited, or blocked for a lock
				figures.assertCount(name, budget("polls"),
						STARTED - figures.last().histogram("executor.task.polls", ORDERS).getBucketCounts(1));
				figures.assertCount(name, Map.of("name", "aborting", "budget", "run"), 0);
			}
			case "executor.task.polls" -> {
				HistogramDataPoint polls = figures.last().histogram(name, ORDERS);
				assertThat(polls.getExplicitBoundsList()).containsExactly(boxed(COUNT_BOUNDS, 1));
				assertThat(polls.getCount()).isEqualTo(STARTED);
				assertThat(polls.getBucketCountsList().stream().mapToLong(Long::longValue).sum()).isEqualTo(STARTED);
				assertThat(polls.getBucketCounts(0)).isZero();
				// those held to the end waited once, and a few others may have blocked
				// for a lock
				assertThat(polls.getBucketCounts(1)).isBetween((long) OtlpScenario.SUCCESSES,
						(long) STARTED - OtlpScenario.WORKERS);
				assertThat(polls.getSum()).isBetween((double) STARTED + OtlpScenario.WORKERS, 10.0 * STARTED);
				assertThat(figures.held().histogram(name, ORDERS).getCount())
					.isEqualTo(STARTED - OtlpScenario.WORKERS - OtlpScenario.QUEUED);
			}
			case "executor.task.pinned" -> {
				if (Runtime.version().feature() >= 24) {
					figures.assertCount(name, pool("virtualThreads"), 0);
				}
				else {
					assertThat(figures.last().has(name)).isFalse();
				}
			}
			case "executor.worker.busy" -> figures.assertGauge(name, ORDERS, OtlpScenario.WORKERS, 0);
			case "executor.worker.idle" -> figures.assertGauge(name, ORDERS, 0, OtlpScenario.WORKERS);
			case "executor.worker.limit" ->
				figures.assertGauge(name, ORDERS, OtlpScenario.WORKERS, OtlpScenario.WORKERS);
			case "executor.worker.started" -> figures.assertCount(name, ORDERS, OtlpScenario.WORKERS);
			case "executor.worker.ended" -> figures.assertCount(name, ORDERS, 0);
			// each of its workers waits, in its task or for one
			case "executor.worker.park" -> {
				assertThat(figures.held().value(name, ORDERS))
					.isEqualTo(figures.held().value("executor.worker.unpark", ORDERS) + OtlpScenario.WORKERS);
				assertThat(figures.last().value(name, ORDERS)).isGreaterThan(figures.held().value(name, ORDERS));
			}
			case "executor.worker.unpark" ->
				assertThat(figures.last().value(name, ORDERS)).isGreaterThan(figures.held().value(name, ORDERS));
			case "executor.worker.blocked" ->
				assertThat(figures.last().value(name, ORDERS)).isBetween(0.0, (double) STARTED);
			case "executor.worker.cpu" -> {
				assertThat(figures.last().metric(name).getUnit()).isEqualTo("seconds");
				assertThat(figures.last().value(name, ORDERS)).isPositive()
					.isLessThan(figures.elapsed().toNanos() / 1e9);
			}
			case "executor.utilization.cpu" -> assertThat(figures.held().value(name, ORDERS)).isBetween(0.0, 0.2);
			case "executor.worker.steals" -> {
				figures.assertCount(name, Map.of("name", "forks"), OtlpScenario.FORKED);
				assertThat(figures.held().value(name, Map.of("name", "forks"))).isEqualTo(OtlpScenario.FORKED);
			}
			case "executor.utilization" -> assertThat(figures.held().value(name, ORDERS)).isEqualTo(1);
			case "executor.starved" -> assertThat(figures.held().value(name, ORDERS)).isEqualTo(1);
			case "executor.queue.capacity" ->
				figures.assertGauge(name, ORDERS, OtlpScenario.CAPACITY, OtlpScenario.CAPACITY);
			case "executor.queue.oldest" -> {
				assertThat(figures.held().metric(name).getUnit()).isEqualTo(figures.unitName());
				figures.assertHeld(figures.held().value(name, ORDERS), 1, 1);
				assertThat(figures.last().value(name, ORDERS)).isZero();
			}
			case "executor.queue.depth" -> {
				HistogramDataPoint depth = figures.last().histogram(name, ORDERS);
				assertThat(depth.getExplicitBoundsList()).containsExactly(boxed(COUNT_BOUNDS, 1));
				// nothing but 0 to 3 tasks ever stood in that queue
				List<Long> counts = depth.getBucketCountsList();
				assertThat(counts.subList(0, 4).stream().mapToLong(Long::longValue).sum()).isEqualTo(depth.getCount());
				assertThat(depth.getSum())
					.isEqualTo(counts.get(1) + 2 * counts.get(2) + OtlpScenario.QUEUED * counts.get(3));
				assertThat(counts.get(3)).isBetween(
						OtlpScenario.HELD.toMillis() / 2 / OtlpScenario.WATCH_INTERVAL.toMillis(),
						figures.elapsed().toMillis() / OtlpScenario.WATCH_INTERVAL.toMillis() + 1);
			}
			case "executor.starvation.incidents" -> {
				figures.assertCount(name, Map.of("name", "orders", "cause", "delayed"), 1);
				figures.assertCount(name, Map.of("name", "orders", "cause", "blocked"), 1);
				figures.assertCount(name, Map.of("name", "orders", "cause", "overloaded"), 0);
				figures.assertCount(name, Map.of("name", "orders", "cause", "rejecting"), 0);
				figures.assertCount(name, Map.of("name", "orders", "cause", "stalled"), 0);
				figures.assertCount(name, Map.of("name", "aborting", "cause", "rejecting"), 1);
			}
			case "executor.watch.ticks" -> {
				double samples = figures.last().histogram("executor.queue.depth", ORDERS).getCount();
				assertThat(figures.last().value(name, Map.of())).isBetween(samples - 1, samples + 1);
			}
			case "executor.watch.late" -> {
				HistogramDataPoint late = figures.last().histogram(name, Map.of());
				double ticks = figures.last().value("executor.watch.ticks", Map.of());
				assertThat((double) late.getCount()).isBetween(ticks - 1, ticks + 1);
				assertThat(figures.last().metric(name).getUnit()).isEqualTo(figures.unitName());
			}
			default -> fail("No expectation for the meter " + name);
		}
	}

	static Stream<Arguments> everyMeterHasTheKnownFigures() {
		return Stream.of(TimeUnit.SECONDS, TimeUnit.MILLISECONDS)
			.flatMap((unit) -> Arrays.stream(ExecutorMeter.values()).map((meter) -> Arguments.of(unit, meter)));
	}

	@Test
	void everyPushNamesTheServiceAndItsVersion() {
		assertThat(CUMULATIVE.get(TimeUnit.SECONDS).last().resource()).containsEntry("service.name", "shop")
			.containsEntry("service.version", "1.2.3");
	}

	@Test
	void whenContextClosesThenLastFiguresArePushed() {
		// the tasks that were held ended after the push before
		Figures figures = CUMULATIVE.get(TimeUnit.SECONDS);
		Map<String, String> success = Map.of("name", "orders", "outcome", "success");
		assertThat(figures.held().value("executor.task.completed", success))
			.isEqualTo(SUCCEEDED - OtlpScenario.WORKERS - OtlpScenario.QUEUED);
		assertThat(figures.last().value("executor.task.completed", success)).isEqualTo(SUCCEEDED);
	}

	@Test
	void whenTemporalityIsDeltaThenStepsAddUpToTheKnownFigures() throws Exception {
		try (OtlpScenario scenario = new OtlpScenario("management.otlp.metrics.export.aggregation-temporality=delta")) {
			scenario.runToTheEnd();
			long start = System.nanoTime();
			try (Hold hold = scenario.holdOrders()) {
				scenario.await((payload) -> System.nanoTime() - start > 2 * OtlpScenario.HELD.toNanos()
						&& payload.value("executor.task.active", ORDERS) == OtlpScenario.WORKERS + OtlpScenario.QUEUED);
			}
			scenario.closeApplication();
			List<OtlpPayload> pushes = scenario.payloads()
				.stream()
				.filter((payload) -> payload.has("executor.task.submitted"))
				.toList();
			assertThat(pushes.get(0).metric("executor.task.submitted").getSum().getAggregationTemporality())
				.isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
			assertThat(pushes).hasSizeGreaterThan(1);
			Map<String, String> success = Map.of("name", "orders", "outcome", "success");
			assertThat(sum(pushes, "executor.task.submitted", ORDERS)).isEqualTo(STARTED + OtlpScenario.CANCELLED);
			assertThat(sum(pushes, "executor.task.completed", success)).isEqualTo(SUCCEEDED);
			assertThat(sum(pushes, "executor.task.cancelled", ORDERS)).isEqualTo(OtlpScenario.CANCELLED);
			assertThat(count(pushes, "executor.task.wait", ORDERS)).isEqualTo(STARTED);
			assertThat(count(pushes, "executor.task.run", success)).isEqualTo(SUCCEEDED);
			assertThat(count(pushes, "executor.task.by.name.wait", task(OtlpScenario.UNNAMED_TASK))).isEqualTo(UNNAMED);
			assertThat(count(pushes, "executor.task.by.name.run", task(OtlpScenario.HELD_TASK))).isEqualTo(HELD);
			assertThat(sum(pushes, "executor.task.by.name.errors", task(OtlpScenario.FAILING_TASK)))
				.isEqualTo(OtlpScenario.ERRORS);
			assertThat(sum(pushes, "executor.task.budget.exhausted", budget("run"))).isEqualTo(OtlpScenario.WORKERS);
			assertThat(sum(pushes, "executor.task.budget.exhausted", budget("cpu"))).isEqualTo(STARTED);
			assertThat(count(pushes, "executor.task.polls", ORDERS)).isEqualTo(STARTED);
		}
	}

	// what a name or a sample brings is not there before it
	private static double sum(List<OtlpPayload> pushes, String name, Map<String, String> attributes) {
		return pushes.stream()
			.filter((push) -> push.has(name, attributes))
			.mapToDouble((push) -> push.value(name, attributes))
			.sum();
	}

	private static long count(List<OtlpPayload> pushes, String name, Map<String, String> attributes) {
		return pushes.stream()
			.filter((push) -> push.has(name, attributes))
			.mapToLong((push) -> push.histogram(name, attributes).getCount())
			.sum();
	}

	private static Figures run(String... properties) throws Exception {
		try (OtlpScenario scenario = new OtlpScenario(properties)) {
			scenario.runToTheEnd();
			long start = System.nanoTime();
			OtlpPayload held;
			try (Hold hold = scenario.holdOrders()) {
				held = scenario.await((payload) -> System.nanoTime() - start > 2 * OtlpScenario.HELD.toNanos()
						&& payload.value("executor.starved", ORDERS) == 1
						&& payload.value("executor.utilization", ORDERS) == 1);
			}
			Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
			TimeUnit unit = (properties.length == 0) ? TimeUnit.MILLISECONDS : TimeUnit.SECONDS;
			return new Figures(held, scenario.closeApplication(), unit, elapsed);
		}
	}

	private static Map<String, String> task(String name) {
		return Map.of("name", "orders", "task", name);
	}

	private static Map<String, String> budget(String kind) {
		return Map.of("name", "orders", "budget", kind);
	}

	private static Map<String, String> pool(String name) {
		return Map.of("name", name);
	}

	private static Double[] boxed(double[] values, double factor) {
		return Arrays.stream(values).map((value) -> value * factor).boxed().toArray(Double[]::new);
	}

	/**
	 * What was pushed while tasks were held, and last.
	 */
	private record Figures(OtlpPayload held, OtlpPayload last, TimeUnit unit, Duration elapsed) {

		String unitName() {
			return this.unit.name().toLowerCase(Locale.ROOT);
		}

		private double perSecond() {
			return this.unit.convert(1, TimeUnit.SECONDS);
		}

		void assertCount(String name, Map<String, String> attributes, double expected) {
			Metric metric = this.last.metric(name);
			assertThat(metric.getUnit()).isEmpty();
			assertThat(metric.getDescription()).isNotEmpty();
			assertThat(metric.getSum().getIsMonotonic()).isTrue();
			assertThat(metric.getSum().getAggregationTemporality())
				.isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
			assertThat(this.last.value(name, attributes)).as(name + attributes).isEqualTo(expected);
		}

		void assertGauge(String name, Map<String, String> attributes, double whileHeld, double atTheEnd) {
			assertThat(this.last.metric(name).hasGauge()).isTrue();
			assertThat(this.held.value(name, attributes)).isEqualTo(whileHeld);
			assertThat(this.last.value(name, attributes)).isEqualTo(atTheEnd);
		}

		HistogramDataPoint assertTime(String name, Map<String, String> attributes, long count) {
			assertThat(this.last.metric(name).getUnit()).isEqualTo(unitName());
			HistogramDataPoint point = this.last.histogram(name, attributes);
			assertThat(point.getCount()).isEqualTo(count);
			assertThat(point.getExplicitBoundsList()).containsExactly(boxed(TIME_BOUNDS, perSecond()));
			assertThat(point.getBucketCountsList().stream().mapToLong(Long::longValue).sum()).isEqualTo(count);
			return point;
		}

		/** A time without buckets. */
		HistogramDataPoint assertTotal(String name, Map<String, String> attributes, long count) {
			assertThat(this.last.metric(name).getUnit()).isEqualTo(unitName());
			HistogramDataPoint point = this.last.histogram(name, attributes);
			assertThat(point.getCount()).isEqualTo(count);
			assertThat(point.getExplicitBoundsList()).isEmpty();
			return point;
		}

		void assertNotHeld(double value) {
			assertThat(value / perSecond()).isBetween(0.0, 0.5);
		}

		/** How many took longer than the bound. */
		long above(HistogramDataPoint point, double seconds) {
			int bound = point.getExplicitBoundsList().indexOf(seconds * perSecond());
			return point.getBucketCountsList().stream().skip(bound + 1).mapToLong(Long::longValue).sum();
		}

		/**
		 * Some of all took as long as tasks were held, and the others next to nothing.
		 */
		void assertHeld(double value, int some, int all) {
			double seconds = value / perSecond();
			assertThat(seconds).isGreaterThan(some * OtlpScenario.HELD.toMillis() / 1e3)
				.isLessThan(some * this.elapsed.toMillis() / 1e3 + 0.001 + (all - some) * 0.5);
		}

	}

}
