// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.tracing;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.TaskTracing;

/**
 * What was opened on a thread around the task that it runs.
 */
final class Opened implements TaskTracing.Scope {

	private static final ThreadLocal<@Nullable Opened> INNERMOST = new ThreadLocal<>();

	private final @Nullable Carried carried;

	private final @Nullable Current current;

	private final TaskTracing.Scope scope;

	private final @Nullable Opened outer;

	private @Nullable Carried counted;

	/**
	 * Note on the current thread what was opened.
	 * @param carried what the task carries, or null
	 * @param current the context that is current now, or null
	 * @param scope what to close at the end of the task
	 */
	Opened(@Nullable Carried carried, @Nullable Current current, TaskTracing.Scope scope) {
		this.carried = carried;
		this.current = current;
		this.scope = scope;
		this.counted = carried;
		this.outer = INNERMOST.get();
		INNERMOST.set(this);
	}

	static @Nullable Opened innermost() {
		return INNERMOST.get();
	}

	/**
	 * Hand the current context on to a task that the running one submits. Once what the
	 * running task carries has ended, hand-overs are counted, whether it submits itself
	 * or is a loop that submits others. A span of its own makes no difference, since each
	 * run may have one; but all that it submits within one span counts once while that
	 * goes on.
	 * @param now the context that is current
	 * @return what the task carries, or null if the context has come far enough
	 */
	@Nullable Carried handOn(Current now) {
		Carried from = this.carried;
		Carried last = this.counted;
		if (from == null || last == null || !now.isSameTrace(from.current())) {
			return Carried.first(now);
		}
		boolean own = this.current == null || !now.isSameSpan(this.current);
		Current users = own ? now : from.users();
		if (last.origin().isRunning() || (last != from && isWithinOneSpan(last, now))) {
			return new Carried(now, last.origin(), users, last.handOvers());
		}
		if (last.handOvers() >= Carried.MAX_HAND_OVERS) {
			return null;
		}
		Current origin = (own && !from.users().isRunning()) ? now : from.users();
		this.counted = new Carried(now, origin, users, last.handOvers() + 1);
		return this.counted;
	}

	private boolean isWithinOneSpan(Carried last, Current now) {
		return (this.current != null && this.current.isRunning())
				|| (now.isRunning() && now.isSameSpan(last.current()));
	}

	/**
	 * Whether a context is that of the outer task and not of the one that is about to
	 * run: what was opened here, or what the outer task has opened within its own trace
	 * before it helped with a task of another trace.
	 * @param now the context that is current
	 * @param next the context of the task that is about to run
	 * @return whether the task is to leave it
	 */
	boolean isOfOuterTask(Current now, Current next) {
		Current current = this.current;
		if (current == null) {
			return false;
		}
		if (now.isSameSpan(current) && now.observation() == current.observation()) {
			return true;
		}
		return now.traceId() != null && now.isSameTrace(current) && !now.isSameTrace(next);
	}

	@Override
	public void close(@Nullable Throwable failure) {
		INNERMOST.set(this.outer);
		this.scope.close(failure);
	}

}
