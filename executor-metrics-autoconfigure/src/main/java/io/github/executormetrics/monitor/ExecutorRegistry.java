// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.task.TaskSettings;

/**
 * The executors of one application context by name. Safe for use by many threads.
 */
public final class ExecutorRegistry {

	// adapters over adapters end sooner, unless they are a ring
	private static final int LONGEST_WAY = 20;

	// those of other contexts have threads, too
	private static final Set<ExecutorRegistry> REGISTRIES = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	private final Map<String, MonitoredExecutor> executors = Collections.synchronizedMap(new TreeMap<>());

	// obtained and not known yet, or put aside, under the lock of the executors: threads
	// that make instances of one prototype at once get one entry
	private final Map<String, MonitoredExecutor> unlisted = new HashMap<>();

	// read once a second, changed at the start mostly
	private volatile List<MonitoredExecutor> all = List.of();

	// found without the lock, under which a user's meter registry may hang
	private volatile Map<String, MonitoredExecutor> byName = Map.of();

	private final List<Listener> listeners = new CopyOnWriteArrayList<>();

	// added under the lock and made without it: a listener may hang in a user's meter
	// registry
	private final CallsInOrder news = new CallsInOrder();

	private final TaskSettings settings;

	/**
	 * Create a registry for which nothing is set.
	 */
	public ExecutorRegistry() {
		this(TaskSettings.defaults());
	}

	/**
	 * Create a registry.
	 * @param settings what the recorders of all executors share
	 */
	public ExecutorRegistry(TaskSettings settings) {
		this.settings = settings;
		REGISTRIES.add(this);
	}

	/**
	 * What the recorders of all executors share.
	 * @return the settings
	 */
	public TaskSettings settings() {
		return this.settings;
	}

	/**
	 * Get the entry of an executor, or a new one that is not known yet. Where something
	 * of another origin goes by that name, the entry's name has its origin at the end, so
	 * that both stay apart.
	 * @param name its name, that of its bean where it is one
	 * @param type its class before it is decorated
	 * @param workers how many workers it may have, negative where there is no bound
	 * @param origin where it comes from
	 * @return the one entry of that name and origin
	 */
	public MonitoredExecutor obtain(String name, Class<?> type, int workers, ExecutorOrigin origin) {
		MonitoredExecutor known;
		synchronized (this.executors) {
			known = this.executors.get(name);
			if (known == null) {
				known = this.unlisted.computeIfAbsent(name,
						(added) -> new MonitoredExecutor(added, type, workers, origin, this.settings));
			}
		}
		return (known.origin() == origin) ? known : obtain(apart(name, origin), type, workers, origin);
	}

	/**
	 * Make an executor known, once its coverage is.
	 * @param executor what {@link #obtain} gave
	 */
	public void add(MonitoredExecutor executor) {
		synchronized (this.executors) {
			if (this.executors.putIfAbsent(executor.name(), executor) == null) {
				this.unlisted.remove(executor.name(), executor);
				publish();
				tell((listener) -> listener.added(executor));
			}
		}
		this.news.make();
	}

	private void tell(Consumer<Listener> news) {
		for (Listener listener : this.listeners) {
			tell(listener, news);
		}
	}

	private void tell(Listener listener, Consumer<Listener> news) {
		this.news.add(() -> {
			if (this.listeners.contains(listener)) {
				news.accept(listener);
			}
		});
	}

	private void publish() {
		this.byName = Map.copyOf(this.executors);
		this.all = List.copyOf(this.executors.values());
	}

	/**
	 * Forget an executor that has come to its end, and its name.
	 * @param executor what was added
	 */
	public void remove(MonitoredExecutor executor) {
		synchronized (this.executors) {
			drop(executor);
		}
		this.news.make();
	}

	private void drop(MonitoredExecutor executor) {
		this.unlisted.remove(executor.name(), executor);
		if (this.executors.remove(executor.name(), executor)) {
			publish();
			tell((listener) -> listener.removed(executor));
		}
	}

	/**
	 * Removes an executor of which there is no instance for now. The next one to
	 * {@link #obtain} its name goes on with its entry, so that no count falls.
	 * @param executor what was added
	 */
	public void putAside(MonitoredExecutor executor) {
		synchronized (this.executors) {
			drop(executor);
			this.unlisted.put(executor.name(), executor);
		}
		this.news.make();
	}

	/**
	 * Removes all that is kept of a name and origin, whether it is shown or put aside.
	 * @param name the name that {@link #obtain} was given
	 * @param origin where the executor comes from
	 */
	public void remove(String name, ExecutorOrigin origin) {
		synchronized (this.executors) {
			MonitoredExecutor known = find(name, origin);
			if (known == null) {
				known = this.unlisted.get(name);
			}
			if (known != null && known.origin() == origin) {
				drop(known);
			}
		}
		this.news.make();
	}

	/**
	 * Tell the listener of each executor known now and of each that comes later or goes,
	 * one after the other, on the thread that adds or removes it: where another thread
	 * tells a listener at that time, on that one.
	 * @param listener whom to tell
	 */
	public void onEach(Listener listener) {
		synchronized (this.executors) {
			this.listeners.add(listener);
			this.executors.values().forEach((executor) -> tell(listener, (each) -> each.added(executor)));
		}
		this.news.make();
	}

	/**
	 * Tell the listener no more.
	 * @param listener what was given to {@link #onEach}
	 */
	public void remove(Listener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Find an executor.
	 * @param name its name
	 * @return its entry, or null
	 */
	public @Nullable MonitoredExecutor find(String name) {
		return this.byName.get(name);
	}

	/**
	 * Find an executor by what {@link #obtain} was given.
	 * @param name its name
	 * @param origin where it comes from
	 * @return its entry, or null
	 */
	public @Nullable MonitoredExecutor find(String name, ExecutorOrigin origin) {
		MonitoredExecutor known = find(name);
		return (known == null || known.origin() == origin) ? known : find(apart(name, origin), origin);
	}

	/**
	 * Find the executor that counts the tasks of another, which may pass them on over
	 * several.
	 * @param executor the executor
	 * @return where they are counted, or the last known one on the way there
	 */
	public MonitoredExecutor counting(MonitoredExecutor executor) {
		MonitoredExecutor counting = executor;
		for (int i = 0; i < LONGEST_WAY; i++) {
			String name = counting.countedAt();
			MonitoredExecutor next = (name != null) ? find(name) : null;
			if (next == null) {
				return counting;
			}
			counting = next;
		}
		return counting;
	}

	private static String apart(String name, ExecutorOrigin origin) {
		return name + "-" + origin.tag();
	}

	/**
	 * All executors.
	 * @return those known now, ordered by name; the same list while none comes
	 */
	public List<MonitoredExecutor> all() {
		return this.all;
	}

	/**
	 * The executors of the other application contexts in this JVM.
	 * @return those known now, in no order
	 */
	List<MonitoredExecutor> ofOtherContexts() {
		List<MonitoredExecutor> others = new ArrayList<>();
		synchronized (REGISTRIES) {
			for (ExecutorRegistry registry : REGISTRIES) {
				if (registry != this) {
					others.addAll(registry.all());
				}
			}
		}
		return others;
	}

	/**
	 * Who is told of executors that come and go.
	 */
	@FunctionalInterface
	public interface Listener {

		/**
		 * An executor has become known.
		 * @param executor its entry
		 */
		void added(MonitoredExecutor executor);

		/**
		 * An executor has come to its end.
		 * @param executor its entry
		 */
		default void removed(MonitoredExecutor executor) {
		}

	}

}
