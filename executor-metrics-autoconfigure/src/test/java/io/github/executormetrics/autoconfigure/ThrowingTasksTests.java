// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Spliterator;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.NamedTask;
import io.github.executormetrics.TaskNameScope;
import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.autoconfigure.Thrower.Thrown;
import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Row: a user's RunnableFuture whose isCancelled throws. Whatever a task throws where
 * this library asks it something, it runs and is counted.
 */
@ExtendWith(OutputCaptureExtension.class)
class ThrowingTasksTests {

	private static final List<String> CALLS = List.of("none", "taskName", "isCancelled", "isDone", "get", "getCause",
			"equals", "hashCode", "toString");

	private final ApplicationContextRunner runner = Runners.with()
		.withPropertyValues("executor-metrics.watch.interval=20ms")
		.withBean("pool", ThreadPoolExecutor.class,
				() -> new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()))
		.withBean("tasks", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
		.withBean("simple", SimpleAsyncTaskExecutor.class, SimpleAsyncTaskExecutor::new)
		.withBean("scheduler", ThreadPoolTaskScheduler.class, ThreadPoolTaskScheduler::new)
		.withBean("adapter", ConcurrentTaskExecutor.class,
				() -> new ConcurrentTaskExecutor(Executors.newSingleThreadExecutor()))
		.withBean("service", ExecutorService.class, Executors::newSingleThreadExecutor);

	@ParameterizedTest
	@EnumSource
	void whenUsersRunnableFutureThrowsThenItsTaskRuns(Thrown thrown) {
		this.runner.run((context) -> {
			Map<String, Executor> executors = context.getBeansOfType(Executor.class);
			assertThat(executors).hasSize(6);
			executors.forEach((name, executor) -> {
				for (String call : CALLS) {
					ThrowingFuture task = new ThrowingFuture(new Thrower(call, thrown).armed());
					executor.execute(task);
					task.awaitRun(name);
				}
				await().untilAsserted(() -> assertBalanced(Runners.tasks(context, name), CALLS.size()));
			});
			Ticks.await(context, 3);
			executors.keySet()
				.forEach((name) -> assertThat(Runners.shown(context, name).verdict()).as(name).isEqualTo("HEALTHY"));
		});
	}

	@ParameterizedTest
	@EnumSource
	void whenTheNameOfATaskThrowsThenItRunsByTheNameOfItsClass(Thrown thrown) {
		this.runner.run((context) -> {
			AsyncTaskExecutor tasks = context.getBean("tasks", AsyncTaskExecutor.class);
			TaskScheduler scheduler = context.getBean(TaskScheduler.class);
			ThrowingCall call = new ThrowingCall(new Thrower("taskName", thrown).armed());
			assertThat(Runners.get(tasks.submit(call))).isEqualTo("called");
			assertThat(Runners.get(tasks.submitCompletable(call))).isEqualTo("called");
			ThrowingFuture scheduled = new ThrowingFuture(new Thrower("taskName", thrown).armed());
			scheduler.schedule(scheduled, Instant.now());
			scheduled.awaitRun("schedule");
			ThrowingFuture repeated = new ThrowingFuture(new Thrower("taskName", thrown).armed());
			Future<?> schedule = scheduler.scheduleWithFixedDelay(repeated, Duration.ofMillis(1));
			repeated.awaitRun("scheduleWithFixedDelay");
			schedule.cancel(false);
			await().untilAsserted(() -> assertBalanced(Runners.tasks(context, "tasks"), 2));
			assertThat(Runners.named(context, "tasks")).containsOnlyKeys(ThrowingCall.class.getName(),
					"CompletableFuture.supplyAsync");
		});
	}

	// without this library nobody asks for the names of the tasks of a bulk call either
	@ParameterizedTest
	@EnumSource
	void whenACollectionOfTasksGivesAnIteratorOnlyThenAllOfThemRun(Thrown thrown) {
		this.runner.withBean("inherited", ThreadPoolTaskScheduler.class, ThreadPoolTaskScheduler::new)
			.run((context) -> {
				List<Callable<String>> calls = List.of(() -> "one", () -> "two");
				ExecutorService scheduled = context.getBean("inherited", ThreadPoolTaskScheduler.class)
					.getScheduledThreadPoolExecutor();
				for (ExecutorService service : List.of(context.getBean("pool", ExecutorService.class),
						context.getBean("service", ExecutorService.class), scheduled)) {
					List<Object> results = new ArrayList<>();
					for (Future<String> future : service.invokeAll(new ThrowingCollection<>(calls, thrown))) {
						results.add(Runners.get(future));
					}
					assertThat(results).containsExactly("one", "two");
				}
				await().untilAsserted(() -> assertBalanced(Runners.tasks(context, "service"), 2));
			});
	}

	// the same as without this library: the queue itself compares, on the submitter
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNSPEAKABLE")
	void whenTheComparisonOfATaskThrowsThenTheSubmitterIsToldAndTheCountsHold(Thrown thrown) {
		ThreadPoolExecutor bare = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new PriorityBlockingQueue<>());
		Throwable expected = refused(bare, thrown);
		bare.shutdownNow();
		this.runner
			.withBean("ordered", ThreadPoolExecutor.class,
					() -> new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new PriorityBlockingQueue<>()))
			.run((context) -> {
				Throwable told = refused(context.getBean("ordered", ThreadPoolExecutor.class), thrown);
				assertThat(told).hasSameClassAs(expected);
				await().untilAsserted(() -> assertBalanced(Runners.tasks(context, "ordered"), 2));
				assertThat(Runners.tasks(context, "ordered").rejected()).isZero();
			});
	}

	private static Throwable refused(ThreadPoolExecutor pool, Thrown thrown) {
		CountDownLatch hold = new CountDownLatch(1);
		pool.execute(new Compared(new Thrower("none", thrown), hold));
		CountDownLatch open = new CountDownLatch(0);
		pool.execute(new Compared(new Thrower("none", thrown), open));
		Throwable told = null;
		try {
			pool.execute(new Compared(new Thrower("compareTo", thrown).armed(), open));
		}
		catch (Throwable ex) {
			told = ex;
		}
		hold.countDown();
		return Objects.requireNonNull(told);
	}

	// a clock of the user's is asked by the scheduler, too, so only once by us
	@ParameterizedTest
	@EnumSource
	void whenTheClockOfASchedulerThrowsForUsThenItsTasksRun(Thrown thrown) {
		ThrowingClock clock = new ThrowingClock(new Thrower("instant", thrown));
		this.runner.withBean("clocked", SimpleAsyncTaskScheduler.class, () -> {
			SimpleAsyncTaskScheduler scheduler = new SimpleAsyncTaskScheduler();
			scheduler.setClock(clock);
			return scheduler;
		}).run((context) -> {
			SimpleAsyncTaskScheduler scheduler = context.getBean("clocked", SimpleAsyncTaskScheduler.class);
			CountDownLatch ran = new CountDownLatch(3);
			clock.throwOnce();
			scheduler.schedule(ran::countDown, Instant.now());
			clock.throwOnce();
			scheduler.scheduleAtFixedRate(ran::countDown, Instant.now(), Duration.ofHours(1));
			scheduler.schedule(ran::countDown, (trigger) -> {
				clock.throwOnce();
				return (trigger.lastCompletion() == null) ? Instant.now() : null;
			});
			assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(clock.thrower.calls()).isGreaterThanOrEqualTo(3);
			clock.thrower.disarm();
			await().untilAsserted(() -> assertBalanced(Runners.tasks(context, "clocked"), 3));
		});
	}

	// row: a task named with a line break, a forged line in the log
	@Test
	void whenATaskIsNamedWithALineBreakThenNoLineOfTheLogIsForged(CapturedOutput output) {
		String forged = "2026-01-01 00:00:00 ERROR all is lost";
		List<String> breaks = List.of("\n", "\r", "\r\n", "\u0085", "\u2028", "\u001b[2J");
		Logger logger = (Logger) LoggerFactory.getLogger("io.github.executormetrics.executor");
		logger.setLevel(Level.DEBUG);
		try {
			this.runner.withPropertyValues("executor-metrics.watch.grace=0s", "executor-metrics.limits.stuck=1ms")
				.withBean("two\n" + forged, ThreadPoolExecutor.class,
						() -> new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
								(work) -> new Thread(work, "thread\nnext")))
				.run((context) -> {
					ThreadPoolExecutor pool = context.getBean("two\n" + forged, ThreadPoolExecutor.class);
					// of a name that has ended before, it is stuck
					Runners.get(pool.submit(NamedTask.of("named\n" + forged, () -> "done")));
					CountDownLatch hold = new CountDownLatch(1);
					for (String each : breaks) {
						pool.execute(NamedTask.of("named" + each + forged, () -> Hold.until(hold)));
					}
					try (TaskNameScope scope = TaskNameScope.open("scoped\n" + forged)) {
						pool.execute(() -> {
						});
					}
					await().until(() -> output.toString().contains("has a stuck task"));
					hold.countDown();
					await().untilAsserted(
							() -> assertThat(Runners.tasks(context, "two\n" + forged).completed()).isEqualTo(8));
					assertThat(Runners.named(context, "two\n" + forged)).containsKeys("named_" + forged,
							"named__" + forged, "named_[2J" + forged, "scoped_" + forged);
				});
		}
		finally {
			logger.setLevel(null);
		}
		assertThat(output.toString()).contains("named_" + forged, " on thread_next", "two_" + forged)
			.doesNotContain("\u001b[2J");
		assertThat(output.toString().split("\\R")).noneMatch((line) -> line.startsWith(forged));
	}

	private static void assertBalanced(ExecutorDescriptor.TasksDescriptor tasks, int submitted) {
		assertThat(tasks.submitted()).isEqualTo(submitted);
		assertThat(tasks.active()).isZero();
		assertThat(tasks.completed() + tasks.cancelled()).isEqualTo(submitted);
	}

	private static final class ThrowingFuture implements RunnableFuture<String>, NamedTask {

		private final Thrower thrower;

		private final CountDownLatch ran = new CountDownLatch(1);

		ThrowingFuture(Thrower thrower) {
			this.thrower = thrower;
		}

		void awaitRun(String executor) {
			try {
				assertThat(this.ran.await(10, TimeUnit.SECONDS)).as(this.thrower.call() + " on " + executor).isTrue();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void run() {
			this.ran.countDown();
		}

		@Override
		public String taskName() {
			this.thrower.at("taskName");
			return "throwing";
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			return false;
		}

		@Override
		public boolean isCancelled() {
			this.thrower.at("isCancelled");
			return false;
		}

		@Override
		public boolean isDone() {
			this.thrower.at("isDone");
			return this.ran.getCount() == 0;
		}

		@Override
		public String get() throws ExecutionException {
			this.thrower.at("get");
			if (this.thrower.call().equals("getCause")) {
				throw new ThrowingException(this.thrower);
			}
			return "done";
		}

		@Override
		public String get(long timeout, TimeUnit unit) throws ExecutionException {
			return get();
		}

		@Override
		public boolean equals(Object other) {
			this.thrower.at("equals");
			return super.equals(other);
		}

		@Override
		public int hashCode() {
			this.thrower.at("hashCode");
			return super.hashCode();
		}

		@Override
		public String toString() {
			this.thrower.at("toString");
			return super.toString();
		}

	}

	private static final class ThrowingException extends ExecutionException {

		private final transient Thrower thrower;

		ThrowingException(Thrower thrower) {
			super("user");
			this.thrower = thrower;
		}

		@Override
		public synchronized Throwable getCause() {
			this.thrower.at("getCause");
			return super.getCause();
		}

	}

	private record ThrowingCall(Thrower thrower) implements Callable<String>, NamedTask {

		@Override
		public String call() {
			return "called";
		}

		@Override
		public String taskName() {
			this.thrower.at("taskName");
			return "throwing";
		}

	}

	/**
	 * Compares by throwing, as a task of the user's own queue.
	 */
	private record Compared(Thrower thrower, CountDownLatch hold) implements Runnable, Comparable<Compared> {

		@Override
		public void run() {
			Hold.until(this.hold);
		}

		@Override
		public int compareTo(Compared other) {
			this.thrower.at("compareTo");
			return 0;
		}

	}

	private static final class ThrowingCollection<T> extends AbstractCollection<T> {

		private final Collection<T> elements;

		private final Thrower thrower;

		ThrowingCollection(Collection<T> elements, Thrown thrown) {
			this.elements = elements;
			this.thrower = new Thrower("stream", thrown).armed();
		}

		@Override
		public Iterator<T> iterator() {
			return this.elements.iterator();
		}

		@Override
		public int size() {
			return this.elements.size();
		}

		@Override
		public Stream<T> stream() {
			this.thrower.at("stream");
			return super.stream();
		}

		@Override
		public Spliterator<T> spliterator() {
			this.thrower.at("stream");
			return super.spliterator();
		}

	}

	/**
	 * Throws at the next call, which is ours.
	 */
	private static final class ThrowingClock extends Clock {

		private final Thrower thrower;

		ThrowingClock(Thrower thrower) {
			this.thrower = thrower;
		}

		void throwOnce() {
			this.thrower.armed();
		}

		@Override
		public Instant instant() {
			try {
				this.thrower.at("instant");
			}
			finally {
				this.thrower.disarm();
			}
			return Instant.now();
		}

		@Override
		public ZoneId getZone() {
			return ZoneId.systemDefault();
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}
