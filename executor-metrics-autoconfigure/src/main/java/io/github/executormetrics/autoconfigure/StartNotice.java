// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.CollectionUtils;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.SafeLog;

/**
 * Says in one line, once the application has started, how many executors are watched,
 * which are not and why, and where to see them.
 */
class StartNotice implements ApplicationContextAware {

	private static final SafeLog logger = new SafeLog(StartNotice.class);

	private static final int MAX_NAMED = 5;

	private static final int MAX_LENGTH = 80;

	private static final String ACTUATOR = "org.springframework.boot.actuate.endpoint.annotation.Endpoint";

	private static final String ACCESS = "management.endpoint.executors.access";

	private static final String DEFAULT_ACCESS = "management.endpoints.access.default";

	private static final String EXPOSURE = "management.endpoints.web.exposure.";

	private static final Set<String> ALL_OR_OURS = Set.of("*", "executors");

	private final ExecutorRegistry registry;

	private final ExecutorMetricsProperties properties;

	private @Nullable ApplicationContext context;

	private boolean told;

	StartNotice(ExecutorRegistry registry, ExecutorMetricsProperties properties) {
		this.registry = registry;
		this.properties = properties;
	}

	@Override
	public void setApplicationContext(ApplicationContext context) {
		this.context = context;
	}

	// the events of child contexts come here, too

	@EventListener
	void refreshed(ContextRefreshedEvent event) {
		ApplicationContext context = event.getApplicationContext();
		if (context == this.context && !context.containsLocalBean("springApplicationArguments")) {
			// nothing will say that it is ready
			tell(context);
		}
	}

	@EventListener
	void ready(ApplicationReadyEvent event) {
		if (event.getApplicationContext() == this.context) {
			tell(event.getApplicationContext());
		}
	}

	private void tell(ApplicationContext context) {
		if (this.properties.enabled() && !this.told) {
			this.told = true;
			logger.info(executors() + endpoint(context));
		}
	}

	private String executors() {
		int watched = 0;
		List<MonitoredExecutor> unwatched = new ArrayList<>();
		for (MonitoredExecutor executor : this.registry.all()) {
			if (executor.coverage() != Coverage.NONE) {
				watched++;
			}
			else if (executor.countedAt() == null) {
				unwatched.add(executor);
			}
		}
		return watched + ((watched == 1) ? " executor is watched, " : " executors are watched, ") + unwatched.size()
				+ ((unwatched.size() == 1) ? " is not" : " are not") + reasons(unwatched);
	}

	private static String reasons(List<MonitoredExecutor> unwatched) {
		if (unwatched.isEmpty()) {
			return "";
		}
		return unwatched.stream()
			.limit(MAX_NAMED)
			.map((executor) -> "'" + line(executor.name()) + "' (" + line(executor.coverageReason()) + ")")
			.collect(Collectors.joining(", ", ": ",
					(unwatched.size() > MAX_NAMED) ? " and " + (unwatched.size() - MAX_NAMED) + " more" : ""));
	}

	/**
	 * Part of a line: a name or a reason may have line breaks and any length.
	 */
	private static String line(@Nullable String text) {
		String line = String.valueOf(text).replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ");
		return (line.length() <= MAX_LENGTH) ? line : line.substring(0, MAX_LENGTH) + "...";
	}

	private static String endpoint(ApplicationContext context) {
		if (!ClassUtils.isPresent(ACTUATOR, context.getClassLoader())) {
			return "";
		}
		if (context.getBeanNamesForType(ExecutorsEndpoint.class, true, false).length > 0) {
			return "; the actuator endpoint 'executors' shows them";
		}
		String include = include(context.getEnvironment());
		return (include != null) ? "; the actuator endpoint 'executors' is not exposed: set " + include + " to see them"
				: "";
	}

	/**
	 * The property that exposes the endpoint beside what is exposed already, or null
	 * where the user does not want it.
	 */
	private static @Nullable String include(Environment environment) {
		String access = environment.getProperty(ACCESS, environment.getProperty(DEFAULT_ACCESS, ""));
		if (access.equalsIgnoreCase("none")) {
			return null;
		}
		Binder binder = Binder.get(environment);
		Bindable<Set<String>> names = Bindable.setOf(String.class);
		Set<String> excluded = binder.bind(EXPOSURE + "exclude", names).orElse(Set.of());
		if (CollectionUtils.containsAny(excluded, ALL_OR_OURS)) {
			return null;
		}
		Set<String> included = binder.bind(EXPOSURE + "include", names).orElse(Set.of("health"));
		if (CollectionUtils.containsAny(included, ALL_OR_OURS)) {
			// exposed, but by another context
			return null;
		}
		return EXPOSURE + "include=executors," + String.join(",", included);
	}

}
