// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

import org.jspecify.annotations.Nullable;

/**
 * Virtual threads, on JDKs that have them: from 21 on.
 */
public final class VirtualThreads {

	private static final int SINCE = 21;

	private static final @Nullable MethodHandle IS_VIRTUAL = find("isVirtual", false,
			MethodType.methodType(boolean.class));

	private static final @Nullable MethodHandle START = find("startVirtualThread", true,
			MethodType.methodType(Thread.class, Runnable.class));

	private VirtualThreads() {
	}

	private static @Nullable MethodHandle find(String name, boolean isStatic, MethodType type) {
		if (Runtime.version().feature() < SINCE) {
			// a preview before, which throws
			return null;
		}
		try {
			MethodHandles.Lookup lookup = MethodHandles.publicLookup();
			return isStatic ? lookup.findStatic(Thread.class, name, type)
					: lookup.findVirtual(Thread.class, name, type);
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	/**
	 * Whether this JDK has them.
	 * @return whether it is 21 or later
	 */
	public static boolean areKnown() {
		return IS_VIRTUAL != null && START != null;
	}

	/**
	 * Whether a thread is one.
	 * @param thread the thread
	 * @return whether it is
	 */
	public static boolean isVirtual(Thread thread) {
		try {
			return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(thread);
		}
		catch (Throwable ex) {
			return false;
		}
	}

	/**
	 * The carrier to which a virtual thread is mounted: it computes, or it waits and is
	 * pinned.
	 * @param thread a thread
	 * @return the name of its carrier, or null where it has none or is not virtual
	 */
	public static @Nullable String carrierOf(Thread thread) {
		if (!isVirtual(thread)) {
			return null;
		}
		// VirtualThread[#22,name]/waiting@ForkJoinPool-1-worker-1; nothing else tells it
		String words = thread.toString();
		int carrier = words.indexOf('@', words.lastIndexOf("]/") + 1);
		return (carrier >= 0) ? words.substring(carrier + 1) : null;
	}

	/**
	 * Run something on a new one.
	 * @param task what to run
	 * @return whether one was started
	 */
	public static boolean start(Runnable task) {
		try {
			if (START == null) {
				return false;
			}
			Thread started = (Thread) START.invokeExact(task);
			return started != null;
		}
		catch (Throwable ex) {
			return false;
		}
	}

}
