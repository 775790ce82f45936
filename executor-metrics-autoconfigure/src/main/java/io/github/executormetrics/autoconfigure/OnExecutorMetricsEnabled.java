// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless executors are not to be metered at all. Boot's own condition takes all
 * but {@code true} for no, also {@code yes} and what is no boolean; this one reads the
 * property as the properties are read, and fails as they do.
 *
 * @since 0.1.0
 */
public final class OnExecutorMetricsEnabled extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		boolean enabled = isEnabled(context.getEnvironment());
		return new ConditionOutcome(enabled, ConditionMessage.of(ExecutorMetricsProperties.ENABLED + " is " + enabled));
	}

	/**
	 * Whether executors are to be metered, asked at run time, too: the conditions of a
	 * processed application have been answered before.
	 * @param environment where it is set
	 * @return whether they are
	 * @throws BindException where what is set is no boolean
	 */
	public static boolean isEnabled(Environment environment) {
		return Binder.get(environment).bind(ExecutorMetricsProperties.ENABLED, Boolean.class).orElse(true);
	}

}
