// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * To whom stacks are shown, for what needs no actuator: the values of its {@code Show},
 * which {@link ExecutorsEndpointProperties} binds, in any spelling that Boot takes there.
 */
enum ShowStacks {

	NEVER, WHEN_AUTHORIZED, ALWAYS;

	static final String PROPERTY = "management.endpoint.executors.show-stacks";

	/**
	 * Binds the property.
	 * @param environment where it is set
	 * @return its value, or the default of the endpoint where none is set
	 * @throws org.springframework.boot.context.properties.bind.BindException where it has
	 * a value that the endpoint does not take either
	 */
	static ShowStacks of(Environment environment) {
		return Binder.get(environment).bind(PROPERTY, ShowStacks.class).orElse(WHEN_AUTHORIZED);
	}

}
