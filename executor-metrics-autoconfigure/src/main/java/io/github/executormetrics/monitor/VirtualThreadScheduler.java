// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The state of the JDK's scheduler of virtual threads, as its MXBean tells it from JDK 24
 * on: its workers are the carriers, its queue the virtual threads that could go on.
 */
public final class VirtualThreadScheduler implements ExecutorState {

	private static final String BEAN = "jdk.management.VirtualThreadSchedulerMXBean";

	private final MethodHandle parallelism;

	private final MethodHandle poolSize;

	private final MethodHandle mounted;

	private final MethodHandle queued;

	private final LongSupplier started;

	private final VirtualThreadProbe probe = new VirtualThreadProbe();

	private VirtualThreadScheduler(PlatformManagedObject bean, Class<?> type, LongSupplier started)
			throws ReflectiveOperationException {
		this.parallelism = getter(bean, type, "getParallelism", int.class);
		this.poolSize = getter(bean, type, "getPoolSize", int.class);
		this.mounted = getter(bean, type, "getMountedVirtualThreadCount", int.class);
		this.queued = getter(bean, type, "getQueuedVirtualThreadCount", long.class);
		this.started = started;
	}

	private static MethodHandle getter(Object bean, Class<?> type, String name, Class<?> result)
			throws ReflectiveOperationException {
		return MethodHandles.publicLookup()
			.findVirtual(type, name, MethodType.methodType(result))
			.bindTo(bean)
			.asType(MethodType.methodType(long.class));
	}

	/**
	 * Find the scheduler.
	 * @param started counts what started on virtual threads, as far as that is known
	 * @return its state, or null where the JDK tells nothing of it
	 */
	public static @Nullable VirtualThreadScheduler find(LongSupplier started) {
		try {
			Class<? extends PlatformManagedObject> type = Class.forName(BEAN).asSubclass(PlatformManagedObject.class);
			PlatformManagedObject bean = ManagementFactory.getPlatformMXBean(type);
			VirtualThreadScheduler scheduler = (bean != null) ? new VirtualThreadScheduler(bean, type, started) : null;
			// without continuations each virtual thread has a carrier of its own
			return (scheduler != null && scheduler.busy() >= 0) ? scheduler : null;
		}
		catch (ReflectiveOperationException | LinkageError | IllegalArgumentException ex) {
			return null;
		}
	}

	@Override
	public int busy() {
		return (int) read(this.mounted);
	}

	@Override
	public int idle() {
		return (int) Math.max(0, read(this.poolSize) - read(this.mounted));
	}

	@Override
	public int limit() {
		return (int) read(this.parallelism);
	}

	@Override
	public int queueDepth() {
		return (int) Math.min(Integer.MAX_VALUE, read(this.queued));
	}

	@Override
	public long oldestQueued(long now) {
		return (queueDepth() > 0) ? this.probe.waited(now) : 0;
	}

	/**
	 * Nobody counts all that starts: who asks where some wait sees the probe wait, too.
	 */
	@Override
	public long started() {
		return this.probe.started() + this.started.getAsLong();
	}

	@Override
	public WorkerFigures workers() {
		// counted over all executors, of which nobody makes use while nothing is queued
		return new WorkerFigures(busy(), idle(), (queueDepth() > 0) ? started() : 0);
	}

	@Override
	public boolean isOnVirtualThreads() {
		return true;
	}

	@Override
	public boolean isGone() {
		return false;
	}

	@Override
	public boolean isAtRest() {
		return false;
	}

	private static long read(MethodHandle getter) {
		try {
			return (long) getter.invokeExact();
		}
		catch (Throwable ex) {
			throw new IllegalStateException("The scheduler of virtual threads cannot be read", ex);
		}
	}

}
