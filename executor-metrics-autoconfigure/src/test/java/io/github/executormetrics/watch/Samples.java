// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.util.List;

import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.task.TaskTotals;

/**
 * Makes samples of an executor as a test tells its story.
 */
record Samples(long submitted, long completed, long started, long waitMillis, long runMillis, int running,
		long runningMillis, long aborted, int busy, int idle, int queued, long oldestMillis) {

	/** An executor that nobody has used yet. */
	static final Samples UNUSED = new Samples(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

	Samples ran(int tasks, long meanWaitMillis, long meanRunMillis) {
		return new Samples(this.submitted + tasks, this.completed + tasks, this.started + tasks,
				this.waitMillis + tasks * meanWaitMillis, this.runMillis + tasks * meanRunMillis, this.running,
				this.runningMillis, this.aborted, this.busy, this.idle, this.queued, this.oldestMillis);
	}

	Samples workers(int busy, int idle, long meanAgeMillis) {
		return new Samples(this.submitted + busy - this.busy, this.completed, this.started, this.waitMillis,
				this.runMillis, busy, busy * meanAgeMillis, this.aborted, busy, idle, this.queued, this.oldestMillis);
	}

	Samples queued(int tasks, long oldestMillis) {
		return new Samples(this.submitted + tasks - this.queued, this.completed, this.started, this.waitMillis,
				this.runMillis, this.running, this.runningMillis, this.aborted, this.busy, this.idle, tasks,
				oldestMillis);
	}

	Samples aborted(int tasks) {
		return new Samples(this.submitted, this.completed, this.started, this.waitMillis, this.runMillis, this.running,
				this.runningMillis, this.aborted + tasks, this.busy, this.idle, this.queued, this.oldestMillis);
	}

	ExecutorSample at(Duration time) {
		TaskTotals tasks = new TaskTotals(this.submitted, this.completed, 0, 0, this.started, this.started,
				nanos(this.waitMillis), this.completed, nanos(this.runMillis), this.running, this.running,
				nanos(this.runningMillis), 0);
		return new ExecutorSample(time.toNanos(), tasks, this.started, this.aborted, this.aborted, 0, 0, this.submitted,
				List.of(), this.busy, this.idle,
				(this.busy + this.idle > 0) ? this.busy + this.idle : ExecutorState.NONE, this.queued,
				ExecutorState.NONE, (this.oldestMillis >= 0) ? nanos(this.oldestMillis) : ExecutorState.NONE,
				ExecutorState.NONE, false, null, null);
	}

	private static long nanos(long millis) {
		return Duration.ofMillis(millis).toNanos();
	}

}
