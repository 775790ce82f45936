// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The threads of one executor. Those that a thread factory made tell of their begin and
 * their end themselves, so that nothing of them is lost; those that an executor tells
 * when it is asked count as far as they were read last. Safe for use by many threads; a
 * task is never held up, a new worker for the time of a sum at most.
 */
public final class WorkerThreads {

	// the meters of one collection read the same figures, those of a thousand executors
	// name by name; a last push at the end of the application is to find new ones
	private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final Supplier<@Nullable List<Thread>> told;

	private final Map<Thread, ThreadUsage> live = new IdentityHashMap<>();

	private WorkerUsage gone = WorkerUsage.NONE;

	private long started;

	private volatile boolean measured;

	private @Nullable WorkerUsage last;

	private long lastRead;

	/**
	 * Create the threads of an executor.
	 * @param told gives the threads that live where the executor tells, else null
	 */
	WorkerThreads(Supplier<@Nullable List<Thread>> told) {
		this.told = told;
	}

	/**
	 * Know the thread that will run this as a worker, from here to its end.
	 * @param work what the pool lets the thread do
	 * @return what the thread is to do in its place
	 */
	public Runnable track(Runnable work) {
		return () -> {
			Thread thread = Thread.currentThread();
			ThreadUsage usage = new ThreadUsage(false);
			begin(thread, usage, usage.read(thread));
			try {
				work.run();
			}
			finally {
				usage.read(thread);
				end(thread);
			}
		};
	}

	private synchronized void begin(Thread thread, ThreadUsage usage, boolean measured) {
		this.live.put(thread, usage);
		this.started++;
		this.measured |= measured;
		this.last = null;
	}

	private synchronized void end(Thread thread) {
		this.last = null;
		ThreadUsage usage = this.live.remove(thread);
		if (usage != null) {
			WorkerUsage sum = usage.plus(this.gone);
			this.gone = new WorkerUsage(0, sum.ended() + 1, sum.parks(), sum.unparks(), sum.blocks(), sum.cpuNanos());
		}
	}

	/**
	 * Whether any thread has become known.
	 * @return whether there is anything to tell
	 */
	public synchronized boolean isKnown() {
		return this.started > 0;
	}

	/**
	 * Whether more than their number is known: the JVM tells nothing of virtual threads.
	 * @return whether waits, blocks and CPU time are
	 */
	public boolean isMeasured() {
		return this.measured;
	}

	/**
	 * Read what all threads have used, or take what was read within the last 100 ms, if
	 * no thread has come or gone since.
	 * @return the sums, which never fall
	 */
	public WorkerUsage usage() {
		synchronized (this) {
			if (this.last != null && System.nanoTime() - this.lastRead < FRESH_NANOS) {
				return this.last;
			}
		}
		return read();
	}

	/**
	 * Read what all threads have used by now.
	 * @return the sums, which never fall
	 */
	public WorkerUsage read() {
		long now = System.nanoTime();
		findTold();
		List<Map.Entry<Thread, ThreadUsage>> threads;
		synchronized (this) {
			threads = new ArrayList<>();
			this.live.forEach((thread, usage) -> threads.add(Map.entry(thread, usage)));
		}
		// without the lock: one that begins meanwhile need not wait
		threads.forEach((thread) -> thread.getValue().read(thread.getKey()));
		return sum(now);
	}

	private synchronized WorkerUsage sum(long now) {
		WorkerUsage sum = new WorkerUsage(this.started, this.gone.ended(), this.gone.parks(), this.gone.unparks(),
				this.gone.blocks(), this.gone.cpuNanos());
		for (ThreadUsage usage : this.live.values()) {
			sum = usage.plus(sum);
		}
		this.last = sum;
		this.lastRead = now;
		return sum;
	}

	private void findTold() {
		List<Thread> threads = this.told.get();
		updateTold((threads != null) ? threads : List.of());
	}

	/**
	 * One that lives and is not told of stays: another reader may have asked before it
	 * began, or a task given it another name. Else it would count from its start once
	 * more.
	 */
	private synchronized void updateTold(List<Thread> threads) {
		List<Thread> ended = this.live.entrySet()
			.stream()
			.filter((worker) -> worker.getValue().isTold() && !worker.getKey().isAlive())
			.map(Map.Entry::getKey)
			.toList();
		ended.forEach(this::end);
		for (Thread thread : threads) {
			ThreadUsage usage = new ThreadUsage(true);
			if (!this.live.containsKey(thread) && usage.read(thread)) {
				begin(thread, usage, true);
			}
		}
	}

	/**
	 * The threads that live now, as far as they are known.
	 * @return each once, in no order
	 */
	public List<Thread> live() {
		findTold();
		synchronized (this) {
			return List.copyOf(this.live.keySet());
		}
	}

}
