// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.apache.catalina.core.StandardThreadExecutor;
import org.apache.catalina.core.StandardVirtualThreadExecutor;
import org.apache.coyote.AbstractProtocol;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.tomcat.TomcatProtocolHandlerCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.monitor.ExecutorRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of executors that are set on the connector: by Boot, where virtual threads are
 * on, or by the application.
 */
class TomcatSetExecutorsTests {

	private static final String NAME = TomcatRunners.NAME;

	private static final String REQUEST = "/compute?ms=0";

	private final WebApplicationContextRunner runner = TomcatRunners.with();

	private final ExecutorService pool = Executors.newFixedThreadPool(3);

	@AfterEach
	void shutDown() {
		this.pool.shutdownNow();
	}

	private WebApplicationContextRunner set(Executor executor) {
		return this.runner.withBean(TomcatProtocolHandlerCustomizer.class,
				() -> (protocol) -> protocol.setExecutor(executor));
	}

	private static String ask(ApplicationContext context) {
		return context.getBean(RequestLoad.class).send(1, REQUEST).get(0).orTimeout(10, TimeUnit.SECONDS).join().body();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenThreadsAreVirtualThenEachEventIsATask() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			assertThat(ask(context)).startsWith("tomcat-handler-");
			ExecutorDescriptor tomcat = Runners.shown(context, NAME);
			assertThat(tomcat.type()).isEqualTo(VirtualThreadExecutor.class.getName());
			assertThat(tomcat.coverage()).isEqualTo("tasks");
			assertThat(tomcat.origin()).isEqualTo("web-server");
			assertThat(tomcat.coverageReason()).contains("one event of a connection");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, NAME).completed()).isEqualTo(1));
			assertThat(Runners.named(context, NAME)).containsOnlyKeys("request");
			assertThat(TomcatRunners.protocol(context).getExecutor()).isInstanceOf(VirtualThreadExecutor.class);
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenVirtualThreadsAreExcludedThenTheirExecutorIsBootsOwn() {
		this.runner
			.withPropertyValues("spring.threads.virtual.enabled=true",
					"executor-metrics.executors.tomcat-http.enabled=false")
			.run((context) -> {
				assertThat(ask(context)).startsWith("tomcat-handler-");
				assertThat(Runners.shown(context, NAME).coverage()).isEqualTo("none");
				assertThat(TomcatRunners.protocol(context).getExecutor())
					.hasSameClassAs(new VirtualThreadExecutor("x"));
			});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenServerOnVirtualThreadsStopsThenTheExecutorIsTheOneThatWasSet() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			ConfigurableApplicationContext application = context.getSourceApplicationContext();
			AbstractProtocol<?> protocol = TomcatRunners.protocol(context);
			ask(context);
			application.stop();
			assertThat(protocol.getExecutor().getClass()).isEqualTo(VirtualThreadExecutor.class);
			assertThat(context.getBean(ExecutorRegistry.class).all()).isEmpty();
			application.start();
			ask(context);
			await().untilAsserted(() -> assertThat(Runners.tasks(context, NAME).completed()).isEqualTo(1));
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenTomcatStartsVirtualThreadsItselfThenSaysSo() {
		this.runner
			.withBean(TomcatProtocolHandlerCustomizer.class,
					() -> (protocol) -> ((AbstractProtocol<?>) protocol).setProperty("useVirtualThreads", "true"))
			.run((context) -> {
				assertThat(ask(context)).contains("-virt-");
				assertThat(Runners.shown(context, NAME).coverage()).isEqualTo("none");
				assertThat(Runners.shown(context, NAME).coverageReason()).contains("Tomcat");
			});
	}

	@Test
	void whenApplicationSetsAPoolThenItsStateIsToldAndItIsLeftAsItIs() {
		set(this.pool).run((context) -> {
			assertThat(ask(context)).startsWith("pool-");
			ExecutorDescriptor tomcat = Runners.shown(context, NAME);
			assertThat(tomcat.coverage()).isEqualTo("state");
			assertThat(tomcat.coverageReason()).contains("application has set");
			await().untilAsserted(() -> assertThat(Runners.shown(context, NAME).workers())
				.satisfies((workers) -> assertThat(workers.limit()).isEqualTo(3)));
			assertThat(TomcatRunners.protocol(context).getExecutor()).isSameAs(this.pool);
		});
	}

	@Test
	void whenConnectorsShareAPoolOfTomcatsThenItsStateIsTold() {
		StandardThreadExecutor shared = new StandardThreadExecutor();
		shared.setName("shared");
		shared.setNamePrefix("shared-");
		shared.setMinSpareThreads(2);
		shared.setMaxThreads(5);
		shared.setMaxQueueSize(11);
		set(shared).run((context) -> {
			assertThat(ask(context)).startsWith("shared-");
			ExecutorDescriptor tomcat = Runners.shown(context, NAME);
			assertThat(tomcat.coverage()).isEqualTo("state");
			await().untilAsserted(() -> assertThat(Runners.shown(context, NAME).workers())
				.isEqualTo(new ExecutorDescriptor.WorkersDescriptor(0, 2, 5, null, null, null)));
			assertThat(Runners.read(context, NAME).queue())
				.isEqualTo(new ExecutorDescriptor.QueueDescriptor(0, 11, 0.0));
			assertThat(TomcatRunners.protocol(context).getExecutor()).isSameAs(shared);
		});
	}

	@Test
	void whenApplicationSetsABeanThenItsTasksAreCountedThere() {
		this.runner.withBean("requests", ThreadPoolTaskExecutor.class).withBean(SetsBean.class).run((context) -> {
			assertThat(ask(context)).startsWith("requests-");
			assertThat(Runners.shown(context, NAME).coverage()).isEqualTo("none");
			assertThat(Runners.shown(context, NAME).coverageReason()).contains("'requests'");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "requests").completed()).isEqualTo(1));
		});
	}

	@Test
	void whenApplicationSetsAPoolThatIsABeanThenItsTasksAreCountedThere() {
		this.runner.withBean("requests", ExecutorService.class, () -> this.pool)
			.withBean(SetsBean.class)
			.run((context) -> {
				assertThat(ask(context)).startsWith("pool-");
				assertThat(Runners.shown(context, NAME).coverageReason()).contains("'requests'");
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "requests").completed()).isEqualTo(1));
			});
	}

	@Test
	void whenApplicationSetsAnythingElseThenItsTasksAreSeen() {
		Executor lambda = (task) -> this.pool.execute(task);
		set(lambda).run((context) -> {
			assertThat(ask(context)).startsWith("pool-");
			assertThat(Runners.shown(context, NAME).coverage()).isEqualTo("tasks");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, NAME).completed()).isEqualTo(1));
			assertThat(Runners.named(context, NAME)).containsOnlyKeys("request");
		});
	}

	// final methods, which a proxy would break
	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenWhatIsSetCannotBeDecoratedThenSaysSoAndWorks() {
		StandardVirtualThreadExecutor shared = new StandardVirtualThreadExecutor();
		shared.setName("shared");
		set(shared).run((context) -> {
			assertThat(ask(context)).startsWith("tomcat-virt-");
			assertThat(Runners.shown(context, NAME).coverage()).isEqualTo("none");
			assertThat(Runners.shown(context, NAME).coverageReason()).contains("a proxy would break its");
			assertThat(TomcatRunners.protocol(context).getExecutor()).isSameAs(shared);
		});
	}

	/**
	 * Runs the requests on a bean.
	 */
	static class SetsBean implements TomcatProtocolHandlerCustomizer<AbstractProtocol<?>> {

		private final Executor requests;

		SetsBean(Executor requests) {
			this.requests = requests;
		}

		@Override
		public void customize(AbstractProtocol<?> protocol) {
			protocol.setExecutor(this.requests);
		}

	}

}
