// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.ExecutorState;

/**
 * The work that comes to an executor while something is wrong with it. What comes in a
 * single burst is told from what goes on coming: the two looks in a row in which most
 * came are left out of the latter.
 *
 * @param perSecond tasks that come in a second, a burst left out
 * @param seconds how long a task holds a worker
 * @param burst how many came in the two looks in a row in which most came
 * @param burstSeconds how long these looks were
 * @param besidesPerSecond tasks that came in a second outside of them
 * @param grows whether the queue has become longer in the last two looks
 */
record Demand(double perSecond, double seconds, long burst, double burstSeconds, double besidesPerSecond,
		boolean grows) {

	// a burst makes the mean over all looks this much larger
	private static final double MARKED = 1.5;

	/**
	 * Measure it.
	 * @param samples what was read from one look before the first bad one on, or of the
	 * whole window where that is longer ago
	 * @param firstBad how many of the looks between them were before the first bad one
	 * @param work what tells how long tasks run: long enough for some to end
	 * @param least of how many tasks a figure must be
	 * @return the demand, or null where too few tasks were seen
	 */
	static @Nullable Demand of(List<ExecutorSample> samples, int firstBad, Tick work, int least) {
		List<Traffic> ticks = new ArrayList<>();
		for (int i = 1; i < samples.size(); i++) {
			Traffic tick = Traffic.between(samples.get(i - 1), samples.get(i));
			if (tick != null) {
				ticks.add(tick);
			}
		}
		Traffic all = sum(ticks);
		boolean seen = work.after().tasks().submitted() > 0;
		long ended = seen ? work.runs() : all.started();
		if (all.arrivals() < least || ended < least) {
			return null;
		}
		double seconds = seen ? work.serviceNanos() / 1e9 : all.busySeconds() / all.started();
		int first = Math.min(firstBad, ticks.size() - 1);
		int peak = peak(ticks);
		Traffic burst = sum(ticks.subList(Math.max(0, peak - 1), peak + 1));
		Traffic rest = sum(ticks.subList(Math.min(first, Math.max(0, peak - 1)), Math.max(0, peak - 1)))
			.plus(sum(ticks.subList(Math.max(first, peak + 1), ticks.size())));
		double besides = (rest.seconds() > 0) ? rest.arrivals() / rest.seconds() : -1;
		boolean marked = besides >= 0 && burst.arrivals() / burst.seconds() > MARKED * besides;
		if (marked && peak == ticks.size() - 1) {
			// whether it goes on, the next look tells
			return null;
		}
		Traffic bad = sum(ticks.subList(first, ticks.size()));
		double mean = bad.arrivals() / bad.seconds();
		return new Demand((besides >= 0 && mean > MARKED * besides) ? besides : mean, seconds, burst.arrivals(),
				burst.seconds(), besides, grows(samples));
	}

	private static Traffic sum(List<Traffic> ticks) {
		return ticks.stream().reduce(Traffic.NONE, Traffic::plus);
	}

	/**
	 * By more than the one that has just come.
	 */
	private static boolean grows(List<ExecutorSample> samples) {
		int last = samples.size() - 1;
		return samples.get(last).queued() > samples.get(Math.max(0, last - 2)).queued() + 1;
	}

	/**
	 * The second of the two looks in a row in which most came, the earliest of several.
	 */
	private static int peak(List<Traffic> ticks) {
		int peak = 0;
		long most = -1;
		for (int i = 0; i < ticks.size(); i++) {
			long two = ticks.get(i).arrivals() + ((i > 0) ? ticks.get(i - 1).arrivals() : 0);
			if (two > most) {
				most = two;
				peak = i;
			}
		}
		return peak;
	}

	/**
	 * How many workers the tasks keep busy: Little's law, L = lambda W.
	 * @return the mean number
	 */
	double workers() {
		return this.perSecond * this.seconds;
	}

	/**
	 * Whether so many workers keep up with what comes besides a burst, and the burst
	 * explains what waits.
	 * @param most how many of the workers may be busy with that
	 * @param workers the workers
	 * @param wait how long tasks may wait, in seconds
	 * @return whether tasks wait since too many came at once
	 */
	boolean isBurst(double most, int workers, double wait) {
		return this.besidesPerSecond >= 0 && this.besidesPerSecond * this.seconds < 0.9 * most
				&& this.burst * this.seconds / workers > wait
				&& this.burst / this.burstSeconds > MARKED * this.besidesPerSecond;
	}

	/**
	 * How long so many workers take to run what is queued, beside what goes on coming.
	 * @param workers the workers
	 * @param queued the tasks
	 * @return seconds
	 */
	double drainSeconds(int workers, int queued) {
		return queued * this.seconds / (workers - Math.max(0, this.besidesPerSecond) * this.seconds);
	}

	/**
	 * What lies between two samples.
	 *
	 * @param seconds how long that was
	 * @param arrivals tasks that came
	 * @param started tasks that started
	 * @param busySeconds the time that the workers were busy, all added up
	 */
	private record Traffic(double seconds, long arrivals, long started, double busySeconds) {

		static final Traffic NONE = new Traffic(0, 0, 0, 0);

		static @Nullable Traffic between(ExecutorSample from, ExecutorSample to) {
			double seconds = (to.nanos() - from.nanos()) / 1e9;
			Tick tick = new Tick(from, to, 0, 0, 0, 0, null);
			if (to.tasks().submitted() > 0) {
				return new Traffic(seconds, tick.arrivals(), tick.started(), 0);
			}
			// what a pool counts itself is asked for only while tasks are queued
			if (from.queued() == 0 || to.queued() == 0 || from.started() == ExecutorState.NONE) {
				return null;
			}
			long started = to.started() - from.started();
			return new Traffic(seconds, Math.max(0, started + to.queued() - from.queued()), started,
					seconds * (from.busy() + to.busy()) / 2);
		}

		Traffic plus(Traffic other) {
			return new Traffic(this.seconds + other.seconds, this.arrivals + other.arrivals,
					this.started + other.started, this.busySeconds + other.busySeconds);
		}

	}

}
