// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.monitor.ExecutorSample;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.monitor.PendingReading;
import io.github.executormetrics.task.TaskTotals;
import io.github.executormetrics.workers.Deadlock;
import io.github.executormetrics.workers.WorkersInspector;
import io.github.executormetrics.workers.WorkersSnapshot;

/**
 * What the watch keeps of one executor: the samples of the window, since when nothing
 * starts, and how each cause stands. Used by the watch thread only, but for the report.
 */
final class WatchedExecutor {

	private static final long LONGEST_ANSWER = TimeUnit.SECONDS.toNanos(1);

	private static final int TICKS_BETWEEN_READINGS = 10;

	private final MonitoredExecutor executor;

	private final ExecutorLimits limits;

	private final IncidentListener listener;

	private final LongRuns longRuns;

	private final FailingTasks failing;

	private final Causes causes;

	private final IncidentJournal journal = new IncidentJournal();

	private final int ticksInWindow;

	private final Deque<ExecutorSample> samples = new ArrayDeque<>();

	private final Maxima maxWaits;

	private final Maxima maxRuns;

	private final CpuUtilization cpu;

	private final ArrivalTrail arrivals = new ArrivalTrail();

	private long lastStart;

	private long judgedFrom;

	// what lies between the last two samples
	private @Nullable Tick tick;

	private int ticks;

	private int stillTicks;

	private boolean still;

	private long lastTick;

	private @Nullable OpenIncident open;

	private volatile ExecutorReport report;

	private final PendingReading reading;

	// what was asked, for the thread that reads
	private long asked;

	private @Nullable ExecutorSample stillAs;

	// and what it found: what was asked for if nothing has changed
	private volatile @Nullable ExecutorSample answer;

	private @Nullable ExecutorSample late;

	private boolean answered;

	private boolean answersAgain;

	private long silentSince;

	private boolean silent;

	WatchedExecutor(MonitoredExecutor executor, WatchSettings settings, LongSupplier started,
			IncidentListener listener) {
		this.executor = executor;
		this.reading = new PendingReading(executor, this::read);
		this.listener = listener;
		this.ticksInWindow = settings.ticksInWindow();
		this.limits = settings.limits(executor.name());
		this.report = ExecutorReport.calm(WindowSnapshot.EMPTY, this.limits);
		this.longRuns = new LongRuns(executor, this.limits.stuck().toNanos(), started);
		this.failing = new FailingTasks(executor, this.limits.samples(), settings.window().toNanos());
		this.causes = new Causes(executor, settings, this.longRuns);
		this.cpu = new CpuUtilization(this.ticksInWindow);
		this.maxWaits = new Maxima(this.ticksInWindow);
		this.maxRuns = new Maxima(this.ticksInWindow);
	}

	MonitoredExecutor executor() {
		return this.executor;
	}

	ExecutorReport report() {
		return this.report;
	}

	LongRuns longRuns() {
		return this.longRuns;
	}

	IncidentJournal journal() {
		return this.journal;
	}

	/**
	 * Prepare to read the executor.
	 * @param nanos the {@link System#nanoTime()} of the look
	 * @param judging whether what is seen will be judged
	 * @return the question to put, or null where it has not answered the last one yet
	 */
	@Nullable PendingReading ask(long nanos, boolean judging) {
		// came after the last look was over
		this.late = takeAnswer();
		if (!this.reading.prepare()) {
			return null;
		}
		this.asked = nanos;
		// what is shown of it covers a window, its CPU time up to one more. Now and then
		// all is read nevertheless: what comes past us may keep workers busy
		boolean mayBeStill = judging && this.stillTicks > 2 * this.ticksInWindow
				&& this.ticks++ % TICKS_BETWEEN_READINGS != 0;
		this.stillAs = mayBeStill ? this.samples.getLast() : null;
		return this.reading;
	}

	/**
	 * On a thread that may be blocked here for good.
	 */
	private void read() {
		long nanos = this.asked;
		ExecutorSample stillAs = this.stillAs;
		this.answer = (stillAs != null && this.executor.isStillAs(stillAs, nanos)) ? stillAs
				: this.executor.settleAndSample(nanos);
	}

	/**
	 * Take what was read, and judge it later, when that of all executors was taken.
	 * @param nanos the {@link System#nanoTime()} of the look
	 * @param now its instant
	 * @param judging whether what is seen will be judged; where not, what was waited
	 * until now does not count later either
	 * @param stoodStill for how long the process stood still, in nanoseconds
	 * @return what was thrown in place of an answer, or null
	 */
	@Nullable Throwable look(long nanos, Instant now, boolean judging, long stoodStill) {
		ExecutorSample found = takeAnswer();
		ExecutorSample answer = (found != null) ? found : this.late;
		this.late = null;
		this.answered = answer != null;
		if (answer == null) {
			miss(nanos, now, judging);
			return this.reading.failure();
		}
		this.silent = false;
		boolean was = this.still;
		this.still = answer == this.samples.peekLast();
		if (this.still) {
			this.lastTick = nanos;
		}
		else {
			if (was) {
				catchUp();
			}
			this.lastTick = answer.nanos();
			sample(answer, judging, stoodStill);
		}
		return null;
	}

	private boolean isExplained() {
		Unanswered unanswered = this.report.unanswered();
		return unanswered != null && unanswered.frame() != null;
	}

	private @Nullable ExecutorSample takeAnswer() {
		ExecutorSample found = this.answer;
		if (found != null) {
			// not before: it may come right now
			this.answer = null;
		}
		return found;
	}

	/**
	 * The executor has not answered, which it may do later. What throws has answered.
	 */
	private void miss(long nanos, Instant now, boolean judging) {
		if (this.reading.failure() != null) {
			this.silent = false;
			this.report = this.report.with(null);
			return;
		}
		if (!this.silent) {
			this.silent = true;
			this.silentSince = nanos;
		}
		long silent = nanos - this.silentSince;
		// a process that stood still has answered nobody
		if (judging && silent >= LONGEST_ANSWER && !isExplained()) {
			this.report = this.report.with(Unanswered.of(this.executor, now.minusNanos(silent)));
		}
	}

	/**
	 * Whether the last look found what many before it have found: nothing.
	 * @return whether there is nothing to say of it
	 */
	boolean isStill() {
		return this.still && this.answered && !this.answersAgain;
	}

	/**
	 * Move the samples to where they would be, had one been taken at each look.
	 */
	private void catchUp() {
		long passed = this.lastTick - this.samples.getLast().nanos();
		for (int i = this.samples.size(); i > 0; i--) {
			ExecutorSample sample = this.samples.removeFirst();
			this.samples.addLast(sample.at(sample.nanos() + passed));
		}
		this.lastStart = this.lastTick;
		this.cpu.passed(passed);
	}

	private void sample(ExecutorSample read, boolean judging, long stoodStill) {
		long nanos = read.nanos();
		ExecutorSample sample = aged(read);
		ExecutorSample last = this.samples.peekLast();
		if (last == null || !judging) {
			this.judgedFrom = nanos;
			this.lastStart = nanos;
		}
		else if (sample.started() != last.started() || last.queued() == 0 || sample.queued() == 0
				|| sample.started() == ExecutorState.NONE) {
			this.lastStart = nanos;
		}
		this.samples.addLast(sample);
		while (this.samples.size() > this.ticksInWindow + 1) {
			this.samples.removeFirst();
		}
		boolean quiet = isQuiet(this.tick);
		List<FailingName> failing = this.failing.look((last != null) ? last.tasks() : TaskTotals.NONE, sample.tasks(),
				nanos);
		this.tick = (last != null) ? new Tick(last, sample, nanos - this.lastStart, nanos - this.judgedFrom, stoodStill,
				stuckNanos(sample), null, failing) : null;
		// what is counted but has not told its wait yet, tells it by the next look
		quiet &= isQuiet(this.tick);
		keepMaxima(quiet ? 0 : this.executor.recorder().takeMaxWait(),
				quiet ? 0 : this.executor.recorder().takeMaxRun());
	}

	/**
	 * Where tasks are not seen and the queue tells no age, the counts do. Where they are
	 * seen, what the executor counts itself is no count of all.
	 */
	private ExecutorSample aged(ExecutorSample sample) {
		if (this.executor.coverage() == Coverage.TASKS) {
			return sample;
		}
		long age = this.arrivals.look(sample);
		return (sample.oldestNanos() != ExecutorState.NONE) ? sample : sample.withOldest(age);
	}

	private long stuckNanos(ExecutorSample sample) {
		return (sample.tasks().oldestRunningNanos() > this.limits.stuck().toNanos())
				? this.longRuns.stuckNanos(sample.tasks(), sample.nanos()) : 0;
	}

	private static boolean isQuiet(@Nullable Tick tick) {
		return tick != null && tick.isQuiet();
	}

	private void keepMaxima(long maxWait, long maxRun) {
		// the first look only marks where the window begins
		if (this.tick != null) {
			this.maxWaits.add(maxWait);
			this.maxRuns.add(maxRun);
		}
	}

	/**
	 * Whether the last look found nothing started for the limit.
	 * @return whether that look is bad for a stall
	 */
	boolean isStalled() {
		return this.answered && this.tick != null && StarvationRule.STALLED.isBad(this.tick, this.limits);
	}

	/**
	 * Judge the last look.
	 * @param now its instant
	 * @param judging whether to judge what was seen
	 * @param deadlock why no task will start, or null where that is not known
	 * @param inspector where to look where something is raised
	 */
	void judge(Instant now, boolean judging, @Nullable Deadlock deadlock, WorkersInspector inspector) {
		if (!this.answered) {
			return;
		}
		this.answersAgain = this.report.unanswered() != null;
		if (this.answersAgain) {
			this.report = this.report.with(null);
		}
		if (this.still) {
			return;
		}
		Tick look = this.tick;
		if (look != null) {
			judge(look.with(deadlock), now, judging, inspector);
			this.stillTicks = (judging && foundNothing(look)) ? this.stillTicks + 1 : 0;
		}
		ExecutorSample sample = this.samples.getLast();
		this.executor.publish(Math.max(sample.nanos() - this.lastStart, sample.oldestNanos()),
				this.report.window().utilization(), this.cpu.look(this.executor, sample, workers(sample)),
				this.report.isStarved());
	}

	private boolean foundNothing(Tick look) {
		return this.executor.coverage() == Coverage.TASKS && look.after().tasks() == look.before().tasks()
				&& look.after().active() == 0 && this.causes.isCalm() && this.open == null;
	}

	private void judge(Tick tick, Instant now, boolean judging, WorkersInspector inspector) {
		WorkersSnapshot snapshot = this.causes.judge(tick, now, judging, inspector);
		Tick window = tick.since(this.samples.getFirst());
		this.report = this.causes.isCalm() ? ExecutorReport.calm(snapshot(window), this.limits)
				: new ExecutorReport(snapshot(window),
						this.causes.raised(tick, List.copyOf(this.samples), peakDemand()), this.causes.bad(),
						this.limits, null);
		keepIncident(tick, now, snapshot);
	}

	private void keepIncident(Tick tick, Instant now, @Nullable WorkersSnapshot snapshot) {
		OpenIncident open = this.open;
		boolean begins = open == null && this.report.isStarved();
		if (begins) {
			open = new OpenIncident(this.executor.name(), this.journal.next(), now, tick,
					(snapshot != null) ? snapshot : WorkersSnapshot.UNSEEN);
			this.open = open;
		}
		if (open == null) {
			return;
		}
		StarvationCause gravest = open.gravest();
		open.look(this.report.causes(), now, tick, this.maxWaits.last(), this.maxRuns.last(), snapshot);
		if (this.report.isStarved()) {
			StarvationIncident incident = open.at(null);
			this.journal.goesOn(incident);
			if (begins) {
				this.listener.raised(incident, this.executor);
			}
			else if (incident.gravest() != gravest) {
				this.listener.worsened(incident, this.executor);
			}
		}
		else {
			end(now);
		}
	}

	/**
	 * End the incident that is open, if one is: it is over, or the executor is gone.
	 * @param now when
	 */
	void end(Instant now) {
		OpenIncident open = this.open;
		if (open != null) {
			this.open = null;
			StarvationIncident incident = open.at(now);
			this.journal.ends(incident);
			this.listener.cleared(incident, this.executor);
		}
	}

	/**
	 * How many tasks ran or were due at once, where the queue tells that.
	 */
	private int peakDemand() {
		return this.samples.getLast().queuedBeforeSubmission()
				? this.samples.stream().mapToInt((sample) -> sample.busy() + sample.queued()).max().orElse(0)
				: ExecutorState.NONE;
	}

	private WindowSnapshot snapshot(Tick window) {
		return new WindowSnapshot(window.elapsedNanos() / 1e9, window.started(), window.waits(), window.meanWaitNanos(),
				this.maxWaits.max(), window.completed(), window.runs(), window.meanRunNanos(), this.maxRuns.max(),
				utilization(window));
	}

	private static int workers(ExecutorSample sample) {
		return (sample.limit() != ExecutorState.NONE) ? sample.limit() : sample.busy() + sample.idle();
	}

	private double utilization(Tick window) {
		ExecutorSample after = window.after();
		int workers = workers(after);
		if (workers == 0 || window.elapsedNanos() == 0) {
			return 0;
		}
		double busy = (this.executor.coverage() == Coverage.TASKS && window.isTimed())
				? (double) window.busyNanos() / window.elapsedNanos()
				: this.samples.stream().mapToInt(ExecutorSample::busy).average().orElse(0);
		return Math.max(0, Math.min(1, busy / workers));
	}

}
