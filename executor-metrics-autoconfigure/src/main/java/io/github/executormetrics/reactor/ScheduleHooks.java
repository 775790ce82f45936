// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import java.lang.reflect.Field;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * The hooks of Reactor's tasks. Reactor does not tell which there are, and to try one out
 * would call those of others.
 */
final class ScheduleHooks {

	private static final @Nullable Map<?, ?> HOOKS = find();

	private ScheduleHooks() {
	}

	private static @Nullable Map<?, ?> find() {
		try {
			Field hooks = Schedulers.class.getDeclaredField("onScheduleHooks");
			hooks.setAccessible(true);
			return (Map<?, ?>) hooks.get(null);
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			// a hook that was removed goes unnoticed then
			return null;
		}
	}

	/**
	 * Whether there is a hook.
	 * @param key its key
	 * @return whether it is there, as far as that is known
	 */
	static boolean contains(String key) {
		if (HOOKS == null) {
			return true;
		}
		// as Reactor does
		synchronized (HOOKS) {
			return HOOKS.containsKey(key);
		}
	}

}
