// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.WorkerStack;

/**
 * What stood at an executor when something was raised.
 *
 * @param stacks where its workers stood, most of them first
 * @param holding the tasks that ran: how many of each name, most first
 * @param waiting the tasks that were queued, among the first thousand: how many of each
 * name, most first
 * @param chain whom its workers waited for
 * @param carriers what the carriers did, where virtual threads waited for one, or null
 */
public record WorkersSnapshot(List<WorkerStack> stacks, Map<String, Integer> holding, Map<String, Integer> waiting,
		WaitChain chain, @Nullable HeldCarriers carriers) {

	/**
	 * Where nothing could be seen.
	 */
	public static final WorkersSnapshot UNSEEN = new WorkersSnapshot(List.of(), Map.of(), Map.of(),
			new WaitChain(List.of(), null), null);

	/**
	 * What holds the workers, in words.
	 * @return what the carriers of virtual threads do where these wait for one, else
	 * {@linkplain WaitChain#describe the chain}; null where nothing is known
	 */
	public @Nullable String describe() {
		return (this.carriers != null) ? this.carriers.describe() : this.chain.describe();
	}

	/**
	 * The same in words that name no frame and no thread.
	 * @return the words, or null where nothing is known
	 */
	public @Nullable String describePlain() {
		return (this.carriers != null) ? this.carriers.describePlain() : this.chain.describePath();
	}

}
