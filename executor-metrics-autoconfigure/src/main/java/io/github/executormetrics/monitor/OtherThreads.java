// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Live platform threads that work for no known executor and have names of one pattern.
 *
 * @param pattern the pattern of their names
 * @param count how many
 * @param states how many are in which state, without those that override
 * {@link Thread#getState()}
 * @param owner what they are recognized as, or null
 * @param mayBelongTo names of executors whose threads are not known, so that these may be
 * theirs; empty where that cannot be
 */
public record OtherThreads(String pattern, int count, Map<Thread.State, Integer> states, @Nullable ThreadOwner owner,
		List<String> mayBelongTo) {

	/**
	 * How many groups are listed at most.
	 */
	static final int MAX_GROUPS = 50;

	/**
	 * Stands for the patterns beyond that.
	 */
	static final String REST = "(others)";

	private static final ClassValue<Boolean> TELLS_STATE = new ClassValue<>() {

		@Override
		protected Boolean computeValue(Class<?> type) {
			try {
				return type.getMethod("getState").getDeclaringClass() == Thread.class;
			}
			catch (NoSuchMethodException | LinkageError ex) {
				return false;
			}
		}

	};

	/**
	 * Find all of them, without those of the JVM and of this library. Takes no stacks and
	 * calls no method that a thread's class may override.
	 * @param registry the known executors
	 * @return a bounded number of groups: those that are recognized or large first
	 */
	public static List<OtherThreads> find(ExecutorRegistry registry) {
		// the threads first: one that starts meanwhile is a worker, or not listed yet
		Thread[] threads = LiveThreads.all();
		KnownWorkers workers = new KnownWorkers(registry);
		Map<String, Group> groups = new HashMap<>();
		for (Thread thread : threads) {
			if (!workers.isKnown(thread)) {
				String pattern = ThreadPattern.of(thread.getName());
				groups.computeIfAbsent(pattern, (key) -> new Group(ThreadOwner.of(key, thread.getClass())))
					.add(thread, workers);
			}
		}
		return bounded(groups, workers.unidentified());
	}

	private static List<OtherThreads> bounded(Map<String, Group> groups, List<String> unidentified) {
		Comparator<Map.Entry<String, Group>> order = Comparator
			.comparing((Map.Entry<String, Group> group) -> group.getValue().owner == null)
			.thenComparing((group) -> -group.getValue().count)
			.thenComparing(Map.Entry::getKey);
		List<Map.Entry<String, Group>> all = groups.entrySet()
			.stream()
			.filter((group) -> group.getValue().isShown())
			.sorted(order)
			.toList();
		Stream<OtherThreads> listed = all.stream()
			.limit(MAX_GROUPS)
			.map((group) -> group.getValue().toThreads(group.getKey(), unidentified));
		if (all.size() <= MAX_GROUPS) {
			return listed.toList();
		}
		Group rest = new Group(null);
		all.stream().skip(MAX_GROUPS).forEach((group) -> rest.add(group.getValue()));
		return Stream.concat(listed, Stream.of(rest.toThreads(REST, unidentified))).toList();
	}

	/**
	 * Adds up threads.
	 */
	private static final class Group {

		private final @Nullable ThreadOwner owner;

		private final Map<Thread.State, Integer> states = new EnumMap<>(Thread.State.class);

		private int count;

		Group(@Nullable ThreadOwner owner) {
			this.owner = owner;
		}

		void add(Thread thread, KnownWorkers workers) {
			// a task may run on the thread that submits it, such as a job's
			boolean anyPool = this.owner == null || this.owner == ThreadOwner.POOL;
			if (anyPool && workers.isLikely(thread)) {
				return;
			}
			this.count++;
			if (TELLS_STATE.get(thread.getClass())) {
				this.states.merge(thread.getState(), 1, Integer::sum);
			}
		}

		void add(Group other) {
			this.count += other.count;
			other.states.forEach((state, count) -> this.states.merge(state, count, Integer::sum));
		}

		boolean isShown() {
			return this.count > 0 && this.owner != ThreadOwner.JVM;
		}

		OtherThreads toThreads(String pattern, List<String> unidentified) {
			boolean anyPool = this.owner == null || this.owner == ThreadOwner.POOL;
			return new OtherThreads(pattern, this.count, this.states, this.owner, anyPool ? unidentified : List.of());
		}

	}

}
