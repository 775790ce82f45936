// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.reflect.Proxy;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.actuate.ExecutorDescriptor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Classes that no proxy can stand in front of.
 */
class UnusualExecutorBeansTests {

	// private classes, classes with no visible constructor, final methods and managed
	// executors of a server failed the start
	@ParameterizedTest
	@EnumSource(Unusual.class)
	void startWhenClassCannotBeProxiedThenStartsAndSaysCoverageAndReason(Unusual unusual) {
		Runners.with().with(unusual::register).run((context) -> {
			assertThat(context).hasNotFailed();
			Object bean = context.getBean(unusual.declared);
			assertThat(bean).isInstanceOf(unusual.declared).isSameAs(context.getBean("executor"));
			assertThat(Runners.run((Executor) bean, () -> "done")).isEqualTo("done");
			ExecutorDescriptor shown = Runners.shown(context, "executor");
			assertThat(shown.coverage()).isEqualTo(unusual.coverage);
			assertThat(String.valueOf(shown.coverageReason())).contains(unusual.reason);
		});
	}

	// a final method ran on the proxy, whose fields are empty, and not on the bean
	@ParameterizedTest
	@EnumSource(Unusual.class)
	void startWhenClassCannotBeProxiedThenBeanIsTheUsers(Unusual unusual) {
		Runners.with().with(unusual::register).run((context) -> {
			String type = Runners.shown(context, "executor").type();
			assertThat(context.getBean("executor").getClass().getName()).isEqualTo(type);
		});
	}

	enum Unusual {

		FINAL(FinalExecutor.class, FinalExecutor::new, "none", "its class is final"),

		RECORD(RecordExecutor.class, () -> new RecordExecutor("x"), "none", "its class is final"),

		PRIVATE_TASK_EXECUTOR(ThreadPoolTaskExecutor.class, PrivateTaskExecutor::new, "tasks", "null"),

		PRIVATE_SCHEDULER(ThreadPoolTaskScheduler.class, PrivateScheduler::new, "tasks", "null"),

		PRIVATE_POOL(ThreadPoolExecutor.class, PrivatePool::new, "state", "its class is private"),

		NO_VISIBLE_CONSTRUCTOR(Hidden.class, Hidden::create, "tasks", "null"),

		FINAL_METHOD(WithFinalMethod.class, WithFinalMethod::new, "tasks", "null"),

		JDK_PROXY(Owned.class, UnusualExecutorBeansTests::jdkProxy, "none", "its class is final"),

		LAMBDA_OF_AN_OWN_INTERFACE(Owned.class, () -> (Owned) Runnable::run, "none", "its class is final"),

		MANAGED(ManagedExecutor.class, ManagedByServer::new, "state", "its class is private");

		private final Class<?> declared;

		private final Supplier<?> supplier;

		private final String coverage;

		private final String reason;

		Unusual(Class<?> declared, Supplier<?> supplier, String coverage, String reason) {
			this.declared = declared;
			this.supplier = supplier;
			this.coverage = coverage;
			this.reason = reason;
		}

		@SuppressWarnings({ "unchecked", "rawtypes" })
		ApplicationContextRunner register(ApplicationContextRunner runner) {
			return runner.withBean("executor", (Class) this.declared, (Supplier) this.supplier);
		}

	}

	private static Owned jdkProxy() {
		return (Owned) Proxy.newProxyInstance(Owned.class.getClassLoader(), new Class<?>[] { Owned.class },
				(proxy, method, args) -> switch (method.getName()) {
					case "execute" -> {
						((Runnable) args[0]).run();
						yield null;
					}
					case "equals" -> proxy == args[0];
					case "hashCode" -> 1;
					default -> "proxy";
				});
	}

	/**
	 * More than a plain executor, so that no plain decorator can take its place.
	 */
	public interface Owned extends Executor {

		default String owner() {
			return "user";
		}

	}

	/**
	 * As the one of Jakarta Concurrency.
	 */
	public interface ManagedExecutor extends ExecutorService {

		String context();

	}

	public static final class FinalExecutor implements Executor {

		@Override
		public void execute(Runnable command) {
			command.run();
		}

	}

	public record RecordExecutor(String name) implements Executor {

		@Override
		public void execute(Runnable command) {
			command.run();
		}

	}

	@SuppressWarnings("serial")
	private static class PrivateTaskExecutor extends ThreadPoolTaskExecutor {

	}

	@SuppressWarnings("serial")
	private static class PrivateScheduler extends ThreadPoolTaskScheduler {

	}

	private static class PrivatePool extends ThreadPoolExecutor {

		PrivatePool() {
			super(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
		}

	}

	@SuppressWarnings("serial")
	public static class Hidden extends ThreadPoolTaskExecutor {

		private Hidden() {
		}

		static Hidden create() {
			return new Hidden();
		}

	}

	@SuppressWarnings("serial")
	public static class WithFinalMethod extends ThreadPoolTaskExecutor {

		public final String mine() {
			return getThreadNamePrefix();
		}

	}

	private static class ManagedByServer extends ThreadPoolExecutor implements ManagedExecutor {

		ManagedByServer() {
			super(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), Executors.defaultThreadFactory());
		}

		@Override
		public String context() {
			return "server";
		}

	}

}
