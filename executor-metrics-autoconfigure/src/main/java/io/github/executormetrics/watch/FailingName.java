// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import org.jspecify.annotations.Nullable;

/**
 * A name of which nearly all tasks fail.
 *
 * @param name the name of the tasks
 * @param failed how many of the last ones ended with an error
 * @param tasks how many of the last ones these are of
 * @param error the class of the latest error, or null where it is not known
 */
record FailingName(String name, long failed, long tasks, @Nullable String error) {

	/**
	 * What is shown where no class of the application may be.
	 * @return the name and the counts
	 */
	String describePlain() {
		return this.name + " (" + this.failed + " of the last " + this.tasks + " failed)";
	}

	/**
	 * What is shown besides with the class of the error.
	 * @return the name, the counts and the class
	 */
	String describe() {
		return describePlain() + ((this.error != null) ? " with " + this.error : "");
	}

}
