// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Lazy;
import org.springframework.util.PatternMatchUtils;

import io.github.executormetrics.ExecutorLimits;
import io.github.executormetrics.TaskSpans;
import io.github.executormetrics.task.TaskBudget;
import io.github.executormetrics.task.TaskNaming;
import io.github.executormetrics.task.TaskSettings;
import io.github.executormetrics.watch.WatchSettings;

/**
 * Properties of executor-metrics.
 *
 * @param enabled whether to meter executors at all
 * @param exclude patterns of the names of beans that are left unchanged, such as legacy*
 * @param async settings of {@code @Async} methods and of their executors that are not
 * beans
 * @param sources executors to watch that are not beans
 * @param health how starvation appears in the health of the application
 * @param watch how the watch reads the executors
 * @param log how starvation is reported in the log
 * @param limits limits for the verdicts on executors
 * @param tasks how tasks are named, timed and sampled
 * @param budget how much a task may use
 * @param tracing how tasks appear in traces
 * @param executors settings of single executors, by bean name
 * @since 0.1.0
 */
@ConfigurationProperties(ExecutorMetricsProperties.PREFIX)
@Lazy
public record ExecutorMetricsProperties(@DefaultValue("true") boolean enabled, @DefaultValue List<String> exclude,
		@DefaultValue Async async, @DefaultValue Sources sources, @DefaultValue Health health,
		@DefaultValue Watch watch, @DefaultValue Log log, @DefaultValue Limits limits, @DefaultValue Tasks tasks,
		@DefaultValue Budget budget, @DefaultValue Tracing tracing, @DefaultValue Map<String, Executor> executors) {

	static final String PREFIX = "executor-metrics";

	static final String DURATION_ALLOWED = "A positive duration such as 100ms or 5s is allowed";

	static final String COUNT_ALLOWED = "A whole number of at least 1 is allowed";

	static final String SHARE_ALLOWED = "A number from 0 to 1 is allowed";

	static final String SAMPLING_ALLOWED = "0 (no sampling) or a positive whole number is allowed";

	static final String SPANS_ALLOWED = "off, child-only or always is allowed";

	static final String ENABLED = PREFIX + ".enabled";

	/** As good as never: no sum of two overflows a count of nanoseconds. */
	static final Duration NEVER = Duration.ofDays(36_500);

	private static final int MAX_TICKS_IN_WINDOW = 3_600;

	public ExecutorMetricsProperties {
		positive("watch.interval", watch.interval());
		if (watch.interval().compareTo(Duration.ofMillis(10)) < 0) {
			throw invalid("watch.interval", watch.interval(), "A duration of at least 10ms is allowed");
		}
		if (watch.window().compareTo(watch.interval()) < 0
				|| watch.window().dividedBy(watch.interval()) > MAX_TICKS_IN_WINDOW) {
			throw invalid("watch.window", watch.window(), "A duration of at least " + PREFIX + ".watch.interval ("
					+ watch.interval() + ") and at most " + MAX_TICKS_IN_WINDOW + " times as long is allowed");
		}
		if (watch.grace().isNegative()) {
			throw invalid("watch.grace", watch.grace(), "Zero or a positive duration such as 10s is allowed");
		}
		positive("watch.raise-after", watch.raiseAfter());
		positive("watch.clear-after", watch.clearAfter());
		positive("log.interval", log.interval());
		limits.asOverride().validate("limits.");
		positive("tasks.max-names", tasks.maxNames());
		positive("tasks.timing", tasks.timing());
		if (tasks.sampling() < 0) {
			throw invalid("tasks.sampling", tasks.sampling(), SAMPLING_ALLOWED);
		}
		budget.asOverride().validate("budget.");
		tasks.budgets().forEach((name, own) -> own.validate("tasks.budgets[" + name + "]."));
		executors.forEach((name, executor) -> {
			executor.limits().validate("executors." + name + ".limits.");
			executor.budget().validate("executors." + name + ".budget.");
		});
		if (health.status().isBlank()) {
			throw invalid("health.status", health.status(), "A status code such as STARVED is allowed");
		}
		executors = (executors instanceof ByExecutorName) ? executors : ByExecutorName.of(executors, Set.of());
	}

	/**
	 * The same properties, where it is known which executors there are.
	 * @param names names of executors
	 * @return properties that set nothing for an executor by a key that could mean
	 * several
	 */
	ExecutorMetricsProperties forExecutors(Collection<String> names) {
		return new ExecutorMetricsProperties(this.enabled, this.exclude, this.async, this.sources, this.health,
				this.watch, this.log, this.limits, this.tasks, this.budget, this.tracing,
				ByExecutorName.of(this.executors, names));
	}

	private ByExecutorName<Executor> byName() {
		return (ByExecutorName<Executor>) this.executors;
	}

	private static Duration bounded(Duration value) {
		return (value.compareTo(NEVER) < 0) ? value : NEVER;
	}

	private static @Nullable Duration boundedOrNull(@Nullable Duration value) {
		return (value != null) ? bounded(value) : null;
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

	private static void share(String property, @Nullable Double value) {
		// not a number is neither
		if (value != null && !(value >= 0 && value <= 1)) {
			throw invalid(property, value, SHARE_ALLOWED);
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

	/**
	 * Whether the tasks of an executor carry the trace of who submits them.
	 * @param name the name of the executor
	 * @return what is set for it, or for all
	 */
	boolean propagate(String name) {
		Executor own = this.executors.get(name);
		Boolean propagate = (own != null) ? own.tracing().propagate() : null;
		return (propagate != null) ? propagate : this.tracing.propagate();
	}

	WatchSettings toWatchSettings() {
		ExecutorLimits limits = this.limits.toLimits();
		Map<String, ExecutorLimits> overrides = byName().map((executor) -> executor.limits().over(limits));
		return new WatchSettings(this.watch.interval(), this.watch.window(), this.watch.grace(),
				this.watch.raiseAfter(), this.watch.clearAfter(), this.log.interval(), limits, overrides);
	}

	TaskSettings toTaskSettings() {
		return new TaskSettings(new TaskNaming(this.tasks.maxNames()), this.tasks.timing(), this.tasks.sampling(),
				this.budget.asOverride().toBudget(), byName().map((executor) -> executor.budget().toBudget()),
				this.tasks.budgets()
					.entrySet()
					.stream()
					.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, (entry) -> entry.getValue().toBudget())));
	}

	/**
	 * Settings of {@code @Async} methods and of their executors that are not beans.
	 *
	 * @param enabled whether to name the tasks of @Async methods after the method, and to
	 * meter the executor that they get from an AsyncConfigurer or by default
	 */
	public record Async(@DefaultValue("true") boolean enabled) {

	}

	/**
	 * Executors to watch that are not beans.
	 *
	 * @param webServer whether to watch the threads of the embedded Tomcat or Jetty
	 * @param commonPool whether to watch the common pool of the JDK
	 * @param virtualThreads whether to watch the JDK's scheduler of virtual threads
	 * @param reactor whether to watch the schedulers of Reactor
	 */
	public record Sources(@DefaultValue("true") boolean webServer, @DefaultValue("true") boolean commonPool,
			@DefaultValue("true") boolean virtualThreads, @DefaultValue("true") boolean reactor) {

	}

	/**
	 * How starvation appears in the health of the application.
	 *
	 * @param status status of the health component while an executor starves
	 */
	public record Health(@DefaultValue("STARVED") String status) {

	}

	/**
	 * How the watch reads the executors.
	 *
	 * @param interval time between two ticks
	 * @param window time that the shown means and maxima cover
	 * @param grace time after the start in which nothing is judged
	 * @param raiseAfter bad ticks in a row until a cause is raised
	 * @param clearAfter good ticks in a row until a cause is cleared
	 */
	public record Watch(@DefaultValue("1s") Duration interval, @DefaultValue("10s") Duration window,
			@DefaultValue("10s") Duration grace, @DefaultValue("3") int raiseAfter, @DefaultValue("5") int clearAfter) {

		public Watch {
			interval = bounded(interval);
			window = bounded(window);
			grace = bounded(grace);
		}

	}

	/**
	 * How starvation is reported in the log.
	 *
	 * @param interval shortest time between two lines of one cause about one executor
	 */
	public record Log(@DefaultValue("1m") Duration interval) {

		public Log {
			interval = bounded(interval);
		}

	}

	/**
	 * How tasks are named, timed and sampled.
	 *
	 * @param maxNames number of task names that are kept; all others are reported as
	 * other
	 * @param timing one task in this many is timed, picked at random; all are counted
	 * @param sampling one task in this many is sampled for CPU time, polls and allocated
	 * bytes, at most one a millisecond; 0 means none
	 * @param budgets budgets of the tasks of a name, on every executor; a name with a dot
	 * is put in brackets
	 */
	public record Tasks(@DefaultValue("100") int maxNames, @DefaultValue("1") int timing,
			@DefaultValue("64") int sampling, @DefaultValue Map<String, BudgetOverride> budgets) {

	}

	/**
	 * How much a task may use before its budget counts as exhausted.
	 *
	 * @param run time that a task may run; by default it is not checked
	 * @param cpu CPU time that a sampled task may use
	 * @param polls number of times that a sampled task may be put on a CPU
	 */
	public record Budget(@Nullable Duration run, @DefaultValue("100ms") Duration cpu, @DefaultValue("100") int polls) {

		public Budget {
			run = boundedOrNull(run);
			cpu = bounded(cpu);
		}

		private BudgetOverride asOverride() {
			return new BudgetOverride(this.run, this.cpu, this.polls);
		}

	}

	/**
	 * How much the tasks of a name or of an executor may use. Where a value is not set,
	 * that of the executor or of all executors applies.
	 *
	 * @param run time that a task may run
	 * @param cpu CPU time that a sampled task may use
	 * @param polls number of times that a sampled task may be put on a CPU
	 */
	public record BudgetOverride(@Nullable Duration run, @Nullable Duration cpu, @Nullable Integer polls) {

		public BudgetOverride {
			run = boundedOrNull(run);
			cpu = boundedOrNull(cpu);
		}

		private void validate(String path) {
			positive(path + "run", this.run);
			positive(path + "cpu", this.cpu);
			positive(path + "polls", this.polls);
		}

		private TaskBudget toBudget() {
			return new TaskBudget(this.run, this.cpu, this.polls);
		}

	}

	/**
	 * How tasks appear in traces.
	 *
	 * @param propagate whether to carry the trace of the submitter to the run of its task
	 * @param spans tasks that get a span of their own: none (off), those within a trace
	 * (child-only), or all (always)
	 */
	public record Tracing(@DefaultValue("true") boolean propagate, @DefaultValue("off") TaskSpans spans) {

	}

	/**
	 * Limits for the verdicts on executors.
	 *
	 * @param meanWait time that tasks may wait on average
	 * @param meanRun time that tasks may run on average while others wait
	 * @param active number of tasks that may be active while some are queued
	 * @param rejected number of tasks rejected with an exception that make a tick bad
	 * @param stall longest time without a task start while tasks are queued and no worker
	 * is idle
	 * @param stuck time that a single task may run; if tasks of its name take longer, it
	 * may take three times the mean of their runs
	 * @param samples number of tasks that must have started in a tick for their mean wait
	 * to count
	 * @param droppedShare share of the tasks of a tick that may be dropped without an
	 * exception, from 0 to 1; with 1 nothing is reported
	 */
	public record Limits(@DefaultValue("100ms") Duration meanWait, @DefaultValue("50ms") Duration meanRun,
			@DefaultValue("1000") int active, @DefaultValue("1") int rejected, @DefaultValue("5s") Duration stall,
			@DefaultValue("60s") Duration stuck, @DefaultValue("5") int samples,
			@DefaultValue("0.05") double droppedShare) {

		public Limits {
			meanWait = bounded(meanWait);
			meanRun = bounded(meanRun);
			stall = bounded(stall);
			stuck = bounded(stuck);
		}

		ExecutorLimits toLimits() {
			return new ExecutorLimits(this.meanWait, this.meanRun, this.active, this.rejected, this.stall, this.stuck,
					this.samples, this.droppedShare);
		}

		private LimitsOverride asOverride() {
			return new LimitsOverride(this.meanWait, this.meanRun, this.active, this.rejected, this.stall, this.stuck,
					this.samples, this.droppedShare);
		}

	}

	/**
	 * Settings of a single executor.
	 *
	 * @param enabled whether to meter the executor
	 * @param limits limits for the verdicts on the executor
	 * @param budget how much a task of the executor may use
	 * @param tracing how the tasks of the executor appear in traces
	 */
	public record Executor(@DefaultValue("true") boolean enabled, @DefaultValue LimitsOverride limits,
			@DefaultValue BudgetOverride budget, @DefaultValue TracingOverride tracing) {

	}

	/**
	 * How the tasks of a single executor appear in traces.
	 *
	 * @param propagate whether to carry the trace of the submitter to the run of its task
	 */
	public record TracingOverride(@Nullable Boolean propagate) {

	}

	/**
	 * Limits of a single executor. Where a value is not set, that of all executors
	 * applies.
	 *
	 * @param meanWait time that tasks may wait on average
	 * @param meanRun time that tasks may run on average while others wait
	 * @param active number of tasks that may be active while some are queued
	 * @param rejected number of tasks rejected with an exception that make a tick bad
	 * @param stall longest time without a task start while tasks are queued and no worker
	 * is idle
	 * @param stuck time that a single task may run; if tasks of its name take longer, it
	 * may take three times the mean of their runs
	 * @param samples number of tasks that must have started in a tick for their mean wait
	 * to count
	 * @param droppedShare share of the tasks of a tick that may be dropped without an
	 * exception, from 0 to 1; with 1 nothing is reported
	 */
	public record LimitsOverride(@Nullable Duration meanWait, @Nullable Duration meanRun, @Nullable Integer active,
			@Nullable Integer rejected, @Nullable Duration stall, @Nullable Duration stuck, @Nullable Integer samples,
			@Nullable Double droppedShare) {

		public LimitsOverride {
			meanWait = boundedOrNull(meanWait);
			meanRun = boundedOrNull(meanRun);
			stall = boundedOrNull(stall);
			stuck = boundedOrNull(stuck);
		}

		private void validate(String path) {
			positive(path + "mean-wait", this.meanWait);
			positive(path + "mean-run", this.meanRun);
			positive(path + "active", this.active);
			positive(path + "rejected", this.rejected);
			positive(path + "stall", this.stall);
			positive(path + "stuck", this.stuck);
			positive(path + "samples", this.samples);
			share(path + "dropped-share", this.droppedShare);
		}

		private ExecutorLimits over(ExecutorLimits all) {
			return new ExecutorLimits(or(this.meanWait, all.meanWait()), or(this.meanRun, all.meanRun()),
					or(this.active, all.active()), or(this.rejected, all.rejected()), or(this.stall, all.stall()),
					or(this.stuck, all.stuck()), or(this.samples, all.samples()),
					or(this.droppedShare, all.droppedShare()));
		}

		private static <T> T or(@Nullable T own, T all) {
			return (own != null) ? own : all;
		}

	}

}
