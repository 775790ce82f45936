// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.actuate;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.actuate.ExecutorsEndpoint.ClearedDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint.ExecutorsDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint.IncidentsDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint.UnknownDescriptor;
import io.github.executormetrics.actuate.ExecutorsHealthIndicator.VerdictDescriptor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the page of all fields is of those that the code has.
 */
class EndpointFieldsTests {

	private static final Path PAGE = Path.of("..", "docs", "endpoint.md");

	@Test
	void pageDescribesEachFieldOnce() throws IOException {
		Set<String> fields = new TreeSet<>();
		for (Class<?> root : new Class<?>[] { ExecutorsDescriptor.class, ExecutorDetailsDescriptor.class,
				IncidentsDescriptor.class, ClearedDescriptor.class, UnknownDescriptor.class,
				VerdictDescriptor.class }) {
			collect(root, fields);
		}
		String page = Files.readString(PAGE);
		String objects = page.substring(page.indexOf("## Objects"), page.indexOf("## Evidence"));
		assertThat(objects.lines()
			.filter((line) -> line.startsWith("| ") && !line.startsWith("| object"))
			.map((line) -> line.split("\\|"))
			.map((cells) -> cells[1].strip() + "." + cells[2].strip().replace("`", ""))
			.collect(Collectors.toList())).containsExactlyInAnyOrderElementsOf(fields);
	}

	private static void collect(Type type, Set<String> fields) {
		if (type instanceof ParameterizedType generic) {
			Arrays.stream(generic.getActualTypeArguments()).forEach((argument) -> collect(argument, fields));
		}
		if (!(type instanceof Class<?> known) || !known.isRecord()) {
			return;
		}
		for (RecordComponent component : known.getRecordComponents()) {
			if (fields.add(name(known) + "." + name(known, component))) {
				collect(component.getGenericType(), fields);
			}
		}
	}

	private static String name(Class<?> type) {
		String name = type.getSimpleName().replaceAll("(Descriptor|Figures)$", "");
		return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
	}

	private static String name(Class<?> type, RecordComponent component) {
		try {
			// what is said of a component is there at its field and its accessor
			JsonProperty property = type.getDeclaredField(component.getName()).getAnnotation(JsonProperty.class);
			boolean unwrapped = type.getDeclaredField(component.getName()).isAnnotationPresent(JsonUnwrapped.class);
			return unwrapped ? "(all fields of executor)" : (property != null) ? property.value() : component.getName();
		}
		catch (NoSuchFieldException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
