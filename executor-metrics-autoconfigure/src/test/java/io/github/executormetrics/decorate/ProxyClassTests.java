// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.AbortPolicy;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A class that is made for a proxy takes over ten milliseconds and is never unloaded, so
 * executors of one class share it, and each goes on for itself.
 */
class ProxyClassTests {

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final ExecutorDecorator decorator = new ExecutorDecorator(this.registry);

	private final List<ThreadPoolExecutor> pools = new ArrayList<>();

	@AfterEach
	void shutdown() {
		this.pools.forEach(ThreadPoolExecutor::shutdownNow);
	}

	@Test
	void whenPoolsAreOfOneTypeThenTheirProxiesShareAClass() throws Exception {
		ThreadPoolExecutor first = decorate("first");
		ThreadPoolExecutor second = decorate("second");
		assertThat(second).hasSameClassAs(first);
		for (int i = 0; i < 3; i++) {
			second.submit(() -> "done").get(10, TimeUnit.SECONDS);
		}
		first.submit(() -> "done").get(10, TimeUnit.SECONDS);
		assertThat(this.registry.all()).extracting(MonitoredExecutor::name).containsExactly("first", "second");
		assertThat(this.registry.all()).extracting((executor) -> executor.recorder().submitted())
			.containsExactly(1L, 3L);
	}

	private ThreadPoolExecutor decorate(String name) {
		ThreadPoolExecutor pool = new UserExecutors.OwnThreadPoolExecutor(new LinkedBlockingQueue<>(),
				Executors.defaultThreadFactory(), new AbortPolicy());
		this.pools.add(pool);
		return (ThreadPoolExecutor) this.decorator.decorate(pool, name, null);
	}

}
