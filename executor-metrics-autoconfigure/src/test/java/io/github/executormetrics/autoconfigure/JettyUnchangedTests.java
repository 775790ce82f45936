// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.micrometer.core.instrument.MeterRegistry;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.StatisticsHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that a Jetty is with us what it is without.
 */
@ExtendWith(OutputCaptureExtension.class)
class JettyUnchangedTests {

	private static final String WITHOUT = "executor-metrics.enabled=false";

	private static <T> List<T> withoutAndWith(Function<JettyApplication, T> look, String property) {
		try (JettyApplication without = JettyApplication.start(WITHOUT, property);
				JettyApplication with = JettyApplication.start(property)) {
			return List.of(look.apply(without), look.apply(with));
		}
	}

	@Test
	void poolIsBootsWithItsSettings() {
		List<List<Object>> pools = withoutAndWith(JettyUnchangedTests::pool, "server.jetty.threads.idle-timeout=7s");
		assertThat(pools.get(0)).contains(QueuedThreadPool.class, 7000);
		assertThat(pools.get(1)).isEqualTo(pools.get(0));
	}

	private static List<Object> pool(JettyApplication application) {
		QueuedThreadPool pool = (QueuedThreadPool) application.server().getThreadPool();
		return List.of(pool.getClass(), pool.getMinThreads(), pool.getMaxThreads(), pool.getIdleTimeout(),
				pool.getReservedThreads(), pool.getMaxReservedThreads(), pool.getLeasedThreads(), pool.isDaemon(),
				pool.getThreadsPriority(), pool.getStopTimeout(), pool.getMaxEvictCount(),
				pool.getLowThreadsThreshold(), pool.getBeans().size(), pool.getName().equals("qtp" + pool.hashCode()),
				application.send("/slow").join().body().matches(pool.getName() + "-\\d+"));
	}

	@Test
	void handlersTellJettyTheSame() {
		List<List<Object>> servers = withoutAndWith(JettyUnchangedTests::server, "server.shutdown=graceful");
		assertThat(servers.get(0)).contains(StatisticsHandler.class);
		assertThat(servers.get(1)).isEqualTo(servers.get(0));
	}

	private static List<Object> server(JettyApplication application) {
		Server server = application.server();
		return List.of(server.getInvocationType(), server.getHandler().getClass(), server.getHandlers().size(),
				application.context().getServletContext().getContextPath());
	}

	@Test
	void metersOfBootAreTheSame() {
		List<Set<String>> meters = withoutAndWith(JettyUnchangedTests::meters, "server.port=0");
		assertThat(meters.get(0)).anyMatch((meter) -> meter.startsWith("jetty.threads.busy"));
		assertThat(meters.get(1)).isEqualTo(meters.get(0));
	}

	private static Set<String> meters(JettyApplication application) {
		Set<String> ids = new TreeSet<>();
		application.context()
			.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.filter((meter) -> meter.getId().getName().startsWith("jetty."))
			.forEach((meter) -> ids.add(meter.getId().getName() + meter.getId().getTags()));
		return ids;
	}

	@Test
	void gracefulShutdownWaitsForRequests(CapturedOutput output) {
		for (String property : List.of(WITHOUT, "executor-metrics.enabled=true")) {
			JettyApplication application = JettyApplication.start("server.shutdown=graceful", property);
			CompletableFuture<HttpResponse<String>> held = application.send("/hold");
			await().until(() -> application.door().isHeld());
			int before = output.length();
			CompletableFuture<Void> close = CompletableFuture.runAsync(application.context()::close);
			await().until(() -> output.toString().substring(before).contains("Waiting for active requests"));
			assertThat(held).isNotDone();
			application.door().open();
			assertThat(held.join().statusCode()).isEqualTo(200);
			close.join();
			assertThat(output.toString().substring(before)).contains("Graceful shutdown complete");
		}
	}

	@Test
	void logWarnsOfNothing(CapturedOutput output) {
		try (JettyApplication application = JettyApplication.start("management.server.port=0",
				"executor-metrics.executors.jetty-http.limits.mean-wait=1s")) {
			assertThat(application.send("/slow").join().statusCode()).isEqualTo(200);
		}
		assertThat(Runners.warnings(output)).isEmpty();
	}

}
