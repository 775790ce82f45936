// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import javax.management.JMException;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.benchmarks.ClassHistogram.Instances;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.TaskTotals;

/**
 * Queues tasks behind a worker that is held, bare and decorated in turns, and checks each
 * decorated round: counts, and what is left once all have run. Writes a line a round.
 */
public final class QueuedTrial {

	/**
	 * What the line of a class begins with that holds one instance or more a task.
	 */
	static final String HELD = "held: ";

	private final int tasks;

	private QueuedTrial(int tasks) {
		this.tasks = tasks;
	}

	public static void main(String[] args) throws Exception {
		QueuedTrial trial = new QueuedTrial(Integer.parseInt(args[0]));
		for (QueuedSubject subject : QueuedSubject.values()) {
			trial.rounds(subject, Integer.parseInt(args[1]));
		}
		System.exit(0);
	}

	private void rounds(QueuedSubject subject, int rounds) throws InterruptedException, JMException {
		QueuedExecutor bare = QueuedExecutor.bare(subject);
		try (Instrumentation instrumentation = new Instrumentation(Subject.EXECUTOR_METRICS)) {
			QueuedExecutor metered = QueuedExecutor.metered(subject, instrumentation);
			MonitoredExecutor monitored = instrumentation.executor();
			Map<String, Instances> before = Map.of();
			for (int i = 0; i <= rounds; i++) {
				boolean meteredFirst = i % 2 == 0;
				double first = bytesOfTask(subject, meteredFirst ? metered : bare, meteredFirst ? monitored : null, i);
				double second = bytesOfTask(subject, meteredFirst ? bare : metered, meteredFirst ? null : monitored, i);
				QueuedRound round = new QueuedRound(subject, meteredFirst ? second : first,
						meteredFirst ? first : second,
						Math.round(100 * ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
				// the first one is not measured
				System.out.println(((i > 0) ? TrialJvm.ROUND : "warm-up: ") + round.toLine());
				before = (i > 0) ? before : ClassHistogram.take();
			}
			ClassHistogram.checkLeft(before, ClassHistogram.take());
		}
	}

	private double bytesOfTask(QueuedSubject subject, QueuedExecutor executor, @Nullable MonitoredExecutor monitored,
			int round) throws InterruptedException, JMException {
		long expected = (round + 1L) * this.tasks;
		CountDownLatch release = executor.hold();
		CountDownLatch ended = new CountDownLatch(this.tasks);
		long before = usedHeap();
		executor.submit(ended::countDown, this.tasks);
		long held = usedHeap() - before;
		check("queued", this.tasks, executor.queued());
		if (monitored != null) {
			TaskTotals totals = monitored.recorder().totals(System.nanoTime());
			check("submitted", expected, totals.submitted());
			check("active", this.tasks, totals.active());
			tellHeld(subject);
		}
		release.countDown();
		ended.await();
		if (monitored != null) {
			awaitCompleted(monitored, expected);
		}
		return (double) held / this.tasks;
	}

	private void tellHeld(QueuedSubject subject) throws JMException {
		ClassHistogram.take().forEach((type, instances) -> {
			if (instances.count() >= this.tasks) {
				System.out.println(HELD + subject + " " + type + " " + instances.count() + " "
						+ instances.bytes() / instances.count());
			}
		});
	}

	private static void awaitCompleted(MonitoredExecutor monitored, long expected) {
		TaskTotals totals = monitored.recorder().totals(System.nanoTime());
		while (totals.active() > 0) {
			// the end is counted after the task's own last step
			LockSupport.parkNanos(1_000_000);
			totals = monitored.recorder().totals(System.nanoTime());
		}
		check("submitted", expected, totals.submitted());
		check("completed", expected, totals.completed());
	}

	private static void check(String what, long expected, long actual) {
		if (expected != actual) {
			throw new IllegalStateException(what + ": " + actual + ", not " + expected);
		}
	}

	private static long usedHeap() {
		// the second takes what the first has found to be unreachable only by then
		System.gc();
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
