// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure.otlp;

import java.time.Duration;

import io.micrometer.core.instrument.Clock;
import io.micrometer.registry.otlp.OtlpHttpMetricsSender;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * Sends through Boot's sender, and tells of a failure at the address nobody configured in
 * one line, at first and then every ten minutes. A failure at any other address is
 * thrown, as Boot's sender does.
 */
final class QuietOtlpMetricsSender extends OtlpHttpMetricsSender {

	/** Where Micrometer sends when nobody has told it where. */
	static final String DEFAULT_ADDRESS = "http://localhost:4318/v1/metrics";

	private static final Log logger = LogFactory.getLog(QuietOtlpMetricsSender.class);

	private static final long INTERVAL = Duration.ofMinutes(10).toNanos();

	private static final int MAX_REASON_LENGTH = 200;

	private final OtlpMetricsSender delegate;

	private final Clock clock;

	private @Nullable Long lastTold;

	QuietOtlpMetricsSender(OtlpMetricsSender delegate, Clock clock) {
		// a subclass, so that the bean keeps its type; what is sent goes to the delegate
		super((request) -> {
			throw new UnsupportedOperationException();
		});
		this.delegate = delegate;
		this.clock = clock;
	}

	@Override
	public void send(Request request) throws Exception {
		try {
			this.delegate.send(request);
		}
		catch (Exception ex) {
			// the configuration of a user may name an address without Boot's property
			if (!DEFAULT_ADDRESS.equals(request.getAddress())) {
				throw ex;
			}
			if (isDue()) {
				logger.info("No OTLP endpoint is configured, and pushing metrics to " + DEFAULT_ADDRESS + " failed ("
						+ reason(ex) + "): set management.otlp.metrics.export.url to push them elsewhere, or "
						+ "management.otlp.metrics.export.enabled=false to stop pushing. "
						+ "This line is logged at most every ten minutes.");
			}
		}
	}

	private synchronized boolean isDue() {
		long now = this.clock.monotonicTime();
		if (this.lastTold != null && now - this.lastTold < INTERVAL) {
			return false;
		}
		this.lastTold = now;
		return true;
	}

	/** What went wrong, in one line: the answer of a server may be a page of HTML. */
	private static String reason(Exception ex) {
		Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
		return StringUtils.truncate(cause.toString().replaceAll("\\s+", " "), MAX_REASON_LENGTH);
	}

}
