// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Stops the start on a version of Spring Boot that is not supported, before the classes
 * load that could not be linked there. Uses only what those versions have, too.
 */
final class SpringBootVersionCheck implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		check(SpringBootVersion.getVersion());
	}

	/**
	 * Checks a version of Spring Boot. Each later 4.x is let through: it keeps what the
	 * versions before it have, unless that is deprecated there.
	 * @param version the version, or null if it is not known
	 * @throws UnsupportedSpringBootException if it is not supported
	 */
	static void check(@Nullable String version) {
		if (version != null && !version.startsWith("4.")) {
			String own = SpringBootVersionCheck.class.getPackage().getImplementationVersion();
			throw new UnsupportedSpringBootException(
					"executor-metrics%s requires Spring Boot 4.x, but this application runs Spring Boot %s."
						.formatted((own != null) ? " " + own : "", version));
		}
	}

	/**
	 * The application runs a version of Spring Boot that is not supported.
	 */
	static final class UnsupportedSpringBootException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		UnsupportedSpringBootException(String message) {
			super(message);
		}

	}

}
