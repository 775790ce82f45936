// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.ExecutorMetrics;
import io.github.executormetrics.NamedTask;
import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.actuate.ExecutorDetailsDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.autoconfigure.Thrower.Thrown;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.meters.ExecutorMeter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Row: an Error thrown by one pool's getter. Whatever a pool, its queue, its threads, a
 * meter registry or a log throws where this library reads it, tasks run, and the
 * endpoint, the watch and the meters answer for all others.
 */
class ThrowingExecutorsTests {

	private static final List<String> POOL_CALLS = List.of("getActiveCount", "getPoolSize", "getMaximumPoolSize",
			"getQueue", "isTerminated");

	private static final List<String> CALLS_AT_THE_START = List.of("setThreadFactory", "getRejectedExecutionHandler",
			"setRejectedExecutionHandler");

	private static final List<String> QUEUE_CALLS = List.of("size", "remainingCapacity", "peek");

	private static final List<String> FORK_JOIN_CALLS = List.of("getParallelism", "getPoolSize", "getActiveThreadCount",
			"getRunningThreadCount", "getStealCount", "getQueuedTaskCount", "getQueuedSubmissionCount",
			"hasQueuedSubmissions", "isTerminated");

	private static final List<String> TASK_EXECUTOR_CALLS = List.of("getCorePoolSize", "getQueueCapacity");

	private static final List<String> THREAD_CALLS = List.of("getId", "getState", "getStackTrace", "equals", "hashCode",
			"toString");

	private final ApplicationContextRunner runner = Runners.with()
		.withPropertyValues("executor-metrics.watch.interval=20ms")
		.withBean("intact", ThreadPoolExecutor.class,
				() -> new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()));

	@ParameterizedTest
	@EnumSource
	void whenAGetterOfOnePoolThrowsThenTheEndpointAnswersForAll(Thrown thrown) {
		List<String> calls = new ArrayList<>(POOL_CALLS);
		calls.addAll(CALLS_AT_THE_START);
		throwAlways(ThrowingPool.class, thrown, calls, ThrowingPool::new);
	}

	@ParameterizedTest
	@EnumSource
	void whenAGetterOfOnePoolBeginsToThrowThenTheEndpointAnswersForAll(Thrown thrown) {
		List<String> calls = new ArrayList<>(POOL_CALLS);
		// asked for at the start, and then while the queue is full only
		calls.remove("getMaximumPoolSize");
		throwLater(ThrowingPool.class, thrown, calls, ThrowingPool::new);
	}

	@ParameterizedTest
	@EnumSource
	void whenAQueueThrowsThenTheEndpointAnswersForAll(Thrown thrown) {
		throwAlways(ThreadPoolExecutor.class, thrown, QUEUE_CALLS,
				(thrower) -> new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ThrowingQueue(thrower)));
	}

	@ParameterizedTest
	@EnumSource
	void whenAForkJoinPoolThrowsThenTheEndpointAnswersForAll(Thrown thrown) {
		throwAlways(ThrowingForkJoinPool.class, thrown, FORK_JOIN_CALLS, ThrowingForkJoinPool::new);
	}

	@ParameterizedTest
	@EnumSource
	void whenAWorkerOfAForkJoinPoolThrowsThenTheWorkersOfOthersAreSeen(Thrown thrown) {
		Thrower thrower = new Thrower("getPool", thrown);
		this.runner
			.withBean("throwing", ForkJoinPool.class,
					() -> new ForkJoinPool(1, (pool) -> new ThrowingForkJoinWorker(pool, thrower), null, false))
			.withBean("other", ForkJoinPool.class, () -> new ForkJoinPool(1))
			.run((context) -> {
				run(context, "throwing");
				CountDownLatch hold = new CountDownLatch(1);
				context.getBean("other", ForkJoinPool.class).execute(() -> Hold.until(hold));
				thrower.armed();
				await().untilAsserted(() -> assertThat(details(context, "other").threads()).isNotNull()
					.satisfies((threads) -> assertThat(threads.workers()).hasSize(1)));
				assertThat(thrower.calls()).isPositive();
				hold.countDown();
				run(context, "throwing");
				assertIntact(context);
			});
	}

	@ParameterizedTest
	@EnumSource
	void whenATaskExecutorThrowsThenTheEndpointAnswersForAll(Thrown thrown) {
		throwAlways(ThrowingTaskExecutor.class, thrown, TASK_EXECUTOR_CALLS, ThrowingTaskExecutor::new);
	}

	@ParameterizedTest
	@EnumSource
	void whenAServiceThatIsHandedInThrowsThenTheEndpointAnswersForAll(Thrown thrown) {
		Map<String, Thrower> throwers = throwers(thrown, List.of("isTerminated"));
		Thrower thrower = throwers.values().iterator().next().armed();
		this.runner.withConfiguration(AutoConfigurations.of(ProgrammaticExecutorsAutoConfiguration.class))
			.run((context) -> {
				ThrowingService own = new ThrowingService(thrower);
				ExecutorService service = context.getBean(ExecutorMetrics.class).monitor(own, "handedIn");
				assertThat(Runners.run(service, () -> "ran")).isEqualTo("ran");
				int calls = thrower.calls();
				assertIntact(context);
				await().until(() -> thrower.calls() > calls);
				assertThat(Runners.shown(context, "handedIn").coverage()).isEqualTo("tasks");
				service.shutdown();
				assertThat(Runners.tasks(context, "handedIn").completed()).isEqualTo(1);
				assertThat(own.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
				thrower.disarm();
				await().until(() -> !context.getBean(ExecutorsEndpoint.class)
					.executors()
					.executors()
					.containsKey("handedIn"));
			});
	}

	@ParameterizedTest
	@EnumSource
	void whenARejectionHandlerThrowsThenTheTaskIsCountedAsRejected(Thrown thrown) {
		Thrower thrower = new Thrower("rejectedExecution", thrown).armed();
		this.runner
			.withBean("full", ThreadPoolExecutor.class,
					() -> new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new SynchronousQueue<>(),
							(task, pool) -> thrower.at("rejectedExecution")))
			.run((context) -> {
				ThreadPoolExecutor pool = context.getBean("full", ThreadPoolExecutor.class);
				try (Hold hold = Hold.on(pool)) {
					assertThat(catchThrowable(() -> pool.execute(() -> {
					}))).isNotNull();
				}
				assertThat(Runners.tasks(context, "full").rejected()).isOne();
				assertIntact(context);
			});
	}

	@ParameterizedTest
	@EnumSource
	void whenAThreadThrowsThenItsTasksRunAndAreCounted(Thrown thrown) {
		Map<String, Thrower> throwers = throwers(thrown, THREAD_CALLS);
		ApplicationContextRunner runner = this.runner;
		for (Thrower thrower : throwers.values()) {
			runner = runner.withBean(thrower.call(), ThreadPoolExecutor.class, () -> new ThreadPoolExecutor(1, 1, 0,
					TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (work) -> new ThrowingThread(work, thrower)));
		}
		runner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			throwers.forEach((name, thrower) -> {
				// the JDK itself looks at a thread that it starts
				run(context, name);
				thrower.armed();
				executor(context, name).execute(() -> registry.counter("own." + name).increment());
				run(context, name);
			});
			assertAnswers(context, throwers);
			throwers.keySet().forEach((name) -> {
				await().untilAsserted(() -> assertThat(Runners.tasks(context, name).completed()).as(name).isEqualTo(4));
				assertThat(Runners.tasks(context, name).active()).as(name).isZero();
				assertThat(registry.get("own." + name).counter().count()).as(name).isEqualTo(1);
			});
			assertThat(throwers.get("getId").calls()).isPositive();
			assertThat(throwers.get("getState").calls()).isPositive();
			throwers.values().forEach(Thrower::disarm);
		});
	}

	// row: a thread factory that returns null
	@Test
	void whenAThreadFactoryReturnsNullThenAllOthersAreShownIntact() {
		boolean[] refusing = { true };
		this.runner
			.withBean("threadless", ThreadPoolExecutor.class,
					() -> new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
							(work) -> (!refusing[0]) ? new Thread(work) : null))
			.withBean("threadlessTasks", ThreadPoolTaskExecutor.class, () -> {
				ThreadPoolTaskExecutor tasks = new ThreadPoolTaskExecutor();
				tasks.setThreadFactory((work) -> null);
				return tasks;
			})
			.run((context) -> {
				CountDownLatch ran = new CountDownLatch(2);
				ThreadPoolExecutor pool = context.getBean("threadless", ThreadPoolExecutor.class);
				pool.execute(ran::countDown);
				context.getBean(ThreadPoolTaskExecutor.class).execute(ran::countDown);
				assertIntact(context);
				for (String name : List.of("threadless", "threadlessTasks")) {
					assertThat(details(context, name).executor().tasks()).isNotNull()
						.satisfies((tasks) -> assertThat(tasks.active()).isEqualTo(1));
				}
				refusing[0] = false;
				pool.execute(ran::countDown);
				assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "threadless").completed()).isEqualTo(2));
				assertThat(context.getBean(ThreadPoolTaskExecutor.class).getThreadPoolExecutor().shutdownNow())
					.hasSize(1);
				assertThat(Runners.tasks(context, "threadlessTasks").cancelled()).isEqualTo(1);
			});
	}

	@ParameterizedTest
	@EnumSource
	void whenMeterFiltersThrowThenTasksRunAndTheOtherMetersCount(Thrown thrown) {
		Map<String, Thrower> throwers = throwers(thrown, List.of("map", "accept", "configure"));
		throwers.values().forEach(Thrower::armed);
		this.runner
			.withBean("mapping", MeterFilter.class,
					() -> new ThrowingFilter("executor.worker.busy", throwers.get("map")))
			.withBean("accepting", MeterFilter.class,
					() -> new ThrowingFilter("executor.task.cancelled", throwers.get("accept")))
			.withBean("configuring", MeterFilter.class,
					() -> new ThrowingFilter("executor.task.wait", throwers.get("configure")))
			.run((context) -> assertMetered(context, "executor.worker.busy", "executor.task.cancelled",
					"executor.task.wait"));
		assertThat(throwers.values()).allSatisfy((thrower) -> assertThat(thrower.calls()).isPositive());
	}

	@ParameterizedTest
	@EnumSource
	void whenAListenerOfARegistryThrowsThenTasksRunAndTheOtherMetersCount(Thrown thrown) {
		Thrower thrower = new Thrower("added", thrown).armed();
		this.runner.withBean(MeterRegistry.class, () -> {
			SimpleMeterRegistry registry = new SimpleMeterRegistry();
			registry.config().onMeterAdded((meter) -> {
				if (meter.getId().getName().equals("executor.worker.busy")) {
					thrower.at("added");
				}
			});
			registry.config().onMeterRemoved((meter) -> thrower.at("added"));
			return registry;
		}).run((context) -> assertMetered(context, "executor.worker.busy"));
		assertThat(thrower.calls()).isPositive();
	}

	@ParameterizedTest
	@EnumSource
	void whenALogThrowsThenTasksRunAndTheWatchGoesOn(Thrown thrown) {
		Thrower thrower = new Thrower("decide", thrown).armed();
		LoggerContext logs = (LoggerContext) LoggerFactory.getILoggerFactory();
		TurboFilter filter = new TurboFilter() {

			@Override
			public FilterReply decide(@Nullable Marker marker, Logger logger, Level level, @Nullable String format,
					Object @Nullable [] params, @Nullable Throwable ex) {
				// Boot logs of a condition by the name of its class
				if (logger.getName().startsWith("io.github.executormetrics.")
						&& !logger.getName().equals(OnExecutorMetricsEnabled.class.getName())) {
					thrower.at("decide");
				}
				return FilterReply.NEUTRAL;
			}

		};
		logs.addTurboFilter(filter);
		try {
			this.runner
				.withPropertyValues("executor-metrics.tasks.max-names=1", "executor-metrics.watch.grace=0s",
						"executor-metrics.executors.tasks.limits.stuck=1ms",
						"executor-metrics.executors.unknown.limits.stuck=1ms")
				.withBean("throwing", ThrowingPool.class,
						() -> new ThrowingPool(new Thrower("getActiveCount", thrown).armed()))
				.withBean("tasks", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
				.run((context) -> {
					CountDownLatch hold = new CountDownLatch(1);
					// of a name that has ended before, it is stuck
					CountDownLatch ended = new CountDownLatch(1);
					executor(context, "tasks").execute(NamedTask.of("one", ended::countDown));
					Hold.until(ended);
					executor(context, "tasks").execute(NamedTask.of("one", () -> Hold.until(hold)));
					await().until(() -> !Runners.shown(context, "tasks").causes().isEmpty());
					hold.countDown();
					run(context, "tasks");
					run(context, "throwing");
					assertIntact(context);
					await().until(() -> Runners.shown(context, "tasks").causes().isEmpty());
				});
		}
		finally {
			logs.getTurboFilterList().remove(filter);
		}
		assertThat(thrower.calls()).isPositive();
	}

	private <E extends Executor> void throwAlways(Class<E> type, Thrown thrown, List<String> calls,
			Function<Thrower, E> factory) {
		Map<String, Thrower> throwers = throwers(thrown, calls);
		throwers.values().forEach(Thrower::armed);
		with(type, throwers, factory).run((context) -> {
			assertThat(context).hasNotFailed();
			assertAnswers(context, throwers);
			assertCounted(context, throwers, 1);
			// else it tells nothing
			assertThat(throwers.values())
				.allSatisfy((thrower) -> assertThat(thrower.calls()).as(thrower.call()).isPositive());
			throwers.values().forEach(Thrower::disarm);
		});
	}

	private <E extends Executor> void throwLater(Class<E> type, Thrown thrown, List<String> calls,
			Function<Thrower, E> factory) {
		Map<String, Thrower> throwers = throwers(thrown, calls);
		with(type, throwers, factory).run((context) -> {
			assertAnswers(context, throwers);
			throwers.values().forEach(Thrower::armed);
			assertAnswers(context, throwers);
			assertCounted(context, throwers, 2);
			assertThat(throwers.values())
				.allSatisfy((thrower) -> assertThat(thrower.calls()).as(thrower.call()).isPositive());
			throwers.values().forEach(Thrower::disarm);
		});
	}

	private <E extends Executor> ApplicationContextRunner with(Class<E> type, Map<String, Thrower> throwers,
			Function<Thrower, E> factory) {
		ApplicationContextRunner runner = this.runner;
		for (Thrower thrower : throwers.values()) {
			runner = runner.withBean(thrower.call(), type, () -> factory.apply(thrower));
		}
		return runner;
	}

	private static Map<String, Thrower> throwers(Thrown thrown, List<String> calls) {
		Map<String, Thrower> throwers = new LinkedHashMap<>();
		calls.forEach((call) -> throwers.put(call, new Thrower(call, thrown)));
		return throwers;
	}

	/** Tasks of each run, the endpoint shows each, and the others as they are. */
	private static void assertAnswers(ListableBeanFactory context, Map<String, Thrower> throwers) {
		for (String name : throwers.keySet()) {
			run(context, name);
		}
		assertIntact(context);
		ExecutorsEndpoint endpoint = context.getBean(ExecutorsEndpoint.class);
		assertThat(endpoint.executors().executors()).containsKeys(throwers.keySet().toArray(String[]::new));
		throwers.keySet().forEach((name) -> assertThat(endpoint.executor(name)).as(name).isNotNull());
	}

	private static void assertCounted(BeanFactory context, Map<String, Thrower> throwers, int tasks) {
		for (String name : throwers.keySet()) {
			if (Runners.shown(context, name).coverage().equals("tasks")) {
				await().untilAsserted(() -> {
					ExecutorDescriptor.TasksDescriptor counts = Runners.tasks(context, name);
					assertThat(counts.submitted()).as(name).isEqualTo(tasks);
					assertThat(counts.completed()).as(name).isEqualTo(tasks);
					assertThat(counts.active()).as(name).isZero();
				});
			}
		}
	}

	/** The others are counted, judged and metered. */
	private static void assertIntact(BeanFactory context) {
		long before = Runners.tasks(context, "intact").completed();
		run(context, "intact");
		await().untilAsserted(() -> assertThat(Runners.tasks(context, "intact").completed()).isEqualTo(before + 1));
		Ticks.await(context, 3);
		ExecutorDescriptor intact = Runners.shown(context, "intact");
		assertThat(intact.verdict()).isEqualTo("HEALTHY");
		assertThat(intact.workers()).isEqualTo(new ExecutorDescriptor.WorkersDescriptor(0,
				(int) Math.min(2, before + 1), 2, (int) Math.min(2, before + 1), 2, 2));
		List<Meter> meters = ours(context.getBean(MeterRegistry.class));
		assertThat(meters).isNotEmpty();
		meters.forEach((meter) -> assertThat(meter.measure()).isNotEmpty());
		assertThat(context.getBean(MeterRegistry.class)
			.get("executor.task.submitted")
			.tag("name", "intact")
			.functionCounter()
			.count()).isEqualTo(before + 1);
	}

	private static void assertMetered(BeanFactory context, String... missing) {
		run(context, "intact");
		((ExecutorService) executor(context, "intact")).submit(() -> {
			throw new IllegalStateException("task");
		});
		await().untilAsserted(() -> assertThat(Runners.tasks(context, "intact").failed()).isEqualTo(1));
		MeterRegistry registry = context.getBean(MeterRegistry.class);
		for (String name : missing) {
			assertThat(registry.find(name).tag("name", "intact").meter()).as(name).isNull();
		}
		assertThat(registry.get("executor.task.submitted").tag("name", "intact").functionCounter().count())
			.isEqualTo(2);
		await().untilAsserted(() -> assertThat(
				registry.get("executor.task.run").tags("name", "intact", "outcome", "error").timer().count())
			.isEqualTo(1));
		assertThat(registry.get("executor.starved").tag("name", "intact").gauge().value()).isZero();
		await().untilAsserted(
				() -> assertThat(registry.get("executor.watch.ticks").functionCounter().count()).isPositive());
	}

	private static List<Meter> ours(MeterRegistry registry) {
		List<String> names = new ArrayList<>();
		for (ExecutorMeter meter : ExecutorMeter.values()) {
			names.add(meter.meterName());
		}
		return registry.getMeters().stream().filter((meter) -> names.contains(meter.getId().getName())).toList();
	}

	private static Executor executor(BeanFactory context, String name) {
		return context.getBean(name, Executor.class);
	}

	private static void run(BeanFactory context, String name) {
		CountDownLatch ran = new CountDownLatch(1);
		executor(context, name).execute(ran::countDown);
		try {
			assertThat(ran.await(10, TimeUnit.SECONDS)).as("task of " + name).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static ExecutorDetailsDescriptor details(BeanFactory context, String name) {
		ExecutorDetailsDescriptor details = context.getBean(ExecutorsEndpoint.class).executor(name);
		assertThat(details).as(name).isNotNull();
		return Objects.requireNonNull(details);
	}

	/** The super constructor calls some of them. */
	private static void at(@Nullable Thrower thrower, String call) {
		if (thrower != null) {
			thrower.at(call);
		}
	}

	public static class ThrowingPool extends ThreadPoolExecutor {

		private final Thrower thrower;

		ThrowingPool(Thrower thrower) {
			super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(100));
			this.thrower = thrower;
		}

		@Override
		public int getActiveCount() {
			at(this.thrower, "getActiveCount");
			return super.getActiveCount();
		}

		@Override
		public int getPoolSize() {
			at(this.thrower, "getPoolSize");
			return super.getPoolSize();
		}

		@Override
		public int getMaximumPoolSize() {
			at(this.thrower, "getMaximumPoolSize");
			return super.getMaximumPoolSize();
		}

		@Override
		public BlockingQueue<Runnable> getQueue() {
			at(this.thrower, "getQueue");
			return super.getQueue();
		}

		@Override
		public void setThreadFactory(ThreadFactory threadFactory) {
			at(this.thrower, "setThreadFactory");
			super.setThreadFactory(threadFactory);
		}

		@Override
		public RejectedExecutionHandler getRejectedExecutionHandler() {
			at(this.thrower, "getRejectedExecutionHandler");
			return super.getRejectedExecutionHandler();
		}

		@Override
		public void setRejectedExecutionHandler(RejectedExecutionHandler handler) {
			at(this.thrower, "setRejectedExecutionHandler");
			super.setRejectedExecutionHandler(handler);
		}

		@Override
		public boolean isTerminated() {
			at(this.thrower, "isTerminated");
			return super.isTerminated();
		}

	}

	private static final class ThrowingQueue extends LinkedBlockingQueue<Runnable> {

		private final transient @Nullable Thrower thrower;

		ThrowingQueue(Thrower thrower) {
			this.thrower = thrower;
		}

		@Override
		public int size() {
			at(this.thrower, "size");
			return super.size();
		}

		@Override
		public int remainingCapacity() {
			at(this.thrower, "remainingCapacity");
			return super.remainingCapacity();
		}

		@Override
		public Runnable peek() {
			at(this.thrower, "peek");
			return super.peek();
		}

	}

	public static class ThrowingForkJoinPool extends ForkJoinPool {

		private final Thrower thrower;

		ThrowingForkJoinPool(Thrower thrower) {
			super(1);
			this.thrower = thrower;
		}

		@Override
		public int getParallelism() {
			at(this.thrower, "getParallelism");
			return super.getParallelism();
		}

		@Override
		public int getPoolSize() {
			at(this.thrower, "getPoolSize");
			return super.getPoolSize();
		}

		@Override
		public int getActiveThreadCount() {
			at(this.thrower, "getActiveThreadCount");
			return super.getActiveThreadCount();
		}

		@Override
		public int getRunningThreadCount() {
			at(this.thrower, "getRunningThreadCount");
			return super.getRunningThreadCount();
		}

		@Override
		public long getStealCount() {
			at(this.thrower, "getStealCount");
			return super.getStealCount();
		}

		@Override
		public long getQueuedTaskCount() {
			at(this.thrower, "getQueuedTaskCount");
			return super.getQueuedTaskCount();
		}

		@Override
		public int getQueuedSubmissionCount() {
			at(this.thrower, "getQueuedSubmissionCount");
			return super.getQueuedSubmissionCount();
		}

		@Override
		public boolean hasQueuedSubmissions() {
			at(this.thrower, "hasQueuedSubmissions");
			return super.hasQueuedSubmissions();
		}

		@Override
		public boolean isTerminated() {
			at(this.thrower, "isTerminated");
			return super.isTerminated();
		}

	}

	private static final class ThrowingForkJoinWorker extends ForkJoinWorkerThread {

		private final Thrower thrower;

		ThrowingForkJoinWorker(ForkJoinPool pool, Thrower thrower) {
			super(pool);
			this.thrower = thrower;
		}

		@Override
		public ForkJoinPool getPool() {
			at(this.thrower, "getPool");
			return super.getPool();
		}

	}

	public static class ThrowingTaskExecutor extends ThreadPoolTaskExecutor {

		private final transient Thrower thrower;

		ThrowingTaskExecutor(Thrower thrower) {
			this.thrower = thrower;
		}

		@Override
		public int getCorePoolSize() {
			at(this.thrower, "getCorePoolSize");
			return super.getCorePoolSize();
		}

		@Override
		public int getQueueCapacity() {
			at(this.thrower, "getQueueCapacity");
			return super.getQueueCapacity();
		}

	}

	public static class ThrowingService extends AbstractExecutorService {

		private final ExecutorService delegate = Executors.newSingleThreadExecutor();

		private final Thrower thrower;

		ThrowingService(Thrower thrower) {
			this.thrower = thrower;
		}

		@Override
		public void execute(Runnable task) {
			this.delegate.execute(task);
		}

		@Override
		public void shutdown() {
			this.delegate.shutdown();
		}

		@Override
		public List<Runnable> shutdownNow() {
			return this.delegate.shutdownNow();
		}

		@Override
		public boolean isShutdown() {
			return this.delegate.isShutdown();
		}

		@Override
		public boolean isTerminated() {
			at(this.thrower, "isTerminated");
			return this.delegate.isTerminated();
		}

		@Override
		public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
			return this.delegate.awaitTermination(timeout, unit);
		}

	}

	private static final class ThrowingThread extends Thread {

		private final @Nullable Thrower thrower;

		ThrowingThread(Runnable work, Thrower thrower) {
			super(work);
			this.thrower = thrower;
		}

		@Override
		@SuppressWarnings("deprecation")
		public long getId() {
			at(this.thrower, "getId");
			return super.getId();
		}

		@Override
		public State getState() {
			at(this.thrower, "getState");
			return super.getState();
		}

		@Override
		public StackTraceElement[] getStackTrace() {
			at(this.thrower, "getStackTrace");
			return super.getStackTrace();
		}

		@Override
		public boolean equals(Object other) {
			at(this.thrower, "equals");
			return super.equals(other);
		}

		@Override
		public int hashCode() {
			at(this.thrower, "hashCode");
			return super.hashCode();
		}

		@Override
		public String toString() {
			at(this.thrower, "toString");
			return super.toString();
		}

	}

	private record ThrowingFilter(String meter, Thrower thrower) implements MeterFilter {

		@Override
		public Meter.Id map(Meter.Id id) {
			at(id, "map");
			return id;
		}

		@Override
		public MeterFilterReply accept(Meter.Id id) {
			at(id, "accept");
			return MeterFilterReply.NEUTRAL;
		}

		@Override
		public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
			at(id, "configure");
			return config;
		}

		private void at(Meter.Id id, String call) {
			if (id.getName().equals(this.meter)) {
				this.thrower.at(call);
			}
		}

	}

}
