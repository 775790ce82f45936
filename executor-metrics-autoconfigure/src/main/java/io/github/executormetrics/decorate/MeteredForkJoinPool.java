// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.Thread.UncaughtExceptionHandler;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.objenesis.SpringObjenesis;
import org.springframework.util.ReflectionUtils;

/**
 * A {@link ForkJoinPool} in front of another: runnables and callables are metered,
 * everything else is the other's. A {@link ForkJoinTask} passes as it is: whoever joins
 * it looks for this very object in the queues, and it may end long after its run.
 */
@SuppressWarnings({ "NullAway", "unchecked" }) // the pool answers each call, null
												// included
public class MeteredForkJoinPool extends ForkJoinPool {

	private static final SpringObjenesis OBJENESIS = new SpringObjenesis();

	private ForkJoinPool delegate;

	private TaskIntake intake;

	private ScheduleIntake schedules;

	MeteredForkJoinPool() {
		// never called
	}

	/**
	 * Creates a pool without its constructor, which would take a number that the next
	 * pool's threads have in their names, and add a pool to thread dumps.
	 * @param delegate the pool itself
	 * @param intake where its tasks go through
	 * @return the pool in front, which has no threads
	 */
	static MeteredForkJoinPool of(ForkJoinPool delegate, TaskIntake intake) {
		MeteredForkJoinPool pool = OBJENESIS.newInstance(MeteredForkJoinPool.class);
		pool.delegate = delegate;
		pool.intake = intake;
		pool.schedules = new ScheduleIntake(intake.recorder());
		return pool;
	}

	/**
	 * The tasks of {@link CompletableFuture} are fork/join tasks that nobody joins.
	 */
	private static boolean isJoined(Runnable task) {
		return task instanceof ForkJoinTask<?> && !(task instanceof CompletableFuture.AsynchronousCompletionTask);
	}

	@Override
	public void execute(Runnable task) {
		if (isJoined(task)) {
			this.delegate.execute(task);
		}
		else {
			this.intake.execute(task, this.delegate);
		}
	}

	@Override
	public void execute(ForkJoinTask<?> task) {
		this.delegate.execute(task);
	}

	@Override
	public <T> ForkJoinTask<T> submit(ForkJoinTask<T> task) {
		return this.delegate.submit(task);
	}

	@Override
	public ForkJoinTask<?> submit(Runnable task) {
		Function<Runnable, ForkJoinTask<?>> submit = this.delegate::submit;
		return (task instanceof ForkJoinTask<?>) ? submit.apply(task) : this.intake.submitThrough(task, submit);
	}

	@Override
	public <T> ForkJoinTask<T> submit(Runnable task, T result) {
		return this.intake.submitThrough(task, (metered) -> this.delegate.submit(metered, result));
	}

	@Override
	public <T> ForkJoinTask<T> submit(Callable<T> task) {
		Function<Callable<T>, ForkJoinTask<T>> submit = this.delegate::submit;
		return this.intake.submitThrough(task, submit);
	}

	@Override
	public <T> T invoke(ForkJoinTask<T> task) {
		return this.delegate.invoke(task);
	}

	@Override
	public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) {
		return this.delegate.invokeAll(this.intake.wrapAll(tasks));
	}

	@Override
	public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
			throws InterruptedException {
		return this.delegate.invokeAll(this.intake.wrapAll(tasks), timeout, unit);
	}

	@Override
	public <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
		return this.delegate.invokeAny(this.intake.wrapAll(tasks));
	}

	@Override
	public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
			throws InterruptedException, ExecutionException, TimeoutException {
		return this.delegate.invokeAny(this.intake.wrapAll(tasks), timeout, unit);
	}

	@Override
	public ForkJoinWorkerThreadFactory getFactory() {
		return this.delegate.getFactory();
	}

	@Override
	public UncaughtExceptionHandler getUncaughtExceptionHandler() {
		return this.delegate.getUncaughtExceptionHandler();
	}

	@Override
	public int getParallelism() {
		return this.delegate.getParallelism();
	}

	@Override
	public int getPoolSize() {
		return this.delegate.getPoolSize();
	}

	@Override
	public boolean getAsyncMode() {
		return this.delegate.getAsyncMode();
	}

	@Override
	public int getRunningThreadCount() {
		return this.delegate.getRunningThreadCount();
	}

	@Override
	public int getActiveThreadCount() {
		return this.delegate.getActiveThreadCount();
	}

	@Override
	public boolean isQuiescent() {
		return this.delegate.isQuiescent();
	}

	@Override
	public long getStealCount() {
		return this.delegate.getStealCount();
	}

	@Override
	public long getQueuedTaskCount() {
		return this.delegate.getQueuedTaskCount();
	}

	@Override
	public int getQueuedSubmissionCount() {
		return this.delegate.getQueuedSubmissionCount();
	}

	@Override
	public boolean hasQueuedSubmissions() {
		return this.delegate.hasQueuedSubmissions();
	}

	@Override
	public String toString() {
		return this.delegate.toString();
	}

	@Override
	public void shutdown() {
		this.delegate.shutdown();
		this.intake.executor().lookForEnd();
	}

	@Override
	public List<Runnable> shutdownNow() {
		List<Runnable> handedBack = this.delegate.shutdownNow();
		this.intake.executor().lookForEnd();
		return handedBack;
	}

	@Override
	public boolean isTerminated() {
		return this.delegate.isTerminated();
	}

	@Override
	public boolean isTerminating() {
		return this.delegate.isTerminating();
	}

	@Override
	public boolean isShutdown() {
		return this.delegate.isShutdown();
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
		boolean terminated = this.delegate.awaitTermination(timeout, unit);
		this.intake.executor().lookForEnd();
		return terminated;
	}

	@Override
	public boolean awaitQuiescence(long timeout, TimeUnit unit) {
		return this.delegate.awaitQuiescence(timeout, unit);
	}

	// JDK 19 and later

	public void close() {
		answer("close");
		this.intake.executor().lookForEnd();
	}

	public int setParallelism(int size) {
		return (int) answer("setParallelism", size);
	}

	public <T> ForkJoinTask<T> externalSubmit(ForkJoinTask<T> task) {
		return (ForkJoinTask<T>) answer("externalSubmit", task);
	}

	public <T> ForkJoinTask<T> lazySubmit(ForkJoinTask<T> task) {
		return (ForkJoinTask<T>) answer("lazySubmit", task);
	}

	// JDK 22 and later

	public <T> List<Future<T>> invokeAllUninterruptibly(Collection<? extends Callable<T>> tasks) {
		return (List<Future<T>>) answer("invokeAllUninterruptibly", this.intake.wrapAll(tasks));
	}

	// JDK 25 and later, which schedule

	private ScheduledExecutorService scheduler() {
		return (ScheduledExecutorService) (Object) this.delegate;
	}

	public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
		return this.schedules.schedule(task, delay, unit, scheduler());
	}

	public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
		return this.schedules.schedule(task, delay, unit, scheduler());
	}

	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
		return this.schedules.scheduleAtFixedRate(task, initialDelay, period, unit, scheduler());
	}

	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
		return this.schedules.scheduleWithFixedDelay(task, initialDelay, delay, unit, scheduler());
	}

	public <V> ForkJoinTask<V> submitWithTimeout(Callable<V> task, long timeout, TimeUnit unit,
			Consumer<? super ForkJoinTask<V>> timeoutAction) {
		return this.intake.submitThrough(task,
				(metered) -> (ForkJoinTask<V>) answer("submitWithTimeout", metered, timeout, unit, timeoutAction));
	}

	public void cancelDelayedTasksOnShutdown() {
		answer("cancelDelayedTasksOnShutdown");
	}

	public long getDelayedTaskCount() {
		return (long) answer("getDelayedTaskCount");
	}

	/**
	 * Calls a method of the pool that JDK 17 does not have.
	 */
	private Object answer(String name, @Nullable Object... arguments) {
		for (Method method : ForkJoinPool.class.getMethods()) {
			if (method.getName().equals(name)) {
				return ReflectionUtils.invokeMethod(method, this.delegate, arguments);
			}
		}
		throw new UnsupportedOperationException(name);
	}

}
