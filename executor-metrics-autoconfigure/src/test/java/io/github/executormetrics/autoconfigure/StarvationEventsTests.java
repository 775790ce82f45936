// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.ExecutorStarvationCleared;
import io.github.executormetrics.ExecutorStarvationRaised;
import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorWatch;
import io.github.executormetrics.watch.IncidentListener;
import io.github.executormetrics.watch.WatchSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link StarvationEvents}.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class StarvationEventsTests {

	private final Listener listener = new Listener();

	private final ApplicationContextRunner runner = Runners.with()
		.withPropertyValues("executor-metrics.watch.interval=200ms", "executor-metrics.watch.grace=0s",
				"executor-metrics.watch.raise-after=1", "executor-metrics.watch.clear-after=2",
				"executor-metrics.limits.mean-wait=20ms")
		.withBean("narrow", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
		.withBean("other", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
		.withBean("listener", Listener.class, () -> this.listener);

	// a slow listener would have blinded the watch whose thread it ran on
	@Test
	void listenWhenExecutorStarvesAndRecoversThenToldOfBothOffTheThreadOfTheWatch() {
		this.runner.run((context) -> {
			CompletableFuture<Thread> watching = watchingThread(context);
			Hold hold = new Hold(context, "narrow", 3);
			Told raised = this.listener.next();
			StarvationIncident begun = raised.raised();
			assertThat(begun.executor()).isEqualTo("narrow");
			assertThat(begun.number()).isEqualTo(1);
			assertThat(begun.end()).isNull();
			assertThat(begun.causes()).isNotEmpty();
			assertThat(begun.holding()).containsEntry(Hold.class.getName(), 1);
			assertThat(raised.thread().isDaemon()).isTrue();
			assertThat(raised.thread()).isNotSameAs(Runners.get(watching));
			hold.release();
			Told cleared = this.listener.next();
			StarvationIncident ended = cleared.cleared();
			assertThat(ended.executor()).isEqualTo("narrow");
			assertThat(ended.number()).isEqualTo(1);
			assertThat(ended.start()).isEqualTo(begun.start());
			assertThat(Objects.requireNonNull(ended.end())).isAfter(ended.start());
			assertThat(cleared.thread()).isNotSameAs(Runners.get(watching));
			assertThat(context.getBean(ExecutorWatch.class)
				.incidents(Objects.requireNonNull(context.getBean(ExecutorRegistry.class).find("narrow"))))
				.containsExactly(ended);
		});
	}

	@Test
	void listenWhenListenerIsSlowThenWatchGoesOn() {
		Semaphore slow = new Semaphore(0);
		this.listener.does = (event) -> acquire(slow);
		this.runner.run((context) -> {
			ExecutorWatch watch = context.getBean(ExecutorWatch.class);
			Hold narrow = new Hold(context, "narrow", 3);
			assertThat(this.listener.next().raised().executor()).isEqualTo("narrow");
			long ticks = watch.ticks();
			await().until(() -> watch.ticks() > ticks + 3);
			Hold other = new Hold(context, "other", 3);
			MonitoredExecutor starving = Objects.requireNonNull(context.getBean(ExecutorRegistry.class).find("other"));
			await().untilAsserted(() -> assertThat(watch.incidents(starving)).hasSize(1));
			other.release();
			await().untilAsserted(() -> assertThat(watch.incidents(starving).get(0).end()).isNotNull());
			assertThat(this.listener.told).isEmpty();
			slow.release(4);
			assertThat(this.listener.next().raised().executor()).isEqualTo("other");
			assertThat(this.listener.next().cleared().executor()).isEqualTo("other");
			narrow.release();
			assertThat(this.listener.next().cleared().executor()).isEqualTo("narrow");
		});
	}

	@Test
	void listenWhenListenerThrowsThenOneWarningAndTheNextEventArrives(CapturedOutput output) {
		this.listener.does = (event) -> {
			if (event instanceof ExecutorStarvationRaised) {
				throw new IllegalStateException("no alert today");
			}
		};
		this.runner.run((context) -> {
			Hold hold = new Hold(context, "narrow", 3);
			assertThat(this.listener.next().raised().number()).isEqualTo(1);
			hold.release();
			assertThat(this.listener.next().cleared().number()).isEqualTo(1);
		});
		assertThat(Runners.warnings(output)).singleElement()
			.satisfies((line) -> assertThat(line).contains("ExecutorStarvationRaised", "narrow"));
		assertThat(output).contains("no alert today");
	}

	@ParameterizedTest
	@ValueSource(strings = { "never", "NE_VER", "n-ever" })
	void listenWhenStacksAreShownToNobodyThenNeitherMethodNorThreadIsTold(String spelling) {
		this.runner.withPropertyValues("management.endpoint.executors.show-stacks=" + spelling).run((context) -> {
			Hold hold = new Hold(context, "narrow", 3);
			StarvationIncident begun = this.listener.next().raised();
			hold.release();
			StarvationIncident ended = this.listener.next().cleared();
			for (StarvationIncident told : List.of(begun, ended)) {
				assertThat(told.stacks()).isEmpty();
				assertThat(told.toString()).doesNotContain("CountDownLatch", "narrow-", "lambda$");
			}
			assertThat(context.getBean(ExecutorWatch.class)
				.incidents(Objects.requireNonNull(context.getBean(ExecutorRegistry.class).find("narrow"))))
				.singleElement()
				.satisfies((kept) -> assertThat(kept.stacks()).isNotEmpty());
		});
	}

	// it was an error of the thread, and told of nowhere but on the console
	@Test
	void publishWhenListenerThrowsErrorThenOneWarningAndTheNextEventArrives(CapturedOutput output) throws Exception {
		BlockingQueue<Object> published = new LinkedBlockingQueue<>();
		StarvationEvents events = new StarvationEvents(watch(), (event) -> {
			published.add(event);
			if (event instanceof ExecutorStarvationRaised) {
				throw new NoClassDefFoundError("no alert today");
			}
		}, true);
		MonitoredExecutor executor = new ExecutorRegistry().obtain("orders", Object.class, 1, ExecutorOrigin.BEAN);
		events.raised(incident(1), executor);
		events.cleared(incident(1), executor);
		assertThat(published.poll(10, TimeUnit.SECONDS)).isInstanceOf(ExecutorStarvationRaised.class);
		assertThat(published.poll(10, TimeUnit.SECONDS)).isInstanceOf(ExecutorStarvationCleared.class);
		events.destroy();
		assertThat(Runners.warnings(output)).singleElement()
			.satisfies((line) -> assertThat(line).contains("ExecutorStarvationRaised", "orders"));
		assertThat(output).doesNotContain("Exception in thread");
	}

	// events piled up behind a listener that hung, until memory was full
	@Test
	void publishWhenTooManyArePendingThenOneWarningAndTheNewestAreDropped(CapturedOutput output) throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		Semaphore slow = new Semaphore(0);
		BlockingQueue<Long> published = new LinkedBlockingQueue<>();
		StarvationEvents events = new StarvationEvents(watch(), (event) -> {
			entered.countDown();
			acquire(slow);
			published.add(((ExecutorStarvationRaised) event).incident().number());
		}, true);
		MonitoredExecutor executor = new ExecutorRegistry().obtain("orders", Object.class, 1, ExecutorOrigin.BEAN);
		events.raised(incident(0), executor);
		assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
		for (int i = 1; i <= 1_500; i++) {
			events.raised(incident(i), executor);
		}
		await().untilAsserted(() -> assertThat(Runners.warnings(output)).singleElement()
			.satisfies((line) -> assertThat(line).contains("events are dropped", "1000")));
		slow.release(2_000);
		for (long i = 0; i <= 1_000; i++) {
			assertThat(published.poll(10, TimeUnit.SECONDS)).isEqualTo(i);
		}
		events.raised(incident(2_000), executor);
		assertThat(published.poll(10, TimeUnit.SECONDS)).isEqualTo(2_000);
		events.destroy();
		assertThat(Runners.warnings(output)).hasSize(1);
	}

	// the watch stopped where it told of dropped events
	@Test
	void publishWhenListenerAndLogHangThenTheWatchIsNotHeldUp() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		CountDownLatch logging = new CountDownLatch(1);
		Logger logger = (Logger) LoggerFactory.getLogger(StarvationEvents.class);
		AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
			@Override
			public void doAppend(ILoggingEvent event) {
				logging.countDown();
				io.github.executormetrics.decorate.Hold.until(release);
			}

			@Override
			protected void append(ILoggingEvent event) {
			}
		};
		StarvationEvents events = new StarvationEvents(watch(),
				(event) -> io.github.executormetrics.decorate.Hold.until(release), true);
		MonitoredExecutor executor = new ExecutorRegistry().obtain("orders", Object.class, 1, ExecutorOrigin.BEAN);
		logger.addAppender(log);
		Thread watching = new Thread(() -> {
			for (int i = 0; i < 1_500; i++) {
				events.raised(incident(i), executor);
			}
		});
		try {
			watching.start();
			assertThat(logging.await(10, TimeUnit.SECONDS)).isTrue();
			watching.join(TimeUnit.SECONDS.toMillis(10));
			assertThat(watching.isAlive()).isFalse();
		}
		finally {
			release.countDown();
			logger.detachAppender(log);
			events.destroy();
		}
	}

	// an application could not be stopped for a listener that hung
	@Test
	void closeWhenListenerHangsThenDoesNotWaitForIt(CapturedOutput output) {
		Semaphore hung = new Semaphore(0);
		this.listener.does = (event) -> hung.acquireUninterruptibly();
		this.runner.run((context) -> {
			Hold hold = new Hold(context, "narrow", 3);
			Told told = this.listener.next();
			hold.release();
			// the next event is pending
			ExecutorWatch watch = context.getBean(ExecutorWatch.class);
			MonitoredExecutor narrow = Objects.requireNonNull(context.getBean(ExecutorRegistry.class).find("narrow"));
			await().until(() -> watch.incidents(narrow).get(0).end() != null);
			close(context);
			assertThat(told.thread().isAlive()).isTrue();
			hung.release(2);
			await().until(() -> !told.thread().isAlive());
			assertThat(this.listener.told).isEmpty();
		});
		assertThat(Runners.warnings(output)).isEmpty();
	}

	// a listener that the close had interrupted was blamed for it
	@Test
	void closeWhenListenerIsInterruptedThenNoWarning(CapturedOutput output) {
		CountDownLatch never = new CountDownLatch(1);
		this.listener.does = (event) -> {
			try {
				never.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		};
		this.runner.run((context) -> {
			Hold hold = new Hold(context, "narrow", 3);
			Told told = this.listener.next();
			hold.release();
			close(context);
			await().until(() -> !told.thread().isAlive());
		});
		assertThat(Runners.warnings(output)).isEmpty();
	}

	// a listener that stops the application interrupted what that had to wait for
	@Test
	void closeWhenListenerClosesThenItIsNotInterruptedItself() {
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		this.runner.run((context) -> {
			this.listener.does = (event) -> {
				close(context);
				interrupted.complete(Thread.currentThread().isInterrupted());
			};
			Hold hold = new Hold(context, "narrow", 3);
			this.listener.next();
			hold.release();
			assertThat(Runners.get(interrupted)).isFalse();
			assertThat(context.getSourceApplicationContext(ConfigurableApplicationContext.class).isActive()).isFalse();
		});
	}

	// an alert for a single long task, though nothing waited for it
	@Test
	void listenWhenTaskIsOnlyStuckThenNotTold() {
		this.runner.withPropertyValues("executor-metrics.executors.other.limits.stuck=100ms").run((context) -> {
			ExecutorWatch watch = context.getBean(ExecutorWatch.class);
			MonitoredExecutor other = Objects.requireNonNull(context.getBean(ExecutorRegistry.class).find("other"));
			new Hold(context, "other", 1).release();
			await().until(() -> other.recorder().totals(System.nanoTime()).completed() == 1);
			Hold stuck = new Hold(context, "other", 1);
			await().untilAsserted(() -> assertThat(watch.report(other).causes()).map(RaisedCause::cause)
				.containsExactly(StarvationCause.STUCK));
			stuck.release();
			await().untilAsserted(() -> assertThat(watch.report(other).causes()).isEmpty());
			Hold hold = new Hold(context, "narrow", 3);
			// were there any of the other, they would have come before
			assertThat(this.listener.next().raised().executor()).isEqualTo("narrow");
			hold.release();
			assertThat(this.listener.next().cleared().executor()).isEqualTo("narrow");
			assertThat(watch.incidents(other)).isEmpty();
		});
	}

	// with lazy initialization nobody asked for the publisher
	@Test
	void listenWhenInitializationIsLazyThenToldOfBoth() {
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				Hold hold = new Hold(context, "narrow", 3);
				assertThat(this.listener.next().raised().executor()).isEqualTo("narrow");
				hold.release();
				assertThat(this.listener.next().cleared().executor()).isEqualTo("narrow");
			});
	}

	private static void acquire(Semaphore slow) {
		try {
			assertThat(slow.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void close(AssertableApplicationContext context) {
		context.getSourceApplicationContext(ConfigurableApplicationContext.class).close();
	}

	private static CompletableFuture<Thread> watchingThread(BeanFactory context) {
		CompletableFuture<Thread> watching = new CompletableFuture<>();
		context.getBean(ExecutorWatch.class).onIncident(new IncidentListener() {
			@Override
			public void raised(StarvationIncident incident, MonitoredExecutor executor) {
				watching.complete(Thread.currentThread());
			}

			@Override
			public void cleared(StarvationIncident incident, MonitoredExecutor executor) {
			}
		});
		return watching;
	}

	private static ExecutorWatch watch() {
		return new ExecutorWatch(new ExecutorRegistry(),
				new WatchSettings(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ZERO, 3, 5,
						Duration.ofMinutes(1), new ExecutorLimits(Duration.ofMillis(100), Duration.ofMillis(50), 1000,
								1, Duration.ofSeconds(5), Duration.ofSeconds(60), 5, 0.05),
						Map.of()));
	}

	private static StarvationIncident incident(long number) {
		return new StarvationIncident("orders", number, Instant.EPOCH, Instant.EPOCH, null, List.of(), Map.of(),
				Map.of(), Map.of(), null, List.of());
	}

	/**
	 * Tasks that hold the one worker of an executor, one after the other.
	 */
	private static final class Hold {

		private final CountDownLatch held = new CountDownLatch(1);

		Hold(BeanFactory context, String executor, int tasks) {
			for (int i = 0; i < tasks; i++) {
				context.getBean(executor, ThreadPoolTaskExecutor.class).execute(() -> {
					try {
						this.held.await(1, TimeUnit.MINUTES);
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
				});
			}
		}

		void release() {
			this.held.countDown();
		}

	}

	/**
	 * An event, and the thread that it came on.
	 */
	record Told(Object event, Thread thread) {

		StarvationIncident raised() {
			assertThat(this.event).isInstanceOf(ExecutorStarvationRaised.class);
			return ((ExecutorStarvationRaised) this.event).incident();
		}

		StarvationIncident cleared() {
			assertThat(this.event).isInstanceOf(ExecutorStarvationCleared.class);
			return ((ExecutorStarvationCleared) this.event).incident();
		}

	}

	static class Listener {

		private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();

		private volatile Consumer<Object> does = (event) -> {
		};

		@EventListener
		void on(ExecutorStarvationRaised event) {
			hear(event);
		}

		@EventListener
		void on(ExecutorStarvationCleared event) {
			hear(event);
		}

		private void hear(Object event) {
			this.told.add(new Told(event, Thread.currentThread()));
			this.does.accept(event);
		}

		Told next() throws InterruptedException {
			return Objects.requireNonNull(this.told.poll(10, TimeUnit.SECONDS), "no event in time");
		}

	}

}
