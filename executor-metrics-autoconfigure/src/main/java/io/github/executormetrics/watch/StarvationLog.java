// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
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
 * is over: of one executor at most one line a minute of each cause, and one when what was
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

	private final Executor thread;

	/**
	 * Create a log.
	 * @param interval the shortest time between two lines of one cause about one executor
	 * @param thread where to write
	 */
	StarvationLog(Duration interval, Executor thread) {
		this.thread = thread;
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
			if (report.causes().isEmpty() && report.unanswered() == null) {
				return;
			}
			told = new Told();
			this.told.put(name, told);
		}
		unanswered(name, report, told, nanos);
		starvation(name, report, journal, told, nanos);
		others(name, report, told, nanos);
	}

	/**
	 * Forget an executor that is gone.
	 * @param name the executor's name
	 */
	void forget(String name) {
		Told told = this.told.remove(name);
		if (told != null && told.isOpen()) {
			tell("Executor '" + name + "' is gone, and its open causes with it", false);
		}
	}

	private void unanswered(String name, ExecutorReport report, Told told, long nanos) {
		Unanswered unanswered = report.unanswered();
		if (unanswered == null) {
			if (told.silent) {
				told.silent = false;
				tell("Executor '" + name + "' answers again", false);
			}
		}
		else if (!told.silent && told.silences.isTime(nanos)) {
			told.silent = true;
			tell("Executor '" + name + "' has not answered since " + unanswered.since()
					+ ": its verdict is UNKNOWN, and only its last reading is shown" + unanswered.describe(), true);
		}
	}

	private void starvation(String name, ExecutorReport report, IncidentJournal journal, Told told, long nanos) {
		RaisedCause gravest = report.isStarved() ? report.causes().get(0) : null;
		if (gravest == null) {
			if (told.starving != null) {
				told.starving = null;
				tell("Executor '" + name + "' recovered"
						+ journal.all().stream().findFirst().map(StarvationLog::describe).orElse(""), false);
			}
			return;
		}
		// where the line had to wait, what stands may be on its way out
		boolean news = report.bad().contains(gravest.cause())
				&& (told.starving == null || gravest.cause().compareTo(told.starving) < 0);
		boolean grave = GRAVE.contains(gravest.cause());
		if (news && told.isTime(gravest.cause(), nanos)) {
			told.starving = gravest.cause();
			told.advises(gravest.advice());
			tell("Executor '" + name + "' starves: " + gravest.cause() + " since " + gravest.since() + ", "
					+ describe(gravest), grave);
			tell(name, journal.all().stream().findFirst().map(StarvationIncident::stacks).orElse(List.of()));
		}
		else if (told.starving == gravest.cause()) {
			advice(name, gravest, told, nanos);
		}
	}

	/** What was advised with the first line rests on few tasks, or there were too few. */
	private void advice(String name, RaisedCause cause, Told told, long nanos) {
		RaisedCause.Advice advice = cause.advice();
		if (advice != null && told.isNews(advice) && told.advices.isTime(nanos)) {
			told.advises(advice);
			tell("Executor '" + name + "' still starves: " + cause.cause() + " since " + cause.since() + ". "
					+ advice.text(), false);
		}
	}

	/** What is wrong though the executor does not starve: each cause by itself. */
	private void others(String name, ExecutorReport report, Told told, long nanos) {
		told.others.removeIf((cause) -> {
			boolean over = report.causes().stream().noneMatch((raised) -> raised.cause() == cause);
			if (over) {
				tell("Executor '" + name + "' " + end(cause), false);
			}
			return over;
		});
		for (RaisedCause raised : report.causes()) {
			StarvationCause cause = raised.cause();
			if (!cause.isStarvation() && !told.others.contains(cause) && report.bad().contains(cause)
					&& told.isTime(cause, nanos)) {
				told.others.add(cause);
				tell("Executor '" + name + "' " + begin(cause) + ": " + cause + " since " + raised.since() + ", "
						+ describe(raised), false);
				tell(name, raised.stacks());
			}
		}
	}

	private static String begin(StarvationCause cause) {
		return switch (cause) {
			case STUCK -> "has a stuck task";
			case DROPPING -> "drops tasks";
			case FAILING -> "has failing tasks";
			case ENDED -> "has periodic tasks that will not run again";
			default -> throw new IllegalArgumentException(cause.name());
		};
	}

	private static String end(StarvationCause cause) {
		return switch (cause) {
			case STUCK -> "no longer has a stuck task";
			case DROPPING -> "no longer drops tasks";
			case ENDED -> "no longer has periodic tasks that ended with an error";
			case FAILING -> "no longer has failing tasks";
			default -> throw new IllegalArgumentException(cause.name());
		};
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
				+ "; queued tasks: at most " + figures.get("maxQueuedTasks") + ", the oldest for "
				+ StarvationRule.words(figures.get("maxOldestQueuedMillis")) + "; started tasks: "
				+ figures.get("startedTasks");
	}

	private void tell(String line, boolean grave) {
		this.thread.execute(() -> {
			if (grave) {
				logger.warn(line);
			}
			else {
				logger.info(line);
			}
		});
	}

	private void tell(String name, List<WorkerStack> stacks) {
		if (stacks.isEmpty()) {
			return;
		}
		WorkerStack top = stacks.get(0);
		this.thread.execute(() -> {
			if (logger.isDebugEnabled()) {
				logger.debug("Executor '" + name + "', workers with this stack: " + top.workers(), top.frames());
			}
		});
	}

	/**
	 * What was told of an executor.
	 */
	private final class Told {

		private final Map<StarvationCause, Budget> causes = new EnumMap<>(StarvationCause.class);

		private final Budget silences = new Budget();

		private final Budget advices = new Budget();

		// the gravest that was told, while it starves
		private @Nullable StarvationCause starving;

		private Map<String, Integer> advised = Map.of();

		// those told that are no starvation
		private final Set<StarvationCause> others = EnumSet.noneOf(StarvationCause.class);

		private boolean silent;

		boolean isTime(StarvationCause cause, long nanos) {
			return this.causes.computeIfAbsent(cause, (added) -> new Budget()).isTime(nanos);
		}

		void advises(RaisedCause.@Nullable Advice advice) {
			this.advised = (advice != null) ? advice.settings() : Map.of();
		}

		/** Another setting, or another value by half. */
		boolean isNews(RaisedCause.Advice advice) {
			return advice.settings().entrySet().stream().anyMatch((setting) -> {
				int known = this.advised.getOrDefault(setting.getKey(), 0);
				return 2 * Math.abs(setting.getValue() - known) >= Math.max(1, known);
			});
		}

		boolean isOpen() {
			return this.starving != null || !this.others.isEmpty() || this.silent;
		}

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
