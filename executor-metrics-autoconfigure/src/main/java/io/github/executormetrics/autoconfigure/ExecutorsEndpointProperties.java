// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the endpoint {@code executors}, beside those that Boot has for each.
 *
 * @param showStacks when to show the stacks of workers
 * @param roles roles that are authorized to see stacks; if empty, all authenticated users
 * are authorized
 * @since 0.1.0
 */
@ConfigurationProperties("management.endpoint.executors")
public record ExecutorsEndpointProperties(@DefaultValue("when-authorized") Show showStacks,
		@DefaultValue Set<String> roles) {

}
