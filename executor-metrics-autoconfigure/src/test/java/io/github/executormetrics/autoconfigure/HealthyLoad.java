// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.support.CronTrigger;

/**
 * What a healthy application does with its executors, in phases that take turns: short
 * tasks and some that wait, bursts, idleness with a task now and then, and much garbage.
 * Periodic jobs go on in all of them, and a long task runs on purpose with other workers
 * free.
 */
final class HealthyLoad {

	private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	private static final int BURST = 60;

	private static final int BLOCK = 512 * 1024;

	private final Map<String, LongAdder> handed = new ConcurrentSkipListMap<>();

	private final List<Thread> drivers = new ArrayList<>();

	private final List<Future<?>> periodic = new ArrayList<>();

	private final CountDownLatch over = new CountDownLatch(1);

	private final long start = System.nanoTime();

	private final long phaseNanos;

	private final Duration longTask;

	private volatile boolean stopped;

	// what is computed, so that it is not left out
	private volatile int hash;

	/**
	 * Create a load.
	 * @param phase how long each phase takes
	 * @param longTask how long a long task takes
	 */
	HealthyLoad(Duration phase, Duration longTask) {
		this.phaseNanos = phase.toNanos();
		this.longTask = longTask;
	}

	/**
	 * Begin on the executors of an application.
	 */
	void start(BeanFactory context) {
		ThreadPoolTaskExecutor mails = context.getBean("mails", ThreadPoolTaskExecutor.class);
		drive("mails", 2, BURST, (random) -> mails.execute(task(random)));
		ThreadPoolExecutor reports = context.getBean("reports", ThreadPoolExecutor.class);
		drive("reports", 5, BURST, (random) -> reports.submit(task(random)));
		driveLong("reports", reports);
		SimpleAsyncTaskExecutor calls = context.getBean("calls", SimpleAsyncTaskExecutor.class);
		// a burst does not reach its limit
		drive("calls", 5, 6, (random) -> calls.execute(task(random)));
		Orders orders = context.getBean(Orders.class);
		drive("orders", 5, BURST, (random) -> {
			if (random.nextBoolean()) {
				orders.place(task(random));
			}
			else {
				orders.price(task(random));
			}
		});
		ThreadPoolTaskScheduler jobs = context.getBean("jobs", ThreadPoolTaskScheduler.class);
		this.periodic.add(jobs.scheduleAtFixedRate(run("jobs", 0), Duration.ofMillis(50)));
		this.periodic.add(jobs.scheduleAtFixedRate(run("jobs", 5), Duration.ofMillis(100)));
		this.periodic.add(jobs.scheduleWithFixedDelay(run("jobs", 10), Duration.ofMillis(200)));
		this.periodic.add(jobs.schedule(run("jobs", 1), new CronTrigger("* * * * * *")));
		drive("jobs", 50, 20, (random) -> jobs.schedule(task(random), Instant.now().plusMillis(20)));
		ScheduledThreadPoolExecutor timers = context.getBean("timers", ScheduledThreadPoolExecutor.class);
		this.periodic.add(timers.scheduleAtFixedRate(run("timers", 0), 0, 20, TimeUnit.MILLISECONDS));
		this.periodic.add(timers.scheduleWithFixedDelay(run("timers", 10), 0, 100, TimeUnit.MILLISECONDS));
		drive("timers", 50, 20, (random) -> timers.schedule(task(random), 20, TimeUnit.MILLISECONDS));
		driver("garbage", this::makeGarbage);
		this.drivers.forEach(Thread::start);
	}

	/**
	 * Hand nothing over any more. What was handed over runs to its end.
	 */
	void stop() throws InterruptedException {
		this.stopped = true;
		this.over.countDown();
		this.periodic.forEach((future) -> future.cancel(false));
		for (Thread driver : this.drivers) {
			driver.join();
		}
	}

	/**
	 * The tasks handed over by the name of the executor, each run of a schedule one.
	 */
	Map<String, LongAdder> handed() {
		return this.handed;
	}

	private LongAdder handed(String executor) {
		return this.handed.computeIfAbsent(executor, (name) -> new LongAdder());
	}

	private void driver(String name, Runnable drive) {
		Thread thread = new Thread(drive, "load-" + name);
		thread.setDaemon(true);
		this.drivers.add(thread);
	}

	/**
	 * Hand tasks over at a pace, in turns one by one, in bursts and hardly any.
	 */
	private void drive(String executor, int everyMillis, int burst, Submission submission) {
		LongAdder handed = handed(executor);
		SplittableRandom random = new SplittableRandom(executor.hashCode());
		driver(executor, () -> {
			while (!this.stopped) {
				Phase phase = phase();
				for (int i = 0; i < ((phase == Phase.BURSTS) ? burst : 1); i++) {
					handed.increment();
					submission.submit(random);
				}
				pause(switch (phase) {
					case BURSTS -> 500;
					case IDLE -> 700;
					default -> everyMillis;
				});
			}
		});
	}

	private Phase phase() {
		long phases = (System.nanoTime() - this.start) / this.phaseNanos;
		return Phase.values()[(int) (phases % Phase.values().length)];
	}

	private void pause(long millis) {
		LockSupport.parkNanos(millis * MILLI);
	}

	/** A task that computes a little, or one in eight that waits for somebody. */
	private Runnable task(SplittableRandom random) {
		int waits = (random.nextInt(8) == 0) ? random.nextInt(1, 21) : 0;
		return () -> work(waits);
	}

	/** One run of a schedule, which nobody hands over. */
	private Runnable run(String executor, int waits) {
		LongAdder handed = handed(executor);
		return () -> {
			handed.increment();
			work(waits);
		};
	}

	private void work(int waits) {
		if (waits > 0) {
			pause(waits);
			return;
		}
		int hash = this.hash;
		for (int i = 0; i < 10_000; i++) {
			hash = hash * 31 + i;
		}
		this.hash = hash;
	}

	/** One long task at any time. */
	private void driveLong(String executor, ThreadPoolExecutor pool) {
		LongAdder handed = handed(executor);
		driver(executor + "-long", () -> {
			try {
				while (!this.stopped) {
					handed.increment();
					pool.submit(() -> this.over.await(this.longTask.toNanos(), TimeUnit.NANOSECONDS)).get();
				}
			}
			catch (InterruptedException | ExecutionException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	/** Blocks that live for a third of a second, and a full collection each second. */
	private void makeGarbage() {
		byte[][] kept = new byte[64][];
		for (int i = 0; !this.stopped; i++) {
			boolean much = phase() == Phase.GARBAGE;
			if (much) {
				kept[i % kept.length] = new byte[BLOCK];
			}
			if (much && i % 200 == 0) {
				System.gc();
			}
			pause(5);
		}
	}

	private enum Phase {

		MIXED, BURSTS, GARBAGE, IDLE

	}

	private interface Submission {

		void submit(SplittableRandom random);

	}

	/**
	 * One executor of each kind.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class Executors {

		@Bean
		ThreadPoolTaskExecutor mails() {
			return pool();
		}

		@Bean
		ThreadPoolTaskExecutor orders() {
			return pool();
		}

		private static ThreadPoolTaskExecutor pool() {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setCorePoolSize(4);
			return executor;
		}

		@Bean(destroyMethod = "shutdownNow")
		ThreadPoolExecutor reports() {
			return new ThreadPoolExecutor(4, 4, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		}

		@Bean
		SimpleAsyncTaskExecutor calls() {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("calls-");
			executor.setConcurrencyLimit(8);
			executor.setVirtualThreads(Runtime.version().feature() >= 21);
			return executor;
		}

		@Bean
		ThreadPoolTaskScheduler jobs() {
			ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
			scheduler.setPoolSize(2);
			return scheduler;
		}

		@Bean(destroyMethod = "shutdownNow")
		ScheduledThreadPoolExecutor timers() {
			return new ScheduledThreadPoolExecutor(2);
		}

		@Bean
		Orders orderService() {
			return new Orders();
		}

	}

	/**
	 * A service whose methods run on an executor.
	 */
	static class Orders {

		@Async("orders")
		void place(Runnable task) {
			task.run();
		}

		@Async("orders")
		CompletableFuture<Integer> price(Runnable task) {
			task.run();
			return CompletableFuture.completedFuture(42);
		}

	}

}
