package io.github.executormetrics.reactor;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiFunction;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Our one decorator of Reactor's workers, there while any application is: schedulers
 * belong to the process, and some outlive each application in it.
 */
final class SchedulerHook implements BiFunction<Scheduler, ScheduledExecutorService, ScheduledExecutorService> {

	static final String KEY = "executor-metrics";

	static final SchedulerHook INSTANCE = new SchedulerHook();

	private static final Log logger = LogFactory.getLog(SchedulerHook.class);

	// Reactor calls under a lock of its own, so that this must not be held when calling
	// Reactor
	private final Object schedulersLock = new Object();

	private final Object applicationsLock = new Object();

	private final List<ReactorExecutors> applications = new ArrayList<>();

	private final List<SchedulerWorkers> schedulers = new ArrayList<>();

	void open(ReactorExecutors application) {
		synchronized (this.applicationsLock) {
			synchronized (this.schedulersLock) {
				this.applications.add(application);
				sweep();
				this.schedulers.forEach(this::meter);
			}
			Schedulers.setExecutorServiceDecorator(KEY, this);
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
			}
		}
	}

	@Override
	public ScheduledExecutorService apply(Scheduler scheduler, ScheduledExecutorService original) {
		try {
			return SchedulerName.isOnExecutor(scheduler) ? original : decorate(scheduler, original);
		}
		catch (RuntimeException | LinkageError ex) {
			// a scheduler must not fail for that
			logger.info("A worker of " + scheduler.getClass().getName() + " is left as it is: " + ex);
			return original;
		}
	}

	private ScheduledExecutorService decorate(Scheduler scheduler, ScheduledExecutorService original) {
		synchronized (this.schedulersLock) {
			for (SchedulerWorkers known : this.schedulers) {
				if (known.isOf(scheduler)) {
					return known.add(original);
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

	private void meter(SchedulerWorkers workers) {
		workers.meter(this.applications.stream()
			.map((application) -> application.obtain(workers))
			.filter(Objects::nonNull)
			.toList());
	}

	/**
	 * Forget the schedulers that have come to their end.
	 */
	void sweep() {
		synchronized (this.schedulersLock) {
			List<SchedulerWorkers> ended = this.schedulers.stream().filter(SchedulerWorkers::checkEnded).toList();
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
				.filter((workers) -> workers.name().equals(name))
				.mapToInt((workers) -> workers.lanes().size())
				.sum();
		}
	}

}
