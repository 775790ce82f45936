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

	/**
	 * Make an executor known, and what takes its place.
	 * @param raw the executor itself
	 * @param decorated what counts its tasks, or the same where it is left alone
	 * @param name the name both go by
	 */
	void add(Object raw, Object decorated, String name) {
		this.entries.removeIf((entry) -> entry.isGone() || entry.executor.get() == raw);
		WeakReference<Object> reference = new WeakReference<>(decorated);
		this.entries.add(new Entry(new WeakReference<>(raw), reference, name));
		if (decorated != raw) {
			this.entries.add(new Entry(reference, reference, name));
		}
	}

	/**
	 * Know an executor no more, nor what took its place.
	 * @param executor raw or decorated
	 */
	void remove(Object executor) {
		Known known = find(executor);
		Object decorated = (known != null) ? known.decorated() : executor;
		this.entries.removeIf((entry) -> entry.executor.get() == executor || entry.decorated.get() == decorated);
	}

	/**
	 * Find an executor by its identity.
	 * @param executor raw or decorated
	 * @return what is known of it, or null
	 */
	@Nullable Known find(@Nullable Object executor) {
		for (Entry entry : this.entries) {
			if (entry.executor.get() == executor && executor != null) {
				Object decorated = entry.decorated.get();
				if (decorated != null) {
					return new Known(entry.name, decorated);
				}
			}
		}
		return null;
	}

	/**
	 * What is known of an executor.
	 *
	 * @param name the name it goes by
	 * @param decorated what counts its tasks
	 */
	record Known(String name, Object decorated) {

	}

	private record Entry(WeakReference<Object> executor, WeakReference<Object> decorated, String name) {

		boolean isGone() {
			return this.executor.get() == null || this.decorated.get() == null;
		}

	}

}
