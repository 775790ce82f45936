// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.OperatingSystemMXBean;
import jdk.jfr.consumer.RecordingStream;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import io.github.executormetrics.benchmarks.ClassHistogram.Instances;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.RunningTask;
import io.github.executormetrics.task.TaskTotals;

/**
 * Runs rounds of virtual threads that are all in flight at once, bare and decorated in
 * turns in one JVM, and checks each decorated round: counts, detail, and what is left.
 * Writes a line a round.
 */
public final class MillionTrial {

	private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private static final int DETAILS_AT_MOST = 256;

	private final int tasks;

	private final SimpleAsyncTaskExecutor bare = virtualThreads();

	private final Instrumentation instrumentation = new Instrumentation(Subject.EXECUTOR_METRICS);

	private final SimpleAsyncTaskExecutor metered = this.instrumentation.decorate(virtualThreads(),
			SimpleAsyncTaskExecutor.class);

	private final MonitoredExecutor monitored = this.instrumentation.executor();

	private long expected;

	private MillionTrial(int tasks) {
		this.tasks = tasks;
	}

	public static void main(String[] args) throws Exception {
		int rounds = Integer.parseInt(args[1]);
		MillionTrial trial = new MillionTrial(Integer.parseInt(args[0]));
		try (Instrumentation instrumentation = trial.instrumentation) {
			trial.rounds(2, false, MillionSubject.BARE, MillionSubject.METERED);
			Map<String, Instances> before = ClassHistogram.take();
			trial.rounds(rounds, true, MillionSubject.BARE, MillionSubject.METERED);
			try (RecordingStream stream = new RecordingStream()) {
				stream.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ofMillis(20));
				stream.onEvent((event) -> {
				});
				stream.startAsync();
				trial.rounds((rounds + 1) / 2, true, MillionSubject.BARE_RECORDED, MillionSubject.METERED_RECORDED);
			}
			ClassHistogram.checkLeft(before, ClassHistogram.take());
		}
	}

	private static SimpleAsyncTaskExecutor virtualThreads() {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("million-");
		executor.setVirtualThreads(true);
		return executor;
	}

	private void rounds(int rounds, boolean told, MillionSubject... subjects) throws InterruptedException {
		for (int i = 0; i < rounds; i++) {
			for (int j = 0; j < subjects.length; j++) {
				// none is always the first
				MillionSubject subject = subjects[(i + j) % subjects.length];
				MillionRound round = round(subject);
				System.out.println((told ? TrialJvm.ROUND : "warm-up: ") + subject + " " + round.toLine());
			}
		}
	}

	private MillionRound round(MillionSubject subject) throws InterruptedException {
		SimpleAsyncTaskExecutor executor = subject.isMetered() ? this.metered : this.bare;
		long heapBefore = usedHeap();
		CountDownLatch started = new CountDownLatch(this.tasks);
		CountDownLatch release = new CountDownLatch(1);
		CountDownLatch ended = new CountDownLatch(this.tasks);
		Runnable task = () -> {
			started.countDown();
			await(release);
			ended.countDown();
		};
		long cpu = PROCESS.getProcessCpuTime();
		long submission = System.nanoTime();
		for (int i = 0; i < this.tasks; i++) {
			executor.execute(task);
		}
		started.await();
		long startNanos = System.nanoTime() - submission;
		long startCpu = PROCESS.getProcessCpuTime() - cpu;
		long heap = usedHeap() - heapBefore;
		if (subject.isMetered()) {
			checkInFlight();
		}
		cpu = PROCESS.getProcessCpuTime();
		long released = System.nanoTime();
		release.countDown();
		ended.await();
		long endNanos = System.nanoTime() - released;
		if (subject.isMetered()) {
			checkEnded();
		}
		long endCpu = PROCESS.getProcessCpuTime() - cpu;
		return new MillionRound(this.tasks, startNanos, endNanos, startCpu + endCpu, heap,
				(long) (100 * PROCESS.getSystemLoadAverage()));
	}

	private void checkInFlight() {
		long ticks = this.instrumentation.watch().ticks();
		this.expected += this.tasks;
		TaskTotals totals = this.monitored.recorder().totals(System.nanoTime());
		check("submitted", this.expected, totals.submitted());
		check("active", this.tasks, totals.active());
		check("running", this.tasks, totals.running());
		List<RunningTask> told = this.monitored.recorder().runningTasks(System.nanoTime());
		if (told.size() > DETAILS_AT_MOST || told.isEmpty()) {
			throw new IllegalStateException(told.size() + " running tasks told");
		}
		String scrape = this.instrumentation.scrape();
		if (!scrape.contains("executor_task_active{name=\"benchmark\"} " + (double) this.tasks)
				&& !scrape.contains("executor_task_active{name=\"benchmark\"} 1.0E6")) {
			throw new IllegalStateException("Not in the collection: " + scrape);
		}
		while (this.instrumentation.watch().ticks() < ticks + 2) {
			LockSupport.parkNanos(10_000_000);
		}
		if (totals.oldestRunningNanos() <= 0) {
			throw new IllegalStateException("The oldest is not known");
		}
	}

	private void checkEnded() {
		TaskTotals totals = this.monitored.recorder().totals(System.nanoTime());
		while (totals.active() > 0) {
			// the end is counted after the task's own last step
			LockSupport.parkNanos(1_000_000);
			totals = this.monitored.recorder().totals(System.nanoTime());
		}
		check("submitted", this.expected, totals.submitted());
		check("completed", this.expected, totals.completed());
		check("running", 0, totals.running());
	}

	private static void check(String what, long expected, long actual) {
		if (expected != actual) {
			throw new IllegalStateException(what + ": " + actual + ", not " + expected);
		}
	}

	private static long usedHeap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
