// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.cost;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.TaskNameScope;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.meters.ExecutorMeterBinder;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.task.TaskBudget;
import io.github.executormetrics.task.TaskNaming;
import io.github.executormetrics.task.TaskSettings;

/**
 * Counts what the tasks of each route cost. For a JVM of its own that only interprets, so
 * that nothing is optimized away, with the {@link CountingAgent}.
 */
public final class CostTrial {

	private final CostRoute route;

	private final int tasks;

	private final Threads threads = new Threads();

	private final Executor executor;

	private CostTally submitting = new CostTally();

	private CostTally working = new CostTally();

	private CostTrial(CostRoute route) {
		this.route = route;
		this.tasks = tasks(route);
		this.executor = route.kind().create(this.threads);
	}

	private CostTrial(CostRoute route, @Nullable CostPlant plant) {
		this.route = route;
		this.tasks = tasks(route);
		this.executor = meter(route.kind().create(this.threads), plant);
	}

	/**
	 * So many that what the JDK does once in a trial is lost in rounding. That is more
	 * where each task has a thread of its own.
	 */
	private static int tasks(CostRoute route) {
		return (route.kind() == CostKind.SIMPLE_ASYNC) ? 1_000 : 250;
	}

	/**
	 * Print the figures of each route, and those of some with what is planted there.
	 * @param args none
	 */
	public static void main(String[] args) throws InterruptedException {
		for (CostRoute route : CostRoute.values()) {
			CostTrial bare = new CostTrial(route);
			CostTrial metered = new CostTrial(route, null);
			try (TaskNameScope scope = route.isNamed() ? TaskNameScope.open("named") : null) {
				bare.run();
				metered.run();
			}
			metered.print(route.name(), bare);
			if (CostPlant.ROUTES.contains(route)) {
				for (CostPlant plant : CostPlant.values()) {
					CostTrial planted = new CostTrial(route, plant);
					planted.run();
					planted.print(route + "+" + plant, bare);
				}
			}
		}
	}

	private void print(String name, CostTrial bare) {
		StringBuilder line = new StringBuilder(name);
		for (CostFigure figure : CostFigure.values()) {
			// something of the JDK's own once in the trial is nothing a task costs
			line.append(' ').append(Math.round(10 * (each(figure) - bare.each(figure))) / 10.0);
		}
		System.out.println(line);
	}

	private Executor meter(Executor bare, @Nullable CostPlant plant) {
		ExecutorRegistry executors = new ExecutorRegistry(
				// all tasks or none: one in many is chosen at random
				new TaskSettings(new TaskNaming(TaskNaming.MAX_NAMES), this.route.isUntimed() ? Integer.MAX_VALUE : 1,
						this.route.isSampled() ? 1 : 0, TaskBudget.DEFAULT, Map.of(), Map.of()));
		Executor metered = (Executor) new ExecutorDecorator(executors).decorate(bare, "trial",
				this.route.kind().declared());
		PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		executors.onEach(new ExecutorMeterBinder(meters)::bind);
		if (plant != null) {
			executors.onEach((executor) -> executor.recorder().duringIncident(plant.in(meters)));
		}
		return metered;
	}

	private void run() throws InterruptedException {
		// the first time, classes are loaded and tables grow
		for (int round = 0; round < 2; round++) {
			this.submitting = new CostTally();
			this.working = new CostTally();
			switch (this.route.kind()) {
				case DIRECT -> submit(this.tasks, new Task());
				case SIMPLE_ASYNC -> oneByOne();
				default -> allAtOnce();
			}
		}
	}

	private double each(CostFigure figure) {
		return this.submitting.each(figure, this.tasks)
				+ this.working.each(figure, (this.route.kind() == CostKind.SIMPLE_ASYNC) ? this.tasks : this.tasks - 1);
	}

	private void submit(int tasks, Task task) {
		this.submitting.start();
		for (int i = 0; i < tasks; i++) {
			this.route.hand(task, this.executor);
		}
		this.submitting.stop();
	}

	/**
	 * The worker is held until all are submitted, so that it never waits for one, and one
	 * thread at a time runs.
	 */
	private void allAtOnce() throws InterruptedException {
		CountDownLatch held = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		this.executor.execute(() -> {
			held.countDown();
			try {
				released.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		});
		held.await();
		Measured task = new Measured(this.working, this.tasks);
		submit(this.tasks, task);
		released.countDown();
		task.done.await();
	}

	private void oneByOne() throws InterruptedException {
		Task task = new Task();
		for (int i = 0; i < this.tasks; i++) {
			this.threads.makeNext(this.working);
			submit(1, task);
			this.threads.runNext();
		}
	}

	/**
	 * Does nothing, but may be asked to count.
	 */
	private static class Task implements Runnable, Callable<Object> {

		@Override
		public void run() {
		}

		@Override
		public final Object call() {
			run();
			return this;
		}

	}

	/**
	 * Measures from its first run to its last.
	 */
	private static final class Measured extends Task {

		private final CostTally tally;

		private final int tasks;

		private final CountDownLatch done = new CountDownLatch(1);

		private int runs;

		Measured(CostTally tally, int tasks) {
			this.tally = tally;
			this.tasks = tasks;
		}

		@Override
		public void run() {
			if (++this.runs == 1) {
				this.tally.start();
			}
			else if (this.runs == this.tasks) {
				this.tally.stop();
				this.done.countDown();
			}
		}

	}

	/**
	 * Gives threads that are made before, since what the JDK needs for one differs with
	 * the stack it is made on, and that run once they are told.
	 */
	private static final class Threads implements ThreadFactory {

		private final Semaphore permits = new Semaphore(0);

		private Thread next;

		private Runnable task;

		void makeNext(CostTally tally) {
			this.next = new Thread(() -> {
				this.permits.acquireUninterruptibly();
				tally.start();
				this.task.run();
				tally.stop();
			});
		}

		@Override
		public Thread newThread(Runnable task) {
			this.task = task;
			return this.next;
		}

		void runNext() throws InterruptedException {
			this.permits.release();
			this.next.join();
		}

	}

}
