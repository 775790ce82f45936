// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.actuate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import io.github.executormetrics.actuate.ExecutorDescriptor.CauseDescriptor;
import io.github.executormetrics.actuate.ExecutorDescriptor.UnansweredDescriptor;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorReport;
import io.github.executormetrics.watch.ExecutorWatch;

/**
 * Health of the executors: UP, or a status of its own while any of them starves, with
 * each of those and its causes named in the details, and those of which nothing is seen
 * or which do not answer.
 *
 * @since 0.1.0
 */
public class ExecutorsHealthIndicator extends AbstractHealthIndicator {

	private final ExecutorRegistry registry;

	private final ExecutorWatch watch;

	private final Status starved;

	/**
	 * Create an indicator.
	 * @param registry the executors
	 * @param watch what judges them
	 * @param starved the status while an executor starves, or the watch has come to a
	 * halt
	 */
	public ExecutorsHealthIndicator(ExecutorRegistry registry, ExecutorWatch watch, Status starved) {
		super("Reading the executors failed");
		this.registry = registry;
		this.watch = watch;
		this.starved = starved;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Map<String, VerdictDescriptor> starving = new LinkedHashMap<>();
		// what is wrong though it does not starve, by the verdict
		Map<String, Map<String, VerdictDescriptor>> others = new TreeMap<>();
		Map<String, VerdictDescriptor> unknown = new LinkedHashMap<>();
		int executors = 0;
		for (MonitoredExecutor executor : this.registry.all()) {
			executors++;
			ExecutorReport report = this.watch.report(executor);
			if (report.isStarved()) {
				starving.put(executor.name(), VerdictDescriptor.of(report));
			}
			else if (report.unanswered() == null && !report.causes().isEmpty()) {
				others.computeIfAbsent(report.causes().get(0).cause().tag(), (added) -> new LinkedHashMap<>())
					.put(executor.name(), VerdictDescriptor.of(report));
			}
			if (ExecutorReport.UNKNOWN.equals(this.watch.verdict(executor))) {
				unknown.put(executor.name(), VerdictDescriptor.unknown(executor, report));
			}
		}
		Duration halt = this.watch.halt();
		builder.status((starving.isEmpty() && halt == null) ? Status.UP : this.starved)
			.withDetail("executors", executors);
		if (halt != null) {
			builder.withDetail("watch",
					"no tick has ended for " + halt.toSeconds() + " s; the verdicts are those of the last tick");
		}
		if (!starving.isEmpty()) {
			builder.withDetail("starving", starving);
		}
		others.forEach(builder::withDetail);
		if (!unknown.isEmpty()) {
			builder.withDetail("unknown", unknown);
		}
	}

	/**
	 * What is said of an executor.
	 *
	 * @param verdict the gravest cause, or UNKNOWN
	 * @param coverageReason why nothing of it is seen, left out where something is
	 * @param unanswered that it does not answer, left out where it does
	 * @param causes the causes that stand, the gravest first
	 */
	public record VerdictDescriptor(String verdict, @Nullable String coverageReason,
			@Nullable UnansweredDescriptor unanswered, List<CauseDescriptor> causes) {

		static VerdictDescriptor of(ExecutorReport report) {
			return new VerdictDescriptor(report.gravest(), null, null,
					CauseDescriptor.all(report.causes(), false, false));
		}

		static VerdictDescriptor unknown(MonitoredExecutor executor, ExecutorReport report) {
			boolean unseen = report.unanswered() == null;
			return new VerdictDescriptor(ExecutorReport.UNKNOWN, unseen ? executor.coverageReason() : null,
					UnansweredDescriptor.of(report.unanswered(), false), List.of());
		}

	}

}
