// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.troubles;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.watch.ExecutorReport;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that what is unusual and intended is not reported as something that it is not:
 * real pools of all kinds at once, watched for some seconds, five looks a second. Runs
 * with the profile {@code soak}, since it wants the cores for itself.
 */
@Tag("live")
@EnabledIfSystemProperty(named = "peace.soak.minutes", matches = "[1-9].*")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnusualButHealthyTests {

	private static final int TICKS = 40;

	private static final Set<StarvationCause> NONE = EnumSet.noneOf(StarvationCause.class);

	// they wait in the queue, as they are meant to
	private static final Set<StarvationCause> WAITING = EnumSet.of(StarvationCause.DELAYED, StarvationCause.BLOCKED);

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final ExecutorDecorator decorator = new ExecutorDecorator(this.registry);

	private final ExecutorWatch watch = new ExecutorWatch(this.registry, Live.settings(1000, Duration.ofSeconds(2)));

	private final Map<String, Set<StarvationCause>> allowed = new LinkedHashMap<>();

	private final Map<String, Set<StarvationCause>> seen = new TreeMap<>();

	private final List<Thread> load = new CopyOnWriteArrayList<>();

	private final List<Runnable> ends = new ArrayList<>();

	private volatile boolean ended;

	@BeforeAll
	void watchThemAll() {
		jobsDueAtOnce();
		batch();
		barriers();
		longPolls();
		callersRun();
		forkJoin();
		manyThatSleep();
		cached();
		cancelled();
		someFail();
		resized();
		phases();
		rendezvous();
		lateSchedule();
		bulk();
		this.watch.start();
		Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(() -> {
			this.allowed.keySet().forEach(this::see);
			return this.watch.ticks() >= TICKS;
		});
	}

	private void see(String name) {
		ExecutorReport report = this.watch.report(Objects.requireNonNull(this.registry.find(name)));
		Set<StarvationCause> causes = this.seen.computeIfAbsent(name, (added) -> EnumSet.noneOf(StarvationCause.class));
		report.causes().stream().map(RaisedCause::cause).forEach(causes::add);
	}

	@AfterAll
	void end() throws InterruptedException {
		this.ended = true;
		this.watch.stop();
		this.ends.forEach(Runnable::run);
		for (Thread thread : this.load) {
			thread.interrupt();
			thread.join();
		}
	}

	private <E extends ExecutorService> E decorate(String name, E target, Class<E> type, Set<StarvationCause> allowed) {
		this.ends.add(target::shutdownNow);
		this.allowed.put(name, allowed);
		return type.cast(this.decorator.decorate(target, name, type));
	}

	private ThreadPoolExecutor pool(String name, int workers, Set<StarvationCause> allowed) {
		return decorate(name,
				new ThreadPoolExecutor(workers, workers, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()),
				ThreadPoolExecutor.class, allowed);
	}

	private void repeat(long everyMillis, Runnable work) {
		Thread thread = new Thread(() -> {
			while (!this.ended) {
				work.run();
				Live.sleep(everyMillis);
			}
		}, "load");
		thread.setDaemon(true);
		this.load.add(thread);
		thread.start();
	}

	/** Two thousand jobs of the same second, which four workers have done in a moment. */
	private void jobsDueAtOnce() {
		ScheduledThreadPoolExecutor jobs = decorate("jobs due at once", new ScheduledThreadPoolExecutor(4),
				ScheduledThreadPoolExecutor.class, NONE);
		for (int i = 0; i < 2_000; i++) {
			jobs.schedule(() -> {
			}, 2, TimeUnit.SECONDS);
		}
	}

	/** The batch of the hour: it takes what it takes, and is no stall and no deadlock. */
	private void batch() {
		ThreadPoolExecutor batch = pool("batch of 100,000", 4,
				EnumSet.of(StarvationCause.DELAYED, StarvationCause.OVERLOADED));
		repeat(4_000, () -> {
			for (int i = 0; i < 100_000 && !this.ended; i++) {
				batch.execute(() -> {
				});
			}
		});
	}

	/** Who waits for the others has a worker, and nobody is queued. */
	private void barriers() {
		ThreadPoolExecutor parties = pool("barrier", 4, NONE);
		CyclicBarrier barrier = new CyclicBarrier(4);
		repeat(1_500, () -> {
			for (int i = 0; i < 4; i++) {
				int late = i * 400;
				parties.execute(() -> {
					Live.sleep(late);
					try {
						barrier.await();
					}
					catch (Exception ex) {
						Thread.currentThread().interrupt();
					}
				});
			}
		});
	}

	/** More clients than are served at once: the rest stands in line, as intended. */
	private void longPolls() {
		ThreadPoolExecutor polls = pool("long polls", 4, WAITING);
		for (int i = 0; i < 8; i++) {
			polls.execute(new Poll(polls));
		}
	}

	private void callersRun() {
		ThreadPoolExecutor callers = decorate("caller runs", new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(2), new ThreadPoolExecutor.CallerRunsPolicy()), ThreadPoolExecutor.class,
				NONE);
		repeat(1, () -> callers.execute(() -> Live.sleep(20)));
	}

	private void forkJoin() {
		ForkJoinPool pool = decorate("fork join", new ForkJoinPool(2), ForkJoinPool.class, NONE);
		repeat(100, () -> pool.execute(() -> new Fibonacci(15).invoke()));
	}

	/** Many that only wait, each on a thread of its own. */
	private void manyThatSleep() {
		SimpleAsyncTaskExecutor target = new SimpleAsyncTaskExecutor("sleeper-");
		target.setDaemon(true);
		SimpleAsyncTaskExecutor many = (SimpleAsyncTaskExecutor) this.decorator.decorate(target, "many that sleep",
				SimpleAsyncTaskExecutor.class);
		this.allowed.put("many that sleep", NONE);
		repeat(1_000, () -> {
			for (int i = 0; i < 150; i++) {
				many.execute(() -> Live.sleep(900));
			}
		});
	}

	/** A pool that grows by a hundred threads and shrinks again. */
	private void cached() {
		ThreadPoolExecutor cached = decorate("cached",
				new ThreadPoolExecutor(0, Integer.MAX_VALUE, 100, TimeUnit.MILLISECONDS, new SynchronousQueue<>()),
				ThreadPoolExecutor.class, NONE);
		repeat(1_000, () -> {
			for (int i = 0; i < 100; i++) {
				cached.execute(() -> Live.sleep(50));
			}
		});
	}

	/** Who gives up a search cancels what looks in the other places. */
	private void cancelled() {
		ThreadPoolExecutor search = pool("cancelled", 4, NONE);
		repeat(20, () -> {
			List<Future<?>> places = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				places.add(search.submit(() -> Live.sleep(1_000)));
			}
			Live.sleep(2);
			places.forEach((place) -> place.cancel(true));
		});
	}

	/** Four of ten inputs are not valid. */
	private void someFail() {
		ThreadPoolExecutor checks = pool("some fail", 2, NONE);
		repeat(5, () -> {
			for (int i = 0; i < 10; i++) {
				int input = i;
				checks.submit(() -> {
					if (input % 5 < 2) {
						throw new IllegalArgumentException("on purpose");
					}
				});
			}
		});
	}

	/** An autoscaler that changes its mind. */
	private void resized() {
		ThreadPoolExecutor scaled = pool("resized", 4, NONE);
		repeat(10, () -> scaled.execute(() -> Live.sleep(5)));
		repeat(50, () -> {
			int workers = (scaled.getCorePoolSize() == 4) ? 2 : 4;
			scaled.setCorePoolSize(Math.min(workers, scaled.getMaximumPoolSize()));
			scaled.setMaximumPoolSize(workers);
			scaled.setCorePoolSize(workers);
		});
	}

	/** All wait for the slowest of each phase. */
	private void phases() {
		ThreadPoolExecutor workers = pool("phases", 3, NONE);
		Phaser phaser = new Phaser(3);
		this.ends.add(phaser::forceTermination);
		for (int i = 0; i < 3; i++) {
			int slow = i * 100;
			workers.execute(() -> {
				while (!phaser.isTerminated()) {
					Live.sleep(slow);
					phaser.arriveAndAwaitAdvance();
				}
			});
		}
	}

	/** One hands over to another through a latch that comes late. */
	private void rendezvous() {
		ThreadPoolExecutor pair = pool("rendezvous", 2, NONE);
		repeat(1_200, () -> {
			CountDownLatch met = new CountDownLatch(1);
			pair.execute(() -> {
				try {
					met.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			pair.execute(() -> {
				Live.sleep(1_000);
				met.countDown();
			});
		});
	}

	/** A job every 10 ms and one that runs for a second, with a worker for each. */
	private void lateSchedule() {
		ScheduledThreadPoolExecutor jobs = decorate("slow job beside a quick one", new ScheduledThreadPoolExecutor(2),
				ScheduledThreadPoolExecutor.class, NONE);
		jobs.scheduleAtFixedRate(() -> {
		}, 0, 10, TimeUnit.MILLISECONDS);
		jobs.scheduleWithFixedDelay(() -> Live.sleep(1_000), 0, 500, TimeUnit.MILLISECONDS);
	}

	/** A queue that is never empty, of tasks that never wait for long. */
	private void bulk() {
		ThreadPoolExecutor bulk = pool("bulk", 2, NONE);
		repeat(20, () -> {
			for (int i = 0; i < 10; i++) {
				bulk.execute(() -> Live.sleep(2));
			}
		});
	}

	Stream<String> names() {
		return this.allowed.keySet().stream();
	}

	@ParameterizedTest
	@MethodSource("names")
	void isNotTakenForWhatItIsNot(String name) {
		Set<StarvationCause> wrong = EnumSet.noneOf(StarvationCause.class);
		wrong.addAll(this.seen.get(name));
		wrong.removeAll(this.allowed.get(name));
		assertThat(wrong).as(name).isEmpty();
		assertThat(Objects.requireNonNull(this.registry.find(name)).recorder().totals(System.nanoTime()).started())
			.as(name)
			.isPositive();
	}

	/**
	 * Waits for news, and asks again.
	 *
	 * @param polls where
	 */
	private record Poll(ThreadPoolExecutor polls) implements Runnable {

		@Override
		public void run() {
			Live.sleep(300);
			if (!this.polls.isShutdown()) {
				this.polls.execute(this);
			}
		}

	}

	/**
	 * Forks and joins.
	 */
	private static final class Fibonacci extends RecursiveTask<Integer> {

		private static final long serialVersionUID = 1L;

		private final int number;

		Fibonacci(int number) {
			this.number = number;
		}

		@Override
		protected Integer compute() {
			if (this.number < 2) {
				return this.number;
			}
			Fibonacci one = new Fibonacci(this.number - 1);
			one.fork();
			return new Fibonacci(this.number - 2).compute() + one.join();
		}

	}

}
