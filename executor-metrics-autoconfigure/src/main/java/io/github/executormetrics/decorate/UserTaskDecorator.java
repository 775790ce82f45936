// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.CompositeTaskDecorator;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * The decorator that a user, or Boot, has set on an executor of Spring's.
 */
final class UserTaskDecorator {

	private static final List<Class<?>> OWNERS = List.of(ThreadPoolTaskExecutor.class, ThreadPoolTaskScheduler.class,
			SimpleAsyncTaskExecutor.class, TaskExecutorAdapter.class, ConcurrentTaskExecutor.class);

	private UserTaskDecorator() {
	}

	/**
	 * Find the decorator of an executor.
	 * @param executor the executor
	 * @return its decorator, or null where it has none
	 */
	static @Nullable TaskDecorator find(Object executor) {
		for (Class<?> owner : OWNERS) {
			if (owner.isInstance(executor)) {
				return (TaskDecorator) SpringFields.get(owner, "taskDecorator", executor);
			}
		}
		return null;
	}

	/**
	 * Whether a decorator carries the context of who submits a task, as that of
	 * {@code spring.task.execution.propagate-context} does.
	 * @param decorator the decorator, or null
	 * @return whether it is Spring's own, alone or among others
	 */
	static boolean isPropagating(@Nullable Object decorator) {
		if (decorator instanceof CompositeTaskDecorator) {
			Object all = SpringFields.get(CompositeTaskDecorator.class, "taskDecorators", decorator);
			return all instanceof List<?> list && list.stream().anyMatch(UserTaskDecorator::isPropagating);
		}
		return decorator instanceof ContextPropagatingTaskDecorator;
	}

}
