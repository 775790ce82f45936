// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of how long the tasks run that found no slot.
 */
class StartTimesTests {

	private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

	private static final long BUCKET = 68 * MILLISECOND;

	private final StartTimes times = new StartTimes();

	private long now = System.nanoTime();

	@Test
	void whenOneOfManyShortTasksGoesOnThenItsAgeIsKnownToABucket() {
		StartBucket first = this.times.started(this.now, 3);
		long start = this.now;
		for (int i = 0; i < 10_000; i++) {
			StartBucket other = this.times.started(this.now, i);
			this.now += 20 * MILLISECOND;
			other.ended(i);
			assertThat(oldest()).isBetween(this.now - start - BUCKET, this.now - start);
		}
		assertThat(buckets()).isLessThanOrEqualTo(2);
		first.ended(3);
		assertThat(oldest()).isZero();
		assertThat(this.times.running()).isZero();
	}

	// one bucket for each 67 ms in which a task started that never ends
	@Test
	void whenTasksOfAllAgesGoOnThenTheirTimesAreBoundedAndTheirCountIsExact() {
		long start = this.now;
		List<StartBucket> running = new ArrayList<>();
		for (int i = 0; i < 100_000; i++) {
			running.add(this.times.started(this.now, i));
			this.now += 100 * MILLISECOND;
		}
		assertThat(buckets()).isLessThanOrEqualTo(64);
		TaskTotals totals = totals();
		assertThat(totals.running()).isEqualTo(100_000);
		assertThat(totals.seen()).isEqualTo(100_000);
		assertThat(totals.oldestRunningNanos()).isLessThanOrEqualTo(this.now - start)
			.isCloseTo(this.now - start, Offset.offset((this.now - start) / 4));
		assertThat(totals.runningNanos() / 100_000).isCloseTo((this.now - start) / 2,
				Offset.offset((this.now - start) / 20));
		for (int i = 0; i < 100_000; i++) {
			assertThat(this.times.running()).isEqualTo(100_000 - i);
			running.get(i).ended(i);
		}
		assertThat(totals().running()).isZero();
		assertThat(buckets()).isEqualTo(1);
	}

	@Test
	void whenNobodyEverReadsThenTheTimesAreBounded() {
		for (int i = 0; i < 10_000; i++) {
			this.times.started(this.now, i);
			this.now += 100 * MILLISECOND;
		}
		assertThat(buckets()).isLessThanOrEqualTo(64);
		assertThat(this.times.running()).isEqualTo(10_000);
	}

	@Test
	void whenAClockWasReadBeforeThenTheTaskIsOlderThanItSeems() {
		StartBucket ended = this.times.started(this.now + MINUTE, 0);
		StartBucket late = this.times.started(this.now, 0);
		assertThat(late).isSameAs(ended);
		this.now += 2 * MINUTE;
		assertThat(oldest()).isBetween(MINUTE - BUCKET, MINUTE);
	}

	@Test
	void whenManyStartAndEndWhileTimesAreJoinedThenNoneIsLost() throws InterruptedException {
		AtomicLong clock = new AtomicLong(this.now);
		AtomicBoolean done = new AtomicBoolean();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			int stripe = i % 2;
			threads.add(new Thread(() -> startAndEnd(clock, stripe)));
		}
		Thread reader = new Thread(() -> {
			while (!done.get()) {
				this.times.addTo(new TaskTotals.Builder(), clock.get());
			}
		});
		threads.forEach(Thread::start);
		reader.start();
		for (Thread thread : threads) {
			thread.join();
		}
		done.set(true);
		reader.join();
		assertThat(this.times.running()).isZero();
		this.now = clock.get() + MINUTE;
		assertThat(totals().running()).isZero();
	}

	// the older they are, the fewer go on, so that buckets are dropped as well as joined
	private void startAndEnd(AtomicLong clock, int stripe) {
		StartBucket[] running = new StartBucket[1000];
		for (int i = 0; i < 200_000; i++) {
			int place = (int) (i * 0x9E3779B97F4A7C15L >>> 32) % running.length;
			place = Math.abs(place);
			if (running[place] != null) {
				running[place].ended(stripe);
			}
			running[place] = this.times.started(clock.addAndGet(5 * MILLISECOND), stripe);
		}
		for (StartBucket bucket : running) {
			if (bucket != null) {
				bucket.ended(stripe);
			}
		}
	}

	// those that the one which takes a task now leads to
	private int buckets() {
		StartBucket newest = this.times.started(this.now, 0);
		newest.ended(0);
		int buckets = 0;
		for (StartBucket bucket = newest; bucket != null; bucket = bucket.older) {
			buckets++;
		}
		return buckets;
	}

	private long oldest() {
		return totals().oldestRunningNanos();
	}

	private TaskTotals totals() {
		TaskTotals.Builder totals = new TaskTotals.Builder();
		this.times.addTo(totals, this.now);
		return totals.build(0);
	}

}
