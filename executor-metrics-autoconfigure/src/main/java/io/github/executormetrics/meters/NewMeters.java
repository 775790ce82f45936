// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.meters;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.jspecify.annotations.Nullable;

import io.github.executormetrics.task.SafeLog;

/**
 * Tells a meter that is new in its registry from one that was there already, without
 * looking through the registry.
 */
final class NewMeters {

	// a registry never lets go of a listener: it gets a single one, which holds nothing
	// of the application contexts that come and go
	private static final Set<MeterRegistry> LISTENED_TO = Collections.newSetFromMap(new WeakHashMap<>());

	// what is added meanwhile on other threads is not ours
	private static final ThreadLocal<@Nullable List<Meter>> ADDED = new ThreadLocal<>();

	private static final SafeLog logger = new SafeLog(NewMeters.class);

	private static final Set<MeterRegistry> FAILED = Collections.newSetFromMap(new WeakHashMap<>());

	private NewMeters() {
	}

	/**
	 * Register a meter. Where a registry, a filter or a listener of the user's throws,
	 * the meter is as one that was denied.
	 * @param registry where to register
	 * @param registration registers it there
	 * @param whenNew takes it if it was not there before, and was not denied
	 * @param <M> the type of the meter
	 * @return what was registered now or before
	 */
	static <M extends Meter> M register(MeterRegistry registry, Function<MeterRegistry, M> registration,
			Consumer<? super M> whenNew) {
		try {
			return registerUnguarded(registry, registration, whenNew);
		}
		catch (Throwable ex) {
			failed(registry, ex);
			return registration.apply(new CompositeMeterRegistry());
		}
	}

	private static <M extends Meter> M registerUnguarded(MeterRegistry registry,
			Function<MeterRegistry, M> registration, Consumer<? super M> whenNew) {
		listenTo(registry);
		List<Meter> added = new ArrayList<>();
		// a filter or listener of the user's may register in between
		List<Meter> outer = ADDED.get();
		ADDED.set(added);
		try {
			M meter = registration.apply(registry);
			// not by equality, which is that of the id: registries may hold registries
			if (added.stream().anyMatch((each) -> each == meter)) {
				whenNew.accept(meter);
			}
			return meter;
		}
		finally {
			if (outer == null) {
				ADDED.remove();
			}
			else {
				ADDED.set(outer);
			}
		}
	}

	/**
	 * Say that a registry threw.
	 * @param registry the registry
	 * @param ex what it threw
	 */
	static void failed(MeterRegistry registry, Throwable ex) {
		if (isFirst(registry)) {
			logger.warn("A meter registry, or one of its filters or listeners, failed for a meter of an executor; "
					+ "that meter is missing, further failures are not logged", ex);
		}
	}

	private static boolean isFirst(MeterRegistry registry) {
		try {
			synchronized (FAILED) {
				return FAILED.add(registry);
			}
		}
		catch (Throwable ex) {
			return true;
		}
	}

	private static void listenTo(MeterRegistry registry) {
		synchronized (LISTENED_TO) {
			if (LISTENED_TO.add(registry)) {
				registry.config().onMeterAdded(NewMeters::added);
			}
		}
	}

	private static void added(Meter meter) {
		// takes no lock: the registry calls this under its own
		List<Meter> added = ADDED.get();
		if (added != null) {
			added.add(meter);
		}
	}

}
