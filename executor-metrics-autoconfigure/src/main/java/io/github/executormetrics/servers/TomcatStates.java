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
	 * The state of an executor, if it is a pool that tells it.
	 * @param executor what a connector runs its requests on, held weakly
	 * @return its state, or null where it is of another kind
	 */
	public static @Nullable ExecutorState of(Executor executor) {
		if (executor instanceof ThreadPoolExecutor pool) {
			return new TomcatPoolState(pool);
		}
		if (executor instanceof StandardThreadExecutor shared) {
			return new TomcatSharedPoolState(shared);
		}
		return (executor instanceof java.util.concurrent.ThreadPoolExecutor pool)
				? ExecutorStates.ofPool(pool, (owner) -> owner) : null;
	}

}
