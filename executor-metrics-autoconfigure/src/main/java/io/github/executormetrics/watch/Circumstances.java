// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.PoolSettings;
import io.github.executormetrics.monitor.PoolSizes;
import io.github.executormetrics.workers.Bottleneck;
import io.github.executormetrics.workers.CpuShare;

/**
 * What advice on an executor rests on.
 *
 * @param window what lies between the first and the last sample of the window
 * @param demand the work that comes since something is wrong, or null where too little
 * was measured
 * @param change what is different from before, or null where nothing is known to be
 * @param mostlyFails whether most tasks end with an error
 * @param bottleneck what most workers wait for, or null
 * @param unseen whether neither the tasks nor the stacks of the workers can be seen
 * @param cpu how much the workers compute, or null where that is not known
 * @param peakDemand how many tasks ran or were due at once, at most, where what is queued
 * was not submitted yet; negative where it was
 * @param refusedAtOnce the most tasks that were refused in a row
 * @param settings what the user sets
 * @param limits the executor's limits
 */
record Circumstances(Tick window, @Nullable Demand demand, @Nullable Change change, boolean mostlyFails,
		@Nullable Bottleneck bottleneck, boolean unseen, @Nullable CpuShare cpu, int peakDemand, int refusedAtOnce,
		PoolSettings settings, ExecutorLimits limits) {

	/**
	 * Whether the workers are seen to be held before they run a task.
	 * @return whether half of them are, at least
	 */
	boolean isPaused() {
		return this.bottleneck != null && this.bottleneck.kind() == Bottleneck.Kind.PAUSE;
	}

	/**
	 * Whether the workers are held before they run a task, or may be.
	 * @return whether nothing is known to be wrong with what they run
	 */
	boolean maybePaused() {
		boolean runsNone = this.window.after().tasks().submitted() > 0 && this.window.after().tasks().running() == 0;
		return isPaused() || runsNone || this.unseen;
	}

	/**
	 * How many workers may run, as things stand.
	 * @return the number, or {@link ExecutorState#NONE} where there is no limit
	 */
	int workers() {
		int limit = this.window.after().limit();
		PoolSizes sizes = this.window.after().sizes();
		if (sizes == null || this.window.rejected() == 0 || sizes.maximum() == Integer.MAX_VALUE) {
			return limit;
		}
		// what is refused is refused with the maximum running, whatever has ended since
		return Math.max(limit, sizes.maximum());
	}

}
