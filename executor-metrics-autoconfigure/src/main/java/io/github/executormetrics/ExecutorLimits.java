// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.time.Duration;

/**
 * The limits an executor is judged by. The defaults of the properties follow what is
 * practised with Tokio's runtime metrics: 100 ms of scheduling delay, 50 ms of run, 1,000
 * active tasks.
 *
 * @param meanWait how long tasks may wait on average before they are delayed
 * @param meanRun how long tasks may run on average before they hold the workers
 * @param active how many tasks may be active before the executor is overloaded
 * @param rejected how many tasks refused with an exception in one tick are a fault
 * @param stall for how long no task may start, while tasks are queued and all workers
 * busy
 * @param stuck for how long a single task may run
 * @param samples how many tasks must have started in a tick for their mean wait to count
 * @param droppedShare which share of the tasks that are handed over in a tick may be
 * dropped without an exception, from 0 to 1; with 1 it is never too large
 * @since 0.1.0
 */
public record ExecutorLimits(Duration meanWait, Duration meanRun, int active, int rejected, Duration stall,
		Duration stuck, int samples, double droppedShare) {

}
