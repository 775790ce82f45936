// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import io.github.executormetrics.ExecutorStarvationRaised;
import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Executors are not judged while the application starts or closes, however much waits for
 * them then.
 */
@Tag("live")
@ExtendWith(OutputCaptureExtension.class)
class StartAndCloseTests {

	private static final int TICKS = 20;

	private final ApplicationContextRunner starting = Runners.with()
		.withUserConfiguration(Loaded.class)
		.withPropertyValues("executor-metrics.watch.interval=50ms", "executor-metrics.watch.window=500ms",
				"executor-metrics.limits.stall=200ms");

	private final ApplicationContextRunner started = this.starting
		.withPropertyValues("executor-metrics.watch.grace=0s");

	@Test
	void closeWhenUnderLoadThenNothingIsRaised(CapturedOutput output) {
		this.started.run((context) -> {
			List<MonitoredExecutor> executors = executors(context);
			ExecutorWatch watch = context.getBean(ExecutorWatch.class);
			Load load = context.getBean(Load.class);
			Incidents incidents = context.getBean(Incidents.class);
			load.onStop(() -> load.ticks(TICKS));
			((ConfigurableApplicationContext) context.getSourceApplicationContext()).close();
			assertThat(load.looksUnderLoad()).isGreaterThanOrEqualTo(TICKS);
			assertThat(executors).extracting(MonitoredExecutor::name).containsExactly("mails", "reports");
			assertThat(executors).flatExtracting(watch::incidents).isEmpty();
			assertThat(incidents.events).isEmpty();
		});
		assertThat(output).doesNotContain("starves");
	}

	@Test
	void runWhenUnderTheSameLoadThenRaised(CapturedOutput output) {
		this.started.run((context) -> assertRaisedUnderLoad(context, output));
	}

	@Test
	void startWhenUnderLoadThenNothingIsRaisedInTheFirstTenSeconds(CapturedOutput output) {
		this.starting.run((context) -> {
			ExecutorWatch watch = context.getBean(ExecutorWatch.class);
			context.getBean(Load.class).ticks(TICKS);
			assertThat(executors(context)).flatExtracting(watch::incidents).isEmpty();
			assertThat(context.getBean(Incidents.class).events).isEmpty();
		});
		assertThat(output).doesNotContain("starves");
	}

	@Test
	void startWhenGraceIsShorterAndUnderTheSameLoadThenRaised(CapturedOutput output) {
		this.starting.withPropertyValues("executor-metrics.watch.grace=300ms")
			.run((context) -> assertRaisedUnderLoad(context, output));
	}

	private static void assertRaisedUnderLoad(AssertableApplicationContext context, CapturedOutput output) {
		ExecutorWatch watch = context.getBean(ExecutorWatch.class);
		Incidents incidents = context.getBean(Incidents.class);
		context.getBean(Load.class)
			.until(() -> executors(context).stream().noneMatch((executor) -> watch.incidents(executor).isEmpty()));
		Awaitility.await()
			.untilAsserted(() -> assertThat(incidents.events).extracting(StarvationIncident::executor)
				.containsOnlyOnce("mails", "reports"));
		assertThat(output).contains("Executor 'mails' starves").contains("Executor 'reports' starves");
	}

	private static List<MonitoredExecutor> executors(AssertableApplicationContext context) {
		return List.copyOf(context.getBean(ExecutorRegistry.class).all());
	}

	@Configuration(proxyBeanMethods = false)
	static class Loaded {

		@Bean(destroyMethod = "shutdownNow")
		ThreadPoolExecutor mails() {
			return pool(new ArrayBlockingQueue<>(5));
		}

		@Bean(destroyMethod = "shutdownNow")
		ThreadPoolExecutor reports() {
			return pool(new LinkedBlockingQueue<>());
		}

		private static ThreadPoolExecutor pool(BlockingQueue<Runnable> queue) {
			return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue);
		}

		@Bean
		Load load(ThreadPoolExecutor mails, ThreadPoolExecutor reports, ExecutorWatch watch) {
			return new Load(mails, reports, watch);
		}

		@Bean
		Incidents incidents() {
			return new Incidents();
		}

	}

	static class Incidents {

		private final List<StarvationIncident> events = Collections.synchronizedList(new ArrayList<>());

		@EventListener
		void raised(ExecutorStarvationRaised event) {
			this.events.add(event.incident());
		}

	}

	/**
	 * What is judged otherwise: one executor refuses tasks, the other starts none.
	 */
	static class Load implements SmartLifecycle {

		private final ThreadPoolExecutor mails;

		private final ThreadPoolExecutor reports;

		private final ExecutorWatch watch;

		private final AtomicInteger ticks = new AtomicInteger();

		private Runnable onStop = () -> {
		};

		private boolean running;

		Load(ThreadPoolExecutor mails, ThreadPoolExecutor reports, ExecutorWatch watch) {
			this.mails = mails;
			this.reports = reports;
			this.watch = watch;
		}

		void ticks(int ticks) {
			long first = this.watch.ticks();
			until(() -> this.watch.ticks() >= first + ticks);
		}

		void until(BooleanSupplier condition) {
			long first = this.watch.ticks();
			CountDownLatch released = new CountDownLatch(1);
			try {
				hold(this.mails, released);
				hold(this.reports, released);
				this.reports.execute(() -> {
				});
				Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> {
					refuse();
					return condition.getAsBoolean();
				});
				this.ticks.set((int) (this.watch.ticks() - first));
			}
			finally {
				released.countDown();
			}
		}

		int looksUnderLoad() {
			return this.ticks.get();
		}

		private static void hold(ThreadPoolExecutor pool, CountDownLatch released) {
			pool.submit(() -> released.await(1, TimeUnit.MINUTES));
		}

		private void refuse() {
			try {
				this.mails.execute(() -> {
				});
			}
			catch (RejectedExecutionException ex) {
				// what it is about
			}
		}

		void onStop(Runnable action) {
			this.onStop = action;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
			this.onStop.run();
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

}
