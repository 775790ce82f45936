package io.github.executormetrics.task;

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
		AsyncCall call = AsyncCall.take();
		return of((call != null) ? naming.of(call) : naming.of(task), context, call);
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
		return of((call != null) ? naming.of(call) : naming.inScope(known), context, call);
	}

	private static TaskLabel of(TaskName name, @Nullable Object context, @Nullable AsyncCall call) {
		return (context != null || call != null) ? new Full(name, context, call) : name;
	}

	/**
	 * The context that it was submitted in.
	 * @return what {@link TaskTracing#capture()} gave
	 */
	default @Nullable Object context() {
		return null;
	}

	/**
	 * The call of an {@code @Async} method that it is.
	 * @return the call, which knows of errors that the task does not show
	 */
	default @Nullable AsyncCall call() {
		return null;
	}

	/**
	 * The label of a task that carries more than its name.
	 *
	 * @param name the task's name
	 * @param context the context that it was submitted in, or null
	 * @param call the call that it is, or null
	 */
	record Full(TaskName name, @Nullable Object context, @Nullable AsyncCall call) implements TaskLabel {

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
