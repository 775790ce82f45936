// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.tracing;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;

/**
 * Marks observations from their start to their stop, since an observation does not tell
 * whether it was stopped, and a span that is not sampled does not tell whether it has
 * ended.
 */
final class RunningObservations implements ObservationHandler<Observation.Context> {

	private static final RunningObservations INSTANCE = new RunningObservations();

	private static final Set<ObservationRegistry> REGISTRIES = Collections.newSetFromMap(new WeakHashMap<>());

	private RunningObservations() {
	}

	/**
	 * Mark the observations of a registry from now on.
	 * @param registry the registry, which may be that of several application contexts
	 */
	static void mark(ObservationRegistry registry) {
		synchronized (REGISTRIES) {
			// a handler would bring a registry to life that has none
			if (!registry.isNoop() && REGISTRIES.add(registry)) {
				registry.observationConfig().observationHandler(INSTANCE);
			}
		}
	}

	static boolean contains(Observation observation) {
		return observation.getContextView().containsKey(RunningObservations.class);
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return true;
	}

	@Override
	public void onStart(Observation.Context context) {
		context.put(RunningObservations.class, true);
	}

	@Override
	public void onStop(Observation.Context context) {
		context.remove(RunningObservations.class);
	}

}
