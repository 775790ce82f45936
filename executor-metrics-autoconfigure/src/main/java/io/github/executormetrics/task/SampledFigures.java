// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the sampled tasks of one name used, as one worker's slot holds it.
 */
final class SampledFigures {

	static final int SAMPLES = 0;

	static final int RUN_NANOS = 1;

	static final int CPU_NANOS = 2;

	static final int POLLS = 3;

	static final int BYTES = 4;

	static final int OVER_CPU = 5;

	static final int OVER_POLLS = 6;

	// a CPU time or a number of polls was asked for in vain
	static final int UNAVAILABLE = 7;

	private static final int SIZE = 8;

	/**
	 * How long it takes at least until a task is sampled again, unless all are: to look
	 * at one takes 1.5 us, so that no worker spends more than 0.2 % of its time on that,
	 * however short its tasks are.
	 */
	static final long GAP = TimeUnit.MILLISECONDS.toNanos(1);

	private final AtomicLongArray values = new AtomicLongArray(SIZE);

	private final long cpuBudget;

	private final long pollsBudget;

	private final Sampler sampler;

	private long next = System.nanoTime();

	SampledFigures(TaskBudget budget, int sampling) {
		this.cpuBudget = budget.cpuNanos();
		this.pollsBudget = budget.maxPolls();
		this.sampler = new Sampler(sampling);
	}

	/**
	 * Whether the task that starts is to be sampled.
	 * @param now when it starts
	 * @return true for one in so many on average, and for at most one in a {@link #GAP}
	 */
	boolean isNext(long now) {
		if (!this.sampler.picks()) {
			return false;
		}
		if (this.sampler.isAll()) {
			return true;
		}
		if (now - this.next < 0) {
			return false;
		}
		this.next = now + GAP;
		return true;
	}

	void add(long run, long cpu, long polls, long bytes) {
		this.values.getAndAdd(RUN_NANOS, run);
		this.values.getAndAdd(CPU_NANOS, cpu);
		this.values.getAndAdd(POLLS, polls);
		this.values.getAndAdd(BYTES, bytes);
		if (cpu > this.cpuBudget) {
			this.values.getAndIncrement(OVER_CPU);
		}
		if (polls > this.pollsBudget) {
			this.values.getAndIncrement(OVER_POLLS);
		}
		this.values.getAndIncrement(SAMPLES);
	}

	void unavailable() {
		this.values.getAndIncrement(UNAVAILABLE);
	}

	long get(int value) {
		return this.values.get(value);
	}

}
