// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

import org.jspecify.annotations.Nullable;

/**
 * Tells apart the tasks of one class of Spring's that work for several beans, such as the
 * pollers of Spring Integration or the consumers of a listener container: each holds its
 * bean, which tells its name.
 */
final class TaskBeans {

	private static final String SPRING = "org.springframework.";

	private static final Object NONE = new Object();

	private static final ClassValue<Object> OWNER = new ClassValue<>() {

		@Override
		protected Object computeValue(Class<?> type) {
			try {
				Owner owner = type.getName().startsWith(SPRING) ? Owner.find(type) : null;
				return (owner != null) ? owner : NONE;
			}
			catch (RuntimeException | LinkageError ex) {
				// it goes by its own class then
				return NONE;
			}
		}

	};

	private TaskBeans() {
	}

	static boolean isOfABean(Class<?> type) {
		return OWNER.get(type) != NONE;
	}

	/**
	 * Name a task by the bean that it works for.
	 * @param task the task
	 * @return such as {@code SourcePollingChannelAdapter(orders)}, or null where its bean
	 * does not tell
	 */
	static @Nullable String describe(Object task) {
		return (OWNER.get(task.getClass()) instanceof Owner owner) ? owner.describe(task) : null;
	}

	/**
	 * How to get from a task to the name of its bean.
	 *
	 * @param field the field of the task that holds the bean
	 * @param name the method of the bean that tells its name
	 */
	private record Owner(Field field, Method name) {

		static @Nullable Owner find(Class<?> type) {
			for (Field field : type.getDeclaredFields()) {
				Method name = Modifier.isStatic(field.getModifiers()) ? null : name(field.getType());
				if (name != null) {
					field.setAccessible(true);
					return new Owner(field, name);
				}
			}
			return null;
		}

		private static @Nullable Method name(Class<?> type) {
			try {
				Method method = type.getMethod("getBeanName");
				return (method.getReturnType() == String.class) ? method : null;
			}
			catch (NoSuchMethodException ex) {
				return null;
			}
		}

		@Nullable String describe(Object task) {
			try {
				Object bean = this.field.get(task);
				Object beanName = (bean != null) ? this.name.invoke(bean) : null;
				return (beanName != null) ? bean.getClass().getSimpleName() + "(" + beanName + ")" : null;
			}
			catch (ReflectiveOperationException | RuntimeException ex) {
				return null;
			}
		}

	}

}
