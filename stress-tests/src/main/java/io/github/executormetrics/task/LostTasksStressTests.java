// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.FutureTask;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Tasks that left the queue unseen are given up while one of them starts, is cancelled,
 * dropped or rejected. Two tasks are there, of which one races. Results are completed,
 * cancelled and active. Two more tasks are accepted before the totals are read, since a
 * submission that is missing would be made up for otherwise.
 */
public final class LostTasksStressTests {

	private LostTasksStressTests() {
	}

	private static void tell(TaskRecorder recorder, III_Result result) {
		TaskStateStressTests.task(recorder).accepted();
		TaskStateStressTests.task(recorder).accepted();
		TaskTotals totals = recorder.totals(0);
		result.r1 = (int) totals.completed();
		result.r2 = (int) totals.cancelled();
		result.r3 = (int) totals.active();
	}

	@JCStressTest
	@Outcome(id = "1, 0, 3", expect = Expect.ACCEPTABLE, desc = "Started in time: none is given up")
	@Outcome(id = "1, 2, 2", expect = Expect.ACCEPTABLE, desc = "Given up: its run is one more submission")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Counted as cancelled and as completed with one submission")
	@State
	public static class RunWhileLost {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		private final MeteredTask task = TaskStateStressTests.task(this.recorder);

		private final TaskTotals seen;

		private final long until = System.nanoTime();

		public RunWhileLost() {
			this.task.accepted();
			this.seen = this.recorder.totals(0);
		}

		@Actor
		public void watch() {
			this.recorder.lost(this.seen, this.until);
		}

		@Actor
		public void worker() {
			this.task.run();
		}

		@Arbiter
		public void look(III_Result result) {
			tell(this.recorder, result);
		}

	}

	@JCStressTest
	@Outcome(id = "1, 0, 3", expect = Expect.ACCEPTABLE, desc = "Started in time: none is given up")
	@Outcome(id = "1, 2, 2", expect = Expect.ACCEPTABLE, desc = "Given up: its run is one more submission")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Counted as cancelled and as completed with one submission")
	@State
	public static class CallWhileLost {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		private final MeteredCallable<Object> task = MeteredCallable.of(Object::new, this.recorder);

		private final TaskTotals seen;

		private final long until = System.nanoTime();

		public CallWhileLost() {
			this.task.accepted();
			this.seen = this.recorder.totals(0);
		}

		@Actor
		public void watch() {
			this.recorder.lost(this.seen, this.until);
		}

		@Actor
		public void worker() {
			new FutureTask<>(this.task).run();
		}

		@Arbiter
		public void look(III_Result result) {
			tell(this.recorder, result);
		}

	}

	@JCStressTest
	@Outcome(id = "0, 1, 3", expect = Expect.ACCEPTABLE, desc = "Cancelled in time: none is given up")
	@Outcome(id = "0, 2, 2", expect = Expect.ACCEPTABLE, desc = "Given up: its cancellation is counted already")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Cancelled twice")
	@State
	public static class CancelWhileLost {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		private final MeteredFutureTask<Object> future = new MeteredFutureTask<>(Object::new, this.recorder);

		private final TaskTotals seen;

		private final long until;

		public CancelWhileLost() {
			this.future.arm();
			this.future.accepted();
			this.until = System.nanoTime();
			this.seen = this.recorder.totals(0);
		}

		@Actor
		public void watch() {
			this.recorder.lost(this.seen, this.until);
		}

		@Actor
		public void owner() {
			this.future.cancel(false);
		}

		@Arbiter
		public void look(III_Result result) {
			tell(this.recorder, result);
		}

	}

	@JCStressTest
	@Outcome(id = "0, 1, 3", expect = Expect.ACCEPTABLE, desc = "Cancelled in time: none is given up")
	@Outcome(id = "0, 3, 2", expect = Expect.ACCEPTABLE, desc = "Given up: its start is one more submission")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Cancelled twice with one submission")
	@State
	public static class CancelAtStartWhileLost {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		private final MeteredTask task = TaskStateStressTests.task(this.recorder);

		private final TaskTotals seen;

		private final long until = System.nanoTime();

		public CancelAtStartWhileLost() {
			this.task.accepted();
			this.seen = this.recorder.totals(0);
		}

		@Actor
		public void watch() {
			this.recorder.lost(this.seen, this.until);
		}

		@Actor
		public void worker() {
			TaskFrame frame = this.recorder.claim(this.task.submittedAt(), this.task.submitter(), null);
			this.recorder.start(frame, this.recorder.take(this.task), this.task.label(), this.task.submittedAt());
			this.recorder.endCancelled(frame);
		}

		@Arbiter
		public void look(III_Result result) {
			tell(this.recorder, result);
		}

	}

	@JCStressTest
	@Outcome(id = "0, 1, 3", expect = Expect.ACCEPTABLE, desc = "Dropped in time: none is given up")
	@Outcome(id = "0, 2, 2", expect = Expect.ACCEPTABLE, desc = "Given up: its cancellation is counted already")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Cancelled twice")
	@State
	public static class DropWhileLost {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		private final MeteredTask task = TaskStateStressTests.task(this.recorder);

		private final TaskTotals seen;

		private final long until = System.nanoTime();

		public DropWhileLost() {
			this.task.accepted();
			this.seen = this.recorder.totals(0);
		}

		@Actor
		public void watch() {
			this.recorder.lost(this.seen, this.until);
		}

		@Actor
		public void shutdown() {
			this.recorder.dropped(this.task);
		}

		@Arbiter
		public void look(III_Result result) {
			tell(this.recorder, result);
		}

	}

	@JCStressTest
	@Outcome(id = "0, 1, 3", expect = Expect.ACCEPTABLE, desc = "Dropped, and the other is not given up")
	@Outcome(id = "0, 2, 2", expect = Expect.ACCEPTABLE, desc = "Dropped, and the other is given up")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Given up though nobody had counted it, or not counted at all")
	@State
	public static class DropUncountedWhileLost {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		private final MeteredTask task = TaskStateStressTests.task(this.recorder);

		private final TaskTotals seen = this.recorder.totals(0);

		private final long until = System.nanoTime();

		@Actor
		public void watch() {
			this.recorder.lost(this.seen, this.until);
		}

		@Actor
		public void shutdown() {
			this.recorder.dropped(this.task);
		}

		@Arbiter
		public void look(III_Result result) {
			tell(this.recorder, result);
		}

	}

	@JCStressTest
	@Outcome(id = "0, 1, 2", expect = Expect.ACCEPTABLE, desc = "The other is given up, the rejected one never counted")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A rejected task is given up, or keeps the other")
	@State
	public static class RejectWhileLost {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		private final MeteredTask task = TaskStateStressTests.task(this.recorder);

		private final TaskTotals seen = this.recorder.totals(0);

		private final long until = System.nanoTime();

		@Actor
		public void watch() {
			this.recorder.lost(this.seen, this.until);
		}

		@Actor
		public void submitter() {
			this.task.rejected();
		}

		@Arbiter
		public void look(III_Result result) {
			tell(this.recorder, result);
		}

	}

}
