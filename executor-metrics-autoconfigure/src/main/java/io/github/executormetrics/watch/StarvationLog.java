package io.github.executormetrics.watch;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.WorkerStack;
import io.github.executormetrics.task.SafeLog;

/**
 * Tells in one line when an executor begins to starve, when that gets worse, and when it
 * is over: of one executor at most one line a minute at each level, and one when what was
 * told is over. What had to wait is told as soon as it may, if it still stands. An
 * executor that flaps is told ever more rarely, up to once an hour.
 */
final class StarvationLog {

	private static final SafeLog logger = new SafeLog(StarvationLog.class);

	private static final Set<StarvationCause> GRAVE = EnumSet.of(StarvationCause.DEADLOCKED, StarvationCause.STALLED,
			StarvationCause.REJECTING);

	private static final long LONGEST = TimeUnit.HOURS.toNanos(1);

	private final Map<String, Told> told = new HashMap<>();

	private final long interval;

	/**
	 * Create a log.
	 * @param interval the shortest time between two lines of a level about one executor
	 */
	StarvationLog(Duration interval) {
		this.interval = interval.toNanos();
	}

	/**
	 * Tell of what one look found, if that is new and it is time to.
	 * @param name the executor's name
	 * @param report what stands
	 * @param journal its incidents
	 * @param nanos the {@link System#nanoTime()} of the look
	 */
	void look(String name, ExecutorReport report, IncidentJournal journal, long nanos) {
		Told told = this.told.get(name);
		if (told == null) {
			if (report.causes().isEmpty()) {
				return;
			}
			told = new Told();
			this.told.put(name, told);
		}
		starvation(name, report, journal, told, nanos);
		stuck(name, report, told, nanos);
	}

	/**
	 * Forget an executor that is gone.
	 * @param name the executor's name
	 */
	void forget(String name) {
		this.told.remove(name);
	}

	private void starvation(String name, ExecutorReport report, IncidentJournal journal, Told told, long nanos) {
		RaisedCause gravest = report.isStarved() ? report.causes().get(0) : null;
		if (gravest == null) {
			if (told.starving != null) {
				told.starving = null;
				logger.info("Executor '" + name + "' recovered"
						+ journal.all().stream().findFirst().map(StarvationLog::describe).orElse(""));
			}
			return;
		}
		// where the line had to wait, what stands may be on its way out
		boolean news = report.bad().contains(gravest.cause())
				&& (told.starving == null || gravest.cause().compareTo(told.starving) < 0);
		boolean grave = GRAVE.contains(gravest.cause());
		if (news && (grave ? told.warnings : told.infos).isTime(nanos)) {
			told.starving = gravest.cause();
			tell("Executor '" + name + "' starves: " + gravest.cause() + " since " + gravest.since() + ", "
					+ describe(gravest), grave);
			tell(name, journal.all().stream().findFirst().map(StarvationIncident::stacks).orElse(List.of()));
		}
	}

	private void stuck(String name, ExecutorReport report, Told told, long nanos) {
		RaisedCause stuck = report.causes()
			.stream()
			.filter((cause) -> cause.cause() == StarvationCause.STUCK)
			.findFirst()
			.orElse(null);
		if (stuck == null) {
			if (told.stuck) {
				told.stuck = false;
				logger.info("Executor '" + name + "' has no stuck task any more");
			}
		}
		else if (!told.stuck && report.bad().contains(stuck.cause()) && told.stucks.isTime(nanos)) {
			told.stuck = true;
			tell("Executor '" + name + "' has a task that is stuck: " + describe(stuck), false);
			tell(name, stuck.stacks());
		}
	}

	private static String describe(RaisedCause cause) {
		RaisedCause.Advice advice = cause.advice();
		return StarvationRule.valueOf(cause.cause().name()).tell(cause.evidence())
				+ ((cause.detail() != null) ? "; " + cause.detail() : "")
				+ ((advice != null) ? ". " + advice.text() : "");
	}

	private static String describe(StarvationIncident incident) {
		Map<String, Number> figures = incident.figures();
		Duration duration = incident.duration();
		return ((duration != null) ? " after " + StarvationRule.words(duration.toMillis()) : "") + ": "
				+ incident.causes().stream().map((cause) -> cause.cause().name()).collect(Collectors.joining(", "))
				+ "; at most " + figures.get("maxQueuedTasks") + " tasks were queued, the oldest for "
				+ StarvationRule.words(figures.get("maxOldestQueuedMillis")) + ", " + figures.get("startedTasks")
				+ " started meanwhile";
	}

	private static void tell(String line, boolean grave) {
		if (grave) {
			logger.warn(line);
		}
		else {
			logger.info(line);
		}
	}

	private static void tell(String name, List<WorkerStack> stacks) {
		if (logger.isDebugEnabled() && !stacks.isEmpty()) {
			WorkerStack top = stacks.get(0);
			logger.debug("Executor '" + name + "' has " + top.workers() + " workers in", top.frames());
		}
	}

	/**
	 * What was told of an executor.
	 */
	private final class Told {

		private final Budget warnings = new Budget();

		private final Budget infos = new Budget();

		private final Budget stucks = new Budget();

		// the gravest that was told, while it starves
		private @Nullable StarvationCause starving;

		private boolean stuck;

	}

	/**
	 * When to tell again.
	 */
	private final class Budget {

		private boolean used;

		private long next;

		private long pause = StarvationLog.this.interval;

		boolean isTime(long nanos) {
			if (this.used && nanos - this.next < 0) {
				return false;
			}
			// quiet for as long again: it starts anew
			boolean quiet = !this.used || nanos - this.next > this.pause;
			this.pause = quiet ? StarvationLog.this.interval
					: Math.max(StarvationLog.this.interval, Math.min(LONGEST, this.pause * 2));
			this.used = true;
			this.next = nanos + this.pause;
			return true;
		}

	}

}
