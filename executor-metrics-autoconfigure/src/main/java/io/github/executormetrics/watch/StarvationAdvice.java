// SPDX-License-Identifier: Apache-2.0

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

	private final Tick window;

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
			case FAILING -> "Check why these tasks fail. At level DEBUG, the logger of the executor, below"
					+ " io.github.executormetrics.executor, shows the error class of each run";
			case ENDED -> "Schedule the task again, and let it catch its errors: a ScheduledExecutorService"
					+ " does not run a periodic task again after it has thrown an exception";
			case DROPPING -> "Use a longer queue, more workers, or a rejection policy that the submitter"
					+ " notices, such as AbortPolicy or CallerRunsPolicy";
		};
	}

	private String deadlocked() {
		Deadlock deadlock = this.window.deadlock();
		int workers = (deadlock != null) ? deadlock.workers() : this.window.after().busy();
		return "Run the inner tasks on another executor, or compose futures instead of waiting. Workers that wait for"
				+ " tasks that only they could run: " + this.figures.count("waitingWorkers", workers)
				+ ". Queued tasks: " + this.figures.count("queuedTasks", this.window.after().queued());
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
			todo = "Limit what the tasks compute (they compute for " + Figures.number(cpu.workers() * 100)
					+ " % of their time)";
		}
		return todo + ": every worker (" + this.figures.count("workers", this.window.after().busy()) + ") is held"
				+ heldFor() + ", while tasks are queued ("
				+ this.figures.count("queuedTasks", this.window.after().queued())
				+ "). The stacks of the incident show where";
	}

	private String heldFor() {
		TaskTotals tasks = this.window.after().tasks();
		// where only the state is seen, nobody knows
		return (tasks.seen() > 0)
				? ", for up to " + this.figures.millisOf("oldestRunningMillis", tasks.oldestRunningNanos()) : "";
	}

	private String stuck() {
		return "Check where the task is, and put a time-out on what it waits for: it has run for "
				+ this.figures.millisOf("oldestRunningMillis", this.window.stuckNanos())
				+ ". If such a run is normal, raise limits.stuck ("
				+ this.figures.millisOf("limitMillis", this.here.limits().stuck().toNanos()) + ") for this executor";
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
			return processIsBusy() ? "More threads would not help: " + processUses() : null;
		}
		this.figures.put("arrivalsPerSecond", demand.perSecond());
		this.figures.put("meanRunMillis", demand.seconds() * 1e3);
		this.figures.put("neededWorkers", demand.workers());
		this.figures.put("workers", workers);
		if (processIsBusy()) {
			return words(cause, demand, workers) + "More workers would not help: " + processUses();
		}
		if (isSlower()) {
			return computes()
					? "Check first what this task computes, and limit that: more workers would only compute the same"
					: "Check first what this task waits for, and put a time-out on that: more workers would only wait too";
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
				+ " cores. Make the tasks cheaper, reduce the load or add cores";
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
			case POOLED -> "something that a pool lends, such as a connection. Check first how many the pool has,"
					+ " and how long each is held";
			case LOCK -> "a lock. Check first which code holds it, and for how long";
			case PERMIT -> "a permit of a semaphore. Check first how many permits it has";
			case PAUSE -> throw new IllegalArgumentException("There is no advice for a paused pool");
		} + ": more workers would only wait there too";
	}

	private String burst(StarvationCause cause, Demand demand, int workers) {
		int queued = this.window.after().queued();
		double drain = demand.drainSeconds(workers, queued) * 1e3;
		this.figures.put("drainMillis", drain);
		String words = "A burst: " + this.figures.count("burstTasks", demand.burst()) + " tasks of "
				+ StarvationRule.words(demand.seconds() * 1e3) + " each arrived within "
				+ StarvationRule.words(demand.burstSeconds() * 1e3) + ". With " + workers(workers)
				+ ", the queued tasks (" + this.figures.count("queuedTasks", queued) + ") take "
				+ StarvationRule.words(drain);
		if (cause == StarvationCause.REJECTING) {
			return words + ". Rejected tasks: " + this.figures.count("rejectedTasks", this.window.rejected()) + ". "
					+ room();
		}
		if (isDueAtOnce(demand, workers)) {
			int advised = dueAtOnce(demand);
			if (advised > workers && advised <= WORKERS_AT_MOST) {
				return words + ". " + advised + " workers start such a burst in time" + set(advised);
			}
		}
		return words + ". If that is too slow, spread the tasks; otherwise raise limits.mean-wait for this executor";
	}

	/** As much as it lacked for the most tasks in a row. */
	private String room() {
		String queue = this.here.settings().queue();
		int capacity = this.window.after().capacity();
		int advised = (int) Math.ceil(capacity + this.here.refusedAtOnce() * HEADROOM);
		if (queue == null || capacity == ExecutorState.NONE) {
			return "A queue with room for " + this.here.refusedAtOnce() + " more takes such bursts";
		}
		this.settings.put(queue, advised);
		return "A queue with a capacity of " + advised + " takes such bursts: " + queue + "=" + advised;
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
				case REJECTING -> words + "The workers are enough on average. " + room();
				case OVERLOADED -> words
						+ "The workers are enough on average. Bound the queue, or let the callers run what it cannot take";
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
				? "Tasks that ran or were due at once: up to " + this.here.peakDemand() + ", of " + each
				: Figures.number(demand.perSecond()) + " tasks/s of " + each + " keep "
						+ Figures.number(demand.workers()) + " workers busy";
		String also = switch (cause) {
			case REJECTING -> ", rejected tasks: " + this.figures.count("rejectedTasks", this.window.rejected());
			case OVERLOADED -> ", active tasks: " + this.figures.count("activeTasks", this.window.after().active());
			default -> "";
		};
		return words + "; the executor has " + workers(workers) + also + ". ";
	}

	private static String workers(int workers) {
		return workers + ((workers == 1) ? " worker" : " workers");
	}

	private String more(int advised, int workers) {
		CpuShare cpu = this.here.cpu();
		int useful = (cpu != null) ? Math.min(advised, cpu.usefulWorkers()) : advised;
		String computing = "";
		if (cpu != null) {
			tellCpu(cpu);
			computing = "the tasks compute for " + Figures.number(cpu.workers() * 100) + " % of their time";
		}
		if (cpu != null && useful <= workers) {
			return "More workers would not help: " + computing + ", and the cores (" + cpu.cores()
					+ ") are the limit. Make the tasks cheaper, reduce the load or add cores";
		}
		if (useful > Math.max(WORKERS_AT_MOST, 2 * workers)) {
			return "That needs more workers than a pool should have. Make the tasks faster, or let fewer arrive at once";
		}
		if (cpu != null && useful < advised) {
			return useful + " workers are the most that the cores (" + cpu.cores() + ") can use, because " + computing
					+ set(useful);
		}
		return (computing.isEmpty() ? "" : "More workers can help, because " + computing + ". ") + advised
				+ " workers are enough" + set(advised);
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
