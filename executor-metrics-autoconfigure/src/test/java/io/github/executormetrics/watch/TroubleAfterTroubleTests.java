// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.RaisedCause.Advice;
import io.github.executormetrics.StarvationCause;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that each trouble is held against the quiet time before it, and not against
 * another trouble, while something stands that may stand for ever.
 */
class TroubleAfterTroubleTests {

	private static final int EACH_TICK = 5;

	private int seconds;

	private int completed;

	private void look(MovedWatch watch, int ticks) {
		watch.ticks(ticks);
		this.seconds += ticks;
	}

	/** Some ticks in which all is well. */
	private void quiet(MovedWatch watch, ScheduledThreadPoolExecutor pool, int ticks, int tasks) {
		CountDownLatch open = new CountDownLatch(0);
		for (int i = 0; i < ticks; i++) {
			for (int j = 0; j < tasks; j++) {
				pool.execute(new Call(open));
			}
			this.completed += tasks;
			watch.awaitCompleted("pool", this.completed);
			look(watch, 1);
		}
	}

	/** The only worker is held for some looks. */
	private String trouble(MovedWatch watch, ScheduledThreadPoolExecutor pool) {
		CountDownLatch held = new CountDownLatch(1);
		for (int i = 0; i < EACH_TICK; i++) {
			pool.execute(new Call(held));
		}
		Awaitility.await().until(() -> watch.executor("pool").recorder().running() == 1);
		// the first one in the queue is late by the JDK's clock, which the test does not
		// move
		Awaitility.await()
			.until(() -> pool.getQueue().peek() instanceof Delayed first
					&& first.getDelay(TimeUnit.NANOSECONDS) < -TestLimits.DEFAULTS.meanWait().toNanos());
		for (int i = 0; i < 4; i++) {
			look(watch, 1);
		}
		Advice advice = watch.watch()
			.report(watch.executor("pool"))
			.causes()
			.stream()
			.filter((cause) -> cause.cause() == StarvationCause.DELAYED)
			.findFirst()
			.orElseThrow()
			.advice();
		held.countDown();
		this.completed += EACH_TICK;
		watch.awaitCompleted("pool", this.completed);
		for (int i = 0; i < 6; i++) {
			look(watch, 1);
		}
		assertThat(watch.watch().report(watch.executor("pool")).isStarved()).isFalse();
		return (advice != null) ? advice.text() : "";
	}

	@Test
	void whenItWasWellInBetweenThenTheSecondIsToldAsTheFirst() {
		try (MovedWatch watch = new MovedWatch()) {
			ScheduledThreadPoolExecutor pool = pool(watch);
			pool.scheduleAtFixedRate(() -> {
				throw new IllegalStateException("on purpose");
			}, 0, 1, TimeUnit.HOURS);
			this.completed = 1;
			watch.awaitCompleted("pool", 1);
			for (int i = 0; i < 3; i++) {
				quiet(watch, pool, 30, EACH_TICK);
				assertThat(watch.watch().report(watch.executor("pool")).verdict()).isEqualTo("ENDED");
				String since = DateTimeFormatter.ofPattern("HH:mm:ssX")
					.withZone(ZoneOffset.UTC)
					.format(MovedWatch.EPOCH.plusSeconds(this.seconds + 1));
				assertThat(trouble(watch, pool))
					.matches(".*Call takes more than \\S+ s since " + since + ", .* ms before.*");
			}
		}
	}

	@Test
	void whenItWasWellForFourTicksThenTheyAreWhatIsComparedWith() {
		try (MovedWatch watch = new MovedWatch()) {
			ScheduledThreadPoolExecutor pool = pool(watch);
			// however slow the machine is, tasks are not younger than the moved clock
			look(watch, 60);
			quiet(watch, pool, 4, EACH_TICK);
			assertThat(trouble(watch, pool)).contains("Call takes more than ");
		}
	}

	@Test
	void whenItWasWellForLessThanFourTicksThenNothingIsComparedYet() {
		try (MovedWatch watch = new MovedWatch()) {
			ScheduledThreadPoolExecutor pool = pool(watch);
			// however slow the machine is, tasks are not younger than the moved clock
			look(watch, 60);
			quiet(watch, pool, 3, EACH_TICK);
			assertThat(trouble(watch, pool)).doesNotContain(" before");
		}
	}

	// the few ticks between two troubles had a tenth of what comes otherwise
	@Test
	void whenItWasWellForAShortTimeOnlyThenTheLongTimeBeforeIsComparedWith() {
		try (MovedWatch watch = new MovedWatch()) {
			ScheduledThreadPoolExecutor pool = pool(watch);
			quiet(watch, pool, 30, EACH_TICK);
			trouble(watch, pool);
			quiet(watch, pool, 4, 1);
			assertThat(trouble(watch, pool)).contains("Call takes more than ");
		}
	}

	private static ScheduledThreadPoolExecutor pool(MovedWatch watch) {
		ScheduledThreadPoolExecutor target = new ScheduledThreadPoolExecutor(1);
		return watch.decorate("pool", target, target, ScheduledThreadPoolExecutor.class);
	}

	/**
	 * A task that waits.
	 *
	 * @param open until when
	 */
	private record Call(CountDownLatch open) implements Runnable {

		@Override
		public void run() {
			try {
				this.open.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
