// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.meters;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.NamedTask;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.MeteredTask;
import io.github.executormetrics.task.TaskBudget;
import io.github.executormetrics.task.TaskNaming;
import io.github.executormetrics.task.TaskSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of whose meters are taken away, and of what it costs to know.
 */
class ExecutorMeterBinderTests {

	static Stream<Supplier<MeterRegistry>> registries() {
		return Stream.of(SimpleMeterRegistry::new, () -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
				CompositeMeterRegistry::new, ExecutorMeterBinderTests::composite);
	}

	private static CompositeMeterRegistry composite() {
		return new CompositeMeterRegistry().add(new SimpleMeterRegistry())
			.add(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
	}

	@ParameterizedTest
	@MethodSource("registries")
	void whenUnboundThenOwnMetersGoAndThoseOfOthersStay(Supplier<MeterRegistry> registries) {
		MeterRegistry registry = registries.get();
		registry.counter("users");
		ExecutorMeterBinder parent = bound(registry, executor("orders"));
		parent.bindWatch(this, (watch) -> 1);
		List<String> before = ids(registry);
		ExecutorMeterBinder child = bound(registry, executor("orders"), executor("reports"));
		child.bindWatch(this, (watch) -> 2);
		assertThat(ids(registry)).hasSizeGreaterThan(before.size()).containsAll(before);
		child.unbind();
		assertThat(ids(registry)).isEqualTo(before);
		parent.unbind();
		assertThat(ids(registry)).singleElement().asString().contains("users");
	}

	@Test
	void whenUnboundThenMetersGoFromAllRegistriesOfAComposite() {
		CompositeMeterRegistry registry = composite();
		ExecutorMeterBinder parent = bound(registry, executor("orders"));
		List<List<String>> before = registry.getRegistries().stream().map(ExecutorMeterBinderTests::ids).toList();
		ExecutorMeterBinder child = bound(registry, executor("orders"), executor("reports"));
		child.unbind();
		assertThat(registry.getRegistries()).map(ExecutorMeterBinderTests::ids)
			.containsExactlyInAnyOrderElementsOf(before);
		parent.unbind();
		assertThat(registry.getRegistries()).hasSize(2).allMatch((each) -> each.getMeters().isEmpty());
	}

	@ParameterizedTest
	@MethodSource("registries")
	void whenTasksAreSeenNoMoreThenTheirMetersGoUntilTheyAreSeenAgain(Supplier<MeterRegistry> registries) {
		MeterRegistry registry = registries.get();
		MonitoredExecutor orders = executor("orders");
		MonitoredExecutor reports = executor("reports");
		ExecutorMeterBinder parent = bound(registry, orders);
		ExecutorMeterBinder child = bound(registry, executor("orders"), reports);
		List<String> before = ids(registry);
		reports.cover(Coverage.STATE, "not seen");
		assertThat(registry.find("executor.task.run").tag("name", "reports").meters()).isEmpty();
		assertThat(registry.find("executor.worker.busy").tag("name", "reports").meters()).hasSize(1);
		assertThat(registry.find("executor.task.run").tag("name", "orders").meters()).hasSize(1);
		reports.cover(Coverage.TASKS, null);
		assertThat(ids(registry)).isEqualTo(before);
		child.unbind();
		reports.cover(Coverage.STATE, "not seen");
		reports.cover(Coverage.TASKS, null);
		assertThat(ids(registry)).allMatch((id) -> id.contains("orders"));
		parent.unbind();
		assertThat(registry.getMeters()).isEmpty();
	}

	@Test
	void whenChildsTasksAreSeenNoMoreThenMetersOfParentStay() {
		MeterRegistry registry = new SimpleMeterRegistry();
		bound(registry, executor("orders"));
		List<String> before = ids(registry);
		MonitoredExecutor orders = executor("orders");
		bound(registry, orders);
		orders.cover(Coverage.STATE, "not seen");
		assertThat(ids(registry)).isEqualTo(before);
	}

	// tasks still run when a context closes, and the registry may live on
	@Test
	void whenTasksOfNewNamesAreSampledAfterTheEndThenNoMeterComesBack() {
		MeterRegistry registry = new SimpleMeterRegistry();
		MonitoredExecutor orders = executor("orders", 1);
		ExecutorMeterBinder binder = bound(registry, orders);
		MeteredTask.of(NamedTask.of("one", () -> {
		}), orders.recorder(), false).run();
		orders.tell();
		assertThat(registry.find("executor.task.by.name.run").tag("task", "one").meters()).hasSize(1);
		assertThat(registry.find("executor.task.polls").meters()).hasSize(1);
		MonitoredExecutor reports = executor("reports", 1);
		binder.bind(reports);
		binder.unbind();
		for (MonitoredExecutor executor : List.of(orders, reports)) {
			MeteredTask.of(NamedTask.of("two", () -> {
			}), executor.recorder(), false).run();
			executor.tell();
		}
		assertThat(registry.getMeters()).isEmpty();
	}

	@Test
	void whenAnExecutorIsBoundTwiceThenItsMetersGo() {
		MeterRegistry registry = new SimpleMeterRegistry();
		MonitoredExecutor orders = executor("orders");
		bound(registry, orders, orders).unbind();
		assertThat(registry.getMeters()).isEmpty();
	}

	// between the look for what was there and the registration, there was time for others
	@Test
	void whenAnotherThreadRegistersMeanwhileThenItsMetersStay() {
		MeterRegistry registry = new SimpleMeterRegistry();
		beforeFirst(registry, "executor.worker.busy", (id) -> onAnotherThread(() -> {
			registry.counter("users");
			registry.gauge(id.getName(), id.getTags(), 1);
		}));
		ExecutorMeterBinder binder = bound(registry, executor("orders"));
		assertThat(registry.get("executor.worker.busy").gauge().value()).isOne();
		binder.unbind();
		assertThat(ids(registry)).hasSize(2)
			.anyMatch((id) -> id.contains("users"))
			.anyMatch((id) -> id.contains("executor.worker.busy"));
	}

	@Test
	void whenSeveralBindAtOnceThenEachTakesAwayItsOwn() throws Exception {
		MeterRegistry registry = new SimpleMeterRegistry();
		ExecutorMeterBinder first = new ExecutorMeterBinder(registry);
		ExecutorMeterBinder second = new ExecutorMeterBinder(registry);
		ExecutorService threads = Executors.newFixedThreadPool(2);
		try {
			CountDownLatch start = new CountDownLatch(2);
			Future<?> firsts = threads.submit(() -> bindAll(first, "first", start));
			Future<?> seconds = threads.submit(() -> bindAll(second, "second", start));
			firsts.get(20, TimeUnit.SECONDS);
			seconds.get(20, TimeUnit.SECONDS);
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(registry.find("executor.worker.busy").meters()).hasSize(100);
		first.unbind();
		assertThat(registry.find("executor.worker.busy").meters()).hasSize(50);
		assertThat(ids(registry)).allMatch((id) -> id.contains("second"));
		second.unbind();
		assertThat(registry.getMeters()).isEmpty();
	}

	private static void bindAll(ExecutorMeterBinder binder, String prefix, CountDownLatch start) {
		start.countDown();
		for (int i = 0; i < 50; i++) {
			binder.bind(executor(prefix + i));
		}
	}

	@Test
	void whenUserAddsAMeterForEachOfOursThenThoseStay() {
		MeterRegistry registry = new SimpleMeterRegistry();
		registry.config().onMeterAdded((meter) -> {
			if (meter.getId().getName().equals("executor.worker.busy")) {
				registry.counter("users");
			}
		});
		ExecutorMeterBinder binder = new ExecutorMeterBinder(registry);
		// once more after ours has listened
		registry.config().onMeterAdded((meter) -> {
			if (meter.getId().getName().equals("executor.worker.idle")) {
				registry.counter("more.users");
			}
		});
		binder.bind(executor("orders"));
		binder.unbind();
		assertThat(ids(registry)).hasSize(2).allMatch((id) -> id.contains("users"));
	}

	@Test
	void whenUserAddsAMeterElsewhereMeanwhileThenMetersOfParentStay() {
		MeterRegistry registry = new SimpleMeterRegistry();
		MeterRegistry another = new SimpleMeterRegistry();
		bound(registry, executor("orders"));
		bound(another, executor("reports"));
		List<String> before = ids(registry);
		// the same id, but in another registry
		beforeFirst(registry, "executor.worker.busy", (id) -> another.gauge(id.getName(), id.getTags(), 1));
		bound(registry, executor("orders")).unbind();
		assertThat(another.get("executor.worker.busy").tag("name", "orders").gauge().value()).isOne();
		assertThat(ids(registry)).isEqualTo(before);
	}

	// the first use of a bean may be one by a filter of the user's
	@Test
	void whenAnExecutorIsBoundWhileAnotherIsThenMetersOfBothGo() {
		MeterRegistry registry = new SimpleMeterRegistry();
		ExecutorMeterBinder binder = new ExecutorMeterBinder(registry);
		beforeFirst(registry, "executor.worker.idle", (id) -> binder.bind(executor("reports")));
		binder.bind(executor("orders"));
		assertThat(registry.find("executor.worker.idle").meters()).hasSize(2);
		binder.unbind();
		assertThat(registry.getMeters()).isEmpty();
	}

	@Test
	void whenAMeterWasDeniedThenWhoeverRegistersItLaterKeepsIt() {
		MeterRegistry registry = new SimpleMeterRegistry();
		AtomicBoolean denied = new AtomicBoolean(true);
		registry.config().meterFilter(new MeterFilter() {

			@Override
			public MeterFilterReply accept(Meter.Id id) {
				return denied.get() ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
			}

		});
		ExecutorMeterBinder binder = bound(registry, executor("orders"));
		assertThat(registry.getMeters()).isEmpty();
		denied.set(false);
		registry.counter("executor.task.submitted", "name", "orders");
		binder.unbind();
		assertThat(registry.getMeters()).singleElement().isInstanceOf(Counter.class);
	}

	@Test
	void whenAFilterRenamesMetersThenTheyGo() {
		MeterRegistry registry = new SimpleMeterRegistry();
		registry.config().meterFilter(new MeterFilter() {

			@Override
			public Meter.Id map(Meter.Id id) {
				return id.withName("renamed." + id.getName()).replaceTags(Tags.of("app", "shop").and(id.getTags()));
			}

		});
		ExecutorMeterBinder binder = bound(registry, executor("orders"));
		assertThat(registry.find("renamed.executor.worker.busy").tag("app", "shop").meters()).hasSize(1);
		binder.unbind();
		assertThat(registry.getMeters()).isEmpty();
	}

	// a listener cannot be taken from a registry: it would keep all it knows
	@ParameterizedTest
	@MethodSource("registries")
	void whenUnboundThenBinderAndExecutorsAreLetGoThoughTheRegistryLives(Supplier<MeterRegistry> registries) {
		MeterRegistry registry = registries.get();
		bound(registry, executor("parents"));
		MonitoredExecutor orders = executor("orders");
		ExecutorMeterBinder binder = bound(registry, orders);
		binder.unbind();
		WeakReference<?> closed = new WeakReference<>(binder);
		WeakReference<?> executor = new WeakReference<>(orders);
		binder = null;
		orders = null;
		Awaitility.await().until(() -> {
			System.gc();
			return closed.get() == null && executor.get() == null;
		});
		assertThat(registry.find("executor.worker.busy").tag("name", "parents").meters()).hasSize(1);
	}

	@Test
	void whenARegistryIsUsedNoMoreThenItIsLetGo() {
		MeterRegistry registry = new SimpleMeterRegistry();
		bound(registry, executor("orders"));
		WeakReference<?> used = new WeakReference<>(registry);
		registry = null;
		Awaitility.await().until(() -> {
			System.gc();
			return used.get() == null;
		});
	}

	// to bind 1,000 executors took a minute, as all meters were copied for each
	@Test
	void whenExecutorsAreManyThenTheMetersThereAreNeverWalkedThrough() {
		CountingRegistry registry = new CountingRegistry();
		ExecutorMeterBinder binder = new ExecutorMeterBinder(registry);
		for (int i = 0; i < 10; i++) {
			MonitoredExecutor executor = executor("executor" + i);
			binder.bind(executor);
			executor.cover(Coverage.STATE, "not seen");
			executor.cover(Coverage.TASKS, null);
		}
		binder.bindWatch(this, (watch) -> 1);
		assertThat(registry.walks).isZero();
		assertThat(registry.getMeters()).hasSizeGreaterThan(100);
		registry.walks = 0;
		binder.unbind();
		assertThat(registry.walks).isZero();
		assertThat(registry.getMeters()).isEmpty();
	}

	// contexts that are refreshed left one more listener each time
	@Test
	void whenBindersComeAndGoThenTheRegistryHasOneListener() {
		CountingRegistry registry = new CountingRegistry();
		for (int i = 0; i < 10; i++) {
			bound(registry, executor("orders"), executor("reports")).unbind();
		}
		assertThat(registry.listeners).isOne();
	}

	private static MonitoredExecutor executor(String name) {
		return new ExecutorRegistry().obtain(name, Object.class, 1, ExecutorOrigin.BEAN);
	}

	private static MonitoredExecutor executor(String name, int sampling) {
		return new ExecutorRegistry(
				new TaskSettings(new TaskNaming(10), 1, sampling, TaskBudget.DEFAULT, Map.of(), Map.of()))
			.obtain(name, Object.class, 1, ExecutorOrigin.BEAN);
	}

	private static ExecutorMeterBinder bound(MeterRegistry registry, MonitoredExecutor... executors) {
		ExecutorMeterBinder binder = new ExecutorMeterBinder(registry);
		for (MonitoredExecutor executor : executors) {
			binder.bind(executor);
		}
		return binder;
	}

	private static List<String> ids(MeterRegistry registry) {
		return registry.getMeters().stream().map((meter) -> meter.getId().toString()).sorted().toList();
	}

	/**
	 * Do something when a meter is about to be registered for the first time.
	 */
	private static void beforeFirst(MeterRegistry registry, String name, Consumer<Meter.Id> action) {
		AtomicBoolean done = new AtomicBoolean();
		registry.config().meterFilter(new MeterFilter() {

			@Override
			public Meter.Id map(Meter.Id id) {
				if (id.getName().equals(name) && done.compareAndSet(false, true)) {
					action.accept(id);
				}
				return id;
			}

		});
	}

	private static void onAnotherThread(Runnable action) {
		Thread thread = new Thread(action);
		thread.start();
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Counts how often its meters are walked through, and who listens.
	 */
	private static final class CountingRegistry extends SimpleMeterRegistry {

		private final Config counting = new Config() {

			@Override
			public Config onMeterAdded(Consumer<Meter> listener) {
				CountingRegistry.this.listeners++;
				return super.onMeterAdded(listener);
			}

		};

		private int walks;

		private int listeners;

		@Override
		public Config config() {
			// asked for while it is constructed, too
			return (this.counting != null) ? this.counting : super.config();
		}

		@Override
		public List<Meter> getMeters() {
			this.walks++;
			return super.getMeters();
		}

		@Override
		public void forEachMeter(Consumer<? super Meter> consumer) {
			this.walks++;
			super.forEachMeter(consumer);
		}

	}

}
