// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.RaisedCause.Advice;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.WorkerStack;
import io.github.executormetrics.monitor.DeadWorkers;
import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.EndedPeriodicTask;
import io.github.executormetrics.task.RunningTask;
import io.github.executormetrics.workers.Bottleneck;
import io.github.executormetrics.workers.CodeLocation;
import io.github.executormetrics.workers.HeldCarriers;
import io.github.executormetrics.workers.WorkerCpu;
import io.github.executormetrics.workers.WorkersInspector;
import io.github.executormetrics.workers.WorkersSnapshot;

/**
 * How the causes of one executor stand: holds each look against the rules, and looks at
 * the workers where something is raised.
 */
final class Causes {

	// as many as are kept, where no two are alike
	private static final int STACKS_AT_LEAST = 10;

	private static final int NAMES_AT_MOST = 10;

	private final MonitoredExecutor executor;

	private final ExecutorLimits limits;

	private final LongRuns longRuns;

	private final List<CauseState> standing;

	private final WorkerCpu cpu = new WorkerCpu();

	// all causes were, after the last tick
	private boolean calm = true;

	private final QuietWork quiet = new QuietWork();

	// of the trouble, while there is one
	private @Nullable Onset onset;

	// the sample before the last look
	private @Nullable ExecutorSample earlier;

	// what stood there when something was raised last
	private WorkersSnapshot snapshot = WorkersSnapshot.UNSEEN;

	private final AtomicReference<@Nullable DeadWorkers> dead = new AtomicReference<>();

	// which tasks were stuck when their stacks were taken
	private long stuck;

	Causes(MonitoredExecutor executor, WatchSettings settings, LongRuns longRuns) {
		this.executor = executor;
		this.longRuns = longRuns;
		this.limits = settings.limits(executor.name());
		this.standing = Arrays.stream(StarvationRule.values()).map((rule) -> new CauseState(rule, settings)).toList();
	}

	/**
	 * Judge a tick.
	 * @param tick what lies between the last two samples
	 * @param now when it was
	 * @param judging whether what was seen counts
	 * @param inspector where to look where something is raised
	 * @return what stands there where something was raised by this tick, or null
	 */
	@Nullable WorkersSnapshot judge(Tick tick, Instant now, boolean judging, WorkersInspector inspector) {
		if (!judging) {
			this.standing.forEach(CauseState::skip);
			// a share of the time for which the process stood still tells nothing
			this.cpu.rest();
			return null;
		}
		if (this.calm && tick.isQuiet()) {
			// most executors, most of the time
			this.earlier = tick.before();
			return null;
		}
		boolean bad = false;
		boolean calm = true;
		boolean starves = false;
		List<CauseState> raised = new ArrayList<>();
		for (CauseState cause : this.standing) {
			boolean isBad = cause.rule().isBad(tick, this.limits);
			if (cause.tick(isBad, now)) {
				raised.add(cause);
			}
			calm &= cause.isCalm();
			if (cause.isStarvation()) {
				bad |= isBad;
				starves |= !cause.isCalm();
			}
		}
		this.calm = calm;
		keepOnset(tick, now, bad, starves);
		measure(bad || isStarved(), inspector);
		seeDead();
		seeStuck(tick, inspector);
		seeFailing(tick);
		seeEnded(tick);
		raised.forEach((cause) -> this.executor.incident(cause.rule().cause()));
		if (raised.stream().noneMatch(CauseState::isStarvation)) {
			// all threads would be stopped for it
			return null;
		}
		WorkersSnapshot snapshot = inspector.snapshot(this.executor);
		this.snapshot = snapshot;
		for (CauseState cause : raised) {
			if (cause.isStarvation()) {
				cause.saw(snapshot.describe(), snapshot.describePlain(), List.of());
			}
		}
		if (runsNone(tick.after())) {
			inspector.findDeadWorkers(this.executor, this.dead::set);
			seeDead();
		}
		return snapshot;
	}

	/** A pool takes a thread for busy that died before it ran its first task. */
	private static boolean runsNone(ExecutorSample sample) {
		boolean busy = sample.tasks().submitted() == 0 && sample.busy() > 0;
		return sample.queued() > 0 && !busy && sample.tasks().running() == 0 && !sample.queuedBeforeSubmission();
	}

	private void seeDead() {
		DeadWorkers dead = this.dead.get();
		if (dead != null) {
			this.standing.stream()
				.filter(CauseState::isStarvation)
				.forEach((cause) -> cause.saw(dead.describe(), dead.reason(), List.of()));
		}
	}

	/** One that is stuck or fails for ever does not keep the rest from being well. */
	private void keepOnset(Tick tick, Instant now, boolean bad, boolean starves) {
		Onset onset = this.onset;
		if (!starves) {
			this.onset = null;
			this.snapshot = WorkersSnapshot.UNSEEN;
			this.dead.set(null);
			this.quiet.look(this.executor, tick);
		}
		else if (onset != null) {
			onset.look(tick.after());
		}
		else if (bad) {
			this.executor.recorder().forgetRefusedAtOnce();
			this.onset = new Onset(now, this.earlier, tick, WorkMark.of(this.executor, tick.after()), this.quiet.end());
		}
		this.earlier = tick.before();
	}

	private boolean isStarved() {
		return !this.calm && this.standing.stream().anyMatch((cause) -> cause.isStarvation() && cause.isRaised());
	}

	private void measure(boolean bad, WorkersInspector inspector) {
		if (bad) {
			this.cpu.look(this.executor);
			inspector.measure(this.executor);
		}
		else {
			this.cpu.rest();
		}
	}

	/**
	 * Looks at what is stuck when that begins, and when other tasks are.
	 */
	private void seeStuck(Tick tick, WorkersInspector inspector) {
		CauseState cause = this.standing.get(StarvationRule.STUCK.ordinal());
		if (!cause.isRaised()) {
			this.stuck = 0;
			return;
		}
		List<RunningTask> tasks = this.longRuns.stuck(tick.after().nanos());
		long stuck = 1;
		for (RunningTask task : tasks) {
			// the sum of their starts is another where a task is
			stuck += tick.after().nanos() - task.ageNanos();
		}
		if (stuck != this.stuck) {
			List<WorkerStack> stacks = inspector.stuck(this.executor, tasks);
			cause.saw(describe(stacks), plain(stacks), stacks);
			int seen = stacks.stream().mapToInt(WorkerStack::workers).sum();
			// else they were taken before the last of them was stuck
			this.stuck = (seen >= Math.min(tasks.size(), STACKS_AT_LEAST)) ? stuck : 0;
		}
	}

	private void seeFailing(Tick tick) {
		List<FailingName> failing = tick.failing();
		if (!failing.isEmpty()) {
			this.standing.get(StarvationRule.FAILING.ordinal())
				.saw(list(failing, FailingName::describe), list(failing, FailingName::describePlain), List.of());
		}
	}

	private void seeEnded(Tick tick) {
		List<EndedPeriodicTask> ended = tick.after().ended();
		if (!ended.isEmpty()) {
			this.standing.get(StarvationRule.ENDED.ordinal())
				.saw(list(ended, EndedPeriodicTask::describe), list(ended, EndedPeriodicTask::describePlain),
						List.of());
		}
	}

	private static <T> String list(List<T> all, Function<T, String> words) {
		String first = all.stream().limit(NAMES_AT_MOST).map(words).collect(Collectors.joining(", "));
		return (all.size() > NAMES_AT_MOST) ? first + " and " + (all.size() - NAMES_AT_MOST) + " more" : first;
	}

	private static @Nullable String describe(List<WorkerStack> stacks) {
		List<String> words = new ArrayList<>();
		for (WorkerStack stack : stacks) {
			String place = CodeLocation.inCode(stack.frames());
			words.add(String.join(", ", stack.tasks()) + " on " + String.join(", ", stack.threads())
					+ ((place != null) ? " in " + place : ""));
		}
		return words.isEmpty() ? null : String.join("; ", words);
	}

	private static @Nullable String plain(List<WorkerStack> stacks) {
		return stacks.isEmpty() ? null
				: stacks.stream()
					.flatMap((stack) -> stack.tasks().stream())
					.distinct()
					.collect(Collectors.joining(", "));
	}

	/**
	 * Whether no cause stands or begins to.
	 * @return whether there is nothing to say
	 */
	boolean isCalm() {
		return this.calm;
	}

	/**
	 * The causes of which the last tick was bad, and not only those before it.
	 * @return the causes
	 */
	Set<StarvationCause> bad() {
		return this.standing.stream()
			.filter(CauseState::isBad)
			.map((cause) -> cause.rule().cause())
			.collect(Collectors.toUnmodifiableSet());
	}

	/**
	 * The causes that stand.
	 * @param tick what lies between the last two samples
	 * @param samples those of the window
	 * @param peakDemand how many tasks ran or were due at once, negative where that is
	 * not what the queue tells
	 * @return the gravest first
	 */
	List<RaisedCause> raised(Tick tick, List<ExecutorSample> samples, int peakDemand) {
		Tick window = tick.since(samples.get(0));
		List<RaisedCause> raised = new ArrayList<>();
		Circumstances circumstances = null;
		for (CauseState cause : this.standing) {
			StarvationRule rule = cause.rule();
			Instant since = cause.raisedSince();
			if (since != null) {
				cause.says(rule.describe(window));
				if (cause.isBad()) {
					circumstances = (circumstances != null) ? circumstances
							: circumstances(tick, window, samples, peakDemand);
					cause.advises(advice(rule.cause(), circumstances), circumstances.demand() != null);
				}
				raised.add(new RaisedCause(rule.cause(), since, null,
						Collections.unmodifiableMap(rule.evidence(window, this.limits, samples.size() - 1)),
						cause.detail(), cause.plainDetail(), cause.advice(), cause.stacks()));
			}
		}
		return List.copyOf(raised);
	}

	private Circumstances circumstances(Tick tick, Tick window, List<ExecutorSample> samples, int peakDemand) {
		Onset onset = this.onset;
		Workload workload = (onset != null) ? onset.workload(this.executor, tick.after()) : null;
		Change change = (onset != null && workload != null) ? onset.change(workload, this.limits.samples()) : null;
		return new Circumstances(window, (onset != null) ? onset.demand(samples, tick, this.limits.samples()) : null,
				change, workload != null && workload.mostlyFails(this.limits.samples()),
				Bottleneck.of(this.snapshot.stacks()),
				this.snapshot.stacks().isEmpty() && tick.after().tasks().submitted() == 0, this.cpu.share(), peakDemand,
				this.executor.recorder().refusedAtOnce(), this.executor.settings(), this.limits);
	}

	private @Nullable Advice advice(StarvationCause cause, Circumstances circumstances) {
		DeadWorkers dead = this.dead.get();
		if (dead != null && cause.isStarvation()) {
			return new Advice(
					"Correct the thread factory: no worker runs any of the queued tasks, because " + dead.reason(),
					Map.of(), Map.of());
		}
		HeldCarriers carriers = this.snapshot.carriers();
		if (carriers != null && cause == StarvationCause.STALLED) {
			return carriers.advice();
		}
		boolean waits = cause == StarvationCause.BLOCKED || cause == StarvationCause.DELAYED;
		Advice held = (carriers != null && waits) ? carriers.advice() : null;
		// no number of workers helps where none gets a carrier
		return (held != null) ? held : StarvationAdvice.of(cause, circumstances);
	}

}
