package io.github.executormetrics.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Bindable.BindRestriction;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

import io.github.executormetrics.task.SafeLog;

/**
 * Binds the properties, and tells of each one that is set and not known, with the known
 * one next to it.
 */
final class KnownProperties {

	private static final SafeLog logger = new SafeLog(KnownProperties.class);

	private static final Bindable<ExecutorMetricsProperties> TARGET = Bindable.of(ExecutorMetricsProperties.class);

	private static final int FIRST = ConfigurationPropertyName.of(ExecutorMetricsProperties.PREFIX)
		.getNumberOfElements();

	private KnownProperties() {
	}

	static ExecutorMetricsProperties bind(Environment environment) {
		Binder binder = Binder.get(environment);
		try {
			return binder.bindOrCreate(ExecutorMetricsProperties.PREFIX, TARGET,
					new NoUnboundElementsBindHandler(new Sections()));
		}
		catch (BindException ex) {
			if (!(ex.getCause() instanceof UnboundConfigurationPropertiesException unknown)) {
				throw ex;
			}
			unknown.getUnboundProperties().forEach(KnownProperties::tell);
			return binder.bindOrCreate(ExecutorMetricsProperties.PREFIX, TARGET, new Sections());
		}
	}

	private static void tell(ConfigurationProperty property) {
		String nearest = nearest(property.getName());
		ConfigurationPropertyName known = ConfigurationPropertyName.of(nearest);
		if (known.equals(property.getName()) || property.getName().isAncestorOf(known)) {
			// empty, so that the defaults hold
			return;
		}
		logger.warn("The property '" + property.getName() + "'"
				+ ((property.getOrigin() != null) ? " (from " + property.getOrigin() + ")" : "")
				+ " is not known and changes nothing. Did you mean '" + nearest + "'?");
	}

	/**
	 * The known property that is spelt most alike, has the same last element or stands
	 * below.
	 */
	static String nearest(ConfigurationPropertyName name) {
		String path = name.subName(FIRST).toString();
		String last = name.getLastElement(Form.UNIFORM);
		List<String> known = new ArrayList<>();
		add(ResolvableType.forClass(ExecutorMetricsProperties.class), name, FIRST, "", known);
		String nearest = known.stream()
			.min(Comparator.comparingInt((candidate) -> distance(candidate, path, last)))
			.orElse("");
		return ExecutorMetricsProperties.PREFIX + "." + nearest;
	}

	/**
	 * Two wrong letters are less than a related property.
	 */
	private static int distance(String candidate, String path, String last) {
		boolean related = candidate.startsWith(path + ".")
				|| candidate.substring(candidate.lastIndexOf('.') + 1).replace("-", "").equals(last);
		return Math.min(distance(candidate, path), related ? 3 : Integer.MAX_VALUE);
	}

	/**
	 * Adds what can be set below a property. A map has the key that stands at its place
	 * in the name, or several elements in brackets, as a key with a dot needs them.
	 */
	private static void add(ResolvableType type, ConfigurationPropertyName name, int level, String path,
			List<String> known) {
		if (type.resolve(Object.class) == Map.class) {
			add(type.getGeneric(1), name, level + 1, path + key(name, level, level + 1), known);
			for (int end = level + 2; end < name.getNumberOfElements(); end++) {
				add(type.getGeneric(1), name, end, path + "[" + key(name, level, end).substring(1) + "]", known);
			}
		}
		else if (type.resolve(Object.class).isRecord()) {
			for (RecordComponent component : type.resolve(Object.class).getRecordComponents()) {
				add(ResolvableType.forType(component.getGenericType()), name, level + 1,
						(path.isEmpty() ? "" : path + ".") + DataObjectPropertyName.toDashedForm(component.getName()),
						known);
			}
		}
		else {
			known.add(path);
		}
	}

	/**
	 * Elements of a name, with the dot or the bracket before them.
	 */
	private static String key(ConfigurationPropertyName name, int level, int end) {
		return (level < name.getNumberOfElements())
				? name.chop(end).toString().substring(name.chop(level).toString().length()) : ".name";
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

		@Override
		public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target,
				BindContext context) {
			Class<?> type = target.getType().resolve(Object.class);
			if (!type.isRecord() && type != Map.class) {
				return super.onStart(name, target, context);
			}
			for (ConfigurationPropertySource source : context.getSources()) {
				ConfigurationProperty property = source.getConfigurationProperty(name);
				if (property != null && StringUtils.hasText(String.valueOf(property.getValue()))) {
					throw new InvalidConfigurationPropertyValueException(name.toString(), property.getValue(),
							"No value is allowed here, but properties below it such as " + nearest(name));
				}
			}
			// nor may a record be made of a single value
			return super.onStart(name, target.withBindRestrictions(BindRestriction.NO_DIRECT_PROPERTY), context);
		}

	}

}
