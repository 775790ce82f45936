package io.github.executormetrics.workers;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where a stack stands, in a word.
 */
final class Place {

	/**
	 * What threads wait in for somebody else's sake, so that it says nothing itself.
	 */
	private static final String[] BENEATH = { "jdk.", "sun.", "java.util.concurrent.locks.LockSupport",
			"java.util.concurrent.locks.Abstract", "java.lang.VirtualThread", "java.lang.System$" };

	/**
	 * Clients whose threads hand over what came from a socket: who waits in them waits
	 * for no task.
	 */
	private static final String[] CLIENTS = { "jdk.internal.", "sun.", "reactor.", "io.netty.", "okhttp3.",
			"org.apache.", "com.zaxxer.hikari.", "io.lettuce.", "redis.clients.", "com.mongodb.", "org.eclipse.jetty.",
			"io.grpc.", "com.rabbitmq.", "com.datastax.", "software.amazon.awssdk." };

	private Place() {
	}

	/**
	 * The method a thread is in: that of the JDK which was called, where it stands in
	 * one, else the user's.
	 * @param frames its stack, innermost first
	 * @return class and method, such as {@code java.net.Socket$SocketInputStream.read},
	 * or null where there is no stack
	 */
	static @Nullable String of(List<StackTraceElement> frames) {
		int first = firstToTell(frames);
		if (first == frames.size()) {
			return frames.isEmpty() ? null : name(frames.get(0));
		}
		StackTraceElement place = frames.get(first);
		if (place.getClassName().startsWith("java.")) {
			String called = packageOf(place);
			for (int i = first + 1; i < frames.size() && packageOf(frames.get(i)).equals(called); i++) {
				place = frames.get(i);
			}
		}
		return name(place);
	}

	/**
	 * Whether a thread waits for another one to hand something over, and not for a time,
	 * a lock or a socket.
	 * @param frames its stack, innermost first
	 * @return whether it stands in a future, a latch, a queue or the like, and no client
	 * of a network has called that
	 */
	static boolean isHandOver(List<StackTraceElement> frames) {
		int first = firstToTell(frames);
		if (first == frames.size() || !isConcurrent(frames.get(first))) {
			return false;
		}
		int caller = first;
		while (caller < frames.size() && isConcurrent(frames.get(caller))) {
			caller++;
		}
		return caller == frames.size() || !startsWith(frames.get(caller), CLIENTS);
	}

	private static int firstToTell(List<StackTraceElement> frames) {
		int first = 0;
		while (first < frames.size() && isBeneath(frames.get(first))) {
			first++;
		}
		return first;
	}

	private static boolean isBeneath(StackTraceElement frame) {
		// through which a condition waits, in whatever pool that is
		return startsWith(frame, BENEATH) || (frame.getClassName().equals("java.util.concurrent.ForkJoinPool")
				&& frame.getMethodName().endsWith("anagedBlock"));
	}

	private static boolean isConcurrent(StackTraceElement frame) {
		return packageOf(frame).equals("java.util.concurrent");
	}

	private static boolean startsWith(StackTraceElement frame, String[] prefixes) {
		for (String prefix : prefixes) {
			if (frame.getClassName().startsWith(prefix)) {
				return true;
			}
		}
		return false;
	}

	private static String packageOf(StackTraceElement frame) {
		String type = frame.getClassName();
		return type.substring(0, Math.max(0, type.lastIndexOf('.')));
	}

	private static String name(StackTraceElement frame) {
		return frame.getClassName() + "." + frame.getMethodName();
	}

}
