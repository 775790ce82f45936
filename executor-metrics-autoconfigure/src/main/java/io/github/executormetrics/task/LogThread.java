// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The daemon thread of all application contexts on which those log who must not wait for
 * a log that hangs. It is there while there is something to log.
 */
final class LogThread {

	private static final int WAITING_AT_MOST = 1_000;

	private static final ThreadPoolExecutor THREAD = create();

	private LogThread() {
	}

	private static ThreadPoolExecutor create() {
		ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(WAITING_AT_MOST), LogThread::thread, new ThreadPoolExecutor.DiscardPolicy());
		thread.allowCoreThreadTimeOut(true);
		return thread;
	}

	private static Thread thread(Runnable work) {
		// no thread-locals of whoever logs first, and no class loader
		Thread thread = new Thread(null, work, "executor-metrics-log", 0, false);
		thread.setDaemon(true);
		thread.setContextClassLoader(LogThread.class.getClassLoader());
		return thread;
	}

	/**
	 * Logs soon, or never if a thousand calls wait already.
	 * @param call logs
	 */
	static void execute(Runnable call) {
		try {
			THREAD.execute(call);
		}
		catch (Throwable ex) {
			// no thread can be had
		}
	}

}
