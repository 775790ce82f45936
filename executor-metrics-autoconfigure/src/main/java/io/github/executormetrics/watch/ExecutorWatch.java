// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.monitor.ExecutorReader;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.monitor.PendingReading;
import io.github.executormetrics.task.RunningTask;
import io.github.executormetrics.workers.Carriers;
import io.github.executormetrics.workers.Deadlock;
import io.github.executormetrics.workers.WorkerStacks;
import io.github.executormetrics.workers.WorkersInspector;

/**
 * Looks at every executor once a tick, on one daemon thread of its own and never on one
 * that it watches. That thread reads no executor itself: others do, each within a limit
 * of time, and tell logs and meters what was found. Knows when it was late itself, and
 * judges nothing from such a tick.
 */
public final class ExecutorWatch {

	private static final int HALT_INTERVALS = 5;

	// a thousand executors take longer than some short intervals
	private static final long HALT_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final int LINES_WAITING = 1_000;

	private final ExecutorRegistry registry;

	private final WatchSettings settings;

	private final LongSupplier nanoTime;

	private final InstantSource clock;

	private final Map<MonitoredExecutor, WatchedExecutor> watched = new ConcurrentHashMap<>();

	private final WatchThreads threads;

	private final ExecutorReader reader;

	private final Executor meters;

	private final StarvationLog log;

	private final WorkerStacks stacks = new WorkerStacks();

	private final Carriers carriers = new Carriers();

	private final WatchFaults faults;

	private final IncidentListeners listeners;

	private final long intervalNanos;

	private final long graceNanos;

	private volatile LongConsumer lateness = (nanos) -> {
	};

	private final WatchThread thread;

	// known to the registry while this runs: a pool that outlives the application holds
	// that
	private final ExecutorRegistry.Listener later = this::readSoon;

	private volatile boolean judging = true;

	private final AtomicBoolean looking = new AtomicBoolean();

	private volatile long tickBegan;

	private final AtomicLong ticks = new AtomicLong();

	private volatile long startedAt;

	private long lastTick;

	private long lastLate;

	private List<MonitoredExecutor> lastExecutors = List.of();

	private List<WatchedExecutor> lastWatched = List.of();

	/**
	 * Create a watch on the system's clocks.
	 * @param registry the executors to watch
	 * @param settings how to look
	 */
	public ExecutorWatch(ExecutorRegistry registry, WatchSettings settings) {
		this(registry, settings, System::nanoTime, InstantSource.system(), new WatchThreads());
	}

	ExecutorWatch(ExecutorRegistry registry, WatchSettings settings, LongSupplier nanoTime, InstantSource clock,
			WatchThreads threads) {
		this.registry = registry;
		this.settings = settings;
		this.nanoTime = nanoTime;
		this.clock = clock;
		this.intervalNanos = settings.interval().toNanos();
		this.graceNanos = settings.grace().toNanos();
		this.threads = threads;
		this.reader = new ExecutorReader(threads.many("reader"));
		this.meters = threads.one("meters", 1);
		Executor logs = threads.one("log", LINES_WAITING);
		this.log = new StarvationLog(settings.logInterval(), logs);
		this.faults = new WatchFaults(logs);
		this.listeners = new IncidentListeners(this.faults);
		this.thread = new WatchThread(nanoTime, this.intervalNanos, this::tick);
	}

	/**
	 * Read every executor, and start looking. The grace begins here.
	 */
	public synchronized void start() {
		if (!this.thread.isRunning()) {
			// begins with those there are
			this.registry.onEach(this.later);
			begin();
			this.thread.start();
		}
	}

	/**
	 * Read every executor and begin to count time, without a thread.
	 */
	void begin() {
		this.startedAt = this.nanoTime.getAsLong();
		this.lastTick = this.startedAt;
		this.tickBegan = this.startedAt;
		try {
			this.reader.read(this.registry.all(), this.startedAt);
		}
		catch (Throwable ex) {
			this.faults.tell("Reading the executors failed", ex);
		}
	}

	/**
	 * What comes later is read when it comes, and not a look later.
	 */
	private void readSoon(MonitoredExecutor executor) {
		if (isRunning()) {
			this.reader.readSoon(executor);
		}
	}

	/**
	 * Stop looking. What was found last remains readable.
	 */
	public synchronized void stop() {
		this.registry.remove(this.later);
		this.thread.stop();
		this.threads.stop();
	}

	/**
	 * Judge nothing from now on: the application closes.
	 */
	public void stopJudging() {
		this.judging = false;
	}

	/**
	 * Whether the watch looks.
	 * @return whether it was started and not stopped
	 */
	public boolean isRunning() {
		return this.thread.isRunning();
	}

	/**
	 * Tell how late each look is.
	 * @param lateness takes nanoseconds
	 */
	public void onLateness(LongConsumer lateness) {
		this.lateness = lateness;
	}

	/**
	 * Tell of each incident that is raised or cleared from now on.
	 * @param listener whom to tell
	 */
	public void onIncident(IncidentListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Looks taken since the start.
	 * @return a number that never falls
	 */
	public long ticks() {
		return this.ticks.get();
	}

	/**
	 * How often the stacks of an executor's workers were taken since the start, which
	 * stops all threads.
	 * @return a number that never falls
	 */
	public long stacksTaken() {
		return this.stacks.takes();
	}

	/**
	 * Whether the watch has come to a halt: a look has gone on for five intervals, and a
	 * second at least. Verdicts are then those of the look before.
	 * @return for how long, or null while it makes progress
	 */
	public @Nullable Duration halt() {
		long nanos = this.nanoTime.getAsLong() - this.tickBegan;
		return (this.looking.get() && nanos >= HALT_NANOS && nanos / HALT_INTERVALS >= this.intervalNanos)
				? Duration.ofNanos(nanos) : null;
	}

	/**
	 * What the last look found.
	 * @param executor the executor
	 * @return the report, empty before the first look
	 */
	public ExecutorReport report(MonitoredExecutor executor) {
		return watched(executor).report();
	}

	/**
	 * The verdict on an executor in a word. Where it passes its tasks on to another, the
	 * verdict on that one.
	 * @param executor the executor
	 * @return the gravest cause, {@code HEALTHY}, or {@value ExecutorReport#UNKNOWN}
	 * where nothing of it is seen
	 */
	public String verdict(MonitoredExecutor executor) {
		MonitoredExecutor counting = this.registry.counting(executor);
		ExecutorReport report = report(counting);
		boolean unseen = counting.coverage() == Coverage.NONE && report.causes().isEmpty();
		return unseen ? ExecutorReport.UNKNOWN : report.verdict();
	}

	/**
	 * Whether a task that runs for longer than {@code limits.stuck} is there to stay, and
	 * not stuck.
	 * @param executor the executor that runs it
	 * @param task the task
	 * @return whether it started with the application, or none of its name has ever ended
	 */
	public boolean isResident(MonitoredExecutor executor, RunningTask task) {
		return watched(executor).longRuns().isResident(task);
	}

	/**
	 * What is kept of an executor's incidents: the last twenty that are over, and the
	 * open one as it stood at the last look.
	 * @param executor the executor
	 * @return the newest first
	 */
	public List<StarvationIncident> incidents(MonitoredExecutor executor) {
		return watched(executor).journal().all();
	}

	/**
	 * Forget the incidents of an executor that are over.
	 * @param executor the executor
	 * @return how many were forgotten
	 */
	public int clearIncidents(MonitoredExecutor executor) {
		return watched(executor).journal().clear();
	}

	private WatchedExecutor watched(MonitoredExecutor executor) {
		WatchedExecutor known = this.watched.get(executor);
		return (known != null) ? known : this.watched.computeIfAbsent(executor, (added) -> new WatchedExecutor(added,
				this.settings, () -> this.startedAt + this.graceNanos, this.listeners));
	}

	/**
	 * Look at every executor once.
	 */
	void tick() {
		long nanos = this.nanoTime.getAsLong();
		// else one that was stopped has not come back yet, on another thread
		if (this.looking.compareAndSet(false, true)) {
			this.tickBegan = nanos;
			try {
				look(nanos);
			}
			finally {
				this.looking.set(false);
			}
		}
	}

	private void look(long nanos) {
		Instant now = Instant.ofEpochMilli(this.clock.millis());
		long late = Math.max(0, nanos - this.lastTick - this.intervalNanos);
		// what waited meanwhile waited for the process, and so did what starts next
		long stoodStill = Math.max(late, this.lastLate);
		this.lastTick = nanos;
		this.lastLate = late;
		boolean inGrace = nanos - this.startedAt < this.graceNanos;
		boolean judges = this.judging && !inGrace && stoodStill <= this.intervalNanos;
		List<MonitoredExecutor> executors = this.registry.all();
		List<WatchedExecutor> all = watched(executors, now);
		read(all, nanos, judges);
		for (WatchedExecutor watched : all) {
			look(watched, nanos, now, judges, stoodStill);
		}
		WorkersInspector inspector = new WorkersInspector(executors, this.reader, this.stacks, this.carriers, nanos);
		List<MonitoredExecutor> stalled = stalled(all);
		Map<String, Deadlock> deadlocks = judges ? deadlocks(stalled, inspector) : Map.of();
		for (WatchedExecutor watched : all) {
			judge(watched, nanos, now, judges, deadlocks.get(watched.executor().name()), inspector);
		}
		this.stacks.keepOnly(stalled, nanos);
		this.ticks.incrementAndGet();
		this.meters.execute(() -> tell(executors, late));
	}

	private void read(List<WatchedExecutor> all, long nanos, boolean judges) {
		List<PendingReading> questions = new ArrayList<>(all.size());
		for (WatchedExecutor watched : all) {
			PendingReading reading = watched.ask(nanos, judges);
			if (reading != null) {
				questions.add(reading);
			}
		}
		try {
			this.reader.ask(questions);
		}
		catch (Throwable ex) {
			this.faults.tell("Reading the executors failed", ex);
		}
	}

	/** Those of the last look, unless an executor has come or gone since. */
	private List<WatchedExecutor> watched(List<MonitoredExecutor> executors, Instant now) {
		if (executors != this.lastExecutors) {
			forgetAllBut(executors, now);
			this.lastWatched = executors.stream().map(this::watched).toList();
			this.lastExecutors = executors;
		}
		return this.lastWatched;
	}

	private void forgetAllBut(List<MonitoredExecutor> executors, Instant now) {
		Set<MonitoredExecutor> gone = new HashSet<>(this.watched.keySet());
		executors.forEach(gone::remove);
		for (MonitoredExecutor executor : gone) {
			WatchedExecutor watched = this.watched.remove(executor);
			if (watched != null) {
				watched.end(now);
			}
			this.log.forget(executor.name());
		}
	}

	private void look(WatchedExecutor watched, long nanos, Instant now, boolean judges, long stoodStill) {
		Throwable failure;
		try {
			failure = watched.look(nanos, now, judges, stoodStill);
		}
		catch (Throwable ex) {
			failure = ex;
		}
		if (failure != null) {
			this.faults.tell("Watching executor '" + watched.executor().name() + "' failed", failure);
		}
	}

	private Map<String, Deadlock> deadlocks(List<MonitoredExecutor> stalled, WorkersInspector inspector) {
		try {
			return inspector.deadlocks(stalled);
		}
		catch (Throwable ex) {
			this.faults.tell("Searching for deadlocks failed", ex);
			return Map.of();
		}
	}

	private static List<MonitoredExecutor> stalled(List<WatchedExecutor> all) {
		List<MonitoredExecutor> stalled = new ArrayList<>();
		for (WatchedExecutor watched : all) {
			if (watched.isStalled()) {
				stalled.add(watched.executor());
			}
		}
		return stalled;
	}

	private void judge(WatchedExecutor watched, long nanos, Instant now, boolean judges, @Nullable Deadlock deadlock,
			WorkersInspector inspector) {
		try {
			watched.judge(now, judges, deadlock, inspector);
			if (!watched.isStill()) {
				this.log.look(watched.executor().name(), watched.report(), watched.journal(), nanos);
			}
		}
		catch (Throwable ex) {
			this.faults.tell("Judging executor '" + watched.executor().name() + "' failed", ex);
		}
	}

	private void tell(List<MonitoredExecutor> executors, long late) {
		executors.forEach(MonitoredExecutor::tell);
		try {
			this.lateness.accept(late);
		}
		catch (Throwable ex) {
			this.faults.tell(
					"Recording the watch's own lateness of " + TimeUnit.NANOSECONDS.toMillis(late) + " ms failed", ex);
		}
	}

}
