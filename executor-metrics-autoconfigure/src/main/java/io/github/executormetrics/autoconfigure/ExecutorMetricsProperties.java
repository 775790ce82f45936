package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.PatternMatchUtils;

import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.watch.WatchSettings;

/**
 * Properties of executor-metrics.
 *
 * @param enabled whether to meter executors at all
 * @param exclude patterns of bean names that are left alone, such as {@code legacy*}
 * @param async the executors of {@code @Async} methods that are no beans
 * @param health how starvation shows in the health of the application
 * @param watch how the watch looks at the executors
 * @param log how starvation is told in the log
 * @param limits what executors are judged by
 * @param executors what differs for single executors, by bean name
 * @since 0.1.0
 */
@ConfigurationProperties(ExecutorMetricsProperties.PREFIX)
public record ExecutorMetricsProperties(@DefaultValue("true") boolean enabled, @DefaultValue List<String> exclude,
		@DefaultValue Async async, @DefaultValue Health health, @DefaultValue Watch watch, @DefaultValue Log log,
		@DefaultValue Limits limits, @DefaultValue Map<String, Executor> executors) {

	static final String PREFIX = "executor-metrics";

	static final String DURATION_ALLOWED = "A positive duration such as 100ms or 5s is allowed";

	static final String COUNT_ALLOWED = "A whole number of at least 1 is allowed";

	public ExecutorMetricsProperties {
		positive("watch.interval", watch.interval());
		if (watch.interval().compareTo(Duration.ofMillis(10)) < 0) {
			throw invalid("watch.interval", watch.interval(), "A duration of at least 10ms is allowed");
		}
		if (watch.window().compareTo(watch.interval()) < 0) {
			throw invalid("watch.window", watch.window(),
					"A duration no shorter than " + PREFIX + ".watch.interval is allowed");
		}
		if (watch.grace().isNegative()) {
			throw invalid("watch.grace", watch.grace(), "Zero or a positive duration such as 10s is allowed");
		}
		positive("watch.raise-after", watch.raiseAfter());
		positive("watch.clear-after", watch.clearAfter());
		positive("log.interval", log.interval());
		limits.asOverride().validate("limits.");
		executors.forEach((name, executor) -> executor.limits().validate("executors." + name + ".limits."));
		if (health.status().isBlank()) {
			throw invalid("health.status", health.status(), "A status code such as STARVED is allowed");
		}
	}

	private static void positive(String property, @Nullable Duration value) {
		if (value != null && (value.isNegative() || value.isZero())) {
			throw invalid(property, value, DURATION_ALLOWED);
		}
	}

	private static void positive(String property, @Nullable Integer value) {
		if (value != null && value <= 0) {
			throw invalid(property, value, COUNT_ALLOWED);
		}
	}

	private static InvalidConfigurationPropertyValueException invalid(String property, Object value, String allowed) {
		return new InvalidConfigurationPropertyValueException(PREFIX + "." + property, value, allowed);
	}

	/**
	 * Why an executor is to be left alone.
	 * @param name the name of the executor
	 * @return which property says so, or null where it is to be metered
	 */
	@Nullable String reasonToLeave(String name) {
		if (PatternMatchUtils.simpleMatch(this.exclude.toArray(String[]::new), name)) {
			return "excluded by " + PREFIX + ".exclude";
		}
		Executor own = this.executors.get(name);
		return (own != null && !own.enabled()) ? "switched off by " + PREFIX + ".executors." + name + ".enabled" : null;
	}

	WatchSettings toWatchSettings() {
		ExecutorLimits limits = this.limits.toLimits();
		Map<String, ExecutorLimits> overrides = this.executors.entrySet()
			.stream()
			.collect(
					Collectors.toUnmodifiableMap(Map.Entry::getKey, (entry) -> entry.getValue().limits().over(limits)));
		return new WatchSettings(this.watch.interval(), this.watch.window(), this.watch.grace(),
				this.watch.raiseAfter(), this.watch.clearAfter(), this.log.interval(), limits, overrides);
	}

	/**
	 * The executors of {@code @Async} methods that are no beans.
	 *
	 * @param enabled whether to meter the executor that an AsyncConfigurer returns
	 */
	public record Async(@DefaultValue("true") boolean enabled) {

	}

	/**
	 * How starvation shows in the health of the application.
	 *
	 * @param status the status of the component while an executor starves
	 */
	public record Health(@DefaultValue("STARVED") String status) {

	}

	/**
	 * How the watch looks at the executors.
	 *
	 * @param interval the time between two looks
	 * @param window the time that shown means and maxima cover
	 * @param grace for how long after the start nothing is judged
	 * @param raiseAfter bad looks in a row until a cause is raised
	 * @param clearAfter good looks in a row until it is cleared
	 */
	public record Watch(@DefaultValue("1s") Duration interval, @DefaultValue("10s") Duration window,
			@DefaultValue("10s") Duration grace, @DefaultValue("3") int raiseAfter, @DefaultValue("5") int clearAfter) {

	}

	/**
	 * How starvation is told in the log.
	 *
	 * @param interval the shortest time between two lines of a level about one executor
	 */
	public record Log(@DefaultValue("1m") Duration interval) {

	}

	/**
	 * What executors are judged by.
	 *
	 * @param meanWait how long tasks may wait on average
	 * @param meanRun how long tasks may run on average while others wait
	 * @param active how many tasks may be active while some queue
	 * @param rejected how many tasks refused with an exception in one look are a fault
	 * @param stall for how long none may start, while tasks are queued and no worker is
	 * idle
	 * @param stuck for how long a single task may run
	 * @param samples how many tasks must have started in a look for their mean wait to
	 * count
	 */
	public record Limits(@DefaultValue("100ms") Duration meanWait, @DefaultValue("50ms") Duration meanRun,
			@DefaultValue("1000") int active, @DefaultValue("1") int rejected, @DefaultValue("5s") Duration stall,
			@DefaultValue("60s") Duration stuck, @DefaultValue("5") int samples) {

		ExecutorLimits toLimits() {
			return new ExecutorLimits(this.meanWait, this.meanRun, this.active, this.rejected, this.stall, this.stuck,
					this.samples);
		}

		private LimitsOverride asOverride() {
			return new LimitsOverride(this.meanWait, this.meanRun, this.active, this.rejected, this.stall, this.stuck,
					this.samples);
		}

	}

	/**
	 * What differs for a single executor.
	 *
	 * @param enabled whether to meter it
	 * @param limits what it is judged by
	 */
	public record Executor(@DefaultValue("true") boolean enabled, @DefaultValue LimitsOverride limits) {

	}

	/**
	 * The limits of a single executor; what is not set is that of all.
	 *
	 * @param meanWait how long tasks may wait on average
	 * @param meanRun how long tasks may run on average while others wait
	 * @param active how many tasks may be active while some queue
	 * @param rejected how many tasks refused with an exception in one look are a fault
	 * @param stall for how long none may start, while tasks are queued and no worker is
	 * idle
	 * @param stuck for how long a single task may run
	 * @param samples how many tasks must have started in a look for their mean wait to
	 * count
	 */
	public record LimitsOverride(@Nullable Duration meanWait, @Nullable Duration meanRun, @Nullable Integer active,
			@Nullable Integer rejected, @Nullable Duration stall, @Nullable Duration stuck, @Nullable Integer samples) {

		private void validate(String path) {
			positive(path + "mean-wait", this.meanWait);
			positive(path + "mean-run", this.meanRun);
			positive(path + "active", this.active);
			positive(path + "rejected", this.rejected);
			positive(path + "stall", this.stall);
			positive(path + "stuck", this.stuck);
			positive(path + "samples", this.samples);
		}

		private ExecutorLimits over(ExecutorLimits all) {
			return new ExecutorLimits(or(this.meanWait, all.meanWait()), or(this.meanRun, all.meanRun()),
					or(this.active, all.active()), or(this.rejected, all.rejected()), or(this.stall, all.stall()),
					or(this.stuck, all.stuck()), or(this.samples, all.samples()));
		}

		private static <T> T or(@Nullable T own, T all) {
			return (own != null) ? own : all;
		}

	}

}
