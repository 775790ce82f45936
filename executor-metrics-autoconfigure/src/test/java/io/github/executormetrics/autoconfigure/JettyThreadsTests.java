// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.core.instrument.MeterRegistry;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.ExecutorThreadPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.WorkerStack;
import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.servers.JettyRequests;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of the threads of a real Jetty as an executor.
 */
class JettyThreadsTests {

	private static final String NAME = JettyApplication.NAME;

	@Test
	void whenServedByJettyThenItsThreadsAreShown() {
		try (JettyApplication application = JettyApplication.start()) {
			ExecutorDescriptor shown = application.shown();
			assertThat(shown.type()).isEqualTo(QueuedThreadPool.class.getName());
			assertThat(shown.origin()).isEqualTo("web-server");
			assertThat(shown.coverage()).isEqualTo("state");
			assertThat(shown.coverageReason()).contains("but not the wait and run of each");
			assertThat(shown.workers().busy()).isZero();
			// what accepts and selects is no request's
			await().untilAsserted(
					() -> assertThat(application.shown().workers().limit()).isEqualTo(JettyApplication.WORKERS));
			application.send(3, "/hold");
			await().untilAsserted(() -> assertThat(application.shown().workers().busy()).isEqualTo(3));
			assertThat(application.context()
				.getBean(MeterRegistry.class)
				.get("executor.worker.busy")
				.tag("name", NAME)
				.gauge()
				.value()).isEqualTo(3);
			application.door().open();
			await().untilAsserted(() -> assertThat(application.shown().workers().busy()).isZero());
		}
	}

	@Test
	void whenAllThreadsAreHeldThenHealthNamesItStalled() {
		try (JettyApplication application = JettyApplication.start()) {
			application.send(30, "/hold");
			await().untilAsserted(() -> assertThat(application.starving()).contains(NAME, "STALLED"));
			ExecutorDescriptor shown = application.shown();
			assertThat(shown.verdict()).isEqualTo("STALLED");
			// one may be reserved for what is selected next, while others wait
			assertThat(shown.workers().busy()).isBetween(JettyApplication.WORKERS - 1, JettyApplication.WORKERS);
			assertThat(shown.workers().idle()).isZero();
			assertThat(shown.queue().depth()).isGreaterThanOrEqualTo(30 - JettyApplication.WORKERS);
			application.door().open();
			await().untilAsserted(() -> assertThat(application.starving()).doesNotContain(NAME));
		}
	}

	@Test
	void whenStalledThenTheIncidentShowsWhereItsThreadsStand() {
		try (JettyApplication application = JettyApplication.start()) {
			application.send(30, "/hold");
			await().untilAsserted(() -> assertThat(application.starving()).contains(NAME, "STALLED"));
			// and the one that selects
			assertThat(application.executor().threads().live()).hasSizeBetween(JettyApplication.WORKERS,
					JettyApplication.WORKERS + 1);
			List<StarvationIncident> incidents = application.context()
				.getBean(ExecutorWatch.class)
				.incidents(application.executor());
			assertThat(incidents).isNotEmpty()
				.allSatisfy((incident) -> assertThat(incident.stacks()
					.stream()
					.filter((
							stack) -> stack.frames().stream().anyMatch((frame) -> frame.getMethodName().equals("hold")))
					.mapToInt(WorkerStack::workers)
					.sum()).isBetween(JettyApplication.WORKERS - 1, JettyApplication.WORKERS));
		}
	}

	@Test
	void whenRequestsAreSlowThenHealthNamesItDelayed() {
		try (JettyApplication application = JettyApplication.start("executor-metrics.limits.stall=5s")) {
			// the first request has the servlet made
			assertThat(application.send("/slow").join().statusCode()).isEqualTo(200);
			List<CompletableFuture<HttpResponse<String>>> sent = application.send(100, "/slow");
			await().untilAsserted(() -> assertThat(application.starving()).contains(NAME, "DELAYED"));
			assertThat(CompletableFuture.anyOf(sent.toArray(CompletableFuture[]::new))).succeedsWithin(10,
					TimeUnit.SECONDS);
			// some progress is no stall, however little
			assertThat(application.starving()).doesNotContain("STALLED");
		}
	}

	@Test
	void whenThreadsAreHeldBelowTheLimitThenNothingIsRaised() {
		try (JettyApplication application = JettyApplication.start()) {
			application.send(JettyApplication.WORKERS - 1, "/hold");
			MonitoredExecutor executor = application.executor();
			await().untilAsserted(() -> assertThat(executor.sample(System.nanoTime()).busy())
				.isEqualTo(JettyApplication.WORKERS - 1));
			application.ticks(20);
			assertThat(application.starving()).doesNotContain(NAME);
		}
	}

	@Test
	void whenRequestIsAsynchronousThenItsEndIsProgressToo() {
		try (JettyApplication application = JettyApplication.start()) {
			MonitoredExecutor executor = application.executor();
			long before = executor.sample(System.nanoTime()).started();
			CompletableFuture<HttpResponse<String>> later = application.send("/later");
			await().until(() -> application.door().isHeld() && executor.sample(System.nanoTime()).busy() == 0);
			application.door().open();
			assertThat(later.join().statusCode()).isEqualTo(200);
			await().untilAsserted(() -> assertThat(executor.sample(System.nanoTime()).started()).isEqualTo(before + 2));
			assertThat(application.send("/slow").join().statusCode()).isEqualTo(200);
			await().until(() -> executor.sample(System.nanoTime()).busy() == 0);
			assertThat(executor.sample(System.nanoTime()).started()).isEqualTo(before + 3);
		}
	}

	@Test
	void whenManagementHasItsOwnPortThenBothServersAreShownAndTheOneTellsOfTheOther() {
		try (JettyApplication application = JettyApplication.start("management.server.port=0")) {
			assertThat(application.registry().find(NAME)).isNotNull();
			assertThat(application.registry().find(NAME + "-management")).isNotNull();
			application.send(30, "/hold");
			await().untilAsserted(
					() -> assertThat(application.send("local.management.port", "/actuator/health").join().body())
						.contains("\"" + NAME + "\"", "STALLED")
						.doesNotContain(NAME + "-management"));
		}
	}

	@Test
	void whenContextIsClosedThenNothingIsLeft() {
		ExecutorRegistry executors;
		MeterRegistry meters;
		String pool;
		try (JettyApplication application = JettyApplication.start("management.server.port=0")) {
			executors = application.registry();
			meters = application.context().getBean(MeterRegistry.class);
			pool = ((QueuedThreadPool) application.server().getThreadPool()).getName();
			assertThat(application.send("/slow").join().body()).startsWith(pool);
		}
		assertThat(executors.all()).extracting(MonitoredExecutor::name).noneMatch((name) -> name.startsWith(NAME));
		assertThat(meters.find("executor.worker.busy").tag("name", NAME).gauge()).isNull();
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.startsWith(pool)));
	}

	// a server that is stopped for a while is the same when it goes on
	@Test
	void whenContextIsStoppedAndStartedThenItIsShownOnce() {
		try (JettyApplication application = JettyApplication.start()) {
			application.context().stop();
			application.context().start();
			application.send(3, "/hold");
			await().untilAsserted(() -> assertThat(application.shown().workers().busy()).isEqualTo(3));
			assertThat(application.shown().workers().limit()).isEqualTo(JettyApplication.WORKERS);
		}
	}

	@Test
	void whenWebServersAreSwitchedOffThenNothingIsDoneToJetty() {
		try (JettyApplication application = JettyApplication.start("executor-metrics.sources.web-server=false")) {
			assertThat(application.registry().find(NAME)).isNull();
			assertThat(requests(application.server())).isNull();
		}
	}

	@Test
	void whenExcludedThenSaysSoAndNothingIsDoneToJetty() {
		try (JettyApplication application = JettyApplication.start("executor-metrics.exclude=jetty-*")) {
			assertThat(application.executor().coverage()).isEqualTo(Coverage.NONE);
			assertThat(application.shown().coverageReason()).isEqualTo("excluded by executor-metrics.exclude");
			assertThat(requests(application.server())).isNull();
		}
	}

	@Test
	void whenInitializedLazilyThenItIsShown() {
		try (JettyApplication application = JettyApplication.start("spring.main.lazy-initialization=true")) {
			assertThat(application.send("/slow").join().statusCode()).isEqualTo(200);
			assertThat(application.shown().coverage()).isEqualTo("state");
		}
	}

	@Test
	void whenJettyIsAbsentThenStarts() {
		ApplicationContextRunner runner = Runners.with()
			.withConfiguration(AutoConfigurations.of(JettyThreadsAutoConfiguration.class));
		runner.run((context) -> assertThat(context).hasSingleBean(JettyThreadsCustomizer.class));
		for (String absent : List.of("org.eclipse.jetty", "org.springframework.boot.jetty")) {
			runner.withClassLoader(new FilteredClassLoader(absent))
				.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("executorMetricsJettyThreads"));
		}
	}

	@Test
	void whenUserHasHisOwnPoolThenThatIsKeptAndShown() {
		try (JettyApplication application = JettyApplication.start(OwnPool.class)) {
			assertThat(application.server().getThreadPool()).isSameAs(application.context().getBean("pool"));
			assertThat(application.shown().type()).isEqualTo(OwnPool.Named.class.getName());
			await().untilAsserted(() -> assertThat(application.shown().workers().limit()).isEqualTo(12 - 2));
		}
	}

	@Test
	void whenPoolIsNotJettysThenRequestsAreShown() {
		try (JettyApplication application = JettyApplication.start(OtherPool.class)) {
			application.send(3, "/hold");
			await().untilAsserted(() -> assertThat(application.shown().workers().busy()).isEqualTo(3));
			assertThat(application.shown().coverageReason()).contains("only the requests that hold a thread");
		}
	}

	@Test
	void whenUserCustomizesTheServerThenHisHandlersAreAsExpected() {
		try (JettyApplication application = JettyApplication.start(OwnCustomizer.class)) {
			assertThat(application.context().getBean(OwnCustomizer.class).handler.get())
				.isInstanceOf(WebAppContext.class);
			assertThat(requests(application.server())).isNotNull();
		}
	}

	private static JettyRequests requests(Server server) {
		return server.getDescendant(JettyRequests.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPool {

		@Bean
		QueuedThreadPool pool() {
			return new Named(12);
		}

		@Bean
		WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> ownPool(ThreadPool pool) {
			return (factory) -> factory.setThreadPool(pool);
		}

		static class Named extends QueuedThreadPool {

			Named(int threads) {
				super(threads);
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherPool {

		@Bean
		WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> otherPool() {
			return (factory) -> factory.setThreadPool(new ExecutorThreadPool(
					new ThreadPoolExecutor(12, 12, 1, TimeUnit.MINUTES, new SynchronousQueue<>())));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCustomizer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

		final AtomicReference<Handler> handler = new AtomicReference<>();

		@Override
		public void customize(ConfigurableJettyWebServerFactory factory) {
			factory.addServerCustomizers((server) -> this.handler.set(server.getHandler()));
		}

	}

}
