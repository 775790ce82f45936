// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.servers;

import java.util.concurrent.Executor;

import org.apache.catalina.core.StandardThreadExecutor;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.ExecutorStates;

/**
 * Reads the state of what a connector of Tomcat runs its requests on.
 */
public final class TomcatStates {

	private TomcatStates() {
	}

	/**
	 * Whether an executor is a pool that tells its state.
	 * @param executor what a connector runs its requests on
	 * @return whether {@link #of} knows it
	 */
	public static boolean isPool(Executor executor) {
		return executor instanceof ThreadPoolExecutor || executor instanceof StandardThreadExecutor
				|| executor instanceof java.util.concurrent.ThreadPoolExecutor;
	}

	/**
	 * The state of an executor, if it is a pool that tells it.
	 * @param executor what a connector runs its requests on, held weakly
	 * @param threadPrefix what the names of its threads begin with, where Tomcat has made
	 * it for the connector
	 * @return its state, or null where it is of another kind
	 */
	public static @Nullable ExecutorState of(Executor executor, @Nullable String threadPrefix) {
		if (executor instanceof ThreadPoolExecutor pool) {
			return new TomcatPoolState(pool, threadPrefix);
		}
		if (executor instanceof StandardThreadExecutor shared) {
			return new TomcatSharedPoolState(shared);
		}
		return (executor instanceof java.util.concurrent.ThreadPoolExecutor pool)
				? ExecutorStates.ofPool(pool, (owner) -> owner) : null;
	}

}
