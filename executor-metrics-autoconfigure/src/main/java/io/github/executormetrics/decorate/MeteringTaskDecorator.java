package io.github.executormetrics.decorate;

import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.TaskDecorator;

import io.github.executormetrics.task.Due;
import io.github.executormetrics.task.MeteredRun;
import io.github.executormetrics.task.MeteredTask;
import io.github.executormetrics.task.TaskRecorder;

/**
 * Meters tasks inside of the user's decorator, for executors whose setters are final. A
 * task counts as submitted when it starts.
 */
final class MeteringTaskDecorator implements TaskDecorator {

	private final @Nullable TaskDecorator users;

	private final TaskRecorder recorder;

	private final boolean repeating;

	/**
	 * Create a decorator.
	 * @param users the user's decorator, which stays around ours
	 * @param recorder the executor's recorder
	 * @param repeating whether one decorated task may run many times, as a scheduler's
	 * does
	 */
	MeteringTaskDecorator(@Nullable TaskDecorator users, TaskRecorder recorder, boolean repeating) {
		this.users = users;
		this.recorder = recorder;
		this.repeating = repeating;
	}

	@Override
	public Runnable decorate(Runnable task) {
		// the executor's own answer to null is the right one
		Runnable metered = (task != null) ? meter(task) : task;
		return (this.users != null) ? this.users.decorate(metered) : metered;
	}

	private Runnable meter(Runnable task) {
		return (this.repeating && !(task instanceof Future<?>)) ? MeteredRun.of(task, this.recorder, Due.unknown())
				: MeteredTask.of(task, this.recorder, false);
	}

}
