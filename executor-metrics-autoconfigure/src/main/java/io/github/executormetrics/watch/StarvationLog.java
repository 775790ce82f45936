package io.github.executormetrics.watch;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.StarvationCause;

/**
 * Tells in one line when an executor begins to starve, when that gets worse, and when it
 * is over. An executor that flaps is told ever more rarely, up to once an hour.
 */
final class StarvationLog {

	private static final Log logger = LogFactory.getLog(StarvationLog.class);

	private static final Set<StarvationCause> GRAVE = EnumSet.of(StarvationCause.DEADLOCKED, StarvationCause.STALLED,
			StarvationCause.REJECTING);

	private static final long SHORTEST = TimeUnit.MINUTES.toNanos(1);

	private static final long LONGEST = TimeUnit.HOURS.toNanos(1);

	private final Map<String, Told> told = new HashMap<>();

	/**
	 * Tell of a change, if it is time to.
	 * @param name the executor's name
	 * @param before what stood before
	 * @param after what stands now
	 * @param nanos the {@link System#nanoTime()} of the look
	 */
	void report(String name, ExecutorReport before, ExecutorReport after, long nanos) {
		if (after.causes().isEmpty()) {
			Told told = this.told.get(name);
			if (told != null && told.gravest != null) {
				told.gravest = null;
				logger.info("Executor '" + name + "' recovered");
			}
			return;
		}
		StarvationCause gravest = after.causes().get(0).cause();
		if (before.causes().isEmpty() || gravest.compareTo(before.causes().get(0).cause()) < 0) {
			if (this.told.computeIfAbsent(name, (key) -> new Told()).isTime(gravest, nanos)) {
				tell(name, after);
			}
		}
	}

	private void tell(String name, ExecutorReport report) {
		RaisedCause gravest = report.causes().get(0);
		String line = "Executor '" + name + "' starves: " + gravest.cause() + " since " + gravest.since() + " "
				+ gravest.evidence() + ((gravest.detail() != null) ? " " + gravest.detail() : "");
		if (GRAVE.contains(gravest.cause())) {
			logger.warn(line);
		}
		else {
			logger.info(line);
		}
	}

	/**
	 * What was told of an executor, and when to tell of it again.
	 */
	private static final class Told {

		private long next = Long.MIN_VALUE;

		private long pause = SHORTEST;

		// while it starves and that was told
		private @Nullable StarvationCause gravest;

		boolean isTime(StarvationCause cause, long nanos) {
			if (this.gravest != null) {
				// it gets worse: who was told of the beginning is told of that
				boolean worse = cause.compareTo(this.gravest) < 0;
				this.gravest = worse ? cause : this.gravest;
				return worse;
			}
			if (this.next != Long.MIN_VALUE && nanos - this.next < 0) {
				return false;
			}
			// quiet for as long again: it starts anew
			boolean quiet = this.next == Long.MIN_VALUE || nanos - this.next > this.pause;
			this.pause = quiet ? SHORTEST : Math.min(LONGEST, this.pause * 2);
			this.next = nanos + this.pause;
			this.gravest = cause;
			return true;
		}

	}

}
