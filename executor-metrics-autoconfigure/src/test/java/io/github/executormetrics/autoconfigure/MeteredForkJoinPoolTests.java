// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.binder.jvm.ExecutorServiceMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Row: a ForkJoinPool bean declared as ExecutorService: getBeansOfType(ForkJoinPool)
 * finds it, ExecutorServiceMetrics binds it. Its tasks are metered, forks and joins go on
 * as before.
 */
class MeteredForkJoinPoolTests {

	private final ForkJoinPool raw = new ForkJoinPool(2);

	private final ApplicationContextRunner runner = Runners.with()
		.withBean("forks", ForkJoinPool.class, () -> this.raw);

	@Test
	void whenDeclaredAsExecutorServiceThenItIsFoundByItsTypeAndBound() {
		Runners.with().withBean("forks", ExecutorService.class, () -> this.raw).run((context) -> {
			assertThat(context.getBeansOfType(ForkJoinPool.class)).containsOnlyKeys("forks");
			SimpleMeterRegistry registry = new SimpleMeterRegistry();
			ExecutorServiceMetrics.monitor(registry, context.getBean(ForkJoinPool.class), "bound");
			assertThat(registry.get("executor.parallelism").gauge().value()).isEqualTo(2);
			assertThat(context.getBean(ForkJoinPool.class).submit(() -> "done").get(20, TimeUnit.SECONDS))
				.isEqualTo("done");
			assertSubmitted(context, 1);
		});
	}

	@Test
	void whenRunnablesAndCallablesAreSubmittedThenEachIsCountedOnce() {
		this.runner.run((context) -> {
			ForkJoinPool pool = context.getBean(ForkJoinPool.class);
			CountDownLatch ran = new CountDownLatch(1);
			pool.execute(ran::countDown);
			assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(pool.submit(() -> "done").join()).isEqualTo("done");
			assertThat(pool.submit(() -> {
			}, "given").join()).isEqualTo("given");
			assertThat(pool.invokeAll(List.of(() -> 1, () -> 2))).allMatch(Future::isDone);
			assertThat(CompletableFuture.supplyAsync(() -> "async", pool).get(20, TimeUnit.SECONDS)).isEqualTo("async");
			assertSubmitted(context, 6);
		});
	}

	// joined by who looks for this very object in the queues
	@Test
	void whenForkJoinTaskIsSubmittedThenItIsTheOneThatRuns() {
		this.runner.run((context) -> {
			ForkJoinPool pool = context.getBean(ForkJoinPool.class);
			Sum task = new Sum(1, 1_000);
			assertThat(pool.submit(task)).isSameAs(task);
			assertThat(task.join()).isEqualTo(500_500);
			assertThat(task.pool).isSameAs(this.raw);
			assertThat(pool.invoke(new Sum(1, 10_000))).isEqualTo(50_005_000);
			Sum executed = new Sum(1, 10);
			pool.execute(executed);
			assertThat(executed.join()).isEqualTo(55);
			Sum asRunnable = new Sum(1, 10);
			ForkJoinTask<?> adapted = ForkJoinTask.adapt(() -> asRunnable.fork().join());
			pool.execute((Runnable) adapted);
			assertThat(adapted.get(20, TimeUnit.SECONDS)).isEqualTo(55);
			assertThat(Runners.shown(context, "forks").coverageReason()).contains("ForkJoinTasks");
			assertSubmitted(context, 0);
		});
	}

	// a worker that waits for what it has submitted itself runs it meanwhile
	@Test
	void whenWorkerJoinsWhatItSubmittedThenOneWorkerIsEnough() {
		ForkJoinPool single = new ForkJoinPool(1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, false, 1, 1, 1,
				null, 1, TimeUnit.MINUTES);
		Runners.with().withBean("forks", ForkJoinPool.class, () -> single).run((context) -> {
			ForkJoinPool pool = context.getBean(ForkJoinPool.class);
			assertThat(
					pool.submit(() -> pool.submit(() -> pool.invoke(new Sum(1, 100))).join()).get(20, TimeUnit.SECONDS))
				.isEqualTo(5050);
			assertThat(single.getPoolSize()).isEqualTo(1);
		});
	}

	@Test
	void whenParallelStreamRunsInItThenItsPartsRunOnThePoolsWorkers() {
		this.runner.run((context) -> {
			ForkJoinPool pool = context.getBean(ForkJoinPool.class);
			List<@Nullable ForkJoinPool> pools = pool
				.submit(() -> IntStream.range(0, 1_000)
					.parallel()
					.mapToObj((i) -> ((ForkJoinWorkerThread) Thread.currentThread()).getPool())
					.distinct()
					.toList())
				.get(20, TimeUnit.SECONDS);
			assertThat(pools).containsOnly(this.raw);
		});
	}

	@Test
	void whenAskedThenAnswersAsThePoolDoes() {
		this.runner.run((context) -> {
			ForkJoinPool pool = context.getBean(ForkJoinPool.class);
			CountDownLatch release = new CountDownLatch(1);
			for (int i = 0; i < 3; i++) {
				pool.execute(() -> Hold.until(release));
			}
			await().until(() -> pool.getActiveThreadCount() == 2);
			assertThat(pool.getPoolSize()).isEqualTo(2);
			assertThat(pool.getParallelism()).isEqualTo(2);
			assertThat(pool.hasQueuedSubmissions()).isTrue();
			assertThat(pool.getQueuedSubmissionCount()).isEqualTo(1);
			assertThat(pool.isQuiescent()).isFalse();
			assertThat(pool.isShutdown()).isFalse();
			assertThat(pool).hasToString(this.raw.toString());
			release.countDown();
			assertThat(pool.awaitQuiescence(20, TimeUnit.SECONDS)).isTrue();
			pool.shutdown();
			assertThat(this.raw.isShutdown()).isTrue();
			assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
			assertThat(pool.isTerminated()).isTrue();
		});
	}

	@Test
	void whenShutDownAtOnceThenQueuedTasksCountAsCancelled() {
		this.runner.run((context) -> {
			ForkJoinPool pool = context.getBean(ForkJoinPool.class);
			CountDownLatch release = new CountDownLatch(1);
			for (int i = 0; i < 2; i++) {
				pool.execute(() -> Hold.until(release));
			}
			await().until(() -> pool.getActiveThreadCount() == 2);
			Future<?> queued = pool.submit(() -> "never");
			pool.shutdownNow();
			release.countDown();
			assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
			assertThat(queued.isCancelled()).isTrue();
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "forks").active()).isZero());
		});
	}

	@Test
	void whenBeanIsTheCommonPoolThenItStaysTheSameObject() {
		Runners.with().withBean("common", ForkJoinPool.class, ForkJoinPool::commonPool).run((context) -> {
			assertThat(context.getBean("common")).isSameAs(ForkJoinPool.commonPool());
			assertThat(Runners.shown(context, "common").coverage()).isEqualTo("state");
			assertThat(Runners.shown(context, "common").coverageReason()).contains("common pool");
		});
	}

	@Test
	void whenContextIsClosedThenThePoolIsShutDown() {
		this.runner.run((context) -> {
			context.close();
			assertThat(this.raw.isShutdown()).isTrue();
		});
	}

	private static void assertSubmitted(BeanFactory context, int tasks) {
		await().untilAsserted(() -> assertThat(Runners.tasks(context, "forks").completed()).isEqualTo(tasks));
		assertThat(Runners.tasks(context, "forks").submitted()).isEqualTo(tasks);
	}

	private static final class Sum extends RecursiveTask<Integer> {

		private static final long serialVersionUID = 1;

		private final int from;

		private final int to;

		private transient volatile @Nullable ForkJoinPool pool;

		Sum(int from, int to) {
			this.from = from;
			this.to = to;
		}

		@Override
		protected Integer compute() {
			this.pool = getPool();
			if (this.to - this.from < 10) {
				return IntStream.rangeClosed(this.from, this.to).sum();
			}
			int middle = (this.from + this.to) / 2;
			Sum left = new Sum(this.from, middle);
			left.fork();
			return new Sum(middle + 1, this.to).compute() + left.join();
		}

	}

}
