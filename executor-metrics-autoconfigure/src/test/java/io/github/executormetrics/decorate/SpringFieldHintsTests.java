// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Field;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is read of Spring's classes is there, and can be read in a native image.
 */
class SpringFieldHintsTests {

	static Iterable<String> fields() {
		return SpringFieldHints.FIELDS;
	}

	@ParameterizedTest
	@MethodSource("fields")
	void whenFieldIsReadThenItIsThereAndHinted(String name) throws Exception {
		int dot = name.lastIndexOf('.');
		Class<?> owner = ClassUtils.forName(name.substring(0, dot), getClass().getClassLoader());
		Field field = owner.getDeclaredField(name.substring(dot + 1));
		assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(field)).accepts(hints());
	}

	@Test
	void whenObjectsAreMadeThenTheirConstructorsAreHinted() throws Exception {
		for (String name : SpringFieldHints.CREATED) {
			Class<?> type = ClassUtils.forName(name, getClass().getClassLoader());
			assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
				.accepts(hints());
		}
	}

	private static RuntimeHints hints() {
		RuntimeHints hints = new RuntimeHints();
		SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter(SpringFieldHints.class::isInstance)
			.forEach((registrar) -> registrar.registerHints(hints, null));
		return hints;
	}

}
