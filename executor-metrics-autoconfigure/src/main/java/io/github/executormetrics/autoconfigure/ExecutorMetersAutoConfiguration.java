// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.time.Duration;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

import io.github.executormetrics.meters.ExecutorMeterBinder;
import io.github.executormetrics.monitor.CallsInOrder;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorWatch;

/**
 * Registers the meters of every executor, where there is a registry.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { ExecutorMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
		SimpleMetricsExportAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class })
@ConditionalOnClass({ MeterRegistry.class, MetricsAutoConfiguration.class })
@ConditionalOnBean(MeterRegistry.class)
@Conditional(OnExecutorMetricsEnabled.class)
public final class ExecutorMetersAutoConfiguration {

	@Bean
	@ConditionalOnBean(value = ExecutorRegistry.class, search = SearchStrategy.CURRENT)
	ExecutorMeterRegistration executorMeterRegistration(ExecutorRegistry executors, ExecutorWatch watch,
			MeterRegistry registry, EarlyProperties properties, ApplicationContext context) {
		return new ExecutorMeterRegistration(executors, watch, new ExecutorMeterBinder(registry, nameOf(context)),
				properties.get().enabled());
	}

	private static final String THREAD = "executor-metrics-meters";

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	/**
	 * A name that the context has at each start, too.
	 */
	private static String nameOf(ApplicationContext context) {
		return Stream.of(context.getId(), context.getDisplayName())
			.filter((name) -> name != null && !name.contains("@"))
			.findFirst()
			.orElse("child");
	}

	/**
	 * Binds once all singletons are there, and each later executor as it comes.
	 */
	static final class ExecutorMeterRegistration
			implements SmartInitializingSingleton, DisposableBean, ExecutorRegistry.Listener {

		private final ExecutorRegistry executors;

		private final ExecutorWatch watch;

		private final ExecutorMeterBinder binder;

		private final boolean enabled;

		// in that order, on whatever thread gets to it
		private final CallsInOrder removals = new CallsInOrder();

		ExecutorMeterRegistration(ExecutorRegistry executors, ExecutorWatch watch, ExecutorMeterBinder binder,
				boolean enabled) {
			this.executors = executors;
			this.watch = watch;
			this.binder = binder;
			this.enabled = enabled;
		}

		@Override
		public void afterSingletonsInstantiated() {
			if (!this.enabled) {
				return;
			}
			this.executors.onEach(this);
			this.watch.onLateness(this.binder.bindWatch(this.watch, ExecutorWatch::ticks));
		}

		@Override
		public void added(MonitoredExecutor executor) {
			this.binder.bind(executor);
		}

		@Override
		public void removed(MonitoredExecutor executor) {
			remove(() -> this.binder.unbind(executor));
		}

		@Override
		public void destroy() {
			// the registry may be shared and outlive this application context, and an
			// executor may first be used while that closes
			this.executors.remove(this);
			remove(this.binder::unbind);
		}

		/**
		 * Waits a while only: a registry that hangs must not keep the application context
		 * from closing.
		 */
		private void remove(Runnable removal) {
			this.removals.add(removal);
			Thread thread = new Thread(this.removals::make, THREAD);
			thread.setDaemon(true);
			thread.start();
			try {
				thread.join(PATIENCE.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
