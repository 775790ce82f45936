// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

import io.micrometer.context.ContextRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.executormetrics.TaskNameScope;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.task.TaskName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what others hook into Reactor beside us, and of what tasks are called.
 */
class ReactorHooksTests {

	private static final String HERE = ReactorHooksTests.class.getName();

	private static final String BEFORE = "test.before";

	private static final String AFTER = "test.after";

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private @Nullable ReactorExecutors executors;

	private @Nullable Scheduler scheduler;

	@BeforeEach
	void reset() {
		Schedulers.shutdownNow();
	}

	@AfterEach
	void close() {
		if (this.scheduler != null) {
			this.scheduler.dispose();
		}
		Schedulers.shutdownNow();
		Schedulers.removeExecutorServiceDecorator(BEFORE);
		Schedulers.removeExecutorServiceDecorator(AFTER);
		if (this.executors != null) {
			this.executors.close();
		}
	}

	private void open() {
		this.executors = ReactorExecutors.open(this.registry, (name) -> null);
	}

	// what came after us found no pool any more
	@Test
	void whenDecoratorComesAfterUsThenItGetsAThreadPool() {
		open();
		Seeing after = new Seeing();
		Schedulers.addExecutorServiceDecorator(AFTER, after);
		this.scheduler = Schedulers.newBoundedElastic(1, 7, "mine");
		run(this.scheduler);
		assertThat(after.seen).singleElement().isInstanceOfSatisfying(ScheduledThreadPoolExecutor.class, (pool) -> {
			assertThat(pool.getRemoveOnCancelPolicy()).isTrue();
			assertThat(pool.getMaximumPoolSize()).isOne();
			assertThat(pool.getPoolSize()).isOne();
			assertThat(pool.toString()).startsWith("BoundedScheduledExecutorService{");
			assertThat(Scannable.from(pool).scan(Scannable.Attr.CAPACITY)).isEqualTo(7);
		});
		awaitCompleted("reactor-mine", 1);
	}

	@Test
	void whenDecoratorComesBeforeUsThenItsWorkersAreMetered() {
		Schedulers.addExecutorServiceDecorator(BEFORE,
				(owner, service) -> Executors.unconfigurableScheduledExecutorService(service));
		open();
		this.scheduler = Schedulers.newParallel("mine", 1);
		run(this.scheduler);
		awaitCompleted("reactor-mine", 1);
		assertThat(this.registry.find("reactor-mine")).isNotNull().satisfies((executor) -> {
			assertThat(executor.sample(System.nanoTime()).limit()).isOne();
			assertThat(executor.sample(System.nanoTime()).queued()).isZero();
		});
	}

	@Test
	void whenReactorMetersItsSchedulersThenItsMetersAreAsWithoutUs() {
		Set<String> without = metersOfReactor();
		open();
		assertThat(metersOfReactor()).isEqualTo(without).contains("executor.pool.size");
	}

	@SuppressWarnings("deprecation")
	private static Set<String> metersOfReactor() {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		Metrics.addRegistry(meters);
		Schedulers.enableMetrics();
		Scheduler metered = Schedulers.newParallel("metered", 1);
		try {
			run(metered);
			return meters.getMeters().stream().map((meter) -> meter.getId().getName()).collect(Collectors.toSet());
		}
		finally {
			metered.dispose();
			Schedulers.disableMetrics();
			Metrics.removeRegistry(meters);
		}
	}

	@Test
	void whenUserHooksTasksThenTheHookIsAppliedOnce() {
		open();
		List<Runnable> hooked = new ArrayList<>();
		Schedulers.onScheduleHook(BEFORE, (task) -> {
			hooked.add(task);
			return task;
		});
		try {
			this.scheduler = Schedulers.newParallel("mine", 1);
			run(this.scheduler);
			assertThat(hooked).hasSize(1);
		}
		finally {
			Schedulers.resetOnScheduleHook(BEFORE);
		}
	}

	@Test
	void whenReactorPropagatesTheContextThenTheTaskHasIt() {
		ThreadLocal<String> tenant = new ThreadLocal<>();
		ContextRegistry.getInstance().registerThreadLocalAccessor("test.tenant", tenant);
		Hooks.enableAutomaticContextPropagation();
		try {
			open();
			tenant.set("acme");
			List<String> seen = Flux.just(1, 2)
				.publishOn(Schedulers.parallel())
				.map((number) -> String.valueOf(tenant.get()))
				.contextCapture()
				.collectList()
				.block(Duration.ofSeconds(10));
			assertThat(seen).containsExactly("acme", "acme");
			String blocking = Mono.fromCallable(() -> String.valueOf(tenant.get()))
				.subscribeOn(Schedulers.boundedElastic())
				.contextCapture()
				.block(Duration.ofSeconds(10));
			assertThat(blocking).isEqualTo("acme");
			awaitNames("reactor-boundedElastic", HERE);
			awaitNames("reactor-parallel", "FluxPublishOn");
		}
		finally {
			tenant.remove();
			Hooks.disableAutomaticContextPropagation();
			ContextRegistry.getInstance().removeThreadLocalAccessor("test.tenant");
		}
	}

	@Test
	void whenBlockingCallIsMadeThenItGoesByTheClassThatMakesIt() {
		open();
		Mono.fromCallable(() -> 42).subscribeOn(Schedulers.boundedElastic()).block(Duration.ofSeconds(10));
		Mono.fromSupplier(() -> 42).subscribeOn(Schedulers.boundedElastic()).block(Duration.ofSeconds(10));
		Mono.fromRunnable(() -> {
		}).subscribeOn(Schedulers.boundedElastic()).block(Duration.ofSeconds(10));
		awaitNames("reactor-boundedElastic", HERE);
		assertThat(this.registry.find("reactor-boundedElastic")).isNotNull()
			.satisfies((executor) -> assertThat(executor.recorder().completed()).isEqualTo(3));
	}

	@Test
	void whenOperatorHandsOverThenTheTaskGoesByTheOperator() {
		open();
		Flux.just(1, 2).publishOn(Schedulers.parallel()).blockLast(Duration.ofSeconds(10));
		Mono.delay(Duration.ofMillis(1), Schedulers.single()).block(Duration.ofSeconds(10));
		Flux.interval(Duration.ofMillis(1), Schedulers.boundedElastic()).take(2).blockLast(Duration.ofSeconds(10));
		awaitNames("reactor-parallel", "FluxPublishOn");
		awaitNames("reactor-single", "MonoDelay");
		awaitNames("reactor-boundedElastic", "FluxInterval");
	}

	@Test
	void whenTaskIsScheduledByHandThenItGoesByItsClassOrScope() {
		open();
		this.scheduler = Schedulers.newSingle("mine");
		run(this.scheduler);
		try (TaskNameScope scope = TaskNameScope.open("nightly")) {
			run(this.scheduler);
		}
		awaitNames("reactor-mine", HERE, "nightly");
	}

	// an inherited method would answer for a pool without threads
	@Test
	void whenPoolHasPublicMethodThenTheWorkerOverridesIt() {
		Set<String> inherited = new TreeSet<>();
		for (Method method : PooledWorker.class.getMethods()) {
			if (method.getDeclaringClass().getName().startsWith("java.util.concurrent.")
					&& !Modifier.isStatic(method.getModifiers())) {
				inherited.add(method.getName() + Arrays.toString(method.getParameterTypes()));
			}
		}
		inherited.remove("close[]");
		assertThat(inherited).isEmpty();
	}

	private static void run(Scheduler scheduler) {
		CountDownLatch done = new CountDownLatch(1);
		scheduler.schedule(done::countDown);
		Awaitility.await().until(done::getCount, (count) -> count == 0);
	}

	private void awaitCompleted(String name, long tasks) {
		Awaitility.await()
			.untilAsserted(() -> assertThat(Objects.requireNonNull(this.registry.find(name)).recorder().completed())
				.isEqualTo(tasks));
	}

	private void awaitNames(String executor, String... names) {
		Awaitility.await()
			.atMost(10, TimeUnit.SECONDS)
			.untilAsserted(
					() -> assertThat(Objects.requireNonNull(this.registry.find(executor)).recorder().byName().names())
						.extracting(TaskName::value)
						.containsExactlyInAnyOrder(names));
	}

	private static final class Seeing
			implements BiFunction<Scheduler, ScheduledExecutorService, ScheduledExecutorService> {

		private final List<ScheduledExecutorService> seen = new ArrayList<>();

		@Override
		public ScheduledExecutorService apply(Scheduler scheduler, ScheduledExecutorService service) {
			this.seen.add(service);
			return service;
		}

	}

}
