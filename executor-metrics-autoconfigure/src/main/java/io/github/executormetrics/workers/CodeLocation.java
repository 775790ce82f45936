// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where a stack stands, in a word.
 */
public final class CodeLocation {

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

	private static final String[] JDK = { "java.", "javax.", "jdk.", "sun.", "com.sun." };

	/**
	 * What calls an application and is called by it, and says nothing of it.
	 */
	private static final String[] FRAMEWORKS = { "org.springframework.", "org.hibernate.", "org.aopalliance.",
			"io.micrometer.", "kotlin.", "kotlinx.", "scala." };

	/**
	 * Ours that stands between the application's code and the JDK's.
	 */
	private static final String[] OURS = { "io.github.executormetrics.task.", "io.github.executormetrics.decorate.",
			"io.github.executormetrics.monitor.", "io.github.executormetrics.reactor.",
			"io.github.executormetrics.servers.", "io.github.executormetrics.tracing." };

	private CodeLocation() {
	}

	/**
	 * Where a thread stands in the application's code, and in which call it waits there.
	 * @param frames its stack, innermost first
	 * @return for example {@code Orders.price, in FutureTask.get}: the first frame that
	 * is not the JDK's or a framework's, and {@linkplain #of the method of the JDK} that
	 * was called; the first one of a library where there is none of the application; null
	 * where there is no stack
	 */
	public static @Nullable String inCode(List<StackTraceElement> frames) {
		StackTraceElement called = called(frames);
		if (called == null) {
			return null;
		}
		StackTraceElement library = null;
		for (StackTraceElement frame : frames) {
			if (!startsWith(frame, JDK) && !startsWith(frame, OURS)) {
				if (!startsWith(frame, CLIENTS) && !startsWith(frame, FRAMEWORKS)) {
					return inCode(frame, called);
				}
				library = (library != null) ? library : frame;
			}
		}
		return inCode((library != null) ? library : called, called);
	}

	/**
	 * Where a thread of ours stands that reads an executor.
	 * @param frames its stack, innermost first
	 * @return the first frame of the application, or the method of the JDK that we
	 * called; null where it calls none
	 */
	public static @Nullable String ofReading(List<StackTraceElement> frames) {
		int ours = 0;
		while (ours < frames.size() && !startsWith(frames.get(ours), OURS)) {
			ours++;
		}
		List<StackTraceElement> called = frames.subList(0, ours);
		boolean jdk = called.stream().allMatch((frame) -> startsWith(frame, JDK));
		return (jdk && ours > 0) ? simple(frames.get(ours - 1)) : inCode(called);
	}

	private static String inCode(StackTraceElement frame, StackTraceElement called) {
		return simple(frame) + (called.equals(frame) ? "" : ", in " + simple(called));
	}

	private static String simple(StackTraceElement frame) {
		String type = frame.getClassName();
		String method = frame.getMethodName();
		// that of a lambda tells the method in which it stands
		String[] lambda = method.startsWith("lambda$") ? method.split("\\$") : new String[0];
		return type.substring(type.lastIndexOf('.') + 1) + "." + ((lambda.length == 3) ? lambda[1] : method);
	}

	/**
	 * The method a thread is in: that of the JDK which was called, where it stands in
	 * one, else the user's.
	 * @param frames its stack, innermost first
	 * @return class and method, such as {@code java.net.Socket$SocketInputStream.read},
	 * or null where there is no stack
	 */
	static @Nullable String of(List<StackTraceElement> frames) {
		StackTraceElement called = called(frames);
		return (called != null) ? called.getClassName() + "." + called.getMethodName() : null;
	}

	private static @Nullable StackTraceElement called(List<StackTraceElement> frames) {
		int first = firstToTell(frames);
		if (first == frames.size()) {
			return frames.isEmpty() ? null : frames.get(0);
		}
		StackTraceElement place = frames.get(first);
		if (place.getClassName().startsWith("java.")) {
			String called = packageOf(place);
			for (int i = first + 1; i < frames.size() && packageOf(frames.get(i)).equals(called); i++) {
				place = frames.get(i);
			}
		}
		return place;
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

}
