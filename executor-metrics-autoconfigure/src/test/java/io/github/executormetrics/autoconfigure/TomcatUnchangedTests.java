// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.coyote.AbstractProtocol;
import org.apache.tomcat.util.modeler.Registry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that a Tomcat is with this library what it is without.
 */
class TomcatUnchangedTests {

	// a server without MBeans, of another test, has switched them off for all
	@BeforeEach
	@AfterEach
	void allowMBeans() {
		ReflectionTestUtils.setField(Registry.class, "registry", null);
	}

	private static void same(String... properties) {
		Map<String, Object> without = look(TomcatRunners.without().withPropertyValues(properties));
		Map<String, Object> with = look(TomcatRunners.with().withPropertyValues(properties));
		assertThat(with).isEqualTo(without);
	}

	private static Map<String, Object> look(WebApplicationContextRunner runner) {
		Map<String, Object> seen = new TreeMap<>();
		runner.withPropertyValues("server.tomcat.mbeanregistry.enabled=true").run((context) -> {
			context.publishEvent(new ApplicationStartedEvent(new SpringApplication(), new String[0],
					context.getSourceApplicationContext(), null));
			seen.put("answer",
					context.getBean(RequestLoad.class)
						.send(1, "/compute?ms=0")
						.get(0)
						.orTimeout(10, TimeUnit.SECONDS)
						.join()
						.body()
						.replaceAll("\\d+", "n"));
			lookAt(TomcatRunners.protocol(context), seen);
			lookAt(context.getBean(MeterRegistry.class), mbeanName(TomcatRunners.protocol(context)), seen);
		});
		return seen;
	}

	private static void lookAt(AbstractProtocol<?> protocol, Map<String, Object> seen) {
		seen.put("maxThreads", protocol.getMaxThreads());
		seen.put("minSpareThreads", protocol.getMinSpareThreads());
		seen.put("maxQueueSize", protocol.getMaxQueueSize());
		seen.put("priority", protocol.getThreadPriority());
		seen.put("virtual", protocol.getProperty("useVirtualThreads"));
		seen.put("protocol", protocol.getClass());
	}

	/**
	 * It was registered before the port was known.
	 */
	private static String mbeanName(AbstractProtocol<?> protocol) {
		return protocol.getName().replace("\"", "").replaceAll("(auto-\\d+)-\\d+$", "$1");
	}

	/**
	 * Boot leaves MBeans of servers that have ended behind, and Tomcat's meters with
	 * them.
	 */
	private static void lookAt(MeterRegistry meters, String protocol, Map<String, Object> seen) {
		seen.put("meters",
				meters.getMeters()
					.stream()
					.map((meter) -> meter.getId().getName())
					.filter((name) -> name.startsWith("tomcat."))
					.collect(Collectors.toCollection(TreeSet::new)));
		for (String name : new String[] { "tomcat.threads.config.max", "tomcat.threads.current" }) {
			seen.put(name, meters.get(name).tag("name", protocol).gauge().value());
		}
		await().untilAsserted(() -> assertThat(meters.get("tomcat.threads.busy").tag("name", protocol).gauge().value())
			.isLessThanOrEqualTo(0));
	}

	@Test
	void whenPoolIsTomcatsThenItsSettingsAndBootsMetersAreTheSame() {
		same();
	}

	@Test
	void whenThreadsAreConfiguredThenSoTheyAre() {
		same("server.tomcat.threads.max=7", "server.tomcat.threads.min-spare=3",
				"server.tomcat.threads.max-queue-capacity=9");
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenThreadsAreVirtualThenSettingsAndBootsMetersAreTheSame() {
		same("spring.threads.virtual.enabled=true");
	}

	@Test
	void whenShutDownGracefullyThenRequestsAreAnswered() {
		shutsDownGracefully();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenShutDownGracefullyOnVirtualThreadsThenRequestsAreAnswered() {
		shutsDownGracefully("spring.threads.virtual.enabled=true");
	}

	private static void shutsDownGracefully(String... properties) {
		TomcatRunners.with()
			.withPropertyValues(properties)
			.withPropertyValues("server.shutdown=graceful")
			.run((context) -> {
				RequestLoad load = context.getBean(RequestLoad.class);
				var response = load.send(1, "/hold?ms=0").get(0);
				await().until(load::isHolding);
				CompletableFuture<Void> closed = CompletableFuture
					.runAsync(context.getSourceApplicationContext()::close);
				// whoever comes now is turned away
				await().until(load::isRefused);
				assertThat(closed).isNotDone();
				assertThat(response).isNotDone();
				load.release();
				assertThat(response.orTimeout(10, TimeUnit.SECONDS).join().statusCode()).isEqualTo(200);
				closed.orTimeout(10, TimeUnit.SECONDS).join();
			});
	}

}
