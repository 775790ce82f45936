// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * Registers the private members of Spring's classes that are read or replaced, for native
 * images.
 */
final class SpringFieldHints implements RuntimeHintsRegistrar {

	private static final String SCHEDULING = "org.springframework.scheduling.";

	private static final String CONCURRENT = SCHEDULING + "concurrent.";

	private static final String TASK = "org.springframework.core.task.";

	/**
	 * The fields, each behind the name of the class that declares it.
	 */
	static final List<String> FIELDS = List.of(CONCURRENT + "ExecutorConfigurationSupport.executor",
			CONCURRENT + "ThreadPoolTaskExecutor.threadPoolExecutor",
			CONCURRENT + "ThreadPoolTaskExecutor.taskDecorator",
			CONCURRENT + "ThreadPoolTaskScheduler.scheduledExecutor",
			CONCURRENT + "ThreadPoolTaskScheduler.taskDecorator", CONCURRENT + "ConcurrentTaskExecutor.taskDecorator",
			CONCURRENT + "ConcurrentTaskScheduler.scheduledExecutor",
			CONCURRENT + "DelegatingErrorHandlingCallable.delegate",
			CONCURRENT + "DelegatingErrorHandlingCallable.errorHandler", CONCURRENT + "ReschedulingRunnable.trigger",
			CONCURRENT + "ReschedulingRunnable.triggerContext",
			CONCURRENT + "ReschedulingRunnable.scheduledExecutionTime",
			CONCURRENT + "ReschedulingRunnable.currentFuture",
			CONCURRENT + "ReschedulingRunnable.triggerContextMonitor",
			SCHEDULING + "support.DelegatingErrorHandlingRunnable.delegate",
			SCHEDULING + "support.DelegatingErrorHandlingRunnable.errorHandler",
			SCHEDULING + "config.Task$OutcomeTrackingRunnable.runnable", TASK + "SimpleAsyncTaskExecutor.taskDecorator",
			TASK + "SimpleAsyncTaskExecutor.virtualThreadDelegate",
			TASK + "support.TaskExecutorAdapter.concurrentExecutor", TASK + "support.TaskExecutorAdapter.taskDecorator",
			TASK + "support.CompositeTaskDecorator.taskDecorators",
			"org.springframework.aop.framework.AbstractAdvisingBeanPostProcessor.advisor",
			"org.springframework.aop.interceptor.AsyncExecutionAspectSupport.defaultExecutor",
			"org.springframework.aop.interceptor.AsyncExecutionAspectSupport.exceptionHandler");

	/**
	 * The classes of which objects are made.
	 */
	static final List<String> CREATED = List.of(CONCURRENT + "DelegatingErrorHandlingCallable",
			CONCURRENT + "ReschedulingRunnable");

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		for (String field : FIELDS) {
			int dot = field.lastIndexOf('.');
			hints.reflection()
				.registerType(TypeReference.of(field.substring(0, dot)),
						(type) -> type.withField(field.substring(dot + 1)));
		}
		for (String created : CREATED) {
			hints.reflection().registerType(TypeReference.of(created), MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
		}
	}

}
