// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.regex.Pattern;

/**
 * The pattern of a thread's name: what differs from one thread to the next is replaced by
 * a star. Safe to print: one line, of a bounded length.
 */
final class ThreadPattern {

	private static final int LONGEST = 100;

	private static final String UUID = "\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b";

	private static final String HASH = "(?<![0-9A-Za-z])(?=[a-fA-F]*[0-9])[0-9a-fA-F]{6,}(?![0-9A-Za-z])";

	private static final Pattern VARIABLE = Pattern.compile(UUID + "|" + HASH + "|[0-9]+");

	// control and format characters, line and paragraph separators, lone surrogates
	private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

	private ThreadPattern() {
	}

	/**
	 * Create the pattern of a name.
	 * @param name the name of a thread
	 * @return the pattern that it has in common with its like
	 */
	static String of(String name) {
		String known = (name.length() <= LONGEST) ? name : name.substring(0, LONGEST) + "...";
		return VARIABLE.matcher(UNPRINTABLE.matcher(known).replaceAll("?")).replaceAll("*");
	}

	/**
	 * The part of a name that the threads of one factory have in common, as most
	 * factories count their threads at the end.
	 * @param name the name of a thread, or the prefix of such names
	 * @return the name without the number at its end
	 */
	static String stem(String name) {
		int end = name.length();
		while (end > 0 && Character.isDigit(name.charAt(end - 1))) {
			end--;
		}
		return name.substring(0, end);
	}

}
