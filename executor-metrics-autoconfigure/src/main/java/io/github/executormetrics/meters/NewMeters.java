package io.github.executormetrics.meters;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Tells a meter that is new in its registry from one that was there already, without
 * looking through the registry.
 */
final class NewMeters {

	// a registry never lets go of a listener: it gets a single one, which holds nothing
	// of the application contexts that come and go
	private static final Set<MeterRegistry> LISTENED_TO = Collections.newSetFromMap(new WeakHashMap<>());

	// what is added meanwhile on other threads is not ours
	private static final Map<Thread, List<Meter>> ADDED = new ConcurrentHashMap<>();

	private NewMeters() {
	}

	/**
	 * Register a meter.
	 * @param registry where to register
	 * @param registration registers it there
	 * @param whenNew takes it if it was not there before, and was not denied
	 * @param <M> the type of the meter
	 * @return what was registered now or before
	 */
	static <M extends Meter> M register(MeterRegistry registry, Function<MeterRegistry, M> registration,
			Consumer<? super M> whenNew) {
		listenTo(registry);
		Thread thread = Thread.currentThread();
		List<Meter> added = new ArrayList<>();
		// a filter or listener of the user's may register in between
		List<Meter> outer = ADDED.put(thread, added);
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
				ADDED.remove(thread);
			}
			else {
				ADDED.put(thread, outer);
			}
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
		List<Meter> added = ADDED.get(Thread.currentThread());
		if (added != null) {
			added.add(meter);
		}
	}

}
