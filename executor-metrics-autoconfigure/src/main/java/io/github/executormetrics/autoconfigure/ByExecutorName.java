// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.AbstractMap;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What is set for single executors, by name. A name that is not a key itself finds the
 * key that differs from it in case, dashes and the like only: an environment variable
 * cannot spell a name in any other way. Where such a key could mean several executors, it
 * is found for none.
 *
 * @param <T> what is set
 */
final class ByExecutorName<T> extends AbstractMap<String, T> {

	private static final Pattern LEFT_OUT = Pattern.compile("[^\\p{L}\\p{Nd}]+");

	private final Map<String, T> exact;

	private final Map<String, T> relaxed;

	private ByExecutorName(Map<String, T> exact, Map<String, T> relaxed) {
		this.exact = exact;
		this.relaxed = relaxed;
	}

	/**
	 * Reads settings as they were bound.
	 * @param <T> what is set
	 * @param settings what is set, by key
	 * @param names the names of the executors that are known
	 * @return the settings, by name
	 */
	static <T> ByExecutorName<T> of(Map<String, T> settings, Collection<String> names) {
		Map<String, T> relaxed = new LinkedHashMap<>();
		for (Map.Entry<String, Set<String>> group : byForm(settings.keySet()).entrySet()) {
			Set<String> keys = group.getValue();
			Set<String> meant = names.stream()
				.filter((name) -> form(name).equals(group.getKey()))
				.collect(Collectors.toSet());
			// Boot has merged what is set by several keys, unless one is in brackets
			boolean one = keys.stream().map(settings::get).distinct().count() == 1;
			if (one && meant.size() <= 1 && meant.stream().noneMatch(keys::contains)) {
				relaxed.put(group.getKey(), settings.get(keys.iterator().next()));
			}
		}
		relaxed.remove("");
		return new ByExecutorName<>(new LinkedHashMap<>(settings), relaxed);
	}

	private static Map<String, Set<String>> byForm(Collection<String> names) {
		return names.stream().collect(Collectors.groupingBy(ByExecutorName::form, Collectors.toSet()));
	}

	/**
	 * Returns what an environment variable leaves of a name, as Boot compares them.
	 * @param name a name or a key
	 * @return its letters and digits, in lower case
	 */
	static String form(String name) {
		return LEFT_OUT.matcher(name).replaceAll("").toLowerCase(Locale.ROOT);
	}

	<R> ByExecutorName<R> map(Function<T, R> function) {
		return new ByExecutorName<>(map(this.exact, function), map(this.relaxed, function));
	}

	private static <T, R> Map<String, R> map(Map<String, T> settings, Function<T, R> function) {
		Map<String, R> mapped = new LinkedHashMap<>();
		settings.forEach((key, value) -> mapped.put(key, function.apply(value)));
		return mapped;
	}

	@Override
	public @Nullable T get(@Nullable Object name) {
		T own = this.exact.get(name);
		return (own == null && name instanceof String text) ? this.relaxed.get(form(text)) : own;
	}

	@Override
	public boolean containsKey(@Nullable Object name) {
		return get(name) != null;
	}

	@Override
	public Set<Entry<String, T>> entrySet() {
		return this.exact.entrySet();
	}

}
