// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;

import org.springframework.util.ReflectionUtils;

/**
 * Gives an object that stands in front of another the other's fields, for code that reads
 * them and not the getters: tests do, and final getters.
 */
final class SharedFields {

	private SharedFields() {
	}

	/**
	 * Copies all fields.
	 * @param source the object behind
	 * @param target the object in front, of a subclass
	 */
	static void copy(Object source, Object target) {
		ReflectionUtils.doWithFields(source.getClass(), (field) -> {
			ReflectionUtils.makeAccessible(field);
			field.set(target, field.get(source));
		}, SharedFields::isShared);
	}

	private static boolean isShared(Field field) {
		int modifiers = field.getModifiers();
		return !Modifier.isStatic(modifiers) && (SpringFields.CAN_SET_FINAL || !Modifier.isFinal(modifiers));
	}

}
