// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Whom an executor's workers wait for, and whom those wait for, to the end.
 *
 * @param path the executors, from the one that was asked for to the last
 * @param place the method that most workers of the last one are in, or null where none is
 * known
 */
public record WaitChain(List<String> path, @Nullable String place) {

	/**
	 * The executor that it waits for itself.
	 * @return the next on the path, or null where it waits for no other
	 */
	public @Nullable String waitsFor() {
		return (this.path.size() > 1) ? this.path.get(1) : null;
	}

	/**
	 * The chain in words.
	 * @return for example
	 * {@code orders waits for reports, whose workers are in Rates.load, in
	 * Socket$SocketInputStream.read}, or null where nothing is known
	 */
	public @Nullable String describe() {
		String path = describePath();
		if (this.place == null) {
			return path;
		}
		return (path != null) ? path + ", whose workers are in " + this.place : "its workers are in " + this.place;
	}

	/**
	 * The chain in words that name no method.
	 * @return for example {@code orders waits for reports}, or null where it waits for no
	 * other
	 */
	public @Nullable String describePath() {
		if (waitsFor() == null) {
			return null;
		}
		StringBuilder words = new StringBuilder(this.path.get(0)).append(" waits for ").append(this.path.get(1));
		for (String further : this.path.subList(2, this.path.size())) {
			words.append(", which waits for ").append(further);
		}
		return words.toString();
	}

}
