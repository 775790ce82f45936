// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import jdk.jfr.FlightRecorder;
import jdk.jfr.RecordingState;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.actuate.ExecutorDetailsDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.actuate.PinnedDescriptor;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.monitor.PinnedTasks.Pinned;
import io.github.executormetrics.task.RunningTask;
import io.github.executormetrics.task.TaskTotals;
import io.github.executormetrics.task.VirtualThreads;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of virtual threads: their scheduler, tasks that are pinned, and many in flight.
 */
@ExtendWith(OutputCaptureExtension.class)
class VirtualThreadsTests {

	private static final String SCHEDULER = VirtualThreadSources.NAME;

	private final ApplicationContextRunner runner = Runners.with()
		.withConfiguration(AutoConfigurations.of(ExecutorVirtualThreadsAutoConfiguration.class))
		.withPropertyValues("executor-metrics.watch.interval=100ms", "executor-metrics.watch.grace=0s",
				"management.endpoint.executors.show-stacks=always")
		.withUserConfiguration(Mails.class);

	@Test
	@EnabledForJreRange(max = JRE.JAVA_20)
	void whenTheJdkHasNoVirtualThreadsThenNothingIsListed() {
		this.runner.run((context) -> {
			assertThat(context.getBean(ExecutorRegistry.class).find(SCHEDULER)).isNull();
			assertThat(context.getBean(VirtualThreadSources.class).isRunning()).isFalse();
			assertThat(threads()).isEmpty();
			assertThat(VirtualThreads.isVirtual(Thread.currentThread())).isFalse();
			assertThat(VirtualThreads.start(() -> {
			})).isFalse();
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_24)
	void schedulerIsListedWithWhatTheJdkTellsOfIt(CapturedOutput output) {
		this.runner.run((context) -> {
			ExecutorDescriptor shown = Runners.read(context, SCHEDULER);
			assertThat(shown.origin()).isEqualTo("jdk");
			assertThat(shown.coverage()).isEqualTo("state");
			assertThat(shown.coverageReason()).contains("but not which");
			assertThat(Objects.requireNonNull(shown.workers()).limit())
				.isEqualTo(Runtime.getRuntime().availableProcessors());
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			Awaitility.await()
				.untilAsserted(
						() -> assertThat(meters.get("executor.worker.limit").tag("name", SCHEDULER).gauge().value())
							.isEqualTo(Runtime.getRuntime().availableProcessors()));
			assertThat(meters.getMeters()).noneMatch((meter) -> meter.getId().getName().startsWith("jvm.threads"));
			awaitListening();
		});
		assertThat(threads()).isEmpty();
		assertThat(Runners.warnings(output)).isEmpty();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_24)
	void whenCarriersComputeAndOthersWaitThenItIsNamed() {
		this.runner.withPropertyValues("executor-metrics.limits.stall=1s").run((context) -> {
			AtomicBoolean released = new AtomicBoolean();
			int carriers = Runtime.getRuntime().availableProcessors();
			CountDownLatch ended = new CountDownLatch(carriers + 5);
			try {
				for (int i = 0; i < carriers + 5; i++) {
					VirtualThreads.start(() -> {
						while (!released.get()) {
							Thread.onSpinWait();
						}
						ended.countDown();
					});
				}
				awaitVerdict(context, "DELAYED", "STALLED");
				assertThat(Objects.requireNonNull(Runners.shown(context, SCHEDULER).workers()).busy())
					.isGreaterThanOrEqualTo(carriers);
				awaitVerdict(context, "STALLED");
			}
			finally {
				released.set(true);
			}
			assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
			awaitVerdict(context, "HEALTHY");
		});
	}

	private static void awaitVerdict(ApplicationContext context, String... verdicts) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(Runners.shown(context, SCHEDULER).verdict()).isIn((Object[]) verdicts));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_24)
	void whenATaskIsPinnedThenItIsToldWithItsNameAndPlace() {
		this.runner.run((context) -> {
			SimpleAsyncTaskExecutor mails = context.getBean("mails", SimpleAsyncTaskExecutor.class);
			awaitListening();
			Runners.get(mails.submit(() -> PinnedTask.blocked));
			PinnedDescriptor pinned = awaitPinned(context, "mails");
			assertThat(pinned.count()).isEqualTo(1);
			assertThat(pinned.longestMillis()).isGreaterThanOrEqualTo(20);
			assertThat(pinned.last()).singleElement().satisfies((task) -> {
				assertThat(task.task()).isEqualTo(VirtualThreadsTests.class.getName());
				assertThat(task.thread()).startsWith("mail-");
				assertThat(task.place()).startsWith(VirtualThreadsTests.class.getName() + ".block:");
				assertThat(task.reason()).isNotEmpty();
			});
			Awaitility.await().untilAsserted(() -> assertThat(counted(context, "mails")).isEqualTo(1.0));
			assertThat(counted(context, SCHEDULER)).isZero();
			// it has none on a virtual thread
			assertThat(details(context, "plain").pinned()).isNull();
			assertThat(counted(context, "plain")).isNull();
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_24)
	void whenAThreadOfNoExecutorIsPinnedThenItCountsAtTheScheduler() {
		this.runner.withPropertyValues("management.endpoint.executors.show-stacks=never").run((context) -> {
			awaitListening();
			CountDownLatch ended = new CountDownLatch(1);
			VirtualThreads.start(() -> {
				if (PinnedThread.blocked) {
					ended.countDown();
				}
			});
			assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
			PinnedDescriptor pinned = awaitPinned(context, SCHEDULER);
			assertThat(pinned.last()).singleElement().satisfies((task) -> {
				assertThat(task.task()).isNull();
				assertThat(task.thread()).isNull();
				assertThat(task.place()).isNull();
			});
			Awaitility.await().untilAsserted(() -> assertThat(counted(context, SCHEDULER)).isEqualTo(1.0));
		});
	}

	@Test
	void whenSwitchedOffThenNothingIsListedOrHeard() {
		this.runner.withPropertyValues("executor-metrics.sources.virtual-threads=false").run((context) -> {
			assertThat(context.getBean(ExecutorRegistry.class).find(SCHEDULER)).isNull();
			assertThat(threads()).isEmpty();
			assertThat(details(context, "mails").pinned()).isNull();
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_24)
	void whenExcludedThenCoverageSaysSo() {
		this.runner.withPropertyValues("executor-metrics.exclude=virtual*").run((context) -> {
			assertThat(Runners.shown(context, SCHEDULER).coverage()).isEqualTo("none");
			assertThat(details(context, SCHEDULER).pinned()).isNull();
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_24)
	void whenJfrIsAbsentThenTheSchedulerIsListedWithoutPinnedTasks() {
		this.runner.withClassLoader(new FilteredClassLoader("jdk.jfr")).run((context) -> {
			assertThat(Runners.shown(context, SCHEDULER).coverage()).isEqualTo("state");
			assertThat(details(context, SCHEDULER).pinned()).isNull();
			assertThat(threads()).isEmpty();
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_24)
	void whenBeansAreLazyThenTheSchedulerIsListed() {
		this.runner.withPropertyValues("spring.main.lazy-initialization=true")
			.run((context) -> assertThat(Runners.shown(context, SCHEDULER).coverage()).isEqualTo("state"));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenClosedThenNothingIsLeft() {
		this.runner.run((context) -> {
			ExecutorRegistry registry = context.getBean(ExecutorRegistry.class);
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(registry.find(SCHEDULER)).isNotNull();
			context.close();
			assertThat(registry.find(SCHEDULER)).isNull();
			assertThat(meters.find("executor.worker.busy").meters()).isEmpty();
			assertThat(meters.find("executor.task.pinned").meters()).isEmpty();
			assertThat(threads()).isEmpty();
		});
	}

	// the count began anew, and the meter went on with the one before
	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenStoppedAndStartedAgainThenWhatWasCountedStays() {
		this.runner.run((context) -> {
			Runners.get(context.getBean("mails", SimpleAsyncTaskExecutor.class).submit(() -> "done"));
			List<String> names = List.of("mails", SCHEDULER);
			names.forEach((name) -> pin(context, name));
			Awaitility.await()
				.untilAsserted(
						() -> assertThat(names).allSatisfy((name) -> assertThat(counted(context, name)).isOne()));
			context.getSourceApplicationContext().stop();
			context.getSourceApplicationContext().start();
			names.forEach((name) -> pin(context, name));
			Awaitility.await()
				.untilAsserted(
						() -> assertThat(names).allSatisfy((name) -> assertThat(counted(context, name)).isEqualTo(2)));
			assertThat(details(context, "mails").pinned())
				.satisfies((pinned) -> assertThat(pinned.count()).isEqualTo(2));
		});
	}

	private static void pin(ApplicationContext context, String name) {
		MonitoredExecutor executor = Objects.requireNonNull(context.getBean(ExecutorRegistry.class).find(name));
		Objects.requireNonNull(executor.pinned()).add(new Pinned(Instant.now(), 1, null, "any", null, null));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenTheJdkTellsNothingOfItsSchedulerThenPinnedTasksAreCountedAllTheSame() {
		this.runner.withPropertyValues("executor-metrics.sources.virtual-threads=false").run((context) -> {
			VirtualThreadSources sources = context.getBean(VirtualThreadSources.class);
			sources.start(null);
			assertThat(Runners.shown(context, SCHEDULER).coverage()).isEqualTo("none");
			assertThat(Runners.shown(context, SCHEDULER).coverageReason()).contains("before JDK 24");
			assertThat(details(context, SCHEDULER).pinned()).isNotNull();
			Awaitility.await().untilAsserted(() -> assertThat(counted(context, SCHEDULER)).isZero());
			assertThat(context.getBean(MeterRegistry.class).find("executor.worker.busy").tag("name", SCHEDULER).gauge())
				.isNull();
			sources.stop();
			assertThat(context.getBean(MeterRegistry.class).find("executor.task.pinned").tag("name", SCHEDULER).meter())
				.isNull();
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenAHundredThousandAreInFlightThenCountsAreExactAndDetailIsBounded() {
		this.runner.run((context) -> {
			SimpleAsyncTaskExecutor mails = context.getBean("mails", SimpleAsyncTaskExecutor.class);
			inFlight(context, "mails", mails::execute);
			assertThat(details(context, "mails").pinned()).isNotNull();
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenAHundredThousandAreInFlightOnTheJdksOwnExecutorThenCountsAreExactAndDetailIsBounded() {
		this.runner.withUserConfiguration(PerTask.class).run((context) -> {
			ExecutorService executor = context.getBean("perTask", ExecutorService.class);
			inFlight(context, "perTask", executor::execute);
		});
	}

	private static void inFlight(ApplicationContext context, String name, java.util.concurrent.Executor executor)
			throws InterruptedException {
		int tasks = 100_000;
		CountDownLatch started = new CountDownLatch(tasks);
		CountDownLatch release = new CountDownLatch(1);
		for (int i = 0; i < tasks; i++) {
			executor.execute(() -> {
				started.countDown();
				Hold.until(release);
			});
		}
		assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
		ExecutorDescriptor.TasksDescriptor counts = Runners.tasks(context, name);
		assertThat(counts.submitted()).isEqualTo(tasks);
		assertThat(counts.active()).isEqualTo(tasks);
		Ticks.await(context, 2);
		int busy = Objects.requireNonNull(Runners.shown(context, name).workers()).busy();
		var recorder = Objects.requireNonNull(context.getBean(ExecutorRegistry.class).find(name)).recorder();
		List<RunningTask> told = recorder.runningTasks(System.nanoTime());
		assertThat(told).hasSizeBetween(1, 256);
		// those in the table go first, and one that found no place in it goes on
		TaskTotals later = recorder.totals(System.nanoTime() + TimeUnit.MINUTES.toNanos(2));
		assertThat(later.seen()).isEqualTo(tasks);
		assertThat(later.runningNanos() / tasks).isGreaterThan(TimeUnit.SECONDS.toNanos(119));
		assertThat(details(context, name).running().oldestMillis()).isPositive();
		release.countDown();
		assertThat(busy).isEqualTo(tasks);
		Awaitility.await().untilAsserted(() -> assertThat(Runners.tasks(context, name).completed()).isEqualTo(tasks));
		assertThat(Runners.tasks(context, name).active()).isZero();
		assertThat(details(context, name).running().tasks()).isZero();
	}

	private static void awaitListening() {
		// it hears from then on what is pinned
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> FlightRecorder.getFlightRecorder()
				.getRecordings()
				.stream()
				.anyMatch((recording) -> recording.getState() == RecordingState.RUNNING));
	}

	private static PinnedDescriptor awaitPinned(ApplicationContext context, String name) {
		return Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> Objects.requireNonNull(details(context, name).pinned()), (pinned) -> pinned.count() > 0);
	}

	private static ExecutorDetailsDescriptor details(ApplicationContext context, String name) {
		return Objects.requireNonNull(context.getBean(ExecutorsEndpoint.class).executor(name));
	}

	private static @Nullable Double counted(ApplicationContext context, String name) {
		FunctionCounter counter = context.getBean(MeterRegistry.class)
			.find("executor.task.pinned")
			.tag("name", name)
			.functionCounter();
		return (counter != null) ? counter.count() : null;
	}

	private static List<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals(VirtualThreadSources.THREAD))
			.toList();
	}

	private static boolean block() {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
		while (System.nanoTime() < end) {
			LockSupport.parkNanos(end - System.nanoTime());
		}
		return true;
	}

	/**
	 * Pins who uses it first, on every JDK: the VM calls its initializer.
	 */
	static final class PinnedTask {

		static boolean blocked = block();

	}

	/**
	 * The same once more, since a class is initialized once.
	 */
	static final class PinnedThread {

		static boolean blocked = block();

	}

	@Configuration(proxyBeanMethods = false)
	static class Mails {

		@Bean
		SimpleAsyncTaskExecutor mails() {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("mail-");
			executor.setVirtualThreads(VirtualThreads.areKnown());
			return executor;
		}

		@Bean
		ExecutorService plain() {
			return Executors.newFixedThreadPool(1);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PerTask {

		@Bean
		ExecutorService perTask() throws ReflectiveOperationException {
			return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}

	}

}
