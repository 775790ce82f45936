// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * Counts and times the tasks of one executor. Called on submitting threads and workers;
 * never throws into a task, and takes no lock.
 * <p>
 * The balance {@code submitted = completed + cancelled + active} always holds for what
 * {@link #totals(long)} returns.
 */
public final class TaskRecorder {

	/**
	 * The wait of a task whose due time nobody knows.
	 */
	public static final long UNKNOWN_WAIT = Long.MIN_VALUE;

	private final String name;

	private final boolean timingAll;

	private final TaskLabels labels;

	private final WorkerSlots slots;

	private final FiguresByName byName;

	private final TaskLog log;

	// those that no worker has counted in its slot
	private final LongAdder submitted = new LongAdder();

	private final LongAdder cancelled = new LongAdder();

	private final RestingTotals resting = new RestingTotals();

	private final LongAdder[] rejected = new LongAdder[Handling.values().length];

	private final PeriodicTasks periodic = new PeriodicTasks();

	private final LongAdder droppedRefused = new LongAdder();

	private final LongAdder droppedAccepted = new LongAdder();

	private final RefusalMark refusals = new RefusalMark();

	private final RefusedBursts refusedBursts = new RefusedBursts();

	private final EarlyTimers early = new EarlyTimers();

	// threads that cancel a task and have not counted that yet
	private final AtomicInteger cancelling = new AtomicInteger();

	private volatile @Nullable LostTasks lost;

	private volatile TaskTimers timers = this.early;

	private volatile @Nullable Runnable incident;

	private volatile @Nullable EndedTasks ended;

	/**
	 * Create a recorder.
	 * @param name the executor's name
	 * @param workers how many workers may run at once, negative where there is no bound
	 * @param settings what it shares with others
	 */
	public TaskRecorder(String name, int workers, TaskSettings settings) {
		this.name = name;
		this.timingAll = settings.timing() == 1;
		this.labels = new TaskLabels(name, settings.naming());
		this.slots = new WorkerSlots(workers);
		this.byName = new FiguresByName(this.slots, name, settings);
		this.log = new TaskLog(name);
		for (int i = 0; i < this.rejected.length; i++) {
			this.rejected[i] = new LongAdder();
		}
	}

	/**
	 * Send waits and runs to these timers from now on, those kept since the start
	 * included. Later calls change the timers.
	 * @param timers where to time
	 */
	public void timers(TaskTimers timers) {
		TaskTimers guarded = new GuardedTimers(timers, this.name);
		this.early.forwardTo(guarded);
		this.timers = guarded;
	}

	/**
	 * Trace tasks from now on.
	 * @param tracing what carries their context
	 */
	public void tracing(TaskTracing tracing) {
		this.labels.tracing(tracing);
	}

	/**
	 * Say that a decorator of the user's carries the context of who submits a task.
	 */
	public void contextCarried() {
		this.labels.contextCarried();
	}

	/**
	 * Where the start and the end of each task are logged.
	 * @return the log
	 */
	public TaskLog log() {
		return this.log;
	}

	/**
	 * The figures of tasks by their names.
	 * @return the figures
	 */
	public FiguresByName byName() {
		return this.byName;
	}

	/**
	 * The periodic tasks that ended with an error.
	 * @return the tasks
	 */
	public PeriodicTasks periodic() {
		return this.periodic;
	}

	/**
	 * Whether all tasks are timed, and not one in so many.
	 * @return whether waits, runs and ages are known of each
	 */
	public boolean isTimingAll() {
		return this.timingAll;
	}

	/**
	 * What labels its tasks.
	 * @return the labels
	 */
	TaskLabels labels() {
		return this.labels;
	}

	/**
	 * Call this at the end of each task from now on, on the thread that ran it and in its
	 * context: the executor starves.
	 * @param mark what to call, or null where it starves no more
	 */
	public void duringIncident(@Nullable Runnable mark) {
		this.incident = mark;
	}

	/**
	 * Say that the executor took the task without an exception. Whether it really did is
	 * known to the task's state: a discarding policy refuses in silence, and an inline
	 * executor has already run it.
	 * @param task the task
	 */
	void accepted(Accounted task) {
		if (task.state() == Accounted.NEW) {
			if (this.refusals.isKnown() && this.refusals.take() != null) {
				task.moveState(Accounted.NEW, Accounted.REFUSED);
			}
			else if (task.moveState(Accounted.NEW, Accounted.ACCEPTED)) {
				count(this.submitted);
			}
		}
		else if (this.refusals.isKnown()) {
			this.refusals.take();
		}
	}

	/**
	 * Say that handing the task over ended with a rejection. A task that has started
	 * threw it itself, which is an error of the task and no rejection.
	 * @param task the task
	 */
	void rejected(Accounted task) {
		boolean counted = this.refusals.isKnown() && this.refusals.take() != null;
		if (task.moveState(Accounted.NEW, Accounted.REFUSED) && !counted) {
			count(Handling.ABORTED);
		}
	}

	/**
	 * Say that a call which hands over no task object of its own, such as a schedule, was
	 * rejected.
	 */
	public void rejected() {
		if (!this.refusals.isKnown() || this.refusals.take() == null) {
			count(Handling.ABORTED);
		}
	}

	/**
	 * Say that the executor refused a task and a handler of the user's gets it. Comes
	 * first, since the handler may run it, or hand it over once more: another submission.
	 * @param task what the executor refused, ours or not
	 */
	public void withdrawn(Object task) {
		if (task instanceof Accounted accounted) {
			accounted.moveState(Accounted.NEW, Accounted.DORMANT);
		}
	}

	/**
	 * Say what the rejection policy did with something it was given.
	 * @param task what the executor refused, ours or not
	 * @param handling what became of it
	 */
	public void refused(Object task, Handling handling) {
		count(handling);
		if (handling == Handling.CALLER_RUNS || handling == Handling.DISCARDED_OLDEST) {
			return;
		}
		if (task instanceof Accounted accounted) {
			accounted.moveState(Accounted.NEW, Accounted.REFUSED);
		}
		else {
			// a user's decorator stands around it: tell the submission on this thread
			this.refusals.set(handling);
		}
	}

	/**
	 * Say that a queued task was dropped or handed back. One that a user's decorator
	 * hides is counted once the executor is at rest.
	 * @param task the task, ours or not
	 */
	public void dropped(Object task) {
		if (task instanceof Accounted accounted) {
			cancelledInQueue(accounted);
		}
	}

	/**
	 * Count a task that a rejection policy dropped without an exception. Its cancellation
	 * or rejection is counted besides.
	 * @param accepted whether the executor had accepted it, so that it is counted as
	 * submitted
	 */
	public void droppedSilently(boolean accepted) {
		count(accepted ? this.droppedAccepted : this.droppedRefused);
	}

	/**
	 * Say that user code has taken a task out of the queue. Whatever it does with a
	 * future of ours from now on is not this executor's, unless it is handed over once
	 * more: another submission.
	 * @param task the task, ours or not
	 */
	public void takenOut(Object task) {
		dropped(task);
		if (task instanceof Accounted accounted) {
			accounted.moveState(Accounted.CANCELLED, Accounted.DORMANT);
		}
	}

	/**
	 * Counts all active tasks as cancelled, since they left the queue unseen. If one of
	 * them starts or is cancelled meanwhile, none is counted. One that is run afterwards
	 * is a new submission. For one caller at a time.
	 * @param seen the totals that show the tasks as active and none as running
	 * @param until the {@link System#nanoTime()} until which they were submitted
	 * @return whether the tasks were counted as cancelled
	 */
	public boolean lost(TaskTotals seen, long until) {
		LostTasks before = this.lost;
		LostTasks proposed = new LostTasks(before, until);
		this.lost = proposed;
		// what is read with less than volatile access comes later, too
		VarHandle.fullFence();
		if (isStillAs(seen) && proposed.confirm()) {
			this.cancelled.add(seen.active());
			invalidate();
			return true;
		}
		proposed.withdraw();
		this.lost = before;
		return false;
	}

	/**
	 * Whether no task has started or left since some totals. One that does so later sees
	 * what was written before this call.
	 */
	private boolean isStillAs(TaskTotals seen) {
		// before the totals: what has ended is counted there
		if (this.cancelling.get() != 0 || this.slots.isBusy()) {
			return false;
		}
		TaskTotals now = totals(0);
		return now.submitted() == seen.submitted() && now.active() == seen.active();
	}

	private boolean isLost(long submittedAt) {
		LostTasks lost = this.lost;
		return lost != null && lost.contains(submittedAt);
	}

	/**
	 * Count a task as cancelled that the executor had in its queue, so that it was
	 * accepted even if its submitter has not come to say so.
	 * @param task the task
	 */
	void cancelledInQueue(Accounted task) {
		if (task.moveState(Accounted.NEW, Accounted.CANCELLED)) {
			// not counted so far, so it is none of those that were given up
			count(this.submitted);
			count(this.cancelled);
		}
		else {
			cancelled(task);
		}
	}

	/**
	 * Counts a task as cancelled if it is counted as submitted and has not started.
	 * @param task the task
	 */
	void cancelled(Accounted task) {
		this.cancelling.incrementAndGet();
		if (task.moveState(Accounted.ACCEPTED, Accounted.CANCELLED) && !isLost(task.submittedAt())) {
			count(this.cancelled);
		}
		this.cancelling.decrementAndGet();
	}

	/**
	 * Take a place for the task that the current thread is about to run. Comes before
	 * {@link #take}: a task that finds a slot is then always seen to be accepted or to
	 * occupy a worker.
	 * @param submittedAt the {@link System#nanoTime()} at which it was submitted
	 * @param submitter who submitted it, as {@link Queued#submitter()} tells
	 * @param future the future of the user's that it is the run of, or null
	 * @return what to start it with
	 */
	TaskFrame claim(long submittedAt, int submitter, @Nullable Future<?> future) {
		TaskFrame frame = this.slots.claim();
		frame.submitted(submittedAt, submitter, future);
		return frame;
	}

	/**
	 * Move a task to its run.
	 * @param task the task
	 * @return the state that it was in, which tells who has counted it
	 */
	int take(Accounted task) {
		// looked at first, since a compare-and-set that fails costs as much as one more
		int state = task.state();
		while (state != Accounted.RUNNING && !task.moveState(state, Accounted.RUNNING)) {
			state = task.state();
		}
		return state;
	}

	/**
	 * Start a task that was taken, on the current thread.
	 * @param frame its place, and what to end it with
	 * @param before what {@link #take} returned
	 * @param label what it carries
	 * @param submittedAt the {@link System#nanoTime()} at which it was submitted
	 */
	void start(TaskFrame frame, int before, TaskLabel label, long submittedAt) {
		// else nobody has counted this submission yet, or it is run once more
		boolean counted = before == Accounted.ACCEPTED && !(this.lost != null && isLost(submittedAt));
		TaskFigures figures = this.byName.of(frame, label.name());
		if (isTimed(figures)) {
			long now = System.nanoTime();
			start(frame, figures, label, now, now - submittedAt, counted);
		}
		else {
			startUntimed(frame, figures, label, counted);
		}
	}

	/**
	 * Start a run that nobody submitted as such: one run of a schedule, which is always
	 * timed.
	 * @param label what it carries
	 * @param now the current {@link System#nanoTime()}
	 * @param wait how late it is in nanoseconds, or {@link #UNKNOWN_WAIT}
	 * @return what to end it with
	 */
	TaskFrame startRun(TaskLabel label, long now, long wait) {
		TaskFrame frame = claim(now, Queued.NOBODY, null);
		TaskFigures figures = this.byName.of(frame, label.name());
		start(frame, figures, label, now, wait, false);
		return frame;
	}

	/**
	 * Besides those that are picked: tasks past the slots, which are known by their
	 * start, those on virtual threads, which are found by both ends where they pin, and
	 * all that the log tells of.
	 */
	private boolean isTimed(TaskFigures figures) {
		return figures.isTimed() || figures.isShared() || this.slots.isOnVirtualThreads() || this.log.isEnabled();
	}

	private void start(TaskFrame frame, TaskFigures figures, TaskLabel label, long now, long wait, boolean counted) {
		// first, so that what is recorded can tell of the trace
		TaskTracing.Scope scope = this.labels.enter(label, wait);
		frame.start(now, wait, counted);
		this.resting.invalidate();
		figures.start(now, wait);
		frame.open(true, wait, scope);
		if (wait >= 0) {
			this.timers.recordWait(wait);
		}
		if (this.log.isEnabled()) {
			this.log.started(label.name(), wait);
		}
		if (figures.sampled().isNext(now)) {
			frame.beginSample();
		}
	}

	private void startUntimed(TaskFrame frame, TaskFigures figures, TaskLabel label, boolean counted) {
		TaskTracing.Scope scope = this.labels.enter(label, UNKNOWN_WAIT);
		frame.start(TaskFrame.UNTIMED, UNKNOWN_WAIT, counted);
		this.resting.invalidate();
		figures.start();
		frame.open(false, UNKNOWN_WAIT, scope);
	}

	/**
	 * Mark a run and count its end.
	 * @param frame the place it was started in
	 * @param label what the task carries
	 * @param failure the error it ended with, or null
	 */
	void end(TaskFrame frame, TaskLabel label, @Nullable Throwable failure) {
		mark();
		endMarked(frame, label, failure);
	}

	/**
	 * Count the end of a run that was marked already, since its end was known to others
	 * before.
	 * @param frame the place it was started in
	 * @param label what the task carries
	 * @param failure the error it ended with, or null
	 */
	void endMarked(TaskFrame frame, TaskLabel label, @Nullable Throwable failure) {
		HiddenFailure hidden = label.hidden();
		if (failure != null || hidden != null) {
			failure = note(frame, failure, hidden);
		}
		TaskTracing.Scope scope = frame.takeScope();
		if (frame.isTimed()) {
			end(frame, label, System.nanoTime(), failure);
		}
		else {
			frame.current().end(failure != null);
			frame.vacate();
		}
		this.labels.close(scope, failure);
	}

	private @Nullable Throwable note(TaskFrame frame, @Nullable Throwable failure, @Nullable HiddenFailure hidden) {
		Throwable known = (failure == null && hidden != null) ? hidden.failure() : failure;
		if (known != null) {
			this.byName.fails(frame.current().name(), known);
		}
		return known;
	}

	private void end(TaskFrame frame, TaskLabel label, long now, @Nullable Throwable failure) {
		boolean failed = failure != null;
		long run = now - frame.startNanos;
		long wait = frame.waitNanos();
		long polls = frame.endSample(now);
		if (run >= EndedTasks.LONG_ENOUGH) {
			keep(label.name(), frame.startNanos, now);
		}
		frame.raiseRun(run);
		frame.current().end(now, run, failed);
		// from here on the frame may be another's
		frame.vacate();
		TaskTimers timers = this.timers;
		timers.recordRun(run, failed);
		if (polls > 0) {
			timers.recordPolls(polls);
		}
		if (this.log.isEnabled()) {
			this.log.completed(label.name(), wait, run, failure);
		}
	}

	private void keep(TaskName name, long start, long end) {
		EndedTasks ended = this.ended;
		if (ended != null && this.slots.isOnVirtualThreads()) {
			ended.add(Threads.id(Thread.currentThread()), name, start, end);
		}
	}

	/**
	 * Keep for a while which virtual thread ran what, from now on, for
	 * {@link #findTask(long, long)}.
	 */
	public void keepEnded() {
		if (this.ended == null) {
			this.ended = new EndedTasks();
		}
	}

	/**
	 * Find out what a virtual thread ran lately.
	 * @param threadId the thread's id
	 * @param nanos the {@link System#nanoTime()} at which it ran it
	 * @return the name of the task, or null where it is not known any more, or was one of
	 * too many
	 */
	public @Nullable TaskName findTask(long threadId, long nanos) {
		EndedTasks ended = this.ended;
		if (ended == null || !this.slots.isOnVirtualThreads()) {
			return null;
		}
		TaskName name = ended.find(threadId, nanos);
		return (name != null) ? name : this.slots.findTask(threadId, nanos);
	}

	/**
	 * Whether its tasks run on virtual threads, or some of them.
	 * @return whether a virtual thread was seen
	 */
	public boolean isOnVirtualThreads() {
		return this.slots.isOnVirtualThreads();
	}

	/**
	 * Mark the task that ends on the current thread, if the executor starves.
	 */
	void mark() {
		Runnable mark = this.incident;
		if (mark == null) {
			return;
		}
		try {
			mark.run();
		}
		catch (Throwable ex) {
			// not a task's trouble, and not asked again
			this.incident = null;
		}
	}

	/**
	 * Count a task as cancelled whose cancellation came just before its start.
	 * @param frame the place it was started in
	 */
	void endCancelled(TaskFrame frame) {
		TaskTracing.Scope scope = frame.takeScope();
		frame.dropSample();
		// before it leaves: a task that neither runs nor is cancelled may be given up
		count(this.cancelled);
		frame.vacate();
		this.labels.close(scope, new CancellationException("Cancelled before it started"));
	}

	/**
	 * Read everything at once.
	 * @param now the current {@link System#nanoTime()}, to tell the age of what runs
	 * @return counts and sums since the start, in balance
	 */
	public TaskTotals totals(long now) {
		// what was finished, then what was submitted, in each slot and where it was
		// accepted: active can then only be too large
		TaskTotals.Builder totals = new TaskTotals.Builder();
		long cancelled = this.cancelled.sum();
		this.slots.addTo(totals, now);
		totals.submitted(this.submitted.sum());
		return totals.build(cancelled);
	}

	/**
	 * Read everything at once, and know it from then on for as long as nothing happens,
	 * refusals included. For one caller only.
	 * @param now the current {@link System#nanoTime()}, to tell the age of what runs
	 * @return counts and sums since the start, in balance; the same object as the last
	 * time where nothing has happened
	 */
	public TaskTotals totalsToKeep(long now) {
		TaskTotals resting = this.resting.find();
		if (resting != null) {
			return resting;
		}
		Object mark = this.resting.reading();
		boolean idle = this.slots.isIdle();
		TaskTotals read = totals(now);
		if (idle) {
			this.resting.keep(mark, read);
		}
		return read;
	}

	/**
	 * Let go of a worker that has ended. For one caller only.
	 */
	public void forgetEnded() {
		this.slots.forgetEnded();
	}

	/**
	 * Tasks accepted or started since the start.
	 * @return a number that never falls
	 */
	public long submitted() {
		long finished = this.slots.sum(TaskFigures::completed) + this.cancelled.sum();
		return Math.max(this.submitted.sum() + this.slots.submitted(), finished);
	}

	/**
	 * Tasks that ran to their end.
	 * @return a number that never falls
	 */
	public long completed() {
		return this.slots.sum(TaskFigures::completed);
	}

	/**
	 * Tasks that ended with an error.
	 * @return a number that never falls
	 */
	public long failed() {
		return this.slots.sum(TaskFigures::failed);
	}

	/**
	 * Tasks that were accepted and never started.
	 * @return a number that never falls
	 */
	public long cancelled() {
		return this.cancelled.sum();
	}

	/**
	 * Tasks refused, by what became of them.
	 * @param handling what became of them
	 * @return a number that never falls
	 */
	public long rejected(Handling handling) {
		return this.rejected[handling.ordinal()].sum();
	}

	/**
	 * The most tasks that were refused with an exception in a row, which is what the
	 * queue lacked.
	 * @return the number since the last {@link #forgetRefusedAtOnce()}
	 */
	public int refusedAtOnce() {
		return this.refusedBursts.longest();
	}

	/**
	 * Forget how many tasks were refused in a row: another trouble begins.
	 */
	public void forgetRefusedAtOnce() {
		this.refusedBursts.forget();
	}

	/**
	 * Tasks refused and dropped without an exception, so that they were never submitted.
	 * @return a number that never falls
	 */
	public long droppedRefused() {
		return this.droppedRefused.sum();
	}

	/**
	 * Tasks dropped without an exception after they had been accepted.
	 * @return a number that never falls
	 */
	public long droppedAccepted() {
		return this.droppedAccepted.sum();
	}

	/**
	 * Tasks that run now.
	 * @return the number at this instant
	 */
	public int running() {
		return this.slots.running();
	}

	/**
	 * The tasks that run now, those past the size of the table left out.
	 * @param now the current {@link System#nanoTime()}
	 * @return one entry each
	 */
	public List<RunningTask> runningTasks(long now) {
		return this.slots.runningTasks(now);
	}

	/**
	 * Take the longest wait since the last call. For one reader only.
	 * @return nanoseconds, 0 where nothing started
	 */
	public long takeMaxWait() {
		return this.slots.takeMaxWait();
	}

	/**
	 * Take the longest run that ended since the last call. For one reader only.
	 * @return nanoseconds, 0 where nothing ended
	 */
	public long takeMaxRun() {
		return this.slots.takeMaxRun();
	}

	/**
	 * Say that an adder has counted something: its write may else come after this.
	 */
	private void invalidate() {
		VarHandle.fullFence();
		this.resting.invalidate();
	}

	private void count(LongAdder tasks) {
		tasks.increment();
		invalidate();
	}

	private void count(Handling handling) {
		count(this.rejected[handling.ordinal()]);
		if (handling == Handling.ABORTED) {
			this.refusedBursts.refused(System.nanoTime());
		}
	}

}
