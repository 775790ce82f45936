// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.WorkerStack;

/**
 * The incidents of one executor: the last twenty that are over, and the open one. Written
 * by the watch, read by whoever asks.
 */
final class IncidentJournal {

	private static final int KEPT = 20;

	private final Deque<StarvationIncident> closed = new ArrayDeque<>();

	private @Nullable StarvationIncident open;

	private long count;

	/**
	 * The number of the next incident.
	 * @return counts from 1 on, whatever was cleared
	 */
	synchronized long next() {
		return ++this.count;
	}

	/**
	 * Keep the open incident as it stands now.
	 * @param incident the incident
	 */
	synchronized void goesOn(StarvationIncident incident) {
		this.open = incident;
	}

	/**
	 * Keep an incident that is over. A stack that is known already is kept once.
	 * @param incident the incident
	 */
	synchronized void ends(StarvationIncident incident) {
		this.open = null;
		this.closed.addFirst(withKnownStacks(incident));
		if (this.closed.size() > KEPT) {
			this.closed.removeLast();
		}
	}

	/**
	 * All that is kept.
	 * @return the newest first, the open one included
	 */
	synchronized List<StarvationIncident> all() {
		List<StarvationIncident> all = new ArrayList<>();
		if (this.open != null) {
			all.add(this.open);
		}
		all.addAll(this.closed);
		return all;
	}

	/**
	 * Forget what is over.
	 * @return how many were forgotten
	 */
	synchronized int clear() {
		int cleared = this.closed.size();
		this.closed.clear();
		return cleared;
	}

	private StarvationIncident withKnownStacks(StarvationIncident incident) {
		return new StarvationIncident(incident.executor(), incident.number(), incident.start(), incident.raised(),
				incident.end(), incident.causes(), incident.figures(), incident.holding(), incident.waiting(),
				incident.waitsFor(), incident.stacks().stream().map(this::withKnownFrames).toList());
	}

	private WorkerStack withKnownFrames(WorkerStack stack) {
		return this.closed.stream()
			.flatMap((incident) -> incident.stacks().stream())
			.filter((known) -> known.frames().equals(stack.frames()))
			.findFirst()
			.map((known) -> new WorkerStack(stack.workers(), stack.threads(), stack.tasks(), stack.oldestMillis(),
					stack.state(), known.frames()))
			.orElse(stack);
	}

}
