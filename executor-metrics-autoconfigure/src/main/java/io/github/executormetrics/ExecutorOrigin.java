// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics;

import java.util.Locale;

/**
 * Where an executor comes from.
 *
 * @since 0.1.0
 */
public enum ExecutorOrigin {

	/**
	 * A bean, or what Spring gets for {@code @Async} methods without one.
	 */
	BEAN,

	/**
	 * The threads that an embedded web server handles requests on.
	 */
	WEB_SERVER,

	/**
	 * The JDK itself.
	 */
	JDK,

	/**
	 * A scheduler of Reactor's.
	 */
	REACTOR,

	/**
	 * Made by hand, and handed over by the application.
	 */
	PROGRAMMATIC;

	/**
	 * As it is shown.
	 * @return the name in lower case, with dashes
	 */
	public String tag() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
