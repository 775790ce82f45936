package io.github.executormetrics.task;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The sums of the tasks of one name, as one worker's slot holds them: the owner of the
 * slot adds to them without contention. Those for tasks that found no slot are shared.
 */
final class TaskFigures {

	static final int STARTED = 0;

	static final int WAITED = 1;

	static final int WAIT_NANOS = 2;

	static final int COMPLETED = 3;

	static final int FAILED = 4;

	static final int RUN_NANOS = 5;

	static final int OVER_RUN = 6;

	static final int OVER_CPU = 7;

	static final int OVER_POLLS = 8;

	static final int SAMPLES = 9;

	static final int SAMPLED_RUN_NANOS = 10;

	static final int SAMPLED_CPU_NANOS = 11;

	static final int SAMPLED_POLLS = 12;

	static final int SAMPLED_BYTES = 13;

	// a CPU time or a number of polls was asked for in vain
	static final int UNAVAILABLE = 14;

	private static final int MAX_WAIT = 15;

	private static final int MAX_WAIT_BEFORE = 16;

	private static final int MAX_RUN = 17;

	private static final int MAX_RUN_BEFORE = 18;

	private static final int PERIOD = 19;

	private static final int SIZE = 20;

	/**
	 * Those of a frame that is not in use.
	 */
	static final TaskFigures NONE = new TaskFigures(true, TaskBudget.UNSET, 0);

	// 69 seconds: a maximum is that of the last one to two of them
	private static final int PERIOD_BITS = 36;

	private final AtomicLongArray values = new AtomicLongArray(SIZE);

	private final boolean shared;

	private final long runBudget;

	private final long cpuBudget;

	private final long pollsBudget;

	private final int sampling;

	private int random = System.identityHashCode(this) | 1;

	private int untilSample;

	TaskFigures(boolean shared, TaskBudget budget, int sampling) {
		this.shared = shared;
		this.runBudget = budget.runNanos();
		this.cpuBudget = budget.cpuNanos();
		this.pollsBudget = budget.maxPolls();
		this.sampling = sampling;
		this.untilSample = pause();
	}

	void start(long now, long wait) {
		roll(now);
		add(STARTED, 1);
		if (wait >= 0) {
			add(WAIT_NANOS, wait);
			add(WAITED, 1);
			raise(MAX_WAIT, wait);
		}
	}

	void end(long now, long run, boolean failed) {
		roll(now);
		add(RUN_NANOS, run);
		raise(MAX_RUN, run);
		if (run > this.runBudget) {
			add(OVER_RUN, 1);
		}
		if (failed) {
			add(FAILED, 1);
		}
		add(COMPLETED, 1);
	}

	/**
	 * Whether the task that starts is to be sampled.
	 * @return true for one in so many on average, at random: tasks often take turns
	 */
	boolean isSample() {
		if (this.sampling == 0 || --this.untilSample > 0) {
			return false;
		}
		this.untilSample = pause();
		return true;
	}

	private int pause() {
		if (this.sampling <= 1) {
			return 1;
		}
		int next = this.random;
		next ^= next << 13;
		next ^= next >>> 17;
		next ^= next << 5;
		this.random = next;
		return 1 + (int) (Integer.toUnsignedLong(next) % (2L * this.sampling - 1));
	}

	void sampled(long run, long cpu, long polls) {
		add(SAMPLED_RUN_NANOS, run);
		add(SAMPLED_CPU_NANOS, cpu);
		add(SAMPLED_POLLS, polls);
		if (cpu > this.cpuBudget) {
			add(OVER_CPU, 1);
		}
		if (polls > this.pollsBudget) {
			add(OVER_POLLS, 1);
		}
		add(SAMPLES, 1);
	}

	void unavailable() {
		add(UNAVAILABLE, 1);
	}

	void allocated(long bytes) {
		add(SAMPLED_BYTES, bytes);
	}

	long get(int value) {
		return this.values.getOpaque(value);
	}

	long maxWait(long now) {
		return max(MAX_WAIT, MAX_WAIT_BEFORE, now);
	}

	long maxRun(long now) {
		return max(MAX_RUN, MAX_RUN_BEFORE, now);
	}

	private long max(int current, int before, long now) {
		long periods = (now >> PERIOD_BITS) - get(PERIOD);
		if (periods > 1) {
			return 0;
		}
		return (periods == 1) ? get(current) : Math.max(get(current), get(before));
	}

	private void roll(long now) {
		long period = now >> PERIOD_BITS;
		if (!isKnown(period)) {
			begin(period);
		}
	}

	/**
	 * The one before counts as the one that is: a thread that stood still after it read
	 * the clock takes the slot of one that did not.
	 */
	private boolean isKnown(long period) {
		long ahead = this.values.getPlain(PERIOD) - period;
		return ahead == 0 || ahead == 1;
	}

	// once in a period; where it is shared, two may come
	private synchronized void begin(long period) {
		if (isKnown(period)) {
			return;
		}
		long known = this.values.getPlain(PERIOD);
		boolean next = period == known + 1;
		// in one step, or a maximum that another thread raises in between would be lost
		long wait = this.values.getAndSet(MAX_WAIT, 0);
		long run = this.values.getAndSet(MAX_RUN, 0);
		this.values.setOpaque(MAX_WAIT_BEFORE, next ? wait : 0);
		this.values.setOpaque(MAX_RUN_BEFORE, next ? run : 0);
		this.values.setOpaque(PERIOD, period);
	}

	private void raise(int max, long value) {
		if (value > this.values.getPlain(max)) {
			if (this.shared) {
				this.values.accumulateAndGet(max, value, Math::max);
			}
			else {
				this.values.setOpaque(max, value);
			}
		}
	}

	private void add(int index, long value) {
		if (this.shared) {
			this.values.getAndAdd(index, value);
		}
		else {
			this.values.setOpaque(index, this.values.getPlain(index) + value);
		}
	}

}
