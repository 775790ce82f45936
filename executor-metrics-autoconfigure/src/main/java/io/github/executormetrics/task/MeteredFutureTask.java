// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

import org.jspecify.annotations.Nullable;

/**
 * The future a submitter gets and the queue holds, in one object: cancel, purge, remove
 * and shutdown work as they do on a plain {@link FutureTask}, and errors and cancellation
 * are seen.
 *
 * @param <V> the type of the result
 */
public final class MeteredFutureTask<V extends @Nullable Object> extends FutureTask<V>
		implements Accounted, Queued, Labelled {

	private static final VarHandle STATE = FieldHandles.find(MethodHandles.lookup(), MeteredFutureTask.class,
			"accountState", int.class);

	private final TaskRecorder recorder;

	// the name alone once it is over, since a future may be kept long after; who runs it
	// keeps an error here until then: a field for each would be 8 bytes for each task
	private TaskLabel label;

	private long submittedAt;

	private int submitter;

	private volatile int accountState;

	/**
	 * Create a future that is not counted until it is {@link #arm() armed}.
	 * @param task the user's task
	 * @param recorder the executor's recorder
	 */
	public MeteredFutureTask(Callable<V> task, TaskRecorder recorder) {
		super(task);
		// a volatile write would cost a fence, and nobody else has it yet
		STATE.set(this, DORMANT);
		this.recorder = recorder;
		this.label = recorder.labels().withoutContext(task);
	}

	/**
	 * Create a future that is not counted until it is {@link #arm() armed}.
	 * @param task the user's task
	 * @param result what the future gives
	 * @param recorder the executor's recorder
	 */
	public MeteredFutureTask(Runnable task, V result, TaskRecorder recorder) {
		super(task, result);
		STATE.set(this, DORMANT);
		this.recorder = recorder;
		this.label = recorder.labels().withoutContext(task);
	}

	/**
	 * Say that this future itself is handed to the executor now, and not carried by
	 * another task (as {@code ExecutorCompletionService} does), which is counted instead.
	 */
	public void arm() {
		this.label = this.recorder.labels().withContext(this.label);
		this.submittedAt = System.nanoTime();
		this.submitter = Queued.submitter(Thread.currentThread());
		moveState(DORMANT, NEW);
	}

	/**
	 * Whether this future belongs to the given recorder and has not been handed over yet.
	 * @param recorder an executor's recorder
	 * @return whether it is to be armed and handed over as it is
	 */
	public boolean isDormantOf(TaskRecorder recorder) {
		return this.recorder == recorder && this.accountState == DORMANT;
	}

	/**
	 * Say that the executor's {@code execute} returned.
	 */
	public void accepted() {
		this.recorder.accepted(this);
		if (isCancelled()) {
			// cancelled before it was known to be accepted
			this.recorder.cancelled(this);
		}
	}

	/**
	 * Say that the executor's {@code execute} threw a rejection.
	 */
	public void rejected() {
		this.recorder.rejected(this);
	}

	@Override
	public void run() {
		if (this.accountState == DORMANT || isDone()) {
			super.run();
			return;
		}
		TaskLabel label = this.label;
		TaskFrame frame = this.recorder.claim(this.submittedAt, this.submitter, null);
		int before = this.recorder.take(this);
		if (before == CANCELLED && isCancelled()) {
			// the cancellation came after the look, and is counted: no new submission
			STATE.setRelease(this, CANCELLED);
			frame.vacate();
			return;
		}
		this.recorder.start(frame, before, label, this.submittedAt);
		try {
			super.run();
		}
		finally {
			TaskLabel ended = this.label;
			this.label = label.name();
			if (this.accountState == DONE) {
				this.recorder.endMarked(frame, label,
						(ended instanceof TaskLabel.Failed failed) ? failed.failure() : null);
			}
			else {
				// the cancellation came between the look and the run
				STATE.setRelease(this, DONE);
				this.recorder.endCancelled(frame);
			}
		}
	}

	@Override
	protected void set(V result) {
		ended();
		super.set(result);
	}

	@Override
	protected void setException(Throwable ex) {
		if (this.accountState == RUNNING) {
			this.label = new TaskLabel.Failed(this.label.name(), ex);
		}
		ended();
		super.setException(ex);
	}

	/** Before who waits for the result goes on, and ends what was to be marked. */
	private void ended() {
		if (this.accountState == RUNNING) {
			STATE.setRelease(this, DONE);
			this.recorder.mark();
		}
	}

	@Override
	protected void done() {
		if (isCancelled()) {
			if (this.accountState < RUNNING) {
				// else it is still read by who runs it
				this.label = this.label.name();
			}
			this.recorder.cancelled(this);
		}
	}

	@Override
	public long submittedAt() {
		return this.submittedAt;
	}

	@Override
	public int submitter() {
		return this.submitter;
	}

	@Override
	public TaskRecorder recorder() {
		return this.recorder;
	}

	@Override
	public boolean isPending() {
		// given its result before its run ends
		return this.accountState <= RUNNING && !isDone();
	}

	@Override
	public TaskLabel label() {
		return this.label;
	}

	@Override
	public int state() {
		return this.accountState;
	}

	@Override
	public boolean moveState(int expected, int next) {
		return STATE.compareAndSet(this, expected, next);
	}

}
