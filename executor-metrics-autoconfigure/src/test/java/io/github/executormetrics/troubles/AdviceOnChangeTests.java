// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.troubles;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.RaisedCause.Advice;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.watch.ExecutorReport;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that advice says what has changed, and no number where more workers would not
 * help: real pools that do well for some seconds, and then something happens to each.
 */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdviceOnChangeTests {

	private static final Duration AT_MOST = Duration.ofSeconds(40);

	// of quiet, in looks: two marks and more
	private static final int QUIET = 25;

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final ExecutorDecorator decorator = new ExecutorDecorator(this.registry);

	private final ExecutorWatch watch = new ExecutorWatch(this.registry, Live.settings(100_000, Duration.ofSeconds(2)));

	private final List<Thread> load = new CopyOnWriteArrayList<>();

	private final Map<String, ThreadPoolExecutor> pools = new LinkedHashMap<>();

	private final List<ThreadPoolExecutor> targets = new ArrayList<>();

	private final CountDownLatch paused = new CountDownLatch(1);

	private volatile boolean troubled;

	private volatile boolean ended;

	@BeforeAll
	void begin() {
		ThreadPoolExecutor slow = pool("slow", 2);
		load(20, () -> slow.execute(new Call(this.troubled ? 300 : 5)));
		ThreadPoolExecutor more = pool("more", 2);
		load(200, () -> more.execute(new Call(20)), 20);
		ThreadPoolExecutor other = pool("other", 2);
		load(10, () -> other.execute(new Call(10)));
		load(30, () -> other.execute(new Import()), 0);
		ThreadPoolExecutor fewer = pool("fewer", 8);
		load(45, () -> fewer.execute(new Call(100)));
		ThreadPoolExecutor burst = pool("burst", 2);
		load(10, () -> burst.execute(new Call(50)));
		ThreadPoolExecutor lent = pool("lent", 4);
		ConnectionPool connections = new ConnectionPool();
		load(30, () -> lent.execute(() -> connections.lend(100)), 0);
		ThreadPoolExecutor poison = pool("poison", 2);
		load(60, () -> poison.execute(() -> {
			Live.sleep(100);
			throw new Poison();
		}), 0);
		ThreadPoolExecutor pausable = pool("paused", new Pausable());
		load(20, () -> pausable.execute(new Call(5)));
		this.watch.start();
		Awaitility.await().atMost(AT_MOST).until(() -> this.watch.ticks() >= QUIET);
		this.pools.keySet().forEach((name) -> assertThat(report(name).causes()).as(name).isEmpty());
		this.troubled = true;
		fewer.setCorePoolSize(2);
		fewer.setMaximumPoolSize(2);
		for (int i = 0; i < 400; i++) {
			burst.execute(new Call(50));
		}
	}

	@AfterAll
	void end() throws InterruptedException {
		this.ended = true;
		this.paused.countDown();
		for (Thread thread : this.load) {
			thread.interrupt();
			thread.join();
		}
		this.watch.stop();
		this.targets.forEach(ThreadPoolExecutor::shutdownNow);
	}

	private ThreadPoolExecutor pool(String name, int workers) {
		return pool(name,
				new ThreadPoolExecutor(workers, workers, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task) -> {
					Thread thread = new Thread(task, name);
					// the poison is thrown on purpose
					thread.setUncaughtExceptionHandler((failed, ex) -> {
					});
					return thread;
				}));
	}

	private ThreadPoolExecutor pool(String name, ThreadPoolExecutor target) {
		this.targets.add(target);
		ThreadPoolExecutor pool = (ThreadPoolExecutor) this.decorator.decorate(target, name, ThreadPoolExecutor.class);
		this.pools.put(name, pool);
		return pool;
	}

	private void load(int perSecond, Runnable submission) {
		load(perSecond, submission, perSecond);
	}

	/** So many times a second, and in the quiet time before only so many. */
	private void load(int perSecond, Runnable submission, int quietPerSecond) {
		Thread thread = new Thread(() -> {
			long next = System.nanoTime();
			while (!this.ended) {
				int rate = this.troubled ? perSecond : quietPerSecond;
				// who has nothing to do looks again, soon
				next += TimeUnit.SECONDS.toNanos(1) / Math.max(10, rate);
				for (long left = next - System.nanoTime(); left > 0 && !this.ended; left = next - System.nanoTime()) {
					LockSupport.parkNanos(left);
				}
				if (rate > 0) {
					submission.run();
				}
			}
		}, "load");
		thread.setDaemon(true);
		this.load.add(thread);
		thread.start();
	}

	private ExecutorReport report(String name) {
		return this.watch.report(Objects.requireNonNull(this.registry.find(name)));
	}

	private @Nullable Advice advice(String name) {
		return report(name).causes()
			.stream()
			.filter((cause) -> cause.cause().isStarvation())
			.map(RaisedCause::advice)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	/** Once it says so: the first looks may have too little to go by. */
	private Advice awaitAdvice(String name, String pattern) {
		Pattern words = Pattern.compile(pattern);
		Awaitility.await(name).atMost(AT_MOST).untilAsserted(() -> {
			Advice advice = advice(name);
			assertThat(advice).isNotNull();
			assertThat(advice.text()).containsPattern(words);
		});
		return Objects.requireNonNull(advice(name));
	}

	@Test
	void whenADownstreamBecomesSlowThenThatIsSaidAndNoSize() {
		Advice advice = awaitAdvice("slow",
				"AdviceOnChangeTests.Call takes [234]\\d\\d\\.\\d ms since \\d\\d:\\d\\d:\\d\\dZ, \\d?\\d\\.\\d ms before"
						+ ".*Check first what this task waits for");
		assertThat(advice.settings()).isEmpty();
	}

	@Test
	void whenMoreComesThenThatIsSaidAndHowManyWouldDo() {
		Advice advice = awaitAdvice("more",
				"AdviceOnChangeTests.Call arrives [12]\\d\\d\\.\\d times/s since .*, [12]\\d\\.\\d before.*corePoolSize=[4567]");
		assertThat(advice.settings()).containsKey("corePoolSize");
	}

	@Test
	void whenAnotherTaskComesThenThatIsSaid() {
		awaitAdvice("other", "AdviceOnChangeTests.Import runs since .*Z, and did not run in the .* s before");
	}

	@Test
	void whenWorkersAreTakenAwayThenThatIsSaid() {
		Advice advice = awaitAdvice("fewer", "the executor has 2 workers, 8 before.*corePoolSize=[567]");
		assertThat(advice.settings()).containsKey("corePoolSize");
	}

	@Test
	void whenManyComeAtOnceThenItIsABurstAndNoSize() {
		Advice advice = awaitAdvice("burst", "A burst: 4\\d\\d tasks of .* arrived within .* the queued tasks ");
		assertThat(advice.settings()).isEmpty();
		assertThat(advice.figures().get("drainMillis").doubleValue()).isPositive().isLessThan(15_000);
	}

	@Test
	void whenAllWaitForWhatAPoolLendsThenThatIsToBeCheckedFirst() {
		Advice advice = awaitAdvice("lent", "workers wait for something that a pool lends, such as a connection");
		assertThat(advice.settings()).isEmpty();
	}

	@Test
	void whenMostFailOrTheWorkersArePausedThenNothingIsAdvised() {
		for (String name : List.of("poison", "paused")) {
			Awaitility.await(name)
				.atMost(AT_MOST)
				.until(() -> report(name).isStarved() && (name.equals("poison") || report(name).causes().size() > 1));
			long ticks = this.watch.ticks();
			Awaitility.await(name)
				.atMost(AT_MOST)
				// at no look
				.until(() -> {
					assertThat(advice(name)).as(name).isNull();
					return this.watch.ticks() > ticks + 10;
				});
			assertThat(report(name).isStarved()).as(name).isTrue();
		}
	}

	/**
	 * A call that takes as long as it takes.
	 *
	 * @param millis how long
	 */
	private record Call(long millis) implements Runnable {

		@Override
		public void run() {
			Live.sleep(this.millis);
		}

	}

	/**
	 * Comes to the pool of another task.
	 */
	private static final class Import implements Runnable {

		@Override
		public void run() {
			Live.sleep(200);
		}

	}

	private static final class Poison extends RuntimeException {

		Poison() {
			super("on purpose", null, false, false);
		}

	}

	/**
	 * Lends one connection.
	 */
	private static final class ConnectionPool {

		private final Semaphore one = new Semaphore(1, true);

		void lend(long millis) {
			borrow();
			try {
				Live.sleep(millis);
			}
			finally {
				this.one.release();
			}
		}

		private void borrow() {
			this.one.acquireUninterruptibly();
		}

	}

	/**
	 * The pool that the documentation of {@link ThreadPoolExecutor} pauses.
	 */
	private final class Pausable extends ThreadPoolExecutor {

		Pausable() {
			super(2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		}

		@Override
		protected void beforeExecute(Thread thread, Runnable task) {
			if (AdviceOnChangeTests.this.troubled) {
				try {
					AdviceOnChangeTests.this.paused.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
		}

	}

}
