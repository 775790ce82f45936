// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.NamedTask;
import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.decorate.Hold;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names of which nearly all tasks fail.
 */
class FailingTasksTests {

	private final MovedWatch watch = new MovedWatch();

	private final ThreadPoolExecutor pool = this.watch.pool("orders", 1);

	private int completed;

	@AfterEach
	void close() {
		this.watch.close();
	}

	private void runs(String name, int tasks) {
		run(name, tasks, () -> {
		});
	}

	private void fails(String name, int tasks) {
		run(name, tasks, () -> {
			throw new IllegalStateException("secret");
		});
	}

	private void run(String name, int tasks, Runnable task) {
		for (int i = 0; i < tasks; i++) {
			this.pool.submit(NamedTask.of(name, task));
		}
		this.completed += tasks;
		this.watch.awaitCompleted("orders", this.completed);
	}

	private @Nullable RaisedCause failing() {
		return failing("orders");
	}

	private @Nullable RaisedCause failing(String executor) {
		return this.watch.watch()
			.report(this.watch.executor(executor))
			.causes()
			.stream()
			.filter((raised) -> raised.cause() == StarvationCause.FAILING)
			.findFirst()
			.orElse(null);
	}

	@Test
	void whenAllTasksOfANameFailThenItIsRaisedAndClearedOnceTheySucceed() {
		this.watch.ticks(1);
		fails("mail", 5);
		this.watch.ticks(2);
		assertThat(failing()).isNull();
		this.watch.ticks(1);
		assertThat(failing()).isNotNull().satisfies((raised) -> {
			assertThat(raised.evidence()).containsEntry("failedTasks", 5L)
				.containsEntry("tasks", 5L)
				.containsEntry("names", 1);
			assertThat(raised.detail()).isEqualTo("mail (5 of the last 5 failed) with java.lang.IllegalStateException");
			assertThat(raised.plainDetail()).isEqualTo("mail (5 of the last 5 failed)");
		});
		ExecutorReport report = this.watch.watch().report(this.watch.executor("orders"));
		assertThat(report.verdict()).isEqualTo("FAILING");
		assertThat(report.isStarved()).isFalse();
		runs("mail", 1);
		this.watch.ticks(4);
		assertThat(failing()).isNotNull();
		this.watch.ticks(1);
		assertThat(failing()).isNull();
	}

	@Test
	void whenAJobRunsOnceAMinuteThenItStandsBetweenItsRuns() {
		this.watch.ticks(30);
		for (int minute = 1; minute <= 4; minute++) {
			fails("job", 1);
			this.watch.ticks(60);
			assertThat(failing()).isNull();
		}
		fails("job", 1);
		this.watch.ticks(3);
		for (int second = 3; second <= 180; second++) {
			assertThat(failing()).as("second " + second).isNotNull();
			this.watch.ticks(1);
		}
		// three times its pause, and five good looks
		this.watch.ticks(6);
		assertThat(failing()).isNull();
	}

	// its runs before were many more than those of a window
	@Test
	void whenAJobBeginsToFailAfterManySuccessesThenItIsRaised() {
		for (int minute = 0; minute < 100; minute++) {
			runs("job", 1);
			this.watch.ticks(1);
		}
		for (int minute = 0; minute < 5; minute++) {
			this.watch.ticks(57);
			assertThat(failing()).isNull();
			fails("job", 1);
			this.watch.ticks(3);
		}
		assertThat(failing()).isNotNull()
			.satisfies((raised) -> assertThat(raised.evidence()).containsEntry("failedTasks", 5L));
		runs("job", 1);
		this.watch.ticks(5);
		assertThat(failing()).isNull();
	}

	// no task ends when the successes leave the window
	@Test
	void whenTheLastTasksFailAndNoneFollowsThenItIsRaisedOnceTheWindowHoldsOnlyThese() {
		runs("job", 100);
		this.watch.ticks(60);
		fails("job", 5);
		this.watch.ticks(5);
		assertThat(failing()).isNull();
		this.watch.ticks(10);
		assertThat(failing()).isNotNull();
	}

	@Test
	void whenTheSuccessesOfOtherNamesAreManyThenItIsRaisedForTheNameThatFails() {
		this.watch.ticks(1);
		for (int second = 0; second < 5; second++) {
			runs("orders", 500);
			fails("mail", 2);
			this.watch.ticks(1);
		}
		assertThat(failing()).isNotNull()
			.satisfies((raised) -> assertThat(raised.plainDetail()).startsWith("mail (").doesNotContain("orders"));
	}

	@Test
	void whenNineOfTenFailThenItIsRaisedAndWithOneMoreSuccessItIsNot() {
		this.watch.ticks(1);
		fails("mail", 18);
		runs("mail", 2);
		this.watch.ticks(3);
		assertThat(failing()).isNotNull();
		runs("mail", 1);
		this.watch.ticks(5);
		assertThat(failing()).isNull();
	}

	// one success in twenty is no end of it
	@Test
	void whenATaskSucceedsNowAndThenThenItStands() {
		this.watch.ticks(1);
		for (int second = 1; second <= 100; second++) {
			if (second % 20 == 0) {
				runs("mail", 1);
			}
			else {
				fails("mail", 1);
			}
			this.watch.ticks(1);
			if (second >= 7) {
				assertThat(failing()).as("second " + second).isNotNull();
			}
		}
	}

	@Test
	void whenHalfOfTheTasksFailThenItIsNotRaised() {
		for (int second = 0; second < 30; second++) {
			fails("mail", 50);
			runs("mail", 50);
			this.watch.ticks(1);
			assertThat(failing()).isNull();
		}
		this.watch.ticks(60);
		assertThat(this.watch.executor("orders").incidentCount(StarvationCause.FAILING)).isZero();
	}

	@Test
	void whenOnlyFourHaveRunThenItIsNotRaised() {
		fails("mail", 4);
		this.watch.ticks(100);
		assertThat(this.watch.executor("orders").incidentCount(StarvationCause.FAILING)).isZero();
	}

	@Test
	void whenItFailsAtTheStartAndThenSucceedsThenItIsNotRaised() {
		fails("mail", 10);
		this.watch.ticks(2);
		for (int minute = 0; minute < 10; minute++) {
			runs("mail", 1);
			this.watch.ticks(60);
		}
		assertThat(this.watch.executor("orders").incidentCount(StarvationCause.FAILING)).isZero();
	}

	// a few errors of ten thousand tasks, and then nothing runs any more
	@Test
	void whenAFewOfManyFailInOneLookThenItIsNotRaised() {
		this.watch.ticks(1);
		runs("mail", 2_000);
		fails("mail", 10);
		this.watch.ticks(100);
		assertThat(this.watch.executor("orders").incidentCount(StarvationCause.FAILING)).isZero();
	}

	@Test
	void whenTasksAreCancelledOrInterruptedThenTheyHaveNotFailed() throws InterruptedException {
		this.watch.ticks(1);
		for (int i = 0; i < 10; i++) {
			CountDownLatch started = new CountDownLatch(1);
			CountDownLatch never = new CountDownLatch(1);
			Future<?> future = this.pool.submit(NamedTask.of("mail", () -> {
				started.countDown();
				never.await();
				return null;
			}));
			Hold.await(started);
			future.cancel(true);
		}
		this.completed += 10;
		this.watch.awaitCompleted("orders", this.completed);
		run("mail", 10, () -> {
			throw new CancellationException();
		});
		this.watch.ticks(30);
		assertThat(this.watch.executor("orders").recorder().failed()).isEqualTo(20);
		assertThat(this.watch.executor("orders").incidentCount(StarvationCause.FAILING)).isZero();
		fails("mail", 5);
		this.watch.ticks(3);
		assertThat(failing()).isNotNull();
	}

	@Test
	void whenMoreNamesFailThanAreToldThenTheRestIsCounted() {
		this.watch.ticks(1);
		for (int i = 0; i < 12; i++) {
			fails("mail-" + i, 5);
		}
		this.watch.ticks(3);
		assertThat(failing()).isNotNull().satisfies((raised) -> {
			assertThat(raised.evidence()).containsEntry("names", 12).containsEntry("tasks", 60L);
			assertThat(raised.plainDetail()).endsWith(" and 2 more");
		});
	}

	@Test
	void whenTheTaskIsAFutureThatKeepsItsErrorThenItIsRaised() {
		this.watch.ticks(1);
		for (int i = 0; i < 5; i++) {
			this.pool.execute(new FutureTask<>(() -> {
				throw new IllegalArgumentException();
			}));
		}
		this.watch.awaitCompleted("orders", 5);
		this.watch.ticks(3);
		assertThat(failing()).isNotNull()
			.satisfies((raised) -> assertThat(raised.detail()).endsWith("java.lang.IllegalArgumentException"));
	}

	// the scheduler's ErrorHandler keeps the error, and the schedule goes on
	@Test
	void whenAScheduledTaskFailsBeforeItsErrorHandlerThenItIsRaised() {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setErrorHandler((ex) -> {
		});
		scheduler.initialize();
		ThreadPoolTaskScheduler metered = this.watch.decorate("scheduler", scheduler, scheduler.getScheduledExecutor(),
				ThreadPoolTaskScheduler.class);
		this.watch.ticks(1);
		CountDownLatch ran = new CountDownLatch(20);
		metered.scheduleAtFixedRate(() -> {
			ran.countDown();
			throw new IllegalStateException();
		}, Duration.ofMillis(1));
		Hold.await(ran);
		this.watch.ticks(3);
		assertThat(failing("scheduler")).isNotNull()
			.satisfies((raised) -> assertThat(raised.detail()).endsWith("java.lang.IllegalStateException"));
	}

	@Test
	void whenNothingHasFailedThenNoNameIsLookedAt() {
		FailingTasks failing = new FailingTasks(this.watch.executor("orders"), 5, 10);
		fails("mail", 5);
		// of what was counted before the failures
		TaskTotals none = TaskTotals.NONE;
		assertThat(failing.look(none, none, 1)).isEmpty();
		assertThat(failing.look(none, this.watch.executor("orders").recorder().totals(1), 1)).hasSize(1);
	}

}
