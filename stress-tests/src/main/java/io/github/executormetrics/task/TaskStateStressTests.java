// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A task is counted once as submitted, and once as completed or cancelled, whoever comes
 * first. Results are submitted, completed, cancelled.
 */
public final class TaskStateStressTests {

	private static final TaskSettings SETTINGS = TaskSettings.defaults();

	private static final Runnable NOTHING = () -> {
	};

	private TaskStateStressTests() {
	}

	/**
	 * A recorder that has one task queued, so that a task counted too little is not taken
	 * for one that was accepted unseen.
	 */
	static TaskRecorder recorder() {
		TaskRecorder recorder = new TaskRecorder("stress", 1, SETTINGS);
		task(recorder).accepted();
		return recorder;
	}

	static MeteredTask task(TaskRecorder recorder) {
		return new HandedOver(recorder);
	}

	static void tell(TaskRecorder recorder, III_Result result) {
		TaskTotals totals = recorder.totals(0);
		result.r1 = (int) totals.submitted() - 1;
		result.r2 = (int) totals.completed();
		result.r3 = (int) totals.cancelled();
	}

	@JCStressTest
	@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE,
			desc = "Submitted when accepted or started, whichever is first")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Counted by both or by nobody")
	@State
	public static class AcceptAndRun {

		private final TaskRecorder recorder = recorder();

		private final MeteredTask task = task(this.recorder);

		@Actor
		public void submitter() {
			this.task.accepted();
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
	@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE,
			desc = "Submitted when accepted or started, whichever is first")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Counted by both or by nobody")
	@State
	public static class AcceptAndCall {

		private final TaskRecorder recorder = recorder();

		private final MeteredCallable<?> task = MeteredCallable.of(Executors.callable(NOTHING), this.recorder);

		@Actor
		public void submitter() {
			this.task.accepted();
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
	@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "Run by its submitter alone")
	@Outcome(id = "2, 2, 0", expect = Expect.ACCEPTABLE, desc = "Run by another thread too: two submissions")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A run that nobody submitted, or the other way round")
	@State
	public static class RunInlineAndByAnother {

		private final TaskRecorder recorder = recorder();

		private volatile @Nullable MeteredTask task;

		@Actor
		public void submitter() {
			MeteredTask task = MeteredTask.of(NOTHING, this.recorder, false);
			this.task = task;
			task.run();
			task.accepted();
		}

		@Actor
		public void another() {
			MeteredTask task = this.task;
			if (task != null) {
				task.run();
			}
		}

		@Arbiter
		public void look(III_Result result) {
			tell(this.recorder, result);
		}

	}

	@JCStressTest
	@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "Accepted, since it was queued, and dropped")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Counted by both or by nobody")
	@State
	public static class AcceptAndDrop {

		private final TaskRecorder recorder = recorder();

		private final MeteredTask task = task(this.recorder);

		@Actor
		public void submitter() {
			this.task.accepted();
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

	/**
	 * A task whose submitter never runs it, though the thread that makes the objects of a
	 * race is one of those that race.
	 */
	private static final class HandedOver extends MeteredTask {

		HandedOver(TaskRecorder recorder) {
			super(NOTHING, recorder, recorder.labels().withoutContext(NOTHING));
		}

		@Override
		boolean isOnSubmitter() {
			return false;
		}

	}

}
