// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;

import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Reads private fields of Spring's classes. Where another version of Spring lacks one,
 * what depends on it is left out.
 */
final class SpringFields {

	/**
	 * Whether final fields can be set without a warning of the JDK, which writes one from
	 * 26 on.
	 */
	static final boolean CAN_SET_FINAL = Runtime.version().feature() < 26;

	private SpringFields() {
	}

	static @Nullable Class<?> type(String name) {
		try {
			return ClassUtils.forName(name, SpringFields.class.getClassLoader());
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return null;
		}
	}

	static @Nullable Field find(@Nullable Class<?> owner, String name) {
		Field field = (owner != null) ? ReflectionUtils.findField(owner, name) : null;
		if (field != null) {
			ReflectionUtils.makeAccessible(field);
		}
		return field;
	}

	static @Nullable Constructor<?> constructor(@Nullable Class<?> owner, Class<?>... parameterTypes) {
		try {
			Constructor<?> constructor = (owner != null) ? owner.getDeclaredConstructor(parameterTypes) : null;
			if (constructor != null) {
				ReflectionUtils.makeAccessible(constructor);
			}
			return constructor;
		}
		catch (NoSuchMethodException ex) {
			return null;
		}
	}

	static @Nullable Object get(@Nullable Field field, Object owner) {
		return (field != null) ? ReflectionUtils.getField(field, owner) : null;
	}

	/**
	 * Read a field of Spring's, which a user's subclass may have by the same name.
	 * @param owner the class that declares it
	 * @param name its name
	 * @param object the object to read from
	 * @return the value, or null where there is none
	 */
	static @Nullable Object get(Class<?> owner, String name, Object object) {
		return get(find(owner, name), object);
	}

	static @Nullable Object create(@Nullable Constructor<?> constructor, @Nullable Object... arguments) {
		try {
			return (constructor != null) ? constructor.newInstance(arguments) : null;
		}
		catch (InstantiationException | IllegalAccessException | InvocationTargetException ex) {
			return null;
		}
	}

}
