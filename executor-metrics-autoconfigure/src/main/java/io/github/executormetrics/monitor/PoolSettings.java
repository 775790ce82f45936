// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.ExecutorOrigin;

/**
 * What a user sets to give an executor more workers, or its queue more room, by the name
 * that it goes by there: a property of the bean, one of Spring Boot's, or a system
 * property.
 *
 * @param workers how many workers run while the queue has room, or null where that is not
 * to be set
 * @param maximum how many may run once the queue is full, or null where there is no other
 * limit
 * @param queue how many tasks the queue takes, or null where that is not to be set
 */
public record PoolSettings(@Nullable String workers, @Nullable String maximum, @Nullable String queue) {

	/**
	 * Those of an executor that nothing is known to be set for.
	 */
	public static final PoolSettings NONE = new PoolSettings(null, null, null);

	private static final PoolSettings POOL = new PoolSettings("corePoolSize", "maximumPoolSize", "queueCapacity");

	private static final PoolSettings TASK_EXECUTOR = new PoolSettings("corePoolSize", "maxPoolSize", "queueCapacity");

	/**
	 * The settings of an executor.
	 * @param name its name
	 * @param type its class before it was decorated
	 * @param origin where it comes from
	 * @return their names
	 */
	static PoolSettings of(String name, Class<?> type, ExecutorOrigin origin) {
		if (origin == ExecutorOrigin.REACTOR) {
			return ofReactor(name);
		}
		PoolSettings settings = NONE;
		for (Class<?> each = type; each != null && settings == NONE; each = each.getSuperclass()) {
			settings = of(each.getName(), origin);
		}
		return settings;
	}

	private static PoolSettings of(String type, ExecutorOrigin origin) {
		boolean server = origin == ExecutorOrigin.WEB_SERVER;
		return switch (type) {
			case "org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor" -> TASK_EXECUTOR;
			case "org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler" -> ofWorkers("poolSize");
			case "org.springframework.core.task.SimpleAsyncTaskExecutor" -> ofWorkers("concurrencyLimit");
			case "java.util.concurrent.ScheduledThreadPoolExecutor" -> ofWorkers("corePoolSize");
			case "java.util.concurrent.ThreadPoolExecutor" -> POOL;
			case "java.util.concurrent.ForkJoinPool" -> ofWorkers((origin == ExecutorOrigin.JDK)
					? "java.util.concurrent.ForkJoinPool.common.parallelism" : "parallelism");
			case "org.apache.tomcat.util.threads.ThreadPoolExecutor" ->
				server ? new PoolSettings("server.tomcat.threads.max", null, "server.tomcat.threads.max-queue-capacity")
						: POOL;
			case "org.eclipse.jetty.util.thread.QueuedThreadPool" ->
				server ? new PoolSettings("server.jetty.threads.max", null, "server.jetty.threads.max-queue-capacity")
						: ofWorkers("maxThreads");
			default -> NONE;
		};
	}

	/** Reactor's own are set by system properties, others where they are made. */
	private static PoolSettings ofReactor(String name) {
		return switch (name) {
			case "reactor-boundedElastic" -> ofWorkers("reactor.schedulers.defaultBoundedElasticSize");
			case "reactor-parallel" -> ofWorkers("reactor.schedulers.defaultPoolSize");
			case "reactor-single" -> NONE;
			default -> ofWorkers("threadCap");
		};
	}

	private static PoolSettings ofWorkers(String workers) {
		return new PoolSettings(workers, null, null);
	}

	/**
	 * The same settings of an executor that Spring Boot has made.
	 * @param scheduler whether it is a scheduler
	 * @return their names, the properties of Boot where there are some
	 */
	public PoolSettings ofBoot(boolean scheduler) {
		return switch (String.valueOf(this.workers)) {
			case "corePoolSize" -> new PoolSettings("spring.task.execution.pool.core-size",
					"spring.task.execution.pool.max-size", "spring.task.execution.pool.queue-capacity");
			case "poolSize" -> ofWorkers("spring.task.scheduling.pool.size");
			case "concurrencyLimit" ->
				ofWorkers("spring.task." + (scheduler ? "scheduling" : "execution") + ".simple.concurrency-limit");
			default -> this;
		};
	}

}
