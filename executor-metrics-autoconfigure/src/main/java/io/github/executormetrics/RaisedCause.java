package io.github.executormetrics;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A cause that stands, or stood.
 *
 * @param cause the cause
 * @param since when the first of its bad looks was
 * @param until when it was cleared, or null while it stands
 * @param evidence the measured values, the limit and the number of samples, units in
 * their names
 * @param detail what the numbers cannot say, such as where the workers are, or null
 * @param advice what to do, or null where too little was measured to say so
 * @param stacks the stacks of the tasks that are stuck, empty for every other cause
 * @since 0.1.0
 */
public record RaisedCause(StarvationCause cause, Instant since, @Nullable Instant until, Map<String, Number> evidence,
		@Nullable String detail, @Nullable Advice advice, List<WorkerStack> stacks) {

	/**
	 * What to do, and the figures that say so.
	 *
	 * @param text one sentence with the figures in it
	 * @param figures the same figures, units in their names
	 */
	public record Advice(String text, Map<String, Number> figures) {

	}

}
