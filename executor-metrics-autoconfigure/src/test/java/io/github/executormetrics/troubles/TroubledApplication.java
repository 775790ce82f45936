// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.troubles;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * An application with an executor for each trouble, declared as applications declare
 * theirs.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableAsync
class TroubledApplication {

	private static ThreadPoolExecutor pool(int workers) {
		return new ThreadPoolExecutor(workers, workers, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor futures() {
		return pool(2);
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor joins() {
		return pool(2);
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor bulk() {
		return pool(2);
	}

	@Bean
	ThreadPoolTaskExecutor mails() {
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setCorePoolSize(2);
		return executor;
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor orders() {
		return pool(2);
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor stock() {
		return pool(1);
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor first() {
		return pool(1);
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor second() {
		return pool(1);
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor third() {
		return pool(1);
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor left() {
		return pool(1);
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor right() {
		return pool(1);
	}

	@Bean
	SimpleAsyncTaskExecutor nested() {
		return limited(2);
	}

	@Bean
	SimpleAsyncTaskExecutor limited() {
		return limited(2);
	}

	private static SimpleAsyncTaskExecutor limited(int tasks) {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
		executor.setConcurrencyLimit(tasks);
		executor.setDaemon(true);
		return executor;
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor loop() {
		return pool(1);
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor reports() {
		return pool(2);
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor front() {
		return pool(2);
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor calls() {
		return pool(8);
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor flood() {
		return pool(2);
	}

	@Bean(destroyMethod = "shutdownNow")
	ThreadPoolExecutor bounded() {
		return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(5));
	}

	@Bean
	ThreadPoolTaskScheduler jobs() {
		return new ThreadPoolTaskScheduler();
	}

	@Bean
	Mailer mailer(Postman postman) {
		return new Mailer(postman);
	}

	@Bean
	Postman postman() {
		return new Postman();
	}

	/** Sends mails, each on a worker that waits for another. */
	static class Mailer {

		private final Postman postman;

		Mailer(Postman postman) {
			this.postman = postman;
		}

		@Async("mails")
		void send() {
			this.postman.post().join();
		}

	}

	/** Brings what is sent. */
	static class Postman {

		@Async("mails")
		CompletableFuture<String> post() {
			return CompletableFuture.completedFuture("posted");
		}

	}

}
