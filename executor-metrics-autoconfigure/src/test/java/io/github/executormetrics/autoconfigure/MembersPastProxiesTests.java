// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

import io.github.executormetrics.actuate.ExecutorDescriptor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rows: a pool subclass with a package-private field, a protected final method, a
 * protected newTaskFor that reads a field; `@Scheduled` or `@EventListener` on a private
 * method of an executor class.
 */
class MembersPastProxiesTests {

	@ParameterizedTest
	@EnumSource
	void whenMemberWouldPassAProxyThenBeanIsTheUsersAndReasonNamesTheMember(Member member) {
		Runners.with().withBean("executor", Executor.class, member.supplier::get).run((context) -> {
			Executor bean = context.getBean("executor", Executor.class);
			assertThat(Runners.run(bean, () -> "done")).isEqualTo("done");
			assertThat(member.answer.apply(bean)).isEqualTo("set");
			assertThat(AopUtils.isAopProxy(bean)).isFalse();
			ExecutorDescriptor shown = Runners.shown(context, "executor");
			assertThat(shown.coverage()).isEqualTo((bean instanceof ThreadPoolExecutor) ? "state" : "none");
			assertThat(shown.coverageReason()).contains(member.name);
		});
	}

	// without obstacles the proxy has no frozen chains, and every method reaches the bean
	@Test
	void whenAllMembersAreSafeThenTasksAreMeteredAndAllMethodsReachTheBean() {
		Runners.with().withBean("executor", SafePool.class, SafePool::new).run((context) -> {
			SafePool bean = context.getBean(SafePool.class);
			assertThat(bean.value()).isEqualTo("set");
			assertThat(Runners.run(bean, () -> "done")).isEqualTo("done");
			assertThat(Runners.shown(context, "executor").coverage()).isEqualTo("tasks");
			assertThat(AopUtils.getTargetClass(bean)).isEqualTo(SafePool.class);
		});
	}

	@ParameterizedTest
	@EnumSource
	void whenAnnotatedMethodIsPrivateThenApplicationStartsAndTheMethodIsCalled(Annotated annotated) {
		Runners.with().withUserConfiguration(annotated.configuration).run((context) -> {
			assertThat(context).hasNotFailed();
			Called bean = (Called) context.getBean("executor");
			assertThat(bean.called().await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(Runners.run(bean, () -> "done")).isEqualTo("done");
			assertThat(Runners.shown(context, "executor").coverageReason()).contains(annotated.method);
		});
	}

	// a decorator of the interfaces would hide it
	@Test
	void whenFinalClassHasAnnotatedMethodThenItIsLeftAloneAndTheMethodIsCalled() {
		Runners.with().withUserConfiguration(FinalClassConfiguration.class).run((context) -> {
			assertThat(FinalClassConfiguration.EVENTS.get()).isPositive();
			assertThat(context.getBean("executor")).isExactlyInstanceOf(FinalListener.class);
			assertThat(Runners.shown(context, "executor").coverage()).isEqualTo("none");
		});
	}

	// called once and not once more through what stands in front
	@Test
	void whenAnnotatedMethodIsPublicThenItIsCalledOnceAnEvent() {
		Runners.with().withBean("executor", ListeningPool.class, ListeningPool::new).run((context) -> {
			ListeningPool bean = context.getBean(ListeningPool.class);
			assertThat(bean.events()).isEqualTo(1);
			assertThat(Runners.shown(context, "executor").coverage()).isEqualTo("tasks");
		});
	}

	enum Member {

		FIELD("field value", FieldPool::new, (bean) -> ((FieldPool) bean).value),

		PROTECTED_FIELD("field value", ProtectedFieldExecutor::new, (bean) -> ((ProtectedFieldExecutor) bean).value),

		FINAL_METHOD("final method value", FinalMethodPool::new, (bean) -> ((FinalMethodPool) bean).value()),

		PACKAGE_METHOD("package-private method value", PackageMethodExecutor::new,
				(bean) -> ((PackageMethodExecutor) bean).value()),

		INHERITED_METHOD("package-private method value", InheritingExecutor::new,
				(bean) -> ((InheritingExecutor) bean).value()),

		NEW_TASK_FOR("protected method newTaskFor", FuturesPool::new, (bean) -> {
			try {
				return Runners.get(((FuturesPool) bean).submit(() -> "set"));
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});

		private final String name;

		private final Supplier<Executor> supplier;

		private final Function<Executor, Object> answer;

		Member(String name, Supplier<Executor> supplier, Function<Executor, Object> answer) {
			this.name = name;
			this.supplier = supplier;
			this.answer = answer;
		}

	}

	enum Annotated {

		SCHEDULED_ON_A_POOL(ScheduledPoolConfiguration.class, "annotated private method poll"),

		LISTENER_OF_AN_EXECUTOR(ListenerConfiguration.class, "annotated private method started");

		private final Class<?> configuration;

		private final String method;

		Annotated(Class<?> configuration, String method) {
			this.configuration = configuration;
			this.method = method;
		}

	}

	interface Called extends Executor {

		CountDownLatch called();

	}

	public static class Pool extends ThreadPoolExecutor {

		Pool() {
			super(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
		}

	}

	public static class SafePool extends Pool {

		private static final String CONSTANT = "set";

		private final String value = CONSTANT;

		public String value() {
			return this.value;
		}

	}

	public static class FieldPool extends Pool {

		final String value = new String("set");

	}

	public static class ProtectedFieldExecutor implements Executor {

		protected String value = "set";

		@Override
		public void execute(Runnable command) {
			command.run();
		}

	}

	public static class FinalMethodPool extends Pool {

		private final String value = new String("set");

		protected final String value() {
			return this.value;
		}

	}

	public static class PackageMethodExecutor implements Executor {

		private final String value = new String("set");

		String value() {
			return this.value;
		}

		@Override
		public void execute(Runnable command) {
			command.run();
		}

	}

	public static class InheritingExecutor extends PackageMethodExecutor {

	}

	public static class FuturesPool extends Pool {

		private final AtomicInteger made = new AtomicInteger();

		@Override
		protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
			this.made.incrementAndGet();
			return new FutureTask<>(task);
		}

	}

	public static class ScheduledPool extends Pool implements Called {

		private final CountDownLatch called = new CountDownLatch(2);

		@Override
		public CountDownLatch called() {
			return this.called;
		}

		@Scheduled(fixedDelay = 1)
		private void poll() {
			this.called.countDown();
		}

	}

	public static class ListeningExecutor implements Called {

		private final CountDownLatch called = new CountDownLatch(1);

		@Override
		public CountDownLatch called() {
			return this.called;
		}

		@Override
		public void execute(Runnable command) {
			command.run();
		}

		@EventListener
		private void started(ContextRefreshedEvent event) {
			this.called.countDown();
		}

	}

	public static class ListeningPool extends Pool {

		private final AtomicInteger events = new AtomicInteger();

		public int events() {
			return this.events.get();
		}

		@EventListener
		public void started(ContextRefreshedEvent event) {
			this.events.incrementAndGet();
		}

	}

	public static final class FinalListener implements Executor {

		private final AtomicInteger events;

		FinalListener(AtomicInteger events) {
			this.events = events;
		}

		@Override
		public void execute(Runnable command) {
			command.run();
		}

		@EventListener
		public void started(ContextRefreshedEvent event) {
			this.events.incrementAndGet();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class ScheduledPoolConfiguration {

		@Bean
		ScheduledPool executor() {
			return new ScheduledPool();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ListenerConfiguration {

		@Bean
		ListeningExecutor executor() {
			return new ListeningExecutor();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FinalClassConfiguration {

		static final AtomicInteger EVENTS = new AtomicInteger();

		@Bean
		Executor executor() {
			return new FinalListener(EVENTS);
		}

	}

}
