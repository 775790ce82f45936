// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * How much a task may use. What is null has no bound.
 *
 * @param run how long it may run, blocking included
 * @param cpu how much CPU time it may use
 * @param polls how often it may be put on a CPU: once, and again after each time its
 * thread blocked or waited
 */
public record TaskBudget(@Nullable Duration run, @Nullable Duration cpu, @Nullable Integer polls) {

	/**
	 * What holds unless it is set.
	 */
	public static final TaskBudget DEFAULT = new TaskBudget(null, Duration.ofMillis(100), 100);

	/**
	 * Bounds that say nothing.
	 */
	public static final TaskBudget UNSET = new TaskBudget(null, null, null);

	/**
	 * Take what is not set here from others.
	 * @param others what holds else
	 * @return the bounds that hold
	 */
	public TaskBudget or(TaskBudget others) {
		return new TaskBudget((this.run != null) ? this.run : others.run, (this.cpu != null) ? this.cpu : others.cpu,
				(this.polls != null) ? this.polls : others.polls);
	}

	long runNanos() {
		return nanos(this.run);
	}

	long cpuNanos() {
		return nanos(this.cpu);
	}

	long maxPolls() {
		return (this.polls != null) ? this.polls : Long.MAX_VALUE;
	}

	private static long nanos(@Nullable Duration duration) {
		return (duration != null) ? TimeUnit.NANOSECONDS.convert(duration) : Long.MAX_VALUE;
	}

	/**
	 * What can be exhausted.
	 */
	public enum Kind {

		/**
		 * The run time; looked at for each task.
		 */
		RUN,

		/**
		 * The CPU time; looked at for the sampled tasks.
		 */
		CPU,

		/**
		 * The polls; looked at for the sampled tasks.
		 */
		POLLS;

		/**
		 * The kind as a tag value.
		 * @return the lower case name
		 */
		public String tag() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
