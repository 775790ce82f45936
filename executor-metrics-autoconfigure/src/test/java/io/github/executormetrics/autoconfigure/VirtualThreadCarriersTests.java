// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import io.github.executormetrics.actuate.ExecutorDescriptor.AdviceDescriptor;
import io.github.executormetrics.actuate.ExecutorDescriptor.CauseDescriptor;
import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what is said where virtual threads wait for a carrier, with the carriers of
 * this JVM.
 */
@Tag("live")
@EnabledForJreRange(min = JRE.JAVA_24)
class VirtualThreadCarriersTests {

	private static final int CARRIERS = Runtime.getRuntime().availableProcessors();

	private static final String ALL = ((CARRIERS == 1) ? "the only carrier" : "all " + CARRIERS + " carriers")
			+ " of virtual threads";

	// outside of the classes that wait for them: to ask there would wait, too
	private static final CountDownLatch RATES = new CountDownLatch(1);

	private static final CountDownLatch PRICES = new CountDownLatch(1);

	private final ApplicationContextRunner runner = Runners.with()
		.withConfiguration(AutoConfigurations.of(ExecutorVirtualThreadsAutoConfiguration.class))
		.withPropertyValues("executor-metrics.watch.interval=100ms", "executor-metrics.watch.grace=0s",
				"executor-metrics.limits.stall=1s", "management.endpoint.executors.show-stacks=always")
		.withUserConfiguration(OnVirtualThreads.class);

	@Test
	void whenAClassInitializerHoldsAllCarriersThenTheDetailNamesIt() {
		this.runner.run((context) -> {
			try {
				holdAll(context, "mails", Rates::use);
				CountDownLatch ended = submit(context, "mails", 5);
				CauseDescriptor stalled = awaitCause(context, "mails", "STALLED");
				assertThat(stalled.detail()).startsWith(ALL)
					.contains("Rates.load, in CountDownLatch.await (class initialization)");
				if (CARRIERS > 1) {
					assertThat(stalled.detail()).contains("(waits for class initialization");
				}
				AdviceDescriptor advice = Objects.requireNonNull(stalled.advice());
				assertThat(advice.text()).contains("static initializer");
				assertThat(advice.figures()).containsEntry("carriers", CARRIERS)
					.containsEntry("heldCarriers", (long) CARRIERS);
				assertThat(awaitCause(context, VirtualThreadSources.NAME, "DELAYED").detail()).startsWith(ALL)
					.contains("Rates.load, in CountDownLatch.await (class initialization)");
				RATES.countDown();
				Hold.await(ended);
			}
			finally {
				RATES.countDown();
			}
			awaitHealthy(context, "mails");
			awaitHealthy(context, VirtualThreadSources.NAME);
		});
	}

	// it has started nothing yet, so no virtual thread was seen there
	@Test
	void whenAnExecutorGetsNoCarrierForItsFirstTaskThenItSaysWhatHoldsThem() {
		this.runner.withPropertyValues("management.endpoint.executors.show-stacks=never").run((context) -> {
			try {
				holdAll(context, "mails", Prices::use);
				submit(context, "perTask", 1);
				submit(context, "letters", 1);
				String words = ALL + ((CARRIERS == 1) ? " is held" : " are held") + " (class initialization"
						+ ((CARRIERS == 1) ? ")" : ", waits for class initialization)");
				assertThat(awaitCause(context, "perTask", "STALLED").detail()).isEqualTo(words);
				assertThat(awaitCause(context, "letters", "STALLED").detail()).isEqualTo(words);
			}
			finally {
				PRICES.countDown();
			}
			awaitHealthy(context, "perTask");
			awaitHealthy(context, "letters");
		});
	}

	@Test
	void whenCarriersComputeThenNoneIsHeld() {
		this.runner.run((context) -> {
			AtomicBoolean released = new AtomicBoolean();
			CountDownLatch ended = new CountDownLatch(CARRIERS);
			try {
				for (int i = 0; i < CARRIERS; i++) {
					context.getBean("mails", Executor.class).execute(() -> {
						compute(released);
						ended.countDown();
					});
				}
				submit(context, "mails", 5);
				CauseDescriptor stalled = awaitCause(context, "mails", "STALLED");
				assertThat(stalled.detail()).startsWith(ALL + ((CARRIERS == 1) ? " computes" : " compute") + ": ")
					.contains("VirtualThreadCarriersTests.compute")
					.doesNotContain("held");
				assertThat(stalled.advice()).isNull();
			}
			finally {
				released.set(true);
			}
			Hold.await(ended);
			awaitHealthy(context, "mails");
		});
	}

	@Test
	void whenVirtualThreadsWaitWithoutACarrierThenCarriersAreNotMentioned() {
		this.runner.run((context) -> {
			Executor limited = context.getBean("limited", Executor.class);
			CountDownLatch release = new CountDownLatch(1);
			Thread submitter = new Thread(() -> limited.execute(() -> {
			}));
			try {
				limited.execute(() -> Hold.until(release));
				limited.execute(() -> Hold.until(release));
				submitter.start();
				assertThat(awaitCause(context, "limited", "STALLED").detail()).contains("CountDownLatch.await")
					.doesNotContain("carrier");
			}
			finally {
				release.countDown();
			}
			submitter.join();
		});
	}

	@Test
	void whenManyWaitWithoutACarrierThenNothingIsRaised() {
		this.runner.run((context) -> {
			CountDownLatch release = new CountDownLatch(1);
			CountDownLatch started = new CountDownLatch(10_000);
			try {
				for (int i = 0; i < 10_000; i++) {
					context.getBean("mails", Executor.class).execute(() -> {
						started.countDown();
						Hold.until(release);
					});
				}
				Hold.await(started);
				awaitHealthy(context, "mails");
				Ticks.await(context, 15);
				assertThat(Runners.shown(context, "mails").verdict()).isEqualTo("HEALTHY");
				assertThat(Runners.shown(context, VirtualThreadSources.NAME).verdict()).isEqualTo("HEALTHY");
			}
			finally {
				release.countDown();
			}
		});
	}

	private static void holdAll(ApplicationContext context, String name, Runnable pinned) {
		CountDownLatch started = new CountDownLatch(CARRIERS);
		for (int i = 0; i < CARRIERS; i++) {
			context.getBean(name, Executor.class).execute(() -> {
				started.countDown();
				pinned.run();
			});
		}
		Hold.await(started);
	}

	private static CountDownLatch submit(ApplicationContext context, String name, int tasks) {
		CountDownLatch ended = new CountDownLatch(tasks);
		for (int i = 0; i < tasks; i++) {
			context.getBean(name, Executor.class).execute(ended::countDown);
		}
		return ended;
	}

	private static CauseDescriptor awaitCause(ApplicationContext context, String name, String cause) {
		return Objects.requireNonNull(Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> cause(context, name, cause), Objects::nonNull));
	}

	private static @Nullable CauseDescriptor cause(ApplicationContext context, String name, String cause) {
		return Runners.shown(context, name)
			.causes()
			.stream()
			.filter((raised) -> raised.cause().equals(cause))
			.findFirst()
			.orElse(null);
	}

	private static void awaitHealthy(ApplicationContext context, String name) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(Runners.shown(context, name).verdict()).isEqualTo("HEALTHY"));
	}

	private static void compute(AtomicBoolean released) {
		while (!released.get()) {
			Thread.onSpinWait();
		}
	}

	/**
	 * Holds who uses it first until that is released, and all others with it.
	 */
	static final class Rates {

		static {
			load();
		}

		private static void load() {
			Hold.until(RATES);
		}

		static void use() {
		}

	}

	/**
	 * The same once more, since a class is initialized once.
	 */
	static final class Prices {

		static {
			Hold.until(PRICES);
		}

		static void use() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OnVirtualThreads {

		@Bean
		SimpleAsyncTaskExecutor mails() {
			return virtual("mail-");
		}

		@Bean
		SimpleAsyncTaskExecutor letters() {
			return virtual("letter-");
		}

		@Bean
		SimpleAsyncTaskExecutor limited() {
			SimpleAsyncTaskExecutor executor = virtual("limited-");
			executor.setConcurrencyLimit(2);
			return executor;
		}

		private static SimpleAsyncTaskExecutor virtual(String prefix) {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor(prefix);
			executor.setVirtualThreads(true);
			return executor;
		}

		@Bean
		ExecutorService perTask() throws ReflectiveOperationException {
			return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}

	}

}
