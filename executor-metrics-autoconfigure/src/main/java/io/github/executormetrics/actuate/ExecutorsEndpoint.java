package io.github.executormetrics.actuate;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorWatch;

/**
 * {@link Endpoint @Endpoint} that shows every executor: how long its tasks wait and run,
 * who runs them, and whether it starves.
 *
 * @since 0.1.0
 */
@Endpoint(id = "executors")
public class ExecutorsEndpoint {

	private final ExecutorRegistry registry;

	private final ExecutorWatch watch;

	/**
	 * Create an endpoint.
	 * @param registry the executors
	 * @param watch what judges them
	 */
	public ExecutorsEndpoint(ExecutorRegistry registry, ExecutorWatch watch) {
		this.registry = registry;
		this.watch = watch;
	}

	/**
	 * Show all executors.
	 * @return a descriptor of each, by name
	 */
	@ReadOperation
	public ExecutorsDescriptor executors() {
		Map<String, ExecutorDescriptor> executors = new TreeMap<>();
		for (MonitoredExecutor executor : this.registry.all()) {
			executors.put(executor.name(), ExecutorDescriptor.of(executor, this.watch.report(executor)));
		}
		return new ExecutorsDescriptor(executors);
	}

	/**
	 * Show one executor.
	 * @param name its bean name
	 * @return its descriptor with more detail, or null where there is none of that name
	 */
	@ReadOperation
	public @Nullable ExecutorDetailsDescriptor executor(@Selector String name) {
		MonitoredExecutor executor = this.registry.find(name);
		return (executor != null) ? ExecutorDetailsDescriptor.of(executor, this.watch.report(executor)) : null;
	}

	/**
	 * All executors by name.
	 *
	 * @param executors a descriptor of each
	 */
	public record ExecutorsDescriptor(Map<String, ExecutorDescriptor> executors) implements OperationResponseBody {

	}

}
