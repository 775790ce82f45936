// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many threads that start at once and do the same many times.
 */
final class Fire {

	private Fire() {
	}

	static void from(int threads, int times, Consumer<SplittableRandom> shot) {
		CountDownLatch start = new CountDownLatch(1);
		AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
		List<Thread> started = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			SplittableRandom random = new SplittableRandom(i);
			Thread thread = new Thread(() -> {
				Hold.await(start);
				try {
					for (int k = 0; k < times; k++) {
						shot.accept(random);
					}
				}
				catch (Throwable ex) {
					failure.set(ex);
				}
			}, "fire-" + i);
			thread.setDaemon(true);
			thread.start();
			started.add(thread);
		}
		start.countDown();
		for (Thread thread : started) {
			try {
				thread.join(120_000);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			assertThat(thread.isAlive()).as("a submitter hangs").isFalse();
		}
		assertThat(failure.get()).isNull();
	}

	/**
	 * What tasks throw on purpose.
	 */
	static final class Expected extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Expected() {
			super("expected", null, false, false);
		}

	}

}
