// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.versions;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * A web application with one executor of each kind.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableAsync
class ContractApplication {

	@Bean
	ThreadPoolTaskExecutor pool() {
		return set(new ThreadPoolTaskExecutor());
	}

	@Bean
	OwnPool ownPool() {
		return set(new OwnPool());
	}

	private static <T extends ThreadPoolTaskExecutor> T set(T pool) {
		pool.setCorePoolSize(2);
		pool.setMaxPoolSize(3);
		pool.setQueueCapacity(50);
		pool.setKeepAliveSeconds(7);
		pool.setThreadNamePrefix("own-");
		return pool;
	}

	@Bean
	ThreadPoolTaskScheduler scheduler() {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setPoolSize(2);
		scheduler.setRemoveOnCancelPolicy(true);
		scheduler.setThreadNamePrefix("own-");
		return scheduler;
	}

	@Bean
	SimpleAsyncTaskExecutor threads() {
		SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("own-");
		threads.setConcurrencyLimit(4);
		return threads;
	}

	@Bean
	ExecutorService service() {
		return Executors.newFixedThreadPool(2);
	}

	@Bean
	ScheduledExecutorService timer() {
		return Executors.newScheduledThreadPool(2);
	}

	@Bean
	ConcurrentTaskExecutor adapter() {
		return new ConcurrentTaskExecutor(Executors.newFixedThreadPool(2));
	}

	@Bean
	ThreadPoolTaskExecutor stalled() {
		ThreadPoolTaskExecutor stalled = new ThreadPoolTaskExecutor();
		stalled.setCorePoolSize(1);
		return stalled;
	}

	@Bean
	ByClass byClass(ThreadPoolTaskExecutor pool, OwnPool ownPool, ThreadPoolTaskScheduler scheduler,
			SimpleAsyncTaskExecutor threads, ConcurrentTaskExecutor adapter) {
		return new ByClass(pool, ownPool, scheduler, threads, adapter);
	}

	@Bean
	ByInterface byInterface(@Qualifier("pool") AsyncTaskExecutor pool, @Qualifier("ownPool") TaskExecutor ownPool,
			@Qualifier("scheduler") TaskScheduler scheduler, @Qualifier("threads") AsyncTaskExecutor threads,
			@Qualifier("adapter") TaskExecutor adapter, @Qualifier("service") ExecutorService service,
			@Qualifier("timer") ScheduledExecutorService timer) {
		return new ByInterface(pool, ownPool, scheduler, threads, adapter, service, timer);
	}

	@Bean
	Mailer mailer() {
		return new Mailer();
	}

	/** A subclass with a member of its own. */
	static class OwnPool extends ThreadPoolTaskExecutor {

		private static final long serialVersionUID = 1L;

		int twice(int size) {
			return size * 2;
		}

	}

	/** Has methods that run on an executor. */
	static class Mailer {

		@Async("ownPool")
		void send() {
		}

	}

	/** What was injected by its class. */
	record ByClass(ThreadPoolTaskExecutor pool, OwnPool ownPool, ThreadPoolTaskScheduler scheduler,
			SimpleAsyncTaskExecutor threads, ConcurrentTaskExecutor adapter) {

	}

	/** What was injected by one of its interfaces. */
	record ByInterface(AsyncTaskExecutor pool, TaskExecutor ownPool, TaskScheduler scheduler, AsyncTaskExecutor threads,
			TaskExecutor adapter, ExecutorService service, ScheduledExecutorService timer) {

	}

}
