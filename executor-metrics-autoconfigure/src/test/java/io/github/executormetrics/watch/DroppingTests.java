// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.AbortPolicy;
import java.util.concurrent.ThreadPoolExecutor.CallerRunsPolicy;
import java.util.concurrent.ThreadPoolExecutor.DiscardOldestPolicy;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tasks that a rejection policy drops, of which nobody is told.
 */
class DroppingTests {

	private static final Runnable TASK = () -> {
	};

	private final MovedWatch watch = new MovedWatch();

	private Hold hold = new Hold();

	private int seconds;

	@AfterEach
	void close() {
		this.hold.close();
		this.watch.close();
	}

	/** One worker, which is held, and a queue that is full. */
	private ThreadPoolExecutor full(RejectedExecutionHandler handler) {
		return full(new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), handler));
	}

	private ThreadPoolExecutor full(ThreadPoolExecutor target) {
		ThreadPoolExecutor pool = this.watch.pool("orders", target);
		this.hold = Hold.on(pool);
		pool.execute(TASK);
		this.watch.ticks(1);
		return pool;
	}

	private void drop(int seconds, Runnable each) {
		for (int i = 0; i < seconds; i++) {
			each.run();
			this.watch.ticks(1);
		}
	}

	/** Besides what the full queue is. */
	private RaisedCause dropping() {
		return this.watch.watch()
			.report(this.watch.executor("orders"))
			.causes()
			.stream()
			.filter((raised) -> raised.cause() == StarvationCause.DROPPING)
			.findFirst()
			.orElse(null);
	}

	static List<RejectedExecutionHandler> silent() {
		return List.of(new DiscardPolicy(), new DiscardOldestPolicy(), new CountingDiscard(),
				new CountingDiscardOldest());
	}

	@ParameterizedTest
	@MethodSource("silent")
	void whenAPolicyDropsTasksThenItIsRaisedAndClearedOnceItDropsNone(RejectedExecutionHandler handler) {
		ThreadPoolExecutor pool = full(handler);
		drop(2, () -> pool.execute(TASK));
		assertThat(dropping()).isNull();
		drop(1, () -> pool.execute(TASK));
		assertThat(dropping()).isNotNull().satisfies((raised) -> {
			assertThat(raised.evidence()).containsEntry("droppedTasks", 3L).containsEntry("limitShare", 0.05);
			assertThat(raised.advice()).isNotNull();
		});
		this.hold.close();
		this.watch.ticks(4);
		assertThat(dropping()).isNotNull();
		this.watch.ticks(1);
		assertThat(dropping()).isNull();
		assertThat(this.watch.executor("orders").incidentCount(StarvationCause.DROPPING)).isOne();
	}

	// what took the place of another was counted twice: half of the tasks were a third
	@Test
	void whenTheOldestIsDroppedThenEachCallIsOneTaskHandedOver() {
		ThreadPoolExecutor pool = full(new DiscardOldestPolicy());
		this.watch.ticks(11);
		drop(3, () -> {
			pool.execute(TASK);
			pool.execute(TASK);
		});
		assertThat(dropping().evidence()).containsEntry("droppedTasks", 6L).containsEntry("tasks", 6L);
	}

	@Test
	void whenOnlyDroppingThenTheExecutorDoesNotStarve() {
		ThreadPoolExecutor pool = this.watch.pool("orders",
				new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), new DiscardPolicy()));
		this.watch.ticks(1);
		drop(3, () -> {
			Hold second = Hold.on(pool);
			pool.execute(TASK);
			pool.execute(TASK);
			second.close();
			this.watch.awaitCompleted("orders", 2 * ++this.seconds);
		});
		ExecutorReport report = this.watch.watch().report(this.watch.executor("orders"));
		assertThat(report.verdict()).isEqualTo("DROPPING");
		assertThat(report.isStarved()).isFalse();
		assertThat(this.watch.incidents("orders")).isEmpty();
	}

	// nobody would ever know: the future is never done
	@Test
	void whenAHandlerLeavesAFutureUndoneThenItIsRaised() {
		ThreadPoolExecutor pool = full((task, executor) -> {
		});
		drop(3, () -> pool.submit(TASK));
		assertThat(dropping().evidence()).containsEntry("droppedTasks", 3L);
	}

	static List<RejectedExecutionHandler> harmless() {
		return List.of(new AbortPolicy(), new CallerRunsPolicy(), (task, executor) -> task.run(),
				new CallerRunsPolicy() {
					@Override
					public void rejectedExecution(Runnable task, ThreadPoolExecutor executor) {
						super.rejectedExecution(task, executor);
					}
				});
	}

	@ParameterizedTest
	@MethodSource("harmless")
	void whenTasksAreRefusedOrRunByTheCallerThenItIsNotRaised(RejectedExecutionHandler handler) {
		ThreadPoolExecutor pool = full(handler);
		drop(10, () -> {
			handOver(() -> pool.execute(TASK));
			handOver(() -> pool.submit(TASK));
			handOver(() -> pool.execute(new FutureTask<>(TASK, null)));
		});
		assertThat(this.watch.executor("orders").rejected()).isEqualTo(30);
		assertThat(dropping()).isNull();
	}

	private static void handOver(Runnable submission) {
		try {
			submission.run();
		}
		catch (RejectedExecutionException ex) {
			// the submitter knows
		}
	}

	@Test
	void whenAHandlerQueuesTheFutureThenItIsNotRaised() {
		ThreadPoolExecutor pool = full((task, executor) -> {
			executor.getQueue().clear();
			executor.getQueue().add(task);
		});
		drop(10, () -> pool.submit(TASK));
		assertThat(dropping()).isNull();
	}

	@Test
	void whenFewOfManyAreDroppedThenItIsNotRaised() {
		ThreadPoolExecutor pool = this.watch.pool("orders", new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
				new ArrayBlockingQueue<>(1_000), new DiscardPolicy()));
		drop(10, () -> {
			Hold second = Hold.on(pool);
			Stream.generate(() -> TASK).limit(1_001).forEach(pool::execute);
			second.close();
			this.watch.awaitCompleted("orders", 1_001 * ++this.seconds);
		});
		assertThat(this.watch.executor("orders").recorder().droppedRefused()).isEqualTo(10);
		assertThat(dropping()).isNull();
	}

	@ParameterizedTest
	@MethodSource("silent")
	void whenThePoolIsShutDownThenItIsNotRaised(RejectedExecutionHandler handler) {
		ThreadPoolExecutor pool = full(handler);
		pool.shutdown();
		drop(10, () -> {
			pool.execute(TASK);
			pool.submit(TASK);
		});
		assertThat(this.watch.executor("orders").rejected()).isEqualTo(20);
		assertThat(dropping()).isNull();
	}

	@Test
	void whenTheOldestWasCancelledThenNothingIsLost() {
		ThreadPoolExecutor pool = this.watch.pool("orders", new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
				new ArrayBlockingQueue<>(1), new DiscardOldestPolicy()));
		this.hold = Hold.on(pool);
		drop(10, () -> pool.submit(TASK).cancel(false));
		assertThat(this.watch.executor("orders").rejected()).isEqualTo(9);
		assertThat(dropping()).isNull();
	}

	/** As users write them to count what is dropped. */
	static final class CountingDiscard extends DiscardPolicy {

		@Override
		public void rejectedExecution(Runnable task, ThreadPoolExecutor executor) {
			super.rejectedExecution(task, executor);
		}

	}

	static final class CountingDiscardOldest extends DiscardOldestPolicy {

		@Override
		public void rejectedExecution(Runnable task, ThreadPoolExecutor executor) {
			super.rejectedExecution(task, executor);
		}

	}

}
