// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

import io.micrometer.context.ContextSnapshotFactory;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.autoconfigure.Traces.ScopeCounter;
import io.github.executormetrics.autoconfigure.Traces.Seen;
import io.github.executormetrics.autoconfigure.Traces.Within;
import io.github.executormetrics.monitor.ExecutorRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Where others carry the context we do not do so once more.
 */
class CarriedByOthersTests {

	private final ScopeCounter counter = new ScopeCounter();

	private final ApplicationContextRunner runner = Traces.with().withBean(ScopeCounter.class, () -> this.counter);

	// with the property that was there before us, each handler was called twice a task
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenBootPropagatesContextThenItIsOpenedOnce(boolean virtual) {
		this.runner.withConfiguration(Runners.TASKS)
			.withPropertyValues("spring.task.execution.propagate-context=true",
					"spring.threads.virtual.enabled=" + virtual)
			.run((context) -> assertOpenedOnce(context.getBean("applicationTaskExecutor", Executor.class), context));
	}

	// it was not found among others
	@Test
	void whenBootPropagatesContextBesideOthersThenItIsOpenedOnce() {
		this.runner.withConfiguration(Runners.TASKS)
			.withBean("mdc", TaskDecorator.class, () -> (task) -> task::run)
			.withPropertyValues("spring.task.execution.propagate-context=true")
			.run((context) -> {
				assertThat(context.getBeansOfType(TaskDecorator.class)).hasSize(2);
				assertOpenedOnce(context.getBean("applicationTaskExecutor", Executor.class), context);
			});
	}

	// as it was without us
	@ParameterizedTest
	@EnumSource
	void whenDecoratorIsSpringsThenContextIsOpenedOnce(Owner owner) {
		this.runner.withBean("executor", Executor.class, () -> owner.with(new ContextPropagatingTaskDecorator()))
			.run((context) -> assertOpenedOnce(context.getBean("executor", Executor.class), context));
	}

	// a decorator of the user's that does the same is known by what it has done
	@ParameterizedTest
	@EnumSource
	void whenDecoratorIsUsersThenContextIsOpenedOnce(Owner owner) {
		TaskDecorator users = (task) -> ContextSnapshotFactory.builder().build().captureAll().wrap(task);
		// an adapter decorates before its executor gets the task: ours is opened around
		// it
		int times = (owner == Owner.ADAPTER || owner == Owner.CONCURRENT) ? 2 : 1;
		this.runner.withBean("executor", Executor.class, () -> owner.with(users))
			.run((context) -> assertOpened(times, context.getBean("executor", Executor.class), context));
	}

	// one that carries the span only took the observation, and the baggage, away
	@ParameterizedTest
	@EnumSource
	void whenUsersDecoratorCarriesSpanOnlyThenObservationIsCarriedAsWell(Owner owner) {
		TaskDecorator users = (task) -> Context.current().wrap(task);
		this.runner.withBean("executor", Executor.class, () -> owner.with(users))
			.run((context) -> assertOpenedOnce(context.getBean("executor", Executor.class), context));
	}

	// what we carry is opened once as well
	@ParameterizedTest
	@EnumSource
	void whenThereIsNoDecoratorThenContextIsOpenedOnce(Owner owner) {
		this.runner.withBean("executor", Executor.class, () -> owner.with(null))
			.run((context) -> assertOpenedOnce(context.getBean("executor", Executor.class), context));
	}

	// a span of the task's own is one more, whoever carries the context
	@Test
	void whenTaskHasSpanThenItIsChildOfWhatOthersCarried() {
		this.runner.withConfiguration(Runners.TASKS)
			.withPropertyValues("spring.task.execution.propagate-context=true",
					"executor-metrics.tracing.spans=child-only")
			.run((context) -> {
				Executor executor = context.getBean("applicationTaskExecutor", Executor.class);
				Future<Seen> seen;
				Seen expected;
				try (Within within = new Within(context, "submitter", "blue")) {
					expected = Seen.in(context);
					seen = CompletableFuture.supplyAsync(() -> Seen.in(context), executor);
				}
				assertThat(Runners.get(seen).trace()).isEqualTo(expected.trace());
				assertThat(Runners.get(seen).span()).isNotEqualTo(expected.span());
				await().untilAsserted(() -> assertThat(this.counter.closed()).isEqualTo(3));
				assertThat(this.counter.opened()).isEqualTo(3);
			});
	}

	private void assertOpenedOnce(Executor executor, BeanFactory context) throws Exception {
		assertOpened(1, executor, context);
	}

	private void assertOpened(int perTask, Executor executor, BeanFactory context) throws Exception {
		for (int i = 1; i <= 3; i++) {
			Seen expected;
			Future<Seen> seen;
			try (Within within = new Within(context, "submitter", "blue")) {
				expected = Seen.in(context);
				seen = CompletableFuture.supplyAsync(() -> Seen.in(context), executor);
				assertThat(Runners.get(seen)).isEqualTo(expected);
			}
			int times = (1 + perTask) * i;
			// the submitter's and that of the task
			assertThat(this.counter.opened()).isEqualTo(times);
			await().untilAsserted(() -> assertThat(this.counter.closed()).isEqualTo(times));
		}
		await().until(() -> context.getBean(ExecutorRegistry.class)
			.all()
			.stream()
			.anyMatch((known) -> known.recorder().completed() == 3));
	}

	/**
	 * Spring's executors that have a decorator.
	 */
	enum Owner {

		THREAD_POOL {
			@Override
			Executor with(@Nullable TaskDecorator decorator) {
				ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
				if (decorator != null) {
					executor.setTaskDecorator(decorator);
				}
				return executor;
			}
		},

		SCHEDULER {
			@Override
			Executor with(@Nullable TaskDecorator decorator) {
				ThreadPoolTaskScheduler executor = new ThreadPoolTaskScheduler();
				if (decorator != null) {
					executor.setTaskDecorator(decorator);
				}
				return executor;
			}
		},

		SIMPLE_ASYNC {
			@Override
			Executor with(@Nullable TaskDecorator decorator) {
				SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
				if (decorator != null) {
					executor.setTaskDecorator(decorator);
				}
				return executor;
			}
		},

		ADAPTER {
			@Override
			Executor with(@Nullable TaskDecorator decorator) {
				TaskExecutorAdapter executor = new TaskExecutorAdapter(onNewThread());
				if (decorator != null) {
					executor.setTaskDecorator(decorator);
				}
				return executor;
			}
		},

		CONCURRENT {
			@Override
			Executor with(@Nullable TaskDecorator decorator) {
				ConcurrentTaskExecutor executor = new ConcurrentTaskExecutor(onNewThread());
				if (decorator != null) {
					executor.setTaskDecorator(decorator);
				}
				return executor;
			}
		};

		abstract Executor with(@Nullable TaskDecorator decorator);

		private static Executor onNewThread() {
			return (task) -> new Thread(task).start();
		}

	}

}
