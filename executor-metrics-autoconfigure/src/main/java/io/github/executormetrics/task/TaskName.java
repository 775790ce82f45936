// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

/**
 * A name that tasks go by, one object in an application.
 *
 * @param value the name
 * @param index its place among the names of the application
 */
public record TaskName(String value, int index) implements TaskLabel {

	@Override
	public TaskName name() {
		return this;
	}

	@Override
	public String toString() {
		return this.value;
	}

}
