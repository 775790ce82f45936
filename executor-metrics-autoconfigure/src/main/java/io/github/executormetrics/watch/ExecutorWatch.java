package io.github.executormetrics.watch;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.workers.Deadlock;
import io.github.executormetrics.workers.Whereabouts;
import io.github.executormetrics.workers.WorkerStacks;

/**
 * Looks at every executor once a tick, on one daemon thread of its own and never on one
 * that it watches. Knows when it was late itself, and judges nothing from such a tick.
 */
public final class ExecutorWatch {

	private static final Log logger = LogFactory.getLog(ExecutorWatch.class);

	private final ExecutorRegistry registry;

	private final WatchSettings settings;

	private final LongSupplier nanoTime;

	private final InstantSource clock;

	private final Map<String, WatchedExecutor> watched = new ConcurrentHashMap<>();

	private final StarvationLog log;

	private final WorkerStacks stacks = new WorkerStacks();

	private final List<IncidentListener> listeners = new CopyOnWriteArrayList<>();

	private final long intervalNanos;

	private final long graceNanos;

	private volatile LongConsumer lateness = (nanos) -> {
	};

	private volatile @Nullable Thread thread;

	private volatile boolean judging = true;

	private final AtomicLong ticks = new AtomicLong();

	private volatile boolean faultLogged;

	private long startedAt;

	private long lastLook;

	private boolean wasPaused;

	private List<MonitoredExecutor> lastExecutors = List.of();

	private List<WatchedExecutor> lastWatched = List.of();

	/**
	 * Create a watch on the system's clocks.
	 * @param registry the executors to watch
	 * @param settings how to look
	 */
	public ExecutorWatch(ExecutorRegistry registry, WatchSettings settings) {
		this(registry, settings, System::nanoTime, InstantSource.system());
	}

	ExecutorWatch(ExecutorRegistry registry, WatchSettings settings, LongSupplier nanoTime, InstantSource clock) {
		this.registry = registry;
		this.settings = settings;
		this.nanoTime = nanoTime;
		this.clock = clock;
		this.intervalNanos = settings.interval().toNanos();
		this.graceNanos = settings.grace().toNanos();
		this.log = new StarvationLog(settings.logInterval());
	}

	/**
	 * Start looking. The grace begins here.
	 */
	public synchronized void start() {
		if (this.thread == null) {
			begin();
			Thread thread = new Thread(this::watch, "executor-metrics-watch");
			thread.setDaemon(true);
			this.thread = thread;
			thread.start();
		}
	}

	/**
	 * Begin to count time, without a thread.
	 */
	void begin() {
		this.startedAt = this.nanoTime.getAsLong();
		this.lastLook = this.startedAt;
	}

	/**
	 * Stop looking. What was found last remains readable.
	 */
	public synchronized void stop() {
		Thread thread = this.thread;
		this.thread = null;
		if (thread != null) {
			LockSupport.unpark(thread);
		}
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
		return this.thread != null;
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
	 * What the last look found.
	 * @param executor the executor
	 * @return the report, empty before the first look
	 */
	public ExecutorReport report(MonitoredExecutor executor) {
		return watched(executor).report();
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
		WatchedExecutor known = this.watched.get(executor.name());
		return (known != null) ? known : this.watched.computeIfAbsent(executor.name(),
				(name) -> new WatchedExecutor(executor, this.settings, new Listeners()));
	}

	private void watch() {
		Thread self = Thread.currentThread();
		long due = this.startedAt + this.intervalNanos;
		while (this.thread == self) {
			long left = due - this.nanoTime.getAsLong();
			if (left > 0) {
				LockSupport.parkNanos(this, left);
			}
			else {
				tick();
				due = nextLook(this.lastLook, this.nanoTime.getAsLong(), this.intervalNanos);
			}
		}
	}

	/**
	 * When to look next. A late look is not made up for: each is judged over a whole
	 * interval at least, and the thread rests where looking takes longer than that.
	 * @param looked when this look began
	 * @param ended when it ended
	 * @param interval the time between two looks
	 * @return when the next one is due, all in nanoseconds of one clock
	 */
	static long nextLook(long looked, long ended, long interval) {
		return (ended - looked < interval) ? looked + interval : ended + interval;
	}

	/**
	 * Look at every executor once.
	 */
	void tick() {
		long nanos = this.nanoTime.getAsLong();
		Instant now = Instant.ofEpochMilli(this.clock.millis());
		long late = nanos - this.lastLook - this.intervalNanos;
		this.lastLook = nanos;
		boolean inGrace = nanos - this.startedAt < this.graceNanos;
		// a paused process: what was seen to wait, waited for the process
		boolean paused = late > this.intervalNanos;
		// and so did what starts right after it
		boolean judges = this.judging && !inGrace && !paused && !this.wasPaused;
		this.wasPaused = paused;
		List<MonitoredExecutor> executors = this.registry.all();
		List<WatchedExecutor> all = watched(executors);
		for (WatchedExecutor watched : all) {
			look(watched, nanos, judges);
		}
		Whereabouts whereabouts = new Whereabouts(executors, this.stacks, nanos);
		Map<String, Deadlock> deadlocks = judges ? deadlocks(all, whereabouts) : Map.of();
		for (WatchedExecutor watched : all) {
			judge(watched, nanos, now, judges, deadlocks.get(watched.executor().name()), whereabouts);
		}
		this.stacks.keepOnly(pick(all, WatchedExecutor::isInTrouble), nanos);
		this.ticks.incrementAndGet();
		tell(Math.max(0, late));
	}

	/** Those of the last look, unless an executor has come since. */
	private List<WatchedExecutor> watched(List<MonitoredExecutor> executors) {
		if (executors != this.lastExecutors) {
			this.lastWatched = executors.stream().map(this::watched).toList();
			this.lastExecutors = executors;
		}
		return this.lastWatched;
	}

	private void look(WatchedExecutor watched, long nanos, boolean judges) {
		try {
			watched.look(nanos, judges);
		}
		catch (Throwable ex) {
			fault("Looking at executor '" + watched.executor().name() + "' failed", ex);
		}
	}

	private Map<String, Deadlock> deadlocks(List<WatchedExecutor> all, Whereabouts whereabouts) {
		List<MonitoredExecutor> stalled = pick(all, WatchedExecutor::isStalled);
		try {
			return whereabouts.deadlocks(stalled);
		}
		catch (Throwable ex) {
			fault("Looking for deadlocks failed", ex);
			return Map.of();
		}
	}

	private static List<MonitoredExecutor> pick(List<WatchedExecutor> all, Predicate<WatchedExecutor> filter) {
		List<MonitoredExecutor> picked = new ArrayList<>();
		for (WatchedExecutor watched : all) {
			if (filter.test(watched)) {
				picked.add(watched.executor());
			}
		}
		return picked;
	}

	private void judge(WatchedExecutor watched, long nanos, Instant now, boolean judges, @Nullable Deadlock deadlock,
			Whereabouts whereabouts) {
		try {
			watched.judge(now, judges, deadlock, whereabouts);
			this.log.look(watched.executor().name(), watched.report(), watched.journal(), nanos);
		}
		catch (Throwable ex) {
			fault("Judging executor '" + watched.executor().name() + "' failed", ex);
		}
	}

	private void tell(long late) {
		try {
			this.lateness.accept(late);
		}
		catch (RuntimeException ex) {
			fault("Recording the watch's own lateness of " + TimeUnit.NANOSECONDS.toMillis(late) + " ms failed", ex);
		}
	}

	private void fault(String message, Throwable ex) {
		if (!this.faultLogged) {
			this.faultLogged = true;
			logger.warn(message + "; the watch goes on, further failures are not logged", ex);
		}
	}

	/**
	 * All listeners, each kept from failing the look and the others.
	 */
	private final class Listeners implements IncidentListener {

		@Override
		public void raised(StarvationIncident incident, MonitoredExecutor executor) {
			tellAll(executor, (listener) -> listener.raised(incident, executor));
		}

		@Override
		public void cleared(StarvationIncident incident, MonitoredExecutor executor) {
			tellAll(executor, (listener) -> listener.cleared(incident, executor));
		}

		private void tellAll(MonitoredExecutor executor, Consumer<IncidentListener> call) {
			for (IncidentListener listener : ExecutorWatch.this.listeners) {
				try {
					call.accept(listener);
				}
				catch (RuntimeException ex) {
					fault("Telling of an incident of executor '" + executor.name() + "' failed", ex);
				}
			}
		}

	}

}
