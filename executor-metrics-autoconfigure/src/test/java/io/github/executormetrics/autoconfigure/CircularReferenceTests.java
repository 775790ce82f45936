package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
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
			assertThat(executor.getClass()).isNotEqualTo(ExecutorInCircle.class);
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

	static class Client {

		@Autowired
		Executor executor;

	}

	static class OtherClient {

		@Autowired
		ThreadPoolTaskExecutor executor;

	}

}
