// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * The names of classes in a table of fixed size, which finds them in half the time of a
 * {@link ClassValue}. The first class to come has its place until it is unloaded: who
 * comes later is not kept, so that threads whose classes share a place do not take it
 * from each other all the time.
 */
final class KnownClasses {

	private static final int SIZE = 256;

	private final AtomicReferenceArray<@Nullable Known> known = new AtomicReferenceArray<>(SIZE);

	/**
	 * Find the name of a class.
	 * @param type the class
	 * @return its name, or null where it is not kept
	 */
	@Nullable TaskName find(Class<?> type) {
		Known known = this.known.getAcquire(place(type));
		return (known != null && known.refersTo(type)) ? known.name : null;
	}

	/**
	 * Keep the name of a class if its place is free.
	 * @param type the class
	 * @param name its name
	 */
	void keep(Class<?> type, TaskName name) {
		Known known = this.known.getAcquire(place(type));
		if (known == null || known.refersTo(null)) {
			this.known.setRelease(place(type), new Known(type, name));
		}
	}

	private static int place(Class<?> type) {
		return System.identityHashCode(type) & (SIZE - 1);
	}

	private static final class Known extends WeakReference<Class<?>> {

		private final TaskName name;

		Known(Class<?> type, TaskName name) {
			super(type);
			this.name = name;
		}

	}

}
