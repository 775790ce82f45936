// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.util.function.BiConsumer;

import jdk.jfr.FlightRecorder;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingStream;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.PinnedTasks.Pinned;

/**
 * Hears from JFR of virtual threads that were pinned, on a thread of its own: to start
 * JFR takes a second, which is not taken from the start of the application. The only
 * class that needs the module jdk.jfr.
 */
final class PinnedEvents implements Runnable {

	private static final Log logger = LogFactory.getLog(PinnedEvents.class);

	private static final String EVENT = "jdk.VirtualThreadPinned";

	// the default of the JDK
	private static final Duration THRESHOLD = Duration.ofMillis(20);

	private final BiConsumer<Long, Pinned> listener;

	private @Nullable RecordingStream stream;

	private boolean closed;

	PinnedEvents(BiConsumer<Long, Pinned> listener) {
		this.listener = listener;
	}

	@Override
	public void run() {
		try {
			RecordingStream stream = open();
			if (stream != null) {
				stream.start();
			}
		}
		catch (RuntimeException | LinkageError ex) {
			// closed meanwhile, or a JVM or a disk without room for JFR
			logger.debug("Pinned virtual threads are not reported", ex);
		}
	}

	private synchronized @Nullable RecordingStream open() {
		if (this.closed || !FlightRecorder.isAvailable()) {
			return null;
		}
		RecordingStream stream = new RecordingStream();
		stream.enable(EVENT).withThreshold(THRESHOLD).withStackTrace();
		stream.onEvent(EVENT, this::heard);
		stream.onError((ex) -> logger.debug("Reporting a pinned virtual thread failed", ex));
		this.stream = stream;
		return stream;
	}

	synchronized void close() {
		this.closed = true;
		if (this.stream != null) {
			this.stream.close();
		}
	}

	private void heard(RecordedEvent event) {
		RecordedThread thread = event.getThread();
		if (thread == null) {
			return;
		}
		long id = thread.getJavaThreadId();
		String name = thread.getJavaName();
		this.listener.accept(id,
				new Pinned(event.getStartTime(), event.getDuration().toNanos(), null,
						(name == null || name.isEmpty()) ? "#" + id : name, place(event.getStackTrace()),
						event.hasField("pinnedReason") ? event.getString("pinnedReason") : null));
	}

	/**
	 * The innermost frame that is not the JDK's.
	 */
	private static @Nullable String place(@Nullable RecordedStackTrace stack) {
		if (stack == null) {
			return null;
		}
		for (RecordedFrame frame : stack.getFrames()) {
			String type = frame.isJavaFrame() ? frame.getMethod().getType().getName() : "java.";
			if (!type.startsWith("java.") && !type.startsWith("jdk.") && !type.startsWith("sun.")) {
				return type + "." + frame.getMethod().getName() + ":" + frame.getLineNumber();
			}
		}
		return null;
	}

}
