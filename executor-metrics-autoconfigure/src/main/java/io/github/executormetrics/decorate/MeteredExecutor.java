// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.concurrent.Executor;

import org.springframework.core.task.TaskExecutor;

/**
 * An {@link Executor} in front of one whose own type nobody can name.
 */
class MeteredExecutor implements Executor, AutoCloseable {

	private final Executor delegate;

	private final TaskIntake intake;

	MeteredExecutor(Executor delegate, TaskIntake intake) {
		this.delegate = delegate;
		this.intake = intake;
	}

	TaskIntake intake() {
		return this.intake;
	}

	@Override
	public void execute(Runnable task) {
		this.intake.execute(task, this.delegate);
	}

	@Override
	public void close() throws Exception {
		if (this.delegate instanceof AutoCloseable closeable) {
			closeable.close();
		}
	}

	@Override
	public String toString() {
		return this.delegate.toString();
	}

	/**
	 * The same for a {@link TaskExecutor}.
	 */
	static class OfTasks extends MeteredExecutor implements TaskExecutor {

		OfTasks(TaskExecutor delegate, TaskIntake intake) {
			super(delegate, intake);
		}

	}

}
