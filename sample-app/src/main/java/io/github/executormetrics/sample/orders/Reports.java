// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.orders;

import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;

import org.springframework.stereotype.Component;

/**
 * Computes reports, which takes processor time and nothing else.
 */
@Component
public class Reports {

	private final ThreadPoolExecutor reportExecutor;

	private final Work work;

	Reports(ThreadPoolExecutor reportExecutor, Work work) {
		this.reportExecutor = reportExecutor;
		this.work = work;
	}

	/**
	 * Compute a report.
	 * @return its figure, once it is there
	 */
	public Future<Integer> compute() {
		return this.reportExecutor.submit(this.work::compute);
	}

}
