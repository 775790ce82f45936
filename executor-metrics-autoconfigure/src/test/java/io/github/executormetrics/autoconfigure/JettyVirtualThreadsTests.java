// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.executormetrics.actuate.ExecutorDescriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of a real Jetty that serves on virtual threads, which Boot limits to as many as
 * platform threads.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class JettyVirtualThreadsTests {

	private static final String NAME = JettyApplication.NAME;

	// at the limit nothing selects
	private static final int LIMIT = JettyApplication.WORKERS + 1;

	private static JettyApplication start(String... properties) {
		return JettyApplication
			.start(Stream.concat(Stream.of("spring.threads.virtual.enabled=true"), Stream.of(properties))
				.toArray(String[]::new));
	}

	@Test
	void whenServedOnVirtualThreadsThenRequestsAreShown() {
		try (JettyApplication application = start()) {
			ExecutorDescriptor shown = application.shown();
			assertThat(shown.type()).isEqualTo(VirtualThreadPool.class.getName());
			assertThat(shown.coverage()).isEqualTo("state");
			assertThat(shown.coverageReason()).contains("waits for a request and then serves it");
			await().untilAsserted(() -> assertThat(application.shown().workers().limit()).isEqualTo(LIMIT));
			await().untilAsserted(() -> assertThat(application.shown().workers().busy()).isZero());
			application.send(3, "/hold");
			await().untilAsserted(() -> assertThat(application.shown().workers().busy()).isEqualTo(3));
			assertThat(application.shown().queue().depth()).isZero();
			application.door().open();
			await().untilAsserted(() -> assertThat(application.shown().workers().busy()).isZero());
		}
	}

	@Test
	void whenAllThreadsAreHeldThenHealthNamesItStalled() {
		try (JettyApplication application = start()) {
			application.send(30, "/hold");
			await().untilAsserted(() -> assertThat(application.starving()).contains(NAME, "STALLED"));
			assertThat(application.shown().workers().busy()).isBetween(LIMIT - 1, LIMIT);
			application.door().open();
			await().untilAsserted(() -> assertThat(application.starving()).doesNotContain(NAME));
			assertThat(application.shown().queue().depth()).isZero();
		}
	}

	@Test
	void whenRequestsAreSlowThenHealthNamesItDelayed() {
		try (JettyApplication application = start("executor-metrics.limits.stall=5s")) {
			// the first request has the servlet made
			assertThat(application.send("/slow").join().statusCode()).isEqualTo(200);
			List<CompletableFuture<HttpResponse<String>>> sent = application.send(100, "/slow");
			await().untilAsserted(() -> assertThat(application.starving()).contains(NAME, "DELAYED"));
			assertThat(CompletableFuture.anyOf(sent.toArray(CompletableFuture[]::new))).succeedsWithin(10,
					TimeUnit.SECONDS);
			assertThat(application.starving()).doesNotContain("STALLED");
		}
	}

	@Test
	void whenThreadsAreHeldBelowTheLimitThenNothingIsRaised() {
		try (JettyApplication application = start()) {
			application.send(LIMIT - 2, "/hold");
			await().untilAsserted(
					() -> assertThat(application.executor().sample(System.nanoTime()).busy()).isEqualTo(LIMIT - 2));
			application.ticks(20);
			assertThat(application.starving()).doesNotContain(NAME);
		}
	}

	// the pool's own figures tell nothing of requests there
	@Test
	void whenRequestsRunBesideThePoolThenTheyAreShown() {
		try (JettyApplication application = JettyApplication.start(Beside.class)) {
			application.send(20, "/hold");
			await().untilAsserted(() -> assertThat(application.shown().workers().busy()).isEqualTo(20));
			assertThat(application.shown().workers().limit()).isNull();
			assertThat(application.shown().coverageReason()).contains("only the requests that hold a thread");
		}
	}

	@Test
	void poolIsBoots() {
		try (JettyApplication without = start("executor-metrics.enabled=false"); JettyApplication with = start()) {
			List<Object> pool = pool(without);
			assertThat(pool).contains(VirtualThreadPool.class, JettyApplication.WORKERS + 2);
			assertThat(pool(with)).isEqualTo(pool);
		}
	}

	private static List<Object> pool(JettyApplication application) {
		VirtualThreadPool pool = (VirtualThreadPool) application.server().getThreadPool();
		return List.of(pool.getClass(), pool.getName(), pool.getMaxConcurrentTasks(), pool.isTracking(),
				pool.getBeans().size(), pool.getVirtualThreadsExecutor().getClass(),
				application.send("/slow").join().body().matches("jetty-\\d+"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Beside {

		@Bean
		WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> beside() {
			QueuedThreadPool pool = new QueuedThreadPool(8);
			pool.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
			return (factory) -> factory.setThreadPool(pool);
		}

	}

}
