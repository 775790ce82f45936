// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When the runs of a schedule are due, in {@link System#nanoTime()}.
 */
public abstract class Due {

	private static final Due UNKNOWN = new Due() {
		@Override
		long lateness(long now) {
			return TaskRecorder.UNKNOWN_WAIT;
		}
	};

	/**
	 * Nobody knows: runs are timed, waits are not.
	 * @return the due time of no run
	 */
	public static Due unknown() {
		return UNKNOWN;
	}

	/**
	 * One run.
	 * @param at when it is due
	 * @return its due time
	 */
	public static Due once(long at) {
		return new Due() {
			@Override
			long lateness(long now) {
				return now - at;
			}

			@Override
			boolean isOnce() {
				return true;
			}
		};
	}

	/**
	 * Runs at a fixed rate: the first and then one each period, however late the one
	 * before was.
	 * @param first when the first is due
	 * @param period nanoseconds between two
	 * @return the due times
	 */
	public static Due rate(long first, long period) {
		// runs may overlap, so each takes its own due time
		AtomicLong next = new AtomicLong(first);
		return new Due() {
			@Override
			long lateness(long now) {
				return now - next.getAndAdd(period);
			}
		};
	}

	/**
	 * Runs with a fixed delay after the end of the one before.
	 * @param first when the first is due
	 * @param delay nanoseconds from an end to the next start
	 * @return the due times
	 */
	public static Due delay(long first, long delay) {
		AtomicLong next = new AtomicLong(first);
		return new Due() {
			@Override
			long lateness(long now) {
				return now - next.get();
			}

			@Override
			void ended() {
				next.set(System.nanoTime() + delay);
			}
		};
	}

	abstract long lateness(long now);

	/**
	 * Say that a run has ended now.
	 */
	void ended() {
	}

	/**
	 * Whether there is one run, which somebody asked for at that.
	 * @return whether it does not repeat
	 */
	boolean isOnce() {
		return false;
	}

	/**
	 * Runs whose next due time is said from outside, as a trigger does.
	 */
	public static final class Said extends Due {

		// the scheduler's timer and our sum of two clocks differ by a little
		private static final long EARLY = 5_000_000;

		private volatile long before;

		private volatile long next;

		/**
		 * Create the due times.
		 * @param first when the first run is due, until something else is said
		 */
		public Said(long first) {
			this.before = first;
			this.next = first;
		}

		/**
		 * Say when the next run is due.
		 * @param at the instant
		 */
		public void say(long at) {
			this.before = this.next;
			this.next = at;
		}

		@Override
		long lateness(long now) {
			long at = this.next;
			// a scheduler that hands runs over asks for the next before this one starts
			return now - ((now - at >= -EARLY) ? at : this.before);
		}

	}

}
