// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.cost;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * The executors that tasks are handed to, each with one worker at a time.
 */
enum CostKind {

	/**
	 * Runs each task on the thread that hands it over.
	 */
	DIRECT(Executor.class) {
		@Override
		Executor create(ThreadFactory threads) {
			return Runnable::run;
		}
	},

	POOL(ThreadPoolExecutor.class) {
		@Override
		Executor create(ThreadFactory threads) {
			return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons());
		}
	},

	TASK_EXECUTOR(ThreadPoolTaskExecutor.class) {
		@Override
		Executor create(ThreadFactory threads) {
			return initialized(new ThreadPoolTaskExecutor());
		}
	},

	/**
	 * A class of the user's.
	 */
	OWN_TASK_EXECUTOR(ThreadPoolTaskExecutor.class) {
		@Override
		Executor create(ThreadFactory threads) {
			return initialized(new ThreadPoolTaskExecutor() {

				private static final long serialVersionUID = 1L;

			});
		}
	},

	/**
	 * Has a thread for each task.
	 */
	SIMPLE_ASYNC(SimpleAsyncTaskExecutor.class) {
		@Override
		Executor create(ThreadFactory threads) {
			return new SimpleAsyncTaskExecutor(threads);
		}
	},

	FORK_JOIN(ExecutorService.class) {
		@Override
		Executor create(ThreadFactory threads) {
			return new ForkJoinPool(1);
		}
	};

	private final Class<?> declared;

	CostKind(Class<?> declared) {
		this.declared = declared;
	}

	Class<?> declared() {
		return this.declared;
	}

	abstract Executor create(ThreadFactory threads);

	private static Executor initialized(ThreadPoolTaskExecutor executor) {
		executor.setCorePoolSize(1);
		executor.setDaemon(true);
		executor.initialize();
		return executor;
	}

	private static ThreadFactory daemons() {
		return (task) -> {
			Thread thread = new Thread(task);
			thread.setDaemon(true);
			return thread;
		};
	}

}
