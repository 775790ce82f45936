// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that can be told from any other, and what they did not catch.
 */
final class ContractThreads implements ThreadFactory, Thread.UncaughtExceptionHandler {

	private static final ClassLoader LOADER = new URLClassLoader(new URL[0], ContractThreads.class.getClassLoader());

	private final AtomicInteger count = new AtomicInteger();

	private final List<String> uncaught = new CopyOnWriteArrayList<>();

	@Override
	public Thread newThread(Runnable task) {
		Thread thread = new Thread(task, "contract-" + this.count.incrementAndGet());
		thread.setContextClassLoader(LOADER);
		thread.setPriority(Thread.NORM_PRIORITY - 1);
		thread.setDaemon(true);
		thread.setUncaughtExceptionHandler(this);
		return thread;
	}

	@Override
	public void uncaughtException(Thread thread, Throwable ex) {
		this.uncaught.add(ex.toString());
	}

	List<String> uncaught() {
		return this.uncaught;
	}

}
