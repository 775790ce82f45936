package io.github.executormetrics.task;

import java.lang.reflect.Field;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Looks through what Spring, Reactor and Micrometer put around a task before an executor
 * gets it. Each class is looked at once.
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

	// the lambda of its wrap(Runnable), which Reactor's context propagation uses
	private static final String SNAPSHOT = "io.micrometer.context.ContextSnapshot$$Lambda";

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
		if (type.getName().startsWith(SNAPSHOT)) {
			for (Field field : type.getDeclaredFields()) {
				if (field.getType() == Runnable.class) {
					return field;
				}
			}
		}
		return null;
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
		while (FIELD.get(inner.getClass()) instanceof Field field) {
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
