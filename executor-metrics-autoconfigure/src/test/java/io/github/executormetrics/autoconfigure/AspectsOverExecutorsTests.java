// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.NameMatchMethodPointcutAdvisor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Row: an aspect or BeanNameAutoProxyCreator over an executor bean that is a lambda, a
 * method reference, a single-thread executor.
 */
class AspectsOverExecutorsTests {

	@ParameterizedTest
	@EnumSource
	void whenBeanNameAutoProxyCreatorMakesClassProxiesThenStartsAndBothSeeTheTask(Kind kind) {
		assertSeen(kind, byName(true));
	}

	@ParameterizedTest
	@EnumSource
	void whenBeanNameAutoProxyCreatorMakesInterfaceProxiesThenStartsAndBothSeeTheTask(Kind kind) {
		assertSeen(kind, byName(false));
	}

	@ParameterizedTest
	@EnumSource
	void whenAdvisorMakesClassProxiesThenStartsAndBothSeeTheTask(Kind kind) {
		DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
		creator.setProxyTargetClass(true);
		Seen seen = new Seen();
		NameMatchMethodPointcutAdvisor advisor = new NameMatchMethodPointcutAdvisor(seen);
		advisor.setMappedName("execute");
		// of executors alone, as the pointcut of an aspect would be
		advisor.setClassFilter(Executor.class::isAssignableFrom);
		assertSeen(kind,
				Runners.with()
					.withBean(DefaultAdvisorAutoProxyCreator.class, () -> creator)
					.withBean(NameMatchMethodPointcutAdvisor.class, () -> advisor)
					.withBean(Seen.class, () -> seen));
	}

	private static ApplicationContextRunner byName(boolean proxyTargetClass) {
		BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
		creator.setBeanNames("executor");
		creator.setInterceptorNames("seen");
		creator.setProxyTargetClass(proxyTargetClass);
		return Runners.with()
			.withBean(BeanNameAutoProxyCreator.class, () -> creator)
			.withBean("seen", Seen.class, Seen::new);
	}

	private static void assertSeen(Kind kind, ApplicationContextRunner runner) {
		runner.with(kind::register).run((context) -> {
			assertThat(context).hasNotFailed();
			Executor bean = (Executor) context.getBean(kind.type);
			assertThat(AopUtils.isAopProxy(bean)).isTrue();
			assertThat(Runners.run(bean, () -> "done")).isEqualTo("done");
			assertThat(context.getBean(Seen.class).methods).contains("execute");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "executor").completed()).isEqualTo(1));
		});
	}

	enum Kind {

		LAMBDA(Executor.class, () -> (Executor) (task) -> task.run()),

		METHOD_REFERENCE(Executor.class, () -> (Executor) Runnable::run),

		TASK_EXECUTOR_LAMBDA(TaskExecutor.class, () -> (TaskExecutor) (task) -> task.run()),

		ASYNC_LAMBDA(AsyncTaskExecutor.class, () -> (AsyncTaskExecutor) (task) -> task.run()),

		FINAL_CLASS(Executor.class, UnusualExecutorBeansTests.FinalExecutor::new),

		RECORD(Executor.class, () -> new UnusualExecutorBeansTests.RecordExecutor("record")),

		SINGLE_THREAD_EXECUTOR(ExecutorService.class, Executors::newSingleThreadExecutor),

		SINGLE_THREAD_SCHEDULED_EXECUTOR(ScheduledExecutorService.class, Executors::newSingleThreadScheduledExecutor),

		UNCONFIGURABLE(ExecutorService.class,
				() -> Executors.unconfigurableExecutorService(Executors.newFixedThreadPool(1))),

		POOL(ExecutorService.class,
				() -> new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>())),

		WORK_STEALING_POOL(ExecutorService.class, () -> new ForkJoinPool(1)),

		SIMPLE_ASYNC(AsyncTaskExecutor.class, SimpleAsyncTaskExecutor::new);

		private final Class<?> type;

		private final Supplier<?> supplier;

		Kind(Class<?> type, Supplier<?> supplier) {
			this.type = type;
			this.supplier = supplier;
		}

		@SuppressWarnings({ "unchecked", "rawtypes" })
		ApplicationContextRunner register(ApplicationContextRunner runner) {
			return runner.withBean("executor", (Class) this.type, (Supplier) this.supplier);
		}

	}

	static class Seen implements MethodInterceptor {

		private final List<String> methods = new CopyOnWriteArrayList<>();

		@Override
		public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
			this.methods.add(invocation.getMethod().getName());
			return invocation.proceed();
		}

	}

}
