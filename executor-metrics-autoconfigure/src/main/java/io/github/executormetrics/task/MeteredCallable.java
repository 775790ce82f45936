// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * A callable that goes through an executor's own {@code submit}, counted and timed.
 *
 * @param <V> the type of the result
 */
public final class MeteredCallable<V extends @Nullable Object> implements Callable<V>, Accounted, Labelled {

	private static final VarHandle STATE = FieldHandles.find(MethodHandles.lookup(), MeteredCallable.class, "state",
			int.class);

	private final Callable<V> delegate;

	private final TaskRecorder recorder;

	private final TaskLabel label;

	private final long submittedAt = System.nanoTime();

	private final int submitter = Queued.submitter(Thread.currentThread());

	private volatile int state;

	private MeteredCallable(Callable<V> delegate, TaskRecorder recorder) {
		this.delegate = delegate;
		this.recorder = recorder;
		this.label = recorder.labels().of(delegate);
	}

	/**
	 * Wrap a task at its submission.
	 * @param <V> the type of the result
	 * @param task the user's task
	 * @param recorder the executor's recorder
	 * @return the callable to hand over
	 */
	public static <V extends @Nullable Object> MeteredCallable<V> of(Callable<V> task, TaskRecorder recorder) {
		return new MeteredCallable<>(task, recorder);
	}

	/**
	 * Say that the executor's {@code submit} returned.
	 */
	public void accepted() {
		this.recorder.accepted(this);
	}

	/**
	 * Say that the executor's {@code submit} threw a rejection.
	 */
	public void rejected() {
		this.recorder.rejected(this);
	}

	@Override
	public V call() throws Exception {
		TaskFrame frame = this.recorder.claim(this.submittedAt, this.submitter, null);
		this.recorder.start(frame, this.recorder.take(this), this.label, this.submittedAt);
		Throwable failure = null;
		try {
			return this.delegate.call();
		}
		catch (Throwable ex) {
			failure = ex;
			throw ex;
		}
		finally {
			STATE.setRelease(this, DONE);
			this.recorder.end(frame, this.label, failure);
		}
	}

	@Override
	public TaskLabel label() {
		return this.label;
	}

	@Override
	public long submittedAt() {
		return this.submittedAt;
	}

	@Override
	public int state() {
		return this.state;
	}

	@Override
	public boolean moveState(int expected, int next) {
		return STATE.compareAndSet(this, expected, next);
	}

	@Override
	public String toString() {
		return this.delegate.toString();
	}

}
