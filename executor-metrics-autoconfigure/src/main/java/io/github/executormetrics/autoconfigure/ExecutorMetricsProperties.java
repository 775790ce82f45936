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
 * @param exclude patterns of bean names that are left alone, such as {@code legacy*}
 * @param async the executors of {@code @Async} methods that are no beans
 * @param sources which executors are watched that are no beans
 * @param health how starvation shows in the health of the application
 * @param watch how the watch looks at the executors
 * @param log how starvation is told in the log
 * @param limits what executors are judged by
 * @param tasks how single tasks are told apart and looked at
 * @param budget how much a task may use before that is counted
 * @param tracing how tasks show in traces
 * @param executors what differs for single executors, by bean name
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

	static final String SAMPLING_ALLOWED = "0, which samples none, or a whole number above is allowed";

	static final String SPANS_ALLOWED = "off, child-only or always is allowed";

	static final String ENABLED = PREFIX + ".enabled";

	/** As good as never: no sum of two overflows a count of nanoseconds. */
	static final Duration NEVER = Duration.ofDays(36_500);

	private static final int MAX_LOOKS_IN_WINDOW = 3_600;

	public ExecutorMetricsProperties {
		positive("watch.interval", watch.interval());
		if (watch.interval().compareTo(Duration.ofMillis(10)) < 0) {
			throw invalid("watch.interval", watch.interval(), "A duration of at least 10ms is allowed");
		}
		if (watch.window().compareTo(watch.interval()) < 0
				|| watch.window().dividedBy(watch.interval()) > MAX_LOOKS_IN_WINDOW) {
			throw invalid("watch.window", watch.window(), "A duration no shorter than " + PREFIX + ".watch.interval ("
					+ watch.interval() + ") and no longer than " + MAX_LOOKS_IN_WINDOW + " times that is allowed");
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
	 * The executors of {@code @Async} methods that are no beans, and the names of such
	 * methods.
	 *
	 * @param enabled whether to name the tasks of {@code @Async} methods after these, and
	 * to meter the executor that they get from an AsyncConfigurer or by default
	 */
	public record Async(@DefaultValue("true") boolean enabled) {

	}

	/**
	 * Which executors are watched that are no beans.
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

		public Watch {
			interval = bounded(interval);
			window = bounded(window);
			grace = bounded(grace);
		}

	}

	/**
	 * How starvation is told in the log.
	 *
	 * @param interval the shortest time between two lines of one cause about one executor
	 */
	public record Log(@DefaultValue("1m") Duration interval) {

		public Log {
			interval = bounded(interval);
		}

	}

	/**
	 * How single tasks are told apart and looked at.
	 *
	 * @param maxNames how many names of tasks are kept apart; the rest is called other
	 * @param timing one task in how many is timed, picked at random; all are counted
	 * @param sampling one task in how many is looked at for CPU time, polls and allocated
	 * bytes, at most one in a millisecond; 0 for none
	 * @param budgets what tasks of a name may use, whatever their executor; a name with a
	 * dot is put in brackets
	 */
	public record Tasks(@DefaultValue("100") int maxNames, @DefaultValue("1") int timing,
			@DefaultValue("64") int sampling, @DefaultValue Map<String, BudgetOverride> budgets) {

	}

	/**
	 * How much a task may use before that is counted as exhausted.
	 *
	 * @param run how long a task may run, not looked at by default
	 * @param cpu how much CPU time a sampled task may use
	 * @param polls how often a sampled task may be put on a CPU
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
	 * How much the tasks of a name or an executor may use; what is not set is that of the
	 * executor or of all.
	 *
	 * @param run how long it may run
	 * @param cpu how much CPU time a sampled task may use
	 * @param polls how often a sampled task may be put on a CPU
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
	 * How tasks show in traces.
	 *
	 * @param propagate whether to carry the trace of who submits a task to its run
	 * @param spans which tasks get a span of their own: none, those of a trace, or all
	 */
	public record Tracing(@DefaultValue("true") boolean propagate, @DefaultValue("off") TaskSpans spans) {

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
	 * @param droppedShare which share of the tasks of a look may be dropped without an
	 * exception, from 0 to 1; with 1 it is never too large
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
	 * What differs for a single executor.
	 *
	 * @param enabled whether to meter it
	 * @param limits what it is judged by
	 * @param budget how much its tasks may use
	 * @param tracing how its tasks show in traces
	 */
	public record Executor(@DefaultValue("true") boolean enabled, @DefaultValue LimitsOverride limits,
			@DefaultValue BudgetOverride budget, @DefaultValue TracingOverride tracing) {

	}

	/**
	 * How the tasks of a single executor show in traces.
	 *
	 * @param propagate whether to carry the trace of who submits a task to its run
	 */
	public record TracingOverride(@Nullable Boolean propagate) {

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
	 * @param droppedShare which share of the tasks of a look may be dropped without an
	 * exception, from 0 to 1; with 1 it is never too large
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
