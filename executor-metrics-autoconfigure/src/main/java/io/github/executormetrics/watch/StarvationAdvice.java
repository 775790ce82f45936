package io.github.executormetrics.watch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.RaisedCause.Advice;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.task.TaskTotals;
import io.github.executormetrics.workers.CpuShare;
import io.github.executormetrics.workers.Deadlock;

/**
 * What to do about a cause, in one sentence with the figures it rests on. How many
 * workers are needed follows from Little's law, L = lambda W: the tasks that come in a
 * second times the seconds that each holds a worker are the workers that are busy on
 * average. A quarter more is advised, so that they are busy for four fifths of the time
 * at most; at full utilization a queue never drains. Nothing is advised where too few
 * tasks were seen.
 */
final class StarvationAdvice {

	private static final double HEADROOM = 1.25;

	// of their time: who computes that much waits for nothing that a time-out would end
	private static final double MOSTLY = 0.5;

	private final Look window;

	private final Look recent;

	private final ExecutorLimits limits;

	private final int peakDemand;

	private final @Nullable CpuShare cpu;

	private final Map<String, Number> figures = new LinkedHashMap<>();

	private StarvationAdvice(Look window, Look recent, ExecutorLimits limits, int peakDemand, @Nullable CpuShare cpu) {
		this.window = window;
		this.recent = recent;
		this.limits = limits;
		this.peakDemand = peakDemand;
		this.cpu = cpu;
	}

	/**
	 * Advise on a cause that stands.
	 * @param cause the cause
	 * @param window what lies between the first and the last sample of the window
	 * @param recent the same for the last few of them, which tells how long tasks run now
	 * @param limits the executor's limits
	 * @param peakDemand how many tasks ran or were due at once, at most, where what is
	 * queued was not submitted yet; negative where it was
	 * @param cpu how much the workers compute, or null where that is not known
	 * @return the advice, or null where too few tasks were seen
	 */
	static @Nullable Advice of(StarvationCause cause, Look window, Look recent, ExecutorLimits limits, int peakDemand,
			@Nullable CpuShare cpu) {
		Advice advice = new StarvationAdvice(window, recent, limits, peakDemand, cpu).advise(cause);
		return (advice != null) ? new Advice(advice.text(), Collections.unmodifiableMap(advice.figures())) : null;
	}

	private @Nullable Advice advise(StarvationCause cause) {
		return switch (cause) {
			case DEADLOCKED -> deadlocked();
			case STALLED -> stalled();
			case STUCK -> stuck();
			case REJECTING -> sized(", and " + count("rejectedTasks", this.window.rejected()) + " were refused",
					"they suffice on average: a queue with room for that many more takes such bursts");
			case OVERLOADED -> sized(", and " + count("activeTasks", this.window.after().active()) + " are active",
					"they suffice on average: bound the queue, or let the callers run what it cannot take");
			case BLOCKED ->
				sized("", "they suffice on average: put a time-out on what the tasks wait for, or spread them");
			case DELAYED -> sized("",
					"they suffice on average: spread such bursts, or allow this executor a longer limits.mean-wait");
		};
	}

	private Advice deadlocked() {
		Deadlock deadlock = this.window.deadlock();
		int workers = (deadlock != null) ? deadlock.workers() : this.window.after().busy();
		return new Advice(
				count("waitingWorkers", workers) + " workers wait for tasks that only they could run, among "
						+ count("queuedTasks", this.window.after().queued())
						+ " queued: run the inner tasks on another executor, or compose futures in place of waiting",
				this.figures);
	}

	private Advice stalled() {
		CpuShare cpu = this.cpu;
		String todo = "Put a time-out on what the tasks wait for";
		if (cpu != null && cpu.workers() >= MOSTLY) {
			put("cpuPercent", cpu.workers() * 100);
			todo = "Bound what the tasks compute, which they do for " + number(cpu.workers() * 100)
					+ " % of their time";
		}
		return new Advice(todo + ": every worker (" + count("workers", this.window.after().busy()) + ") is held"
				+ heldFor() + ", while " + count("queuedTasks", this.window.after().queued())
				+ " tasks are queued; the stacks of the incident show where", this.figures);
	}

	private String heldFor() {
		TaskTotals tasks = this.window.after().tasks();
		// where only the state is seen, nobody knows
		return (tasks.seen() > 0) ? ", for up to " + millisOf("oldestRunningMillis", tasks.oldestRunningNanos()) : "";
	}

	private Advice stuck() {
		return new Advice("Look where the task stands and put a time-out on what it waits for: it has run for "
				+ millisOf("oldestRunningMillis", this.window.stuckNanos()) + "; if it may, raise limits.stuck of "
				+ millisOf("limitMillis", this.limits.stuck().toNanos()) + " for this executor", this.figures);
	}

	/**
	 * Whether more workers are needed, and whether they can help.
	 */
	private @Nullable Advice sized(String more, String enough) {
		if (this.window.arrivals() < this.limits.samples() || this.window.runs() < this.limits.samples()) {
			return null;
		}
		double perSecond = this.window.arrivals() / (this.window.elapsedNanos() / 1e9);
		Look current = (this.recent.runs() >= this.limits.samples()) ? this.recent : this.window;
		double seconds = current.serviceNanos() / 1e9;
		boolean atOnce = this.peakDemand >= 0 && this.window.rejected() == 0;
		double needed = atOnce ? this.peakDemand : perSecond * seconds;
		int advised = atOnce ? this.peakDemand : (int) Math.max(1, Math.ceil(needed * HEADROOM));
		int workers = workers();
		put("arrivalsPerSecond", perSecond);
		put("meanRunMillis", seconds * 1e3);
		put("neededWorkers", needed);
		this.figures.put("workers", workers);
		String demand = atOnce
				? "Up to " + this.peakDemand + " tasks ran or were due at once, of "
						+ StarvationRule.words(seconds * 1e3) + " each"
				: number(perSecond) + " tasks/s of " + StarvationRule.words(seconds * 1e3) + " each keep "
						+ number(needed) + " workers busy";
		String words = demand + ", it has " + workers + more + ": ";
		// who comes at once needs no headroom: a worker each is enough
		boolean suffices = atOnce ? needed <= workers : needed < workers;
		return new Advice(words + (suffices ? enough : more(advised, workers)), this.figures);
	}

	private String more(int advised, int workers) {
		CpuShare cpu = this.cpu;
		if (cpu == null) {
			this.figures.put("advisedWorkers", advised);
			return advised + " workers would do";
		}
		put("cpuPercent", cpu.workers() * 100);
		this.figures.put("cores", cpu.cores());
		if (cpu.processCores() >= 0) {
			put("processCores", cpu.processCores());
		}
		if (cpu.isSaturated()) {
			return "more cannot help, since the process uses " + number(cpu.processCores()) + " of " + cpu.cores()
					+ " cores; make the tasks cheaper, shed load or add cores";
		}
		String computing = " compute " + number(cpu.workers() * 100) + " % of their time";
		int useful = cpu.usefulWorkers();
		if (useful <= workers) {
			return "more cannot help, since these" + computing + " and " + cpu.cores()
					+ " cores are the limit; make the tasks cheaper, shed load or add cores";
		}
		if (useful < advised) {
			this.figures.put("advisedWorkers", useful);
			return useful + " workers are what " + cpu.cores() + " cores can use, since these" + computing;
		}
		this.figures.put("advisedWorkers", advised);
		return advised + " workers would do, and more can help, since these" + computing;
	}

	private int workers() {
		ExecutorSample after = this.window.after();
		return (after.limit() != ExecutorState.NONE) ? after.limit() : after.busy() + after.idle();
	}

	private String count(String figure, long value) {
		this.figures.put(figure, value);
		return Long.toString(value);
	}

	private String millisOf(String figure, long nanos) {
		this.figures.put(figure, StarvationRule.millis(nanos));
		return StarvationRule.words(nanos / 1e6);
	}

	private void put(String figure, double value) {
		this.figures.put(figure, Math.round(value * 10) / 10.0);
	}

	private static String number(double value) {
		return String.format(Locale.ROOT, "%,.1f", value);
	}

}
