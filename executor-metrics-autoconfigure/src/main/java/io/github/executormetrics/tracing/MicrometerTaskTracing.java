// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.DefaultTaskObservationConvention;
import io.github.executormetrics.TaskObservationContext;
import io.github.executormetrics.TaskObservationConvention;
import io.github.executormetrics.TaskObservationDocumentation;
import io.github.executormetrics.TaskSpans;
import io.github.executormetrics.task.TaskTracing;

/**
 * Traces tasks with Micrometer: the context of who submits a task is there when it runs,
 * and an observation around the run makes its span.
 */
public final class MicrometerTaskTracing implements TaskTracing {

	private static final TaskObservationConvention DEFAULT_CONVENTION = new DefaultTaskObservationConvention();

	private final ObservationRegistry observations;

	private final Tracer tracer;

	private final @Nullable ContextCarrier carrier;

	private final TaskSpans spans;

	private final @Nullable TaskObservationConvention convention;

	/**
	 * Create a tracing.
	 * @param observations where observations are made
	 * @param tracer the application's tracer
	 * @param propagate whether to carry the context to the run
	 * @param spans which tasks get a span
	 * @param convention names the spans, or null for the default one
	 */
	public MicrometerTaskTracing(ObservationRegistry observations, Tracer tracer, boolean propagate, TaskSpans spans,
			@Nullable TaskObservationConvention convention) {
		this.observations = observations;
		this.tracer = tracer;
		this.carrier = propagate ? ContextCarrier.of(observations, tracer) : null;
		if (propagate) {
			RunningObservations.mark(observations);
		}
		this.spans = spans;
		this.convention = convention;
	}

	@Override
	public @Nullable Object capture() {
		Current current = (this.carrier != null) ? this.carrier.current() : null;
		if (current == null) {
			return null;
		}
		Opened opened = Opened.innermost();
		return (opened != null) ? opened.handOn(current) : Carried.first(current);
	}

	@Override
	public @Nullable Scope enter(String executor, String task, @Nullable Object context, long waitNanos) {
		Carried carried = (Carried) context;
		Scope scope = (this.carrier != null && carried != null) ? open(this.carrier, carried.current()) : null;
		try {
			Current current = (carried != null) ? carried.current() : null;
			Span parent = (this.spans != TaskSpans.OFF) ? this.tracer.currentSpan() : null;
			if (this.spans == TaskSpans.ALWAYS || parent != null) {
				scope = observe(new TaskObservationContext(executor, task, waitNanos), parent, scope);
				current = (this.carrier != null) ? this.carrier.current() : null;
			}
			return (scope != null && this.carrier != null) ? new Opened(carried, current, scope) : scope;
		}
		catch (Throwable ex) {
			if (scope != null) {
				scope.close(null);
			}
			throw ex;
		}
	}

	/**
	 * Open the context of the submitter, unless there is one that the user has opened
	 * around the task, as a {@code TaskDecorator} does: it would be hidden.
	 */
	private static @Nullable Scope open(ContextCarrier carrier, Current context) {
		Current now = carrier.current();
		if (now == null || now.isBaggageOnly()) {
			return carrier.enter(context, false);
		}
		Opened outer = Opened.innermost();
		boolean leave = outer != null && outer.isOfOuterTask(now, context);
		return (leave || now.isSameSpan(context)) ? carrier.enter(context, leave) : null;
	}

	private Scope observe(TaskObservationContext context, @Nullable Span parent, @Nullable Scope carried) {
		if (parent != null) {
			// as it is on this thread, which that of the parent's observation may not be
			context.computeIfAbsent(TracingContext.class, (type) -> new TracingContext()).setSpan(parent);
		}
		Observation observation = TaskObservationDocumentation.TASK_EXECUTION
			.observation(this.convention, DEFAULT_CONVENTION, () -> context, this.observations)
			.start();
		ObservationScope scope;
		try {
			scope = new ObservationScope(observation);
		}
		catch (Throwable ex) {
			observation.stop();
			throw ex;
		}
		return (failure) -> {
			try {
				scope.close();
			}
			finally {
				try {
					end(observation, context, failure);
				}
				finally {
					if (carried != null) {
						carried.close(failure);
					}
				}
			}
		};
	}

	private static void end(Observation observation, TaskObservationContext context, @Nullable Throwable failure) {
		if (failure != null) {
			observation.error(failure);
		}
		else {
			context.setCompleted(true);
		}
		observation.stop();
	}

}
