// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.troubles;

import io.github.executormetrics.StarvationCause;

/**
 * A trouble that is made, and what must be said of it.
 */
enum Trouble {

	FUTURE_GET("waiting in `Future.get` on its own pool", "futures", StarvationCause.DEADLOCKED,
			"proven: futures -> futures"),

	FUTURE_JOIN("waiting in `CompletableFuture.join` on its own pool", "joins", StarvationCause.DEADLOCKED,
			"suspected: joins -> joins"),

	INVOKE_ALL("nested `invokeAll`", "bulk", StarvationCause.DEADLOCKED, "proven: bulk -> bulk"),

	NESTED_ASYNC("nested `@Async` with the same qualifier", "mails", StarvationCause.DEADLOCKED,
			"suspected: mails -> mails"),

	RING_OF_TWO("two pools that wait for each other", "orders", StarvationCause.DEADLOCKED,
			"proven: orders -> stock -> orders"),

	RING_OF_THREE("three pools in a ring", "first", StarvationCause.DEADLOCKED,
			"proven: first -> second -> third -> first"),

	JOINED_RING("two pools that join each other's `CompletableFuture`", "left", StarvationCause.DEADLOCKED,
			"suspected: left -> right -> left"),

	NESTED_AT_THE_LIMIT("a task that submits to its own `SimpleAsyncTaskExecutor` at the limit", "nested",
			StarvationCause.DEADLOCKED, "proven: nested -> nested"),

	CONCURRENCY_LIMIT("a `SimpleAsyncTaskExecutor` at its concurrency limit", "limited", StarvationCause.STALLED,
			"its workers are in Troublemaker.await, in CountDownLatch.await"),

	ENDLESS_LOOP("one worker in an endless loop", "loop", StarvationCause.STALLED,
			"its workers are in Troublemaker.loop"),

	SOCKET_READ("all workers in a blocked socket read", "reports", StarvationCause.STALLED,
			"its workers are in Troublemaker.socketRead, in Socket$SocketInputStream.read"),

	CHAIN("a pool that waits for the one before", "front", StarvationCause.STALLED,
			"front waits for reports, whose workers are in Troublemaker.socketRead, in Socket$SocketInputStream.read"),

	SLOW_DOWNSTREAM("a downstream that slows from 5 ms to 2 s", "calls", StarvationCause.BLOCKED,
			"its workers are in Troublemaker.sleep, in Thread.sleep"),

	FLOOD("a flood of 100,000 short tasks", "flood", StarvationCause.OVERLOADED, ""),

	REJECTING("a bounded queue that rejects", "bounded", StarvationCause.REJECTING, ""),

	OVERRUN("a scheduler of one thread whose job overruns the others", "jobs", StarvationCause.BLOCKED, "");

	private final String words;

	private final String executor;

	private final StarvationCause cause;

	private final String detail;

	Trouble(String words, String executor, StarvationCause cause, String detail) {
		this.words = words;
		this.executor = executor;
		this.cause = cause;
		this.detail = detail;
	}

	String words() {
		return this.words;
	}

	String executor() {
		return this.executor;
	}

	StarvationCause cause() {
		return this.cause;
	}

	/**
	 * What the detail must begin with.
	 * @return empty where that depends on where the workers are just then
	 */
	String detail() {
		return this.detail;
	}

}
