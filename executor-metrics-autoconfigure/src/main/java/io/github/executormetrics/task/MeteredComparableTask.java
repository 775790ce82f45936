// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

/**
 * A task for a queue in natural order: compares as the user's task does, and fails as the
 * user's does where that is not comparable.
 */
@SuppressWarnings("ComparableType") // whatever stands in the same queue
final class MeteredComparableTask extends MeteredTask implements Comparable<Runnable> {

	MeteredComparableTask(Runnable delegate, TaskRecorder recorder, TaskLabel label) {
		super(delegate, recorder, label);
	}

	@Override
	@SuppressWarnings("unchecked")
	public int compareTo(Runnable other) {
		return ((Comparable<Object>) delegate()).compareTo(unwrap(other));
	}

}
