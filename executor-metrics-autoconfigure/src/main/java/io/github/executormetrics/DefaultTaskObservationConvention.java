// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.util.Locale;

import io.micrometer.common.KeyValues;

import io.github.executormetrics.TaskObservationDocumentation.HighCardinalityKeyNames;
import io.github.executormetrics.TaskObservationDocumentation.LowCardinalityKeyNames;

/**
 * Names a span after its task.
 *
 * @since 0.1.0
 */
public class DefaultTaskObservationConvention implements TaskObservationConvention {

	@Override
	public String getName() {
		return TaskObservationDocumentation.NAME;
	}

	@Override
	public String getContextualName(TaskObservationContext context) {
		return context.getTask();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(TaskObservationContext context) {
		return KeyValues.of(LowCardinalityKeyNames.EXECUTOR.withValue(context.getExecutor()),
				LowCardinalityKeyNames.TASK.withValue(context.getTask()),
				LowCardinalityKeyNames.OUTCOME.withValue(context.isCompleted() ? "success" : "error"));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(TaskObservationContext context) {
		long wait = context.getWaitNanos();
		return (wait >= 0)
				? KeyValues.of(HighCardinalityKeyNames.WAIT.withValue(String.format(Locale.ROOT, "%.3f", wait / 1e6)))
				: KeyValues.empty();
	}

}
