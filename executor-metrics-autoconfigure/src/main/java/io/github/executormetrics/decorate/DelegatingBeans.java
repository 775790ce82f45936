// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;

import org.springframework.scheduling.TaskScheduler;

import io.github.executormetrics.decorate.KnownExecutors.Known;

/**
 * Finds the executors whose tasks another executor passes on: those that it holds in a
 * field, as the delegating executors of Spring Security and of context propagation do, or
 * that a lambda has captured.
 */
final class DelegatingBeans {

	// one delegate within another, and not whatever hangs together
	private static final int DEPTH = 3;

	private final KnownExecutors known;

	DelegatingBeans(KnownExecutors known) {
		this.known = known;
	}

	/**
	 * Find the names of the executors that an executor passes its tasks on to.
	 * @param bean the executor
	 * @return the names of those that are metered themselves
	 */
	Set<String> delegatesOf(Object bean) {
		Set<String> names = new TreeSet<>();
		collect(bean, names, DEPTH);
		return names;
	}

	private void collect(Object executor, Set<String> names, int depth) {
		for (Class<?> owner = executor.getClass(); owner != null
				&& !owner.getName().startsWith("java."); owner = owner.getSuperclass()) {
			for (Field field : owner.getDeclaredFields()) {
				if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
					collect(read(field, executor), executor, names, depth);
				}
			}
		}
	}

	private void collect(Object value, Object owner, Set<String> names, int depth) {
		if (value == owner || !(value instanceof Executor || value instanceof TaskScheduler)) {
			return;
		}
		Known delegate = this.known.find(value);
		if (delegate != null) {
			names.add(delegate.name());
		}
		else if (depth > 1) {
			collect(value, names, depth - 1);
		}
	}

	private static Object read(Field field, Object owner) {
		try {
			return field.trySetAccessible() ? field.get(owner) : owner;
		}
		catch (IllegalAccessException | RuntimeException ex) {
			// closed to us: it is not known whom it holds
			return owner;
		}
	}

}
