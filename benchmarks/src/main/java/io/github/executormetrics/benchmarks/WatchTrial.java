// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.management.ThreadMXBean;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Measures the watch under one load, in a JVM of its own: real pools, half of them
 * Spring's, decorated and with all meters bound; the watch on its own thread with its
 * default interval. Writes a line a round.
 */
public final class WatchTrial {

	private static final int WARM_UP_LOOKS = 35;

	private static final int TICKS = 60;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final Instrumentation instrumentation = new Instrumentation(Subject.EXECUTOR_METRICS);

	private final WatchLoad load;

	private WatchTrial(WatchLoad load) {
		this.load = load;
	}

	public static void main(String[] args) throws InterruptedException {
		new WatchTrial(WatchLoad.valueOf(args[0])).run(Integer.parseInt(args[1]));
		// the workers are no daemons
		System.exit(0);
	}

	private void run(int rounds) throws InterruptedException {
		List<Executor> executors = new ArrayList<>();
		for (int i = 0; i < this.load.executors(); i++) {
			executors.add((i % 2 == 0) ? pool("pool" + i) : taskExecutor("tasks" + i));
		}
		this.instrumentation.start();
		for (Executor executor : executors) {
			runOnEachWorker(executor);
		}
		// the grace, and the two windows after which one in which nothing happens is left
		// alone, of ten seconds each
		awaitLooks(WARM_UP_LOOKS);
		this.load.start(executors);
		for (int round = 0; round < rounds; round++) {
			System.out.println(TrialJvm.ROUND + round().toLine());
			if (this.instrumentation.starved() != this.load.starving()) {
				throw new IllegalStateException(this.instrumentation.starved() + " executors starve");
			}
		}
	}

	private Executor pool(String name) {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(WatchLoad.WORKERS, WatchLoad.WORKERS, 0, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threads(name));
		pool.prestartAllCoreThreads();
		return this.instrumentation.decorate(pool, name, ThreadPoolExecutor.class);
	}

	private Executor taskExecutor(String name) {
		ThreadPoolTaskExecutor tasks = new ThreadPoolTaskExecutor();
		tasks.setCorePoolSize(WatchLoad.WORKERS);
		tasks.setPrestartAllCoreThreads(true);
		tasks.setThreadFactory(threads(name));
		tasks.initialize();
		return this.instrumentation.decorate(tasks, name, ThreadPoolTaskExecutor.class);
	}

	/** An executor that never ran a task is cheaper to look at than one at rest. */
	private static void runOnEachWorker(Executor executor) throws InterruptedException {
		CountDownLatch started = new CountDownLatch(WatchLoad.WORKERS);
		for (int i = 0; i < WatchLoad.WORKERS; i++) {
			executor.execute(() -> {
				started.countDown();
				WatchLoad.await(started);
			});
		}
		started.await();
	}

	/** With small stacks, so that 16,000 of them fit. */
	private static ThreadFactory threads(String name) {
		AtomicInteger number = new AtomicInteger();
		return (task) -> new Thread(null, task, name + "-" + number.incrementAndGet(), 256 * 1024);
	}

	private WatchRound round() throws InterruptedException {
		awaitLooks(1);
		long[] watch = watchThreads();
		long wall = System.nanoTime();
		long cpu = sum(THREADS.getThreadCpuTime(watch));
		long allocated = sum(THREADS.getThreadAllocatedBytes(watch));
		long stacks = this.instrumentation.watch().stacksTaken();
		long collections = collections();
		long collectionMillis = collectionMillis();
		long before = cpu;
		long max = 0;
		for (int i = 0; i < TICKS; i++) {
			awaitLooks(1);
			long after = sum(THREADS.getThreadCpuTime(watch));
			max = Math.max(max, after - before);
			before = after;
		}
		return new WatchRound(TICKS, System.nanoTime() - wall, before - cpu, max,
				sum(THREADS.getThreadAllocatedBytes(watch)) - allocated,
				this.instrumentation.watch().stacksTaken() - stacks, collections() - collections,
				collectionMillis() - collectionMillis,
				Math.round(100 * ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
	}

	private void awaitLooks(int ticks) throws InterruptedException {
		long last = this.instrumentation.watch().ticks() + ticks;
		while (this.instrumentation.watch().ticks() < last) {
			Thread.sleep(20);
		}
	}

	/** The watch itself, and those that read executors and record meters for it. */
	@SuppressWarnings("deprecation") // threadId() is there from 19 on
	private static long[] watchThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("executor-metrics-"))
			.mapToLong(Thread::getId)
			.toArray();
	}

	private static long sum(long[] values) {
		return Arrays.stream(values).sum();
	}

	private static long collections() {
		return ManagementFactory.getGarbageCollectorMXBeans()
			.stream()
			.mapToLong(GarbageCollectorMXBean::getCollectionCount)
			.sum();
	}

	private static long collectionMillis() {
		return ManagementFactory.getGarbageCollectorMXBeans()
			.stream()
			.mapToLong(GarbageCollectorMXBean::getCollectionTime)
			.sum();
	}

}
