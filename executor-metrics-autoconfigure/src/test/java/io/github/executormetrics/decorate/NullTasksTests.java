// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A null in place of a task fails the caller as it does undecorated, and is no task.
 */
class NullTasksTests {

	private final Bench bench = new Bench();

	@AfterEach
	void stopAll() {
		this.bench.stopAll();
	}

	@ParameterizedTest(name = "{0}, {1}, {2}")
	@MethodSource
	void whenTaskIsNullThenTheCallerGetsWhatTheUndecoratedOneThrows(TaskMethodsTests.Kind kind, Method method,
			@Nullable Object task) throws Exception {
		@Nullable Object[] arguments = new Object[method.getParameterCount()];
		for (int i = 1; i < arguments.length; i++) {
			Class<?> type = method.getParameterTypes()[i];
			arguments[i] = (type == long.class) ? (Object) 20L : (type == TimeUnit.class) ? TimeUnit.SECONDS : "result";
		}
		arguments[0] = task;
		Throwable expected = thrown(method, kind.undecorated(this.bench), arguments);
		Throwable actual = thrown(method, kind.decorated(this.bench), arguments);
		if (expected == null) {
			// it makes a task of its own of it, or a thread that fails
			assertThat(actual).isNull();
			return;
		}
		assertThat(actual).hasSameClassAs(expected);
		TaskTotals totals = this.bench.totals();
		assertThat(totals.submitted()).isZero();
		assertThat(totals.active()).isZero();
	}

	static List<Arguments> whenTaskIsNullThenTheCallerGetsWhatTheUndecoratedOneThrows() {
		List<Arguments> arguments = new ArrayList<>();
		for (TaskMethodsTests.Kind kind : TaskMethodsTests.Kind.values()) {
			for (Method method : methods(kind.type())) {
				arguments.add(Arguments.of(kind, method, null));
				if (method.getParameterTypes()[0] == Collection.class) {
					arguments.add(Arguments.of(kind, method, Collections.singletonList(null)));
				}
			}
		}
		return arguments;
	}

	private static List<Method> methods(Class<?> type) {
		return Arrays.stream(type.getMethods())
			.filter((method) -> method.getName().matches("execute|submit|submitCompletable|invokeAll|invokeAny")
					&& !Modifier.isStatic(method.getModifiers()) && !method.isBridge())
			.filter((method) -> List.of(Runnable.class, Callable.class, Collection.class)
				.contains(method.getParameterTypes()[0]))
			.sorted(Comparator.comparing(Method::toString))
			.toList();
	}

	private static @Nullable Throwable thrown(Method method, Object executor, @Nullable Object[] arguments)
			throws IllegalAccessException {
		try {
			method.invoke(executor, arguments);
			return null;
		}
		catch (InvocationTargetException ex) {
			return ex.getTargetException();
		}
	}

}
