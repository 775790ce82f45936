// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.servers;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what Jetty's own pool tells.
 */
class JettyPoolStateTests {

	// a thread was seen to stay reserved while jobs were queued that nobody took
	@Test
	void whenThreadIsReservedThenItIsNeitherIdleNorBusy() throws Exception {
		QueuedThreadPool pool = new QueuedThreadPool(8, 1);
		JettyServerState state = JettyServerState.of(new Server(pool), new JettyRequests());
		pool.start();
		try {
			await().until(() -> state.idle() == 1);
			assertThat(pool.tryExecute(() -> {
			})).isFalse();
			await().until(() -> pool.getCurrentReservedThreads() == 1);
			assertThat(state.idle()).isZero();
			assertThat(state.busy()).isZero();
			assertThat(state.limit()).isEqualTo(8);
		}
		finally {
			pool.stop();
		}
	}

}
