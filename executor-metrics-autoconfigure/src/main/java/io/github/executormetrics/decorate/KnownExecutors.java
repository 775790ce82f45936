package io.github.executormetrics.decorate;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

/**
 * Which objects, raw or decorated, belong to which name: so that no executor is decorated
 * twice, and an adapter over one is told from an executor of its own.
 */
final class KnownExecutors {

	private final List<Entry> entries = new CopyOnWriteArrayList<>();

	void add(Object executor, String name) {
		this.entries.removeIf((entry) -> entry.executor().get() == null);
		this.entries.add(new Entry(new WeakReference<>(executor), name));
	}

	@Nullable String nameOf(@Nullable Object executor) {
		for (Entry entry : this.entries) {
			if (entry.executor().get() == executor && executor != null) {
				return entry.name();
			}
		}
		return null;
	}

	private record Entry(WeakReference<Object> executor, String name) {

	}

}
