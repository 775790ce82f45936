// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.TaskDecorator;

import io.github.executormetrics.task.MeteredTask;
import io.github.executormetrics.task.TaskRecorder;

/**
 * Meters tasks inside of the user's decorator, for executors whose setters are final. A
 * task counts as submitted when it starts.
 */
final class MeteringTaskDecorator implements TaskDecorator {

	private final @Nullable TaskDecorator users;

	private final TaskRecorder recorder;

	/**
	 * Create a decorator.
	 * @param users the user's decorator, which stays around ours
	 * @param recorder the executor's recorder
	 */
	MeteringTaskDecorator(@Nullable TaskDecorator users, TaskRecorder recorder) {
		this.users = users;
		this.recorder = recorder;
	}

	@Override
	public Runnable decorate(Runnable task) {
		// the executor's own answer to null is the right one
		Runnable metered = (task != null) ? MeteredTask.of(task, this.recorder, false) : task;
		return (this.users != null) ? this.users.decorate(metered) : metered;
	}

}
