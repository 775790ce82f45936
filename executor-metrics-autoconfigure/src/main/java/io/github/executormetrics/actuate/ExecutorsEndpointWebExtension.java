// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.actuate;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

import io.github.executormetrics.actuate.ExecutorsEndpoint.ExecutorsDescriptor;
import io.github.executormetrics.actuate.ExecutorsEndpoint.UnknownDescriptor;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} of the {@link ExecutorsEndpoint}:
 * shows stacks to whom they may be shown.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = ExecutorsEndpoint.class)
public class ExecutorsEndpointWebExtension {

	private final ExecutorsEndpoint delegate;

	private final Show showStacks;

	private final Set<String> roles;

	/**
	 * Create an extension.
	 * @param delegate the endpoint
	 * @param showStacks when to show the stacks of workers
	 * @param roles who is authorized, everybody who is authenticated where empty
	 */
	public ExecutorsEndpointWebExtension(ExecutorsEndpoint delegate, Show showStacks, Set<String> roles) {
		this.delegate = delegate;
		this.showStacks = showStacks;
		this.roles = roles;
	}

	/**
	 * Show all executors.
	 * @param securityContext who asks
	 * @return a descriptor of each, by name, and the threads that work for none
	 */
	@ReadOperation
	public ExecutorsDescriptor executors(SecurityContext securityContext) {
		return this.delegate.executors(isShown(securityContext));
	}

	/**
	 * Show one executor.
	 * @param securityContext who asks
	 * @param name its bean name
	 * @return its descriptor with more detail, or 404 with the names of those there are
	 */
	@ReadOperation
	public Object executor(SecurityContext securityContext, @Selector String name) {
		return at(securityContext, name);
	}

	/**
	 * Show what is kept of an executor's incidents, or one executor with a slash in its
	 * name.
	 * @param securityContext who asks
	 * @param name its bean name
	 * @param part {@code incidents}, or {@code details}
	 * @return the incidents, or 404 with the names of those there are
	 */
	@ReadOperation
	public Object incidents(SecurityContext securityContext, @Selector String name, @Selector String part) {
		return at(securityContext, name, part);
	}

	/**
	 * Shows an executor with slashes in its name, or its incidents.
	 * @param securityContext who asks
	 * @param path the name, with {@code incidents} or {@code details} after it or nothing
	 * @return details or incidents, or 404 with the names of those there are
	 */
	@ReadOperation
	public Object at(SecurityContext securityContext, @Selector(match = Match.ALL_REMAINING) String... path) {
		Object found = this.delegate.at(path, isShown(securityContext));
		return (found != null) ? found
				: new WebEndpointResponse<>(this.delegate.unknown(path), WebEndpointResponse.STATUS_NOT_FOUND);
	}

	/**
	 * Forget the incidents of an executor that are over.
	 * @param name its bean name
	 * @param part {@code incidents}
	 * @return 204, or 404 where there is no such executor or part
	 */
	@DeleteOperation
	public WebEndpointResponse<UnknownDescriptor> clearIncidents(@Selector String name, @Selector String part) {
		return clearIncidentsAt(name, part);
	}

	/**
	 * Forgets the incidents of an executor with slashes in its name.
	 * @param path the name, and {@code incidents} after it
	 * @return 204, or 404 where there is no such executor or part
	 */
	@DeleteOperation
	public WebEndpointResponse<UnknownDescriptor> clearIncidentsAt(
			@Selector(match = Match.ALL_REMAINING) String... path) {
		return (this.delegate.clearIncidents(path) != null)
				? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)
				: new WebEndpointResponse<>(this.delegate.unknown(path), WebEndpointResponse.STATUS_NOT_FOUND);
	}

	private boolean isShown(SecurityContext securityContext) {
		return this.showStacks.isShown(securityContext, this.roles);
	}

}
