// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.actuate.ExecutorDescriptor.CauseDescriptor;
import io.github.executormetrics.actuate.ExecutorDescriptor.StackDescriptor;

/**
 * One stretch of starvation as the endpoint shows it.
 *
 * @param number counts the incidents of the executor, from 1 on
 * @param verdict the gravest cause of it
 * @param start when the first bad tick was
 * @param raised when it was raised
 * @param end when it was cleared, left out while it is open
 * @param durationMillis from start to end, left out while it is open
 * @param causes every cause that stood meanwhile, the gravest first
 * @param figures what was the worst meanwhile, and how much was done
 * @param holding the tasks that held the workers at the breach, by name
 * @param waiting the tasks that were queued then, by name
 * @param waitsFor the executor that its workers waited for then, left out where they
 * waited for none
 * @param stacks where its workers stood then, left out where stacks are not shown
 * @since 0.1.0
 */
public record IncidentDescriptor(long number, String verdict, Instant start, Instant raised, @Nullable Instant end,
		@Nullable Long durationMillis, List<CauseDescriptor> causes, Map<String, Number> figures,
		Map<String, Integer> holding, Map<String, Integer> waiting, @Nullable String waitsFor,
		@Nullable List<StackDescriptor> stacks) {

	static IncidentDescriptor of(StarvationIncident incident, boolean showStacks) {
		Duration duration = incident.duration();
		return new IncidentDescriptor(incident.number(), incident.gravest().name(), incident.start(), incident.raised(),
				incident.end(), (duration != null) ? duration.toMillis() : null,
				CauseDescriptor.all(incident.causes(), showStacks, true), incident.figures(), incident.holding(),
				incident.waiting(), incident.waitsFor(), StackDescriptor.all(incident.stacks(), showStacks));
	}

}
