// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.StarvationIncident;
import io.github.executormetrics.actuate.ExecutorDescriptor;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A healthy application raises nothing, and no task of it is lost: for 8 seconds in each
 * build, for 20 seconds at the default settings with the profile {@code long}, and for an
 * hour at 256 MB with the profile {@code soak}.
 */
@Tag("live")
class PeaceSoakTests {

	private static final Log logger = LogFactory.getLog(PeaceSoakTests.class);

	private static final List<String> EXECUTORS = List.of("calls", "jobs", "mails", "orders", "reports", "timers");

	private final ApplicationContextRunner application = Runners.with()
		.withUserConfiguration(HealthyLoad.Executors.class);

	// each phase of the load once, and five ticks that are judged
	@Test
	void whenLoadIsHealthyAndGraceIsShortThenNothingIsRaised() {
		this.application.withPropertyValues("executor-metrics.watch.grace=3s")
			.run((context) -> assertPeace(context, Duration.ofSeconds(8),
					new HealthyLoad(Duration.ofSeconds(2), Duration.ofSeconds(7))));
	}

	@Test
	@Tag("long")
	void whenLoadIsHealthyThenNothingIsRaised() {
		this.application.run((context) -> assertPeace(context, Duration.ofSeconds(20),
				new HealthyLoad(Duration.ofSeconds(2), Duration.ofSeconds(7))));
	}

	@Test
	void whenLoadIsHealthyForLongThenNothingIsRaised() {
		long minutes = Long.getLong("peace.soak.minutes", 0);
		Assumptions.assumeTrue(minutes > 0, "runs with the profile soak");
		// its long tasks are longer than the limit of those that are stuck
		this.application.run((context) -> assertPeace(context, Duration.ofMinutes(minutes),
				new HealthyLoad(Duration.ofSeconds(10), Duration.ofSeconds(75))));
	}

	@Test
	void whenWorkersAreHeldUnderTheSameLoadThenThatExecutorIsRaised() {
		this.application.withPropertyValues("executor-metrics.watch.grace=0s").run((context) -> {
			HealthyLoad load = new HealthyLoad(Duration.ofSeconds(2), Duration.ofSeconds(7));
			CountDownLatch released = new CountDownLatch(1);
			load.start(context);
			try {
				ThreadPoolTaskExecutor mails = context.getBean("mails", ThreadPoolTaskExecutor.class);
				for (int i = 0; i < mails.getCorePoolSize(); i++) {
					mails.submit(() -> released.await(1, TimeUnit.MINUTES));
				}
				Awaitility.await().until(() -> !incidents(context, "mails").isEmpty());
			}
			finally {
				released.countDown();
				load.stop();
			}
		});
	}

	private static void assertPeace(BeanFactory context, Duration duration, HealthyLoad load) throws Exception {
		ExecutorWatch watch = context.getBean(ExecutorWatch.class);
		Figures figures = new Figures(context);
		load.start(context);
		long before = watch.ticks();
		long end = System.nanoTime() + duration.toNanos();
		while (System.nanoTime() < end) {
			LockSupport.parkNanos(Math.min(TimeUnit.MILLISECONDS.toNanos(500), end - System.nanoTime()));
			figures.look();
		}
		long ticks = watch.ticks() - before;
		load.stop();
		Map<String, Long> handed = new TreeMap<>();
		load.handed().forEach((name, tasks) -> handed.put(name, tasks.sum()));
		// so many that a look judges them by their mean
		assertThat(handed).containsOnlyKeys(EXECUTORS)
			.allSatisfy((name, tasks) -> assertThat(tasks).as(name).isGreaterThan(10 * duration.toSeconds()));
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(tasks(context, ExecutorDescriptor.TasksDescriptor::completed)).isEqualTo(handed));
		logger.info(figures.describe(duration, ticks, handed));
		for (String name : EXECUTORS) {
			assertThat(incidents(context, name)).as(name).isEmpty();
		}
		assertThat(tasks(context, ExecutorDescriptor.TasksDescriptor::submitted)).isEqualTo(handed);
		assertThat(tasks(context, ExecutorDescriptor.TasksDescriptor::active)).values().containsOnly(0L);
		assertThat(tasks(context, ExecutorDescriptor.TasksDescriptor::cancelled)).values().containsOnly(0L);
		assertThat(tasks(context, ExecutorDescriptor.TasksDescriptor::rejected)).values().containsOnly(0L);
		// each look lies a second after the one before, which may have been late
		assertThat(ticks).isBetween(duration.toSeconds() / 2, duration.toSeconds() + 1);
	}

	private static List<StarvationIncident> incidents(BeanFactory context, String name) {
		MonitoredExecutor executor = context.getBean(ExecutorRegistry.class).find(name);
		assertThat(executor).as(name).isNotNull();
		return context.getBean(ExecutorWatch.class).incidents(executor);
	}

	private static Map<String, Long> tasks(BeanFactory context,
			ToLongFunction<ExecutorDescriptor.TasksDescriptor> count) {
		return EXECUTORS.stream()
			.collect(Collectors.toMap((name) -> name, (name) -> count.applyAsLong(Runners.tasks(context, name))));
	}

	/**
	 * What the peace was like.
	 */
	private static final class Figures {

		private final BeanFactory context;

		private final long collections = collected(GarbageCollectorMXBean::getCollectionCount);

		private final long collecting = collected(GarbageCollectorMXBean::getCollectionTime);

		private final Map<String, Double> maxWaits = new TreeMap<>();

		private double maxLate;

		Figures(BeanFactory context) {
			this.context = context;
		}

		/** Maxima cover the last seconds only, so this is called more often. */
		void look() {
			for (String name : EXECUTORS) {
				ExecutorDescriptor.TimesDescriptor waits = Runners.shown(this.context, name).waits();
				assertThat(waits).as(name).isNotNull();
				if (waits.maxMillis() != null) {
					this.maxWaits.merge(name, waits.maxMillis(), Math::max);
				}
			}
			this.maxLate = Math.max(this.maxLate,
					this.context.getBean(MeterRegistry.class)
						.get("executor.watch.late")
						.timer()
						.max(TimeUnit.MILLISECONDS));
		}

		String describe(Duration duration, long ticks, Map<String, Long> tasks) {
			return String.format(Locale.ROOT,
					"Peace of %s on JDK %s: tasks %s; longest waits in ms %s; %d looks, the latest by %.1f ms; %d collections in %d ms",
					duration, Runtime.version(), tasks, this.maxWaits, ticks, this.maxLate,
					collected(GarbageCollectorMXBean::getCollectionCount) - this.collections,
					collected(GarbageCollectorMXBean::getCollectionTime) - this.collecting);
		}

		private static long collected(ToLongFunction<GarbageCollectorMXBean> count) {
			return ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(count).sum();
		}

	}

}
