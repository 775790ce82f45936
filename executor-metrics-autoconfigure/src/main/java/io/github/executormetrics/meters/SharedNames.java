// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.meters;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * The names of executors that have meters in one registry. Several application contexts
 * may share the registry, and two executors must not share meters. Also the lock of all
 * who register there.
 */
final class SharedNames {

	// holds neither registries nor application contexts
	private static final Map<MeterRegistry, SharedNames> ALL = new WeakHashMap<>();

	private final Set<String> taken = new HashSet<>();

	private final List<WeakReference<ExecutorMeterBinder>> binders = new ArrayList<>();

	private SharedNames() {
	}

	static SharedNames of(MeterRegistry registry) {
		synchronized (ALL) {
			return ALL.computeIfAbsent(registry, (added) -> new SharedNames());
		}
	}

	boolean take(String name) {
		return this.taken.add(name);
	}

	/**
	 * Gives a name back, and lets another have it that waits for it.
	 * @param name the name
	 */
	void release(String name) {
		this.taken.remove(name);
		for (WeakReference<ExecutorMeterBinder> each : List.copyOf(this.binders)) {
			ExecutorMeterBinder binder = each.get();
			if (binder != null) {
				binder.released(name);
			}
		}
	}

	void add(ExecutorMeterBinder binder) {
		this.binders.removeIf((each) -> each.get() == null || each.get() == binder);
		this.binders.add(new WeakReference<>(binder));
	}

	void remove(ExecutorMeterBinder binder) {
		this.binders.removeIf((each) -> each.get() == null || each.get() == binder);
	}

}
