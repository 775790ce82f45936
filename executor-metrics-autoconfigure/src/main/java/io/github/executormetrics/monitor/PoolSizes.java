// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

/**
 * How many workers a pool has, and may have.
 *
 * @param current those that live now
 * @param core those that it starts before it queues a task
 * @param maximum those that it may start once its queue is full
 */
public record PoolSizes(int current, int core, int maximum) {

	PoolSizes plus(PoolSizes other) {
		long maximum = (long) this.maximum + other.maximum;
		return new PoolSizes(this.current + other.current, this.core + other.core,
				(int) Math.min(Integer.MAX_VALUE, maximum));
	}

}
