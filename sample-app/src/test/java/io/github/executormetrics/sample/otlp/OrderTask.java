// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.otlp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;

import io.github.executormetrics.sample.SampleClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an order of the sample submits.
 */
enum OrderTask {

	/** Submitted by the web thread. */
	PROCESSING("OrderProcessor.process", "orderExecutor", "order", "Processing order %d"),

	/** Five of them, submitted by the processing as all that follows. */
	ASKING("CompletableFuture.supplyAsync", "supplierExecutor", "supplier",
			IntStream.range(0, 5)
				.mapToObj((supplier) -> "Asking supplier " + supplier + " about order %d")
				.toArray(String[]::new)),

	CONFIRMING("MailSender.confirm", "mailExecutor", "mail", "Confirming order %d for 96"),

	TELLING("io.github.executormetrics.sample.orders.PartnerNotifier", "partnerExecutor", "partner",
			"Notifying the partner of order %d");

	private final String label;

	private final String executor;

	private final String threads;

	private final List<String> messages;

	OrderTask(String label, String executor, String threads, String... messages) {
		this.label = label;
		this.executor = executor;
		this.threads = threads;
		this.messages = List.of(messages);
	}

	/**
	 * Wait until all tasks of so many orders have run, each counted once.
	 * @param client asks the sample
	 * @param orders how many orders there were
	 */
	static void awaitOrders(SampleClient client, int orders) {
		for (OrderTask task : values()) {
			Map<String, Long> expected = Map.of("submitted", (long) orders * task.times(), "active", 0L, "completed",
					(long) orders * task.times(), "failed", 0L, "cancelled", 0L, "rejected", 0L);
			Awaitility.await(task.executor).untilAsserted(() -> {
				Map<String, Long> figures = new HashMap<>();
				client.executor(task.executor)
					.get("tasks")
					.forEachEntry((name, figure) -> figures.put(name, figure.asLong()));
				assertThat(figures).containsAllEntriesOf(expected);
			});
		}
	}

	/** The name of the task. */
	String label() {
		return this.label;
	}

	/** The name of the bean that it runs on. */
	String executor() {
		return this.executor;
	}

	/** How many of it one order submits. */
	int times() {
		return this.messages.size();
	}

	/**
	 * The one line that each of an order's tasks logs.
	 * @param log all lines
	 * @param order the number of the order
	 * @return the lines, in no order of time
	 */
	List<String> lines(List<String> log, long order) {
		List<String> expected = this.messages.stream().map((message) -> " : " + message.formatted(order)).toList();
		return log.stream()
			.filter((line) -> expected.stream().anyMatch(line::endsWith))
			.filter((line) -> line.matches(".*\\[ *" + this.threads + "-\\d+] .*"))
			.toList();
	}

}
