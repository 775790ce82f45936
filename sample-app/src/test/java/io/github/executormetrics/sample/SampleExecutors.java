// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample;

import java.util.Set;
import java.util.TreeSet;

/**
 * The executors of the sample application that are seen on this JDK.
 */
public final class SampleExecutors {

	private static final Set<String> TASKS = Set.of("mailExecutor", "orderExecutor", "partnerExecutor",
			"reportExecutor", "searchPool", "supplierExecutor", "taskScheduler");

	private static final Set<String> STATE = Set.of("commonPool", "tomcat-http");

	private SampleExecutors() {
	}

	/**
	 * The names of all.
	 */
	public static Set<String> all() {
		Set<String> all = new TreeSet<>(TASKS);
		all.addAll(STATE);
		if (Runtime.version().feature() >= 24) {
			all.add("virtualThreads");
		}
		return all;
	}

	/**
	 * Whether all of one is seen. Of a fork/join pool, fork/join tasks are not.
	 */
	public static boolean isWhole(String name) {
		return TASKS.contains(name) && !name.equals("searchPool");
	}

	/**
	 * How much of one is seen.
	 */
	public static String coverage(String name) {
		return TASKS.contains(name) ? "tasks" : "state";
	}

}
