// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

/**
 * What is collected.
 */
enum CollectionSubject {

	/**
	 * The meters of decorated executors, written as Prometheus reads them.
	 */
	SCRAPE,

	/**
	 * The same meters, each asked for its values and nothing written.
	 */
	MEASURE,

	/**
	 * As many series of plain Micrometer meters of the same names and types, written.
	 */
	PLAIN_SCRAPE,

	/**
	 * Those, asked for their values.
	 */
	PLAIN_MEASURE;

	boolean isOurs() {
		return this == SCRAPE || this == MEASURE;
	}

}
