// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.PlaceholderResolutionException;

import io.github.executormetrics.TaskSpans;

/**
 * Says of a wrong value what is allowed. Comes before Boot's analyzer of any failed
 * binding, which knows the type only.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class ExecutorMetricsFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private static final ConfigurationPropertyName PREFIX = KnownProperties.PREFIX;

	private static final ConfigurationPropertyName SAMPLING = PREFIX.append("tasks.sampling");

	private static final String LIST_ALLOWED = "A list that starts at [0] and has no gap, or one comma-separated value is allowed";

	private final @Nullable Environment environment;

	ExecutorMetricsFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		if (!PREFIX.equals(cause.getName()) && !PREFIX.isAncestorOf(cause.getName())) {
			return null;
		}
		if (findCause(cause, PlaceholderResolutionException.class) != null) {
			// of which Boot tells
			return null;
		}
		UnboundConfigurationPropertiesException gap = findCause(cause, UnboundConfigurationPropertiesException.class);
		if (gap != null) {
			ConfigurationProperty first = gap.getUnboundProperties().iterator().next();
			return analyze(first.getName(), first.getName().toString(), first.getValue(), LIST_ALLOWED, cause);
		}
		InvalidConfigurationPropertyValueException invalid = findCause(cause,
				InvalidConfigurationPropertyValueException.class);
		if (invalid != null) {
			return analyze(ConfigurationPropertyName.adapt(invalid.getName(), '.'), invalid.getName(),
					invalid.getValue(), Objects.requireNonNullElse(invalid.getReason(), "Another value is expected"),
					cause);
		}
		String allowed = SAMPLING.equals(cause.getName()) ? ExecutorMetricsProperties.SAMPLING_ALLOWED
				: allowed(cause.getTarget().getType().resolve(Object.class));
		Object value = (cause.getProperty() != null) ? cause.getProperty().getValue() : null;
		return (allowed != null) ? analyze(cause.getName(), cause.getName().toString(), value, allowed, cause) : null;
	}

	private FailureAnalysis analyze(ConfigurationPropertyName name, String shown, @Nullable Object value,
			String allowed, BindException cause) {
		ConfigurationProperty property = find(name);
		Object given = (property != null) ? property.getValue() : value;
		Origin origin = (property != null) ? property.getOrigin() : null;
		String description = "The value '%s' of the property '%s'%s is not allowed.%n%n%s.".formatted(given, shown,
				(origin != null) ? " (from " + origin + ")" : "", allowed);
		return new FailureAnalysis(description,
				"Correct the value of '%s', or remove it to use the default.".formatted(shown), cause);
	}

	/** As it was written: the value that failed is a converted one. */
	private @Nullable ConfigurationProperty find(ConfigurationPropertyName name) {
		if (this.environment == null) {
			return null;
		}
		for (var source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return property;
			}
		}
		return null;
	}

	private static @Nullable String allowed(Class<?> type) {
		if (type == Duration.class) {
			return ExecutorMetricsProperties.DURATION_ALLOWED;
		}
		if (type == TaskSpans.class) {
			return ExecutorMetricsProperties.SPANS_ALLOWED;
		}
		Class<?> primitive = ClassUtils.resolvePrimitiveIfNecessary(type);
		if (primitive == Integer.class) {
			return ExecutorMetricsProperties.COUNT_ALLOWED;
		}
		if (primitive == Double.class) {
			return ExecutorMetricsProperties.SHARE_ALLOWED;
		}
		return (primitive == Boolean.class) ? "true or false is allowed" : null;
	}

}
