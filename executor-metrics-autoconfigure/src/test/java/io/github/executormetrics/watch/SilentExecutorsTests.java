// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.integration.channel.AbstractExecutorChannel;
import org.springframework.integration.dispatcher.MessageDispatcher;
import org.springframework.integration.dispatcher.UnicastingDispatcher;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.TaskSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pools that hang where they are read. The locks and the threads are real, and the clock
 * is moved. Rows: a {@code terminated()} hook, a comparator and a getter that never
 * return made the watch hang.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class SilentExecutorsTests {

	private static final String READER = "executor-metrics-reader";

	private final WatchThreads threads = new WatchThreads();

	private final MovedWatch moved = new MovedWatch(TaskSettings.defaults(), this.threads);

	private final CountDownLatch release = new CountDownLatch(1);

	private final CountDownLatch shorter = new CountDownLatch(1);

	@AfterEach
	void letGo() {
		this.shorter.countDown();
		this.release.countDown();
		this.moved.close();
		this.threads.stop();
		Awaitility.await().until(() -> readers() == 0);
	}

	@Test
	void whenAPoolHoldsItsMainLockThenItIsUnknownAndTheOthersAreJudged(CapturedOutput output) {
		this.moved.pool("other", 1);
		Terminating hung = new Terminating();
		this.moved.pool("hung", hung);
		this.moved.ticks(1);
		Thread closing = new Thread(hung::shutdown, "closing");
		closing.start();
		Hold.await(hung.held);
		this.moved.ticks(2);
		ExecutorReport report = report("hung");
		assertThat(report.verdict()).isEqualTo(ExecutorReport.UNKNOWN);
		assertThat(report.unanswered()).isEqualTo(new Unanswered(MovedWatch.EPOCH.plusSeconds(2), true,
				"ThreadPoolExecutor.getActiveCount", "closing", "SilentExecutorsTests.hang, in CountDownLatch.await"));
		assertThat(report("other").verdict()).isEqualTo("HEALTHY");
		this.moved.ticks(100);
		assertThat(waiting("getActiveCount")).isOne();
		this.release.countDown();
		awaitAnswer("hung");
		Awaitility.await()
			.untilAsserted(() -> assertThat(output).containsOnlyOnce("'hung' has not answered since")
				.contains("the reading waits in ThreadPoolExecutor.getActiveCount, for a lock that"
						+ " thread 'closing' holds in")
				.containsOnlyOnce("'hung' answers again"));
	}

	@Test
	void whenAComparatorDoesNotReturnThenOnlyItsPoolIsUnknown() throws InterruptedException {
		CountDownLatch held = new CountDownLatch(1);
		ThreadPoolExecutor hung = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
				new PriorityBlockingQueue<>(11, (one, other) -> {
					held.countDown();
					hang(this.release);
					return 0;
				}));
		this.moved.pool("hung", hung);
		this.moved.pool("other", 1);
		try (Hold hold = Hold.on(hung)) {
			hung.execute(() -> {
			});
			Thread submitting = new Thread(() -> hung.execute(() -> {
			}));
			submitting.start();
			Hold.await(held);
			this.moved.ticks(3);
			assertThat(report("hung").verdict()).isEqualTo(ExecutorReport.UNKNOWN);
			assertThat(report("other").verdict()).isEqualTo("HEALTHY");
			this.release.countDown();
			submitting.join();
			awaitAnswer("hung");
		}
	}

	@Test
	void whenAGetterDoesNotReturnThenTheThreadThatAsksIsNotOneOfManyAndTheLastReadingStays() {
		Slow slow = this.moved.add("slow", new Slow());
		this.moved.ticks(1);
		slow.hangs = true;
		this.moved.ticks(20);
		MonitoredExecutor executor = this.moved.executor("slow");
		assertThat(slow.asked).isEqualTo(2);
		assertThat(executor.busy()).isEqualTo(3);
		assertThat(executor.queueDepth()).isEqualTo(4);
		assertThat(report("slow").unanswered()).extracting(Unanswered::frame)
			.isEqualTo("SilentExecutorsTests.hang, in CountDownLatch.await");
		assertThat(report("slow").unanswered()).extracting(Unanswered::holder).isNull();
	}

	@Test
	void whenItAnswersLateEachTimeThenItIsJudgedOneLookLater() {
		this.moved.pool("other", 1);
		Late late = this.moved.add("late", new Late());
		for (int i = 0; i < 10; i++) {
			long asked = late.answered;
			this.moved.ticks(1);
			late.go.countDown();
			Awaitility.await().until(() -> late.answered > asked && this.moved.executor("late").waiting() == null);
			late.go = new CountDownLatch(1);
			assertThat(report("late").unanswered()).isNull();
		}
		late.go.countDown();
		assertThat(report("late").causes()).extracting(RaisedCause::cause).containsExactly(StarvationCause.DELAYED);
	}

	@Test
	void whenOnlyItsQueueHangsThenTheOthersAreJudgedAndItIsUnknownLater() {
		ThreadPoolExecutor hung = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new HangingQueue(this.release));
		this.moved.pool("hung", hung);
		ThreadPoolExecutor other = this.moved.pool("other", 1);
		try (Hold hold = Hold.on(hung); Hold one = Hold.on(other)) {
			hung.execute(() -> {
			});
			other.execute(() -> {
			});
			this.moved.ticks(10);
			assertThat(report("other").gravest()).isEqualTo("STALLED");
			assertThat(report("hung").verdict()).isEqualTo(ExecutorReport.UNKNOWN);
			// what stood when it answered last stands
			assertThat(report("hung").isStarved()).isTrue();
			this.moved.ticks(50);
			assertThat(waiting("hang")).isOne();
			this.release.countDown();
			awaitAnswer("hung");
		}
	}

	@Test
	void whenFortyOfTwoHundredHangThenTheOthersAreJudgedAtEachLookAndThreadsAreBounded() {
		List<Slow> all = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			CountDownLatch until = (i % 10 == 0) ? this.release : this.shorter;
			all.add(this.moved.add("executor-" + i, new Slow(until)));
		}
		this.moved.ticks(1);
		for (int i = 0; i < 200; i++) {
			all.get(i).hangs = i % 10 == 0 || i % 10 == 5;
		}
		for (int tick = 1; tick <= 5; tick++) {
			int seen = tick + 1;
			this.moved.ticks(1);
			for (int i = 0; i < 200; i++) {
				assertThat(all.get(i).answered).as("executor-" + i).isEqualTo(all.get(i).hangs ? 1 : seen);
			}
			assertThat(waiting("hang")).isLessThanOrEqualTo(40);
		}
		assertThat(unknown()).isEqualTo(40);
		this.shorter.countDown();
		awaitUnknown(20);
		this.release.countDown();
		awaitUnknown(0);
	}

	// it was asked for the name on the thread of the watch
	@Test
	void whenATaskAsksABeanThatHangsForItsNameThenTheWatchGoesOn() throws ReflectiveOperationException {
		AtomicReference<Thread> asker = new AtomicReference<>();
		Object task = pollOf(new Channel(() -> {
			asker.set(Thread.currentThread());
			hang(this.release);
			return "orders";
		}));
		this.moved.add("slow", new Told() {
			@Override
			public void forEachQueued(int atMost, Consumer<Object> queued) {
				queued.accept(task);
			}
		}.queued(1, 900));
		this.moved.ticks(5);
		assertThat(this.moved.incidents("slow")).singleElement()
			.satisfies((incident) -> assertThat(incident.waiting()).isEmpty());
		Awaitility.await()
			.untilAsserted(() -> assertThat(asker.get()).isNotNull().extracting(Thread::getName).isEqualTo(READER));
	}

	private static Object pollOf(AbstractExecutorChannel channel) throws ReflectiveOperationException {
		Constructor<?> constructor = Class.forName(AbstractExecutorChannel.class.getName() + "$MessageHandlingTask")
			.getDeclaredConstructors()[0];
		constructor.setAccessible(true);
		return constructor.newInstance(channel, null);
	}

	@Test
	void whenTheLogHangsThenTheWatchGoesOnPastAnExecutorThatThrows(CapturedOutput output) {
		Thread watching = Thread.currentThread();
		this.moved.add("broken", new Told() {
			@Override
			public List<Thread> threads() {
				if (Thread.currentThread() == watching) {
					throw new IllegalStateException("closed for today");
				}
				return List.of();
			}
		}.queued(1, 900));
		Logger logger = (Logger) LoggerFactory.getLogger(MonitoredExecutor.class);
		HangingLog log = new HangingLog(this.release);
		logger.addAppender(log);
		try {
			this.moved.ticks(5);
			Hold.await(log.entered);
			this.moved.ticks(5);
			assertThat(report("broken").causes()).isNotEmpty();
			this.release.countDown();
			Awaitility.await()
				.untilAsserted(() -> assertThat(output).containsOnlyOnce("Reading executor 'broken' failed"));
		}
		finally {
			logger.detachAppender(log);
		}
	}

	@Test
	void whenTheProcessStoodStillThenNobodyIsBlamedForNotAnswering() {
		Slow slow = this.moved.add("slow", new Slow());
		this.moved.ticks(1);
		slow.hangs = true;
		this.moved.ticks(1);
		this.moved.standStill(Duration.ofSeconds(30));
		assertThat(report("slow").unanswered()).isNull();
	}

	@Test
	void whenNoThreadCanBeHadThenAllAreAskedAgainAtTheNextLook() {
		try (MovedWatch poor = new MovedWatch(TaskSettings.defaults(), new Poor())) {
			ThreadPoolExecutor pool = poor.pool("orders", 1);
			poor.ticks(1);
			Poor.poor = true;
			poor.ticks(3);
			Poor.poor = false;
			try (Hold hold = Hold.on(pool)) {
				poor.ticks(1);
				assertThat(poor.executor("orders").busy()).isOne();
			}
		}
	}

	private static void hang(CountDownLatch until) {
		try {
			until.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private ExecutorReport report(String name) {
		return this.moved.watch().report(this.moved.executor(name));
	}

	private long unknown() {
		return this.moved.all().stream().filter((each) -> report(each.name()).unanswered() != null).count();
	}

	private void awaitAnswer(String name) {
		Awaitility.await().until(() -> {
			this.moved.ticks(1);
			return report(name).unanswered() == null;
		});
	}

	private void awaitUnknown(int executors) {
		Awaitility.await().until(() -> {
			this.moved.ticks(1);
			return unknown() == executors;
		});
	}

	/**
	 * Readers that stand in a method; some others may have nothing to ask for a while.
	 */
	private static long waiting(String method) {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> thread.getKey().getName().equals(READER))
			.filter((thread) -> Stream.of(thread.getValue()).anyMatch((frame) -> frame.getMethodName().equals(method)))
			.count();
	}

	private static long readers() {
		return Thread.getAllStackTraces().keySet().stream().filter((thread) -> thread.getName().equals(READER)).count();
	}

	/** Has no thread at times. */
	private static final class Poor extends WatchThreads {

		private static volatile boolean poor;

		@Override
		Executor many(String name) {
			return (call) -> {
				if (poor) {
					throw new OutOfMemoryError("unable to create native thread");
				}
				call.run();
			};
		}

		@Override
		Executor one(String name, int waiting) {
			return Runnable::run;
		}

	}

	private final class Terminating extends ThreadPoolExecutor {

		private final CountDownLatch held = new CountDownLatch(1);

		private Terminating() {
			super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		}

		@Override
		protected void terminated() {
			this.held.countDown();
			hang(SilentExecutorsTests.this.release);
		}

	}

	/** What a task of Spring's works for, which tells its name in its own way. */
	private static final class Channel extends AbstractExecutorChannel {

		private final Supplier<String> name;

		private Channel(Supplier<String> name) {
			super(null);
			this.name = name;
		}

		@Override
		public String getBeanName() {
			return this.name.get();
		}

		@Override
		protected MessageDispatcher getDispatcher() {
			return new UnicastingDispatcher();
		}

	}

	private static final class HangingLog extends AppenderBase<ILoggingEvent> {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final CountDownLatch release;

		private HangingLog(CountDownLatch release) {
			this.release = release;
		}

		@Override
		public void doAppend(ILoggingEvent event) {
			this.entered.countDown();
			hang(this.release);
		}

		@Override
		protected void append(ILoggingEvent event) {
		}

	}

	/** Some tasks wait, and nobody starts one. */
	private class Slow extends Told {

		private final CountDownLatch until;

		private volatile boolean hangs;

		private volatile int asked;

		volatile int answered;

		Slow() {
			this(SilentExecutorsTests.this.release);
		}

		Slow(CountDownLatch until) {
			this.until = until;
			queued(4, 1);
		}

		@Override
		public int busy() {
			this.asked++;
			if (this.hangs) {
				hang(this.until);
			}
			this.answered++;
			return 3;
		}

	}

	private static final class Late extends Told {

		private volatile CountDownLatch go = new CountDownLatch(1);

		private volatile long answered;

		Late() {
			queued(4, 500);
		}

		@Override
		public int busy() {
			hang(this.go);
			this.answered++;
			return 1;
		}

	}

	/** Tells how much stands in it, and not what. */
	private static final class HangingQueue extends LinkedBlockingQueue<Runnable> {

		private final CountDownLatch until;

		private HangingQueue(CountDownLatch until) {
			this.until = until;
		}

		@Override
		public Iterator<Runnable> iterator() {
			hang(this.until);
			return super.iterator();
		}

	}

}
