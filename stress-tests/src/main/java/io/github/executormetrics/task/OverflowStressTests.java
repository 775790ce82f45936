// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Tasks past the size of the table start and end while those who read tidy up.
 */
public final class OverflowStressTests {

	private static final long SECOND = 1_000_000_000;

	private OverflowStressTests() {
	}

	@JCStressTest
	@Outcome(id = { "0, 0", "1, 1" }, expect = Expect.ACCEPTABLE, desc = "Counted here and moved, or told to go on")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A task that runs is lost, or one that does not is counted")
	@State
	public static class StartWhileClosed {

		private final StartBucket other = new StartBucket(0, null);

		private final StartBucket bucket = new StartBucket(0, this.other);

		@Actor
		public void worker(II_Result result) {
			result.r1 = this.bucket.started(0) ? 1 : 0;
		}

		@Actor
		public void reader() {
			this.bucket.closeInto(this.other);
		}

		@Arbiter
		public void look(II_Result result) {
			result.r2 = (int) this.other.sum();
		}

	}

	@JCStressTest
	@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The end finds where its start has gone, twice")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The task runs for ever, or has ended twice")
	@State
	public static class EndWhileClosed {

		private final StartBucket last = new StartBucket(0, null);

		private final StartBucket next = new StartBucket(0, this.last);

		private final StartBucket bucket = new StartBucket(0, this.next);

		public EndWhileClosed() {
			this.bucket.started(0);
		}

		@Actor
		public void worker() {
			this.bucket.ended(0);
		}

		@Actor
		public void reader() {
			this.bucket.closeInto(this.next);
			this.next.closeInto(this.last);
		}

		@Arbiter
		public void look(I_Result result) {
			result.r1 = (int) this.last.sum();
		}

	}

	@JCStressTest
	@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Counted with those of its time, or with the next")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A task is counted where nobody looks any more")
	@State
	public static class StartWhilePruned {

		private final StartTimes times = new StartTimes();

		private final long now = System.nanoTime();

		@Actor
		public void worker() {
			this.times.started(this.now, 0);
		}

		@Actor
		public void later() {
			// begins the next times, and drops those in which nothing runs
			this.times.started(this.now + SECOND, 1);
		}

		@Arbiter
		public void look(I_Result result) {
			result.r1 = (int) this.times.running();
		}

	}

	@JCStressTest
	@Outcome(id = { "true, false", "false, true", "true, true" }, expect = Expect.ACCEPTABLE,
			desc = "The watch sees the worker, or the worker sees what the watch has written before")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A task starts as if nothing was decided, and is not seen to be there")
	@State
	public static class ClaimWhileDecided {

		private final Overflow overflow = new Overflow();

		private volatile boolean decided;

		@Actor
		public void worker(ZZ_Result result) {
			TaskFrame frame = this.overflow.frame(0);
			result.r1 = this.decided;
			frame.start(SECOND, 0, true);
		}

		@Actor
		public void watch(ZZ_Result result) {
			this.decided = true;
			result.r2 = this.overflow.isBusy();
		}

	}

}
