// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Threads and queues of the user's that hide themselves, or say what is not so: their
 * executor is judged nevertheless, and so are all others.
 */
class ThrowingPoolsTests {

	private volatile @Nullable Error thrown;

	private volatile long id;

	private volatile @Nullable Error thrownByQueue;

	private volatile boolean iterated;

	// the stacks of all were lost for that of one
	@Test
	void whenThreadsThrowWhateverTheyAreAskedThenTheirExecutorAndOthersAreJudged() throws Exception {
		judge(new LinkedBlockingQueue<>(), () -> this.thrown = new AssertionError("thread"));
	}

	// the JVM refuses to look at such a thread, and at those asked for with it
	@Test
	void whenThreadsSayAnIdThatIsNoneThenTheirExecutorAndOthersAreJudged() throws Exception {
		judge(new LinkedBlockingQueue<>(), () -> this.id = -1);
	}

	@Test
	void whenTheIteratorOfAQueueThrowsThenItsExecutorAndOthersAreJudged() throws Exception {
		judge(new HidingQueue(), () -> this.thrownByQueue = new StackOverflowError("queue"));
		assertThat(this.iterated).isTrue();
	}

	private void judge(BlockingQueue<Runnable> queue, Runnable arm) throws Exception {
		CountDownLatch hold = new CountDownLatch(1);
		try (MovedWatch watch = new MovedWatch()) {
			ThreadPoolExecutor hiding = watch.pool("hiding",
					new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, queue, HidingThread::new));
			ThreadPoolExecutor plain = watch.pool("plain", 2);
			// the JDK itself looks at a thread that it starts
			watch.fill(hiding, () -> null);
			arm.run();
			for (ThreadPoolExecutor pool : List.of(hiding, plain)) {
				watch.fill(pool, () -> {
					hold.await();
					return null;
				});
				pool.execute(() -> {
				});
			}
			RaisedCause gravest = watch.gravestAfter("hiding", 15);
			assertThat(gravest.cause()).isEqualTo(StarvationCause.STALLED);
			assertThat(watch.watch().report(watch.executor("plain")).causes()).extracting(RaisedCause::cause)
				.contains(StarvationCause.STALLED);
			assertThat(watch.incidents("plain")).singleElement()
				.satisfies((incident) -> assertThat(incident.stacks()).isNotEmpty());
			assertThat(watch.incidents("hiding")).hasSize(1);
			hold.countDown();
		}
	}

	private final class HidingQueue extends LinkedBlockingQueue<Runnable> {

		@Override
		public Iterator<Runnable> iterator() {
			Error thrown = ThrowingPoolsTests.this.thrownByQueue;
			if (thrown != null) {
				ThrowingPoolsTests.this.iterated = true;
				throw thrown;
			}
			return super.iterator();
		}

	}

	private final class HidingThread extends Thread {

		HidingThread(Runnable work) {
			super(work);
		}

		private void check() {
			Error thrown = ThrowingPoolsTests.this.thrown;
			if (thrown != null) {
				throw thrown;
			}
		}

		@Override
		@SuppressWarnings("deprecation")
		public long getId() {
			check();
			return (ThrowingPoolsTests.this.id != 0) ? ThrowingPoolsTests.this.id : super.getId();
		}

		@Override
		public State getState() {
			check();
			return super.getState();
		}

		@Override
		public StackTraceElement[] getStackTrace() {
			check();
			return super.getStackTrace();
		}

		@Override
		public boolean equals(Object other) {
			check();
			return super.equals(other);
		}

		@Override
		public int hashCode() {
			check();
			return super.hashCode();
		}

	}

}
