// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Recognizes the mocks and spies of tests, which {@code verify} must find as they are.
 * Needs no Mockito, and starts none that the test itself has not started.
 */
final class MockitoMocks {

	private static final String DISPATCHER = "org.mockito.internal.creation.bytebuddy.inject.MockMethodDispatcher";

	private MockitoMocks() {
	}

	/**
	 * Whether an object is a mock or a spy.
	 * @param object any object
	 * @return whether calls of it are recorded
	 */
	static boolean isMock(Object object) {
		return isPossible(object) && is("isMock", object);
	}

	/**
	 * Whether an object is a spy, which does what its class does.
	 * @param object any object
	 * @return whether it calls real methods
	 */
	static boolean isSpy(Object object) {
		return isPossible(object) && is("isSpy", object);
	}

	/**
	 * A mock is of a subclass with a name of its own, or of any class once Mockito has
	 * put its dispatcher into the JVM's own class loader.
	 */
	private static boolean isPossible(Object object) {
		if (object.getClass().getName().contains("$MockitoMock$")) {
			return true;
		}
		try {
			Class.forName(DISPATCHER, false, null);
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	private static boolean is(String reading, Object object) {
		Class<?> mockito = find("org.mockito.Mockito");
		Class<?> details = find("org.mockito.MockingDetails");
		if (mockito == null || details == null) {
			return false;
		}
		Method detailsOf = ReflectionUtils.findMethod(mockito, "mockingDetails", Object.class);
		Method asked = ReflectionUtils.findMethod(details, reading);
		if (detailsOf == null || asked == null) {
			return false;
		}
		return Boolean.TRUE
			.equals(ReflectionUtils.invokeMethod(asked, ReflectionUtils.invokeMethod(detailsOf, null, object)));
	}

	private static @Nullable Class<?> find(String name) {
		ClassLoader classLoader = ClassUtils.getDefaultClassLoader();
		return ClassUtils.isPresent(name, classLoader) ? ClassUtils.resolveClassName(name, classLoader) : null;
	}

}
