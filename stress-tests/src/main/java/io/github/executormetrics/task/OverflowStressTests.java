package io.github.executormetrics.task;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Tasks past the size of the table start and end while those who read tidy up.
 */
public final class OverflowStressTests {

	private static final int RUNS = 10;

	private static final long SECOND = 1_000_000_000;

	private static final long START = System.nanoTime();

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
	@Outcome(id = "2, 1, 1", expect = Expect.ACCEPTABLE, desc = "Both started, and the one that did not end runs")
	@Outcome(expect = Expect.FORBIDDEN, desc = "One is lost with the bucket that it started in, or runs for ever")
	@State
	public static class Counts {

		private final Overflow overflow = new Overflow();

		private final TaskFrame first = this.overflow.frame(0);

		private final TaskFrame second = this.overflow.frame(0);

		@Actor
		public void first() {
			this.first.start(this, START, 1, false);
		}

		@Actor
		public void second() {
			// in a bucket of its own, so that the one before is closed
			this.second.start(this, START + SECOND, 1, false);
			this.second.end(1, false);
		}

		@Arbiter
		public void look(III_Result result) {
			result.r1 = (int) this.overflow.submitted();
			result.r2 = (int) this.overflow.completed();
			result.r3 = (int) this.overflow.running();
		}

	}

	@JCStressTest
	@Outcome(id = "true, true", expect = Expect.ACCEPTABLE,
			desc = "At most the task in flight is ahead of its completion")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A completion is seen and its start or its run is not")
	@State
	public static class Sums {

		private final Overflow overflow = new Overflow();

		private final TaskFrame frame = this.overflow.frame(0);

		@Actor
		public void worker() {
			for (int i = 0; i < RUNS; i++) {
				this.frame.start(this, START, 1, false);
				this.frame.end(1, false);
			}
		}

		@Actor
		public void reader(ZZ_Result result) {
			TaskTotals.Builder totals = new TaskTotals.Builder();
			this.overflow.addTo(totals, START);
			TaskTotals total = totals.build(0);
			result.r1 = total.completed() <= total.started();
			result.r2 = total.completed() <= total.runNanos();
		}

	}

}
