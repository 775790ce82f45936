// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Field;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.util.ReflectionUtils;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.decorate.KnownExecutors.Known;
import io.github.executormetrics.monitor.ExecutorStates;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Decorates Spring's adapters, which stay the same objects: the executor that they adapt
 * is replaced by its metered form, unless it is metered itself. Subclasses of
 * {@link SimpleAsyncTaskExecutor} adapt none and are metered through their task
 * decorator.
 */
final class AdapterDecorator {

	private static final String REFUSALS_UNSEEN = "metered through its TaskDecorator: a task counts as submitted when it starts; rejections, and errors of submitCompletable, are not visible";

	private static final @Nullable Field ADAPTED = SpringFields.find(TaskExecutorAdapter.class, "concurrentExecutor");

	private final KnownExecutors known;

	AdapterDecorator(KnownExecutors known) {
		this.known = known;
	}

	/**
	 * Decorate an adapter.
	 * @param bean the adapter
	 * @param executor what is known of it
	 * @param meter gives the metered form of an executor, or the same where it is left
	 * alone, and says the coverage
	 */
	void decorate(ConcurrentTaskExecutor bean, MonitoredExecutor executor, UnaryOperator<Object> meter) {
		Executor adapted = bean.getConcurrentExecutor();
		Object scheduling = (bean instanceof ConcurrentTaskScheduler)
				? SpringFields.get(ConcurrentTaskScheduler.class, "scheduledExecutor", bean) : null;
		Executor metered = (adapted != scheduling) ? meter(adapted, executor, meter) : null;
		if (metered != null) {
			bean.setConcurrentExecutor(metered);
		}
		if (bean instanceof ConcurrentTaskScheduler scheduler && scheduling instanceof ScheduledExecutorService) {
			Coverage coverage = executor.coverage();
			String reason = executor.coverageReason();
			ScheduledExecutorService meteredScheduling = (ScheduledExecutorService) meter((Executor) scheduling,
					executor, meter);
			scheduler.setScheduledExecutor(meteredScheduling);
			if (adapted == scheduling) {
				scheduler.setConcurrentExecutor(meteredScheduling);
			}
			else if (coverage.compareTo(executor.coverage()) > 0) {
				executor.cover(coverage, reason);
			}
		}
	}

	/**
	 * Decorate an adapter.
	 * @param bean the adapter
	 * @param executor what is known of it
	 * @param meter gives the metered form of an executor, or the same where it is left
	 * alone, and says the coverage
	 */
	void decorate(TaskExecutorAdapter bean, MonitoredExecutor executor, UnaryOperator<Object> meter) {
		if (!(SpringFields.get(ADAPTED, bean) instanceof Executor adapted)) {
			executor.cover(Coverage.NONE, "the adapted executor was not found in this version of Spring Framework");
		}
		else if (SpringFields.CAN_SET_FINAL || this.known.find(adapted) != null) {
			Executor metered = meter(adapted, executor, meter);
			if (metered != adapted && ADAPTED != null) {
				ReflectionUtils.setField(ADAPTED, bean, metered);
			}
		}
		else {
			bean.setTaskDecorator(new MeteringTaskDecorator(UserTaskDecorator.find(bean), executor.recorder()));
			executor.add((adapted instanceof ThreadPoolExecutor pool) ? ExecutorStates.ofPool(pool, (owner) -> owner)
					: ExecutorStates.ofTasks(bean, executor.recorder()));
			executor.cover(Coverage.TASKS, REFUSALS_UNSEEN);
		}
	}

	private Executor meter(Executor adapted, MonitoredExecutor executor, UnaryOperator<Object> meter) {
		Known beneath = this.known.find(adapted);
		if (beneath != null) {
			executor.countAt(Set.of(beneath.name()));
			// an adapter may have got hold of the executor behind what counts
			return (beneath.decorated() instanceof Executor counting) ? counting : adapted;
		}
		Executor metered = (Executor) meter.apply(adapted);
		this.known.add(adapted, metered, executor.name());
		return metered;
	}

	/**
	 * Meter an executor through its task decorator.
	 * @param bean the executor, of a class of the user's
	 * @param executor what is known of it
	 */
	void decorate(SimpleAsyncTaskExecutor bean, MonitoredExecutor executor) {
		bean.setTaskDecorator(new MeteringTaskDecorator(UserTaskDecorator.find(bean), executor.recorder()));
		executor.add(ExecutorStates.ofTasks(bean, executor.recorder()));
		executor.cover(Coverage.TASKS, REFUSALS_UNSEEN + ((bean instanceof SimpleAsyncTaskScheduler)
				? ", nor errors that its ErrorHandler takes, nor tasks with a fixed delay" : ""));
	}

}
