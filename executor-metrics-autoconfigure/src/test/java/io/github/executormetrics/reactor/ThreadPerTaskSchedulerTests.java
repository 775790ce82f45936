// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.TaskName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link ThreadPerTaskScheduler} with Reactor's real one, whose threads go by
 * the names that those of its virtual threads have.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class ThreadPerTaskSchedulerTests {

	private static final String NAME = "reactor-boundedElastic";

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final AtomicInteger threads = new AtomicInteger();

	private final Schedulers.Factory factory = new Schedulers.Factory() {
	};

	private final Scheduler scheduler = this.factory.newThreadPerTaskBoundedElastic(2, 100,
			(task) -> new Thread(task, "loomBoundedElastic-" + this.threads.incrementAndGet()));

	private final SchedulerHook hook = new SchedulerHook(true, () -> this.scheduler);

	private @Nullable ReactorExecutors executors;

	@BeforeEach
	void open() {
		this.scheduler.init();
		this.executors = ReactorExecutors.open(this.registry, (name) -> null, this.hook);
	}

	@AfterEach
	void close() {
		this.scheduler.dispose();
		Objects.requireNonNull(this.executors).close();
	}

	@Test
	void whenTaskRunsThenItIsTimedAndNamed() {
		assertThat(this.registry.all()).isEmpty();
		Mono.fromCallable(() -> 42).subscribeOn(this.scheduler).block();
		Awaitility.await().until(() -> this.registry.find(NAME) != null);
		awaitCompleted(1);
		MonitoredExecutor executor = executor();
		assertThat(executor.coverage()).isEqualTo(Coverage.TASKS);
		assertThat(executor.coverageReason()).contains("virtual threads");
		assertThat(executor.type()).isEqualTo("reactor.core.scheduler.BoundedElasticThreadPerTaskScheduler");
		assertThat(executor.sample(System.nanoTime()).limit()).isEqualTo(2);
		assertThat(executor.recorder().byName().names()).extracting(TaskName::value)
			.containsExactly(ThreadPerTaskSchedulerTests.class.getName());
	}

	@Test
	void whenTaskRunsElsewhereThenItIsNotCounted() {
		CountDownLatch done = new CountDownLatch(1);
		Scheduler other = Schedulers.newSingle("other");
		other.schedule(done::countDown);
		Awaitility.await().until(done::getCount, (count) -> count == 0);
		other.dispose();
		assertThat(this.registry.find(NAME)).isNull();
	}

	@Test
	void whenWorkersAreHeldThenTasksBehindThemAreQueued() throws Exception {
		CountDownLatch hold = new CountDownLatch(1);
		CountDownLatch started = new CountDownLatch(2);
		for (int i = 0; i < 2; i++) {
			this.scheduler.schedule(() -> {
				started.countDown();
				Hold.until(hold);
			});
		}
		assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
		for (int i = 0; i < 3; i++) {
			this.scheduler.schedule(() -> {
			});
		}
		assertThat(executor().sample(System.nanoTime()).busy()).isEqualTo(2);
		assertThat(executor().sample(System.nanoTime()).queued()).isEqualTo(3);
		hold.countDown();
		awaitCompleted(5);
		assertThat(executor().sample(System.nanoTime()).queued()).isZero();
	}

	@Test
	void whenApplicationIsClosedThenTasksAreLeftAlone() {
		Mono.fromCallable(() -> 42).subscribeOn(this.scheduler).block();
		Objects.requireNonNull(this.executors).close();
		assertThat(this.registry.all()).isEmpty();
		assertThat(Schedulers.onSchedule(this::open)).isNotInstanceOf(ThreadPerTaskScheduler.HookedTask.class);
		Mono.fromCallable(() -> 42).subscribeOn(this.scheduler).block();
		assertThat(this.registry.all()).isEmpty();
	}

	// metering ended without a word, and the coverage stayed what it was
	@Test
	void whenHooksAreResetThenCoverageSaysSoUntilThereIsOneAgain() {
		Mono.fromCallable(() -> 42).subscribeOn(this.scheduler).block();
		awaitCompleted(1);
		Schedulers.resetOnScheduleHooks();
		Mono.fromCallable(() -> 42).subscribeOn(this.scheduler).block();
		// as with each look of the watch
		assertThat(executor().sample(System.nanoTime()).queued()).isZero();
		assertThat(executor().coverage()).isEqualTo(Coverage.NONE);
		assertThat(executor().coverageReason()).contains("resetOnScheduleHooks");
		ReactorExecutors another = ReactorExecutors.open(new ExecutorRegistry(), (name) -> null, this.hook);
		assertThat(executor().sample(System.nanoTime()).queued()).isZero();
		assertThat(executor().coverage()).isEqualTo(Coverage.TASKS);
		assertThat(executor().coverageReason()).contains("virtual threads").doesNotContain("reset");
		Mono.fromCallable(() -> 42).subscribeOn(this.scheduler).block();
		awaitCompleted(2);
		another.close();
	}

	// one hook of another's is none of ours
	@Test
	void whenHookOfAnotherIsResetThenCoverageStays() {
		Schedulers.onScheduleHook("others", (task) -> task);
		Mono.fromCallable(() -> 42).subscribeOn(this.scheduler).block();
		Schedulers.resetOnScheduleHook("others");
		awaitCompleted(1);
		assertThat(executor().sample(System.nanoTime()).queued()).isZero();
		assertThat(executor().coverage()).isEqualTo(Coverage.TASKS);
	}

	private MonitoredExecutor executor() {
		return Objects.requireNonNull(this.registry.find(NAME));
	}

	private void awaitCompleted(long tasks) {
		Awaitility.await().untilAsserted(() -> assertThat(executor().recorder().completed()).isEqualTo(tasks));
	}

}
