package io.github.executormetrics.task;

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

	static MeteredFutureTask<Object> future(TaskRecorder recorder) {
		MeteredFutureTask<Object> future = new MeteredFutureTask<>(NOTHING, NOTHING, recorder);
		future.arm();
		return future;
	}

	private static void tell(TaskRecorder recorder, III_Result result) {
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

	@JCStressTest
	@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "Cancelled once, by whoever sees both")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Counted by both or by nobody")
	@State
	public static class AcceptAndCancel {

		private final TaskRecorder recorder = recorder();

		private final MeteredFutureTask<Object> future = future(this.recorder);

		@Actor
		public void submitter() {
			this.future.accepted();
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
	@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "Cancelled once")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Counted by both or by nobody")
	@State
	public static class CancelAndDrop {

		private final TaskRecorder recorder = recorder();

		private final MeteredFutureTask<Object> future = future(this.recorder);

		@Actor
		public void owner() {
			this.future.cancel(false);
		}

		@Actor
		public void shutdown() {
			this.recorder.dropped(this.future);
		}

		@Arbiter
		public void look(III_Result result) {
			tell(this.recorder, result);
		}

	}

	@JCStressTest
	@Outcome(id = { "1, 1, 0", "1, 0, 1" }, expect = Expect.ACCEPTABLE, desc = "It ran, or it was cancelled")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Both, neither, or twice")
	@State
	public static class CancelAndRun {

		private final TaskRecorder recorder = recorder();

		private final MeteredFutureTask<Object> future = future(this.recorder);

		@Actor
		public void submitter() {
			this.future.accepted();
			this.future.cancel(false);
		}

		@Actor
		public void worker() {
			this.future.run();
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
