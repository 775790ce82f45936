// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the spans of tasks and sets their attributes. A bean of this type replaces the
 * {@link DefaultTaskObservationConvention}. If it changes the name of the observation,
 * Micrometer also creates a timer of that name, unless a {@code MeterFilter} of the
 * application denies it.
 *
 * @since 0.1.0
 */
public interface TaskObservationConvention extends ObservationConvention<TaskObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof TaskObservationContext;
	}

}
