package io.github.executormetrics.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the spans of tasks and gives them their attributes. A bean of this type takes the
 * place of the {@link DefaultTaskObservationConvention}. One that gives the observation
 * another name has Micrometer make a timer of it by that name, unless a
 * {@code MeterFilter} of the application's denies it.
 *
 * @since 0.1.0
 */
public interface TaskObservationConvention extends ObservationConvention<TaskObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof TaskObservationContext;
	}

}
