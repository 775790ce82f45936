// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

/**
 * What a {@link java.util.concurrent.ForkJoinPool} tells of itself, each figure an
 * estimate of its own instant.
 *
 * @param parallelism workers that it keeps running at once
 * @param poolSize workers there are, those blocked in a join included
 * @param running workers whose threads neither wait nor are blocked
 * @param active workers that run tasks or look for some
 * @param steals tasks that workers took from a queue other than their own; never falls
 * @param queuedTasks tasks that workers hold in their own queues
 * @param queuedSubmissions tasks submitted from outside that no worker has taken
 * @param submissionsWait whether there are any
 */
public record ForkJoinFigures(int parallelism, int poolSize, int running, int active, long steals, long queuedTasks,
		int queuedSubmissions, boolean submissionsWait) {

	/**
	 * Add those of another pool.
	 * @param other the others
	 * @return the sums
	 */
	ForkJoinFigures plus(ForkJoinFigures other) {
		return new ForkJoinFigures(this.parallelism + other.parallelism, this.poolSize + other.poolSize,
				this.running + other.running, this.active + other.active, this.steals + other.steals,
				this.queuedTasks + other.queuedTasks, this.queuedSubmissions + other.queuedSubmissions,
				this.submissionsWait || other.submissionsWait);
	}

}
