// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Why a pool runs nothing of what is queued though no worker is busy.
 *
 * @param reason what came of a thread that its factory was asked for
 * @param error the class of what was thrown, or null where nothing was
 */
public record DeadWorkers(String reason, @Nullable String error) {

	private static final long LONGEST_SECONDS = 1;

	/**
	 * Ask a thread factory for one thread, and let that run nothing. Calls code of the
	 * user's, which may block.
	 * @param factory the factory
	 * @return what is wrong with it, or null where the thread ran
	 */
	static @Nullable DeadWorkers ofFactory(ThreadFactory factory) {
		AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
		CountDownLatch ran = new CountDownLatch(1);
		try {
			Thread thread = factory.newThread(ran::countDown);
			if (thread == null) {
				return new DeadWorkers("the thread factory returns no thread", null);
			}
			thread.setUncaughtExceptionHandler((died, ex) -> thrown.set(ex));
			thread.start();
			thread.join(TimeUnit.SECONDS.toMillis(LONGEST_SECONDS));
			return (ran.getCount() == 0 || thread.isAlive()) ? null
					: new DeadWorkers("the threads end before they run a task", nameOf(thrown.get()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return null;
		}
		catch (Throwable ex) {
			return new DeadWorkers("the thread factory returns no thread that can be started", nameOf(ex));
		}
	}

	private static @Nullable String nameOf(@Nullable Throwable thrown) {
		return (thrown != null) ? thrown.getClass().getName() : null;
	}

	/**
	 * The reason and what was thrown.
	 * @return words that name a class
	 */
	public String describe() {
		return this.reason + ((this.error != null) ? ", with " + this.error : "");
	}

}
