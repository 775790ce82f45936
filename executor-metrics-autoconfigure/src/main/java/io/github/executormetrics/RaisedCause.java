// SPDX-License-Identifier: Apache-2.0

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
 * @param evidence the measured values, the limit, and of how many ticks or tasks they
 * are, units in their names
 * @param detail what the numbers cannot say, such as where in the application's code the
 * workers are, or null
 * @param plainDetail what of that names no frame of a stack and no worker, for those to
 * whom no stack may be shown; null where nothing is left
 * @param advice what to do, or null where too little was measured to say so
 * @param stacks the stacks of the tasks that are stuck, empty for every other cause
 * @since 0.1.0
 */
public record RaisedCause(StarvationCause cause, Instant since, @Nullable Instant until, Map<String, Number> evidence,
		@Nullable String detail, @Nullable String plainDetail, @Nullable Advice advice, List<WorkerStack> stacks) {

	/**
	 * The same for those to whom no stack may be shown.
	 * @return a cause that names no frame of a stack and no worker
	 */
	public RaisedCause withoutStacks() {
		return new RaisedCause(this.cause, this.since, this.until, this.evidence, this.plainDetail, this.plainDetail,
				this.advice, List.of());
	}

	/**
	 * What to do, and the figures that say so.
	 *
	 * @param text what has changed and what to do, with the figures in it
	 * @param settings what to set to which value, by the names that the settings have in
	 * the configuration, or at the bean; empty where that is not what would help
	 * @param figures the same figures, units in their names
	 */
	public record Advice(String text, Map<String, Integer> settings, Map<String, Number> figures) {

	}

}
