// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.Handling;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link ReactorExecutors} with real schedulers.
 */
class ReactorExecutorsTests {

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final List<Scheduler> made = new ArrayList<>();

	private @Nullable ReactorExecutors executors;

	@BeforeEach
	void open() {
		// those of other tests may have been made before there was a hook
		Schedulers.shutdownNow();
		this.executors = ReactorExecutors.open(this.registry, (name) -> null);
	}

	@AfterEach
	void close() {
		this.made.forEach(Scheduler::dispose);
		Schedulers.shutdownNow();
		if (this.executors != null) {
			this.executors.close();
		}
	}

	@Test
	void whenNoSchedulerIsUsedThenNoneIsKnown() {
		assertThat(this.registry.all()).isEmpty();
	}

	@Test
	void whenReactorsOwnSchedulersAreUsedThenEachIsAnExecutor() {
		run(Schedulers.boundedElastic());
		run(Schedulers.parallel());
		run(Schedulers.single());
		assertThat(this.registry.all()).extracting(MonitoredExecutor::name)
			.containsExactly("reactor-boundedElastic", "reactor-parallel", "reactor-single");
		assertThat(this.registry.all()).allSatisfy((executor) -> {
			assertThat(executor.origin()).isEqualTo(ExecutorOrigin.REACTOR);
			assertThat(executor.coverage()).isEqualTo(Coverage.TASKS);
		});
		awaitCompleted("reactor-boundedElastic", 1);
		awaitCompleted("reactor-parallel", 1);
		awaitCompleted("reactor-single", 1);
		assertThat(sample("reactor-boundedElastic").limit()).isEqualTo(Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE);
		assertThat(sample("reactor-parallel").limit()).isEqualTo(Schedulers.DEFAULT_POOL_SIZE);
		assertThat(sample("reactor-single").limit()).isOne();
	}

	@ParameterizedTest
	@EnumSource
	void whenWorkersAreHeldThenTheirQueuesAddUp(Kind kind) throws Exception {
		Scheduler scheduler = make(kind, 2);
		int workers = (kind != Kind.SINGLE) ? 2 : 1;
		CountDownLatch hold = hold(scheduler, workers);
		MonitoredExecutor executor = executor("reactor-mine");
		for (int i = 0; i < 4; i++) {
			scheduler.schedule(() -> {
			});
		}
		// one that is not due stands in no line
		scheduler.schedule(() -> {
		}, 1, TimeUnit.HOURS);
		assertThat(executor.sample(System.nanoTime()).busy()).isEqualTo(workers);
		assertThat(executor.sample(System.nanoTime()).idle()).isZero();
		assertThat(executor.sample(System.nanoTime()).limit()).isEqualTo(workers);
		assertThat(executor.threads().usage().started()).isEqualTo(workers);
		Awaitility.await().until(executor::queueDepth, (depth) -> depth == 4);
		assertThat(executor.sample(System.nanoTime()).oldestNanos()).isPositive();
		hold.countDown();
		awaitCompleted("reactor-mine", workers + 4);
		assertThat(executor.sample(System.nanoTime()).queued()).isZero();
		Awaitility.await().until(executor::idle, (idle) -> idle == workers);
	}

	@ParameterizedTest
	@EnumSource
	void whenTaskWaitsForTheWorkerThenItsWaitIsTimed(Kind kind) throws Exception {
		Scheduler scheduler = make(kind, 1);
		CountDownLatch hold = hold(scheduler, 1);
		scheduler.schedule(() -> {
		});
		Awaitility.await()
			.until(() -> executor("reactor-mine").sample(System.nanoTime()).oldestNanos() > TimeUnit.MILLISECONDS
				.toNanos(50));
		hold.countDown();
		awaitCompleted("reactor-mine", 2);
		assertThat(executor("reactor-mine").recorder().takeMaxWait()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(50));
		assertThat(executor("reactor-mine").recorder().takeMaxRun()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(50));
	}

	@ParameterizedTest
	@EnumSource
	void whenTaskIsDelayedThenItWaitsFromTheInstantItIsDue(Kind kind) throws Exception {
		Scheduler scheduler = make(kind, 1);
		CountDownLatch delayed = new CountDownLatch(1);
		scheduler.createWorker().schedule(delayed::countDown, 1, TimeUnit.SECONDS);
		assertThat(totals("reactor-mine").submitted()).isZero();
		assertThat(delayed.await(10, TimeUnit.SECONDS)).isTrue();
		awaitCompleted("reactor-mine", 1);
		assertThat(executor("reactor-mine").recorder().takeMaxWait()).isLessThan(TimeUnit.MILLISECONDS.toNanos(500));
	}

	@ParameterizedTest
	@EnumSource
	void whenTaskIsPeriodicThenEachRunIsATask(Kind kind) throws Exception {
		Scheduler scheduler = make(kind, 1);
		CountDownLatch runs = new CountDownLatch(3);
		Disposable periodic = scheduler.schedulePeriodically(runs::countDown, 1, 1, TimeUnit.MILLISECONDS);
		assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();
		periodic.dispose();
		awaitRest("reactor-mine");
		assertThat(totals("reactor-mine").completed()).isGreaterThanOrEqualTo(3);
		// one without a period hands itself over again and again
		CountDownLatch instant = new CountDownLatch(3);
		Disposable always = scheduler.createWorker().schedulePeriodically(instant::countDown, 0, 0, TimeUnit.SECONDS);
		assertThat(instant.await(10, TimeUnit.SECONDS)).isTrue();
		always.dispose();
		awaitRest("reactor-mine");
	}

	@ParameterizedTest
	@EnumSource
	void whenTasksAreCancelledThenTheyLeaveTheQueue(Kind kind) throws Exception {
		Scheduler scheduler = make(kind, 1);
		CountDownLatch hold = hold(scheduler, 1);
		MonitoredExecutor executor = executor("reactor-mine");
		Scheduler.Worker worker = scheduler.createWorker();
		for (int i = 0; i < 100; i++) {
			worker.schedule(() -> {
			});
			scheduler.schedule(() -> {
			}, 1, TimeUnit.HOURS).dispose();
		}
		AtomicInteger standing = new AtomicInteger();
		Awaitility.await().until(() -> executor.sample(System.nanoTime()).queued(), (depth) -> depth == 100);
		worker.dispose();
		executor.forEachQueued(1000, (task) -> standing.incrementAndGet());
		assertThat(standing).hasValue(0);
		hold.countDown();
		awaitCompleted("reactor-mine", 1);
		assertThat(totals("reactor-mine").active()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void whenTaskThatRunsIsCancelledThenItIsInterrupted(Kind kind) throws Exception {
		Scheduler scheduler = make(kind, 1);
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		Disposable task = scheduler.schedule(() -> {
			started.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
		});
		assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
		task.dispose();
		assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
		awaitCompleted("reactor-mine", 1);
	}

	@Test
	void underLoadWithCancellationsThenTheCountsBalance() throws Exception {
		Scheduler scheduler = keep(Schedulers.newBoundedElastic(4, 100_000, "mine"));
		AtomicInteger ran = new AtomicInteger();
		Random random = new Random(42);
		int tasks = 20_000;
		int cancelled = 0;
		for (int i = 0; i < tasks; i++) {
			Disposable task = scheduler.schedule(ran::incrementAndGet);
			if (random.nextInt(4) == 0) {
				task.dispose();
				cancelled++;
			}
			TaskTotals totals = (i % 100 == 0) ? totals("reactor-mine") : null;
			if (totals != null) {
				assertThat(totals.submitted()).isEqualTo(totals.completed() + totals.cancelled() + totals.active());
			}
		}
		awaitRest("reactor-mine");
		TaskTotals totals = totals("reactor-mine");
		assertThat(cancelled).isPositive();
		assertThat(totals.completed()).isEqualTo(totals.submitted()).isEqualTo(ran.get());
	}

	@Test
	void whenQueueIsFullThenRefusalsAreCounted() throws Exception {
		Scheduler scheduler = keep(Schedulers.newBoundedElastic(1, 1, "mine"));
		CountDownLatch hold = hold(scheduler, 1);
		scheduler.schedule(() -> {
		});
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> scheduler.schedule(() -> {
		}));
		assertThat(executor("reactor-mine").recorder().rejected(Handling.ABORTED)).isOne();
		hold.countDown();
	}

	// Reactor gives an idle worker up and makes a new one later
	@Test
	void whenIdleWorkersAreGivenUpThenNothingOfThemIsKept() throws Exception {
		Scheduler scheduler = keep(Schedulers.newBoundedElastic(2, 100, "mine", 1));
		for (int round = 1; round <= 2; round++) {
			hold(scheduler, 2).countDown();
			awaitCompleted("reactor-mine", 2L * round);
			Awaitility.await().until(() -> SchedulerHook.INSTANCE.lanes("reactor-mine") == 0);
		}
		assertThat(executor("reactor-mine").idle()).isZero();
		assertThat(totals("reactor-mine").completed()).isEqualTo(4);
	}

	@ParameterizedTest
	@EnumSource
	void whenSchedulerIsDisposedThenItsExecutorIsGone(Kind kind) throws Exception {
		Scheduler scheduler = make(kind, 2);
		CountDownLatch hold = hold(scheduler, 1);
		assertThat(this.registry.find("reactor-mine")).isNotNull();
		scheduler.dispose();
		assertThat(scheduler.isDisposed()).isTrue();
		assertThat(this.registry.find("reactor-mine")).isNull();
		hold.countDown();
	}

	@ParameterizedTest
	@EnumSource
	void whenSchedulerIsDisposedGracefullyThenItsTasksEndFirst(Kind kind) throws Exception {
		Scheduler scheduler = make(kind, 1);
		CountDownLatch hold = hold(scheduler, 1);
		AtomicInteger ran = new AtomicInteger();
		scheduler.schedule(ran::incrementAndGet);
		Mono<Void> disposed = scheduler.disposeGracefully().cache();
		disposed.subscribe();
		hold.countDown();
		disposed.block(Duration.ofSeconds(10));
		assertThat(ran).hasValue(1);
	}

	@Test
	void whenSchedulersHaveTheSamePrefixThenTheyAreOneExecutor() {
		Scheduler one = make(Kind.SINGLE, 1);
		Scheduler other = make(Kind.SINGLE, 1);
		run(one);
		run(other);
		awaitCompleted("reactor-mine", 2);
		assertThat(sample("reactor-mine").limit()).isEqualTo(2);
		one.dispose();
		executor("reactor-mine").settleAndSample(System.nanoTime());
		assertThat(sample("reactor-mine").limit()).isOne();
		other.dispose();
		assertThat(this.registry.all()).isEmpty();
	}

	@Test
	void whenThreadFactoryIsTheUsersThenTheSchedulerGoesByItsKind() {
		run(keep(Schedulers.newParallel(2, Thread::new)));
		assertThat(this.registry.all()).extracting(MonitoredExecutor::name).containsExactly("reactor-unnamed-parallel");
	}

	@Test
	void whenSchedulersAreManyThenTheirNamesAreBounded() {
		for (int i = 0; i < 3 * ReactorExecutors.MAX_NAMES; i++) {
			run(keep(Schedulers.newSingle("job-" + i)));
		}
		run(Schedulers.parallel());
		assertThat(this.registry.all()).hasSize(ReactorExecutors.MAX_NAMES + 2);
		awaitCompleted("reactor-other", 2L * ReactorExecutors.MAX_NAMES);
		awaitCompleted("reactor-parallel", 1);
	}

	// the executor is known elsewhere, or is the user's affair
	@Test
	void whenSchedulerRunsOnAnExecutorThenItIsNone() throws Exception {
		var service = java.util.concurrent.Executors.newSingleThreadScheduledExecutor();
		try {
			run(Schedulers.fromExecutorService(service, "mine"));
		}
		finally {
			service.shutdown();
		}
		assertThat(this.registry.all()).isEmpty();
	}

	@Test
	void whenOperatorsRunThenTheirResultsAreTheSame() {
		List<Integer> results = Flux.range(0, 1000)
			.flatMap((number) -> Mono.fromCallable(() -> number * 2).subscribeOn(Schedulers.boundedElastic()))
			.publishOn(Schedulers.parallel())
			.collectSortedList()
			.block(Duration.ofSeconds(10));
		assertThat(results).hasSize(1000).startsWith(0, 2, 4);
		awaitRest("reactor-boundedElastic");
		awaitRest("reactor-parallel");
		assertThat(totals("reactor-boundedElastic").completed()).isEqualTo(1000);
	}

	@Test
	void whenApplicationIsClosedThenNothingIsLeft() {
		run(Schedulers.parallel());
		Objects.requireNonNull(this.executors).close();
		assertThat(this.registry.all()).isEmpty();
		assertThat(Schedulers.removeExecutorServiceDecorator(SchedulerHook.KEY)).isNull();
		// the workers go on, unmetered
		run(Schedulers.parallel());
		assertThat(this.registry.all()).isEmpty();
	}

	@Test
	void whenAnotherApplicationComesThenBothSeeTheSameScheduler() {
		run(Schedulers.parallel());
		awaitCompleted("reactor-parallel", 1);
		ExecutorRegistry other = new ExecutorRegistry();
		try (ReactorExecutors ignored = ReactorExecutors.open(other, (name) -> null)) {
			run(Schedulers.parallel());
			run(Schedulers.boundedElastic());
			awaitCompleted("reactor-parallel", 2);
			awaitCompleted("reactor-boundedElastic", 1);
			awaitCompleted(other, "reactor-parallel", 1);
			awaitCompleted(other, "reactor-boundedElastic", 1);
		}
		assertThat(other.all()).isEmpty();
		run(Schedulers.parallel());
		awaitCompleted("reactor-parallel", 3);
	}

	@Test
	void whenApplicationComesAfterAnotherThenItSeesTheSchedulersOfThatOne() {
		run(Schedulers.parallel());
		Objects.requireNonNull(this.executors).close();
		this.executors = ReactorExecutors.open(this.registry, (name) -> null);
		run(Schedulers.parallel());
		awaitCompleted("reactor-parallel", 1);
	}

	private Scheduler make(Kind kind, int workers) {
		return keep(switch (kind) {
			case BOUNDED_ELASTIC -> Schedulers.newBoundedElastic(workers, 1000, "mine");
			case PARALLEL -> Schedulers.newParallel("mine", workers);
			case SINGLE -> Schedulers.newSingle("mine");
		});
	}

	private Scheduler keep(Scheduler scheduler) {
		this.made.add(scheduler);
		return scheduler;
	}

	private static void run(Scheduler scheduler) {
		CountDownLatch done = new CountDownLatch(1);
		scheduler.schedule(done::countDown);
		Awaitility.await().until(done::getCount, (count) -> count == 0);
	}

	/**
	 * Hold so many workers until the latch is counted down.
	 */
	private static CountDownLatch hold(Scheduler scheduler, int workers) throws InterruptedException {
		CountDownLatch hold = new CountDownLatch(1);
		CountDownLatch started = new CountDownLatch(workers);
		for (int i = 0; i < workers; i++) {
			scheduler.schedule(() -> {
				started.countDown();
				try {
					hold.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
		}
		assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
		return hold;
	}

	private MonitoredExecutor executor(String name) {
		return Objects.requireNonNull(this.registry.find(name), () -> "no executor " + name);
	}

	private ExecutorSample sample(String name) {
		return executor(name).sample(System.nanoTime());
	}

	private TaskTotals totals(String name) {
		return executor(name).recorder().totals(System.nanoTime());
	}

	private void awaitCompleted(String name, long tasks) {
		awaitCompleted(this.registry, name, tasks);
	}

	private static void awaitCompleted(ExecutorRegistry registry, String name, long tasks) {
		Awaitility.await()
			.untilAsserted(() -> assertThat(Objects.requireNonNull(registry.find(name)).recorder().completed())
				.isEqualTo(tasks));
	}

	private void awaitRest(String name) {
		MonitoredExecutor executor = executor(name);
		Awaitility.await()
			.until(() -> executor.sample(System.nanoTime()).queued() == 0
					&& executor.sample(System.nanoTime()).busy() == 0 && totals(name).active() == 0);
	}

	enum Kind {

		BOUNDED_ELASTIC, PARALLEL, SINGLE

	}

}
