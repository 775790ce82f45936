// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.FiguresByName;
import io.github.executormetrics.task.TaskName;
import io.github.executormetrics.task.TaskRecorder;
import io.github.executormetrics.task.TaskTotals;

/**
 * Finds the names of which nearly all tasks fail: at least nine of ten of those that
 * ended in the window, or of the last few where these are more, however long they took. A
 * name is looked at only once a task of the executor has failed. Used by the watch thread
 * only.
 */
final class FailingTasks {

	private static final int TENTHS = 9;

	// so many of its longest pauses, and so many windows, a name must not have run for
	private static final int PAUSES = 3;

	private static final int WINDOWS = 6;

	private static final int MOST_STRETCHES = 64;

	private final TaskRecorder recorder;

	private final int samples;

	private final long window;

	private final Map<TaskName, Runs> runs = new HashMap<>();

	private long failed;

	// of some name the last runs failed, and it may run again
	private boolean open;

	/**
	 * Create the failing tasks of an executor.
	 * @param executor the executor
	 * @param samples how many tasks of a name must have ended at least
	 * @param window the window, in nanoseconds
	 */
	FailingTasks(MonitoredExecutor executor, int samples, long window) {
		this.recorder = executor.recorder();
		this.samples = samples;
		this.window = window;
	}

	/**
	 * Look at the names of which tasks have failed.
	 * @param before what was counted at the look before
	 * @param after what is counted now
	 * @param nanos the {@link System#nanoTime()} of the look
	 * @return the names of which nearly all tasks fail, in no order
	 */
	List<FailingName> look(TaskTotals before, TaskTotals after, long nanos) {
		boolean news = after.failed() != this.failed;
		if (!news && !this.open) {
			return List.of();
		}
		this.failed = after.failed();
		FiguresByName figures = this.recorder.byName();
		if (news) {
			for (TaskName name : figures.names()) {
				if (!this.runs.containsKey(name) && figures.failed(name) > 0) {
					this.runs.put(name, new Runs());
				}
			}
		}
		List<FailingName> failing = new ArrayList<>();
		boolean open = false;
		for (Map.Entry<TaskName, Runs> entry : this.runs.entrySet()) {
			TaskName name = entry.getKey();
			Runs runs = entry.getValue();
			if (news || runs.isOpen(nanos)) {
				runs.look(name, before.succeeded(), nanos);
			}
			if (runs.isOpen(nanos)) {
				open = true;
				runs.judge(name, nanos, failing);
			}
		}
		this.open = open;
		return List.copyOf(failing);
	}

	/** The failed first, so that it is never too low. */
	private long succeeded() {
		long failed = this.recorder.failed();
		return this.recorder.completed() - failed;
	}

	/**
	 * Tasks of one name that ended at one look.
	 *
	 * @param nanos when the look was
	 * @param tasks how many had ended since the one before
	 * @param failed how many of them with an error
	 * @param pause for how long none had ended before, 0 where that is not known
	 */
	private record Stretch(long nanos, long tasks, long failed, long pause) {

		Stretch with(Stretch later) {
			return new Stretch(later.nanos, this.tasks + later.tasks, this.failed + later.failed, later.pause);
		}

	}

	/**
	 * The runs of one name.
	 */
	private final class Runs {

		private final Deque<Stretch> stretches = new ArrayDeque<>();

		private long completed;

		private long failed;

		/**
		 * Whether its last runs may tell something: some of them failed, and it has not
		 * been away for clearly longer than it usually is.
		 */
		boolean isOpen(long nanos) {
			Stretch last = this.stretches.peekLast();
			return last != null
					&& nanos - last.nanos() <= Math.max(WINDOWS * FailingTasks.this.window,
							PAUSES * this.stretches.stream().mapToLong(Stretch::pause).max().orElse(0))
					&& this.stretches.stream().anyMatch((stretch) -> stretch.failed() > 0);
		}

		void look(TaskName name, long succeededBefore, long nanos) {
			FiguresByName figures = FailingTasks.this.recorder.byName();
			Stretch last = this.stretches.peekLast();
			boolean known = last != null && isOpen(nanos);
			// the failed first: none is then missing among the completed
			long failed = Math.max(this.failed, figures.failed(name) - figures.stopped(name));
			long completed = Math.max(this.completed + failed - this.failed,
					figures.completed(name) - figures.stopped(name));
			long fails = failed - this.failed;
			long successes = completed - this.completed - fails;
			this.failed = failed;
			this.completed = completed;
			if (fails + successes == 0) {
				return;
			}
			if (!known) {
				// it was not looked at for a while: all that failed did so since the last
				// look, of those that succeeded at most as many as of all names
				long recent = Math.min(successes, Math.max(0, FailingTasks.this.succeeded() - succeededBefore));
				if (successes > recent) {
					add(new Stretch(nanos, successes - recent, 0, 0));
					last = null;
				}
				successes = recent;
			}
			add(new Stretch(nanos, fails + successes, fails, (last != null) ? nanos - last.nanos() : 0));
		}

		private void add(Stretch stretch) {
			if (stretch.tasks() == 0) {
				return;
			}
			this.stretches.addLast(stretch);
			if (this.stretches.size() > MOST_STRETCHES) {
				this.stretches.addFirst(this.stretches.removeFirst().with(this.stretches.removeFirst()));
			}
		}

		void judge(TaskName name, long nanos, List<FailingName> failing) {
			if (this.stretches.getLast().failed() == 0) {
				// they succeed by now
				return;
			}
			long tasks = 0;
			long errors = 0;
			Iterator<Stretch> latestFirst = this.stretches.descendingIterator();
			while (latestFirst.hasNext()) {
				Stretch stretch = latestFirst.next();
				boolean inWindow = nanos - stretch.nanos() < FailingTasks.this.window;
				if (!inWindow && tasks >= FailingTasks.this.samples) {
					break;
				}
				// of a stretch of which only the end counts, the last are taken to have
				// succeeded
				long counted = inWindow ? stretch.tasks()
						: Math.min(stretch.tasks(), FailingTasks.this.samples - tasks);
				tasks += counted;
				errors += Math.max(0, counted - (stretch.tasks() - stretch.failed()));
			}
			if (tasks >= FailingTasks.this.samples && errors * 10 >= tasks * TENTHS) {
				failing.add(new FailingName(name.value(), errors, tasks,
						FailingTasks.this.recorder.byName().latestFailure(name)));
			}
		}

	}

}
