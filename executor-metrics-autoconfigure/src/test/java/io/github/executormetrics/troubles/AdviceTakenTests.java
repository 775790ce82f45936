package io.github.executormetrics.troubles;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ObjIntConsumer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.RaisedCause.Advice;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorReport;
import io.github.executormetrics.watch.ExecutorWatch;
import io.github.executormetrics.watch.WatchSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of advice by taking it: with as many workers as advised the trouble goes, with
 * half of them it stays. Tasks wait, so that the machine's cores are not the limit; the
 * watch looks ten times a second.
 */
class AdviceTakenTests {

	private static final Duration AT_MOST = Duration.ofSeconds(30);

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final ExecutorDecorator decorator = new ExecutorDecorator(this.registry);

	private final ExecutorWatch watch = new ExecutorWatch(this.registry,
			new WatchSettings(Duration.ofMillis(100), Duration.ofSeconds(3), Duration.ZERO, 3, 5, Duration.ofMinutes(1),
					new ExecutorLimits(Duration.ofMillis(100), Duration.ofMillis(50), 1000, 1, Duration.ofSeconds(5),
							Duration.ofSeconds(60), 5),
					Map.of()));

	private final List<Thread> load = new CopyOnWriteArrayList<>();

	private volatile boolean ended;

	@BeforeEach
	void start() {
		this.watch.start();
	}

	@AfterEach
	void stop() throws InterruptedException {
		this.ended = true;
		for (Thread thread : this.load) {
			thread.interrupt();
			thread.join();
		}
		this.watch.stop();
	}

	/** So many times a second, at their times even where one is late. */
	private void load(int perSecond, Runnable submission) {
		Thread thread = new Thread(() -> {
			long period = TimeUnit.SECONDS.toNanos(1) / perSecond;
			long next = System.nanoTime();
			while (!this.ended) {
				next += period;
				for (long left = next - System.nanoTime(); left > 0 && !this.ended; left = next - System.nanoTime()) {
					LockSupport.parkNanos(left);
				}
				submission.run();
			}
		}, "load");
		thread.setDaemon(true);
		this.load.add(thread);
		thread.start();
	}

	private static void task(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private ExecutorReport report(String name) {
		MonitoredExecutor executor = this.registry.find(name);
		return this.watch.report(executor);
	}

	/** What is advised over a window that has nothing but trouble in it. */
	private int awaitAdvice(String name) {
		long ticks = this.watch.ticks();
		Awaitility.await()
			.atMost(AT_MOST)
			.until(() -> report(name).isStarved() && this.watch.ticks() > ticks + 35 && advised(name) > 0);
		return advised(name);
	}

	private int advised(String name) {
		return report(name).causes()
			.stream()
			.map(RaisedCause::advice)
			.filter((advice) -> advice != null && advice.figures().containsKey("advisedWorkers"))
			.map(Advice::figures)
			.mapToInt((figures) -> figures.get("advisedWorkers").intValue())
			.max()
			.orElse(0);
	}

	private void assertTroubleGoes(String name) {
		Awaitility.await(name + " with the advised size").atMost(AT_MOST).until(() -> !report(name).isStarved());
		// and does not come back
		Awaitility.await().during(Duration.ofSeconds(2)).atMost(AT_MOST).until(() -> report(name).causes().isEmpty());
	}

	private void assertTroubleStays(String name) {
		Awaitility.await(name + " with half of the advised size").atMost(AT_MOST).until(() -> report(name).isStarved());
		Awaitility.await()
			.during(Duration.ofSeconds(2))
			.atMost(Duration.ofSeconds(3))
			.until(() -> report(name).isStarved());
	}

	@Test
	void whenAPoolGetsTheAdvisedWorkersThenItKeepsUpAndWithHalfOfThemNot() {
		assertAdviceHolds(new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()),
				AdviceTakenTests::resize);
	}

	// "it has 50: they suffice" of a pool that starts no second one before 10,000 tasks
	// wait
	@ParameterizedTest
	@CsvSource({ "1, 50, 10000", "2, 10, 1000" })
	void whenAPoolWithRoomInItsQueueGetsTheAdvisedCoreThenItKeepsUpAndWithHalfOfItNot(int core, int most, int queue) {
		assertAdviceHolds(new ThreadPoolExecutor(core, most, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queue)),
				ThreadPoolExecutor::setCorePoolSize);
	}

	private void assertAdviceHolds(ThreadPoolExecutor target, ObjIntConsumer<ThreadPoolExecutor> resize) {
		try {
			ThreadPoolExecutor pool = (ThreadPoolExecutor) this.decorator.decorate(target, "pool",
					ThreadPoolExecutor.class);
			// four and a half workers' worth of waiting: a fourth worker that a smaller
			// core leaves running, since the queue is never empty, is too few as well
			load(45, () -> pool.execute(() -> task(100)));
			int advised = awaitAdvice("pool");
			assertThat(advised).isBetween(5, 7);
			assertThat(report("pool").window().utilization()).isGreaterThan(0.8);
			resize.accept(pool, advised);
			assertTroubleGoes("pool");
			resize.accept(pool, advised / 2);
			assertTroubleStays("pool");
		}
		finally {
			target.shutdownNow();
		}
	}

	private static void resize(ThreadPoolExecutor pool, int workers) {
		pool.setCorePoolSize(Math.min(workers, pool.getMaximumPoolSize()));
		pool.setMaximumPoolSize(workers);
		pool.setCorePoolSize(workers);
	}

	@Test
	void whenASchedulerGetsTheAdvisedWorkersThenItsJobsAreInTimeAndWithHalfOfThemNot() {
		ThreadPoolTaskScheduler target = new ThreadPoolTaskScheduler();
		target.setPoolSize(1);
		target.initialize();
		try {
			ThreadPoolTaskScheduler scheduler = (ThreadPoolTaskScheduler) this.decorator.decorate(target, "jobs",
					ThreadPoolTaskScheduler.class);
			for (int i = 0; i < 6; i++) {
				scheduler.scheduleWithFixedDelay(() -> task(400), Duration.ofMillis(20));
			}
			int advised = awaitAdvice("jobs");
			assertThat(advised).isEqualTo(6);
			scheduler.setPoolSize(advised);
			assertTroubleGoes("jobs");
			scheduler.setPoolSize(advised / 2);
			assertTroubleStays("jobs");
		}
		finally {
			target.shutdown();
		}
	}

	@Test
	void whenAConcurrencyLimitIsAsAdvisedThenSubmittersPassAndWithHalfOfItNot() {
		SimpleAsyncTaskExecutor target = new SimpleAsyncTaskExecutor();
		target.setConcurrencyLimit(2);
		target.setDaemon(true);
		SimpleAsyncTaskExecutor executor = (SimpleAsyncTaskExecutor) this.decorator.decorate(target, "limited",
				SimpleAsyncTaskExecutor.class);
		// six workers' worth of waiting, from six submitters
		for (int i = 0; i < 6; i++) {
			load(5, () -> executor.execute(() -> task(200)));
		}
		int advised = awaitAdvice("limited");
		assertThat(advised).isBetween(6, 8);
		executor.setConcurrencyLimit(advised);
		assertTroubleGoes("limited");
		executor.setConcurrencyLimit(advised / 2);
		assertTroubleStays("limited");
	}

}
