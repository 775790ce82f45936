// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.task.ThreadPoolTaskExecutorCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the user has set around tasks and threads still runs, in the same order.
 */
class UserCustomizationTests {

	// metering took the place of the user's TaskDecorator
	@Test
	void runWhenUserHasDecoratorsAndCustomizersThenAllRunInSameOrderAsWithoutUs() {
		ApplicationContextRunner runner = Runners.without()
			.withConfiguration(Runners.TASKS)
			.withUserConfiguration(Customized.class);
		List<String> without = eventsOf(runner);
		assertThat(without).containsExactly("customize executor", "thread mine-1", "decorate outer", "decorate inner",
				"before inner", "before outer", "task on mine-1", "after outer", "after inner");
		assertThat(eventsOf(runner.withConfiguration(Runners.OURS))).isEqualTo(without);
	}

	private static List<String> eventsOf(ApplicationContextRunner runner) {
		Events events = new Events();
		runner.withBean(Events.class, () -> events).run((context) -> {
			// so that the thread comes first in both
			ThreadPoolTaskExecutor executor = context.getBean("applicationTaskExecutor", ThreadPoolTaskExecutor.class);
			executor.getThreadPoolExecutor().prestartCoreThread();
			CountDownLatch done = new CountDownLatch(1);
			executor.execute(() -> events.add("task on " + Thread.currentThread().getName()));
			executor.execute(done::countDown);
			assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
		});
		return events.upToSecondTask();
	}

	// the user's handler got a wrapper that it does not know
	@Test
	void runWhenTaskIsRefusedThenUsersHandlerGetsUsersTask() {
		AtomicReference<Object> refused = new AtomicReference<>("none");
		RejectedExecutionHandler handler = (task, pool) -> refused.set(task);
		Runners.with().withBean("executor", ThreadPoolTaskExecutor.class, () -> {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setMaxPoolSize(1);
			executor.setQueueCapacity(0);
			executor.setRejectedExecutionHandler(handler);
			return executor;
		}).run((context) -> {
			ThreadPoolTaskExecutor executor = context.getBean(ThreadPoolTaskExecutor.class);
			CountDownLatch hold = new CountDownLatch(1);
			executor.execute(() -> awaitQuietly(hold));
			Runnable task = new NamedTask("mine");
			executor.execute(task);
			hold.countDown();
			assertThat(refused.get()).isSameAs(task);
			assertThat(executor.getThreadPoolExecutor().getRejectedExecutionHandler()).isSameAs(handler);
			assertThat(Runners.shown(context, "executor").coverageReason()).contains("are not visible");
			assertThat(Runners.tasks(context, "executor").rejected()).isEqualTo(1);
		});
	}

	// the user's thread factory made no more threads
	@Test
	void runWhenUserHasThreadFactoryThenItMakesTheThreads() {
		Runners.with()
			.withBean("executor", ThreadPoolExecutor.class,
					() -> new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>(),
							new CustomizableThreadFactory("users-")))
			.run((context) -> {
				ThreadPoolExecutor pool = context.getBean(ThreadPoolExecutor.class);
				assertThat(Runners.run(pool, () -> Thread.currentThread().getName())).isEqualTo("users-1");
				assertThat(pool.getThreadFactory()).isInstanceOf(CustomizableThreadFactory.class);
			});
	}

	// an aspect of the user's around the executor saw our task in place of the user's
	@Test
	void runWhenUserHasAspectThenItSeesUsersTask() {
		List<Object> seen = new ArrayList<>();
		Runners.with()
			.withBean("executor", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.withBean("seeing", Seeing.class, () -> new Seeing(seen))
			.withBean("proxies", BeanNameAutoProxyCreator.class, () -> {
				BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
				creator.setBeanNames("executor");
				creator.setInterceptorNames("seeing");
				creator.setProxyTargetClass(true);
				return creator;
			})
			.run((context) -> {
				CountDownLatch done = new CountDownLatch(1);
				Runnable task = done::countDown;
				context.getBean("executor", Executor.class).execute(task);
				assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
				assertThat(seen).singleElement().isSameAs(task);
				assertThat(Runners.tasks(context, "executor").submitted()).isEqualTo(1);
			});
	}

	// where we meter through the TaskDecorator, the user's was replaced by ours
	@ParameterizedTest
	@MethodSource("decorated")
	void runWhenMeteredThroughDecoratorThenUsersStaysAroundOurs(Function<TaskDecorator, Executor> executor) {
		List<String> events = Collections.synchronizedList(new ArrayList<>());
		TaskDecorator decorator = (task) -> () -> {
			events.add("before");
			task.run();
			events.add("after");
		};
		Runners.with().withBean("executor", Executor.class, () -> executor.apply(decorator)).run((context) -> {
			Executor bean = context.getBean("executor", Executor.class);
			bean.execute(() -> events.add("task"));
			await().untilAsserted(() -> assertThat(events).containsExactly("before", "task", "after"));
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "executor").completed()).isEqualTo(1));
		});
	}

	static Stream<Function<TaskDecorator, Executor>> decorated() {
		return Stream.of((decorator) -> {
			OwnSimple executor = new OwnSimple();
			executor.setTaskDecorator(decorator);
			return executor;
		}, (decorator) -> {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
			executor.setTaskDecorator(decorator);
			return executor;
		}, (decorator) -> {
			TaskExecutorAdapter adapter = new TaskExecutorAdapter((task) -> new Thread(task).start());
			adapter.setTaskDecorator(decorator);
			return adapter;
		}, (decorator) -> {
			ConcurrentTaskExecutor adapter = new ConcurrentTaskExecutor((task) -> new Thread(task).start());
			adapter.setTaskDecorator(decorator);
			return adapter;
		});
	}

	// a queue behind the user's decorator looked new at any age
	@Test
	void queueWhenUsersDecoratorHidesItsHeadThenIsAtLeastAsOldAsTheTimeWithoutAStart() {
		held("20ms", "1m", (context) -> {
			TimeGauge oldest = context.getBean(MeterRegistry.class).get("executor.queue.oldest").timeGauge();
			await().until(() -> oldest.value(TimeUnit.MILLISECONDS) > 100);
			// a look that is late itself begins anew
			await().untilAsserted(
					() -> assertThat(Runners.shown(context, "executor").queue().oldestMillis()).isGreaterThan(100));
		});
	}

	@Test
	void queueWhenNobodyHasLookedSinceThenItIsAsItWasReadAtTheStart() {
		held("1h", "1h", (context) -> {
			assertThat(context.getBean(MeterRegistry.class).get("executor.queue.oldest").timeGauge().value()).isZero();
			assertThat(Runners.shown(context, "executor").queue().depth()).isZero();
		});
	}

	/**
	 * An executor with one worker, a task that holds it and one in the queue.
	 */
	private static void held(String interval, String window, Consumer<BeanFactory> queued) {
		Runners.with()
			.withPropertyValues("executor-metrics.watch.interval=" + interval,
					"executor-metrics.watch.window=" + window, "executor-metrics.watch.grace=0s")
			.withBean("executor", ThreadPoolTaskExecutor.class, () -> {
				ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
				executor.setTaskDecorator((task) -> () -> task.run());
				return executor;
			})
			.run((context) -> {
				CountDownLatch release = new CountDownLatch(1);
				Executor executor = context.getBean("executor", Executor.class);
				try {
					executor.execute(() -> awaitQuietly(release));
					executor.execute(() -> {
					});
					queued.accept(context);
				}
				finally {
					release.countDown();
				}
			});
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@SuppressWarnings("serial")
	public static class OwnSimple extends SimpleAsyncTaskExecutor {

	}

	record NamedTask(String name) implements Runnable {

		@Override
		public void run() {
		}

	}

	static class Seeing implements MethodInterceptor {

		private final List<Object> seen;

		Seeing(List<Object> seen) {
			this.seen = seen;
		}

		@Override
		public Object invoke(MethodInvocation invocation) throws Throwable {
			if (invocation.getMethod().getName().equals("execute")) {
				this.seen.add(invocation.getArguments()[0]);
			}
			return invocation.proceed();
		}

	}

	static class Events {

		private final List<String> events = Collections.synchronizedList(new ArrayList<>());

		void add(String event) {
			this.events.add(event);
		}

		List<String> upToSecondTask() {
			return this.events.stream().distinct().toList();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customized {

		@Bean
		ThreadPoolTaskExecutorCustomizer executorCustomizer(Events events) {
			return (executor) -> {
				events.add("customize executor");
				executor.setCorePoolSize(1);
				executor.setThreadFactory((task) -> {
					events.add("thread mine-1");
					return new Thread(task, "mine-1");
				});
			};
		}

		@Bean
		@Order(1)
		TaskDecorator outer(Events events) {
			return decorator("outer", events);
		}

		@Bean
		@Order(2)
		TaskDecorator inner(Events events) {
			return decorator("inner", events);
		}

		private static TaskDecorator decorator(String name, Events events) {
			return (task) -> {
				events.add("decorate " + name);
				return () -> {
					events.add("before " + name);
					task.run();
					events.add("after " + name);
				};
			};
		}

	}

}
