// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.Ordered;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.scheduling.config.TaskSchedulerRouter;
import org.springframework.util.ReflectionUtils;

import io.github.executormetrics.decorate.ExecutorDecorator;

/**
 * Meters the executor that Spring makes for {@code @Scheduled} methods where it finds no
 * scheduler. It is no bean, and Spring makes it when the first method is scheduled.
 */
final class ScheduledExecutorSeam implements SchedulingConfigurer, Ordered {

	static final String NAME = "scheduledDefault";

	private static final String DETERMINE = "determineDefaultScheduler";

	private static final String LOCAL = "localExecutor";

	private final ExecutorDecorator decorator;

	private final ExecutorMetricsProperties properties;

	private final BeanFactory beanFactory;

	ScheduledExecutorSeam(ExecutorDecorator decorator, ExecutorMetricsProperties properties, BeanFactory beanFactory) {
		this.decorator = decorator;
		this.properties = properties;
		this.beanFactory = beanFactory;
	}

	@Override
	public int getOrder() {
		// a scheduler that a configurer of the user's sets stays
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void configureTasks(ScheduledTaskRegistrar registrar) {
		TaskScheduler scheduler = registrar.getScheduler();
		if (!this.properties.enabled() || scheduler == null || scheduler.getClass() != TaskSchedulerRouter.class) {
			return;
		}
		Method determine = ReflectionUtils.findMethod(TaskSchedulerRouter.class, DETERMINE);
		Field local = ReflectionUtils.findField(TaskSchedulerRouter.class, LOCAL);
		if (determine != null && local != null) {
			ReflectionUtils.makeAccessible(determine);
			ReflectionUtils.makeAccessible(local);
			MeteredRouter router = new MeteredRouter((TaskSchedulerRouter) scheduler, determine, local);
			router.setBeanFactory(this.beanFactory);
			registrar.setTaskScheduler(router);
		}
	}

	private TaskScheduler meter(TaskScheduler scheduler, ScheduledExecutorService executor) {
		String reason = this.properties.reasonToLeave(NAME);
		if (reason != null) {
			this.decorator.leave(executor, NAME, reason);
			return scheduler;
		}
		return new ConcurrentTaskScheduler(
				(ScheduledExecutorService) this.decorator.decorate(executor, NAME, ScheduledExecutorService.class));
	}

	/**
	 * Leaves the choice of the default scheduler to Spring's router, which also shuts
	 * down the executor that it has made.
	 */
	private final class MeteredRouter extends TaskSchedulerRouter {

		private final TaskSchedulerRouter springs;

		private final Method determine;

		private final Field local;

		MeteredRouter(TaskSchedulerRouter springs, Method determine, Field local) {
			this.springs = springs;
			this.determine = determine;
			this.local = local;
		}

		@Override
		protected TaskScheduler determineDefaultScheduler() {
			TaskScheduler scheduler = (TaskScheduler) ReflectionUtils.invokeMethod(this.determine, this.springs);
			Object executor = ReflectionUtils.getField(this.local, this.springs);
			if (scheduler == null) {
				throw new IllegalStateException("No scheduler for @Scheduled methods");
			}
			return (executor instanceof ScheduledExecutorService own) ? meter(scheduler, own) : scheduler;
		}

	}

	/**
	 * What is reached by reflection.
	 */
	static final class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.reflection()
				.registerType(TaskSchedulerRouter.class,
						(type) -> type.withField(LOCAL).withMethod(DETERMINE, List.of(), ExecutableMode.INVOKE));
		}

	}

}
