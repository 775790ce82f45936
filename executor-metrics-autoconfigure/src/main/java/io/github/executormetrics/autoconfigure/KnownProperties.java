// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Bindable.BindRestriction;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.StringUtils;

import io.github.executormetrics.task.SafeLog;

/**
 * Binds the properties, and tells of each one that is set and not known, with the known
 * one next to it.
 */
final class KnownProperties {

	private static final SafeLog logger = new SafeLog(KnownProperties.class);

	static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of(ExecutorMetricsProperties.PREFIX);

	/** What a variable with the dash as an underscore comes as. */
	private static final ConfigurationPropertyName SPLIT_PREFIX = ConfigurationPropertyName
		.of(ExecutorMetricsProperties.PREFIX.replace('-', '.'));

	private static final ResolvableType ROOT = ResolvableType.forClass(ExecutorMetricsProperties.class);

	private static final Pattern KEY = Pattern.compile("\\[(.*?)]");

	private KnownProperties() {
	}

	static ExecutorMetricsProperties bind(Environment environment) {
		ExecutorMetricsProperties bound = Binder.get(environment)
			.bindOrCreate(ExecutorMetricsProperties.PREFIX, Bindable.of(ExecutorMetricsProperties.class),
					new Sections(environment));
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource named) {
				named.stream()
					.filter((name) -> PREFIX.isAncestorOf(name) ? !isKnown(name) : isUnreadVariable(name, named))
					.forEach((name) -> tell(name, named));
			}
		}
		return bound;
	}

	/**
	 * With an underscore for the dash Boot reads a variable of a single property, and
	 * none that has a name of the user's in it. Others of that spelling come from a
	 * container platform, for a service of that name.
	 */
	private static boolean isUnreadVariable(ConfigurationPropertyName name, ConfigurationPropertySource source) {
		return isEnvironment(source) && SPLIT_PREFIX.isAncestorOf(name)
				&& component(ROOT, name.getElement(SPLIT_PREFIX.getNumberOfElements(), Form.UNIFORM)) != null
				&& below(PREFIX).stream()
					.noneMatch((known) -> name.equals(SPLIT_PREFIX.append(known.replace('-', '.'))));
	}

	private static boolean isEnvironment(ConfigurationPropertySource source) {
		return source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
	}

	private static ConfigurationPropertyName joined(ConfigurationPropertyName name) {
		return PREFIX.append(name.subName(SPLIT_PREFIX.getNumberOfElements()));
	}

	private static boolean isKnown(ConfigurationPropertyName name) {
		ResolvableType type = ROOT;
		for (int i = PREFIX.getNumberOfElements(); i < name.getNumberOfElements(); i++) {
			boolean indexed = name.chop(i + 1).isLastElementIndexed();
			ResolvableType next = null;
			if (isMap(type)) {
				next = type.getGeneric(1);
			}
			else if (type.resolve(Object.class) == List.class) {
				next = indexed ? type.getGeneric(0) : null;
			}
			else if (!indexed) {
				RecordComponent component = component(type, name.getElement(i, Form.UNIFORM));
				next = (component != null) ? ResolvableType.forType(component.getGenericType()) : null;
			}
			if (next == null) {
				return false;
			}
			type = next;
		}
		return true;
	}

	private static boolean isMap(ResolvableType type) {
		return type.resolve(Object.class) == Map.class;
	}

	private static @Nullable RecordComponent component(ResolvableType type, String uniformName) {
		for (RecordComponent component : components(type)) {
			if (component.getName().toLowerCase(Locale.ROOT).equals(uniformName)) {
				return component;
			}
		}
		return null;
	}

	private static RecordComponent[] components(ResolvableType type) {
		RecordComponent[] components = type.resolve(Object.class).getRecordComponents();
		return (components != null) ? components : new RecordComponent[0];
	}

	private static void tell(ConfigurationPropertyName name, ConfigurationPropertySource source) {
		ConfigurationProperty property = source.getConfigurationProperty(name);
		Origin origin = (property != null) ? property.getOrigin() : null;
		String nearest = nearest(PREFIX.isAncestorOf(name) ? name : joined(name));
		logger.warn("The property '" + name + "'" + ((origin != null) ? " (from " + origin + ")" : "")
				+ " is unknown and has no effect. Did you mean '"
				+ (isEnvironment(source) ? variable(nearest) : nearest) + "'?");
	}

	/**
	 * As an environment variable has to spell it: dashes and what else a key holds are
	 * left out.
	 */
	private static String variable(String property) {
		return KEY.matcher(property)
			.replaceAll((key) -> "." + ByExecutorName.form(key.group(1)))
			.replace("-", "")
			.replace('.', '_')
			.toUpperCase(Locale.ROOT);
	}

	/**
	 * The known property that is spelt most alike, has the same last element or stands
	 * below.
	 */
	static String nearest(ConfigurationPropertyName name) {
		String path = elements(name, PREFIX.getNumberOfElements(), name.getNumberOfElements());
		String last = name.getLastElement(Form.UNIFORM);
		return ExecutorMetricsProperties.PREFIX + "."
				+ below(name).stream()
					.min(Comparator.comparingInt((candidate) -> distance(candidate, path, last)))
					.orElse("");
	}

	/**
	 * Two wrong letters are less than a related property.
	 */
	private static int distance(String candidate, String path, String last) {
		boolean related = candidate.startsWith(path + ".")
				|| candidate.substring(candidate.lastIndexOf('.') + 1).replace("-", "").equals(last);
		String plain = candidate.replace('[', '.').replace("]", "");
		return Math.min(distance(plain, path), related ? 3 : Integer.MAX_VALUE);
	}

	/**
	 * All known properties, below the prefix. A map has the key that stands at its place
	 * in the name, or several elements in brackets, as a key with a dot needs them.
	 */
	static List<String> below(ConfigurationPropertyName name) {
		List<String> known = new ArrayList<>();
		add(ROOT, name, PREFIX.getNumberOfElements(), "", known);
		return known;
	}

	private static void add(ResolvableType type, ConfigurationPropertyName name, int level, String path,
			List<String> known) {
		if (isMap(type)) {
			String key = elements(name, level, Math.min(level + 1, name.getNumberOfElements()));
			boolean plain = !name.chop(level + 1).isLastElementIndexed();
			add(type.getGeneric(1), name, level + 1,
					path + (key.isEmpty() ? ".name" : plain ? "." + key : "[" + key + "]"), known);
			for (int end = level + 2; end < name.getNumberOfElements(); end++) {
				add(type.getGeneric(1), name, end, path + "[" + elements(name, level, end) + "]", known);
			}
		}
		else if (components(type).length > 0) {
			for (RecordComponent component : components(type)) {
				add(ResolvableType.forType(component.getGenericType()), name, level + 1,
						(path.isEmpty() ? "" : path + ".") + DataObjectPropertyName.toDashedForm(component.getName()),
						known);
			}
		}
		else {
			known.add(path);
		}
	}

	private static String elements(ConfigurationPropertyName name, int begin, int end) {
		return IntStream.range(begin, end)
			.mapToObj((i) -> name.getElement(i, Form.ORIGINAL))
			.collect(Collectors.joining("."));
	}

	/**
	 * How many letters must be put in, left out or replaced (Levenshtein).
	 */
	private static int distance(String one, String other) {
		int[] row = new int[other.length() + 1];
		for (int j = 0; j <= other.length(); j++) {
			row[j] = j;
		}
		for (int i = 1; i <= one.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= other.length(); j++) {
				int replaced = diagonal + ((one.charAt(i - 1) != other.charAt(j - 1)) ? 1 : 0);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[other.length()];
	}

	/**
	 * Refuses a value where properties belong. An empty one is what YAML makes of a
	 * section without any.
	 */
	private static final class Sections extends AbstractBindHandler {

		private final Environment environment;

		private Sections(Environment environment) {
			this.environment = environment;
		}

		@Override
		public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target,
				BindContext context) {
			if (!isMap(target.getType()) && components(target.getType()).length == 0) {
				return super.onStart(name, target, context);
			}
			for (ConfigurationPropertySource source : context.getSources()) {
				ConfigurationProperty property = source.getConfigurationProperty(name);
				if (property != null && StringUtils
					.hasText(this.environment.resolvePlaceholders(String.valueOf(property.getValue())))) {
					throw new InvalidConfigurationPropertyValueException(name.toString(), property.getValue(),
							"No value is allowed here, only properties below it such as " + nearest(name));
				}
			}
			// nor may a record be made of a single value
			return super.onStart(name, target.withBindRestrictions(BindRestriction.NO_DIRECT_PROPERTY), context);
		}

	}

}
