package io.github.executormetrics.actuate;

import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

import io.github.executormetrics.actuate.ExecutorsEndpoint.IncidentsDescriptor;

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
	 * Show one executor.
	 * @param securityContext who asks
	 * @param name its bean name
	 * @return its descriptor with more detail, or null where there is none of that name
	 */
	@ReadOperation
	public @Nullable ExecutorDetailsDescriptor executor(SecurityContext securityContext, @Selector String name) {
		return this.delegate.executor(name, isShown(securityContext));
	}

	/**
	 * Show what is kept of an executor's incidents.
	 * @param securityContext who asks
	 * @param name its bean name
	 * @param part {@code incidents}
	 * @return the incidents, or null where there is no such executor or part
	 */
	@ReadOperation
	public @Nullable IncidentsDescriptor incidents(SecurityContext securityContext, @Selector String name,
			@Selector String part) {
		return this.delegate.incidents(name, part, isShown(securityContext));
	}

	/**
	 * Forget the incidents of an executor that are over.
	 * @param name its bean name
	 * @param part {@code incidents}
	 * @return 204, or 404 where there is no such executor or part
	 */
	@DeleteOperation
	public WebEndpointResponse<Void> clearIncidents(@Selector String name, @Selector String part) {
		return new WebEndpointResponse<>((this.delegate.clearIncidents(name, part) != null)
				? WebEndpointResponse.STATUS_NO_CONTENT : WebEndpointResponse.STATUS_NOT_FOUND);
	}

	private boolean isShown(SecurityContext securityContext) {
		return this.showStacks.isShown(securityContext, this.roles);
	}

}
