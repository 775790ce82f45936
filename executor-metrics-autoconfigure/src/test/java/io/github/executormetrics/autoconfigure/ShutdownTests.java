// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.actuate.ExecutorsEndpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An application closes as it did.
 */
@ExtendWith(OutputCaptureExtension.class)
class ShutdownTests {

	private static final UnaryOperator<ApplicationContextRunner> WITH_US = (runner) -> runner
		.withConfiguration(Runners.OURS);

	// the wrapper did not know of awaitTermination, and queued tasks were lost
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void closeWhenTasksAreToCompleteThenQueuedTasksRunBeforeItReturns(boolean waiting) {
		assertThat(queuedTasksRunOnClose(waiting, UnaryOperator.identity())).isEqualTo(waiting ? 3 : 0);
		assertThat(queuedTasksRunOnClose(waiting, WITH_US)).isEqualTo(waiting ? 3 : 0);
	}

	private static int queuedTasksRunOnClose(boolean waiting, UnaryOperator<ApplicationContextRunner> variant) {
		AtomicInteger ran = new AtomicInteger();
		CountDownLatch closing = new CountDownLatch(1);
		variant.apply(Runners.without()).withBean("executor", ThreadPoolTaskExecutor.class, () -> {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setWaitForTasksToCompleteOnShutdown(waiting);
			executor.setAwaitTerminationSeconds(10);
			// without this the lifecycle waits for running tasks before the shutdown
			executor.setAcceptTasksAfterContextClose(true);
			return executor;
		}).run((context) -> {
			ThreadPoolTaskExecutor executor = context.getBean(ThreadPoolTaskExecutor.class);
			CountDownLatch started = new CountDownLatch(1);
			executor.execute(() -> {
				started.countDown();
				awaitQuietly(closing, executor.getThreadPoolExecutor()::isShutdown);
			});
			for (int i = 0; i < 3; i++) {
				executor.execute(ran::incrementAndGet);
			}
			assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
			((ConfigurableApplicationContext) context.getSourceApplicationContext()).close();
			assertThat(executor.getThreadPoolExecutor().isTerminated()).isTrue();
		});
		return ran.get();
	}

	/**
	 * Hold the worker until the pool is shut down, or interrupted for it.
	 */
	private static void awaitQuietly(CountDownLatch latch, BooleanSupplier shutdown) {
		try {
			while (!shutdown.getAsBoolean() && !latch.await(1, TimeUnit.MILLISECONDS)) {
				Thread.onSpinWait();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	// the phases of SmartLifecycle were those of the wrapper
	@Test
	void closeWhenExecutorHasPhaseThenStartsAndStopsInSameOrderAsWithoutUs() {
		List<String> without = lifecycle(UnaryOperator.identity());
		assertThat(without).containsExactly("start early", "start executor", "start late", "stop late", "stop executor",
				"stop early", "destroy executor");
		assertThat(lifecycle(WITH_US)).isEqualTo(without);
	}

	private static List<String> lifecycle(UnaryOperator<ApplicationContextRunner> variant) {
		List<String> events = Collections.synchronizedList(new ArrayList<>());
		variant.apply(Runners.without())
			.withBean("late", Phased.class, () -> new Phased("late", 20, events))
			.withBean("executor", TellingExecutor.class, () -> new TellingExecutor(events))
			.withBean("early", Phased.class, () -> new Phased("early", 1, events))
			.run((context) -> assertThat(context.getBean(TellingExecutor.class).getPhase()).isEqualTo(10));
		return events;
	}

	// looking a bean up for a task failed once the context was closed
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void submitWhenContextClosesThenAnsweredAsWithoutUsAndNoErrorOfOurs(boolean executorFirst, CapturedOutput output) {
		List<String> without = submitWhileClosing(executorFirst, UnaryOperator.identity());
		assertThat(without).hasSize(1);
		assertThat(submitWhileClosing(executorFirst, WITH_US)).isEqualTo(without);
		assertThat(Runners.warnings(output)).isEmpty();
	}

	private static List<String> submitWhileClosing(boolean executorFirst,
			UnaryOperator<ApplicationContextRunner> variant) {
		List<String> outcomes = new ArrayList<>();
		ApplicationContextRunner runner = variant.apply(Runners.without());
		if (executorFirst) {
			runner = runner.withBean("executor", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new);
		}
		runner = runner.withBean("submitting", Submitting.class, () -> new Submitting(outcomes));
		if (!executorFirst) {
			runner = runner.withBean("executor", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new);
		}
		runner.run((context) -> context.getBean(Submitting.class).use(context.getBean("executor", Executor.class)));
		return outcomes;
	}

	// the same, after the close
	@ParameterizedTest
	@ValueSource(classes = { ThreadPoolTaskExecutor.class, ThreadPoolTaskScheduler.class })
	void submitWhenContextIsClosedThenRejectedAsWithoutUsAndCounted(Class<? extends Executor> type,
			CapturedOutput output) {
		Runners.with().withBean("executor", type).run((context) -> {
			Executor executor = context.getBean(type);
			ExecutorsEndpoint endpoint = context.getBean(ExecutorsEndpoint.class);
			((ConfigurableApplicationContext) context.getSourceApplicationContext()).close();
			assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> executor.execute(() -> {
			}));
			assertThat(endpoint.executor("executor")).isNotNull()
				.satisfies((shown) -> assertThat(shown.rejected()).containsEntry("aborted", 1L));
		});
		assertThat(Runners.warnings(output)).isEmpty();
	}

	static class Submitting implements DisposableBean {

		private final List<String> outcomes;

		private Executor executor = (task) -> {
		};

		Submitting(List<String> outcomes) {
			this.outcomes = outcomes;
		}

		void use(Executor executor) {
			this.executor = executor;
		}

		@Override
		public void destroy() {
			try {
				this.executor.execute(() -> {
				});
				this.outcomes.add("accepted");
			}
			catch (RuntimeException ex) {
				this.outcomes.add(ex.getClass().getSimpleName());
			}
		}

	}

	static class Phased implements SmartLifecycle {

		private final String name;

		private final int phase;

		private final List<String> events;

		private boolean running;

		Phased(String name, int phase, List<String> events) {
			this.name = name;
			this.phase = phase;
			this.events = events;
		}

		@Override
		public void start() {
			this.events.add("start " + this.name);
			this.running = true;
		}

		@Override
		public void stop() {
			this.events.add("stop " + this.name);
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return this.phase;
		}

	}

	@SuppressWarnings("serial")
	public static class TellingExecutor extends ThreadPoolTaskExecutor {

		private final List<String> events;

		// for the proxy, which is made without a constructor
		TellingExecutor(List<String> events) {
			this.events = events;
			setPhase(10);
		}

		@Override
		public boolean isRunning() {
			return this.events.contains("start executor") && !this.events.contains("stop executor");
		}

		@Override
		public void start() {
			this.events.add("start executor");
			super.start();
		}

		@Override
		public void stop() {
			this.events.add("stop executor");
			super.stop();
		}

		@Override
		public void stop(Runnable callback) {
			this.events.add("stop executor");
			super.stop(callback);
		}

		@Override
		public void destroy() {
			this.events.add("destroy executor");
			super.destroy();
		}

	}

}
