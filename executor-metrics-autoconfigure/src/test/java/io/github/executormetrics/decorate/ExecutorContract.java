// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.task.Handling;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds for every decorated executor, whatever it can do beyond running tasks.
 *
 * @param <E> the type by which users know it
 */
abstract class ExecutorContract<E extends Executor> implements DecoratedKind<E> {

	private final Bench bench;

	ExecutorContract() {
		this(new Bench());
	}

	ExecutorContract(Bench bench) {
		this.bench = bench;
	}

	@Override
	public final Bench bench() {
		return this.bench;
	}

	@AfterEach
	void stopAll() {
		this.bench.stopAll();
	}

	@Test
	void whenDecoratedThenTasksAreCovered() {
		decorated();
		assertThat(this.bench.monitored().coverage()).isEqualTo(Coverage.TASKS);
	}

	/**
	 * Row: interrupts, thread names, context class loader, uncaught handlers changed.
	 */
	@Test
	void whenTaskRunsThenItsThreadIsAsUndecorated() {
		assertThat(threadOf(decorated())).isEqualTo(threadOf(twin()));
	}

	private ThreadLook threadOf(E executor) {
		CompletableFuture<ThreadLook> look = new CompletableFuture<>();
		executor.execute(() -> look.complete(ThreadLook.ofCurrent()));
		return look.orTimeout(20, TimeUnit.SECONDS).join();
	}

	/**
	 * Row: interrupts, thread names, context class loader, uncaught handlers changed.
	 */
	@Test
	void whenTaskThrowsThenItsErrorGoesWhereItGoesUndecorated() throws Exception {
		ContractThreads decoratedThreads = new ContractThreads();
		E decorated = this.bench.decorate(this.bench.stopLater(undecorated(decoratedThreads)), declared());
		List<String> seen = errorsOf(decorated, decoratedThreads);
		assertThat(this.bench.atRest().failed()).isEqualTo(1);
		ContractThreads twinThreads = new ContractThreads();
		assertThat(seen).isEqualTo(errorsOf(this.bench.stopLater(undecorated(twinThreads)), twinThreads));
	}

	private List<String> errorsOf(E executor, ContractThreads threads) throws InterruptedException {
		List<String> errors = new ArrayList<>();
		AtomicReference<@Nullable Thread> worker = new AtomicReference<>();
		CountDownLatch started = new CountDownLatch(1);
		Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
		Thread.setDefaultUncaughtExceptionHandler(threads);
		try {
			executor.execute(() -> {
				worker.set(Thread.currentThread());
				started.countDown();
				throw new IllegalStateException("thrown by the task");
			});
		}
		catch (RuntimeException ex) {
			errors.add("to the submitter: " + ex);
		}
		Hold.await(started);
		try {
			Thread thread = worker.get();
			if (thread != null && thread != Thread.currentThread()) {
				this.bench.stopAll();
				// told on the thread itself, before it ends
				thread.join(20_000);
				assertThat(thread.isAlive()).isFalse();
			}
		}
		finally {
			Thread.setDefaultUncaughtExceptionHandler(before);
		}
		errors.addAll(threads.uncaught());
		return errors;
	}

	/**
	 * Row: interrupts, thread names, context class loader, uncaught handlers changed.
	 */
	@Test
	void whenSubmitterIsInterruptedThenItStaysSoAndTheTaskIsNot() {
		assertThat(interruptsOf(decorated())).isEqualTo(interruptsOf(twin()));
	}

	private Map<String, Boolean> interruptsOf(E executor) {
		CompletableFuture<Boolean> seen = new CompletableFuture<>();
		Thread.currentThread().interrupt();
		executor.execute(() -> seen.complete(Thread.currentThread().isInterrupted()));
		boolean submitter = Thread.interrupted();
		return Map.of("submitter", submitter, "task", seen.orTimeout(20, TimeUnit.SECONDS).join());
	}

	/**
	 * Row: an inline executor whose task itself throws RejectedExecutionException counted
	 * as a rejection.
	 */
	@Test
	void whenTaskItselfThrowsRejectedExecutionExceptionThenItIsAnError() {
		E executor = decorated();
		CountDownLatch started = new CountDownLatch(1);
		try {
			executor.execute(() -> {
				started.countDown();
				throw new RejectedExecutionException("thrown by the task");
			});
		}
		catch (RejectedExecutionException ex) {
			// an inline executor passes it on
		}
		Hold.await(started);
		TaskTotals totals = this.bench.atRest();
		assertThat(totals.submitted()).isEqualTo(1);
		assertThat(totals.failed()).isEqualTo(1);
		assertThat(this.bench.monitored().rejected()).isZero();
	}

	/**
	 * Row: a GC'd wrapper's finalizer shut the pool down.
	 */
	@Test
	void whenOnlyTheDecoratedOneIsKeptThenItStillRunsTasks() {
		Bench own = new Bench();
		E executor = own.decorate(undecorated(new ContractThreads()), declared());
		System.gc();
		System.gc();
		awaitRun(executor);
		own.stopLater(executor).execute(() -> {
		});
		own.stopAll();
	}

	/**
	 * Row: a GC'd wrapper's finalizer shut the pool down.
	 */
	@Test
	void whenTheDecoratedOneIsDroppedThenTheRawOneStillRunsTasks() {
		E raw = twin();
		WeakReference<Object> garbage = new WeakReference<>(new Object());
		awaitRun(this.bench.decorate(raw, declared()));
		Bench.collect(garbage);
		System.gc();
		awaitRun(raw);
	}

	private void awaitRun(Executor executor) {
		CountDownLatch ran = new CountDownLatch(1);
		executor.execute(ran::countDown);
		Hold.await(ran);
	}

	/**
	 * Row: invokeAll dropped wrapped tasks.
	 */
	@Test
	void whenCompletionServiceSubmitsThenEachTaskIsCountedOnce() throws Exception {
		ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(decorated());
		int sum = 0;
		for (int i = 1; i <= 10; i++) {
			int value = i;
			service.submit(() -> value);
		}
		for (int i = 1; i <= 10; i++) {
			sum += service.take().get();
		}
		assertThat(sum).isEqualTo(55);
		TaskTotals totals = this.bench.atRest();
		assertThat(totals.submitted()).isEqualTo(10);
		assertThat(totals.succeeded()).isEqualTo(10);
	}

	/**
	 * Row: submitted counted before the delegate refused.
	 */
	@Test
	void whenManyThreadsSubmitThenEachTaskIsCountedOnce() {
		E executor = decorated();
		AtomicInteger ran = new AtomicInteger();
		Fire.from(4, 500, (random) -> {
			try {
				executor.execute(() -> {
					if (ran.incrementAndGet() % 100 == 0) {
						throw new Fire.Expected();
					}
				});
			}
			catch (Fire.Expected ex) {
				// an inline executor passes it on
			}
		});
		Bench.await().until(() -> ran.get() == 2000);
		TaskTotals totals = this.bench.atRest();
		assertThat(totals.submitted()).isEqualTo(2000);
		assertThat(totals.failed()).isEqualTo(20);
		assertThat(this.bench.rejected(Handling.ABORTED)).isZero();
	}

	/**
	 * Row: getters answered for the wrapper.
	 */
	@Test
	void whenAskedThenEveryGetterAnswersAsUndecorated() {
		E raw = twin();
		E executor = this.bench.decorate(raw, declared());
		Getters getters = new Getters((declared() != null) ? declared() : raw.getClass());
		assertThat(getters.of(executor)).isEqualTo(getters.of(raw));
		getters.change(executor);
		assertThat(getters.of(executor)).isEqualTo(getters.of(raw));
	}

	/**
	 * What a task can see of its thread.
	 */
	record ThreadLook(String name, boolean daemon, int priority, @Nullable ClassLoader loader, String group,
			Class<?> type, boolean interrupted) {

		static ThreadLook ofCurrent() {
			Thread thread = Thread.currentThread();
			ThreadGroup group = thread.getThreadGroup();
			return new ThreadLook(thread.getName().replaceAll("\\d+", "#"), thread.isDaemon(), thread.getPriority(),
					thread.getContextClassLoader(), (group != null) ? group.getName() : "", thread.getClass(),
					thread.isInterrupted());
		}

	}

	/**
	 * Every getter of a type, found by reflection, and its setter.
	 */
	static final class Getters {

		// they give the delegating pool, or are asked for what the user set, elsewhere
		private static final Set<String> OTHERS = Set.of("getClass", "getThreadPoolExecutor",
				"getScheduledThreadPoolExecutor", "getScheduledExecutor", "getRejectedExecutionHandler",
				"getThreadFactory");

		private final Class<?> type;

		Getters(Class<?> type) {
			this.type = type;
		}

		Map<String, @Nullable Object> of(Object executor) {
			Map<String, @Nullable Object> answers = new TreeMap<>();
			for (Method method : this.type.getMethods()) {
				if (isGetter(method)) {
					answers.put(method.getName(), call(method, executor));
				}
				else if (method.getName().equals("getKeepAliveTime")) {
					answers.put(method.getName(), call(method, executor, TimeUnit.NANOSECONDS));
				}
			}
			return answers;
		}

		/**
		 * Give every number and switch another value through the object's setters.
		 */
		void change(Object executor) {
			for (Method getter : this.type.getMethods()) {
				if (isGetter(getter)) {
					String property = getter.getName().replaceFirst("^(get|is)", "");
					Object value = call(getter, executor);
					Arrays.stream(this.type.getMethods())
						.filter((setter) -> setter.getName().equals("set" + property)
								&& setter.getParameterCount() == 1)
						.forEach((setter) -> call(setter, executor, other(value)));
				}
			}
		}

		private static @Nullable Object other(@Nullable Object value) {
			if (value instanceof Boolean on) {
				return !on;
			}
			return (value instanceof Integer number && number < Integer.MAX_VALUE) ? (Object) (number + 1) : value;
		}

		private static boolean isGetter(Method method) {
			return method.getParameterCount() == 0 && method.getReturnType() != void.class
					&& !Modifier.isStatic(method.getModifiers()) && !OTHERS.contains(method.getName())
					&& (method.getName().matches("(get|is|allows).*") || method.getName().equals("toString"));
		}

		private static @Nullable Object call(Method method, Object executor, @Nullable Object... arguments) {
			try {
				Object answer = method.invoke(executor, arguments);
				// one in front of the queue is not the queue, and contains the same
				return (answer instanceof Queue<?> queue) ? List.copyOf(queue) : answer;
			}
			catch (InvocationTargetException ex) {
				return ex.getTargetException().toString();
			}
			catch (IllegalAccessException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
