// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.ExecutorMetrics;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application says of its executors once it has started.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartNoticeTests {

	private static final String HINT = "management.endpoints.web.exposure.include=";

	// a short list of executors was mistaken for a complete one
	@Test
	void whenStartedThenSaysHowManyAreWatchedAndWhichAreNot(CapturedOutput output) {
		try (ConfigurableApplicationContext context = application().run("--executor-metrics.exclude=left")) {
			String line = line(output);
			assertThat(line).contains(" INFO ")
				.contains("2 executors are watched, 1 is not: 'left' (excluded by executor-metrics.exclude)");
			assertThat(Runners.warnings(output)).isEmpty();
		}
	}

	// with nothing to say of them, it was said that none are not
	@Test
	void whenAllAreWatchedThenSaysSo(CapturedOutput output) {
		try (ConfigurableApplicationContext context = application().run()) {
			assertThat(line(output)).contains("3 executors are watched, 0 are not; ");
		}
	}

	// who read of executors did not find them: Boot exposes health only
	@Test
	void whenEndpointIsNotExposedThenSaysWhatExposesItBesideTheRest(CapturedOutput output) {
		application().run().close();
		assertThat(line(output)).endsWith("is not exposed: set " + HINT + "executors,health to see them");
	}

	@Test
	void whenOtherEndpointsAreExposedThenTheyStay(CapturedOutput output) {
		application().run("--" + HINT + "info,metrics").close();
		assertThat(line(output)).contains(HINT + "executors,info,metrics ");
	}

	@Test
	void whenEndpointIsExposedThenNamesItOnly(CapturedOutput output) {
		application().run("--" + HINT + "*").close();
		assertThat(line(output)).endsWith("; the actuator endpoint 'executors' shows them").doesNotContain(HINT);
	}

	// who does not want the endpoint was asked to expose it, at each start
	@Test
	void whenEndpointIsNotWantedThenSaysNothingOfIt(CapturedOutput output) {
		application().run("--management.endpoints.web.exposure.exclude=executors").close();
		application().run("--management.endpoint.executors.access=none").close();
		application().run("--management.endpoints.access.default=NONE").close();
		assertThat(lines(output)).hasSize(3)
			.allSatisfy((line) -> assertThat(line).endsWith("3 executors are watched, 0 are not"));
	}

	// an application without the library's work was told of it
	@Test
	void whenDisabledThenSaysNothing(CapturedOutput output) {
		application().run("--executor-metrics.enabled=false").close();
		assertThat(output).contains("Started");
		assertThat(lines(output)).isEmpty();
	}

	// what a runner handed in was not counted
	@Test
	void whenRunnerHandsInAnExecutorThenItIsCounted(CapturedOutput output) {
		application(HandsIn.class).run().close();
		assertThat(line(output)).contains("4 executors are watched, 0 are not");
	}

	// an adapter is not watched itself, and nothing is missing
	@Test
	void whenTasksAreCountedElsewhereThenNotAmongThoseThatAreNotWatched(CapturedOutput output) {
		application(Adapter.class).run().close();
		assertThat(line(output)).contains("3 executors are watched, 0 are not");
	}

	// a line of a thousand names
	@Test
	void whenManyAreNotWatchedThenSomeAreNamed(CapturedOutput output) {
		application(Many.class).run("--executor-metrics.exclude=many*,left").close();
		assertThat(line(output)).contains("13 are not: 'left' (")
			.contains("'manyd'")
			.doesNotContain("'manye'")
			.contains(" and 8 more");
	}

	// a name with a line break forged a line
	@Test
	void whenANameHasALineBreakThenOneLine(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(Runners.OURS)
			.withPropertyValues("executor-metrics.exclude=odd*")
			.withBean("odd\nERROR " + "x".repeat(200), Executor.class, Executors::newCachedThreadPool)
			.run((context) -> assertThat(line(output)).contains("1 is not: 'odd ERROR xxx")
				.doesNotContain("x".repeat(100)));
	}

	// the ready event of a child came to the parent, too
	@Test
	void whenThereAreParentAndChildThenEachSaysItOnce(CapturedOutput output) {
		SpringApplicationBuilder parent = new SpringApplicationBuilder(Nothing.class).web(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = parent.child(Executors3.class)
			.web(WebApplicationType.NONE)
			.run("--" + HINT + "*")) {
			assertThat(lines(output)).hasSize(2);
			assertThat(lines(output).get(0)).contains("0 executors are watched");
			assertThat(lines(output).get(1)).contains("3 executors are watched").doesNotContain(HINT);
			((ConfigurableApplicationContext) context.getParent()).close();
		}
	}

	// the context of the management server said it once more
	@Test
	void whenManagementHasItsOwnContextThenSaidOnce(CapturedOutput output) {
		try (WebApplication application = WebApplication.start("management.server.port=0")) {
			assertThat(lines(output)).hasSize(1);
		}
	}

	// said by a context that is stopped and started again
	@Test
	void whenContextIsRestartedThenSaidOnce(CapturedOutput output) {
		try (ConfigurableApplicationContext context = application().run()) {
			context.stop();
			context.start();
			assertThat(lines(output)).hasSize(1);
		}
	}

	// with lazy initialization nothing asked for it
	@Test
	void whenInitializationIsLazyThenSaid(CapturedOutput output) {
		application().run("--spring.main.lazy-initialization=true").close();
		assertThat(lines(output)).hasSize(1);
	}

	// without an actuator there is nothing to expose
	@Test
	void whenActuatorIsMissingThenSaysNothingOfAnEndpoint(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(Runners.OURS)
			.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class, Endpoint.class))
			.run((context) -> assertThat(line(output)).endsWith("0 executors are watched, 0 are not"));
	}

	private static SpringApplicationBuilder application(Class<?>... more) {
		return new SpringApplicationBuilder(Executors3.class).sources(more).web(WebApplicationType.NONE);
	}

	private static List<String> lines(CapturedOutput output) {
		return output.toString().lines().filter((line) -> line.contains("StartNotice")).toList();
	}

	private static String line(CapturedOutput output) {
		assertThat(lines(output)).hasSize(1);
		return lines(output).get(0);
	}

	@Configuration(proxyBeanMethods = false)
	static class HandsIn {

		@Bean
		ApplicationRunner handsIn(ExecutorMetrics metrics) {
			return (arguments) -> metrics.monitor(Executors.newFixedThreadPool(1), "handedIn");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Adapter {

		@Bean
		ConcurrentTaskExecutor adapter(Executor first) {
			return new ConcurrentTaskExecutor(first);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Many {

		@Bean
		static BeanDefinitionRegistryPostProcessor many() {
			return (registry) -> IntStream.range(0, 12)
				.forEach((i) -> registry.registerBeanDefinition("many" + (char) ('a' + i),
						new RootBeanDefinition(ThreadPoolTaskExecutor.class)));
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ExecutorMetricsAutoConfiguration.class, ProgrammaticExecutorsAutoConfiguration.class,
			ExecutorsEndpointAutoConfiguration.class })
	static class Nothing {

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ExecutorMetricsAutoConfiguration.class, ProgrammaticExecutorsAutoConfiguration.class,
			ExecutorsEndpointAutoConfiguration.class })
	static class Executors3 {

		@Bean
		ThreadPoolTaskExecutor first() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean(defaultCandidate = false)
		ThreadPoolTaskExecutor second() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean(defaultCandidate = false)
		ThreadPoolTaskExecutor left() {
			return new ThreadPoolTaskExecutor();
		}

	}

}
