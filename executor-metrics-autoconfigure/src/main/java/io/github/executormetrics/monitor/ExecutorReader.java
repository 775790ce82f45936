// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Puts questions to executors, each of which may never answer: {@code getActiveCount()}
 * takes the main lock of a pool, which a user's {@code terminated()} may hold. One thread
 * asks all, one after the other. Where nobody has answered for 20 ms, others go on with
 * those that were not asked yet.
 */
public final class ExecutorReader {

	private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(20);

	// a thousand executors that take a while each: what is left is answered later
	private static final int LONGEST = 25;

	private final Executor threads;

	/**
	 * Create a reader.
	 * @param threads runs each call on a thread that may be blocked for good; where it is
	 * the caller's, there is no limit of time
	 */
	public ExecutorReader(Executor threads) {
		this.threads = threads;
	}

	/**
	 * Put questions, and wait as long as answers come.
	 * @param questions those that were {@linkplain PendingReading#prepare() prepared}
	 */
	public void ask(List<PendingReading> questions) {
		if (questions.isEmpty()) {
			return;
		}
		Round round = new Round(List.copyOf(questions));
		try {
			this.threads.execute(round);
			int answered = 0;
			for (int i = 0; i < LONGEST && !round.await(PATIENCE); i++) {
				boolean progress = round.answered() > answered;
				answered = round.answered();
				// twice as many each time, so that forty that hang hold up nobody for
				// long
				for (int more = Math.min(round.unasked(), round.open()); more > 0; more--) {
					this.threads.execute(round);
				}
				if (!progress && round.unasked() == 0) {
					return;
				}
			}
		}
		catch (Throwable ex) {
			// no thread can be had: those that were not asked can be asked again
			round.giveUp();
			throw ex;
		}
	}

	/**
	 * Read executors, so that something of them is known before the first look.
	 * @param executors the executors
	 * @param nanos the current {@link System#nanoTime()}
	 */
	public void read(List<MonitoredExecutor> executors, long nanos) {
		ask(executors.stream()
			.map((executor) -> new PendingReading(executor, () -> executor.sample(nanos)))
			.filter(PendingReading::prepare)
			.toList());
	}

	/**
	 * Read an executor, and do not wait for it.
	 * @param executor the executor
	 */
	public void readSoon(MonitoredExecutor executor) {
		PendingReading reading = new PendingReading(executor, () -> executor.sample(System.nanoTime()));
		if (reading.prepare()) {
			try {
				this.threads.execute(reading::answer);
			}
			catch (Throwable ex) {
				// no thread can be had: it is read with the next look
				reading.drop();
			}
		}
	}

	/**
	 * Find out why nothing of what is queued runs though no worker is busy.
	 * @param executor the executor
	 * @param found takes the reason where one is found, on another thread and maybe later
	 */
	public void findDeadWorkers(MonitoredExecutor executor, Consumer<DeadWorkers> found) {
		PendingReading reading = new PendingReading(executor, () -> {
			DeadWorkers dead = executor.findDeadWorkers();
			if (dead != null) {
				found.accept(dead);
			}
		});
		if (reading.prepare()) {
			ask(List.of(reading));
		}
	}

	/**
	 * Look at what stands in the queues of executors, as far as they answer.
	 * @param executors the executors
	 * @param atMost how many to look at in each
	 * @return what stands there, for each of them in turn
	 */
	public List<List<Object>> queued(List<MonitoredExecutor> executors, int atMost) {
		return queued(executors, atMost, UnaryOperator.identity());
	}

	/**
	 * Look at what stands in the queues of executors, as far as they answer.
	 * @param executors the executors
	 * @param atMost how many to look at in each
	 * @param ask what to ask each object that stands there, which may call code of the
	 * user's and hang
	 * @param <T> the type of its answers
	 * @return the answers, for each of the executors in turn; none of an executor where
	 * one of its objects does not answer
	 */
	public <T> List<List<T>> queued(List<MonitoredExecutor> executors, int atMost, Function<Object, T> ask) {
		List<QueueReading<T>> ticks = executors.stream()
			.map((executor) -> new QueueReading<>(executor, atMost, ask))
			.toList();
		List<PendingReading> questions = new ArrayList<>();
		for (QueueReading<T> look : ticks) {
			if (look.executor.queueDepth() != 0 && look.reading.prepare()) {
				questions.add(look.reading);
			}
		}
		ask(questions);
		return ticks.stream().map((look) -> look.found).toList();
	}

	/**
	 * What stands in one queue.
	 */
	private static final class QueueReading<T> {

		private final MonitoredExecutor executor;

		private final PendingReading reading;

		private volatile List<T> found = List.of();

		QueueReading(MonitoredExecutor executor, int atMost, Function<Object, T> ask) {
			this.executor = executor;
			this.reading = new PendingReading(executor, () -> {
				List<Object> queued = new ArrayList<>();
				executor.forEachQueued(atMost, queued::add);
				this.found = queued.stream().map(ask).toList();
			});
		}

	}

	/**
	 * Some questions, each put once, by as many threads as run this.
	 */
	private static final class Round implements Runnable {

		private final List<PendingReading> questions;

		private final AtomicInteger asked = new AtomicInteger();

		private final AtomicInteger answered = new AtomicInteger();

		private final Thread asker = Thread.currentThread();

		Round(List<PendingReading> questions) {
			this.questions = questions;
		}

		@Override
		public void run() {
			for (int i = this.asked.getAndIncrement(); i < this.questions.size(); i = this.asked.getAndIncrement()) {
				this.questions.get(i).answer();
				if (this.answered.incrementAndGet() == this.questions.size()) {
					LockSupport.unpark(this.asker);
				}
			}
		}

		/**
		 * Wait for all answers.
		 * @param nanos for how long at most
		 * @return whether all are there
		 */
		boolean await(long nanos) {
			long deadline = System.nanoTime() + nanos;
			long left = nanos;
			while (answered() < this.questions.size() && left > 0) {
				LockSupport.parkNanos(this, left);
				left = deadline - System.nanoTime();
			}
			return answered() == this.questions.size();
		}

		int answered() {
			return this.answered.get();
		}

		int unasked() {
			return Math.max(0, this.questions.size() - this.asked.get());
		}

		int open() {
			return this.questions.size() - unasked() - answered();
		}

		void giveUp() {
			for (int i = this.asked.getAndIncrement(); i < this.questions.size(); i = this.asked.getAndIncrement()) {
				this.questions.get(i).drop();
			}
		}

	}

}
