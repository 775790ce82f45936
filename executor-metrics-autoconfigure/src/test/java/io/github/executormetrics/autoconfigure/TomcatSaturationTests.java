// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.actuate.ExecutorsHealthIndicator.VerdictDescriptor;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Real requests that saturate a real Tomcat of four threads, and what health says of it.
 * It is asked for past the server, which has no thread left to answer.
 */
class TomcatSaturationTests {

	private final WebApplicationContextRunner runner = TomcatRunners.with();

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30));
	}

	private static String verdict(ApplicationContext context) {
		VerdictDescriptor verdict = TomcatRunners.starving(context).get(TomcatRunners.NAME);
		return (verdict != null) ? verdict.verdict() : "HEALTHY";
	}

	private static StarvationIncident incident(ApplicationContext context) {
		MonitoredExecutor tomcat = context.getBean(ExecutorRegistry.class).find(TomcatRunners.NAME);
		return context.getBean(ExecutorWatch.class).incidents(tomcat).get(0);
	}

	private static void join(List<CompletableFuture<HttpResponse<String>>> responses) {
		CompletableFuture.allOf(responses.toArray(CompletableFuture[]::new)).orTimeout(30, TimeUnit.SECONDS).join();
		assertThat(responses).allSatisfy((response) -> assertThat(response.join().statusCode()).isEqualTo(200));
	}

	@Test
	void whenRequestsHoldAllThreadsThenStalledUntilTheyAreLetGo() {
		this.runner.withPropertyValues("executor-metrics.limits.stall=500ms").run((context) -> {
			RequestLoad load = context.getBean(RequestLoad.class);
			var responses = load.send(10, "/hold?ms=0");
			await().until(() -> verdict(context).equals("STALLED"));
			ExecutorDescriptor tomcat = Runners.shown(context, TomcatRunners.NAME);
			assertThat(tomcat.workers()).isEqualTo(new ExecutorDescriptor.WorkersDescriptor(4, 0, 4, null, null, null));
			assertThat(tomcat.queue()).satisfies((queue) -> assertThat(queue.depth()).isEqualTo(6));
			StarvationIncident incident = incident(context);
			assertThat(incident.stacks()).singleElement().satisfies((stack) -> {
				assertThat(stack.workers()).isEqualTo(4);
				assertThat(stack.threads()).allMatch((name) -> name.startsWith("http-nio-"));
				assertThat(stack.frames())
					.anyMatch((frame) -> frame.getClassName().equals(RequestLoad.class.getName()));
			});
			load.release();
			join(responses);
			await().until(() -> verdict(context).equals("HEALTHY"));
			assertThat(Runners.shown(context, TomcatRunners.NAME).queue())
				.satisfies((queue) -> assertThat(queue.depth()).isZero());
		});
	}

	@Test
	void whenRequestsAreSlowAndGoOnThenDelayed() {
		this.runner.withPropertyValues("executor-metrics.limits.stall=1s").run((context) -> {
			RequestLoad load = context.getBean(RequestLoad.class);
			AtomicInteger answered = new AtomicInteger();
			var responses = load.send(60, "/slow?ms=200");
			responses.forEach((response) -> response.thenRun(answered::incrementAndGet));
			await().until(() -> verdict(context).equals("DELAYED"));
			assertThat(TomcatRunners.starving(context).get(TomcatRunners.NAME).causes()).singleElement()
				.satisfies((cause) -> assertThat(cause.evidence().get("oldestQueuedMillis").doubleValue())
					.isGreaterThan(100));
			await().until(() -> answered.get() > 40);
			assertThat(verdict(context)).isEqualTo("DELAYED");
			load.release();
			join(responses);
		});
	}

	// a pool that is busy and has nobody waiting was taken for ill
	@Test
	void whenAllThreadsAreBusyAndNoRequestWaitsThenHealthy() {
		this.runner.withPropertyValues("executor-metrics.limits.stall=200ms").run((context) -> {
			RequestLoad load = context.getBean(RequestLoad.class);
			var responses = load.send(4, "/hold?ms=0");
			await().until(() -> Runners.shown(context, TomcatRunners.NAME).workers().busy() == 4);
			Ticks.await(context, 10);
			assertThat(verdict(context)).isEqualTo("HEALTHY");
			load.release();
			join(responses);
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenRequestsOnVirtualThreadsComputeThenTheirTasksAreDelayed() {
		// a watch that gets no core in time judges nothing
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true", "executor-metrics.watch.interval=500ms")
			.run((context) -> {
				RequestLoad load = context.getBean(RequestLoad.class);
				int requests = 60 * Runtime.getRuntime().availableProcessors();
				var responses = load.send(requests, "/compute?ms=100");
				await().until(() -> List.of("DELAYED", "BLOCKED").contains(verdict(context)));
				join(responses);
				// the client has its answer before the task has ended
				await().untilAsserted(() -> assertThat(Runners.tasks(context, TomcatRunners.NAME).completed())
					.isGreaterThanOrEqualTo(requests));
			});
	}

}
