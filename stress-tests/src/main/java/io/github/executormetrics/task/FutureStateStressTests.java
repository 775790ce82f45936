// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

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
 * A future that may be cancelled is counted once as well. Results are submitted,
 * completed, cancelled.
 */
public final class FutureStateStressTests {

	private static final Runnable NOTHING = () -> {
	};

	private FutureStateStressTests() {
	}

	private static MeteredFutureTask<Object> future(TaskRecorder recorder) {
		MeteredFutureTask<Object> future = new MeteredFutureTask<>(NOTHING, NOTHING, recorder);
		future.arm();
		return future;
	}

	@JCStressTest
	@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "Cancelled once, by whoever sees both")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Counted by both or by nobody")
	@State
	public static class AcceptAndCancel {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

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
			TaskStateStressTests.tell(this.recorder, result);
		}

	}

	@JCStressTest
	@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "Cancelled once")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Counted by both or by nobody")
	@State
	public static class CancelAndDrop {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

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
			TaskStateStressTests.tell(this.recorder, result);
		}

	}

	@JCStressTest
	@Outcome(id = { "1, 1, 0", "1, 0, 1" }, expect = Expect.ACCEPTABLE, desc = "It ran, or it was cancelled")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Both, neither, or twice")
	@State
	public static class CancelAndRun {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

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
			TaskStateStressTests.tell(this.recorder, result);
		}

	}

	@JCStressTest
	@Outcome(id = { "1, 1, 0", "1, 0, 1" }, expect = Expect.ACCEPTABLE, desc = "It ran, or it was cancelled")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Both, neither, or twice")
	@State
	public static class CancelAndRunUsersFuture {

		private final TaskRecorder recorder = TaskStateStressTests.recorder();

		private volatile @Nullable MeteredRunnableFuture future;

		@Actor
		public void submitter() {
			// made here, so that it is another thread that runs it
			MeteredRunnableFuture future = new MeteredRunnableFuture(new FutureTask<>(NOTHING, NOTHING), this.recorder);
			this.future = future;
			future.cancel(false);
			future.accepted();
		}

		@Actor
		public void worker() {
			MeteredRunnableFuture future = this.future;
			while (future == null) {
				Thread.onSpinWait();
				future = this.future;
			}
			future.run();
		}

		@Arbiter
		public void look(III_Result result) {
			TaskStateStressTests.tell(this.recorder, result);
		}

	}

}
