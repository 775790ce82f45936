// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.actuate;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.OtherThreads;
import io.github.executormetrics.monitor.ThreadOwner;

/**
 * Live platform threads that work for no known executor, as the endpoint shows them.
 *
 * @param pattern their names, with a star in place of numbers and hashes
 * @param count how many
 * @param states how many of them are in which state
 * @param kind what they are recognized as, left out where that is not known
 * @param metering how to meter what they run, or why it need not be
 * @param mayBelongTo executors whose threads are not known, so that these may be theirs;
 * left out where that cannot be
 * @since 0.1.0
 */
public record OtherThreadsDescriptor(String pattern, int count, Map<Thread.State, Integer> states,
		@Nullable String kind, @Nullable String metering, @Nullable List<String> mayBelongTo) {

	static List<OtherThreadsDescriptor> all(ExecutorRegistry registry) {
		return OtherThreads.find(registry).stream().map(OtherThreadsDescriptor::of).toList();
	}

	private static OtherThreadsDescriptor of(OtherThreads threads) {
		ThreadOwner owner = threads.owner();
		return new OtherThreadsDescriptor(threads.pattern(), threads.count(), threads.states(),
				(owner != null) ? owner.label() : null, (owner != null) ? owner.metering() : ThreadOwner.UNRECOGNIZED,
				!threads.mayBelongTo().isEmpty() ? threads.mayBelongTo() : null);
	}

}
