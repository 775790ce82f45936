// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.ConfigurableWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of when the threads of Tomcat are known, and by which names.
 */
@ExtendWith(OutputCaptureExtension.class)
class TomcatThreadsAutoConfigurationTests {

	private static final String NAME = TomcatRunners.NAME;

	private final WebApplicationContextRunner runner = TomcatRunners.with();

	private static List<String> names(ApplicationContext context) {
		return context.getBean(ExecutorRegistry.class).all().stream().map(MonitoredExecutor::name).toList();
	}

	/** Tomcat takes a thread for busy until that has begun to wait. */
	private static void awaitFourIdleThreads(ApplicationContext context) {
		await().untilAsserted(() -> assertThat(Runners.shown(context, NAME).workers())
			.isEqualTo(new ExecutorDescriptor.WorkersDescriptor(0, 4, 4, null, null, null)));
	}

	@Test
	void whenServerRunsThenItsPoolTellsItsState() {
		this.runner.run((context) -> {
			ExecutorDescriptor tomcat = Runners.read(context, NAME);
			assertThat(tomcat.type()).isEqualTo("org.apache.tomcat.util.threads.ThreadPoolExecutor");
			assertThat(tomcat.origin()).isEqualTo("web-server");
			assertThat(tomcat.coverage()).isEqualTo("state");
			assertThat(tomcat.coverageReason()).contains("server.tomcat.threads.*");
			assertThat(tomcat.queue()).isEqualTo(new ExecutorDescriptor.QueueDescriptor(0, null, 0.0));
			assertThat(tomcat.tasks()).isNull();
			awaitFourIdleThreads(context);
		});
	}

	@Test
	void whenQueueHasABoundThenItIsTold() {
		this.runner.withPropertyValues("server.tomcat.threads.max-queue-capacity=7")
			.run((context) -> assertThat(Runners.read(context, NAME).queue())
				.isEqualTo(new ExecutorDescriptor.QueueDescriptor(0, 7, 0.0)));
	}

	@Test
	void whenThreadsAreChangedAtRunTimeThenTheNewLimitIsTold() {
		this.runner.run((context) -> {
			TomcatRunners.protocol(context).setMaxThreads(9);
			await().untilAsserted(() -> assertThat(Runners.read(context, NAME).workers())
				.satisfies((workers) -> assertThat(workers.limit()).isEqualTo(9)));
		});
	}

	@Test
	void whenConnectorsAreAddedThenEachIsKnownByItsPort() {
		this.runner.withUserConfiguration(MoreConnectors.class)
			.run((context) -> assertThat(names(context)).containsExactly(NAME, NAME + "-auto-1", NAME + "-auto-2"));
	}

	@Test
	void whenAddedConnectorHasAPortThenItIsPartOfTheName() throws IOException {
		int port;
		try (ServerSocket free = new ServerSocket(0)) {
			port = free.getLocalPort();
		}
		this.runner.withUserConfiguration(MoreConnectors.class)
			.withPropertyValues("test.port=" + port)
			.run((context) -> assertThat(names(context)).containsExactly(NAME, NAME + "-" + port, NAME + "-auto-2"));
	}

	@Test
	void whenServerHasANamespaceThenItIsPartOfTheName() {
		this.runner
			.withInitializer(
					(context) -> ((ConfigurableWebServerApplicationContext) context).setServerNamespace("internal"))
			.run((context) -> assertThat(names(context)).containsExactly(NAME + "-internal"));
	}

	@Test
	void whenABeanHasTheNameThenBothStayApart() {
		this.runner.withBean(NAME, ExecutorService.class, Executors::newSingleThreadExecutor)
			.run((context) -> assertThat(names(context)).containsExactly(NAME, NAME + "-web-server"));
	}

	// a server that was stopped showed its last figures for ever
	@Test
	void whenServerStopsThenItsThreadsAreForgottenUntilItStartsAgain() {
		this.runner.withUserConfiguration(MoreConnectors.class).run((context) -> {
			ConfigurableApplicationContext application = context.getSourceApplicationContext();
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(meters.find("executor.worker.limit").tag("name", NAME).gauge()).isNotNull();
			application.stop();
			assertThat(names(context)).isEmpty();
			assertThat(meters.find("executor.worker.limit").meters()).isEmpty();
			application.start();
			assertThat(names(context)).hasSize(3);
			awaitFourIdleThreads(context);
			assertThat(meters.get("executor.worker.limit").tag("name", NAME).gauge().value()).isEqualTo(4);
		});
	}

	@Test
	void whenClosedThenNothingIsLeft() {
		SimpleMeterRegistry meters = new SimpleMeterRegistry() {
			@Override
			public void close() {
				// as one that outlives the context
			}
		};
		ExecutorRegistry[] registry = new ExecutorRegistry[1];
		this.runner.withBean("meters", MeterRegistry.class, () -> meters).run((context) -> {
			registry[0] = context.getBean(ExecutorRegistry.class);
			assertThat(registry[0].all()).hasSize(1);
			assertThat(meters.getMeters()).anyMatch((meter) -> meter.getId().getName().startsWith("executor."));
		});
		assertThat(registry[0].all()).isEmpty();
		assertThat(meters.getMeters()).noneMatch((meter) -> meter.getId().getName().startsWith("executor."));
	}

	@Test
	void whenWebServerIsNoSourceThenNotKnown() {
		this.runner.withPropertyValues("executor-metrics.sources.web-server=false")
			.run((context) -> assertThat(names(context)).isEmpty());
	}

	@Test
	void whenExcludedThenSaysSo() {
		this.runner.withPropertyValues("executor-metrics.exclude=tomcat-*").run((context) -> {
			assertThat(Runners.shown(context, NAME).coverage()).isEqualTo("none");
			assertThat(Runners.shown(context, NAME).coverageReason()).contains("executor-metrics.exclude");
		});
	}

	@Test
	void whenAllIsDisabledThenNothing() {
		this.runner.withPropertyValues("executor-metrics.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TomcatThreadsCustomizer.class));
	}

	@Test
	void whenInitializationIsLazyThenKnown() {
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(names(context)).containsExactly(NAME));
	}

	@Test
	void whenTomcatIsMissingThenStarts() {
		Runners.with()
			.withConfiguration(AutoConfigurations.of(TomcatThreadsAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.apache.catalina", "org.apache.coyote", "org.apache.tomcat",
					"org.springframework.boot.tomcat", "org.springframework.boot.web.server"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.containsBean("executorMetricsTomcatThreadsCustomizer")).isFalse();
			});
	}

	@Test
	void whenBootsSupportOfTomcatIsMissingThenStarts() {
		Runners.with()
			.withConfiguration(AutoConfigurations.of(TomcatThreadsAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(Tomcat.class, ConfigurableTomcatWebServerFactory.class))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	// the server is not there yet when all beans are
	@Test
	void whenItsLimitsAreSetThenNobodyWarns(CapturedOutput output) {
		this.runner
			.withPropertyValues("executor-metrics.executors.tomcat-http.limits.mean-wait=1s",
					"executor-metrics.executors.nobody.limits.mean-wait=1s")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(Runners.warnings(output)).singleElement()
			.asString()
			.contains("executor-metrics.executors has settings for [nobody]")
			.contains("The executors are [tomcat-http]");
	}

	@Test
	void whenStartedAndClosedThenNothingIsLogged(CapturedOutput output) {
		this.runner.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output.toString().lines())
			// Boot's format, which a test before this one may have set, shortens the
			// names of packages
			.filteredOn((line) -> line.matches(".*\\b(executormetrics|i\\.g\\.e)\\..*"))
			.allMatch((line) -> line.contains("StartNotice"));
		assertThat(output).doesNotContain("are not watched");
		assertThat(Runners.warnings(output)).isEmpty();
	}

	@Configuration(proxyBeanMethods = false)
	static class MoreConnectors {

		@Bean
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> moreConnectors(Environment environment) {
			int port = environment.getProperty("test.port", Integer.class, 0);
			return (factory) -> factory.addAdditionalConnectors(connector(port), connector(0));
		}

		private static Connector connector(int port) {
			Connector connector = new Connector();
			connector.setPort(port);
			return connector;
		}

	}

}
