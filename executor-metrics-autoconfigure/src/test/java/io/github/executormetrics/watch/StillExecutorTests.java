// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.TaskSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Executors in which nothing has happened for so long that the watch only looks whether
 * something does, on a clock that the test moves: 1 s a tick, a window of 10 s.
 */
class StillExecutorTests {

	private static final int LONG = 100;

	private final MovedWatch watch = new MovedWatch();

	@AfterEach
	void close() {
		this.watch.close();
	}

	@Test
	void whenATaskRunsAfterALongTimeThenTheNextLookTellsOfIt() throws InterruptedException {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		this.watch.ticks(LONG);
		this.watch.fill(orders, () -> "done");
		awaitCompleted(2);
		this.watch.ticks(1);
		WindowSnapshot window = report().window();
		assertThat(window.started()).isEqualTo(2);
		assertThat(window.completed()).isEqualTo(2);
		assertThat(window.seconds()).isEqualTo(10);
		assertThat(window.maxRunNanos()).isPositive();
	}

	@Test
	void whenAWindowHasPassedSinceThenNothingIsToldOfIt() throws InterruptedException {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		this.watch.ticks(LONG);
		this.watch.fill(orders, () -> "done");
		awaitCompleted(2);
		this.watch.ticks(LONG);
		WindowSnapshot window = report().window();
		assertThat(window.started()).isZero();
		assertThat(window.maxRunNanos()).isZero();
		assertThat(window.utilization()).isZero();
		assertThat(window.seconds()).isEqualTo(10);
	}

	@Test
	void whenItStallsAfterALongTimeThenAsSoonAsOneThatWasNeverStill() {
		ThreadPoolExecutor orders = this.watch.pool("orders", 1);
		this.watch.ticks(LONG);
		ThreadPoolExecutor fresh = this.watch.pool("fresh", 1);
		this.watch.ticks(1);
		try (Hold first = Hold.on(orders); Hold second = Hold.on(fresh)) {
			orders.execute(() -> {
			});
			fresh.execute(() -> {
			});
			int ticks = 0;
			while (!isStarved("fresh") && ticks < LONG) {
				this.watch.ticks(1);
				ticks++;
				assertThat(isStarved("orders")).as("after %s looks", ticks).isEqualTo(isStarved("fresh"));
			}
			assertThat(isStarved("orders")).isTrue();
		}
	}

	@Test
	void whenTasksAreRefusedAfterALongTimeThenThatIsRaised() {
		this.watch.pool("orders", 2);
		this.watch.ticks(LONG);
		for (int look = 0; look < 3; look++) {
			assertThat(isStarved("orders")).isFalse();
			this.watch.executor("orders").recorder().rejected();
			this.watch.ticks(1);
		}
		assertThat(report().causes()).singleElement()
			.extracting(RaisedCause::cause)
			.isEqualTo(StarvationCause.REJECTING);
	}

	@Test
	void whenATaskIsNotTimedThenItIsStuckNoSoonerAfterALongTime() {
		try (MovedWatch untimed = new MovedWatch(TaskSettings.defaults().timing(1_000_000_000))) {
			// ahead of the clock that the first look reads
			untimed.ticks(LONG);
			ThreadPoolExecutor orders = untimed.pool("orders", 2);
			Hold.once(orders);
			untimed.awaitCompleted("orders", 1);
			untimed.ticks(LONG);
			try (Hold hold = Hold.on(orders)) {
				untimed.ticks(63);
				assertThat(untimed.watch().report(untimed.executor("orders")).causes()).isEmpty();
				untimed.ticks(1);
				assertThat(untimed.watch().report(untimed.executor("orders")).causes()).singleElement()
					.extracting(RaisedCause::cause)
					.isEqualTo(StarvationCause.STUCK);
			}
		}
	}

	@Test
	void whenNothingHappensThenTheDepthIsSampledWithEachLook() {
		this.watch.pool("orders", 2);
		List<Integer> depths = new ArrayList<>();
		this.watch.executor("orders").depthRecorder(depths::add);
		this.watch.ticks(LONG);
		ExecutorReport still = report();
		this.watch.ticks(1);
		assertThat(report()).as("not judged again").isSameAs(still);
		this.watch.ticks(LONG - 1);
		assertThat(depths).hasSize(2 * LONG).containsOnly(0);
	}

	@Test
	void whenATaskThatCameByAnotherWayRunsThenItIsReadWithinAWindow() {
		ThreadPoolExecutor target = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		this.watch.pool("orders", target);
		this.watch.ticks(LONG);
		try (Hold hold = Hold.on(target)) {
			this.watch.ticks(10);
			ExecutorReport read = report();
			this.watch.ticks(1);
			assertThat(report()).as("judged with each look").isNotSameAs(read);
		}
	}

	@Test
	void whenATaskThatCameByAnotherWayIsQueuedThenTheNextLookSeesIt() {
		ThreadPoolExecutor target = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		this.watch.pool("orders", target);
		List<Integer> depths = new ArrayList<>();
		this.watch.executor("orders").depthRecorder(depths::add);
		this.watch.ticks(LONG);
		try (Hold hold = Hold.on(target)) {
			target.execute(() -> {
			});
			this.watch.ticks(1);
			assertThat(depths).last().isEqualTo(1);
		}
	}

	@Test
	void whenItEndsAfterALongTimeThenItGoes() {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		MonitoredExecutor executor = this.watch.executor("orders");
		List<String> ended = new ArrayList<>();
		executor.onEnd(() -> ended.add("orders"));
		this.watch.ticks(LONG);
		assertThat(ended).isEmpty();
		orders.shutdown();
		ended.clear();
		this.watch.ticks(1);
		assertThat(ended).containsExactly("orders");
	}

	private void awaitCompleted(long tasks) {
		Awaitility.await().until(() -> this.watch.executor("orders").recorder().completed() == tasks);
	}

	private ExecutorReport report() {
		return this.watch.watch().report(this.watch.executor("orders"));
	}

	private boolean isStarved(String name) {
		return this.watch.watch().report(this.watch.executor(name)).isStarved();
	}

}
