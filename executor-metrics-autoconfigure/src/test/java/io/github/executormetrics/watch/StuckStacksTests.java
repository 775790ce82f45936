// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.WorkerStack;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.MeteredTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The stacks of stuck tasks where stacks were taken for another cause before, on a clock
 * that the test moves: ticks of 1 s, and 2 s until a task is stuck.
 */
class StuckStacksTests {

	private long nanos = System.nanoTime();

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final MonitoredExecutor orders = this.registry.obtain("orders", Object.class, 1, ExecutorOrigin.BEAN);

	private final Queue queue = new Queue();

	private final CountDownLatch held = new CountDownLatch(1);

	private final ExecutorWatch watch = new ExecutorWatch(this.registry,
			new WatchSettings(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ZERO, 1, 5, Duration.ofMinutes(1),
					new ExecutorLimits(Duration.ofMillis(100), Duration.ofMillis(50), 1000, 1, Duration.ofMinutes(5),
							Duration.ofSeconds(2), 5, 0.05),
					Map.of()),
			() -> this.nanos, InstantSource.system(), new CallersThread());

	@AfterEach
	void release() {
		this.held.countDown();
	}

	// what was seen before it was stuck was too young to be shown, and not looked at
	// again
	@Test
	void whenTaskRanAlreadyWhenStacksWereTakenThenShownOnceStuck() {
		begin();
		run();
		this.queue.depth = 1;
		ticks(1);
		assertThat(causes()).contains(StarvationCause.DELAYED).doesNotContain(StarvationCause.STUCK);
		ticks(1);
		assertThat(causes()).contains(StarvationCause.STUCK);
		assertThat(stacks()).singleElement().satisfies((stack) -> {
			assertThat(stack.threads()).containsExactly("stuck-1");
			assertThat(stack.oldestMillis()).isGreaterThan(2_000);
			assertThat(stack.frames()).anyMatch((frame) -> frame.getClassName().equals(CountDownLatch.class.getName()));
		});
	}

	// the stacks were those of a time before it had started, and not asked for again
	@Test
	void whenTaskStartedAfterStacksWereTakenThenShownWhenTheyAreTakenAnew() {
		begin();
		this.queue.depth = 1;
		ticks(1);
		assertThat(causes()).contains(StarvationCause.DELAYED);
		run();
		ticks(1);
		assertThat(causes()).contains(StarvationCause.STUCK);
		assertThat(stacks()).isEmpty();
		ticks(3);
		assertThat(stacks()).singleElement()
			.satisfies((stack) -> assertThat(stack.threads()).containsExactly("stuck-1"));
	}

	private void begin() {
		this.orders.cover(Coverage.TASKS, null);
		this.orders.add(this.queue);
		this.registry.add(this.orders);
		this.watch.begin();
		// an earlier run, without which a longer one would be taken for one that never
		// ends
		MeteredTask.of(() -> {
		}, this.orders.recorder(), false).run();
		ticks(1);
	}

	private void run() {
		MeteredTask task = MeteredTask.of(() -> {
			try {
				this.held.await(1, TimeUnit.MINUTES);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}, this.orders.recorder(), false);
		Thread thread = new Thread(task, "stuck-1");
		thread.setDaemon(true);
		thread.start();
		await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
	}

	private void ticks(int ticks) {
		for (int i = 0; i < ticks; i++) {
			this.nanos += TimeUnit.SECONDS.toNanos(1);
			this.watch.tick();
		}
	}

	private List<StarvationCause> causes() {
		return this.watch.report(this.orders).causes().stream().map(RaisedCause::cause).toList();
	}

	private List<WorkerStack> stacks() {
		return this.watch.report(this.orders)
			.causes()
			.stream()
			.filter((cause) -> cause.cause() == StarvationCause.STUCK)
			.flatMap((cause) -> cause.stacks().stream())
			.toList();
	}

	private static final class Queue implements ExecutorState {

		private int depth;

		@Override
		public int busy() {
			return 1;
		}

		@Override
		public int idle() {
			return 0;
		}

		@Override
		public int limit() {
			return 1;
		}

		@Override
		public int queueDepth() {
			return this.depth;
		}

		@Override
		public long oldestQueued(long now) {
			return TimeUnit.MINUTES.toNanos(1);
		}

		@Override
		public boolean isGone() {
			return false;
		}

		@Override
		public boolean isAtRest() {
			return false;
		}

	}

}
