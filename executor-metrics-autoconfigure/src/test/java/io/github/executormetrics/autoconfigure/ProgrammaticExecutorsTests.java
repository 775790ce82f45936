// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ExecutorServiceMetrics;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.ExecutorMetrics;
import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Executors that the application makes by hand and hands in.
 */
@ExtendWith(OutputCaptureExtension.class)
class ProgrammaticExecutorsTests {

	private static final String NAME = "byHand";

	private final ApplicationContextRunner runner = Runners.with()
		.withConfiguration(AutoConfigurations.of(ProgrammaticExecutorsAutoConfiguration.class))
		.withPropertyValues("executor-metrics.watch.interval=20ms", "executor-metrics.watch.window=200ms");

	/** Where nothing is seen but what is seen at once. */
	private final ApplicationContextRunner unwatched = this.runner
		.withPropertyValues("executor-metrics.watch.interval=1h", "executor-metrics.watch.window=1h");

	private static ThreadPoolExecutor pool() {
		return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
	}

	private static ExecutorMetrics metrics(ApplicationContext context) {
		return context.getBean(ExecutorMetrics.class);
	}

	private static boolean isKnown(ApplicationContext context) {
		boolean known = context.getBean(ExecutorRegistry.class).find(NAME) != null;
		boolean metered = !context.getBean(MeterRegistry.class)
			.find("executor.worker.busy")
			.tag("name", NAME)
			.meters()
			.isEmpty();
		assertThat(metered).isEqualTo(known);
		return known;
	}

	private static void awaitGone(ApplicationContext context) {
		Awaitility.await()
			.atMost(20, TimeUnit.SECONDS)
			.until(() -> context.getBean(ExecutorRegistry.class).find(NAME) == null);
		Awaitility.await()
			.until(() -> context.getBean(MeterRegistry.class)
				.getMeters()
				.stream()
				.noneMatch((meter) -> NAME.equals(meter.getId().getTag("name"))));
	}

	static Stream<ExecutorService> services() {
		return Stream.of(pool(), new ScheduledThreadPoolExecutor(1), Executors.newSingleThreadExecutor(),
				Executors.newSingleThreadScheduledExecutor(), new ForkJoinPool(1), new UsersPool(),
				Executors.unconfigurableExecutorService(pool()));
	}

	@ParameterizedTest
	@MethodSource("services")
	void monitorWhenItIsAServiceThenItIsMeteredUntilShutdownReturns(ExecutorService executor) {
		this.unwatched.run((context) -> {
			ExecutorService monitored = (executor instanceof ScheduledExecutorService scheduled)
					? metrics(context).monitor(scheduled, NAME) : metrics(context).monitor(executor, NAME);
			if (executor instanceof ThreadPoolExecutor) {
				assertThat(monitored).isInstanceOf(ThreadPoolExecutor.class);
			}
			assertThat(monitored.submit(() -> "done").get(20, TimeUnit.SECONDS)).isEqualTo("done");
			Awaitility.await().untilAsserted(() -> assertThat(Runners.tasks(context, NAME).completed()).isEqualTo(1));
			ExecutorDescriptor shown = Runners.shown(context, NAME);
			assertThat(shown.origin()).isEqualTo("programmatic");
			assertThat(shown.type()).isEqualTo(executor.getClass().getName());
			assertThat(shown.coverage()).isEqualTo("tasks");
			assertThat(isKnown(context)).isTrue();
			monitored.shutdown();
			assertThat(monitored.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
			assertThat(isKnown(context)).isFalse();
			assertThat(meters(context)).isEmpty();
		});
	}

	@ParameterizedTest
	@MethodSource("services")
	void monitorWhenItHasTerminatedAsShutdownReturnsThenItIsGoneAtOnce(ExecutorService executor) {
		this.unwatched.run((context) -> {
			ExecutorService monitored = metrics(context).monitor(executor, NAME);
			monitored.shutdown();
			// some end their workers in passing
			assertThat(isKnown(context)).isNotEqualTo(monitored.isTerminated());
			monitored.shutdownNow();
			assertThat(isKnown(context)).isNotEqualTo(monitored.isTerminated());
		});
	}

	@ParameterizedTest
	@MethodSource("services")
	void monitorWhenItIsClosedThenItIsGoneAtOnce(ExecutorService executor) {
		this.unwatched.run((context) -> {
			ExecutorService monitored = metrics(context).monitor(executor, NAME);
			monitored.execute(() -> {
			});
			if ((Object) monitored instanceof AutoCloseable closeable && (Object) executor instanceof AutoCloseable) {
				closeable.close();
				assertThat(isKnown(context)).isFalse();
			}
			else {
				executor.shutdownNow();
			}
		});
	}

	private static List<String> meters(ApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.filter((meter) -> NAME.equals(meter.getId().getTag("name")))
			.map((meter) -> meter.getId().getName())
			.toList();
	}

	// the last tasks of a pool were never counted, since it went with the call
	@ParameterizedTest
	@MethodSource("services")
	void monitorWhenTasksRunAfterShutdownThenTheyAreCountedBeforeItGoes(ExecutorService executor) {
		this.runner.run((context) -> {
			ExecutorService monitored = metrics(context).monitor(executor, NAME);
			CountDownLatch release = new CountDownLatch(1);
			monitored.submit(() -> release.await(1, TimeUnit.MINUTES));
			monitored.submit(() -> "queued");
			var entry = Objects.requireNonNull(context.getBean(ExecutorRegistry.class).find(NAME));
			monitored.shutdown();
			ExecutorWatch watch = context.getBean(ExecutorWatch.class);
			long ticks = watch.ticks();
			Awaitility.await().until(() -> watch.ticks() > ticks + 2);
			assertThat(isKnown(context)).isTrue();
			release.countDown();
			awaitGone(context);
			assertThat(entry.recorder().totals(System.nanoTime()).completed()).isEqualTo(2);
		});
	}

	// whoever else holds the service shut it down, and it was shown for ever
	@ParameterizedTest
	@MethodSource("services")
	void monitorWhenTheServiceItselfIsShutDownThenItGoes(ExecutorService executor) {
		this.runner.run((context) -> {
			ExecutorService monitored = metrics(context).monitor(executor, NAME);
			monitored.execute(() -> {
			});
			executor.shutdown();
			awaitGone(context);
		});
	}

	@Test
	void monitorWhenSpringsExecutorIsShutDownThenItGoesAndMayBeginAnew() {
		this.runner.run((context) -> {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.initialize();
			ThreadPoolTaskExecutor monitored = (ThreadPoolTaskExecutor) metrics(context).monitor(executor, NAME);
			assertThat(Runners.get(monitored.submit(() -> "done"))).isEqualTo("done");
			monitored.shutdown();
			awaitGone(context);
			executor.initialize();
			assertThat(metrics(context).monitor(monitored, "again")).isSameAs(executor);
			assertThat(Runners.get(executor.submit(() -> "done"))).isEqualTo("done");
			Awaitility.await()
				.untilAsserted(() -> assertThat(Runners.tasks(context, "again").completed()).isEqualTo(1));
			assertThat(context.getBean(ExecutorRegistry.class).find("again")).isNotNull();
			executor.shutdown();
		});
	}

	@Test
	void monitorWhenASimpleAsyncTaskExecutorIsClosedThenItGoesWithItsLastTask() {
		this.runner.run((context) -> {
			SimpleAsyncTaskExecutor executor = (SimpleAsyncTaskExecutor) metrics(context)
				.monitor((Executor) new SimpleAsyncTaskExecutor(), NAME);
			CountDownLatch release = new CountDownLatch(1);
			executor.execute(() -> await(release));
			executor.close();
			ExecutorWatch watch = context.getBean(ExecutorWatch.class);
			long ticks = watch.ticks();
			Awaitility.await().until(() -> watch.ticks() > ticks + 2);
			// it is held weakly, as its name would be
			assertThat(executor.isActive()).isFalse();
			assertThat(isKnown(context)).isTrue();
			release.countDown();
			awaitGone(context);
		});
	}

	private static void await(CountDownLatch release) {
		try {
			release.await(1, TimeUnit.MINUTES);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	// what an application had dropped was kept for its meters
	@Test
	void monitorWhenTheExecutorIsDroppedThenItGoes() {
		this.runner.run((context) -> {
			WeakReference<Executor> dropped = new WeakReference<>(monitorNew(context));
			Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> {
				System.gc();
				return dropped.get() == null;
			});
			awaitGone(context);
		});
	}

	private static Executor monitorNew(ApplicationContext context) {
		List<Runnable> ran = new ArrayList<>();
		Executor monitored = metrics(context).monitor((task) -> {
			ran.add(task);
			task.run();
		}, NAME);
		monitored.execute(() -> {
		});
		assertThat(ran).hasSize(1);
		assertThat(isKnown(context)).isTrue();
		return monitored;
	}

	@Test
	void forgetWhenItIsKnownThenItsNameIsFreeAndItRunsOn() throws Exception {
		this.unwatched.run((context) -> {
			ThreadPoolExecutor raw = pool();
			ExecutorService monitored = metrics(context).monitor(raw, NAME);
			assertThat(metrics(context).forget(NAME)).isTrue();
			assertThat(metrics(context).forget(NAME)).isFalse();
			assertThat(isKnown(context)).isFalse();
			assertThat(Runners.run(monitored, () -> "runs on")).isEqualTo("runs on");
			ExecutorService other = metrics(context).monitor(pool(), NAME);
			assertThat(isKnown(context)).isTrue();
			for (String name : new String[] { "raw", "monitored" }) {
				ExecutorService again = metrics(context).monitor("raw".equals(name) ? raw : monitored, name);
				assertThat(Runners.run(again, () -> "counted")).isEqualTo("counted");
				Awaitility.await()
					.untilAsserted(() -> assertThat(Runners.tasks(context, name).completed()).isEqualTo(1));
				assertThat(metrics(context).forget(name)).isTrue();
			}
			other.shutdownNow();
			raw.shutdownNow();
		});
	}

	// it was told that its tasks are counted at the one that was forgotten
	@Test
	void forgetWhenThePoolInsideIsHandedInNextThenItsTasksAreSeen() {
		ThreadPoolTaskExecutor tasks = new ThreadPoolTaskExecutor();
		tasks.initialize();
		this.unwatched.run((context) -> {
			Runners.run(metrics(context).monitor(tasks, "around"), () -> "done");
			assertThat(metrics(context).forget("around")).isTrue();
			Executor monitored = metrics(context).monitor(tasks.getThreadPoolExecutor(), NAME);
			Runners.run(monitored, () -> "done");
			Awaitility.await().untilAsserted(() -> assertThat(Runners.tasks(context, NAME).completed()).isEqualTo(1));
		});
		tasks.shutdown();
	}

	@Test
	void forgetWhenItIsABeanThenNothingIsForgotten() {
		this.unwatched.withBean("bean", ThreadPoolExecutor.class, ProgrammaticExecutorsTests::pool).run((context) -> {
			assertThat(metrics(context).forget("bean")).isFalse();
			assertThat(metrics(context).forget("nobody")).isFalse();
			assertThat(Runners.shown(context, "bean").coverage()).isEqualTo("tasks");
		});
	}

	@Test
	void monitorWhenItIsKnownByThatNameThenReturnsTheSame() {
		this.unwatched.run((context) -> {
			ThreadPoolExecutor raw = pool();
			ExecutorService monitored = metrics(context).monitor(raw, NAME);
			assertThat(metrics(context).monitor(raw, NAME)).isSameAs(monitored).isNotSameAs(raw);
			assertThat(metrics(context).monitor(monitored, NAME)).isSameAs(monitored);
			assertThat(metrics(context).monitor((Executor) raw, NAME)).isSameAs(monitored);
			for (Executor executor : new Executor[] { raw, monitored }) {
				assertThatIllegalStateException().isThrownBy(() -> metrics(context).monitor(executor, "other"))
					.withMessageContaining("'other'")
					.withMessageContaining("already monitored as 'byHand'");
			}
			raw.shutdownNow();
		});
	}

	// two pools were counted together, or one took the meters of the other
	@Test
	void monitorWhenAnotherHasTheNameThenTheErrorNamesBoth() {
		this.unwatched.withBean("bean", ThreadPoolExecutor.class, ProgrammaticExecutorsTests::pool).run((context) -> {
			metrics(context).monitor(Runnable::run, NAME);
			assertThatIllegalStateException().isThrownBy(() -> metrics(context).monitor(new ForkJoinPool(1), NAME))
				.withMessageContaining(ForkJoinPool.class.getName())
				.withMessageContaining("programmatic executor 'byHand' (" + ProgrammaticExecutorsTests.class.getName());
			assertThatIllegalStateException().isThrownBy(() -> metrics(context).monitor(new ForkJoinPool(1), "bean"))
				.withMessageContaining("bean executor 'bean' (" + ThreadPoolExecutor.class.getName());
		});
	}

	@Test
	void monitorWhenABeanYetToComeHasTheNameThenTheErrorSaysSo() {
		this.unwatched.withBean("client", Client.class)
			.withBean(NAME, ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("'byHand'")
				.hasMessageContaining("that is the name of a bean"));
	}

	@Test
	void monitorWhenItIsABeanThenTheErrorNamesTheBean() {
		ThreadPoolExecutor raw = pool();
		this.unwatched.withBean("bean", ThreadPoolExecutor.class, () -> raw)
			.withBean("tasks", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.run((context) -> {
				ThreadPoolExecutor beneath = context.getBean(ThreadPoolTaskExecutor.class).getThreadPoolExecutor();
				for (ExecutorService executor : List.of(raw, context.getBean("bean", ExecutorService.class))) {
					assertThatIllegalStateException().isThrownBy(() -> metrics(context).monitor(executor, NAME))
						.withMessageContaining("'byHand'")
						.withMessageContaining("it is already the bean executor 'bean'");
				}
				assertThatIllegalStateException().isThrownBy(() -> metrics(context).monitor(beneath, NAME))
					.withMessageContaining("it is already the bean executor 'tasks'");
			});
	}

	@Test
	void monitorWhenTheNameIsBlankThenSaysWhatItIsFor() {
		for (String switchedOn : new String[] { "true", "false" }) {
			this.unwatched.withPropertyValues("executor-metrics.enabled=" + switchedOn).run((context) -> {
				for (String name : new @Nullable String[] { null, "", " " }) {
					assertThatIllegalArgumentException().isThrownBy(() -> metrics(context).monitor(Runnable::run, name))
						.withMessageContaining("must not be null or blank")
						.withMessageContaining("tag 'name'");
				}
			});
		}
	}

	@Test
	void monitorWhenTwoWantOneNameAtOnceThenOneGetsIt() {
		this.unwatched.run((context) -> {
			for (int round = 0; round < 50; round++) {
				String name = "round" + round;
				CyclicBarrier barrier = new CyclicBarrier(2);
				List<FutureTask<Boolean>> contenders = Stream.generate(() -> new FutureTask<>(() -> {
					barrier.await();
					return isMonitored(context, name);
				})).limit(2).toList();
				contenders.forEach((contender) -> new Thread(contender).start());
				assertThat(Runners.get(contenders.get(0))).isNotEqualTo(Runners.get(contenders.get(1)));
			}
		});
	}

	private static boolean isMonitored(ApplicationContext context, String name) {
		try {
			// not the one instance of a lambda that captures nothing
			metrics(context).monitor(new SimpleAsyncTaskExecutor(name)::execute, name);
			return true;
		}
		catch (IllegalStateException ex) {
			assertThat(ex).hasMessageContaining("that is the name of");
			return false;
		}
	}

	@Test
	void monitorWhenSwitchedOffAsAWholeThenReturnsTheExecutor() {
		this.unwatched.withPropertyValues("executor-metrics.enabled=false").run((context) -> {
			assertReturnsTheExecutor(context);
			assertThat(context).doesNotHaveBean(ExecutorRegistry.class);
		});
	}

	private static void assertReturnsTheExecutor(ApplicationContext context) {
		assertReturnsTheExecutor(metrics(context));
	}

	private static void assertReturnsTheExecutor(ExecutorMetrics metrics) {
		ScheduledThreadPoolExecutor raw = new ScheduledThreadPoolExecutor(1);
		assertThat(metrics.monitor((Executor) raw, NAME)).isSameAs(raw);
		assertThat(metrics.monitor((ExecutorService) raw, NAME)).isSameAs(raw);
		assertThat(metrics.monitor((ScheduledExecutorService) raw, NAME)).isSameAs(raw);
		assertThat(metrics.forget(NAME)).isFalse();
	}

	@Test
	void monitorWhenItHasTerminatedThenReturnsTheExecutor() {
		this.unwatched.run((context) -> {
			ThreadPoolExecutor raw = pool();
			raw.shutdown();
			assertThat(metrics(context).monitor(raw, NAME)).isSameAs(raw);
			assertThat(isKnown(context)).isFalse();
		});
	}

	@Test
	void monitorWhenTheContextHasClosedThenReturnsTheExecutor() {
		this.unwatched.run((context) -> {
			ExecutorMetrics metrics = metrics(context);
			ThreadPoolExecutor raw = pool();
			ExecutorService monitored = metrics.monitor(raw, NAME);
			context.close();
			assertReturnsTheExecutor(metrics);
			assertThat(metrics.monitor(monitored, NAME)).isSameAs(monitored);
			assertThat(Runners.run(monitored, () -> "runs on")).isEqualTo("runs on");
			raw.shutdownNow();
		});
	}

	@Test
	void monitorWhenAPoolRefusesAThreadFactoryThenItsTasksAreSeen() {
		ThreadPoolExecutor raw = new FixedFactoryPool();
		this.unwatched.run((context) -> {
			ExecutorService monitored = metrics(context).monitor(raw, NAME);
			assertThat(Runners.run(monitored, () -> "done")).isEqualTo("done");
			Awaitility.await().untilAsserted(() -> assertThat(Runners.tasks(context, NAME).completed()).isEqualTo(1));
			assertThat(Runners.shown(context, NAME).coverage()).isEqualTo("tasks");
		});
		raw.shutdownNow();
	}

	@ParameterizedTest
	@MethodSource("services")
	void shutdownWhenAListenerOfTheMetersThrowsThenItDoesNot(ExecutorService executor) {
		this.unwatched.run((context) -> {
			ExecutorService monitored = metrics(context).monitor(executor, NAME);
			context.getBean(MeterRegistry.class).config().onMeterRemoved((meter) -> {
				throw new IllegalStateException("on purpose");
			});
			monitored.shutdown();
			assertThat(monitored.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		});
	}

	// its threads, which live on, held the meters of each context that it had outlived
	@Test
	void whenTheContextHasClosedThenAPoolThatOutlivesItHoldsNothingOfIt() {
		ThreadPoolExecutor raw = pool();
		List<WeakReference<?>> held = new ArrayList<>();
		this.unwatched.run((context) -> {
			ExecutorService monitored = metrics(context).monitor(raw, NAME);
			assertThat(Runners.run(monitored, () -> "done")).isEqualTo("done");
			held.add(new WeakReference<>(context.getBean(MeterRegistry.class)));
			held.add(new WeakReference<>(context.getSourceApplicationContext()));
		});
		Awaitility.await().untilAsserted(() -> {
			System.gc();
			assertThat(held).map(WeakReference::get).containsOnlyNulls();
		});
		assertThat(raw.getPoolSize()).isOne();
		raw.shutdownNow();
	}

	// a pool that outlives a context was lost to the next one, or counted by both
	@Test
	void monitorWhenTheContextIsOpenedAgainThenItIsMeteredAnew() {
		ThreadPoolExecutor raw = pool();
		for (int i = 0; i < 2; i++) {
			this.unwatched.run((context) -> {
				ExecutorService monitored = metrics(context).monitor(raw, NAME);
				assertThat(Runners.run(monitored, () -> "done")).isEqualTo("done");
				Awaitility.await()
					.untilAsserted(() -> assertThat(Runners.tasks(context, NAME).completed()).isEqualTo(1));
			});
		}
		raw.shutdownNow();
	}

	@ParameterizedTest
	@MethodSource("leaving")
	void monitorWhenTheNameIsLeftAloneThenSaysSoAndGoesAtTheEnd(String property) {
		this.runner.withPropertyValues(property).run((context) -> {
			ThreadPoolExecutor raw = pool();
			assertThat(metrics(context).monitor(raw, NAME)).isSameAs(raw);
			ExecutorDescriptor shown = Runners.shown(context, NAME);
			assertThat(shown.coverage()).isEqualTo("none");
			assertThat(shown.origin()).isEqualTo("programmatic");
			assertThat(metrics(context).monitor(raw, NAME)).isSameAs(raw);
			ExecutorWatch watch = context.getBean(ExecutorWatch.class);
			long ticks = watch.ticks();
			Awaitility.await().until(() -> watch.ticks() > ticks + 2);
			assertThat(Runners.shown(context, NAME).coverage()).isEqualTo("none");
			assertThat(meters(context)).isEmpty();
			raw.shutdownNow();
			awaitGone(context);
		});
	}

	static Stream<String> leaving() {
		return Stream.of("executor-metrics.exclude=by*", "executor-metrics.executors.byHand.enabled=false");
	}

	@Test
	void monitorWhenLimitsAreSetForTheNameThenTheyApply() {
		this.unwatched.withPropertyValues("executor-metrics.executors.byHand.limits.stall=7s").run((context) -> {
			Executor monitored = metrics(context).monitor(Runnable::run, NAME);
			var details = Objects.requireNonNull(context.getBean(ExecutorsEndpoint.class).executor(NAME));
			assertThat(details.limits().stallMillis()).isEqualTo(7000);
			assertThat(monitored).isNotNull();
		});
	}

	@Test
	void monitorWhenABeanCallsItWhileTheContextStartsThenItIsMetered() {
		for (boolean lazy : new boolean[] { false, true }) {
			this.unwatched.withInitializer((context) -> {
				if (lazy) {
					context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
				}
			}).withBean(Client.class).run((context) -> {
				Client client = context.getBean(Client.class);
				assertThat(Runners.run(client.executor, () -> "done")).isEqualTo("done");
				assertThat(Runners.tasks(context, NAME).completed()).isEqualTo(1);
				assertThat(isKnown(context)).isTrue();
			});
		}
	}

	// an override for a pool that a runner makes was warned of as unknown
	@Test
	void monitorWhenARunnerCallsItThenItsOverrideIsNoUnknownOne(CapturedOutput output) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Running.class)
			.web(WebApplicationType.NONE)
			.properties("spring.config.name=none", "executor-metrics.executors.byHand.limits.stall=7s",
					"executor-metrics.executors.misspelt.limits.stall=7s")
			.run()) {
			assertThat(context.getBean(ExecutorRegistry.class).find(NAME)).isNotNull();
		}
		assertThat(Runners.warnings(output)).singleElement()
			.satisfies((line) -> assertThat(line).contains("[misspelt]").contains("[byHand]"));
	}

	@Test
	void startWhenTheUserHasOneThenItWins() {
		ExecutorMetrics own = new ProgrammaticExecutorsAutoConfiguration.Unmetered();
		this.unwatched.withBean(ExecutorMetrics.class, () -> own)
			.run((context) -> assertThat(metrics(context)).isSameAs(own));
	}

	// a bean of that name stopped the start: ours was to override it
	@Test
	void startWhenTheUserHasABeanNamedAlikeThenBothAreThere() {
		this.unwatched.withUserConfiguration(NamedAlike.class)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ExecutorMetrics.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class NamedAlike {

		@Bean
		ExecutorServiceMetrics executorMetrics() {
			return new ExecutorServiceMetrics(pool(), "users", Tags.empty());
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ExecutorMetricsAutoConfiguration.class, ProgrammaticExecutorsAutoConfiguration.class })
	static class Running {

		@Bean
		ApplicationRunner runner(ExecutorMetrics metrics) {
			return (arguments) -> metrics.monitor(Runnable::run, NAME);
		}

	}

	static final class Client {

		final Executor executor;

		Client(ExecutorMetrics metrics) {
			this.executor = metrics.monitor(Runnable::run, NAME);
		}

	}

	/** Whose threads nobody is to change. */
	static class FixedFactoryPool extends ThreadPoolExecutor {

		FixedFactoryPool() {
			super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		}

		@Override
		public void setThreadFactory(ThreadFactory factory) {
			throw new UnsupportedOperationException("fixed");
		}

	}

	/**
	 * A class of the user's, which a proxy takes the place of.
	 */
	static class UsersPool extends ThreadPoolExecutor {

		UsersPool() {
			super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		}

	}

}
