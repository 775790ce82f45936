// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * An executor of one worker, which can be held so that all tasks queue.
 */
final class QueuedExecutor {

	private final ThreadPoolExecutor pool;

	private final Consumer<Runnable> entry;

	private QueuedExecutor(ThreadPoolExecutor pool, Consumer<Runnable> entry) {
		this.pool = pool;
		this.entry = entry;
	}

	/**
	 * Create one as it is.
	 * @param subject which, and how tasks come to it
	 * @return the executor
	 */
	static QueuedExecutor bare(QueuedSubject subject) {
		if (subject.isTaskExecutor()) {
			ThreadPoolTaskExecutor tasks = taskExecutor();
			return new QueuedExecutor(tasks.getThreadPoolExecutor(), entry(subject, tasks));
		}
		ThreadPoolExecutor pool = pool();
		return new QueuedExecutor(pool, entry(subject, pool));
	}

	/**
	 * Create one whose tasks are metered.
	 * @param subject which, and how tasks come to it
	 * @param instrumentation what decorates it
	 * @return the executor
	 */
	static QueuedExecutor metered(QueuedSubject subject, Instrumentation instrumentation) {
		if (subject.isTaskExecutor()) {
			ThreadPoolTaskExecutor tasks = taskExecutor();
			return new QueuedExecutor(tasks.getThreadPoolExecutor(),
					entry(subject, instrumentation.decorate(tasks, ThreadPoolTaskExecutor.class)));
		}
		ThreadPoolExecutor pool = pool();
		return new QueuedExecutor(pool, entry(subject, instrumentation.decorate(pool, ThreadPoolExecutor.class)));
	}

	private static ThreadPoolTaskExecutor taskExecutor() {
		ThreadPoolTaskExecutor tasks = new ThreadPoolTaskExecutor();
		tasks.setCorePoolSize(1);
		tasks.initialize();
		return tasks;
	}

	private static ThreadPoolExecutor pool() {
		return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private static Consumer<Runnable> entry(QueuedSubject subject, Executor executor) {
		if (!subject.isSubmit()) {
			return executor::execute;
		}
		return (executor instanceof AsyncTaskExecutor async) ? async::submit : ((ExecutorService) executor)::submit;
	}

	/**
	 * Hold the worker, past what meters, so that the figures are those of the tasks
	 * alone.
	 * @return lets it go
	 */
	CountDownLatch hold() throws InterruptedException {
		CountDownLatch held = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		this.pool.execute(() -> {
			held.countDown();
			WatchLoad.await(release);
		});
		held.await();
		return release;
	}

	void submit(Runnable task, int times) {
		for (int i = 0; i < times; i++) {
			this.entry.accept(task);
		}
	}

	int queued() {
		return this.pool.getQueue().size();
	}

}
