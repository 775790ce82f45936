// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.reactor;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.executormetrics.task.SafeLog;

/**
 * Our one decorator of Reactor's workers, there while any application is: schedulers
 * belong to the process, and some outlive each application in it.
 */
final class SchedulerHook implements BiFunction<Scheduler, ScheduledExecutorService, ScheduledExecutorService> {

	static final String KEY = "executor-metrics";

	static final SchedulerHook INSTANCE = new SchedulerHook(ThreadPerTaskScheduler.isInUse(),
			Schedulers::boundedElastic);

	private static final SafeLog logger = new SafeLog(SchedulerHook.class);

	// Reactor calls under a lock of its own, so that this must not be held when calling
	// Reactor
	private final Object schedulersLock = new Object();

	private final Object applicationsLock = new Object();

	private final List<ReactorExecutors> applications = new ArrayList<>();

	private final List<KnownScheduler> schedulers = new ArrayList<>();

	private final @Nullable ThreadPerTaskScheduler threadPerTask;

	/**
	 * Create a hook.
	 * @param virtual whether Reactor's bounded elastic scheduler is on virtual threads
	 * @param boundedElastic gives that scheduler
	 */
	SchedulerHook(boolean virtual, Supplier<Scheduler> boundedElastic) {
		this.threadPerTask = virtual ? new ThreadPerTaskScheduler(this, boundedElastic) : null;
	}

	void open(ReactorExecutors application) {
		synchronized (this.applicationsLock) {
			synchronized (this.schedulersLock) {
				this.applications.add(application);
				sweep();
				this.schedulers.forEach(this::meter);
			}
			Schedulers.setExecutorServiceDecorator(KEY, this);
			if (this.threadPerTask != null) {
				Schedulers.onScheduleHook(KEY, this.threadPerTask);
			}
		}
	}

	void close(ReactorExecutors application) {
		synchronized (this.applicationsLock) {
			synchronized (this.schedulersLock) {
				if (!this.applications.remove(application)) {
					return;
				}
				this.schedulers.forEach(application::remove);
				this.schedulers.forEach(this::meter);
			}
			if (this.applications.isEmpty()) {
				Schedulers.removeExecutorServiceDecorator(KEY);
				if (this.threadPerTask != null) {
					Schedulers.resetOnScheduleHook(KEY);
				}
			}
		}
	}

	@Override
	public ScheduledExecutorService apply(Scheduler scheduler, ScheduledExecutorService original) {
		try {
			return SchedulerName.isOnExecutor(scheduler) ? original : decorate(scheduler, original);
		}
		catch (Throwable ex) {
			// a scheduler must not fail for that
			logger.info("A worker of " + scheduler.getClass().getName() + " is not metered: " + SafeLog.describe(ex));
			return original;
		}
	}

	private ScheduledExecutorService decorate(Scheduler scheduler, ScheduledExecutorService original) {
		synchronized (this.schedulersLock) {
			for (KnownScheduler known : this.schedulers) {
				if (known instanceof SchedulerWorkers workers && workers.isOf(scheduler)) {
					return workers.add(original);
				}
			}
			sweep();
			SchedulerWorkers workers = new SchedulerWorkers(scheduler, this);
			ScheduledExecutorService worker = workers.add(original);
			this.schedulers.add(workers);
			meter(workers);
			return worker;
		}
	}

	/**
	 * Make the scheduler on virtual threads known, which a first task runs on.
	 * @param scheduler the scheduler
	 */
	void add(KnownScheduler scheduler) {
		synchronized (this.schedulersLock) {
			// several tasks may be the first
			if (!this.schedulers.contains(scheduler)) {
				this.schedulers.add(scheduler);
				meter(scheduler);
			}
		}
	}

	private void meter(KnownScheduler scheduler) {
		scheduler.meter(this.applications.stream()
			.map((application) -> application.obtain(scheduler))
			.filter(Objects::nonNull)
			.toList());
	}

	/**
	 * Forget the schedulers that have come to their end.
	 */
	void sweep() {
		synchronized (this.schedulersLock) {
			List<KnownScheduler> ended = this.schedulers.stream().filter(KnownScheduler::checkEnded).toList();
			this.schedulers.removeAll(ended);
			for (ReactorExecutors application : this.applications) {
				ended.forEach(application::remove);
			}
		}
	}

	/**
	 * Count the workers of all schedulers of a name, for tests.
	 * @param name the name
	 * @return the number that is held
	 */
	int lanes(String name) {
		synchronized (this.schedulersLock) {
			return this.schedulers.stream()
				.filter((known) -> known.name().equals(name))
				.mapToInt((known) -> (known instanceof SchedulerWorkers workers) ? workers.lanes().size() : 0)
				.sum();
		}
	}

}
