// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;

import org.junit.jupiter.api.Test;

import io.github.executormetrics.NamedTask;
import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link FiguresByName} under fire: more threads than slots, more names than are
 * kept apart.
 */
class FiguresByNameTests {

	// a table for one worker has 16 slots
	private static final int THREADS = 40;

	private static final int TASKS = 2_000;

	private static final int NAMES = 8;

	private static final int KEPT = 5;

	private final TaskRecorder recorder = new TaskRecorder("orders", 1,
			new TaskSettings(new TaskNaming(KEPT), 1, 7, TaskBudget.DEFAULT, Map.of(), Map.of()));

	@Test
	void whenThreadsAreMoreThanSlotsThenSumsAreExactAndNeverFallForAReader() throws Exception {
		FiguresByName figures = this.recorder.byName();
		ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
		AtomicBoolean over = new AtomicBoolean();
		try {
			Future<Integer> reader = threads.submit(() -> readUntil(over));
			CountDownLatch all = new CountDownLatch(THREADS);
			List<Future<?>> writers = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				writers.add(threads.submit(() -> {
					// all hold a task at once, so that most find no slot
					MeteredTask.of(NamedTask.of("n0", () -> {
						all.countDown();
						Hold.until(all);
						submitAll();
					}), this.recorder, false).run();
				}));
			}
			for (Future<?> writer : writers) {
				writer.get(30, TimeUnit.SECONDS);
			}
			over.set(true);
			assertThat(reader.get(30, TimeUnit.SECONDS)).isPositive();
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(figures.names()).hasSize(KEPT + 1);
		long now = System.nanoTime();
		long each = (long) THREADS * TASKS / NAMES;
		for (TaskName name : figures.names()) {
			NamedTotals totals = figures.totals(name, now);
			boolean other = name.value().equals(TaskNaming.OTHER);
			long expected = other ? (NAMES - KEPT) * each : each;
			long errors = expected / 2;
			if (name.value().equals("n0")) {
				expected += THREADS;
			}
			assertThat(totals.started()).as(name.value()).isEqualTo(expected);
			assertThat(totals.completed()).as(name.value()).isEqualTo(expected);
			assertThat(totals.waited()).as(name.value()).isEqualTo(expected);
			assertThat(totals.failed()).as(name.value()).isEqualTo(errors);
			assertThat(totals.maxRunNanos()).as(name.value()).isPositive().isLessThanOrEqualTo(totals.runNanos());
			assertThat(totals.sample()).as(name.value()).isNotNull();
		}
		TaskTotals all = this.recorder.totals(now);
		assertThat(sum(FiguresByName::timed)).isEqualTo(all.completed());
		assertThat(sum(FiguresByName::failed)).isEqualTo(this.recorder.failed());
		assertThat(sum(FiguresByName::runNanos)).isEqualTo(all.runNanos());
		assertThat(sum(FiguresByName::waitNanos)).isEqualTo(all.waitNanos());
	}

	private long sum(Figure figure) {
		return sum((name) -> figure.of(this.recorder.byName(), name));
	}

	private long sum(ToLongFunction<TaskName> figure) {
		return this.recorder.byName().names().stream().mapToLong(figure).sum();
	}

	private void submitAll() {
		for (int i = 0; i < TASKS; i++) {
			// both outcomes of each name
			boolean failing = i / NAMES % 2 == 0;
			MeteredTask task = MeteredTask.of(NamedTask.of("n" + i % NAMES, () -> {
				if (failing) {
					throw new IllegalStateException();
				}
			}), this.recorder, false);
			try {
				task.run();
			}
			catch (IllegalStateException ex) {
				// on purpose
			}
		}
	}

	private int readUntil(AtomicBoolean over) {
		Map<String, NamedTotals> before = new HashMap<>();
		int ticks = 0;
		while (!over.get()) {
			long now = System.nanoTime();
			for (TaskName name : this.recorder.byName().names()) {
				NamedTotals totals = this.recorder.byName().totals(name, now);
				NamedTotals known = before.put(name.value(), totals);
				if (known != null) {
					assertThat(totals.started()).isGreaterThanOrEqualTo(known.started());
					assertThat(totals.completed()).isGreaterThanOrEqualTo(known.completed());
					assertThat(totals.waited()).isGreaterThanOrEqualTo(known.waited());
					assertThat(totals.failed()).isGreaterThanOrEqualTo(known.failed());
					assertThat(totals.runNanos()).isGreaterThanOrEqualTo(known.runNanos());
					assertThat(totals.waitNanos()).isGreaterThanOrEqualTo(known.waitNanos());
				}
			}
			ticks++;
		}
		return ticks;
	}

	@FunctionalInterface
	interface Figure {

		long of(FiguresByName figures, TaskName name);

	}

}
