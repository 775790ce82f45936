// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.actuate;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.util.StringUtils;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorWatch;

/**
 * {@link Endpoint @Endpoint} that shows every executor: how long its tasks wait and run,
 * who runs them, whether it starves, and when it did.
 *
 * @since 0.1.0
 */
@Endpoint(id = "executors")
public class ExecutorsEndpoint {

	private static final String INCIDENTS = "incidents";

	private static final String DETAILS = "details";

	private final ExecutorRegistry registry;

	private final ExecutorWatch watch;

	private final Show showStacks;

	/**
	 * Create an endpoint.
	 * @param registry the executors
	 * @param watch what judges them
	 * @param showStacks when to show the stacks of their workers
	 */
	public ExecutorsEndpoint(ExecutorRegistry registry, ExecutorWatch watch, Show showStacks) {
		this.registry = registry;
		this.watch = watch;
		this.showStacks = showStacks;
	}

	/**
	 * Show all executors.
	 * @return a descriptor of each, by name, and the threads that work for none
	 */
	@ReadOperation
	public ExecutorsDescriptor executors() {
		return executors(this.showStacks.isShown(true));
	}

	ExecutorsDescriptor executors(boolean showStacks) {
		Map<String, ExecutorDescriptor> executors = new TreeMap<>();
		for (MonitoredExecutor executor : this.registry.all()) {
			executors.put(executor.name(), ExecutorDescriptor.of(executor, this.watch, showStacks, false));
		}
		return new ExecutorsDescriptor(executors, OtherThreadsDescriptor.all(this.registry));
	}

	/**
	 * Show one executor.
	 * @param name its bean name
	 * @return its descriptor with more detail, or null where there is none of that name
	 */
	@ReadOperation
	public @Nullable ExecutorDetailsDescriptor executor(@Selector String name) {
		return executor(name, this.showStacks.isShown(true));
	}

	@Nullable ExecutorDetailsDescriptor executor(String name, boolean showStacks) {
		MonitoredExecutor executor = this.registry.find(name);
		return (executor != null) ? ExecutorDetailsDescriptor.of(executor, this.watch, showStacks) : null;
	}

	/**
	 * Show what is kept of an executor's incidents.
	 * @param name its bean name
	 * @param part {@code incidents}
	 * @return the incidents, the newest first and the open one included, or null where
	 * there is no such executor or part
	 */
	@ReadOperation
	public @Nullable IncidentsDescriptor incidents(@Selector String name, @Selector String part) {
		return incidents(name, part, this.showStacks.isShown(true));
	}

	@Nullable IncidentsDescriptor incidents(String name, String part, boolean showStacks) {
		MonitoredExecutor executor = INCIDENTS.equals(part) ? this.registry.find(name) : null;
		return (executor != null) ? new IncidentsDescriptor(name,
				this.watch.incidents(executor)
					.stream()
					.map((incident) -> IncidentDescriptor.of(incident, showStacks))
					.toList())
				: null;
	}

	/**
	 * Shows what a path below the endpoint leads to. The name of an executor may have
	 * slashes in it, or end as the address of incidents does: {@code <name>/details} and
	 * {@code <name>/incidents} are never taken for a name while that executor is there.
	 * @param path the segments of the path
	 * @param showStacks whether to show the stacks of workers
	 * @return details or incidents, or null where there is no such executor
	 */
	@Nullable Object at(String[] path, boolean showStacks) {
		int last = path.length - 1;
		MonitoredExecutor owner = (last > 0) ? find(Arrays.copyOf(path, last)) : null;
		if (owner != null && path[last].equals(INCIDENTS)) {
			return incidents(owner.name(), INCIDENTS, showStacks);
		}
		MonitoredExecutor executor = (owner != null && path[last].equals(DETAILS)) ? owner : find(path);
		return (executor != null) ? executor(executor.name(), showStacks) : null;
	}

	/**
	 * Forgets the incidents that are over of the executor that a path leads to.
	 * @param path the segments of the path
	 * @return how many were forgotten, or null where there is no such executor or part
	 */
	@Nullable ClearedDescriptor clearIncidents(String[] path) {
		int last = path.length - 1;
		MonitoredExecutor owner = (last > 0) ? find(Arrays.copyOf(path, last)) : null;
		return (owner != null) ? clearIncidents(owner.name(), path[last]) : null;
	}

	/**
	 * Tells what there is where a path leads to nothing.
	 * @param path the segments of the path
	 * @return the names of all executors
	 */
	UnknownDescriptor unknown(String[] path) {
		return new UnknownDescriptor(
				"there is no executor, and no part of an executor, at '" + String.join("/", path) + "'",
				this.registry.all().stream().map(MonitoredExecutor::name).toList());
	}

	private @Nullable MonitoredExecutor find(String[] path) {
		MonitoredExecutor executor = this.registry.find(String.join("/", path));
		if (executor != null) {
			return executor;
		}
		// a path has no empty segments
		return this.registry.all()
			.stream()
			.filter((each) -> each.name().contains("/")
					&& Arrays.equals(StringUtils.tokenizeToStringArray(each.name(), "/", false, true), path))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Forget the incidents of an executor that are over.
	 * @param name its bean name
	 * @param part {@code incidents}
	 * @return how many were forgotten, or null where there is no such executor or part
	 */
	@DeleteOperation
	public @Nullable ClearedDescriptor clearIncidents(@Selector String name, @Selector String part) {
		MonitoredExecutor executor = INCIDENTS.equals(part) ? this.registry.find(name) : null;
		return (executor != null) ? new ClearedDescriptor(name, this.watch.clearIncidents(executor)) : null;
	}

	/**
	 * What is kept of an executor's incidents.
	 *
	 * @param name the executor's bean name
	 * @param incidents the newest first, the open one included
	 */
	public record IncidentsDescriptor(String name,
			List<IncidentDescriptor> incidents) implements OperationResponseBody {

	}

	/**
	 * What was forgotten of an executor's incidents.
	 *
	 * @param name the executor's bean name
	 * @param incidents how many of them
	 */
	public record ClearedDescriptor(String name, int incidents) implements OperationResponseBody {

	}

	/**
	 * Nothing that was asked for.
	 *
	 * @param message says so
	 * @param executors the names of those there are
	 */
	public record UnknownDescriptor(String message, List<String> executors) implements OperationResponseBody {

	}

	/**
	 * All executors by name, and what runs beside them.
	 *
	 * @param executors a descriptor of each
	 * @param otherThreads the live platform threads that work for none of them, in groups
	 */
	public record ExecutorsDescriptor(Map<String, ExecutorDescriptor> executors,
			List<OtherThreadsDescriptor> otherThreads) implements OperationResponseBody {

	}

}
