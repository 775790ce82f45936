// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.ClassUtils;

/**
 * Tells the methods that are the user's from those of the JDK and Spring, whose ways are
 * known.
 */
final class Overrides {

	private Overrides() {
	}

	/**
	 * Find the user's code for a method.
	 * @param type the class of an executor
	 * @param name the method's name
	 * @param parameterTypes the method's parameters
	 * @return the user's method, or null where the JDK or Spring answers
	 */
	static @Nullable Method find(Class<?> type, String name, Class<?>... parameterTypes) {
		for (Class<?> owner = type; owner != null && !isKnown(owner); owner = owner.getSuperclass()) {
			for (Method method : owner.getDeclaredMethods()) {
				if (method.getName().equals(name) && !method.isBridge()
						&& Arrays.equals(method.getParameterTypes(), parameterTypes)) {
					return method;
				}
			}
		}
		return null;
	}

	/**
	 * Whether a class is the JDK's or Spring's.
	 * @param type a class
	 * @return whether none of its methods is the user's
	 */
	static boolean isKnown(Class<?> type) {
		return type.getName().startsWith("java.") || type.getName().startsWith("org.springframework.");
	}

	/**
	 * Whether an executor has a submit method of the user's.
	 * @param type its class
	 * @return whether one is overridden
	 */
	static boolean hasSubmit(Class<?> type) {
		return find(type, "submit", Runnable.class) != null || find(type, "submit", Callable.class) != null
				|| find(type, "submit", Runnable.class, Object.class) != null;
	}

	/**
	 * The user's method that a pool calls with each of its tasks, which it may cast.
	 * @param type the class of a pool, or of Spring's executor around one
	 * @return the method's name, or null where there is none
	 */
	static @Nullable String hook(Class<?> type) {
		// a proxy of Spring's overrides all, and none of it is called by the pool
		Class<?> own = ClassUtils.getUserClass(type);
		if (ThreadPoolTaskScheduler.class.isAssignableFrom(own)) {
			// sees the scheduler's own futures, with us and without
			return null;
		}
		if (ScheduledThreadPoolExecutor.class.isAssignableFrom(own)) {
			boolean decorates = find(own, "decorateTask", Runnable.class, RunnableScheduledFuture.class) != null
					|| find(own, "decorateTask", Callable.class, RunnableScheduledFuture.class) != null;
			return decorates ? "decorateTask" : null;
		}
		if (find(own, "beforeExecute", Thread.class, Runnable.class) != null) {
			return "beforeExecute";
		}
		return (find(own, "afterExecute", Runnable.class, Throwable.class) != null) ? "afterExecute" : null;
	}

}
