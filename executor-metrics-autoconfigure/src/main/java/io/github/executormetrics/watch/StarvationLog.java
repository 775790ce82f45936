package io.github.executormetrics.watch;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.executormetrics.StarvationCause;

/**
 * Tells in one line when an executor begins to starve, and when that is over. An executor
 * that flaps is told ever more rarely, up to once an hour.
 */
final class StarvationLog {

	private static final Log logger = LogFactory.getLog(StarvationLog.class);

	private static final Set<StarvationCause> GRAVE = EnumSet.of(StarvationCause.STALLED, StarvationCause.REJECTING);

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
		if (!after.isStarved()) {
			Told open = this.told.get(name);
			if (before.isStarved() && open != null && open.open) {
				open.open = false;
				logger.info("Executor '" + name + "' recovered");
			}
			return;
		}
		boolean worse = !before.isStarved()
				|| after.causes().get(0).cause().compareTo(before.causes().get(0).cause()) < 0;
		if (worse && this.told.computeIfAbsent(name, (key) -> new Told()).isTime(nanos)) {
			tell(name, after);
		}
	}

	private void tell(String name, ExecutorReport report) {
		RaisedCause gravest = report.causes().get(0);
		String line = "Executor '" + name + "' starves: " + gravest.cause() + " since " + gravest.since() + " "
				+ gravest.evidence();
		if (GRAVE.contains(gravest.cause())) {
			logger.warn(line);
		}
		else {
			logger.info(line);
		}
	}

	private static final class Told {

		private long next = Long.MIN_VALUE;

		private long pause = SHORTEST;

		private boolean open;

		boolean isTime(long nanos) {
			if (this.next != Long.MIN_VALUE && nanos - this.next < 0) {
				return false;
			}
			// quiet for as long again: it starts anew
			boolean quiet = this.next == Long.MIN_VALUE || nanos - this.next > this.pause;
			this.pause = quiet ? SHORTEST : Math.min(LONGEST, this.pause * 2);
			this.next = nanos + this.pause;
			this.open = true;
			return true;
		}

	}

}
