// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.ClassUtils;

import io.github.executormetrics.actuate.ExecutorDescriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Every kind of executor bean keeps its types, is metered, and says its coverage.
 */
class ExecutorBeansTests {

	// a bean that became a narrower type failed the start of who asked for its class
	@ParameterizedTest
	@EnumSource(Kind.class)
	void injectWhenByConcreteClassOrAnyInterfaceThenGetsTheBean(Kind kind) {
		Runners.without().with(kind::register).run((without) -> {
			Set<Class<?>> types = typesOf(without.getBean("executor"), kind.declared);
			assertThat(types).contains(kind.declared);
			Runners.with().with(kind::register).run((context) -> {
				Object bean = context.getBean("executor");
				for (Class<?> type : types) {
					assertThat(bean).isInstanceOf(type);
					assertThat(context.getBeanNamesForType(type)).as(type.getName()).contains("executor");
				}
				assertThat(context.getBeanProvider(kind.declared).getObject()).isSameAs(bean);
			});
		});
	}

	// the consumer was made first, by type, and found no such bean
	@ParameterizedTest
	@EnumSource(Kind.class)
	void injectWhenConsumerIsDefinedFirstThenGetsTheBean(Kind kind) {
		Runners.with()
			.withBean("consumer", Consumer.class)
			.withBean(Kind.class, () -> kind)
			.with(kind::register)
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(Consumer.class)
				.extracting(Consumer::got)
				.isSameAs(context.getBean("executor")));
	}

	// a class of the user's behind an interface was gone for who knows it by its name
	@ParameterizedTest
	@EnumSource
	void injectWhenDeclaredByInterfaceThenStillHasItsOwnClass(Hidden hidden) {
		Runners.with().with(hidden::register).run((context) -> {
			Object bean = context.getBean("executor");
			assertThat(bean).isInstanceOf(hidden.type);
			assertThat(context.getBean(hidden.type)).isSameAs(bean);
			assertThat(Runners.shown(context, "executor").coverage()).isEqualTo(hidden.coverage);
			assertThat(Runners.run((Executor) bean, () -> "done")).isEqualTo("done");
			if (hidden.coverage.equals("tasks")) {
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "executor").completed()).isEqualTo(1));
				assertThat(Runners.tasks(context, "executor").submitted()).isEqualTo(1);
			}
		});
	}

	// a gap in what is seen went unnoticed until it was needed
	@ParameterizedTest
	@EnumSource(Kind.class)
	void coverageWhenTaskRanThenSaysWhatIsSeenAndWhyNotMore(Kind kind) {
		Runners.with().with(kind::register).run((context) -> {
			Object bean = context.getBean("executor");
			if (bean instanceof Executor executor) {
				assertThat(Runners.run(executor, () -> "done")).isEqualTo("done");
			}
			ExecutorDescriptor shown = Runners.shown(context, "executor");
			assertThat(shown.coverage()).isEqualTo(kind.coverage);
			if (kind.reason != null) {
				assertThat(shown.coverageReason()).contains(kind.reason);
			}
			else {
				assertThat(shown.coverageReason()).isNull();
			}
			if (kind.coverage.equals("tasks")) {
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "executor").completed()).isEqualTo(1));
				assertThat(Runners.tasks(context, "executor").submitted()).isEqualTo(1);
			}
		});
	}

	/**
	 * What can be asked for by type: up to what the definition declares.
	 */
	private static Set<Class<?>> typesOf(Object bean, Class<?> declared) {
		Set<Class<?>> types = new LinkedHashSet<>();
		for (Class<?> type = bean.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
			if (!declared.isInterface()) {
				types.add(type);
			}
		}
		types.addAll(Arrays
			.asList(ClassUtils.getAllInterfacesForClass(declared.isInterface() ? declared : bean.getClass())));
		return types;
	}

	enum Kind {

		THREAD_POOL_TASK_EXECUTOR(ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new, "tasks", null),

		ASYNC_TASK_EXECUTOR(AsyncTaskExecutor.class, ThreadPoolTaskExecutor::new, "tasks", null),

		TASK_EXECUTOR(TaskExecutor.class, ThreadPoolTaskExecutor::new, "tasks", null),

		THREAD_POOL_TASK_SCHEDULER(ThreadPoolTaskScheduler.class, ThreadPoolTaskScheduler::new, "tasks", null),

		TASK_SCHEDULER(TaskScheduler.class, ThreadPoolTaskScheduler::new, "tasks", null),

		SIMPLE_ASYNC_TASK_EXECUTOR(SimpleAsyncTaskExecutor.class, SimpleAsyncTaskExecutor::new, "tasks", null),

		SIMPLE_ASYNC_TASK_SCHEDULER(SimpleAsyncTaskScheduler.class, SimpleAsyncTaskScheduler::new, "tasks", null),

		SIMPLE_ASYNC_SUBCLASS(OwnSimpleAsyncTaskExecutor.class, OwnSimpleAsyncTaskExecutor::new, "tasks",
				"rejections, and errors of submitCompletable, are not visible"),

		THREAD_POOL_EXECUTOR(ThreadPoolExecutor.class, Kind::pool, "tasks", null),

		THREAD_POOL_EXECUTOR_SUBCLASS(OwnThreadPoolExecutor.class, OwnThreadPoolExecutor::new, "tasks", null),

		SCHEDULED_THREAD_POOL_EXECUTOR(ScheduledThreadPoolExecutor.class, () -> new ScheduledThreadPoolExecutor(1),
				"tasks", null),

		EXECUTOR(Executor.class, Kind::pool, "tasks", null),

		EXECUTOR_SERVICE(ExecutorService.class, Kind::pool, "tasks", null),

		SCHEDULED_EXECUTOR_SERVICE(ScheduledExecutorService.class, () -> Executors.newScheduledThreadPool(1), "tasks",
				null),

		ANONYMOUS_CLASS(Executor.class, Kind::anonymous, "tasks", null),

		FINAL_CLASS(Executor.class, UnusualExecutorBeansTests.FinalExecutor::new, "tasks", null),

		LAMBDA(Executor.class, () -> (Executor) (task) -> task.run(), "tasks", null),

		JDK_WRAPPED_SERVICE(ExecutorService.class, Executors::newSingleThreadExecutor, "tasks", null),

		JDK_WRAPPED_SCHEDULED_SERVICE(ScheduledExecutorService.class, Executors::newSingleThreadScheduledExecutor,
				"tasks", null),

		FORK_JOIN_POOL(ForkJoinPool.class, () -> new ForkJoinPool(2), "tasks", "ForkJoinTasks are passed on unchanged"),

		WORK_STEALING_POOL(ExecutorService.class, Executors::newWorkStealingPool, "tasks",
				"ForkJoinTasks are passed on unchanged"),

		CONCURRENT_TASK_EXECUTOR(ConcurrentTaskExecutor.class, () -> new ConcurrentTaskExecutor(Kind.pool()), "tasks",
				null),

		CONCURRENT_TASK_SCHEDULER(ConcurrentTaskScheduler.class,
				() -> new ConcurrentTaskScheduler(Executors.newSingleThreadScheduledExecutor()), "tasks", null),

		TASK_EXECUTOR_ADAPTER(TaskExecutorAdapter.class, () -> new TaskExecutorAdapter((Executor) Kind.pool()), "tasks",
				null);

		private final Class<?> declared;

		private final Supplier<?> supplier;

		private final String coverage;

		private final @Nullable String reason;

		Kind(Class<?> declared, Supplier<?> supplier, String coverage, @Nullable String reason) {
			this.declared = declared;
			this.supplier = supplier;
			this.coverage = coverage;
			this.reason = reason;
		}

		@SuppressWarnings({ "unchecked", "rawtypes" })
		ApplicationContextRunner register(ApplicationContextRunner runner) {
			return runner.withBean("executor", (Class) this.declared, (Supplier) this.supplier);
		}

		@SuppressWarnings("UnnecessaryAnonymousClass") // which is no lambda
		private static Executor anonymous() {
			return new Executor() {

				@Override
				public void execute(Runnable command) {
					command.run();
				}

			};
		}

		private static ThreadPoolExecutor pool() {
			return new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
		}

	}

	/**
	 * A class of the user's that the bean definition does not name.
	 */
	enum Hidden {

		EXECUTOR(Executor.class, OwnExecutor.class, () -> new OwnExecutor("own"), "tasks"),

		TASK_EXECUTOR(TaskExecutor.class, OwnTaskExecutor.class, OwnTaskExecutor::new, "tasks"),

		ASYNC_TASK_EXECUTOR(AsyncTaskExecutor.class, OwnTaskExecutor.class, OwnTaskExecutor::new, "tasks"),

		FORK_JOIN_POOL(ExecutorService.class, OwnForkJoinPool.class, OwnForkJoinPool::new, "state");

		private final Class<?> declared;

		private final Class<?> type;

		private final Supplier<?> supplier;

		private final String coverage;

		Hidden(Class<?> declared, Class<?> type, Supplier<?> supplier, String coverage) {
			this.declared = declared;
			this.type = type;
			this.supplier = supplier;
			this.coverage = coverage;
		}

		@SuppressWarnings({ "unchecked", "rawtypes" })
		ApplicationContextRunner register(ApplicationContextRunner runner) {
			return runner.withBean("executor", (Class) this.declared, (Supplier) this.supplier);
		}

	}

	/**
	 * Asks for the executor by its type before it is made.
	 */
	static class Consumer {

		private final Object got;

		Consumer(BeanFactory beanFactory, Kind kind) {
			this.got = beanFactory.getBean(kind.declared);
		}

		Object got() {
			return this.got;
		}

	}

	@SuppressWarnings("serial")
	public static class OwnSimpleAsyncTaskExecutor extends SimpleAsyncTaskExecutor {

	}

	public static class OwnExecutor implements Executor {

		private final String name;

		OwnExecutor(String name) {
			this.name = name;
		}

		public String name() {
			return this.name;
		}

		@Override
		public void execute(Runnable command) {
			command.run();
		}

	}

	public static class OwnTaskExecutor implements AsyncTaskExecutor {

		@Override
		public void execute(Runnable task) {
			task.run();
		}

	}

	public static class OwnForkJoinPool extends ForkJoinPool {

	}

	public static class OwnThreadPoolExecutor extends ThreadPoolExecutor {

		OwnThreadPoolExecutor() {
			super(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
		}

	}

}
