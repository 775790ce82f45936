// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanDefinitionCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * An executor bean that is part of a circle.
 */
class CircularReferenceTests {

	// "has been injected into other beans in its raw version as part of a circular
	// reference"
	@Test
	void startWhenCirclesAreAllowedThenAllHoldSameDecoratedInstance() {
		AtomicInteger made = new AtomicInteger();
		circle(Runners.with(), made).withAllowCircularReferences(true).run((context) -> {
			assertThat(context).hasNotFailed();
			// Spring drops one that was injected raw, and begins again elsewhere in the
			// circle
			assertThat(made).hasValue(1);
			Executor executor = context.getBean("executor", Executor.class);
			assertThat(context.getBean(Client.class).executor).isSameAs(executor)
				.isSameAs(context.getBean(OtherClient.class).executor);
			assertThat(executor).isExactlyInstanceOf(ExecutorInCircle.class);
			Runners.run(context.getBean(Client.class).executor, () -> "done");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "executor").completed()).isEqualTo(1));
			assertThat(Runners.tasks(context, "executor").submitted()).isEqualTo(1);
		});
	}

	// an early reference hid a circle that the application forbids
	@Test
	void startWhenCirclesAreForbiddenThenFailsAsWithoutUs() {
		circle(Runners.without(), new AtomicInteger()).withAllowCircularReferences(false)
			.run((context) -> assertThat(context).getFailure()
				.hasRootCauseInstanceOf(BeanCurrentlyInCreationException.class));
		circle(Runners.with(), new AtomicInteger()).withAllowCircularReferences(false)
			.run((context) -> assertThat(context).getFailure()
				.hasRootCauseInstanceOf(BeanCurrentlyInCreationException.class));
	}

	// an executor whose first creation had failed was left undecorated
	@Test
	void createWhenFirstAttemptFailedAfterEarlyReferenceThenTheNextIsDecorated() {
		AtomicInteger made = new AtomicInteger();
		BeanDefinitionCustomizer lazy = (definition) -> definition.setLazyInit(true);
		// without Boot's meters, which make the executor at the start
		new ApplicationContextRunner().withConfiguration(Runners.OURS)
			.withAllowCircularReferences(true)
			.withBean("executor", FailsAtFirst.class, () -> new FailsAtFirst(made.incrementAndGet()), lazy)
			.withBean(Client.class, Client::new, lazy)
			.run((context) -> {
				assertThatExceptionOfType(BeanCreationException.class).isThrownBy(() -> context.getBean("executor"));
				Executor executor = context.getBean("executor", Executor.class);
				assertThat(made).hasValue(2);
				Runners.run(executor, () -> "done");
				MonitoredExecutor monitored = context.getBean(ExecutorRegistry.class).find("executor");
				await().untilAsserted(() -> assertThat(monitored.recorder().completed()).isEqualTo(1));
			});
	}

	private static ApplicationContextRunner circle(ApplicationContextRunner runner, AtomicInteger made) {
		return runner.withBean("executor", ExecutorInCircle.class, () -> {
			made.incrementAndGet();
			return new ExecutorInCircle();
		}).withBean(Client.class).withBean(OtherClient.class);
	}

	@SuppressWarnings("serial")
	public static class ExecutorInCircle extends ThreadPoolTaskExecutor {

		@Autowired
		transient Client client;

	}

	/**
	 * No ThreadPoolTaskExecutor, which its life cycle makes at the start.
	 */
	public static class FailsAtFirst extends ThreadPoolExecutor implements BeanFactoryAware, InitializingBean {

		private final int attempt;

		private BeanFactory beanFactory;

		FailsAtFirst(int attempt) {
			super(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
			this.attempt = attempt;
		}

		@Override
		public void setBeanFactory(BeanFactory beanFactory) {
			this.beanFactory = beanFactory;
		}

		@Override
		public void afterPropertiesSet() {
			if (this.attempt == 1) {
				// takes the early reference
				this.beanFactory.getBean(Client.class);
				throw new IllegalStateException("not ready");
			}
		}

	}

	static class Client {

		@Autowired
		Executor executor;

	}

	static class OtherClient {

		@Autowired
		ThreadPoolTaskExecutor executor;

	}

}
