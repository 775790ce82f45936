// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.task.Handling;
import io.github.executormetrics.task.SafeLog;
import io.github.executormetrics.task.TaskRecorder;
import io.github.executormetrics.task.TaskSettings;
import io.github.executormetrics.task.TaskTimers;
import io.github.executormetrics.task.TaskTotals;

/**
 * One executor that is known by its name. A prototype's instances share one entry: their
 * tasks are counted together and their workers add up.
 */
public final class MonitoredExecutor {

	private static final SafeLog logger = new SafeLog(MonitoredExecutor.class);

	private static final Runnable SILENT = () -> {
	};

	private static final IntConsumer NO_DEPTHS = (depth) -> {
	};

	private final String name;

	private final String type;

	private final ExecutorOrigin origin;

	private volatile PoolSettings settings;

	private final TaskRecorder recorder;

	private final InstanceStates states = new InstanceStates(this::fault);

	private final WorkerThreads threads = new WorkerThreads(this.states::threads);

	private final Map<StarvationCause, LongAdder> incidents = new EnumMap<>(StarvationCause.class);

	// of a pool that has ended, too
	private final AtomicLong steals = new AtomicLong();

	private volatile Coverage coverage = Coverage.TASKS;

	private volatile @Nullable String coverageReason;

	private final AtomicReference<@Nullable PendingReading> openQuestion = new AtomicReference<>();

	private volatile ExecutorSample reading = ExecutorSample.unread();

	private volatile @Nullable String countedAt;

	private volatile @Nullable String threadNamePrefix;

	private volatile Runnable newsListener = SILENT;

	private volatile @Nullable Runnable endListener;

	private News told = News.NONE;

	private volatile IntConsumer depthRecorder = NO_DEPTHS;

	private volatile long oldestAtLeast = ExecutorState.NONE;

	private volatile double utilization;

	private volatile double cpuUtilization = Double.NaN;

	private volatile boolean starved;

	private volatile boolean faultLogged;

	private volatile @Nullable PinnedTasks pinned;

	private volatile boolean pinnedAnyway;

	// the active tasks of an executor that was at rest at the last look
	private long restingActive;

	private long restingAt;

	private long restingSubmitted = -1;

	MonitoredExecutor(String name, Class<?> type, int workers, ExecutorOrigin origin, TaskSettings settings) {
		this.name = name;
		this.type = type.getName();
		this.origin = origin;
		this.settings = PoolSettings.of(name, type, origin);
		this.recorder = new TaskRecorder(name, workers, settings);
		for (StarvationCause cause : StarvationCause.values()) {
			this.incidents.put(cause, new LongAdder());
		}
	}

	public String name() {
		return this.name;
	}

	/**
	 * Its class before it was decorated.
	 * @return the class name
	 */
	public String type() {
		return this.type;
	}

	public ExecutorOrigin origin() {
		return this.origin;
	}

	/**
	 * What a user sets to give it more workers, or its queue more room.
	 * @return the names of the settings
	 */
	public PoolSettings settings() {
		return this.settings;
	}

	/**
	 * Say by what names these settings go.
	 * @param settings the names
	 */
	public void settings(PoolSettings settings) {
		this.settings = settings;
	}

	public TaskRecorder recorder() {
		return this.recorder;
	}

	/**
	 * Its threads, as far as they can be known.
	 * @return the threads of all instances
	 */
	public WorkerThreads threads() {
		return this.threads;
	}

	public Coverage coverage() {
		return this.coverage;
	}

	/**
	 * Why the coverage is what it is, and what is not seen.
	 * @return a sentence, or null where everything is seen
	 */
	public @Nullable String coverageReason() {
		return this.coverageReason;
	}

	/**
	 * Say how much of the executor is seen.
	 * @param coverage how much
	 * @param reason why not more, or null
	 */
	public void cover(Coverage coverage, @Nullable String reason) {
		cover(coverage, reason, null);
	}

	/**
	 * Say that the executor only passes its tasks on to others, where they are counted.
	 * @param names the names of their entries
	 */
	public void countAt(Set<String> names) {
		cover(Coverage.NONE, "its tasks are counted at '" + String.join("' and '", names) + "'",
				(names.size() == 1) ? names.iterator().next() : null);
	}

	/**
	 * The executor that counts the tasks of this one.
	 * @return the name of its entry, or null where this one passes no tasks on, or to
	 * several
	 */
	public @Nullable String countedAt() {
		return this.countedAt;
	}

	/**
	 * Say how the names of its threads begin, where the executor tells that.
	 * @param prefix what precedes their number, or null
	 */
	public void nameThreads(@Nullable String prefix) {
		this.threadNamePrefix = prefix;
	}

	@Nullable String threadNamePrefix() {
		return this.threadNamePrefix;
	}

	private void cover(Coverage coverage, @Nullable String reason, @Nullable String countedAt) {
		this.coverage = coverage;
		this.coverageReason = reason;
		this.countedAt = countedAt;
		try {
			this.newsListener.run();
		}
		catch (Throwable ex) {
			// the first use of a pool may say it, which must not fail for that
			fault(ex);
		}
	}

	/**
	 * Call the listener now, whenever something is said of the coverage, and with each
	 * look of the watch that finds what was not there before: tasks of a new name, a
	 * first thread, one that is measured, tasks that may be pinned.
	 * @param listener what to call
	 */
	public void onNews(Runnable listener) {
		this.newsListener = listener;
		listener.run();
	}

	/**
	 * Read workers and queue from here, too.
	 * @param state the state of one more instance
	 */
	public void add(ExecutorState state) {
		this.states.add(state);
	}

	/**
	 * Whether there is nothing to read from.
	 * @return whether no state was added, or all are gone
	 */
	public boolean isStateless() {
		return this.states.isEmpty();
	}

	/**
	 * Call the listener once all instances have come to their end: as soon as somebody
	 * looks, which the watch does with each of its looks.
	 * @param listener what to call, maybe more than once
	 */
	public void onEnd(Runnable listener) {
		this.endListener = listener;
	}

	/**
	 * Look whether all instances have come to their end.
	 */
	public void lookForEnd() {
		Runnable listener = this.endListener;
		if (listener != null && this.states.isEnded()) {
			try {
				listener.run();
			}
			catch (Throwable ex) {
				// the user's call that shuts it down must not fail for that
				fault(ex);
			}
		}
	}

	/**
	 * What was read of it last, by the watch.
	 * @return the sample, of no worker before the first one
	 */
	public ExecutorSample reading() {
		return this.reading;
	}

	/**
	 * The question that it has not answered yet.
	 * @return holds the question, or null
	 */
	AtomicReference<@Nullable PendingReading> openQuestion() {
		return this.openQuestion;
	}

	/**
	 * The thread that waits for its answer.
	 * @return the thread, or null where it has answered
	 */
	public @Nullable Thread waiting() {
		PendingReading open = this.openQuestion.get();
		return (open != null) ? open.thread() : null;
	}

	public int busy() {
		return this.reading.busy();
	}

	public int idle() {
		return this.reading.idle();
	}

	/**
	 * How many workers may run at once.
	 * @return the limit, or {@link ExecutorState#NONE}
	 */
	public int limit() {
		return this.reading.limit();
	}

	public int queueDepth() {
		return this.reading.queued();
	}

	/**
	 * How many tasks the queue can hold.
	 * @return the capacity, or {@link ExecutorState#NONE}
	 */
	public int queueCapacity() {
		return this.reading.capacity();
	}

	/**
	 * Whether it is a fork/join pool.
	 * @return whether any instance is
	 */
	public boolean isForkJoin() {
		return this.states.isForkJoin();
	}

	/**
	 * What a fork/join pool tells beyond that.
	 * @return the figures, or null where it is no such pool or has ended
	 */
	public @Nullable ForkJoinFigures forkJoin() {
		return this.reading.forkJoin();
	}

	/**
	 * Tasks that the workers of a fork/join pool took from queues other than their own.
	 * @return a number that never falls
	 */
	public long steals() {
		ForkJoinFigures figures = forkJoin();
		return this.steals.accumulateAndGet((figures != null) ? figures.steals() : 0, Math::max);
	}

	/**
	 * How many more tasks the queue took before one more worker was started.
	 * @return the room, {@link Integer#MAX_VALUE} where none ever is, or
	 * {@link ExecutorState#NONE} where one would be or nobody knows
	 */
	public int roomBeforeWorker() {
		return this.reading.roomBeforeWorker();
	}

	/**
	 * The age of the oldest task that could start and has not when it was read last, or
	 * what the watch knew of it where it cannot be told.
	 * @return nanoseconds, or {@link ExecutorState#NONE} before the first look
	 */
	public long oldestQueuedAtLeast() {
		long oldest = this.reading.oldestNanos();
		return (oldest != ExecutorState.NONE) ? oldest : this.oldestAtLeast;
	}

	/**
	 * Look at what stands in the queues, which may block.
	 * @param atMost how many to look at in each
	 * @param queued takes each object as it stands there: a task, or the thread of a
	 * submitter that is held
	 */
	public void forEachQueued(int atMost, Consumer<Object> queued) {
		this.states.forEachQueued(atMost, queued);
	}

	@Nullable DeadWorkers findDeadWorkers() {
		return this.states.findDeadWorkers();
	}

	/**
	 * Have a new pool metered that an executor has made since it was initialized once
	 * more.
	 */
	public void findNewPools() {
		// whoever owns a pool is asked for it, and the pool for nothing that is locked
		this.states.sum((state) -> state.isEnded() ? 1 : 0);
	}

	/**
	 * Read everything, which may block.
	 * @param now the current {@link System#nanoTime()}
	 * @return what is known at this instant
	 */
	public ExecutorSample sample(long now) {
		return sample(now, this.recorder.totals(now));
	}

	private ExecutorSample sample(long now, TaskTotals tasks) {
		WorkerFigures workers = this.states.workers();
		// what comes past us is progress, too
		long started = (this.coverage == Coverage.TASKS) ? tasks.started() + Math.max(0, workers.started())
				: workers.started();
		int queued = this.states.sum(ExecutorState::queueDepth);
		ExecutorSample sample = new ExecutorSample(now, tasks, started, this.recorder.rejected(Handling.ABORTED),
				rejected(), this.recorder.rejected(Handling.CALLER_RUNS),
				this.recorder.droppedRefused() + this.recorder.droppedAccepted(),
				tasks.submitted() + this.recorder.droppedRefused(), this.recorder.periodic().ended(), workers.busy(),
				workers.idle(), this.states.bound(ExecutorState::limit), queued,
				this.states.bound(ExecutorState::queueCapacity), this.states.oldestQueued(now),
				(queued > 0) ? this.states.roomBeforeWorker() : ExecutorState.NONE,
				this.states.isQueuedBeforeSubmission(), this.states.sizes(), this.states.forkJoin());
		this.reading = sample;
		return sample;
	}

	/**
	 * Count tasks as cancelled that user code took out of the queue, and read everything,
	 * which may block. For one caller at a time.
	 * @param now the current {@link System#nanoTime()}
	 * @return what is known at this instant
	 */
	public ExecutorSample settleAndSample(long now) {
		this.recorder.forgetEnded();
		this.recorder.periodic().settle();
		TaskTotals tasks = this.recorder.totalsToKeep(now);
		return sample(now, settle(tasks) ? this.recorder.totals(now) : tasks);
	}

	/**
	 * Look whether no task has come since a sample that found none queued and none
	 * running, and whether the executor has come to its end. Asks no workers, of which a
	 * pool of the JDK walks all, so what comes past us is seen where it is queued. May
	 * block; for one caller at a time.
	 * @param sample the sample
	 * @param now the current {@link System#nanoTime()}
	 * @return whether nothing was counted and nothing is queued
	 */
	public boolean isStillAs(ExecutorSample sample, long now) {
		boolean still = this.coverage == Coverage.TASKS && this.recorder.totalsToKeep(now) == sample.tasks()
				&& this.states.sum(ExecutorState::queueDepth) == 0;
		letGoOfEnded();
		return still;
	}

	/**
	 * Tasks refused, whatever became of them.
	 * @return a number that never falls
	 */
	public long rejected() {
		long rejected = 0;
		for (Handling handling : Handling.values()) {
			rejected += this.recorder.rejected(handling);
		}
		return rejected;
	}

	/**
	 * Count tasks as cancelled that user code took out of the queue: those still active
	 * though the executor has been at rest since the last look.
	 * @param tasks what the recorder told
	 * @return whether tasks were counted as cancelled
	 */
	private boolean settle(TaskTotals tasks) {
		boolean resting = tasks.active() > 0 && tasks.running() == 0 && this.states.isAtRest();
		boolean same = resting && tasks.submitted() == this.restingSubmitted && tasks.active() == this.restingActive;
		// no later than the first look: a task that is being submitted now is none of
		// them
		boolean lost = same && this.recorder.lost(tasks, this.restingAt);
		if (!same) {
			this.restingAt = System.nanoTime();
		}
		this.restingSubmitted = (resting && !lost) ? tasks.submitted() : -1;
		this.restingActive = tasks.active();
		letGoOfEnded();
		return lost;
	}

	private void letGoOfEnded() {
		lookForEnd();
		this.states.removeGone();
	}

	/**
	 * Send the sampled queue depths here.
	 * @param depthRecorder where to
	 */
	public void depthRecorder(IntConsumer depthRecorder) {
		this.depthRecorder = depthRecorder;
	}

	/**
	 * Take what the watch found in its last look.
	 * @param oldestAtLeast how old the oldest queued task is at least, in nanoseconds
	 * @param utilization busy worker time over worker time in the window, 0 to 1
	 * @param cpuUtilization the CPU time of the workers over worker time, not a number
	 * where it is not known
	 * @param starved whether any cause stands
	 */
	public void publish(long oldestAtLeast, double utilization, double cpuUtilization, boolean starved) {
		this.oldestAtLeast = oldestAtLeast;
		this.utilization = utilization;
		this.cpuUtilization = cpuUtilization;
		this.starved = starved;
	}

	/**
	 * Tell who has meters of it, and look up the level of its log, which may block. For
	 * one caller at a time.
	 */
	public void tell() {
		this.recorder.log().refresh();
		try {
			if (this.openQuestion.get() == null) {
				this.depthRecorder.accept(queueDepth());
			}
			tellNews();
		}
		catch (Throwable ex) {
			fault(ex);
		}
	}

	private void tellNews() {
		News news = new News(this.recorder.byName().names().size(), this.threads.isKnown(), this.threads.isMeasured(),
				pinned() != null);
		if (!news.equals(this.told)) {
			this.told = news;
			this.newsListener.run();
		}
	}

	/**
	 * Count from now on which of its tasks were pinned.
	 */
	public void countPinned() {
		this.recorder.keepEnded();
		if (this.pinned == null) {
			// who listens may stop and start again: the count goes on, in its meter too
			this.pinned = new PinnedTasks();
		}
	}

	/**
	 * Which of its tasks were pinned.
	 * @return the counts, or null where nobody looks for them, or it runs none on virtual
	 * threads
	 */
	public @Nullable PinnedTasks pinned() {
		return (this.pinnedAnyway || this.recorder.isOnVirtualThreads()) ? this.pinned : null;
	}

	/**
	 * Whether its tasks run on virtual threads, or will.
	 * @return whether one was seen there, or it is known to start them
	 */
	public boolean isOnVirtualThreads() {
		return this.recorder.isOnVirtualThreads() || this.states.sum((state) -> state.isOnVirtualThreads() ? 1 : 0) > 0;
	}

	/**
	 * Count here from now on what was pinned and is no task of a known executor.
	 * @param pinned where
	 */
	public void pinnedOthers(PinnedTasks pinned) {
		this.pinnedAnyway = true;
		this.pinned = pinned;
	}

	/**
	 * Tell who has meters of it nothing any more, and time nowhere: they are gone, and
	 * the threads of a pool that outlives them hold this entry.
	 */
	public void forgetMeters() {
		this.newsListener = SILENT;
		this.depthRecorder = NO_DEPTHS;
		this.recorder.timers(TaskTimers.NONE);
	}

	/**
	 * Count an incident.
	 * @param cause what was raised
	 */
	public void incident(StarvationCause cause) {
		incidents(cause).increment();
	}

	private LongAdder incidents(StarvationCause cause) {
		LongAdder count = this.incidents.get(cause);
		if (count == null) {
			throw new IllegalStateException("No count for " + cause);
		}
		return count;
	}

	/**
	 * How often a cause was raised.
	 * @param cause the cause
	 * @return a number that never falls
	 */
	public long incidentCount(StarvationCause cause) {
		return incidents(cause).sum();
	}

	/**
	 * Call this at the end of each task from now on, on the thread that ran it and in its
	 * context: the executor starves.
	 * @param mark what to call, or null where it starves no more
	 */
	public void duringIncident(@Nullable Runnable mark) {
		this.recorder.duringIncident(mark);
	}

	/**
	 * Busy worker time over worker time in the last window.
	 * @return 0 to 1
	 */
	public double utilization() {
		return this.utilization;
	}

	/**
	 * CPU time of the workers over worker time in the last window.
	 * @return 0 to 1, or not a number where it is not known
	 */
	public double cpuUtilization() {
		return this.cpuUtilization;
	}

	public boolean isStarved() {
		return this.starved;
	}

	private void fault(Throwable ex) {
		if (!this.faultLogged) {
			this.faultLogged = true;
			// this may be the watch's thread, or that of a user's task
			logger.warnLater(
					"Reading executor '" + this.name + "' failed; its tasks continue, further failures are not logged",
					ex);
		}
	}

	/**
	 * What there is to tell beyond what there was from the start.
	 *
	 * @param names how many names of tasks
	 * @param threads whether any thread is known
	 * @param measured whether one is measured
	 * @param pinned whether tasks may be pinned
	 */
	private record News(int names, boolean threads, boolean measured, boolean pinned) {

		static final News NONE = new News(0, false, false, false);

	}

}
