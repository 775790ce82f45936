// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportResource;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What Spring promises of its executors holds of beans in a context: each test runs with
 * this library and without it.
 */
class SpringsOwnBehaviourTests {

	private static final int LIMIT = 10;

	@ParameterizedTest
	@EnumSource
	void taskExecutorIsResizedThroughItsSettersAndFields(Application application) {
		application.runner().withBean("executor", ThreadPoolTaskExecutor.class, () -> {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setThreadNamePrefix("mine-");
			return executor;
		}).run((context) -> {
			ThreadPoolTaskExecutor executor = context.getBean(ThreadPoolTaskExecutor.class);
			ThreadPoolExecutor pool = executor.getThreadPoolExecutor();
			assertThat(executor.getCorePoolSize()).isEqualTo(pool.getCorePoolSize()).isEqualTo(1);
			assertThat(executor.getMaxPoolSize()).isEqualTo(pool.getMaximumPoolSize()).isEqualTo(Integer.MAX_VALUE);
			assertThat(executor.getKeepAliveSeconds()).isEqualTo(60);
			executor.setMaxPoolSize(8);
			executor.setCorePoolSize(5);
			executor.setKeepAliveSeconds(77);
			assertThat(executor.getCorePoolSize()).isEqualTo(pool.getCorePoolSize()).isEqualTo(5);
			assertThat(executor.getMaxPoolSize()).isEqualTo(pool.getMaximumPoolSize()).isEqualTo(8);
			assertThat(pool.getKeepAliveTime(TimeUnit.SECONDS)).isEqualTo(77);
			assertThatIllegalArgumentException().isThrownBy(() -> executor.setCorePoolSize(-1));
			assertThat(executor.getCorePoolSize()).isEqualTo(pool.getCorePoolSize()).isEqualTo(5);
			assertThatIllegalArgumentException().isThrownBy(() -> executor.setMaxPoolSize(0));
			assertThat(executor.getMaxPoolSize()).isEqualTo(pool.getMaximumPoolSize()).isEqualTo(8);
			DirectFieldAccessor fields = new DirectFieldAccessor(executor);
			assertThat(fields.getPropertyValue("corePoolSize")).isEqualTo(5);
			assertThat(fields.getPropertyValue("threadNamePrefix")).isEqualTo("mine-");
			assertThat(fields.getPropertyValue("threadPoolExecutor")).isSameAs(pool);
			assertThat(fields.getPropertyValue("executor")).isSameAs(pool);
			assertThat(Runners.run(executor, () -> Thread.currentThread().getName())).isEqualTo("mine-1");
		});
	}

	@ParameterizedTest
	@EnumSource
	void errorsReachTheFutureAndRefusalsTheCaller(Application application) {
		for (Kind kind : Kind.values()) {
			application.runner().with((runner) -> kind.register(runner)).run((context) -> {
				AsyncTaskExecutor executor = context.getBean(AsyncTaskExecutor.class);
				IllegalStateException expected = new IllegalStateException("expected");
				Callable<Object> failing = () -> {
					throw expected;
				};
				Future<?> future = executor.submit(failing);
				assertThatExceptionOfType(ExecutionException.class).as(kind.name())
					.isThrownBy(() -> future.get(LIMIT, TimeUnit.SECONDS))
					.withCause(expected);
				assertThat(executor.submitCompletable(failing)).failsWithin(Duration.ofSeconds(LIMIT))
					.withThrowableOfType(ExecutionException.class)
					.withCause(expected);
				assertThat(executor.submitCompletable(() -> "done")).succeedsWithin(Duration.ofSeconds(LIMIT))
					.isEqualTo("done");
				kind.stop(executor);
				assertThatExceptionOfType(TaskRejectedException.class).as(kind.name())
					.isThrownBy(() -> executor.execute(() -> {
					}));
				assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> executor.submit(failing));
			});
		}
	}

	@ParameterizedTest
	@EnumSource
	void queuedFuturesAreCancelledByShutdown(Application application) {
		application.runner()
			.withBean("executor", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.run((context) -> {
				ThreadPoolTaskExecutor executor = context.getBean(ThreadPoolTaskExecutor.class);
				CountDownLatch started = new CountDownLatch(1);
				Future<?> running = executor.submit(() -> {
					started.countDown();
					new CountDownLatch(1).await();
					return null;
				});
				await(started);
				Future<?> queued = executor.submit(() -> {
				});
				executor.shutdown();
				assertThat(queued.isCancelled()).isTrue();
				// interrupted, and so it ends
				assertThatExceptionOfType(ExecutionException.class)
					.isThrownBy(() -> running.get(LIMIT, TimeUnit.SECONDS))
					.withCauseInstanceOf(InterruptedException.class);
			});
	}

	@ParameterizedTest
	@EnumSource
	void closingTheContextWaitsForQueuedTasksWhereThatIsSet(Application application) {
		AtomicReference<Future<String>> last = new AtomicReference<>();
		application.runner().withBean("executor", ThreadPoolTaskExecutor.class, () -> {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setWaitForTasksToCompleteOnShutdown(true);
			executor.setAwaitTerminationSeconds(LIMIT);
			return executor;
		}).run((context) -> {
			ThreadPoolTaskExecutor executor = context.getBean(ThreadPoolTaskExecutor.class);
			for (int i = 0; i < 100; i++) {
				last.set(executor.submit(() -> "done"));
			}
		});
		assertThat(last.get().isDone()).isTrue();
		assertThat(last.get()).succeedsWithin(Duration.ZERO).isEqualTo("done");
	}

	@ParameterizedTest
	@EnumSource
	void stoppedExecutorPausesAndGoesOnOnceItIsStarted(Application application) {
		application.runner()
			.withBean("executor", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.run((context) -> {
				ThreadPoolTaskExecutor executor = context.getBean(ThreadPoolTaskExecutor.class);
				assertThat(executor.isRunning()).isTrue();
				executor.stop();
				assertThat(executor.isRunning()).isFalse();
				Future<String> paused = executor.submit(() -> "done");
				Awaitility.await().until(() -> executor.getPoolSize() == 1);
				assertThat(paused.isDone()).isFalse();
				executor.start();
				assertThat(paused).succeedsWithin(Duration.ofSeconds(LIMIT)).isEqualTo("done");
			});
	}

	@ParameterizedTest
	@EnumSource
	void schedulersRunWhatIsScheduledAndItsFutureIsTheirs(Application application) {
		for (Kind kind : List.of(Kind.THREAD_POOL_TASK_SCHEDULER, Kind.SIMPLE_ASYNC_TASK_SCHEDULER)) {
			application.runner().with((runner) -> kind.register(runner)).run((context) -> {
				TaskScheduler scheduler = context.getBean(TaskScheduler.class);
				CountDownLatch runs = new CountDownLatch(3);
				ScheduledFuture<?> often = scheduler.scheduleAtFixedRate(runs::countDown, Duration.ofMillis(1));
				await(runs);
				often.cancel(true);
				assertThat(often.isCancelled()).isTrue();
				CountDownLatch triggered = new CountDownLatch(3);
				ScheduledFuture<?> future = scheduler.schedule(triggered::countDown,
						(trigger) -> trigger.getClock().instant());
				await(triggered);
				assertThat(future.isDone() && !future.isCancelled()).isFalse();
				future.cancel(true);
				assertThat(future.isCancelled()).isTrue();
				ScheduledFuture<?> far = scheduler.schedule(() -> {
				}, Instant.now().plusSeconds(3600));
				assertThat(far.getDelay(TimeUnit.MINUTES)).isBetween(58L, 60L);
				assertThat(far.compareTo(scheduler.schedule(() -> {
				}, Instant.now().plusSeconds(7200)))).isNegative();
			});
		}
	}

	@ParameterizedTest
	@EnumSource
	void errorHandlersGetWhatScheduledTasksThrow(Application application) {
		AtomicReference<Throwable> handled = new AtomicReference<>();
		application.runner().withBean("scheduler", ThreadPoolTaskScheduler.class, () -> {
			ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
			scheduler.setErrorHandler(handled::set);
			return scheduler;
		}).run((context) -> {
			ThreadPoolTaskScheduler scheduler = context.getBean(ThreadPoolTaskScheduler.class);
			Future<Object> future = scheduler.submit((Callable<Object>) () -> {
				throw new IllegalStateException("expected");
			});
			assertThat(future).succeedsWithin(Duration.ofSeconds(LIMIT)).isNull();
			assertThat(handled.getAndSet(null)).hasMessage("expected");
			scheduler.schedule(() -> {
				throw new AssertionError("once");
			}, Instant.now());
			Awaitility.await().untilAsserted(() -> assertThat(handled.get()).hasMessage("once"));
			assertThat(ReflectionTestUtils.getField(scheduler, "errorHandler")).isNotNull();
		});
	}

	@ParameterizedTest
	@EnumSource
	void schedulersTakeTheirPoliciesWhileTheyRun(Application application) {
		application.runner()
			.withBean("scheduler", ThreadPoolTaskScheduler.class, ThreadPoolTaskScheduler::new)
			.run((context) -> {
				ThreadPoolTaskScheduler scheduler = context.getBean(ThreadPoolTaskScheduler.class);
				ScheduledThreadPoolExecutor pool = scheduler.getScheduledThreadPoolExecutor();
				assertThat(scheduler.getScheduledExecutor()).isSameAs(pool);
				scheduler.setPoolSize(3);
				scheduler.setRemoveOnCancelPolicy(true);
				scheduler.setContinueExistingPeriodicTasksAfterShutdownPolicy(true);
				scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
				assertThat(pool.getCorePoolSize()).isEqualTo(3);
				assertThat(pool.getRemoveOnCancelPolicy()).isTrue();
				assertThat(pool.getContinueExistingPeriodicTasksAfterShutdownPolicy()).isTrue();
				assertThat(pool.getExecuteExistingDelayedTasksAfterShutdownPolicy()).isFalse();
				assertThat(ReflectionTestUtils.getField(scheduler, "poolSize")).isEqualTo(3);
				assertThat(ReflectionTestUtils.getField(scheduler, "scheduledExecutor")).isSameAs(pool);
				scheduler.schedule(() -> {
				}, Instant.now().plusSeconds(3600)).cancel(false);
				assertThat(pool.getQueue()).isEmpty();
			});
	}

	@ParameterizedTest
	@EnumSource
	void namespaceMakesExecutorsAsWritten(Application application) {
		application.runner().withUserConfiguration(Namespace.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(field(context, "plain", "corePoolSize")).isEqualTo(1);
			assertThat(field(context, "plain", "maxPoolSize")).isEqualTo(Integer.MAX_VALUE);
			assertThat(field(context, "single", "corePoolSize")).isEqualTo(4);
			assertThat(field(context, "single", "maxPoolSize")).isEqualTo(4);
			assertThat(field(context, "ranged", "corePoolSize")).isEqualTo(3);
			assertThat(field(context, "ranged", "maxPoolSize")).isEqualTo(9);
			assertThat(field(context, "ranged", "queueCapacity")).isEqualTo(11);
			assertThat(field(context, "ranged", "keepAliveSeconds")).isEqualTo(37);
			assertThat(field(context, "ranged", "rejectedExecutionHandler"))
				.isInstanceOf(ThreadPoolExecutor.DiscardOldestPolicy.class);
			assertThat(context.getBean("ranged", ThreadPoolTaskExecutor.class)
				.getThreadPoolExecutor()
				.getRejectedExecutionHandler()).isInstanceOf(ThreadPoolExecutor.DiscardOldestPolicy.class);
			assertThat(field(context, "shrinking", "corePoolSize")).isEqualTo(5);
			assertThat(field(context, "shrinking", "allowCoreThreadTimeOut")).isEqualTo(true);
			assertThat(field(context, "timer", "poolSize")).isEqualTo(3);
			assertThat(Runners.run(context.getBean("ranged", ThreadPoolTaskExecutor.class),
					() -> Thread.currentThread().getName()))
				.isEqualTo("ranged-1");
			await(context.getBean(Job.class).ran);
		});
	}

	private static Object field(BeanFactory context, String bean, String name) {
		return new DirectFieldAccessor(context.getBean(bean)).getPropertyValue(name);
	}

	private static void await(CountDownLatch latch) throws InterruptedException {
		assertThat(latch.await(LIMIT, TimeUnit.SECONDS)).isTrue();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportResource("classpath:io/github/executormetrics/autoconfigure/task-namespace.xml")
	static class Namespace {

	}

	public static class Job {

		final CountDownLatch ran = new CountDownLatch(2);

		public void run() {
			this.ran.countDown();
		}

	}

	enum Application {

		WITHOUT {

			@Override
			ApplicationContextRunner runner() {
				return Runners.without();
			}

		},

		WITH {

			@Override
			ApplicationContextRunner runner() {
				return Runners.with();
			}

		};

		abstract ApplicationContextRunner runner();

	}

	enum Kind {

		THREAD_POOL_TASK_EXECUTOR(ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new),

		THREAD_POOL_TASK_SCHEDULER(ThreadPoolTaskScheduler.class, () -> {
			ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
			// more than one, so that one task is no other's hindrance
			scheduler.setPoolSize(2);
			return scheduler;
		}),

		SIMPLE_ASYNC_TASK_EXECUTOR(SimpleAsyncTaskExecutor.class, SimpleAsyncTaskExecutor::new),

		SIMPLE_ASYNC_TASK_SCHEDULER(SimpleAsyncTaskScheduler.class, SimpleAsyncTaskScheduler::new);

		private final Class<? extends AsyncTaskExecutor> type;

		private final Supplier<? extends AsyncTaskExecutor> supplier;

		Kind(Class<? extends AsyncTaskExecutor> type, Supplier<? extends AsyncTaskExecutor> supplier) {
			this.type = type;
			this.supplier = supplier;
		}

		@SuppressWarnings({ "unchecked", "rawtypes" })
		ApplicationContextRunner register(ApplicationContextRunner runner) {
			return runner.withBean("executor", (Class) this.type, (Supplier) this.supplier);
		}

		void stop(AsyncTaskExecutor executor) throws Exception {
			if (executor instanceof SimpleAsyncTaskExecutor closeable) {
				closeable.close();
			}
			else if (executor instanceof ThreadPoolTaskExecutor tasks) {
				tasks.shutdown();
			}
			else if (executor instanceof ThreadPoolTaskScheduler scheduler) {
				scheduler.shutdown();
			}
			else if (executor instanceof ExecutorService service) {
				service.shutdown();
			}
		}

	}

}
