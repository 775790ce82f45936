// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.time.Instant;

/**
 * Periodic tasks of one name that ended with an error, so that they will not run again.
 *
 * @param name their name
 * @param tasks how many
 * @param at when the last of them ended
 * @param error the class of its error
 */
public record EndedPeriodicTask(TaskName name, int tasks, Instant at, String error) {

	/**
	 * What is shown where no class of the application may be.
	 * @return the name, how many and when
	 */
	public String describePlain() {
		return this.name + " (" + ((this.tasks > 1) ? this.tasks + " of that name, the last " : "") + "at " + this.at
				+ ")";
	}

	/**
	 * What is shown besides with the class of the error.
	 * @return the name, how many, when and the class
	 */
	public String describe() {
		return describePlain() + " with " + this.error;
	}

}
