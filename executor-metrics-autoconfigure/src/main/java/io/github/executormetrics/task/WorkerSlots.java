// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongBinaryOperator;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

/**
 * The table of what runs now. A task takes a slot with one compare-and-set in at most two
 * probes; where both are taken it is counted in shared adders instead, so a full table
 * loses detail, never a count nor for how long the oldest task runs.
 */
final class WorkerSlots {

	private static final int MIN_SIZE = 16;

	private static final int MAX_SIZE = 256;

	private final AtomicReferenceArray<@Nullable WorkerSlot> slots;

	private final int mask;

	private final Overflow overflow = new Overflow();

	private volatile boolean onVirtualThreads;

	private int ticks;

	/**
	 * Create a table.
	 * @param workers how many workers may run at once, negative where there is no bound
	 */
	WorkerSlots(int workers) {
		int size = (workers < 0 || workers > MAX_SIZE / 2) ? MAX_SIZE
				: Math.max(MIN_SIZE, Integer.highestOneBit(Math.max(1, workers) * 4 - 1));
		this.slots = new AtomicReferenceArray<>(size);
		this.mask = size - 1;
	}

	/**
	 * Take a place for the current thread.
	 * @return a slot, or one that leads to the shared adders where both probes are taken
	 */
	TaskFrame claim() {
		Thread thread = Thread.currentThread();
		long id = Threads.id(thread);
		WorkerSlot slot = slot(first(id));
		if (slot.claim(thread)) {
			return slot;
		}
		slot = slot(second(id));
		return slot.claim(thread) ? slot : this.overflow.frame(id);
	}

	/**
	 * Sum up a figure of the tasks of one name.
	 * @param index the index of the name
	 * @param value gives the figure
	 * @return the sum over all slots
	 */
	long sum(int index, ToLongFunction<TaskFigures> value) {
		return reduce((table) -> value(table, index, value), Long::sum);
	}

	/**
	 * Find the largest figure of the tasks of one name.
	 * @param index the index of the name
	 * @param value gives the figure
	 * @return the largest of all slots
	 */
	long max(int index, ToLongFunction<TaskFigures> value) {
		return reduce((table) -> value(table, index, value), Math::max);
	}

	/**
	 * Sum up a figure of all tasks.
	 * @param value gives the figure
	 * @return the sum over all slots and names
	 */
	long sum(ToLongFunction<TaskFigures> value) {
		return reduce((table) -> table.sum(value), Long::sum);
	}

	private long reduce(ToLongFunction<TaskFiguresTable> value, LongBinaryOperator operator) {
		long result = 0;
		for (TaskFiguresTable figures : this.overflow.figures()) {
			result = operator.applyAsLong(result, value.applyAsLong(figures));
		}
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			if (slot != null) {
				result = operator.applyAsLong(result, value.applyAsLong(slot.figures()));
			}
		}
		return result;
	}

	private static long value(TaskFiguresTable table, int index, ToLongFunction<TaskFigures> value) {
		TaskFigures figures = table.find(index);
		return (figures != null) ? value.applyAsLong(figures) : 0;
	}

	long submitted() {
		long sum = this.overflow.submitted();
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			sum += (slot != null) ? slot.submitted() : 0;
		}
		return sum;
	}

	int running() {
		long sum = this.overflow.running();
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			sum += (slot != null && slot.isBusy()) ? 1 : 0;
		}
		return (int) Math.max(0, sum);
	}

	/**
	 * Whether a worker has taken a place and not left it. Includes those that have not
	 * started their task yet.
	 * @return whether something may be counted by a worker that came before this call
	 */
	boolean isBusy() {
		if (this.overflow.isBusy()) {
			return true;
		}
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			if (slot != null && slot.isBusy()) {
				return true;
			}
		}
		return false;
	}

	void addTo(TaskTotals.Builder totals, long now) {
		this.overflow.addTo(totals, now);
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			if (slot != null) {
				slot.addTo(totals, now);
			}
		}
	}

	/**
	 * Whether no worker is busy, and each has had a slot so far.
	 * @return whether nothing can be counted before a slot is taken
	 */
	boolean isIdle() {
		return this.overflow.isUnused() && running() == 0;
	}

	/**
	 * Let go of workers that have ended, of one slot and those that follow for as long as
	 * each holds such: asking a thread whether it is alive takes as long as reading a
	 * slot. For one caller only.
	 */
	void forgetEnded() {
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(this.ticks++ & this.mask);
			if (slot == null || !slot.forgetEnded()) {
				return;
			}
		}
	}

	List<RunningTask> runningTasks(long now) {
		List<RunningTask> running = new ArrayList<>();
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			RunningTask task = (slot != null) ? slot.runningTask(now) : null;
			if (task != null) {
				running.add(task);
			}
		}
		return running;
	}

	/**
	 * Find what a thread runs.
	 * @param threadId the thread's id
	 * @param nanos an instant at which it ran already
	 * @return its name, or null
	 */
	@Nullable TaskName findTask(long threadId, long nanos) {
		TaskName name = findTask(first(threadId), threadId, nanos);
		return (name != null) ? name : findTask(second(threadId), threadId, nanos);
	}

	private @Nullable TaskName findTask(int index, long threadId, long nanos) {
		WorkerSlot slot = this.slots.get(index);
		RunningTask task = (slot != null) ? slot.runningTask(nanos) : null;
		// what has started since is not older
		return (task != null && task.threadId() == threadId && nanos - task.startNanos() >= 0) ? task.name() : null;
	}

	long takeMaxWait() {
		long max = this.overflow.takeMaxWait();
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			max = Math.max(max, (slot != null) ? slot.takeMaxWait() : 0);
		}
		return max;
	}

	long takeMaxRun() {
		long max = this.overflow.takeMaxRun();
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			max = Math.max(max, (slot != null) ? slot.takeMaxRun() : 0);
		}
		return max;
	}

	WorkerSlot slot(int index) {
		WorkerSlot slot = this.slots.get(index);
		return (slot != null) ? slot : create(index);
	}

	/**
	 * Whether virtual threads have come here.
	 * @return whether one took a slot that none had before
	 */
	boolean isOnVirtualThreads() {
		return this.onVirtualThreads;
	}

	private WorkerSlot create(int index) {
		if (!this.onVirtualThreads && VirtualThreads.isVirtual(Thread.currentThread())) {
			// asked here, since it is rarely that one is made
			this.onVirtualThreads = true;
		}
		WorkerSlot created = new WorkerSlot();
		WorkerSlot witness = this.slots.compareAndExchange(index, null, created);
		return (witness != null) ? witness : created;
	}

	// the threads of one pool mostly have ids in a row
	private int first(long id) {
		return (int) id & this.mask;
	}

	// an odd step away, and so never the first: a task that runs inside another one on
	// the same thread has a slot, too
	private int second(long id) {
		int step = (int) ((id * 0x9E3779B97F4A7C15L) >>> 40) | 1;
		return (first(id) + step) & this.mask;
	}

}
