// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.system.JavaVersion;
import org.springframework.boot.task.ThreadPoolTaskExecutorBuilder;
import org.springframework.boot.task.ThreadPoolTaskSchedulerBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * The executors of the order service, declared as applications declare them: nothing here
 * knows that they are metered.
 */
@Configuration(proxyBeanMethods = false)
public class ExecutorsConfiguration {

	/** Runs the {@code @Async} methods that send mails. */
	@Bean
	ThreadPoolTaskExecutor mailExecutor(ThreadPoolTaskExecutorBuilder builder) {
		return builder.corePoolSize(4)
			.maxPoolSize(4)
			.queueCapacity(10_000)
			.threadNamePrefix("mail-")
			.build(ThreadPoolTaskExecutor.class);
	}

	/** Prices orders, each in parts that other executors work on. */
	@Bean
	ThreadPoolTaskExecutor orderExecutor(ThreadPoolTaskExecutorBuilder builder) {
		return builder.corePoolSize(8).queueCapacity(1_000).threadNamePrefix("order-").build();
	}

	/** Asks suppliers: many tasks that wait, on virtual threads where there are any. */
	@Bean
	SimpleAsyncTaskExecutor supplierExecutor() {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("supplier-");
		executor.setVirtualThreads(JavaVersion.getJavaVersion().isEqualOrNewerThan(JavaVersion.TWENTY_ONE));
		executor.setConcurrencyLimit(100);
		return executor;
	}

	/** Tells partners of orders: small on purpose, so that a flood is refused. */
	@Bean
	ThreadPoolTaskExecutor partnerExecutor(ThreadPoolTaskExecutorBuilder builder) {
		return builder.corePoolSize(2)
			.maxPoolSize(2)
			.queueCapacity(20)
			.threadNamePrefix("partner-")
			.build(ThreadPoolTaskExecutor.class);
	}

	/** Computes reports. */
	@Bean(destroyMethod = "shutdown")
	ThreadPoolExecutor reportExecutor() {
		return new ThreadPoolExecutor(2, 2, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(500),
				new CustomizableThreadFactory("report-"));
	}

	/**
	 * Runs the scheduled jobs. Declared, since Boot makes none where a ForkJoinPool is a
	 * bean: from JDK 25 on that is a ScheduledExecutorService.
	 */
	@Bean
	ThreadPoolTaskScheduler taskScheduler(ThreadPoolTaskSchedulerBuilder builder) {
		return builder.poolSize(2).build();
	}

	/** Rebuilds the search index with fork and join. */
	@Bean(destroyMethod = "shutdown")
	ForkJoinPool searchPool() {
		return new ForkJoinPool(2);
	}

}
