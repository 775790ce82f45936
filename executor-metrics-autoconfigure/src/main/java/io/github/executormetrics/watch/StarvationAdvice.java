package io.github.executormetrics.watch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.RaisedCause.Advice;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.PoolSettings;
import io.github.executormetrics.monitor.PoolSizes;
import io.github.executormetrics.task.TaskTotals;
import io.github.executormetrics.workers.Bottleneck;
import io.github.executormetrics.workers.CpuShare;
import io.github.executormetrics.workers.Deadlock;

/**
 * What to do about a cause, with the figures it rests on. It first says what has changed,
 * held against the executor's own quiet minutes. How many workers are needed follows from
 * Little's law, L = lambda W: the tasks that come in a second times the seconds that each
 * holds a worker are the workers that are busy on average. A quarter more is advised, so
 * that they are busy for four fifths of the time at most; at full utilization a queue
 * never drains. No number is told where more workers would only move the queue, and
 * nothing at all where too few tasks were seen.
 */
final class StarvationAdvice {

	private static final double HEADROOM = 1.25;

	// of their time: who computes that much waits for nothing that a time-out would end
	private static final double MOSTLY = 0.5;

	// of what the workers take: more of it is no noise
	private static final double GROWS = 1.1;

	// threads, as many as Tomcat has at most: past that another way is needed
	private static final int WORKERS_AT_MOST = 200;

	private final Circumstances here;

	private final Look window;

	private final Figures figures = new Figures();

	private final Map<String, Integer> settings = new LinkedHashMap<>();

	private StarvationAdvice(Circumstances here) {
		this.here = here;
		this.window = here.window();
	}

	/**
	 * Advise on a cause that stands.
	 * @param cause the cause
	 * @param here what it rests on
	 * @return the advice, or null where too few tasks were seen
	 */
	static @Nullable Advice of(StarvationCause cause, Circumstances here) {
		StarvationAdvice advice = new StarvationAdvice(here);
		String text = advice.advise(cause);
		return (text != null) ? new Advice(text, Collections.unmodifiableMap(advice.settings), advice.figures.all())
				: null;
	}

	private @Nullable String advise(StarvationCause cause) {
		return switch (cause) {
			case DEADLOCKED -> deadlocked();
			case STALLED -> stalled();
			case STUCK -> stuck();
			case REJECTING, OVERLOADED, BLOCKED, DELAYED -> slow(cause);
			case FAILING -> "Look at the errors of these tasks; the logger of the executor, below"
					+ " io.github.executormetrics.executor, names that of each run at DEBUG";
			case ENDED -> "Schedule the task again, and let it catch its errors: a ScheduledExecutorService"
					+ " never runs a periodic task again once it has thrown";
			case DROPPING -> "Give the queue more room or the pool more workers, or let a rejection policy"
					+ " tell the submitter, such as AbortPolicy or CallerRunsPolicy";
		};
	}

	private String deadlocked() {
		Deadlock deadlock = this.window.deadlock();
		int workers = (deadlock != null) ? deadlock.workers() : this.window.after().busy();
		return this.figures.count("waitingWorkers", workers)
				+ " workers wait for tasks that only they could run, among "
				+ this.figures.count("queuedTasks", this.window.after().queued())
				+ " queued: run the inner tasks on another executor, or compose futures in place of waiting";
	}

	private @Nullable String stalled() {
		if (this.here.maybePaused()) {
			// whoever has paused them knows
			return null;
		}
		CpuShare cpu = this.here.cpu();
		String todo = "Put a time-out on what the tasks wait for";
		if (cpu != null && cpu.workers() >= MOSTLY) {
			this.figures.put("cpuPercent", cpu.workers() * 100);
			todo = "Bound what the tasks compute, which they do for " + Figures.number(cpu.workers() * 100)
					+ " % of their time";
		}
		return todo + ": every worker (" + this.figures.count("workers", this.window.after().busy()) + ") is held"
				+ heldFor() + ", while " + this.figures.count("queuedTasks", this.window.after().queued())
				+ " tasks are queued; the stacks of the incident show where";
	}

	private String heldFor() {
		TaskTotals tasks = this.window.after().tasks();
		// where only the state is seen, nobody knows
		return (tasks.seen() > 0)
				? ", for up to " + this.figures.millisOf("oldestRunningMillis", tasks.oldestRunningNanos()) : "";
	}

	private String stuck() {
		return "Look where the task stands and put a time-out on what it waits for: it has run for "
				+ this.figures.millisOf("oldestRunningMillis", this.window.stuckNanos())
				+ "; if it may, raise limits.stuck of "
				+ this.figures.millisOf("limitMillis", this.here.limits().stuck().toNanos()) + " for this executor";
	}

	/**
	 * What has changed, and whether more workers are needed and can help.
	 */
	private @Nullable String slow(StarvationCause cause) {
		if ((this.here.mostlyFails() && !isSlower()) || this.here.isPaused()) {
			// what fails may come again and again, however many workers there are, and
			// whoever has paused them knows
			return null;
		}
		Change change = this.here.change();
		Demand demand = this.here.demand();
		String todo = (demand != null) ? todo(cause, demand) : null;
		if (change == null) {
			return todo;
		}
		this.figures.putAll(change.figures());
		return change.words() + ((todo != null) ? ". " + todo : "");
	}

	private @Nullable String todo(StarvationCause cause, Demand demand) {
		int workers = this.here.workers();
		if (workers == ExecutorState.NONE) {
			// no number of workers holds it up
			return processIsBusy() ? "More threads cannot help, since " + processUses() : null;
		}
		this.figures.put("arrivalsPerSecond", demand.perSecond());
		this.figures.put("meanRunMillis", demand.seconds() * 1e3);
		this.figures.put("neededWorkers", demand.workers());
		this.figures.put("workers", workers);
		if (processIsBusy()) {
			return words(cause, demand, workers) + "more cannot help, since " + processUses();
		}
		if (isSlower()) {
			return "Look first at what it " + (computes() ? "computes" : "waits for")
					+ ", and put a limit on that: more workers would only do the same";
		}
		Bottleneck bottleneck = this.here.bottleneck();
		if (bottleneck != null) {
			return bottleneck(bottleneck);
		}
		// what waits for a worker before it is submitted comes no faster than these take
		// it
		double most = isDueAtOnce(demand, workers) ? MOSTLY * workers : workers;
		if (demand.isBurst(most, workers, this.here.limits().meanWait().toNanos() / 1e9)) {
			return burst(cause, demand, workers);
		}
		return sized(cause, demand, workers);
	}

	private boolean isSlower() {
		Change change = this.here.change();
		return change != null && change.kind() == Change.Kind.SLOWER;
	}

	private boolean computes() {
		CpuShare cpu = this.here.cpu();
		return cpu != null && cpu.workers() >= MOSTLY;
	}

	private boolean processIsBusy() {
		CpuShare cpu = this.here.cpu();
		return cpu != null && cpu.isSaturated();
	}

	private String processUses() {
		CpuShare cpu = Objects.requireNonNull(this.here.cpu());
		tellCpu(cpu);
		return "the process uses " + Figures.number(cpu.processCores()) + " of " + cpu.cores()
				+ " cores; make the tasks cheaper, shed load or add cores";
	}

	private void tellCpu(CpuShare cpu) {
		this.figures.put("cpuPercent", cpu.workers() * 100);
		this.figures.put("cores", cpu.cores());
		if (cpu.processCores() >= 0) {
			this.figures.put("processCores", cpu.processCores());
		}
	}

	private String bottleneck(Bottleneck bottleneck) {
		String words = this.figures.count("waitingWorkers", bottleneck.waiting()) + " of " + bottleneck.workers()
				+ " workers wait for ";
		return words + switch (bottleneck.kind()) {
			case POOLED -> "what a pool lends, such as a connection: check first how many it has and for how long"
					+ " they are held";
			case LOCK -> "a lock: check first who holds it, and for how long";
			case PERMIT -> "a permit of a semaphore: check first how many it has";
			case PAUSE -> throw new IllegalArgumentException("who is paused is not advised");
		} + "; more workers would only wait there too";
	}

	private String burst(StarvationCause cause, Demand demand, int workers) {
		int queued = this.window.after().queued();
		double drain = demand.drainSeconds(workers, queued) * 1e3;
		this.figures.put("drainMillis", drain);
		String words = "A burst: " + this.figures.count("burstTasks", demand.burst()) + " tasks came within "
				+ StarvationRule.words(demand.burstSeconds() * 1e3) + ", of "
				+ StarvationRule.words(demand.seconds() * 1e3) + " each; the " + workers + " workers have run the "
				+ this.figures.count("queuedTasks", queued) + " that are queued in " + StarvationRule.words(drain);
		if (cause == StarvationCause.REJECTING) {
			return words + "; " + this.figures.count("rejectedTasks", this.window.rejected()) + " were refused"
					+ room();
		}
		if (isDueAtOnce(demand, workers)) {
			int advised = dueAtOnce(demand);
			if (advised > workers && advised <= WORKERS_AT_MOST) {
				return words + "; " + advised + " workers would start them in time" + set(advised);
			}
		}
		return words + ". If that is too late, spread them; if not, allow this executor a longer limits.mean-wait";
	}

	/** As much as it lacked for the most tasks in a row. */
	private String room() {
		String queue = this.here.settings().queue();
		int capacity = this.window.after().capacity();
		int advised = (int) Math.ceil(capacity + this.here.refusedAtOnce() * HEADROOM);
		if (queue == null || capacity == ExecutorState.NONE) {
			return ": a queue with room for " + this.here.refusedAtOnce() + " more takes such bursts";
		}
		this.settings.put(queue, advised);
		return ": a queue of " + advised + " takes such bursts: " + queue + "=" + advised;
	}

	/**
	 * Whether what is queued was not submitted yet, so that the queue tells who wants to
	 * run at once: more come only once a worker is free. Else it would grow.
	 */
	private boolean isDueAtOnce(Demand demand, int workers) {
		boolean grows = demand.grows() && demand.workers() > GROWS * workers;
		return this.here.peakDemand() >= 0 && this.window.rejected() == 0 && !grows;
	}

	/** So many that the last of them starts in time. */
	private int dueAtOnce(Demand demand) {
		double wait = this.here.limits().meanWait().toNanos() / 1e9;
		double inTime = Math.ceil(this.here.peakDemand() * demand.seconds() / Math.max(1e-9, wait));
		return (int) Math.max(1, Math.min(this.here.peakDemand(), inTime));
	}

	private @Nullable String sized(StarvationCause cause, Demand demand, int workers) {
		boolean atOnce = isDueAtOnce(demand, workers);
		int needed = atOnce ? dueAtOnce(demand) : (int) Math.ceil(demand.workers());
		// who comes at once needs no headroom: a worker each is enough
		boolean suffices = atOnce ? needed <= workers : demand.workers() < workers;
		String words = words(cause, demand, workers);
		if (suffices) {
			return switch (cause) {
				case REJECTING -> words + "they suffice on average" + room();
				case OVERLOADED ->
					words + "they suffice on average: bound the queue, or let the callers run what it cannot take";
				// why they wait nevertheless, nothing here tells
				default -> null;
			};
		}
		int advised = atOnce ? needed : (int) Math.ceil(demand.workers() * HEADROOM);
		return words + more(advised, workers);
	}

	private String words(StarvationCause cause, Demand demand, int workers) {
		String each = StarvationRule.words(demand.seconds() * 1e3) + " each";
		String words = isDueAtOnce(demand, workers)
				? "Up to " + this.here.peakDemand() + " tasks ran or were due at once, of " + each
				: Figures.number(demand.perSecond()) + " tasks/s of " + each + " keep "
						+ Figures.number(demand.workers()) + " workers busy";
		String also = switch (cause) {
			case REJECTING -> ", and " + this.figures.count("rejectedTasks", this.window.rejected()) + " were refused";
			case OVERLOADED ->
				", and " + this.figures.count("activeTasks", this.window.after().active()) + " are active";
			default -> "";
		};
		return words + ", it has " + workers + also + ": ";
	}

	private String more(int advised, int workers) {
		CpuShare cpu = this.here.cpu();
		int useful = (cpu != null) ? Math.min(advised, cpu.usefulWorkers()) : advised;
		String computing = "";
		if (cpu != null) {
			tellCpu(cpu);
			computing = "since these compute " + Figures.number(cpu.workers() * 100) + " % of their time";
		}
		if (cpu != null && useful <= workers) {
			return "more cannot help, " + computing + " and " + cpu.cores()
					+ " cores are the limit; make the tasks cheaper, shed load or add cores";
		}
		if (useful > Math.max(WORKERS_AT_MOST, 2 * workers)) {
			return "that is more than a pool should have; make the tasks faster, or let fewer come at once";
		}
		if (cpu != null && useful < advised) {
			return useful + " workers are what " + cpu.cores() + " cores can use, " + computing + set(useful);
		}
		return advised + " workers would do" + (computing.isEmpty() ? "" : ", and more can help, " + computing)
				+ set(advised);
	}

	/** The setting and its value. */
	private String set(int advised) {
		this.figures.put("advisedWorkers", advised);
		PoolSettings settings = this.here.settings();
		String name = settings.workers();
		if (name == null) {
			return "";
		}
		this.settings.put(name, advised);
		String maximum = settings.maximum();
		PoolSizes sizes = this.window.after().sizes();
		if (maximum == null || (sizes != null && sizes.maximum() >= advised)) {
			return ": " + name + "=" + advised;
		}
		this.settings.put(maximum, advised);
		return ": " + name + "=" + advised + ", " + maximum + "=" + advised;
	}

}
