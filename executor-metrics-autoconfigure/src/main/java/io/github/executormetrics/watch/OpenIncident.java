// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.workers.WorkersSnapshot;

/**
 * An incident that goes on. The breach that is kept is that of the gravest cause.
 */
final class OpenIncident {

	private final String executor;

	private final long number;

	private final Instant raised;

	private final Map<StarvationCause, RaisedCause> causes = new EnumMap<>(StarvationCause.class);

	private final ExecutorSample first;

	private WorkersSnapshot snapshot;

	private Tick last;

	private int maxQueued;

	private long maxOldestQueued;

	private long maxWait;

	private long maxRun;

	OpenIncident(String executor, long number, Instant raised, Tick tick, WorkersSnapshot snapshot) {
		this.executor = executor;
		this.number = number;
		this.raised = raised;
		this.first = tick.before();
		this.snapshot = snapshot;
		this.last = tick;
	}

	/**
	 * Take what one look found.
	 * @param standing the causes that stand now
	 * @param now when it was
	 * @param tick what lies between the last two samples
	 * @param maxWait the longest wait of a task that started in it, in nanoseconds
	 * @param maxRun the longest run that ended in it, in nanoseconds
	 * @param snapshot what stands there where a cause was raised by this look, or null
	 */
	void look(List<RaisedCause> standing, Instant now, Tick tick, long maxWait, long maxRun,
			@Nullable WorkersSnapshot snapshot) {
		StarvationCause before = gravest();
		for (RaisedCause cause : standing) {
			this.causes.merge(cause.cause(), cause, OpenIncident::keep);
		}
		this.causes.replaceAll(
				(cause, known) -> (known.until() == null && !stands(cause, standing)) ? ended(known, now) : known);
		if (snapshot != null && gravest() != before) {
			this.snapshot = snapshot;
		}
		this.last = tick;
		this.maxQueued = Math.max(this.maxQueued, tick.after().queued());
		this.maxOldestQueued = Math.max(this.maxOldestQueued, tick.oldestQueuedNanos());
		this.maxWait = Math.max(this.maxWait, maxWait);
		this.maxRun = Math.max(this.maxRun, maxRun);
	}

	/** The evidence of the breach, the last advice and stacks, and the whole stretch. */
	private static RaisedCause keep(RaisedCause known, RaisedCause now) {
		// what stacks show is told by the detail beside them
		boolean asKnown = known.detail() != null && now.stacks().isEmpty();
		return new RaisedCause(known.cause(), known.since(), null, known.evidence(),
				asKnown ? known.detail() : now.detail(), asKnown ? known.plainDetail() : now.plainDetail(),
				(now.advice() != null) ? now.advice() : known.advice(), now.stacks());
	}

	private static RaisedCause ended(RaisedCause cause, Instant now) {
		return new RaisedCause(cause.cause(), cause.since(), now, cause.evidence(), cause.detail(), cause.plainDetail(),
				cause.advice(), cause.stacks());
	}

	private static boolean stands(StarvationCause cause, List<RaisedCause> standing) {
		return standing.stream().anyMatch((raised) -> raised.cause() == cause);
	}

	/**
	 * The gravest cause so far.
	 * @return the cause, or null before the first look
	 */
	@Nullable StarvationCause gravest() {
		return this.causes.isEmpty() ? null : this.causes.keySet().iterator().next();
	}

	/**
	 * The incident as it stands.
	 * @param end when it was cleared, or null while it is open
	 * @return what is known of it
	 */
	StarvationIncident at(@Nullable Instant end) {
		// a task that was stuck long before is no part of the stretch
		Instant start = this.causes.values()
			.stream()
			.filter((cause) -> cause.cause().isStarvation())
			.map(RaisedCause::since)
			.min(Instant::compareTo)
			.orElse(this.raised);
		return new StarvationIncident(this.executor, this.number, start, this.raised, end,
				List.copyOf(this.causes.values()), figures(), this.snapshot.holding(), this.snapshot.waiting(),
				this.snapshot.chain().waitsFor(), this.snapshot.stacks());
	}

	private Map<String, Number> figures() {
		ExecutorSample after = this.last.after();
		Map<String, Number> figures = new LinkedHashMap<>();
		figures.put("maxQueuedTasks", this.maxQueued);
		figures.put("maxOldestQueuedMillis", StarvationRule.millis(this.maxOldestQueued));
		figures.put("maxWaitMillis", StarvationRule.millis(this.maxWait));
		figures.put("maxRunMillis", StarvationRule.millis(this.maxRun));
		figures.put("startedTasks", after.tasks().started() - this.first.tasks().started());
		figures.put("rejectedTasks", after.rejected() - this.first.rejected());
		return Collections.unmodifiableMap(figures);
	}

}
