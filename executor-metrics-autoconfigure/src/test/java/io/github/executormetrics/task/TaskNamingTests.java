// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.scheduling.config.FixedRateTask;
import org.springframework.scheduling.support.ScheduledMethodRunnable;

import io.github.executormetrics.NamedTask;
import io.github.executormetrics.TaskNameScope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of what tasks are called, whose own words may tell anything.
 */
@ExtendWith(OutputCaptureExtension.class)
class TaskNamingTests {

	private static final String HERE = TaskNamingTests.class.getName();

	private final TaskNaming naming = new TaskNaming(3);

	private final TaskRecorder recorder = new TaskRecorder("orders", 2, TaskSettings.defaults());

	@Test
	void taskIsCalledByItsClass() {
		assertThat(name(MeteredTask.of(new Secret(), this.recorder, false))).isEqualTo(HERE + "$Secret");
		assertThat(name(MeteredTask.of(new Secret(), this.recorder, true))).isEqualTo(HERE + "$Secret");
		assertThat(name(new MeteredFutureTask<>(new Secret(), null, this.recorder))).isEqualTo(HERE + "$Secret");
		assertThat(name(new MeteredFutureTask<>((Callable<Object>) new Secret(), this.recorder)))
			.isEqualTo(HERE + "$Secret");
		assertThat(name(MeteredCallable.of(new Secret(), this.recorder))).isEqualTo(HERE + "$Secret");
		assertThat(name(MeteredRun.of((Runnable) new Secret(), this.recorder, Due.unknown())))
			.isEqualTo(HERE + "$Secret");
		assertThat(name(new Secret())).isEqualTo(HERE + "$Secret");
	}

	@Test
	void futureStaysOneHoweverOftenItsClassHasCome() {
		for (int i = 0; i < 3; i++) {
			assertThat(MeteredTask.of(new FutureTask<>(() -> 1), this.recorder, false))
				.isInstanceOf(MeteredRunnableFuture.class);
		}
	}

	@Test
	void completionStaysOneThoughASchedulerHasNamedItsClass() {
		TaskOutcome.Completion completion = new TaskOutcome.Completion(new Secret(), new Secret(), new TaskOutcome());
		MeteredRun.of((Runnable) completion, this.recorder, Due.unknown());
		assertThat(MeteredTask.of(completion, this.recorder, false).label().hidden()).isSameAs(completion);
	}

	@Test
	void lambdaIsCalledByTheClassThatDeclaresIt() {
		Runnable task = () -> this.recorder.running();
		assertThat(name(MeteredTask.of(task, this.recorder, false))).isEqualTo(HERE);
		Callable<Object> callable = () -> this.recorder;
		assertThat(name(new MeteredFutureTask<>(callable, this.recorder))).isEqualTo(HERE);
	}

	@Test
	void taskOfACompletableFutureIsCalledByTheMethodThatMadeIt() {
		AtomicReference<Runnable> task = new AtomicReference<>();
		CompletableFuture<Void> run = CompletableFuture.runAsync(() -> {
		}, task::set);
		assertThat(name(MeteredTask.of(task.get(), this.recorder, false))).isEqualTo("CompletableFuture.runAsync");
		CompletableFuture.supplyAsync(() -> 1, task::set);
		assertThat(name(MeteredTask.of(task.get(), this.recorder, false))).isEqualTo("CompletableFuture.supplyAsync");
		run.complete(null);
		run.thenApplyAsync((nothing) -> 1, task::set);
		assertThat(name(MeteredTask.of(task.get(), this.recorder, false)))
			.isEqualTo("CompletableFuture.thenApplyAsync");
		run.thenCombineAsync(run, (one, other) -> 1, task::set);
		assertThat(name(MeteredTask.of(task.get(), this.recorder, false)))
			.isEqualTo("CompletableFuture.thenCombineAsync");
		run.thenRunAsync(() -> {
		}, task::set);
		assertThat(name(MeteredTask.of(task.get(), this.recorder, false))).isEqualTo("CompletableFuture.thenRunAsync");
	}

	@Test
	void taskThatBecomesACompletableFutureIsCalledByItsClass() {
		Runnable completion = new TaskOutcome().toldBy(() -> {
		}, new Secret());
		assertThat(name(MeteredTask.of(completion, this.recorder, false))).isEqualTo(HERE + "$Secret");
	}

	@Test
	void futureOfTheUsersIsCalledByItsClass() {
		assertThat(name(MeteredTask.of(new FutureTask<>(new Secret(), null), this.recorder, false)))
			.isEqualTo("java.util.concurrent.FutureTask");
	}

	@Test
	void scheduledMethodIsCalledByItsClassAndName() throws Exception {
		Method method = Jobs.class.getDeclaredMethod("cleanUp");
		Runnable scheduled = new FixedRateTask(new ScheduledMethodRunnable(new Jobs(), method), Duration.ZERO,
				Duration.ZERO)
			.getRunnable();
		assertThat(name(MeteredRun.of(scheduled, this.recorder, Due.unknown())))
			.isEqualTo("TaskNamingTests.Jobs.cleanUp");
	}

	@Test
	void methodOfAGeneratedClassIsCalledByTheUsersClass() {
		assertThat(TaskNaming.ofMethod("com.acme.Orders$$SpringCGLIB$$0.place")).isEqualTo("Orders.place");
		assertThat(TaskNaming.ofMethod("Orders.place")).isEqualTo("Orders.place");
	}

	@Test
	void whatIsRegisteredWithAScheduleIsCalledByItsClass() {
		Runnable scheduled = new FixedRateTask(new Secret(), Duration.ZERO, Duration.ZERO).getRunnable();
		assertThat(scheduled).hasToString("secret");
		assertThat(name(MeteredRun.of(scheduled, this.recorder, Due.unknown()))).isEqualTo(HERE + "$Secret");
	}

	@Test
	void namedTaskIsCalledByItsName() throws Exception {
		assertThat(name(MeteredTask.of(NamedTask.of("mail", () -> {
		}), this.recorder, false))).isEqualTo("mail");
		Callable<Object> callable = NamedTask.of("answer", () -> 42);
		assertThat(name(new MeteredFutureTask<>(callable, this.recorder))).isEqualTo("answer");
		assertThat(callable.call()).isEqualTo(42);
	}

	@Test
	void namedTaskThatSpringWrapsIsCalledByItsName() {
		Runnable scheduled = new FixedRateTask(NamedTask.of("clean up", () -> {
		}), Duration.ZERO, Duration.ZERO).getRunnable();
		assertThat(name(MeteredRun.of(scheduled, this.recorder, Due.unknown()))).isEqualTo("clean up");
		try (TaskNameScope scope = TaskNameScope.open("night")) {
			assertThat(name(MeteredRun.of(scheduled, this.recorder, Due.unknown()))).isEqualTo("clean up");
		}
	}

	// an executor that hands its tasks to another one had all of them under our class
	// there
	@Test
	void taskThatIsHandedOnIsCalledAsBefore() {
		TaskRecorder next = new TaskRecorder("next", 2, TaskSettings.defaults());
		next.labels().of(new Secret());
		Runnable named = MeteredTask.of(NamedTask.of("mail", () -> {
		}), this.recorder, false);
		assertThat(name(MeteredTask.of(named, next, false))).isEqualTo("mail");
		assertThat(name(new MeteredFutureTask<>(MeteredCallable.of(new Secret(), this.recorder), next)))
			.isEqualTo(HERE + "$Secret");
	}

	@Test
	void namedTaskKeepsItsOrder() {
		Runnable low = NamedTask.of("low", (Runnable) new Ranked(1));
		MeteredTask one = MeteredTask.of(low, this.recorder, true);
		MeteredTask other = MeteredTask.of(NamedTask.of("high", (Runnable) new Ranked(2)), this.recorder, true);
		assertThat(((MeteredComparableTask) one).compareTo(other)).isNegative();
		assertThat(((MeteredComparableTask) other).compareTo(one)).isPositive();
		assertThat(((MeteredComparableTask) one).compareTo(MeteredTask.of(low, this.recorder, true))).isZero();
	}

	@Test
	void taskWhoseNameFailsOrIsBlankIsCalledByItsClass() {
		assertThat(name(MeteredTask.of(new Nameless(() -> {
			throw new IllegalStateException("no name");
		}), this.recorder, false))).isEqualTo(HERE + "$Nameless");
		assertThat(name(MeteredTask.of(new Nameless(() -> " "), this.recorder, false))).isEqualTo(HERE + "$Nameless");
		assertThat(name(MeteredTask.of(new Nameless(() -> null), this.recorder, false))).isEqualTo(HERE + "$Nameless");
	}

	// a line break in a name forged a line of the log
	@Test
	void nameIsOneLineAndOneName() {
		TaskNaming naming = new TaskNaming(2);
		TaskName name = naming.name("import\ncustomers");
		assertThat(name.value()).isEqualTo("import_customers");
		assertThat(naming.name("import\rcustomers")).isSameAs(name);
		assertThat(naming.name("\u0000").value()).isEqualTo("_");
		// all are given away, and those that are known stay so
		assertThat(naming.name("\u2029other\u2028").value()).isEqualTo(TaskNaming.OTHER);
		assertThat(naming.name("import\u0085customers")).isSameAs(name);
		assertThat(naming.name("import_customers")).isSameAs(name);
	}

	@Test
	void methodWithoutAClassIsCalledByItself() {
		assertThat(TaskNaming.ofMethod("place")).isEqualTo("place");
	}

	@Test
	void scopeNamesWhatIsSubmittedInIt() {
		try (TaskNameScope outer = TaskNameScope.open("night")) {
			assertThat(name(MeteredTask.of(new Secret(), this.recorder, false))).isEqualTo("night");
			try (TaskNameScope inner = TaskNameScope.open("mails")) {
				assertThat(name(MeteredCallable.of(new Secret(), this.recorder))).isEqualTo("mails");
				assertThat(name(MeteredTask.of(NamedTask.of("mail", () -> {
				}), this.recorder, false))).isEqualTo("mail");
			}
			assertThat(TaskNameScope.current()).isEqualTo("night");
			try (TaskNameScope none = TaskNameScope.none()) {
				assertThat(name(MeteredTask.of(new Secret(), this.recorder, false))).isEqualTo(HERE + "$Secret");
			}
		}
		assertThat(TaskNameScope.current()).isNull();
		assertThat(name(MeteredTask.of(new Secret(), this.recorder, false))).isEqualTo(HERE + "$Secret");
	}

	@Test
	void scopeDoesNotReachIntoATaskThatRunsInline() {
		AtomicReference<MeteredTask> inner = new AtomicReference<>();
		try (TaskNameScope scope = TaskNameScope.open("night")) {
			MeteredTask.of(() -> inner.set(MeteredTask.of(new Secret(), this.recorder, false)), this.recorder, false)
				.run();
			assertThat(TaskNameScope.current()).isEqualTo("night");
		}
		assertThat(name(inner.get())).isEqualTo(HERE + "$Secret");
	}

	@Test
	void scopeClosedOutOfOrderLeavesNoneOpen() {
		TaskNameScope outer = TaskNameScope.open("outer");
		TaskNameScope inner = TaskNameScope.open("inner");
		outer.close();
		assertThat(TaskNameScope.current()).isEqualTo("inner");
		inner.close();
		inner.close();
		assertThat(TaskNameScope.current()).isNull();
	}

	@Test
	void scopeClosedByAnotherThreadIsAnError() {
		try (TaskNameScope scope = TaskNameScope.open("mine")) {
			CompletableFuture<Void> closing = CompletableFuture.runAsync(scope::close);
			assertThatIllegalStateException().isThrownBy(() -> {
				try {
					closing.join();
				}
				catch (CompletionException ex) {
					throw (RuntimeException) ex.getCause();
				}
			}).withMessageContaining("'mine'").withMessageContaining(Thread.currentThread().getName());
		}
	}

	@Test
	void blankNameIsAnErrorThatSaysWhatIsAllowed() {
		assertThatIllegalArgumentException().isThrownBy(() -> NamedTask.of(" ", () -> {
		})).withMessage("The task name ' ' is not allowed: it must not be blank");
		assertThatIllegalArgumentException().isThrownBy(() -> TaskNameScope.open(""))
			.withMessageContaining("must not be blank");
	}

	@Test
	void whenNamesAreGivenAwayThenTheRestIsOtherAndTheLogSaysSoOnce(CapturedOutput output) {
		TaskName first = this.naming.name("1");
		this.naming.name("2");
		assertThat(output).doesNotContain("max-names");
		this.naming.name("3");
		assertThat(this.naming.name("4")).isSameAs(this.naming.name("5")).hasToString("other");
		assertThat(this.naming.name("1")).isSameAs(first);
		assertThat(this.naming.names()).extracting(TaskName::value).containsExactlyInAnyOrder("other", "1", "2", "3");
		assertThat(output.getOut().split("max-names", -1)).hasSize(2);
	}

	@Test
	void whenThreadsAskAtOnceThenEachNameHasOneObjectAndTheBoundHolds() {
		TaskNaming many = new TaskNaming(50);
		CountDownLatch go = new CountDownLatch(1);
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			var found = IntStream.range(0, 4).mapToObj((thread) -> threads.submit(() -> {
				go.await();
				return IntStream.range(0, 200).mapToObj((i) -> many.name("n" + i % 60)).toList();
			})).toList();
			go.countDown();
			for (var names : found) {
				assertThat(names.get()).allSatisfy((name) -> assertThat(many.name(name.value())).isSameAs(name));
			}
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(many.names()).hasSize(51)
			.extracting(TaskName::index)
			.containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(0, 50).boxed().toList());
	}

	private static String name(Object task) {
		return TaskNaming.describe(task);
	}

	record Nameless(Supplier<@Nullable String> name) implements Runnable, NamedTask {

		@Override
		public @Nullable String taskName() {
			return this.name.get();
		}

		@Override
		public void run() {
		}

	}

	record Ranked(int rank) implements Runnable, Comparable<Ranked> {

		@Override
		public int compareTo(Ranked other) {
			return Integer.compare(this.rank, other.rank);
		}

		@Override
		public void run() {
		}

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
