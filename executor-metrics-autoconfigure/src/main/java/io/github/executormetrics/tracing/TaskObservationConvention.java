package io.github.executormetrics.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the spans of tasks and gives them their attributes. A bean of this type takes the
 * place of the {@link DefaultTaskObservationConvention}.
 *
 * @since 0.1.0
 */
public interface TaskObservationConvention extends ObservationConvention<TaskObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof TaskObservationContext;
	}

}
