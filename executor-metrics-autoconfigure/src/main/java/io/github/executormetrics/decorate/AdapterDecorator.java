package io.github.executormetrics.decorate;

import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.decorate.KnownExecutors.Known;
import io.github.executormetrics.monitor.ExecutorStates;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Decorates Spring's executors over another, and subclasses of those without a pool:
 * through their {@link TaskDecorator}, where their tasks are not counted beneath.
 */
final class AdapterDecorator {

	private static final String REFUSALS_UNSEEN = "metered through its TaskDecorator: a task counts as submitted when it starts, refusals and errors of submitCompletable are not seen";

	private static final String NO_HELP = "a ForkJoinPool beneath: through a TaskDecorator its futures would be others, and its workers no help to who waits for them";

	private final KnownExecutors known;

	AdapterDecorator(KnownExecutors known) {
		this.known = known;
	}

	/**
	 * Decorate an executor.
	 * @param bean the executor
	 * @param executor what is known of it
	 * @return the same executor
	 */
	Object decorate(Object bean, MonitoredExecutor executor) {
		Object adapted = adapted(bean);
		Known beneath = this.known.find(adapted);
		// an adapter that got hold of the executor itself goes past what counts
		if (beneath != null && beneath.decorated() == adapted) {
			executor.cover(Coverage.NONE, ExecutorDecorator.COUNTED_AT + beneath.name() + "'");
			return bean;
		}
		TaskDecorator users = UsersDecorator.find(bean);
		if (adapted instanceof ForkJoinPool pool && users == null) {
			executor.add(ExecutorStates.ofForkJoin(pool, false));
			executor.cover(Coverage.STATE, NO_HELP);
			return bean;
		}
		boolean repeating = bean instanceof ConcurrentTaskScheduler;
		setter(bean).accept(new MeteringTaskDecorator(users, executor.recorder(), repeating));
		executor.add(ExecutorStates.ofTasks(bean, executor.recorder()));
		executor.cover(Coverage.TASKS, REFUSALS_UNSEEN + unseen(bean));
		return bean;
	}

	private static String unseen(Object bean) {
		if (bean instanceof ConcurrentTaskScheduler) {
			return ", nor those its ErrorHandler takes, and waits are those of the pool beneath";
		}
		return (bean instanceof SimpleAsyncTaskScheduler)
				? ", nor those its ErrorHandler takes, nor tasks with a fixed delay" : "";
	}

	private static Consumer<TaskDecorator> setter(Object bean) {
		if (bean instanceof SimpleAsyncTaskExecutor tasks) {
			return tasks::setTaskDecorator;
		}
		if (bean instanceof TaskExecutorAdapter adapter) {
			return adapter::setTaskDecorator;
		}
		return ((ConcurrentTaskExecutor) bean)::setTaskDecorator;
	}

	private static @Nullable Object adapted(Object bean) {
		if (bean instanceof ConcurrentTaskScheduler) {
			return UsersDecorator.read(ConcurrentTaskScheduler.class, bean, "scheduledExecutor");
		}
		if (bean instanceof ConcurrentTaskExecutor tasks) {
			return tasks.getConcurrentExecutor();
		}
		return (bean instanceof TaskExecutorAdapter)
				? UsersDecorator.read(TaskExecutorAdapter.class, bean, "concurrentExecutor") : null;
	}

}
