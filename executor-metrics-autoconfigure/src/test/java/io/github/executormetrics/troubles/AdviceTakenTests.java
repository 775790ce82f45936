// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.troubles;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;

import org.apache.tomcat.util.threads.TaskQueue;
import org.apache.tomcat.util.threads.TaskThreadFactory;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.RaisedCause.Advice;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.reactor.ReactorExecutors;
import io.github.executormetrics.servers.TomcatStates;
import io.github.executormetrics.watch.ExecutorReport;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of advice by taking it, as it was when it was first told: with the advised value
 * the trouble goes, with half of it it stays. All troubles are made at once, each on an
 * executor of another kind. Their tasks wait, so that the machine's cores are not the
 * limit; the watch looks five times a second.
 */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdviceTakenTests {

	private static final Duration AT_MOST = Duration.ofSeconds(60);

	// looks, in which what is wrong would be raised three times over
	private static final int FOR_CERTAIN = 10;

	// four and a half workers' worth of waiting, of tasks that take 100 ms: a worker more
	// that a smaller core leaves running is too few as well
	private static final int PER_SECOND = 45;

	private static final int MILLIS = 100;

	// a fork/join pool is reported for its backlog, which grows by 25 tasks a second
	private static final int ACTIVE = 120;

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final ExecutorDecorator decorator = new ExecutorDecorator(this.registry);

	private final ExecutorWatch watch = new ExecutorWatch(this.registry, Live.settings(ACTIVE, Duration.ofSeconds(5)));

	private final List<Trial> trials = new ArrayList<>();

	private final List<Thread> load = new CopyOnWriteArrayList<>();

	private final List<Runnable> ends = new CopyOnWriteArrayList<>();

	private volatile boolean ended;

	@BeforeAll
	void takeAdvice() {
		ReactorExecutors reactor = ReactorExecutors.open(this.registry, (name) -> null);
		this.ends.add(reactor::close);
		pools();
		schedulers();
		others();
		this.watch.start();
		// the trouble begins after a time in which all is well
		Awaitility.await().atMost(AT_MOST).until(() -> this.watch.ticks() >= FOR_CERTAIN);
		this.trials.forEach(Trial::begin);
		try {
			Awaitility.await()
				.atMost(AT_MOST)
				.pollInterval(Duration.ofMillis(20))
				// each of them, also after one that goes on
				.until(() -> this.trials.stream().filter(Trial::goesOn).count() == 0);
		}
		catch (ConditionTimeoutException ex) {
			// the test of each trial tells which did not come to its end
			assertThat(this.trials).isNotEmpty();
		}
	}

	@AfterAll
	void stop() throws InterruptedException {
		this.ended = true;
		for (Thread thread : this.load) {
			thread.interrupt();
			thread.join();
		}
		this.watch.stop();
		this.ends.forEach(Runnable::run);
	}

	private void pools() {
		pool("fixed", 2, 2, new LinkedBlockingQueue<>(), List.of("corePoolSize", "maximumPoolSize"));
		// "it has 50: they suffice" of a pool that starts no second one before 10,000
		// tasks wait
		pool("almost alone", 1, 50, new LinkedBlockingQueue<>(10_000), List.of("corePoolSize"));
		pool("room in its queue", 2, 10, new LinkedBlockingQueue<>(1_000), List.of("corePoolSize"));
		pool("refuses", 1, 2, new LinkedBlockingQueue<>(3), List.of("corePoolSize", "maximumPoolSize"));
		ThreadPoolTaskExecutor tasks = new ThreadPoolTaskExecutor();
		tasks.setCorePoolSize(2);
		tasks.setMaxPoolSize(2);
		tasks.initialize();
		this.ends.add(tasks::shutdown);
		this.decorator.decorate(tasks, "tasks", ThreadPoolTaskExecutor.class);
		trial("tasks", List.of("corePoolSize", "maxPoolSize"), (size) -> resize(tasks.getThreadPoolExecutor(), size))
			.load(PER_SECOND, () -> tasks.execute(AdviceTakenTests::task));
		// thirty tasks at once ten times a second, which four workers have run in 45 ms
		IntFunction<ThreadPoolExecutor> bounded = (capacity) -> decorate("bursts " + capacity,
				new ThreadPoolExecutor(4, 4, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(capacity)));
		replaced("bursts ", 6, List.of("queueCapacity"), bounded, 10, (pool) -> {
			for (int i = 0; i < 30; i++) {
				execute(pool, () -> Live.sleep(6));
			}
		});
	}

	private void pool(String name, int core, int most, BlockingQueue<Runnable> queue, List<String> settings) {
		ThreadPoolExecutor pool = decorate(name, new ThreadPoolExecutor(core, most, 0, TimeUnit.SECONDS, queue));
		trial(name, settings, (size) -> resize(pool, size)).load(PER_SECOND,
				() -> execute(pool, AdviceTakenTests::task));
	}

	private void schedulers() {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setPoolSize(1);
		scheduler.initialize();
		this.ends.add(scheduler::shutdown);
		this.decorator.decorate(scheduler, "scheduler", ThreadPoolTaskScheduler.class);
		trial("scheduler", List.of("poolSize"), scheduler::setPoolSize).starting(() -> {
			for (int i = 0; i < 6; i++) {
				scheduler.scheduleWithFixedDelay(AdviceTakenTests::job, Duration.ofMillis(20));
			}
		});
		ScheduledThreadPoolExecutor target = new ScheduledThreadPoolExecutor(1);
		this.ends.add(target::shutdownNow);
		ScheduledThreadPoolExecutor jobs = (ScheduledThreadPoolExecutor) this.decorator.decorate(target, "jobs",
				ScheduledThreadPoolExecutor.class);
		trial("jobs", List.of("corePoolSize"), jobs::setCorePoolSize).starting(() -> {
			for (int i = 0; i < 6; i++) {
				jobs.scheduleWithFixedDelay(AdviceTakenTests::job, 0, 20, TimeUnit.MILLISECONDS);
			}
		});
		SimpleAsyncTaskExecutor target2 = new SimpleAsyncTaskExecutor();
		target2.setConcurrencyLimit(2);
		target2.setDaemon(true);
		SimpleAsyncTaskExecutor limited = (SimpleAsyncTaskExecutor) this.decorator.decorate(target2, "limited",
				SimpleAsyncTaskExecutor.class);
		// from six submitters, which are held
		Trial trial = trial("limited", List.of("concurrencyLimit"), limited::setConcurrencyLimit);
		for (int i = 0; i < 6; i++) {
			trial.load(4, () -> limited.execute(() -> Live.sleep(200)));
		}
	}

	private void others() {
		IntFunction<ForkJoinPool> forkJoin = (size) -> {
			ForkJoinPool target = new ForkJoinPool(size);
			this.ends.add(target::shutdownNow);
			return (ForkJoinPool) this.decorator.decorate(target, "fork-join-" + size, ForkJoinPool.class);
		};
		replaced("fork-join-", 2, List.of("parallelism"), forkJoin, PER_SECOND,
				(pool) -> pool.execute(AdviceTakenTests::task));
		IntFunction<Scheduler> elastic = (size) -> {
			Scheduler scheduler = Schedulers.newBoundedElastic(size, 100_000, "elastic-" + size, 60, true);
			this.ends.add(scheduler::dispose);
			return scheduler;
		};
		replaced("reactor-elastic-", 2, List.of("threadCap"), elastic, PER_SECOND,
				(scheduler) -> scheduler.schedule(AdviceTakenTests::task));
		TaskQueue queue = new TaskQueue();
		org.apache.tomcat.util.threads.ThreadPoolExecutor tomcat = new org.apache.tomcat.util.threads.ThreadPoolExecutor(
				2, 2, 60, TimeUnit.SECONDS, queue, new TaskThreadFactory("http-", true, Thread.NORM_PRIORITY));
		queue.setParent(tomcat);
		this.ends.add(tomcat::shutdownNow);
		MonitoredExecutor server = this.registry.obtain("tomcat-http", tomcat.getClass(), 2, ExecutorOrigin.WEB_SERVER);
		server.add(TomcatStates.of(tomcat, "http-"));
		server.cover(Coverage.STATE, "Tomcat's own pool");
		this.registry.add(server);
		trial("tomcat-http", List.of("server.tomcat.threads.max"), (size) -> {
			tomcat.setCorePoolSize(Math.min(2, size));
			tomcat.setMaximumPoolSize(size);
		}).load(PER_SECOND, () -> tomcat.execute(AdviceTakenTests::task));
	}

	private Trial trial(String executor, List<String> settings, IntConsumer setting) {
		Trial trial = new Trial(executor, settings, setting);
		this.trials.add(trial);
		return trial;
	}

	/** One of whose kind another is made where its size is another. */
	private <E> void replaced(String name, int size, List<String> settings, IntFunction<E> make, int perSecond,
			Consumer<E> submission) {
		AtomicReference<E> current = new AtomicReference<>(make.apply(size));
		Trial trial = trial(name + size, settings, (advised) -> {
		});
		trial.setting = (advised) -> {
			current.set(make.apply(advised));
			trial.executor = name + advised;
		};
		trial.load(perSecond, () -> submission.accept(current.get()));
	}

	private ThreadPoolExecutor decorate(String name, ThreadPoolExecutor target) {
		this.ends.add(target::shutdownNow);
		return (ThreadPoolExecutor) this.decorator.decorate(target, name, ThreadPoolExecutor.class);
	}

	private static void execute(ThreadPoolExecutor pool, Runnable task) {
		try {
			pool.execute(task);
		}
		catch (RejectedExecutionException ex) {
			// which is counted
		}
	}

	/** As the settings say: the maximum only where it is less than the core. */
	private static void resize(ThreadPoolExecutor pool, int core) {
		boolean more = core > pool.getMaximumPoolSize() || pool.getCorePoolSize() == pool.getMaximumPoolSize();
		if (more) {
			pool.setCorePoolSize(Math.min(core, pool.getMaximumPoolSize()));
			pool.setMaximumPoolSize(core);
		}
		pool.setCorePoolSize(core);
	}

	private static void task() {
		Live.sleep(MILLIS);
	}

	/** So long that who waits for a worker is seen to wait at most looks. */
	private static void job() {
		Live.sleep(1_000);
	}

	Stream<Trial> trials() {
		return this.trials.stream();
	}

	@ParameterizedTest
	@MethodSource("trials")
	void namesTheSettingAndItsValue(Trial trial) {
		assertThat(trial.advice).isNotNull();
		assertThat(trial.advice.settings()).containsOnlyKeys(trial.settings);
		trial.advice.settings()
			.forEach((setting, value) -> assertThat(trial.advice.text()).contains(setting + "=" + value));
	}

	@ParameterizedTest
	@MethodSource("trials")
	void whenItIsTakenThenTheTroubleGoes(Trial trial) {
		assertThat(trial.stage).as(() -> trial.stage + " of " + trial.advice).isGreaterThan(Stage.TAKEN);
	}

	@ParameterizedTest
	@MethodSource("trials")
	void whenHalfOfItIsTakenThenTheTroubleStays(Trial trial) {
		assertThat(trial.stage).as(() -> trial.stage + " of " + trial.advice).isEqualTo(Stage.STAYED);
	}

	/**
	 * How far a trial has come.
	 */
	enum Stage {

		BEGUN, TAKEN, HALVED, STAYED

	}

	/**
	 * One trouble, and what became of it.
	 */
	final class Trial {

		private final List<String> settings;

		private final List<Runnable> starts = new ArrayList<>();

		private volatile String executor;

		private IntConsumer setting;

		private volatile @Nullable Advice advice;

		private volatile Stage stage = Stage.BEGUN;

		// the look since which it is as it should be
		private long since;

		Trial(String executor, List<String> settings, IntConsumer setting) {
			this.executor = executor;
			this.settings = settings;
			this.setting = setting;
		}

		/** So many times a second, at their times even where one is late. */
		Trial load(int perSecond, Runnable submission) {
			return starting(() -> {
				Thread thread = new Thread(() -> {
					long period = TimeUnit.SECONDS.toNanos(1) / perSecond;
					long next = System.nanoTime();
					while (!AdviceTakenTests.this.ended) {
						next += period;
						for (long left = next - System.nanoTime(); left > 0
								&& !AdviceTakenTests.this.ended; left = next - System.nanoTime()) {
							LockSupport.parkNanos(left);
						}
						submission.run();
					}
				}, "load of " + this.executor);
				thread.setDaemon(true);
				AdviceTakenTests.this.load.add(thread);
				thread.start();
			});
		}

		Trial starting(Runnable start) {
			this.starts.add(start);
			return this;
		}

		void begin() {
			this.starts.forEach(Runnable::run);
		}

		private @Nullable ExecutorReport report() {
			MonitoredExecutor found = AdviceTakenTests.this.registry.find(this.executor);
			return (found != null) ? AdviceTakenTests.this.watch.report(found) : null;
		}

		boolean isStarved() {
			ExecutorReport report = report();
			return report != null && report.isStarved();
		}

		/** Takes the next step once it may. */
		boolean goesOn() {
			switch (this.stage) {
				case BEGUN -> {
					this.advice = firstAdvice();
					if (this.advice != null) {
						apply(1, Stage.TAKEN);
					}
				}
				case TAKEN -> {
					if (hasBeen(false)) {
						apply(2, Stage.HALVED);
					}
				}
				case HALVED -> {
					if (hasBeen(true)) {
						this.stage = Stage.STAYED;
					}
				}
				default -> {
					return false;
				}
			}
			return true;
		}

		private boolean hasBeen(boolean starved) {
			long ticks = AdviceTakenTests.this.watch.ticks();
			if (isStarved() != starved) {
				this.since = ticks;
			}
			return ticks - this.since >= FOR_CERTAIN;
		}

		private @Nullable Advice firstAdvice() {
			ExecutorReport report = report();
			List<RaisedCause> causes = (report != null) ? report.causes() : List.of();
			return causes.stream().map(RaisedCause::advice).filter(Objects::nonNull).findFirst().orElse(null);
		}

		private void apply(int divisor, Stage next) {
			this.setting.accept(Math.max(1, this.advice.settings().values().iterator().next() / divisor));
			this.stage = next;
			this.since = AdviceTakenTests.this.watch.ticks();
		}

		@Override
		public String toString() {
			return this.executor;
		}

	}

}
