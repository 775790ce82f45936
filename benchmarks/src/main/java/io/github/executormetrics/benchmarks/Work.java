package io.github.executormetrics.benchmarks;

import org.openjdk.jmh.infra.Blackhole;

/**
 * What a task does.
 */
public enum Work {

	/**
	 * Nothing.
	 */
	NONE(0),

	/**
	 * About one microsecond of it.
	 */
	MICROSECOND(400);

	private final long tokens;

	Work(long tokens) {
		this.tokens = tokens;
	}

	Runnable task() {
		long tokens = this.tokens;
		return (tokens > 0) ? () -> Blackhole.consumeCPU(tokens) : () -> {
		};
	}

}
