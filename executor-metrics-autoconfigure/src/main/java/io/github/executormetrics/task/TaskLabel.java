// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/**
 * What a task carries from its submission: its name, which by itself is the label of a
 * task that carries nothing else.
 */
interface TaskLabel {

	TaskName name();

	/**
	 * Label a task on the thread that submits it.
	 * @param naming names it
	 * @param task the user's task
	 * @param context the context to carry to its run, or null
	 * @return what it carries
	 */
	static TaskLabel of(TaskNaming naming, Object task, @Nullable Object context) {
		TaskName known = naming.find(task.getClass());
		// a known class is no future and keeps no outcome
		return (known != null) ? of(naming, known, context) : ofUnknown(naming, task, context);
	}

	private static TaskLabel ofUnknown(TaskNaming naming, Object task, @Nullable Object context) {
		AsyncCall call = AsyncCall.take();
		TaskOutcome.Completion completion = (task instanceof TaskOutcome.Completion told) ? told : null;
		Object own = (completion != null) ? completion.task() : task;
		TaskName name = (call != null) ? naming.of(call) : naming.of(own);
		FutureLabel future = (own instanceof Future<?> users) ? new FutureLabel(name, context, users) : null;
		HiddenFailure hidden = HiddenFailure.first(HiddenFailure.first(call, completion), future);
		if (future != null && hidden == future) {
			return future;
		}
		return (context != null || hidden != null) ? new Full(name, context, hidden) : name;
	}

	/**
	 * Label a task whose class is known, on the thread that submits it.
	 * @param naming names it
	 * @param known the name that its class gives it
	 * @param context the context to carry to its run, or null
	 * @return what it carries
	 */
	static TaskLabel of(TaskNaming naming, TaskName known, @Nullable Object context) {
		AsyncCall call = AsyncCall.take();
		if (call != null) {
			return new Full(naming.of(call), context, call);
		}
		TaskName name = naming.inScope(known);
		return (context != null) ? new Full(name, context, null) : name;
	}

	/**
	 * The context that it was submitted in.
	 * @return what {@link TaskTracing#capture()} gave
	 */
	default @Nullable Object context() {
		return null;
	}

	/**
	 * Where to find an error that the task does not throw.
	 * @return what knows the outcome, or null if the task throws all its errors
	 */
	default @Nullable HiddenFailure hidden() {
		return null;
	}

	/**
	 * The label of a task that carries more than its name.
	 *
	 * @param name the task's name
	 * @param context the context that it was submitted in, or null
	 * @param hidden where to find an error that the task does not throw, or null
	 */
	record Full(TaskName name, @Nullable Object context, @Nullable HiddenFailure hidden) implements TaskLabel {

	}

	/**
	 * The label of a task that has failed, until that is counted.
	 *
	 * @param name the task's name
	 * @param failure its error
	 */
	record Failed(TaskName name, Throwable failure) implements TaskLabel {

	}

}
