// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.NamedTask;

/**
 * Looks through what Spring, Reactor and others put around a task before an executor gets
 * it. Each class is looked at once.
 */
final class TaskWrappers {

	private static final String REACTOR = "reactor.core.";

	private static final String SCHEDULER = REACTOR + "scheduler.";

	private static final String PUBLISHER = REACTOR + "publisher.";

	// the field of each that holds the task
	private static final Map<String, String> FIELDS = Map.ofEntries(
			Map.entry("org.springframework.scheduling.config.Task$OutcomeTrackingRunnable", "runnable"),
			Map.entry("org.springframework.scheduling.support.DelegatingErrorHandlingRunnable", "delegate"),
			Map.entry("io.github.executormetrics.decorate.MeteredScheduledMethod", "metered"),
			Map.entry("io.github.executormetrics.reactor.ThreadPerTaskScheduler$HookedTask", "task"),
			Map.entry(SCHEDULER + "WorkerTask", "task"), Map.entry(SCHEDULER + "SchedulerTask", "task"),
			Map.entry(SCHEDULER + "PeriodicWorkerTask", "task"), Map.entry(SCHEDULER + "PeriodicSchedulerTask", "task"),
			Map.entry(SCHEDULER + "InstantPeriodicWorkerTask", "task"),
			// what Mono.fromCallable and its like are given to run on a scheduler
			Map.entry(PUBLISHER + "FluxSubscribeOnCallable$CallableSubscribeOnSubscription", "callable"),
			Map.entry(PUBLISHER + "MonoCallable", "callable"), Map.entry(PUBLISHER + "MonoSupplier", "supplier"),
			Map.entry(PUBLISHER + "MonoRunnable", "run"));

	// nobody means more; one that holds itself has no end
	private static final int DEEPEST = 20;

	private static final Object NONE = new Object();

	private static final ClassValue<Object> FIELD = new ClassValue<>() {

		@Override
		protected Object computeValue(Class<?> type) {
			try {
				Field field = find(type);
				if (field != null) {
					field.setAccessible(true);
					return field;
				}
			}
			catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
				// it goes by its own class then
			}
			return NONE;
		}

	};

	private TaskWrappers() {
	}

	private static @Nullable Field find(Class<?> type) throws NoSuchFieldException {
		for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
			String field = FIELDS.get(owner.getName());
			if (field != null) {
				return owner.getDeclaredField(field);
			}
		}
		return onlyTask(type);
	}

	/**
	 * A class that holds exactly one task runs that, be it one of Spring Security's or a
	 * lambda of the user's.
	 */
	private static @Nullable Field onlyTask(Class<?> type) {
		if (NamedTask.class.isAssignableFrom(type) || Labelled.class.isAssignableFrom(type)) {
			// it says itself what it is called
			return null;
		}
		Field found = null;
		// what the JDK's own classes hold, they do not tell
		for (Class<?> owner = type; owner != null && !isOfTheJdk(owner); owner = owner.getSuperclass()) {
			for (Field field : owner.getDeclaredFields()) {
				if (isTask(field)) {
					if (found != null) {
						return null;
					}
					found = field;
				}
			}
		}
		return found;
	}

	private static boolean isTask(Field field) {
		return !Modifier.isStatic(field.getModifiers())
				&& (field.getType() == Runnable.class || field.getType() == Callable.class);
	}

	private static boolean isOfTheJdk(Class<?> type) {
		ClassLoader loader = type.getClassLoader();
		return loader == null || loader == ClassLoader.getPlatformClassLoader();
	}

	static boolean isWrapper(Class<?> type) {
		return FIELD.get(type) != NONE;
	}

	/**
	 * Whether a task is one that Reactor hands over itself.
	 * @param task the task
	 * @return whether its class is one of Reactor's
	 */
	static boolean isReactors(Object task) {
		return task.getClass().getPackageName().startsWith(REACTOR);
	}

	/**
	 * Look through all that is put around a task.
	 * @param task the task
	 * @return what it runs in the end
	 */
	static Object unwrap(Object task) {
		Object inner = task;
		for (int i = 0; i < DEEPEST && FIELD.get(inner.getClass()) instanceof Field field; i++) {
			Object next = read(field, inner);
			if (next == null) {
				return inner;
			}
			inner = next;
		}
		return inner;
	}

	private static @Nullable Object read(Field field, Object wrapper) {
		try {
			return field.get(wrapper);
		}
		catch (IllegalAccessException ex) {
			return null;
		}
	}

}
