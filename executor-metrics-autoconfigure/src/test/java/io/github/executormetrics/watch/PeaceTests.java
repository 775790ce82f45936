// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.Due;
import io.github.executormetrics.task.MeteredRun;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Ten minutes each of what is no starvation, at the default settings, and beside each the
 * same story told a little worse, which is. Pools and threads are real; the watch's clock
 * is moved by the test, 1 s a look, so that what is queued or runs at a look grows old
 * with it, while a task that starts in between has waited for microseconds.
 */
class PeaceTests {

	private static final int TEN_MINUTES = 600;

	private static final int GRACE = 10;

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final ExecutorDecorator decorator = new ExecutorDecorator(this.registry);

	private final Deque<Runnable> closing = new ArrayDeque<>();

	private final long start = System.nanoTime();

	private long nanos = this.start;

	private ExecutorWatch watch = watch(Map.of());

	private ExecutorWatch watch(Map<String, ExecutorLimits> overrides) {
		ExecutorWatch watch = new ExecutorWatch(this.registry,
				new WatchSettings(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(GRACE), 3, 5,
						Duration.ofMinutes(1), TestLimits.DEFAULTS, overrides),
				() -> this.nanos, () -> Instant.EPOCH.plusNanos(this.nanos - this.start), new CallersThread());
		watch.begin();
		return watch;
	}

	/**
	 * So that the grace is over before a task starts: what starts in it is there to stay.
	 */
	private void beganEarlier() {
		this.nanos -= TimeUnit.SECONDS.toNanos(GRACE);
		this.watch = watch(Map.of());
	}

	@AfterEach
	void close() {
		this.closing.forEach(Runnable::run);
	}

	/** Ten minutes in each second of which something happens, and peace throughout. */
	private void assertPeace(Happening happening) throws Exception {
		for (int second = 1; second <= TEN_MINUTES; second++) {
			happening.in(second);
			look(1_000);
			assertNothingIsRaised();
		}
	}

	private void look(long millisLater) {
		this.nanos += TimeUnit.MILLISECONDS.toNanos(millisLater);
		this.watch.tick();
	}

	private void ticks(int ticks) {
		for (int i = 0; i < ticks; i++) {
			look(1_000);
		}
	}

	private void assertNothingIsRaised() {
		assertThat(this.registry.all()).isNotEmpty();
		for (MonitoredExecutor executor : this.registry.all()) {
			assertThat(this.watch.incidents(executor)).isEmpty();
			assertThat(this.watch.report(executor).isStarved()).isFalse();
			for (StarvationCause cause : StarvationCause.values()) {
				assertThat(cause.isStarvation() ? executor.incidentCount(cause) : 0).as(cause.name()).isZero();
			}
		}
	}

	/** What the only incident of an executor is about. */
	private List<StarvationCause> incident(String name) {
		assertThat(this.watch.incidents(executor(name))).hasSize(1);
		return this.watch.incidents(executor(name)).get(0).causes().stream().map(RaisedCause::cause).toList();
	}

	private MonitoredExecutor executor(String name) {
		MonitoredExecutor executor = this.registry.find(name);
		assertThat(executor).as(name).isNotNull();
		return executor;
	}

	private ThreadPoolExecutor pool(String name, int workers) {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(workers, workers, 1, TimeUnit.MILLISECONDS,
				new LinkedBlockingQueue<>());
		this.closing.addLast(pool::shutdownNow);
		return (ThreadPoolExecutor) this.decorator.decorate(pool, name, ThreadPoolExecutor.class);
	}

	private ThreadPoolTaskScheduler scheduler(String name) {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.initialize();
		this.closing.addLast(scheduler::shutdown);
		return (ThreadPoolTaskScheduler) this.decorator.decorate(scheduler, name, ThreadPoolTaskScheduler.class);
	}

	/** Tasks that run to their end before the next look. */
	private static void run(ExecutorService pool, int tasks) throws Exception {
		List<Future<?>> futures = new ArrayList<>();
		for (int i = 0; i < tasks; i++) {
			futures.add(pool.submit(() -> {
			}));
		}
		for (Future<?> future : futures) {
			future.get(30, TimeUnit.SECONDS);
		}
	}

	/** Until so many tasks have ended, that of a worker which only says so included. */
	private void awaitCompleted(String name, long tasks) {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofNanos(10_000))
			.until(() -> executor(name).recorder().completed() == tasks);
	}

	/** Hold so many workers. */
	private CountDownLatch hold(Executor executor, int workers) throws InterruptedException {
		CountDownLatch held = new CountDownLatch(workers);
		CountDownLatch released = new CountDownLatch(1);
		this.closing.addFirst(released::countDown);
		for (int i = 0; i < workers; i++) {
			executor.execute(() -> {
				held.countDown();
				try {
					released.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
		}
		assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();
		return released;
	}

	/** Tasks that start late: what the pool's own do by the real clock only. */
	private void runLate(String name, long lateMillis, int tasks) {
		for (int i = 0; i < tasks; i++) {
			long due = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(lateMillis);
			MeteredRun.of(() -> {
			}, executor(name).recorder(), Due.once(due)).run();
		}
	}

	@Test
	void whenHealthyLoadRunsAtFullSpeedThenPeace() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 4);
		assertPeace((second) -> {
			run(orders, 500);
			awaitCompleted("orders", second * 500L);
		});
	}

	@Test
	void whenTheSameLoadOutrunsTheWorkersThenRaised() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 4);
		run(orders, 500);
		ticks(GRACE);
		hold(orders, 4);
		// a look later they would be over the limit of active tasks, too
		for (int second = 1; second <= 3; second++) {
			for (int i = 0; i < 300; i++) {
				orders.execute(() -> {
				});
			}
			look(1_000);
		}
		assertThat(incident("orders")).containsExactly(StarvationCause.BLOCKED, StarvationCause.DELAYED);
	}

	@Test
	void whenBurstsAreShorterThanThreeLooksThenPeace() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		for (int minute = 0; minute < 60; minute++) {
			burst(orders, 2);
			for (int second = 2; second < 10; second++) {
				look(1_000);
				assertNothingIsRaised();
			}
		}
	}

	@Test
	void whenBurstLastsForThreeLooksThenRaised() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		ticks(GRACE);
		burst(orders, 3);
		assertThat(incident("orders")).contains(StarvationCause.DELAYED);
	}

	/** Tasks that are queued at all looks but the last, by which they have run late. */
	private void burst(ThreadPoolExecutor orders, int ticks) throws Exception {
		long completed = executor("orders").recorder().completed();
		CountDownLatch released = hold(orders, 2);
		for (int i = 0; i < 50; i++) {
			orders.execute(() -> {
			});
		}
		ticks(ticks - 1);
		released.countDown();
		awaitCompleted("orders", completed + 52);
		runLate("orders", 1_000, 50);
		look(1_000);
	}

	@Test
	void whenPoolIsIdleWithATaskNowAndThenThenPeace() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		// its workers go in between
		orders.allowCoreThreadTimeOut(true);
		assertPeace((second) -> {
			if (second % 47 == 0) {
				run(orders, 1);
				awaitCompleted("orders", second / 47);
			}
		});
		assertThat(executor("orders").recorder().completed()).isEqualTo(12);
	}

	@Test
	void whenTheOneTaskNowAndThenIsLeftInTheQueueThenRaised() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		ticks(GRACE);
		hold(orders, 2);
		ticks(47);
		assertNothingIsRaised();
		orders.execute(() -> {
		});
		ticks(3);
		assertThat(incident("orders")).contains(StarvationCause.DELAYED);
	}

	@Test
	void whenAThousandJobsAreDueTomorrowThenPeace() throws Exception {
		ThreadPoolTaskScheduler jobs = scheduler("jobs");
		for (int i = 0; i < 1_000; i++) {
			jobs.schedule(() -> {
			}, Instant.now().plus(Duration.ofDays(1)));
		}
		assertPeace((second) -> {
		});
		assertThat(jobs.getScheduledThreadPoolExecutor().getQueue()).hasSize(1_000);
	}

	@Test
	void whenOneOfAThousandJobsIsOverdueThenRaised() throws Exception {
		ThreadPoolTaskScheduler jobs = scheduler("jobs");
		for (int i = 0; i < 1_000; i++) {
			jobs.schedule(() -> {
			}, Instant.now().plus(Duration.ofDays(1)));
		}
		hold(jobs, 1);
		ticks(GRACE + 5);
		assertNothingIsRaised();
		jobs.schedule(() -> {
		}, Instant.now());
		// what is due is due by the real clock
		Awaitility.await().until(() -> executor("jobs").sample(0).oldestNanos() > TimeUnit.MILLISECONDS.toNanos(101));
		ticks(3);
		assertThat(incident("jobs")).contains(StarvationCause.DELAYED);
	}

	@Test
	void whenLongTasksRunOnPurposeWithFreeWorkersThenStuckIsShownInPeace() throws Exception {
		beganEarlier();
		ThreadPoolExecutor reports = pool("reports", 4);
		hold(reports, 2);
		assertPeace((second) -> {
			run(reports, 10);
			awaitCompleted("reports", second * 10L);
		});
		ExecutorReport report = this.watch.report(executor("reports"));
		assertThat(report.causes()).extracting(RaisedCause::cause).containsExactly(StarvationCause.STUCK);
		assertThat(executor("reports").incidentCount(StarvationCause.STUCK)).isOne();
	}

	@Test
	void whenLongTasksLeaveNoWorkerFreeForOthersThenRaised() throws Exception {
		beganEarlier();
		ThreadPoolExecutor reports = pool("reports", 4);
		run(reports, 1);
		awaitCompleted("reports", 1);
		hold(reports, 4);
		ticks(TEN_MINUTES);
		assertNothingIsRaised();
		reports.execute(() -> {
		});
		ticks(8);
		assertThat(incident("reports")).containsExactly(StarvationCause.STALLED, StarvationCause.BLOCKED,
				StarvationCause.DELAYED, StarvationCause.STUCK);
	}

	@Test
	void whenProcessIsStoppedForSecondsAndContinuedThenPeace() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		for (int minute = 0; minute < 10; minute++) {
			for (int second = 8; second < 60; second++) {
				run(orders, 10);
				look(1_000);
				assertNothingIsRaised();
			}
			// with tasks in the queue, which start once it goes on
			long completed = executor("orders").recorder().submitted();
			CountDownLatch released = hold(orders, 2);
			for (int i = 0; i < 20; i++) {
				orders.execute(() -> {
				});
			}
			look(8_000);
			assertNothingIsRaised();
			released.countDown();
			awaitCompleted("orders", completed + 22);
			runLate("orders", 8_000, 20);
		}
	}

	@Test
	void whenTheSameWaitIsSeenByLooksOnTimeThenRaised() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		run(orders, 10);
		ticks(GRACE);
		hold(orders, 2);
		for (int i = 0; i < 20; i++) {
			orders.execute(() -> {
			});
		}
		ticks(8);
		assertThat(incident("orders")).contains(StarvationCause.STALLED, StarvationCause.DELAYED);
	}

	@Test
	void whenGarbageIsCollectedHeavilyThenPeace() {
		SplittableRandom random = new SplittableRandom(42);
		Told orders = told("orders");
		for (int second = 1; second <= TEN_MINUTES; second++) {
			// one look in twenty comes after seconds, the others after up to two
			int late = (second % 20 == 0) ? random.nextInt(1_100, 6_000) : random.nextInt(50, 900);
			catchTasks(orders, random, late);
			look(1_000 + late);
			assertNothingIsRaised();
			runCaught(random, late);
		}
	}

	@Test
	void whenTasksWaitForAsLongAndLooksAreOnTimeThenRaised() {
		SplittableRandom random = new SplittableRandom(42);
		Told orders = told("orders");
		ticks(GRACE);
		for (int second = 1; second <= 10; second++) {
			int late = random.nextInt(250, 900);
			catchTasks(orders, random, late);
			look(1_000);
			runCaught(random, late);
		}
		assertThat(incident("orders")).containsExactly(StarvationCause.DELAYED);
	}

	@Test
	void whenTasksCaughtByAPauseStartAfterTheLookThenPeace() {
		told("orders");
		for (int minute = 1; minute <= 10; minute++) {
			ticks(56);
			// pauses that ebb away, so that each look was less late than what starts
			for (int late : new int[] { 950, 650, 350, 50 }) {
				look(1_000 + late);
				assertNothingIsRaised();
				runLate("orders", late, 5);
			}
		}
	}

	/**
	 * A pause that begins a little before the look is due catches tasks on their way:
	 * some start before the look and some after it.
	 */
	private void catchTasks(Told executor, SplittableRandom random, int pauseMillis) {
		runLate("orders", 0, 2);
		runCaught(random, pauseMillis);
		executor.queued(4, pauseMillis + random.nextInt(50));
	}

	private void runCaught(SplittableRandom random, int pauseMillis) {
		for (int i = 0; i < 4; i++) {
			runLate("orders", random.nextInt(pauseMillis / 2, pauseMillis + 50), 1);
		}
	}

	private Told told(String name) {
		Told told = new Told().workers(1, 1);
		MonitoredExecutor executor = this.registry.obtain(name, Object.class, 2, ExecutorOrigin.BEAN);
		executor.cover(Coverage.TASKS, null);
		executor.add(told);
		this.registry.add(executor);
		return told;
	}

	@Test
	void whenOneTaskIsLateThenPeace() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		assertPeace((second) -> {
			// alone in one half of the looks, and among others in the other half
			run(orders, (second % 2 == 0) ? 9 : 0);
			runLate("orders", 150, 1);
		});
	}

	@Test
	void whenAllTasksAreAsLateThenRaised() {
		pool("orders", 2);
		ticks(GRACE);
		for (int second = 1; second <= 3; second++) {
			runLate("orders", 150, 5);
			look(1_000);
		}
		assertThat(incident("orders")).containsExactly(StarvationCause.DELAYED);
	}

	@Test
	void whenBatchIsUnderTheLimitSetForItsExecutorThenPeace() throws Exception {
		this.watch = watch(Map.of("batch", forBatch(Duration.ofMinutes(10), 500)));
		runBatch(500, TEN_MINUTES);
		assertNothingIsRaised();
	}

	@Test
	void whenBatchIsOverTheLimitSetForItsExecutorThenRaised() throws Exception {
		this.watch = watch(Map.of("batch", forBatch(Duration.ofMinutes(10), 500)));
		runBatch(504, GRACE + 10);
		assertThat(incident("batch")).containsExactly(StarvationCause.OVERLOADED);
	}

	@Test
	void whenNoLimitIsSetForBatchThenRaised() throws Exception {
		runBatch(500, GRACE + 10);
		assertThat(incident("batch")).contains(StarvationCause.DELAYED);
	}

	private static ExecutorLimits forBatch(Duration meanWait, int active) {
		ExecutorLimits all = TestLimits.DEFAULTS;
		return new ExecutorLimits(meanWait, all.meanRun(), active, all.rejected(), all.stall(), all.stuck(),
				all.samples(), all.droppedShare());
	}

	/** A batch that comes at once and of which one task ends a second. */
	private void runBatch(int tasks, int seconds) throws Exception {
		ThreadPoolExecutor batch = pool("batch", 4);
		ticks(GRACE);
		Semaphore ends = new Semaphore(0);
		for (int i = 0; i < tasks; i++) {
			batch.submit(() -> {
				ends.acquire();
				return null;
			});
		}
		for (int second = 1; second <= seconds; second++) {
			look(1_000);
			if (second <= tasks) {
				ends.release();
				awaitCompleted("batch", second);
			}
		}
	}

	@Test
	void whenTheFirstSecondsAreSlowThenPeace() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		CountDownLatch released = hold(orders, 2);
		assertPeace((second) -> {
			if (second < GRACE) {
				orders.execute(() -> {
				});
			}
			else if (second == GRACE) {
				released.countDown();
				awaitCompleted("orders", GRACE + 1);
				runLate("orders", 5_000, GRACE - 1);
			}
			else {
				run(orders, 10);
			}
		});
	}

	@Test
	void whenTheSecondsAfterThemAreAsSlowThenRaised() throws Exception {
		ThreadPoolExecutor orders = pool("orders", 2);
		hold(orders, 2);
		for (int second = 1; second <= GRACE + 2; second++) {
			orders.execute(() -> {
			});
			look(1_000);
		}
		assertThat(incident("orders")).contains(StarvationCause.DELAYED);
	}

	private interface Happening {

		void in(int second) throws Exception;

	}

}
