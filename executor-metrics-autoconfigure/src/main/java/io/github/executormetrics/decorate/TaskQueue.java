// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Method;
import java.util.AbstractCollection;
import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.ReflectionUtils;

import io.github.executormetrics.task.MeteredTask;
import io.github.executormetrics.task.Queued;
import io.github.executormetrics.task.TaskRecorder;

/**
 * The queue of a pool as its users know it: it contains their own tasks, where the real
 * queue contains metered ones. A task that is taken out counts as cancelled, one that is
 * put in as submitted. Each call is one call of the real queue, with its locks and its
 * answers.
 */
@SuppressWarnings("NullAway") // the queue's own answer to null is the right one
final class TaskQueue extends AbstractQueue<Runnable> implements BlockingQueue<Runnable> {

	private final BlockingQueue<Runnable> queue;

	private final TaskIntake intake;

	private final TaskRecorder recorder;

	TaskQueue(BlockingQueue<Runnable> queue, TaskIntake intake) {
		this.queue = queue;
		this.intake = intake;
		this.recorder = intake.recorder();
	}

	@Override
	public boolean add(Runnable task) {
		return this.intake.put(task, this.queue::add);
	}

	@Override
	public boolean offer(Runnable task) {
		return this.intake.put(task, this.queue::offer);
	}

	@Override
	public boolean offer(Runnable task, long timeout, TimeUnit unit) throws InterruptedException {
		return this.intake.<InterruptedException>put(task, (queued) -> this.queue.offer(queued, timeout, unit));
	}

	@Override
	public void put(Runnable task) throws InterruptedException {
		this.intake.<InterruptedException>put(task, (queued) -> {
			this.queue.put(queued);
			return true;
		});
	}

	@Override
	public @Nullable Runnable poll() {
		return take(this.queue.poll());
	}

	@Override
	public @Nullable Runnable poll(long timeout, TimeUnit unit) throws InterruptedException {
		return take(this.queue.poll(timeout, unit));
	}

	@Override
	public Runnable take() throws InterruptedException {
		return take(this.queue.take());
	}

	private @Nullable Runnable take(@Nullable Runnable queued) {
		if (queued != null) {
			this.recorder.takenOut(queued);
		}
		return MeteredTask.unwrap(queued);
	}

	@Override
	public @Nullable Runnable peek() {
		return MeteredTask.unwrap(this.queue.peek());
	}

	@Override
	public int drainTo(Collection<? super Runnable> target) {
		return drainTo(target, Integer.MAX_VALUE);
	}

	@Override
	public int drainTo(Collection<? super Runnable> target, int maxElements) {
		Objects.requireNonNull(target);
		if (target == this) {
			throw new IllegalArgumentException();
		}
		return this.queue.drainTo(new Drain(target::add), maxElements);
	}

	@Override
	public void clear() {
		// not the queue's own, which does not say what it drops
		this.queue.drainTo(new Drain((task) -> {
		}), this.queue.size());
	}

	@Override
	public boolean contains(Object task) {
		return this.queue.contains((task != null) ? new SearchedTask(task) : task);
	}

	@Override
	public boolean remove(Object task) {
		return (task != null) ? SearchedTask.remove(task, this.queue::remove, this.recorder) : this.queue.remove(task);
	}

	@Override
	public boolean removeAll(Collection<?> tasks) {
		return (tasks != null) ? removeIf(tasks::contains) : this.queue.removeAll(tasks);
	}

	@Override
	public boolean retainAll(Collection<?> tasks) {
		return (tasks != null) ? removeIf((task) -> !tasks.contains(task)) : this.queue.retainAll(tasks);
	}

	@Override
	public boolean removeIf(Predicate<? super Runnable> filter) {
		Objects.requireNonNull(filter);
		List<Runnable> matching = new ArrayList<>();
		boolean complete = false;
		try {
			boolean removed = this.queue.removeIf((queued) -> {
				boolean matches = filter.test(MeteredTask.unwrap(queued));
				if (matches && queued instanceof Queued) {
					matching.add(queued);
				}
				return matches;
			});
			complete = true;
			return removed;
		}
		finally {
			// only now: a worker may have taken one first, whose state tells so then
			for (Runnable queued : matching) {
				if (complete || !this.queue.contains(queued)) {
					this.recorder.takenOut(queued);
				}
			}
		}
	}

	@Override
	public Iterator<Runnable> iterator() {
		return new Tasks(this.queue.iterator());
	}

	@Override
	public Spliterator<Runnable> spliterator() {
		// not that of a collection, whose size must not change meanwhile
		return this.queue.stream().map(MeteredTask::unwrap).spliterator();
	}

	@Override
	public void forEach(Consumer<? super Runnable> action) {
		Objects.requireNonNull(action);
		this.queue.forEach((queued) -> action.accept(MeteredTask.unwrap(queued)));
	}

	@Override
	public Object[] toArray() {
		Object[] tasks = this.queue.toArray();
		for (int i = 0; i < tasks.length; i++) {
			tasks[i] = MeteredTask.unwrap((Runnable) tasks[i]);
		}
		return tasks;
	}

	@Override
	@SuppressWarnings("SuspiciousToArrayCall") // the caller's choice
	public <T> T[] toArray(T[] array) {
		return Arrays.asList(toArray()).toArray(array);
	}

	@Override
	public int size() {
		return this.queue.size();
	}

	@Override
	public boolean isEmpty() {
		return this.queue.isEmpty();
	}

	@Override
	public int remainingCapacity() {
		return this.queue.remainingCapacity();
	}

	/**
	 * Call a method that not every queue has, as those at the ends of a deque.
	 * @param method the method of the real queue
	 * @param arguments its arguments
	 * @return what it returns to a user
	 * @throws Throwable as the method does
	 */
	@Nullable Object call(Method method, @Nullable Object[] arguments) throws Throwable {
		if (arguments.length > 0 && arguments[0] instanceof Runnable task) {
			if (method.getName().startsWith("remove")) {
				return SearchedTask.remove(task, (sought) -> remove(method, sought), this.recorder);
			}
			boolean taken = this.intake.<Throwable>put(task, (queued) -> {
				arguments[0] = queued;
				return !Boolean.FALSE.equals(invoke(method, arguments));
			});
			return (method.getReturnType() == boolean.class) ? taken : null;
		}
		Object result = invoke(method, arguments);
		if (result instanceof Runnable queued) {
			boolean stays = method.getName().startsWith("peek") || method.getName().startsWith("get");
			return stays ? MeteredTask.unwrap(queued) : take(queued);
		}
		return (result instanceof Iterator<?>) ? new Tasks((Iterator<Runnable>) result) : result;
	}

	private boolean remove(Method method, SearchedTask sought) {
		return (boolean) ReflectionUtils.invokeMethod(method, this.queue, sought);
	}

	private @Nullable Object invoke(Method method, @Nullable Object[] arguments) throws Throwable {
		return AopUtils.invokeJoinpointUsingReflection(this.queue, method, arguments);
	}

	private final class Tasks implements Iterator<Runnable> {

		private final Iterator<Runnable> queued;

		private @Nullable Runnable last;

		Tasks(Iterator<Runnable> queued) {
			this.queued = queued;
		}

		@Override
		public boolean hasNext() {
			return this.queued.hasNext();
		}

		@Override
		public Runnable next() {
			this.last = this.queued.next();
			return MeteredTask.unwrap(this.last);
		}

		@Override
		public void remove() {
			this.queued.remove();
			take(this.last);
		}

	}

	/**
	 * What the real queue is drained to, so that tasks reach the user's collection one by
	 * one: one that it refuses is still queued.
	 */
	private final class Drain extends AbstractCollection<Runnable> {

		private final Consumer<Runnable> target;

		Drain(Consumer<Runnable> target) {
			this.target = target;
		}

		@Override
		public boolean add(Runnable queued) {
			this.target.accept(MeteredTask.unwrap(queued));
			TaskQueue.this.recorder.takenOut(queued);
			return true;
		}

		@Override
		public Iterator<Runnable> iterator() {
			throw new UnsupportedOperationException();
		}

		@Override
		public int size() {
			return 0;
		}

	}

}
