// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Baggage;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ScheduledTasksObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryEventPublisherBeansApplicationListener;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Applications with Boot's own tracing over OpenTelemetry, and what a thread sees there.
 */
final class Traces {

	private static final AutoConfigurations BOOTS = AutoConfigurations.of(ObservationAutoConfiguration.class,
			ScheduledTasksObservationAutoConfiguration.class, OpenTelemetrySdkAutoConfiguration.class,
			OpenTelemetryTracingAutoConfiguration.class, NoopTracerAutoConfiguration.class,
			MicrometerTracingAutoConfiguration.class);

	private Traces() {
	}

	/**
	 * An application that traces all there is, whose executors are the test's.
	 */
	static ApplicationContextRunner with() {
		return with(Runners.with());
	}

	static ApplicationContextRunner with(ApplicationContextRunner runner) {
		return runner.withConfiguration(BOOTS)
			// what fills the log's context, which an application finds by itself
			.withInitializer((context) -> context
				.addApplicationListener(new OpenTelemetryEventPublisherBeansApplicationListener()))
			.withPropertyValues("management.tracing.sampling.probability=1",
					"management.tracing.baggage.remote-fields=tenant",
					"management.tracing.baggage.correlation.fields=tenant")
			.withUserConfiguration(Exported.class);
	}

	/**
	 * The same with a tracer of which nobody knows how it keeps its context.
	 */
	static ApplicationContextRunner withHiddenTracer() {
		return with().withBean("hidingTracer", BeanPostProcessor.class, () -> new BeanPostProcessor() {
			@Override
			public Object postProcessAfterInitialization(Object bean, String name) {
				return (bean instanceof Tracer tracer) ? Proxy.newProxyInstance(Tracer.class.getClassLoader(),
						new Class<?>[] { Tracer.class }, (proxy, method, args) -> method.invoke(tracer, args)) : bean;
			}
		});
	}

	static @Nullable String tag(SpanData span, String key) {
		return span.getAttributes().get(AttributeKey.stringKey(key));
	}

	/**
	 * What a thread sees of the context that it is in.
	 *
	 * @param observation the current observation
	 * @param trace the id of the current trace
	 * @param span the id of the current span
	 * @param tenant the baggage
	 * @param mdcTrace what a line of the log has for the trace
	 * @param mdcSpan what it has for the span
	 * @param mdcTenant what it has for the baggage
	 */
	record Seen(@Nullable Observation observation, @Nullable String trace, @Nullable String span,
			@Nullable String tenant, @Nullable String mdcTrace, @Nullable String mdcSpan, @Nullable String mdcTenant) {

		static final Seen NOTHING = new Seen(null, null, null, null, null, null, null);

		static Seen in(BeanFactory context) {
			return in(context.getBean(ObservationRegistry.class), context.getBean(Tracer.class));
		}

		static Seen in(ObservationRegistry observations, Tracer tracer) {
			Span span = tracer.currentSpan();
			Baggage tenant = tracer.getBaggage("tenant");
			return new Seen(observations.getCurrentObservation(), (span != null) ? span.context().traceId() : null,
					(span != null) ? span.context().spanId() : null, (tenant != null) ? tenant.get() : null,
					MDC.get("traceId"), MDC.get("spanId"), MDC.get("tenant"));
		}

		/**
		 * The same where neither Micrometer nor OpenTelemetry has left anything, nor
		 * anybody in the log.
		 */
		static Seen all(ObservationRegistry observations, Tracer tracer) {
			Seen seen = in(observations, tracer);
			boolean clean = Context.current() == Context.root() && observations.getCurrentObservationScope() == null
					&& (MDC.getCopyOfContextMap() == null || MDC.getCopyOfContextMap().isEmpty());
			return (seen.equals(NOTHING) && !clean) ? new Seen(null,
					"left: " + Context.current() + MDC.getCopyOfContextMap(), null, null, null, null, null) : seen;
		}

	}

	/**
	 * A thread within an observation and a baggage.
	 */
	static final class Within implements AutoCloseable {

		private final Observation observation;

		private final Observation.Scope scope;

		private final BaggageInScope baggage;

		Within(BeanFactory context, String name, String tenant) {
			this.observation = Observation.start(name, context.getBean(ObservationRegistry.class));
			this.scope = this.observation.openScope();
			this.baggage = context.getBean(Tracer.class).createBaggageInScope("tenant", tenant);
		}

		@Override
		public void close() {
			this.baggage.close();
			this.scope.close();
			this.observation.stop();
		}

	}

	/**
	 * Spans as they are exported. No bean is the exporter itself, which Boot would have
	 * batched.
	 */
	static final class Spans {

		private final BlockingQueue<SpanData> spans = new LinkedBlockingQueue<>();

		SpanExporter exporter() {
			return new SpanExporter() {
				@Override
				public CompletableResultCode export(Collection<SpanData> spans) {
					Spans.this.spans.addAll(spans);
					return CompletableResultCode.ofSuccess();
				}

				@Override
				public CompletableResultCode flush() {
					return CompletableResultCode.ofSuccess();
				}

				@Override
				public CompletableResultCode shutdown() {
					return CompletableResultCode.ofSuccess();
				}
			};
		}

		SpanData next() throws InterruptedException {
			return Objects.requireNonNull(this.spans.poll(10, TimeUnit.SECONDS), "no span in time");
		}

		List<SpanData> next(int count) throws InterruptedException {
			List<SpanData> next = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				next.add(next());
			}
			return next;
		}

		boolean isEmpty() {
			return this.spans.isEmpty();
		}

	}

	/**
	 * Counts the scopes of observations.
	 */
	static final class ScopeCounter implements ObservationHandler<Observation.Context> {

		private final AtomicInteger opened = new AtomicInteger();

		private final AtomicInteger closed = new AtomicInteger();

		@Override
		public void onScopeOpened(Observation.Context context) {
			this.opened.incrementAndGet();
		}

		@Override
		public void onScopeClosed(Observation.Context context) {
			this.closed.incrementAndGet();
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

		int opened() {
			return this.opened.get();
		}

		int closed() {
			return this.closed.get();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Exported {

		@Bean
		Spans spans() {
			return new Spans();
		}

		@Bean
		SpanProcessor atOnce(Spans spans) {
			return SimpleSpanProcessor.create(spans.exporter());
		}

	}

}
