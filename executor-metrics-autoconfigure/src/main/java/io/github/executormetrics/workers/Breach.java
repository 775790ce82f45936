package io.github.executormetrics.workers;

import java.util.List;
import java.util.Map;

import io.github.executormetrics.WorkerStack;

/**
 * What stood at an executor when something was raised.
 *
 * @param stacks where its workers stood, most of them first
 * @param holding the tasks that ran: how many of each name, most first
 * @param waiting the tasks that were queued, among the first thousand: how many of each
 * name, most first
 * @param chain whom its workers waited for
 */
public record Breach(List<WorkerStack> stacks, Map<String, Integer> holding, Map<String, Integer> waiting,
		WaitChain chain) {

	/**
	 * Where nothing could be seen.
	 */
	public static final Breach UNSEEN = new Breach(List.of(), Map.of(), Map.of(), new WaitChain(List.of(), null));

}
