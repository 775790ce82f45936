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
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * The totals are read while tasks come and go. One task is queued all the time.
 */
public final class TaskTotalsStressTests {

	private static final int TASKS = 10;

	private TaskTotalsStressTests() {
	}

	@JCStressTest
	@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "The queued task, and others that came meanwhile")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A completion is seen without its submission")
	@State
	public static class ActiveWhileRun {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		@Actor
		public void worker() {
			for (int i = 0; i < TASKS; i++) {
				MeteredTask task = TaskStateStressTests.task(this.recorder);
				task.accepted();
				task.run();
			}
		}

		@Actor
		public void reader(Z_Result result) {
			result.r1 = this.recorder.totals(0).active() > 0;
		}

	}

	@JCStressTest
	@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "The queued task, and others that came meanwhile")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A cancellation is seen without its submission")
	@State
	public static class ActiveWhileCancelled {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		@Actor
		public void shutdown() {
			for (int i = 0; i < TASKS; i++) {
				this.recorder.dropped(TaskStateStressTests.task(this.recorder));
			}
		}

		@Actor
		public void reader(Z_Result result) {
			result.r1 = this.recorder.totals(0).active() > 0;
		}

	}

	@JCStressTest
	@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The queued task")
	@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING,
			desc = "The submitter stands between accepting and counting: one too few until it goes on, never negative")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Counted twice, or negative")
	@State
	public static class ActiveBeforeCounted {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		private final MeteredTask task = TaskStateStressTests.task(this.recorder);

		@Actor
		public void submitter() {
			this.task.accepted();
		}

		@Actor
		public void worker(I_Result result) {
			this.task.run();
			result.r1 = (int) this.recorder.totals(0).active();
		}

	}

	@JCStressTest
	@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "The accepted task is active, runs or has ended")
	@Outcome(expect = Expect.FORBIDDEN, desc = "An executor that is closed now passes for one that has ended")
	@State
	public static class AcceptedAndTaken {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		private final MeteredTask task = TaskStateStressTests.task(this.recorder);

		@Actor
		public void submitter(Z_Result result) {
			this.task.accepted();
			result.r1 = this.recorder.totals(0).active() > 1 || this.recorder.running() > 0
					|| this.recorder.completed() > 0;
		}

		@Actor
		public void worker() {
			this.task.run();
		}

	}

	@JCStressTest
	@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "A counter never falls")
	@Outcome(expect = Expect.FORBIDDEN, desc = "It has fallen")
	@State
	public static class SubmittedTwice {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		@Actor
		public void worker() {
			for (int i = 0; i < TASKS; i++) {
				MeteredTask task = TaskStateStressTests.task(this.recorder);
				task.run();
				task.accepted();
			}
		}

		@Actor
		public void reader(Z_Result result) {
			long before = this.recorder.submitted();
			result.r1 = before <= this.recorder.submitted();
		}

	}

	@JCStressTest
	@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "What was read before a task is not kept")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A task is not counted, since the executor was taken to be at rest")
	@State
	public static class RunWhileRead {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		private final MeteredTask first = TaskStateStressTests.task(this.recorder);

		private final MeteredTask second = TaskStateStressTests.task(this.recorder);

		@Actor
		public void watch() {
			this.recorder.totalsToKeep(0);
		}

		@Actor
		public void worker() {
			// makes the slot, which the other one finds
			this.first.run();
			this.second.run();
		}

		@Arbiter
		public void look(II_Result result) {
			TaskTotals totals = this.recorder.totalsToKeep(0);
			result.r1 = (int) totals.submitted() - 1;
			result.r2 = (int) totals.completed();
		}

	}

	@JCStressTest
	@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "What was read before is not kept")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A cancellation is not counted")
	@State
	public static class DropWhileRead {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		private final MeteredTask task = TaskStateStressTests.task(this.recorder);

		@Actor
		public void watch() {
			this.recorder.totalsToKeep(0);
		}

		@Actor
		public void owner() {
			this.recorder.dropped(this.task);
		}

		@Arbiter
		public void look(II_Result result) {
			TaskTotals totals = this.recorder.totalsToKeep(0);
			result.r1 = (int) totals.active() - 1;
			result.r2 = (int) totals.cancelled();
		}

	}

}
