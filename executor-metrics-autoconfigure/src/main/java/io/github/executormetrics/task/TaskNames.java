package io.github.executormetrics.task;

import java.lang.reflect.Field;

import org.jspecify.annotations.Nullable;

/**
 * What to call a task: its class, a lambda by the class that declares it, a scheduled
 * method by its name. Never a user's {@code toString}, which may tell anything.
 */
public final class TaskNames {

	private static final String SCHEDULED_METHOD = "org.springframework.scheduling.support.ScheduledMethodRunnable";

	private static final String SCHEDULED_TASK = "org.springframework.scheduling.config.Task$OutcomeTrackingRunnable";

	private TaskNames() {
	}

	/**
	 * Name what runs or is queued. Costs too much for each task: for what is shown only.
	 * @param task a task of ours or whatever else stands in a queue
	 * @return its name
	 */
	public static String of(Object task) {
		if (task instanceof Queued queued) {
			return of(queued.taskType());
		}
		if (task instanceof MeteredCallable<?> callable) {
			return of(callable.taskType());
		}
		Object own = (task instanceof MeteredRun<?> run) ? run.delegate() : task;
		Object scheduled = own.getClass().getName().equals(SCHEDULED_TASK) ? scheduled(own) : own;
		// its toString is the method
		return (scheduled != null && scheduled.getClass().getName().equals(SCHEDULED_METHOD)) ? scheduled.toString()
				: of((scheduled != null) ? scheduled.getClass() : own.getClass());
	}

	private static @Nullable Object scheduled(Object wrapper) {
		try {
			Field field = wrapper.getClass().getDeclaredField("runnable");
			field.setAccessible(true);
			return field.get(wrapper);
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			return null;
		}
	}

	private static String of(Class<?> type) {
		String name = type.getName();
		// what follows is made up by the JVM or by Spring, and differs from run to run
		int generated = name.indexOf("$$");
		return (generated > 0) ? name.substring(0, generated) : name;
	}

}
