// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.github.executormetrics.autoconfigure.SpringBootVersionCheck.UnsupportedSpringBootException;

/**
 * Reports an unsupported version of Spring Boot without a stack trace.
 */
final class UnsupportedSpringBootFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedSpringBootException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedSpringBootException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), null, cause);
	}

}
