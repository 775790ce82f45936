// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Finds the handles by which the fields of this package are written and read in other
 * ways than plain.
 */
final class FieldHandles {

	private FieldHandles() {
	}

	/**
	 * Find the handle of a field.
	 * @param lookup the lookup of the class that uses it
	 * @param owner the class that declares the field
	 * @param name the field
	 * @param type its type
	 * @return the handle
	 * @throws ExceptionInInitializerError if there is no such field
	 */
	static VarHandle find(MethodHandles.Lookup lookup, Class<?> owner, String name, Class<?> type) {
		try {
			return lookup.findVarHandle(owner, name, type);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

}
