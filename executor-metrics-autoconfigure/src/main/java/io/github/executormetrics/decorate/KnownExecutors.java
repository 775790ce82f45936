// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

/**
 * Which objects, raw or decorated, belong to which name, and what counts their tasks: so
 * that no executor is decorated twice, whichever way it is reached. Holds all of them
 * weakly.
 */
final class KnownExecutors {

	private final List<Entry> entries = new CopyOnWriteArrayList<>();

	private final @Nullable KnownExecutors parent;

	/**
	 * Creates an empty list.
	 * @param parent what a parent context knows, or null
	 */
	KnownExecutors(@Nullable KnownExecutors parent) {
		this.parent = parent;
	}

	/**
	 * Make an executor known, and what takes its place.
	 * @param raw the executor itself
	 * @param decorated what counts its tasks, or the same where it is left alone
	 * @param name the name both go by
	 */
	void add(Object raw, Object decorated, String name) {
		add(raw, decorated, name, false);
	}

	/**
	 * Makes an executor known that has its name itself. It is not the pool inside of one.
	 * @param raw the executor itself
	 * @param decorated what counts its tasks, or the same where it is left alone
	 * @param name the name of both
	 */
	void addInstance(Object raw, Object decorated, String name) {
		add(raw, decorated, name, true);
	}

	private void add(Object raw, Object decorated, String name, boolean instance) {
		this.entries.removeIf((entry) -> entry.isGone() || entry.executor.get() == raw);
		WeakReference<Object> reference = new WeakReference<>(decorated);
		this.entries.add(new Entry(new WeakReference<>(raw), reference, name, instance));
		if (decorated != raw) {
			this.entries.add(new Entry(reference, reference, name, false));
		}
	}

	/**
	 * Know an executor no more, nor what took its place.
	 * @param executor raw or decorated
	 */
	void remove(Object executor) {
		Known known = findHere(executor);
		Object decorated = (known != null) ? known.decorated() : executor;
		this.entries.removeIf((entry) -> entry.executor.get() == executor || entry.decorated.get() == decorated);
	}

	/**
	 * Find an executor by its identity, here or in a parent context.
	 * @param executor raw or decorated
	 * @return what is known of it, or null
	 */
	@Nullable Known find(@Nullable Object executor) {
		Known known = findHere(executor);
		if (known == null && this.parent != null) {
			known = this.parent.find(executor);
			return (known != null) ? new Known(known.name(), known.decorated(), true) : null;
		}
		return known;
	}

	private @Nullable Known findHere(@Nullable Object executor) {
		for (Entry entry : this.entries) {
			if (entry.executor.get() == executor && executor != null) {
				Object decorated = entry.decorated.get();
				if (decorated != null) {
					return new Known(entry.name, decorated, false);
				}
			}
		}
		return null;
	}

	/**
	 * Whether an executor that has this name itself is known here and still there.
	 * @param name the name
	 * @return whether one is
	 */
	boolean hasInstance(String name) {
		return this.entries.stream().anyMatch((entry) -> entry.instance && entry.name.equals(name) && !entry.isGone());
	}

	/**
	 * Forget what goes by a name.
	 * @param name the name
	 */
	void removeNamed(String name) {
		this.entries.removeIf((entry) -> entry.name.equals(name));
	}

	/**
	 * What is known of an executor.
	 *
	 * @param name the name it goes by
	 * @param decorated what counts its tasks
	 * @param inherited whether a parent context knows it
	 */
	record Known(String name, Object decorated, boolean inherited) {

	}

	private record Entry(WeakReference<Object> executor, WeakReference<Object> decorated, String name,
			boolean instance) {

		boolean isGone() {
			return this.executor.get() == null || this.decorated.get() == null;
		}

	}

}
