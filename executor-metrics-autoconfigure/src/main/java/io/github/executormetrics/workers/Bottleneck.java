// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.WorkerStack;

/**
 * What most workers of an executor wait for one after the other, so that more of them
 * would only wait there too.
 *
 * @param kind what it is
 * @param waiting how many of the workers wait for it
 * @param workers how many were seen
 */
public record Bottleneck(Kind kind, int waiting, int workers) {

	/**
	 * Find it.
	 * @param stacks where the workers stand
	 * @return what half of them at least wait for, and two, or null
	 */
	public static @Nullable Bottleneck of(List<WorkerStack> stacks) {
		int workers = stacks.stream().mapToInt(WorkerStack::workers).sum();
		for (Kind kind : Kind.values()) {
			IntStream there = stacks.stream().filter((stack) -> kind == Kind.of(stack)).mapToInt(WorkerStack::workers);
			// two that stand in different places may want different locks
			int waiting = (kind == Kind.LOCK) ? there.max().orElse(0) : there.sum();
			if (waiting > 1 && 2 * waiting >= workers) {
				return new Bottleneck(kind, waiting, workers);
			}
		}
		return null;
	}

	/**
	 * What workers wait for.
	 */
	public enum Kind {

		/**
		 * What lets them begin: they are held before they run a task.
		 */
		PAUSE,

		/**
		 * Something that a pool lends, such as a connection.
		 */
		POOLED,

		/**
		 * A lock, or a monitor.
		 */
		LOCK,

		/**
		 * A permit of a semaphore.
		 */
		PERMIT;

		private static final List<String> LENDS = List.of("acquire", "borrow", "lease", "obtain", "checkout",
				"getconnection", "getresource", "getsession", "getclient");

		// of what a pool is built from: its name comes within so many frames
		private static final int FRAMES_OF_POOL = 5;

		private static @Nullable Kind of(WorkerStack stack) {
			if (isBeforeTask(stack.frames())) {
				return PAUSE;
			}
			if (stack.state() == Thread.State.BLOCKED) {
				return LOCK;
			}
			if (stack.state() == Thread.State.RUNNABLE) {
				return null;
			}
			if (isLent(stack.frames())) {
				return POOLED;
			}
			for (StackTraceElement frame : stack.frames()) {
				String type = frame.getClassName();
				if (!type.startsWith("java.util.concurrent.") && !type.startsWith("jdk.")) {
					return null;
				}
				if (type.startsWith("java.util.concurrent.Semaphore")) {
					return PERMIT;
				}
				if (type.startsWith("java.util.concurrent.locks.Reentrant")
						|| type.startsWith("java.util.concurrent.locks.StampedLock")) {
					return LOCK;
				}
			}
			return null;
		}

		private static boolean isBeforeTask(List<StackTraceElement> frames) {
			for (int i = 1; i < frames.size(); i++) {
				if (frames.get(i).getMethodName().equals("runWorker")) {
					return frames.get(i - 1).getMethodName().equals("beforeExecute");
				}
			}
			return false;
		}

		private static boolean isLent(List<StackTraceElement> frames) {
			int beyond = 0;
			for (StackTraceElement frame : frames) {
				String type = frame.getClassName();
				if (type.startsWith("java.") || type.startsWith("jdk.")) {
					if (beyond > 0) {
						return false;
					}
				}
				else if (isPool(type) && lends(frame.getMethodName())) {
					return true;
				}
				else if (++beyond > FRAMES_OF_POOL) {
					return false;
				}
			}
			return false;
		}

		private static boolean isPool(String type) {
			String simple = type.substring(type.lastIndexOf('.') + 1);
			return simple.contains("Pool") && !simple.contains("ThreadPool") && !simple.contains("ForkJoinPool");
		}

		private static boolean lends(String method) {
			String name = method.toLowerCase(Locale.ROOT);
			return LENDS.stream().anyMatch(name::startsWith);
		}

	}

}
