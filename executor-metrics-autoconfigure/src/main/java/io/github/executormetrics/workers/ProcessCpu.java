// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.lang.management.ManagementFactory;

/**
 * The CPU time of the process, which only some JVMs tell: a class of its own, since the
 * module that has the type may be missing.
 */
public final class ProcessCpu {

	private static final boolean KNOWN = isKnown();

	private ProcessCpu() {
	}

	private static boolean isKnown() {
		try {
			return read() >= 0;
		}
		catch (LinkageError | ClassCastException ex) {
			return false;
		}
	}

	/**
	 * The CPU time that the process has used.
	 * @return nanoseconds, negative where nobody tells
	 */
	public static long nanos() {
		return KNOWN ? read() : -1;
	}

	private static long read() {
		return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
			.getProcessCpuTime();
	}

}
