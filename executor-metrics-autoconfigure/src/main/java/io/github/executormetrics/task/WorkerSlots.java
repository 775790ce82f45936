package io.github.executormetrics.task;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * The table of what runs now. A task takes a slot with one compare-and-set in at most two
 * probes; where both are taken it is counted in shared adders instead, so a full table
 * loses detail, never a count.
 */
final class WorkerSlots {

	private static final int MIN_SIZE = 16;

	private static final int MAX_SIZE = 256;

	private final AtomicReferenceArray<@Nullable WorkerSlot> slots;

	private final int mask;

	final Overflow overflow = new Overflow();

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
	 * Take a slot for the current thread.
	 * @return a slot, or null where both probes are taken
	 */
	@Nullable WorkerSlot claim() {
		Thread thread = Thread.currentThread();
		long id = threadId(thread);
		WorkerSlot slot = slot(first(id));
		if (slot.claim(thread)) {
			return slot;
		}
		slot = slot(second(id));
		return slot.claim(thread) ? slot : null;
	}

	long completed() {
		long sum = this.overflow.succeeded.sum() + this.overflow.failed.sum();
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			sum += (slot != null) ? slot.completed() : 0;
		}
		return sum;
	}

	long submitted() {
		long sum = 0;
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			sum += (slot != null) ? slot.submitted() : 0;
		}
		return sum;
	}

	long failed() {
		long sum = this.overflow.failed.sum();
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			sum += (slot != null) ? slot.failed() : 0;
		}
		return sum;
	}

	int running() {
		long sum = this.overflow.running.sum();
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			sum += (slot != null && slot.isBusy()) ? 1 : 0;
		}
		return (int) Math.max(0, sum);
	}

	void addTo(TaskTotals.Builder totals, long now) {
		this.overflow.addTo(totals);
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			if (slot != null) {
				slot.addTo(totals, now);
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

	long takeMaxWait() {
		long max = this.overflow.maxWait.getThenReset();
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			max = Math.max(max, (slot != null) ? slot.takeMaxWait() : 0);
		}
		return max;
	}

	long takeMaxRun() {
		long max = this.overflow.maxRun.getThenReset();
		for (int i = 0; i <= this.mask; i++) {
			WorkerSlot slot = this.slots.get(i);
			max = Math.max(max, (slot != null) ? slot.takeMaxRun() : 0);
		}
		return max;
	}

	private WorkerSlot slot(int index) {
		WorkerSlot slot = this.slots.get(index);
		return (slot != null) ? slot : create(index);
	}

	private WorkerSlot create(int index) {
		WorkerSlot created = new WorkerSlot();
		WorkerSlot witness = this.slots.compareAndExchange(index, null, created);
		return (witness != null) ? witness : created;
	}

	// the threads of one pool mostly have ids in a row
	private int first(long id) {
		return (int) id & this.mask;
	}

	private int second(long id) {
		return (int) ((id * 0x9E3779B97F4A7C15L) >>> 40) & this.mask;
	}

	@SuppressWarnings("deprecation") // threadId() is there from 19 on
	static long threadId(Thread thread) {
		return thread.getId();
	}

	/**
	 * Where tasks are counted that found no slot.
	 */
	static final class Overflow {

		private final LongAdder running = new LongAdder();

		private final LongAdder started = new LongAdder();

		private final LongAdder waitless = new LongAdder();

		private final LongAdder waitNanos = new LongAdder();

		private final LongAdder succeeded = new LongAdder();

		private final LongAdder failed = new LongAdder();

		private final LongAdder runNanos = new LongAdder();

		private final LongAccumulator maxWait = new LongAccumulator(Math::max, 0);

		private final LongAccumulator maxRun = new LongAccumulator(Math::max, 0);

		void start(long wait) {
			this.running.increment();
			this.started.increment();
			if (wait >= 0) {
				this.waitNanos.add(wait);
				this.maxWait.accumulate(wait);
			}
			else {
				this.waitless.increment();
			}
		}

		void end(long run, boolean error) {
			this.runNanos.add(run);
			this.maxRun.accumulate(run);
			(error ? this.failed : this.succeeded).increment();
			this.running.decrement();
		}

		void vacate() {
			this.running.decrement();
		}

		void addTo(TaskTotals.Builder totals) {
			if (this.started.sum() == 0) {
				// mostly there is a slot for each
				return;
			}
			totals.completed(this.succeeded.sum(), this.failed.sum(), this.runNanos.sum());
			totals.started(this.started.sum(), this.waitless.sum(), this.waitNanos.sum());
			totals.runningUnseen((int) Math.max(0, this.running.sum()));
		}

	}

}
