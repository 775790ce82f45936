package io.github.executormetrics.watch;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * What the watch keeps of one executor: the samples of the window, since when nothing
 * starts, and how each cause stands. Used by the watch thread only, but for the report.
 */
final class WatchedExecutor {

	private final MonitoredExecutor executor;

	private final WatchSettings settings;

	private final ExecutorLimits limits;

	private final Map<StarvationRule, Hysteresis> standing = new EnumMap<>(StarvationRule.class);

	private final Deque<Tick> ticks = new ArrayDeque<>();

	private long lastStart;

	private long judgedFrom;

	// what lies between the last two samples
	private @Nullable Look tick;

	private volatile ExecutorReport report;

	WatchedExecutor(MonitoredExecutor executor, WatchSettings settings) {
		this.executor = executor;
		this.settings = settings;
		this.limits = settings.limits(executor.name());
		this.report = new ExecutorReport(WindowSnapshot.EMPTY, List.of(), this.limits);
		for (StarvationRule rule : StarvationRule.values()) {
			this.standing.put(rule, new Hysteresis(settings.raiseAfter(), settings.clearAfter()));
		}
	}

	MonitoredExecutor executor() {
		return this.executor;
	}

	ExecutorReport report() {
		return this.report;
	}

	/**
	 * Look once, and judge it later, when all executors were looked at.
	 * @param nanos the {@link System#nanoTime()} of the look
	 * @param judging whether what is seen will be judged; where not, what was waited
	 * until now does not count later either
	 */
	void look(long nanos, boolean judging) {
		this.executor.settle();
		ExecutorSample sample = this.executor.sample(nanos);
		Tick last = this.ticks.peekLast();
		if (last == null || !judging) {
			this.judgedFrom = nanos;
			this.lastStart = nanos;
		}
		else if (sample.started() != last.sample().started() || last.sample().queued() == 0 || sample.queued() == 0
				|| sample.started() == ExecutorState.NONE) {
			this.lastStart = nanos;
		}
		this.ticks
			.addLast(new Tick(sample, this.executor.recorder().takeMaxWait(), this.executor.recorder().takeMaxRun()));
		while (this.ticks.size() > this.settings.ticksInWindow() + 1) {
			this.ticks.removeFirst();
		}
		this.tick = (last != null)
				? new Look(last.sample(), sample, nanos - this.lastStart, nanos - this.judgedFrom, null) : null;
	}

	/**
	 * Whether the last look found nothing started for the limit.
	 * @return whether that look is bad for a stall
	 */
	boolean isStalled() {
		return this.tick != null && StarvationRule.STALLED.isBad(this.tick, this.limits);
	}

	/**
	 * Judge the last look.
	 * @param now its instant
	 * @param judging whether to judge what was seen
	 * @param deadlock why no task will start, or null where that is not known
	 */
	void judge(Instant now, boolean judging, @Nullable Deadlock deadlock) {
		if (this.tick != null) {
			judge(this.tick.with(deadlock), now, judging);
		}
		ExecutorSample sample = this.ticks.getLast().sample();
		this.executor.publish(sample.queued(), sample.nanos() - this.lastStart, this.report.window().utilization(),
				this.report.isStarved());
	}

	private void judge(Look tick, Instant now, boolean judging) {
		Look window = tick.since(this.ticks.getFirst().sample());
		List<RaisedCause> causes = new ArrayList<>();
		this.standing.forEach((rule, hysteresis) -> {
			boolean stood = hysteresis.raisedSince() != null;
			if (judging) {
				hysteresis.tick(rule.isBad(tick, this.limits), now);
			}
			else {
				hysteresis.skip();
			}
			Instant since = hysteresis.raisedSince();
			if (since != null) {
				causes.add(new RaisedCause(rule.cause(), since,
						rule.evidence(window, this.limits, this.ticks.size() - 1), rule.describe(window)));
				if (!stood) {
					this.executor.incident(rule.cause());
				}
			}
		});
		this.report = new ExecutorReport(snapshot(window), List.copyOf(causes), this.limits);
	}

	private WindowSnapshot snapshot(Look window) {
		long maxWait = 0;
		long maxRun = 0;
		Tick first = this.ticks.getFirst();
		for (Tick tick : this.ticks) {
			// the first only marks where the window begins
			maxWait = (tick != first) ? Math.max(maxWait, tick.maxWaitNanos()) : maxWait;
			maxRun = (tick != first) ? Math.max(maxRun, tick.maxRunNanos()) : maxRun;
		}
		return new WindowSnapshot(window.elapsedNanos() / 1e9, window.waits(), window.meanWaitNanos(), maxWait,
				window.runs(), window.meanRunNanos(), maxRun, utilization(window));
	}

	private double utilization(Look window) {
		ExecutorSample after = window.after();
		int workers = (after.limit() != ExecutorState.NONE) ? after.limit() : after.busy() + after.idle();
		if (workers == 0 || window.elapsedNanos() == 0) {
			return 0;
		}
		double busy = (this.executor.coverage() == Coverage.TASKS) ? busyNanos(window) / window.elapsedNanos()
				: this.ticks.stream().mapToInt((tick) -> tick.sample().busy()).average().orElse(0);
		return Math.max(0, Math.min(1, busy / workers));
	}

	private static double busyNanos(Look window) {
		long ended = window.after().tasks().runNanos() - window.before().tasks().runNanos();
		return (double) ended + window.after().tasks().runningNanos() - window.before().tasks().runningNanos();
	}

	/**
	 * One look: the sample, and the maxima since the one before.
	 */
	private record Tick(ExecutorSample sample, long maxWaitNanos, long maxRunNanos) {

	}

}
