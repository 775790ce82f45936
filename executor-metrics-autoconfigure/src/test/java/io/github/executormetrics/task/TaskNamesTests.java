package io.github.executormetrics.task;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.springframework.scheduling.config.FixedRateTask;
import org.springframework.scheduling.support.ScheduledMethodRunnable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what tasks are called, whose own words may tell anything.
 */
class TaskNamesTests {

	private static final String HERE = TaskNamesTests.class.getName();

	private final TaskRecorder recorder = new TaskRecorder("orders", 2);

	@Test
	void taskIsCalledByItsClass() {
		assertThat(TaskNames.of(MeteredTask.of(new Secret(), this.recorder, false))).isEqualTo(HERE + "$Secret");
		assertThat(TaskNames.of(MeteredTask.of(new Secret(), this.recorder, true))).isEqualTo(HERE + "$Secret");
		assertThat(TaskNames.of(new MeteredFutureTask<>(new Secret(), null, this.recorder)))
			.isEqualTo(HERE + "$Secret");
		assertThat(TaskNames.of(new MeteredFutureTask<>((Callable<Object>) new Secret(), this.recorder)))
			.isEqualTo(HERE + "$Secret");
		assertThat(TaskNames.of(MeteredCallable.of(new Secret(), this.recorder))).isEqualTo(HERE + "$Secret");
		assertThat(TaskNames.of(MeteredRun.of((Runnable) new Secret(), this.recorder, Due.unknown())))
			.isEqualTo(HERE + "$Secret");
		assertThat(TaskNames.of(new Secret())).isEqualTo(HERE + "$Secret");
	}

	@Test
	void lambdaIsCalledByTheClassThatDeclaresIt() {
		Runnable task = () -> this.recorder.running();
		assertThat(TaskNames.of(MeteredTask.of(task, this.recorder, false))).isEqualTo(HERE);
		Callable<Object> callable = () -> this.recorder;
		assertThat(TaskNames.of(new MeteredFutureTask<>(callable, this.recorder))).isEqualTo(HERE);
	}

	@Test
	void taskOfACompletableFutureIsCalledSo() {
		AtomicReference<Runnable> task = new AtomicReference<>();
		CompletableFuture.runAsync(() -> {
		}, task::set);
		assertThat(TaskNames.of(MeteredTask.of(task.get(), this.recorder, false)))
			.isEqualTo("java.util.concurrent.CompletableFuture$AsyncRun");
		assertThat(TaskNames.of(MeteredTask.of(new TaskOutcome().toldBy(task.get()), this.recorder, false)))
			.isEqualTo("java.util.concurrent.CompletableFuture$AsyncRun");
	}

	@Test
	void futureOfTheUsersIsCalledByItsClass() {
		assertThat(TaskNames.of(MeteredTask.of(new FutureTask<>(new Secret(), null), this.recorder, false)))
			.isEqualTo("java.util.concurrent.FutureTask");
	}

	@Test
	void scheduledMethodIsCalledByItsName() throws Exception {
		Method method = Jobs.class.getDeclaredMethod("cleanUp");
		Runnable scheduled = new FixedRateTask(new ScheduledMethodRunnable(new Jobs(), method), Duration.ZERO,
				Duration.ZERO)
			.getRunnable();
		assertThat(TaskNames.of(MeteredRun.of(scheduled, this.recorder, Due.unknown())))
			.isEqualTo(Jobs.class.getName() + ".cleanUp");
	}

	@Test
	void whatIsRegisteredWithAScheduleIsCalledByItsClass() {
		Runnable scheduled = new FixedRateTask(new Secret(), Duration.ZERO, Duration.ZERO).getRunnable();
		assertThat(scheduled).hasToString("secret");
		assertThat(TaskNames.of(MeteredRun.of(scheduled, this.recorder, Due.unknown()))).isEqualTo(HERE + "$Secret");
	}

	static final class Secret implements Runnable, Callable<Object>, Comparable<Secret> {

		@Override
		public void run() {
		}

		@Override
		public Object call() {
			return this;
		}

		@Override
		public int compareTo(Secret other) {
			return 0;
		}

		@Override
		public String toString() {
			return "secret";
		}

	}

	static final class Jobs {

		void cleanUp() {
		}

	}

}
