// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Row: a pool of core 1 and maximum 50 with room in its queue was said to have 50
 * workers.
 */
class ThreadPoolStateTests {

	private final Hold hold = new Hold();

	private ThreadPoolExecutor pool = pool(1, 4, new LinkedBlockingQueue<>());

	@AfterEach
	void stop() {
		this.hold.close();
		this.pool.shutdownNow();
	}

	private static ThreadPoolExecutor pool(int core, int most, BlockingQueue<Runnable> queue) {
		return new ThreadPoolExecutor(core, most, 1, TimeUnit.HOURS, queue);
	}

	private int limitOf(ThreadPoolExecutor pool) {
		this.pool = pool;
		return ExecutorStates.ofPool(pool, UnaryOperator.identity()).limit();
	}

	private void submit(int tasks) {
		for (int i = 0; i < tasks; i++) {
			this.pool.execute(this.hold);
		}
	}

	@Test
	void whenTheQueueHasRoomThenTheLimitIsTheCoreSize() {
		assertThat(limitOf(pool(2, 10, new ArrayBlockingQueue<>(100)))).isEqualTo(2);
		submit(50);
		assertThat(limitOf(this.pool)).isEqualTo(2);
	}

	@Test
	void whenTheQueueIsFullThenTheLimitIsTheMaximum() {
		limitOf(pool(2, 10, new LinkedBlockingQueue<>(3)));
		submit(5);
		assertThat(limitOf(this.pool)).isEqualTo(10);
	}

	@Test
	void whenWorkersWereStartedForAFullQueueThenTheyCountWhileTheyLive() {
		limitOf(pool(2, 10, new LinkedBlockingDeque<>(3)));
		submit(8);
		this.pool.getQueue().poll();
		assertThat(limitOf(this.pool)).isEqualTo(5);
	}

	@Test
	void whenTheQueueTakesNothingThenTheLimitIsTheMaximum() {
		assertThat(limitOf(pool(2, 10, new SynchronousQueue<>()))).isEqualTo(10);
		assertThat(limitOf(pool(0, Integer.MAX_VALUE, new SynchronousQueue<>()))).isEqualTo(ExecutorState.NONE);
	}

	@Test
	void whenThereIsNoCoreThenOneWorkerRuns() {
		assertThat(limitOf(pool(0, 10, new LinkedBlockingQueue<>(100)))).isOne();
		assertThat(limitOf(pool(0, Integer.MAX_VALUE, new LinkedBlockingQueue<>(100)))).isOne();
		assertThat(limitOf(pool(0, 10, new LinkedBlockingQueue<>()))).isOne();
	}

	@Test
	void whenTheCoreIsTheMaximumThenThatIsTheLimit() {
		assertThat(limitOf(pool(4, 4, new LinkedBlockingQueue<>(100)))).isEqualTo(4);
	}

	// as Tomcat's, which refuses a task while a thread may be started for it
	@Test
	void whenTheQueueIsOfAnotherKindThenTheLimitIsTheMaximum() {
		assertThat(limitOf(pool(2, 10, new Eager()))).isEqualTo(10);
	}

	private static final class Eager extends LinkedBlockingQueue<Runnable> {

		private static final long serialVersionUID = 1;

		private Eager() {
			super(100);
		}

		@Override
		public boolean offer(Runnable task) {
			return false;
		}

	}

}
