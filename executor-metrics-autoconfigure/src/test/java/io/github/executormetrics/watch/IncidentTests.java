// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.LongStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.monitor.MonitoredExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what is kept of a stretch of starvation.
 */
@ExtendWith(OutputCaptureExtension.class)
class IncidentTests {

	private final MovedWatch watch = new MovedWatch();

	private final CountDownLatch released = new CountDownLatch(1);

	@AfterEach
	void close() {
		this.released.countDown();
		this.watch.close();
	}

	private Object hold(CountDownLatch latch) throws InterruptedException {
		latch.await();
		return latch;
	}

	/** Holds the one worker while so many tasks are queued. */
	private ThreadPoolExecutor starve(String name, CountDownLatch latch, int queued) throws Exception {
		ThreadPoolExecutor pool = (this.watch.executor(name) != null) ? this.pool : this.watch.pool(name, 1);
		this.pool = pool;
		this.watch.fill(pool, () -> hold(latch));
		for (int i = 0; i < queued; i++) {
			pool.execute(new Pricing());
		}
		this.watch.awaitWaiting();
		return pool;
	}

	private ThreadPoolExecutor pool;

	private void awaitIdle(ThreadPoolExecutor pool) {
		Awaitility.await().until(() -> pool.getActiveCount() == 0 && pool.getQueue().isEmpty());
	}

	@Test
	void incidentGoesFromRaisedToCleared() throws Exception {
		ThreadPoolExecutor orders = starve("orders", this.released, 3);
		this.watch.ticks(3);
		assertThat(this.watch.incidents("orders")).isEmpty();
		this.watch.ticks(1);
		assertThat(this.watch.incidents("orders")).singleElement().satisfies((open) -> {
			assertThat(open.end()).isNull();
			assertThat(open.duration()).isNull();
			assertThat(open.gravest()).isEqualTo(StarvationCause.BLOCKED);
		});
		this.watch.ticks(6);
		this.released.countDown();
		awaitIdle(orders);
		this.watch.ticks(4);
		assertThat(this.watch.incidents("orders").get(0).end()).isNull();
		this.watch.ticks(1);
		assertThat(this.watch.incidents("orders")).singleElement().satisfies(IncidentTests::assertWhole);
	}

	private static void assertWhole(StarvationIncident incident) {
		assertThat(incident.executor()).isEqualTo("orders");
		assertThat(incident.number()).isOne();
		// the first look only begins to count
		assertThat(incident.start()).isEqualTo(MovedWatch.EPOCH.plusSeconds(2));
		assertThat(incident.raised()).isEqualTo(MovedWatch.EPOCH.plusSeconds(4));
		assertThat(incident.end()).isEqualTo(MovedWatch.EPOCH.plusSeconds(15));
		assertThat(incident.duration()).isEqualTo(Duration.ofSeconds(13));
		assertThat(incident.causes()).extracting(RaisedCause::cause)
			.containsExactly(StarvationCause.STALLED, StarvationCause.BLOCKED, StarvationCause.DELAYED);
		RaisedCause stalled = incident.causes().get(0);
		assertThat(stalled.since()).isEqualTo(MovedWatch.EPOCH.plusSeconds(6));
		assertThat(stalled.until()).isEqualTo(incident.end());
		// as it was when it was raised, not as it was last
		assertThat(stalled.evidence()).containsEntry("sinceLastStartMillis", 7_000.0);
		// of the last look that was bad, not of those that cleared it
		assertThat(stalled.advice().figures()).containsEntry("workers", 1L).containsEntry("queuedTasks", 3L);
		assertThat(stalled.detail()).isEqualTo("its workers are in IncidentTests.hold, in CountDownLatch.await");
		assertThat(incident.figures()).containsEntry("maxQueuedTasks", 3)
			.containsEntry("startedTasks", 3L)
			.containsEntry("rejectedTasks", 0L)
			.containsEntry("maxOldestQueuedMillis", 9_000.0)
			.containsKeys("maxWaitMillis", "maxRunMillis");
		assertThat(incident.holding()).containsOnlyKeys(IncidentTests.class.getName()).containsValue(1);
		assertThat(incident.waiting()).containsOnlyKeys(Pricing.class.getName()).containsValue(3);
		assertThat(incident.waitsFor()).isNull();
		assertThat(incident.stacks()).singleElement().satisfies((stack) -> {
			assertThat(stack.workers()).isOne();
			assertThat(stack.threads()).singleElement().asString().startsWith("pool-");
			assertThat(stack.tasks()).containsExactly(IncidentTests.class.getName());
			assertThat(stack.state()).isEqualTo(Thread.State.WAITING);
			assertThat(stack.frames()).anyMatch((frame) -> frame.getMethodName().equals("hold"));
			// taken when it stalled, not when it was first delayed
			assertThat(stack.oldestMillis()).isGreaterThan(5_000);
		});
	}

	@Test
	void whenOneCauseGoesAndAnotherStaysThenItIsOneIncident() throws Exception {
		ThreadPoolExecutor orders = starve("orders", this.released, 1);
		this.watch.ticks(10);
		// starts, so that it is stalled no more, and is delayed as before
		CountDownLatch second = new CountDownLatch(1);
		this.released.countDown();
		this.watch.fill(orders, () -> hold(second));
		orders.execute(new Pricing());
		this.watch.awaitWaiting();
		for (int i = 0; i < 6; i++) {
			orders.getQueue().clear();
			orders.execute(new Pricing());
			this.watch.ticks(1);
		}
		StarvationIncident incident = this.watch.incidents("orders").get(0);
		assertThat(this.watch.incidents("orders")).hasSize(1);
		assertThat(incident.end()).isNull();
		second.countDown();
	}

	@Test
	void whenATaskWasStuckLongBeforeThenTheIncidentStartsWithTheStarvation() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		completeOne(orders);
		orders.submit(() -> hold(this.released));
		this.watch.awaitWaiting();
		this.watch.ticks(100);
		orders.submit(() -> hold(this.released));
		orders.execute(new Pricing());
		this.watch.awaitWaiting();
		this.watch.ticks(10);
		StarvationIncident incident = this.watch.incidents("orders").get(0);
		assertThat(incident.causes()).extracting(RaisedCause::cause).contains(StarvationCause.STUCK);
		assertThat(incident.start()).isAfter(MovedWatch.EPOCH.plusSeconds(100));
	}

	@Test
	void whenAnotherTaskIsStuckInAnIncidentThenItsDetailNamesWhatItsStacksShow() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 1);
		CountDownLatch first = new CountDownLatch(1);
		orders.submit(new Holding(new CountDownLatch(0)));
		this.watch.awaitCompleted("orders", 1);
		orders.submit(() -> hold(first));
		orders.execute(new Holding(this.released));
		orders.execute(new Pricing());
		this.watch.awaitWaiting();
		this.watch.ticks(70);
		first.countDown();
		Awaitility.await().until(() -> orders.getCompletedTaskCount() == 2 && orders.getActiveCount() == 1);
		this.watch.awaitWaiting();
		this.watch.ticks(4);
		assertThat(this.watch.incidents("orders").get(0).causes())
			.filteredOn((cause) -> cause.cause() == StarvationCause.STUCK)
			.singleElement()
			.satisfies((cause) -> {
				assertThat(cause.stacks().get(0).tasks()).containsExactly(Holding.class.getName());
				assertThat(cause.detail()).startsWith(Holding.class.getName());
			});
	}

	@Test
	void whenThereWereManyThenTheLastTwentyAreKeptNewestFirst() throws Exception {
		ThreadPoolExecutor orders = null;
		for (int i = 0; i < 25; i++) {
			CountDownLatch latch = new CountDownLatch(1);
			orders = starve("orders", latch, 1);
			this.watch.ticks(5);
			latch.countDown();
			awaitIdle(orders);
			this.watch.ticks(6);
		}
		List<StarvationIncident> incidents = this.watch.incidents("orders");
		assertThat(incidents).extracting(StarvationIncident::number)
			.containsExactlyElementsOf(LongStream.iterate(25, (n) -> n - 1).limit(20).boxed().toList());
		// a stack that comes again is kept once
		assertThat(incidents.stream()
			.map((incident) -> System.identityHashCode(incident.stacks().get(0).frames()))
			.distinct()).hasSizeLessThan(5);
		starve("orders", this.released, 1);
		this.watch.ticks(5);
		assertThat(this.watch.incidents("orders")).hasSize(21);
		assertThat(this.watch.watch().clearIncidents(this.watch.executor("orders"))).isEqualTo(20);
		assertThat(this.watch.incidents("orders")).singleElement().satisfies((open) -> {
			assertThat(open.number()).isEqualTo(26);
			assertThat(open.end()).isNull();
		});
	}

	@Test
	void whenATaskIsStuckAndWorkersAreFreeThenItIsNoIncident() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 2);
		completeOne(orders);
		CountDownLatch started = new CountDownLatch(1);
		orders.submit(() -> {
			started.countDown();
			return hold(this.released);
		});
		started.await();
		this.watch.awaitWaiting();
		this.watch.ticks(65);
		assertStuckAlone(orders.getClass().getName(), "pool-");
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenATaskOnAVirtualThreadIsStuckThenItsStackIsTakenToo() throws Exception {
		ExecutorService target = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor")
			.invoke(null);
		ExecutorService orders = this.watch.decorate("orders", target, target, ExecutorService.class);
		completeOne(orders);
		CountDownLatch started = new CountDownLatch(1);
		orders.submit(() -> {
			started.countDown();
			return hold(this.released);
		});
		started.await();
		this.watch.awaitWaiting();
		this.watch.ticks(65);
		// it has no name
		assertStuckAlone("", "#");
	}

	/** So that a longer run of the same name is none that never ends. */
	private void completeOne(ExecutorService orders) {
		orders.submit(() -> "done");
		this.watch.awaitCompleted("orders", 1);
	}

	private void assertStuckAlone(String type, String thread) {
		ExecutorReport report = this.watch.watch().report(this.watch.executor("orders"));
		assertThat(report.isStarved()).as(type).isFalse();
		assertThat(this.watch.incidents("orders")).isEmpty();
		assertThat(report.causes()).singleElement().satisfies((stuck) -> {
			assertThat(stuck.cause()).isEqualTo(StarvationCause.STUCK);
			assertThat(stuck.detail()).startsWith(IncidentTests.class.getName() + " on " + thread);
			assertThat(stuck.advice()).isNotNull();
			assertThat(stuck.stacks()).singleElement()
				.satisfies((stack) -> assertThat(stack.frames())
					.anyMatch((frame) -> frame.getMethodName().equals("hold")));
		});
	}

	@Test
	void whenAnotherTaskGetsStuckThenItsStackIsTaken() throws Exception {
		ThreadPoolExecutor orders = this.watch.pool("orders", 3);
		completeOne(orders);
		CountDownLatch first = new CountDownLatch(1);
		orders.submit(() -> hold(first));
		this.watch.ticks(1);
		orders.submit(() -> hold(this.released));
		this.watch.awaitWaiting();
		this.watch.ticks(75);
		assertThat(stuck().stacks()).hasSize(2);
		first.countDown();
		Awaitility.await().until(() -> orders.getActiveCount() == 1);
		this.watch.ticks(6);
		assertThat(stuck().stacks()).singleElement().satisfies((stack) -> assertThat(stack.workers()).isOne());
	}

	private RaisedCause stuck() {
		return this.watch.watch().report(this.watch.executor("orders")).causes().get(0);
	}

	@Test
	void listenersAreToldOnceEachAndOneThatThrowsHindersNobody(CapturedOutput output) throws Exception {
		List<String> told = new ArrayList<>();
		this.watch.watch().onIncident(new IncidentListener() {
			@Override
			public void raised(StarvationIncident incident, MonitoredExecutor executor) {
				throw new IllegalStateException("no time");
			}

			@Override
			public void cleared(StarvationIncident incident, MonitoredExecutor executor) {
				throw new IllegalStateException("no time");
			}
		});
		this.watch.watch().onIncident(new IncidentListener() {
			@Override
			public void raised(StarvationIncident incident, MonitoredExecutor executor) {
				told.add("raised " + executor.name() + " " + incident.number() + " " + incident.end());
			}

			@Override
			public void worsened(StarvationIncident incident, MonitoredExecutor executor) {
				told.add("worsened " + executor.name() + " " + incident.gravest());
			}

			@Override
			public void cleared(StarvationIncident incident, MonitoredExecutor executor) {
				told.add("cleared " + executor.name() + " " + incident.number() + " " + incident.duration());
			}
		});
		ThreadPoolExecutor orders = starve("orders", this.released, 1);
		this.watch.ticks(10);
		this.released.countDown();
		awaitIdle(orders);
		this.watch.ticks(10);
		assertThat(told).containsExactly("raised orders 1 null", "worsened orders STALLED", "cleared orders 1 PT13S");
		assertThat(output.toString().split("Notifying the listeners of an incident", -1)).hasSize(2);
	}

	/**
	 * A task whose words are nobody's business.
	 */
	static final class Pricing implements Runnable {

		@Override
		public void run() {
		}

		@Override
		public String toString() {
			return "secret";
		}

	}

	private record Holding(CountDownLatch latch) implements Runnable {

		@Override
		public void run() {
			try {
				this.latch.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
