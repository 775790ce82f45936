// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.troubles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.executormetrics.RaisedCause;
import io.github.executormetrics.StarvationCause;
import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that each trouble is named, all of them made at once in one application with real
 * pools and threads, watched as it is by default but for the grace.
 */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TroublesTests {

	// one test may not see what another made: all see the same troubles
	private final Map<Trouble, Double> seconds = new EnumMap<>(Trouble.class);

	private final Map<Trouble, StarvationIncident> incidents = new EnumMap<>(Trouble.class);

	private ConfigurableApplicationContext application;

	private Troublemaker troublemaker;

	@BeforeAll
	void makeThemAll() throws Exception {
		this.application = new SpringApplicationBuilder(TroubledApplication.class).web(WebApplicationType.NONE)
			.properties("executor-metrics.watch.grace=0s", "spring.lifecycle.timeout-per-shutdown-phase=1s",
					"executor-metrics.executors.loop.limits.stuck=8s", "management.otlp.metrics.export.enabled=false",
					"management.tracing.export.otlp.enabled=false", "management.logging.export.otlp.enabled=false")
			.run();
		this.troublemaker = new Troublemaker(this.application);
		this.troublemaker.callDownstream();
		assertThat(incident(Trouble.SLOW_DOWNSTREAM)).as("at 5 ms").isNull();
		Map<Trouble, Long> started = new EnumMap<>(Trouble.class);
		for (Trouble trouble : Trouble.values()) {
			started.put(trouble, System.nanoTime());
			this.troublemaker.make(trouble);
		}
		Set<Trouble> unseen = EnumSet.allOf(Trouble.class);
		Awaitility.await("all but " + unseen)
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(50))
			.until(() -> {
				for (Trouble trouble : Set.copyOf(unseen)) {
					StarvationIncident incident = incident(trouble);
					if (incident != null && cause(incident, trouble.cause()) != null) {
						unseen.remove(trouble);
						this.incidents.put(trouble, incident);
						this.seconds.put(trouble, (System.nanoTime() - started.get(trouble)) / 1e9);
					}
				}
				return unseen.isEmpty();
			});
		publish();
	}

	@AfterAll
	void end() {
		if (this.troublemaker != null) {
			this.troublemaker.close();
		}
		if (this.application != null) {
			this.application.close();
		}
	}

	private MonitoredExecutor executor(String name) {
		return this.application.getBean(ExecutorRegistry.class).find(name);
	}

	private StarvationIncident incident(Trouble trouble) {
		return this.application.getBean(ExecutorWatch.class)
			.incidents(executor(trouble.executor()))
			.stream()
			.findFirst()
			.orElse(null);
	}

	private static RaisedCause cause(StarvationIncident incident, StarvationCause cause) {
		return incident.causes().stream().filter((raised) -> raised.cause() == cause).findFirst().orElse(null);
	}

	@ParameterizedTest
	@EnumSource
	void isNamed(Trouble trouble) {
		StarvationIncident incident = this.incidents.get(trouble);
		assertThat(incident.executor()).isEqualTo(trouble.executor());
		RaisedCause cause = cause(incident, trouble.cause());
		assertThat(incident.gravest()).as(incident.toString()).isEqualTo(trouble.cause());
		assertThat(cause.detail()).startsWith(trouble.detail());
		assertThat(cause.evidence().keySet()).containsAnyOf("ticks", "tasks");
		assertThat(incident.holding()).as("holding").isNotEmpty();
		assertThat(incident.stacks()).as("stacks").isNotEmpty();
		assertThat(incident.waitsFor()).isEqualTo(switch (trouble) {
			case RING_OF_TWO -> "stock";
			case RING_OF_THREE -> "second";
			case JOINED_RING -> "right";
			case CHAIN -> "reports";
			default -> null;
		});
	}

	@ParameterizedTest
	@EnumSource
	void isNamedInTime(Trouble trouble) {
		// 5 s without a start and two more looks, or three bad looks; the third of a pool
		// that fills up may be later
		double atLeast = (trouble.cause().compareTo(StarvationCause.STALLED) <= 0) ? 5 : 1.9;
		assertThat(this.seconds.get(trouble)).isBetween(atLeast, atLeast + 8);
	}

	@ParameterizedTest
	@EnumSource
	void tasksAreNamedByTheirClass(Trouble trouble) {
		StarvationIncident incident = this.incidents.get(trouble);
		assertThat(incident.holding().keySet())
			.allMatch((name) -> name.startsWith("io.github.executormetrics.troubles.")
					|| name.startsWith("CompletableFuture.") || name.startsWith("TroubledApplication."));
		assertThat(incident.waiting().keySet()).noneMatch((name) -> name.contains("$$") || name.contains("@"));
	}

	@Test
	void whenOneTaskGoesOnThenItIsStuckTooAndItsStackIsTaken() {
		MonitoredExecutor loop = executor("loop");
		ExecutorWatch watch = this.application.getBean(ExecutorWatch.class);
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(watch.report(loop).causes()).anySatisfy((cause) -> {
				assertThat(cause.cause()).isEqualTo(StarvationCause.STUCK);
				assertThat(cause.detail()).startsWith(Troublemaker.class.getName() + " on pool-");
				assertThat(cause.stacks()).singleElement().satisfies((stack) -> {
					assertThat(stack.frames().get(0).getMethodName()).isIn("loop", "onSpinWait");
					assertThat(stack.oldestMillis()).isGreaterThan(TimeUnit.SECONDS.toMillis(8));
					assertThat(stack.threads()).hasSize(1);
				});
			}));
	}

	/** For docs/verdicts.md: what was found, as it was found in this run. */
	private void publish() throws IOException {
		StringBuilder table = new StringBuilder("| trouble | executor | named | | seconds |\n|---|---|---|---|---:|\n");
		for (Trouble trouble : Trouble.values()) {
			StarvationIncident incident = this.incidents.get(trouble);
			String detail = String.valueOf(cause(incident, trouble.cause()).detail());
			String sure = detail.startsWith("proven") ? "proven" : detail.startsWith("suspected") ? "suspected" : "";
			table.append(String.format(Locale.ROOT, "| %s | `%s` | `%s` | %s | %.1f |%n", trouble.words(),
					trouble.executor(), incident.gravest(), sure, this.seconds.get(trouble)));
		}
		Files.writeString(Path.of("target", "troubles-jdk" + Runtime.version().feature() + ".md"), table);
	}

}
