// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One stretch of starvation of one executor, from raised to cleared, as it stood when
 * this was asked for. Holds names and numbers only, none of the application's objects.
 *
 * @param executor the executor's name
 * @param number counts the incidents of this executor, from 1 on
 * @param start when the first of the bad looks was
 * @param raised when it was raised
 * @param end when it was cleared, or null while it is open
 * @param causes every cause that stood meanwhile, the gravest first: the evidence is that
 * of the breach, the advice the last there was
 * @param figures what was the worst meanwhile, and how much was done, units in their
 * names
 * @param holding the tasks that held the workers at the breach: how many of each name
 * @param waiting the tasks that were queued then: how many of each name, among the first
 * thousand
 * @param waitsFor the executor that its workers waited for then, or null
 * @param stacks where its workers stood then, most of them first
 * @since 0.1.0
 */
public record StarvationIncident(String executor, long number, Instant start, Instant raised, @Nullable Instant end,
		List<RaisedCause> causes, Map<String, Number> figures, Map<String, Integer> holding,
		Map<String, Integer> waiting, @Nullable String waitsFor, List<WorkerStack> stacks) {

	/**
	 * The same for those to whom no stack may be shown.
	 * @return an incident that names no frame of a stack and no worker
	 */
	public StarvationIncident withoutStacks() {
		return new StarvationIncident(this.executor, this.number, this.start, this.raised, this.end,
				this.causes.stream().map(RaisedCause::withoutStacks).toList(), this.figures, this.holding, this.waiting,
				this.waitsFor, List.of());
	}

	/**
	 * The gravest cause of it.
	 * @return the first of the causes
	 */
	public StarvationCause gravest() {
		return this.causes.get(0).cause();
	}

	/**
	 * For how long it lasted.
	 * @return from its start to its end, or empty while it is open
	 */
	public @Nullable Duration duration() {
		return (this.end != null) ? Duration.between(this.start, this.end) : null;
	}

}
