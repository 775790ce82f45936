// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.List;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A log for threads that must go on. Filters and appenders of the user's may throw, and
 * names of the user's may hold line breaks, which would forge a line.
 */
public final class SafeLog {

	private static final int LONGEST_NAME = 200;

	private static final char ELLIPSIS = '\u2026';

	private final Log log;

	/**
	 * Create a log.
	 * @param owner the class that logs
	 */
	public SafeLog(Class<?> owner) {
		this(owner.getName());
	}

	SafeLog(String name) {
		this.log = LogFactory.getLog(oneLine(name));
	}

	/**
	 * Whether details are logged.
	 * @return whether the level is low enough
	 */
	public boolean isDebugEnabled() {
		try {
			return this.log.isDebugEnabled();
		}
		catch (Throwable ex) {
			return false;
		}
	}

	/**
	 * Logs a detail.
	 * @param message the line
	 */
	public void debug(String message) {
		write(this.log::debug, oneLine(message));
	}

	/**
	 * Logs a detail and the frames of a stack below it.
	 * @param message the line
	 * @param frames the frames, the innermost first
	 */
	public void debug(String message, List<StackTraceElement> frames) {
		StringBuilder lines = new StringBuilder(oneLine(message));
		frames.forEach((frame) -> lines.append("\n\tat ").append(frame));
		write(this.log::debug, lines.toString());
	}

	/**
	 * Logs an information.
	 * @param message the line
	 */
	public void info(String message) {
		write(this.log::info, oneLine(message));
	}

	/**
	 * Logs a warning.
	 * @param message the line
	 */
	public void warn(String message) {
		write(this.log::warn, oneLine(message));
	}

	/**
	 * Logs a warning with the stack of its cause.
	 * @param message the line
	 * @param cause the cause
	 */
	public void warn(String message, Throwable cause) {
		write((line) -> this.log.warn(line, cause), oneLine(message));
	}

	/**
	 * Logs a warning on another thread, for a caller that must not wait for a log that
	 * hangs.
	 * @param message the line
	 * @param cause the cause, whose stack is logged, or null
	 */
	public void warnLater(String message, @Nullable Throwable cause) {
		LogThread.execute(() -> {
			if (cause != null) {
				warn(message, cause);
			}
			else {
				warn(message);
			}
		});
	}

	private static void write(Consumer<Object> level, String text) {
		try {
			level.accept(text);
		}
		catch (Throwable ex) {
			// there is no other place to report it
		}
	}

	/**
	 * Describes what was thrown, which may not even give its message.
	 * @param ex what was thrown
	 * @return its words, or the name of its class
	 */
	public static String describe(Throwable ex) {
		try {
			return ex.toString();
		}
		catch (Throwable other) {
			return ex.getClass().getName();
		}
	}

	/**
	 * Makes a name of the user's harmless in a log, on a terminal and on a page.
	 * @param name the name of a bean, a task or a thread
	 * @return the same on one line, of at most 200 characters: one that is cut ends with
	 * an ellipsis
	 */
	public static String printable(String name) {
		String line = oneLine(name);
		return (line.length() > LONGEST_NAME) ? line.substring(0, LONGEST_NAME - 1) + ELLIPSIS : line;
	}

	/**
	 * Replaces what a log or a terminal would take for more than text.
	 * @param text a name, or a line with names in it
	 * @return the same, with an underscore in place of each such character
	 */
	static String oneLine(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (isControl(text.charAt(i))) {
				return replaceControls(text);
			}
		}
		return text;
	}

	private static String replaceControls(String text) {
		char[] line = text.toCharArray();
		for (int i = 0; i < line.length; i++) {
			line[i] = isControl(line[i]) ? '_' : line[i];
		}
		return new String(line);
	}

	private static boolean isControl(char character) {
		// line and paragraph separators, and what turns the direction of a line
		return Character.isISOControl(character) || (character >= '\u2028' && character <= '\u202e')
				|| (character >= '\u2066' && character <= '\u2069');
	}

}
