// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.AbortPolicy;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Row: {@code getQueue().contains(task)}, {@code remove(task)}, {@code removeIf},
 * {@code stream().filter(Own.class::isInstance)}, {@code drainTo}, {@code peek()} cast to
 * the own class: the queue contains the user's objects. Each script runs against a bare
 * pool and a metered one.
 */
@SuppressWarnings({ "CollectionIncompatibleType", "CollectionToArraySafeParameter", "ModifyingCollectionWithItself" })
class TaskQueueTests {

	private static final int CAPACITY = 8;

	private final Bench bench = new Bench();

	@AfterEach
	void stopAll() {
		this.bench.stopAll();
	}

	static Stream<Arguments> poolsAndQueues() {
		return Stream.of(Kind.values())
			.flatMap((kind) -> Stream.of(Storage.values()).map((q) -> Arguments.of(kind, q)));
	}

	@ParameterizedTest
	@MethodSource("poolsAndQueues")
	void whenUserLooksIntoTheQueueThenItShowsWhatABarePoolsDoes(Kind kind, Storage storage) {
		assertSame(kind, storage, (pool, queue) -> {
			List<@Nullable Object> seen = new ArrayList<>();
			seen.add(queue.size());
			seen.add(queue.isEmpty());
			seen.add(queue.remainingCapacity());
			seen.add(queue.contains(new Own(2)));
			seen.add(queue.contains(new Own(7)));
			seen.add(queue.contains("no task"));
			seen.add(queue.contains(null));
			seen.add(queue.containsAll(List.of(new Own(1), new Own(3))));
			seen.add(queue.containsAll(List.of(new Own(1), new Own(7))));
			seen.add(((Own) Objects.requireNonNull(queue.peek())).rank());
			seen.add(((Own) queue.element()).rank());
			seen.add(queue.stream().filter(Own.class::isInstance).count());
			seen.add(queue.parallelStream().map(Own.class::cast).mapToInt(Own::rank).sum());
			seen.add(Arrays.asList(queue.toArray()));
			seen.add(Arrays.asList(queue.toArray(new Own[0])));
			seen.add(Arrays.asList(queue.toArray(new Runnable[CAPACITY])));
			seen.add(Arrays.asList(queue.toArray(Own[]::new)));
			seen.add(outcome(() -> queue.toArray(new String[0])));
			for (Runnable task : queue) {
				seen.add(((Own) task).rank());
			}
			queue.forEach((task) -> seen.add(((Own) task).rank()));
			queue.spliterator().forEachRemaining((task) -> seen.add(((Own) task).rank()));
			seen.add(queue.spliterator().getExactSizeIfKnown() >= 0);
			seen.add(queue.toString());
			seen.add(queue.equals(pool.getQueue()));
			seen.add(queue.hashCode() == pool.getQueue().hashCode());
			seen.add(queue.equals(List.of()));
			return seen;
		});
		assertThat(this.bench.atRest().cancelled()).isZero();
	}

	@ParameterizedTest
	@MethodSource("poolsAndQueues")
	void whenUserTakesTasksOutThenTheyAreItsOwnAndCountAsCancelled(Kind kind, Storage storage) {
		List<Function<BlockingQueue<Runnable>, @Nullable Object>> ways = List.of(Queue::poll, Queue::remove,
				(queue) -> outcome(queue::take), (queue) -> outcome(() -> queue.poll(1, TimeUnit.SECONDS)),
				(queue) -> queue.remove(new Own(2)), (queue) -> queue.remove(new Own(9)), (queue) -> queue.remove(null),
				(queue) -> queue.removeIf((task) -> ((Own) task).rank() > 2),
				(queue) -> queue.removeAll(Set.of(new Own(1), new Own(4))),
				(queue) -> queue.retainAll(Set.of(new Own(3))), TaskQueueTests::removeByIterator,
				(queue) -> drain(queue, 2), (queue) -> drain(queue, 0), (queue) -> drain(queue, Integer.MAX_VALUE),
				(queue) -> {
					queue.clear();
					return queue.poll();
				}, (queue) -> outcome(() -> queue.drainTo(queue)), (queue) -> outcome(() -> queue.drainTo(null)),
				(queue) -> outcome(() -> queue.removeIf(null)), (queue) -> outcome(() -> queue.removeAll(null)));
		for (Function<BlockingQueue<Runnable>, @Nullable Object> way : ways) {
			long before = this.bench.isKnown() ? this.bench.totals().cancelled() : 0;
			int left = assertSame(kind, storage, (pool, queue) -> {
				List<@Nullable Object> taken = new ArrayList<>();
				taken.add(way.apply(queue));
				taken.add(List.copyOf(queue));
				taken.add(queue.size());
				return taken;
			});
			assertThat(this.bench.atRest().cancelled() - before).isEqualTo(4 - left);
		}
	}

	private static List<Object> drain(BlockingQueue<Runnable> queue, int atMost) {
		List<Object> drained = new ArrayList<>();
		drained.add(queue.drainTo(drained, atMost));
		return drained;
	}

	private static List<@Nullable Object> removeByIterator(BlockingQueue<Runnable> queue) {
		List<@Nullable Object> removed = new ArrayList<>();
		Iterator<Runnable> tasks = queue.iterator();
		removed.add(outcome(() -> {
			tasks.remove();
			return null;
		}));
		tasks.next();
		Runnable second = tasks.next();
		tasks.remove();
		removed.add(((Own) second).rank());
		removed.add(outcome(() -> {
			tasks.remove();
			return null;
		}));
		return removed;
	}

	@ParameterizedTest
	@MethodSource("poolsAndQueues")
	void whenUserPutsTasksInThenTheyRunAndCountAsSubmitted(Kind kind, Storage storage) {
		assertSame(kind, storage, (pool, queue) -> {
			List<@Nullable Object> put = new ArrayList<>();
			put.add(queue.offer(new Own(10)));
			put.add(queue.add(new Own(11)));
			put.add(outcome(() -> queue.offer(new Own(12), 1, TimeUnit.MILLISECONDS)));
			put.add(outcome(() -> {
				queue.put(new Own(13));
				return null;
			}));
			// full, where there is a bound
			put.add(queue.offer(new Own(14)));
			put.add(outcome(() -> queue.offer(new Own(15), 1, TimeUnit.MILLISECONDS)));
			put.add(outcome(() -> queue.add(new Own(16))));
			put.add(outcome(() -> queue.addAll(List.of(new Own(17), new Own(18)))));
			put.add(outcome(() -> queue.addAll(queue)));
			put.add(outcome(() -> queue.offer(null)));
			put.add(outcome(() -> queue.add(null)));
			put.add(outcome(() -> queue.addAll(null)));
			put.add(outcome(() -> queue.offer(null, 1, TimeUnit.MILLISECONDS)));
			put.add(outcome(() -> {
				queue.put(null);
				return null;
			}));
			put.add(List.copyOf(queue));
			put.add((long) queue.size());
			return put;
		});
		TaskTotals totals = this.bench.atRest();
		assertThat(totals.submitted()).isEqualTo(totals.completed()).isEqualTo(1 + (storage.bounded ? CAPACITY : 13));
	}

	/**
	 * Run a script on a bare pool and a metered one.
	 * @return how many tasks it has left in the queue
	 */
	private int assertSame(Kind kind, Storage storage, Script script) {
		Object bare = this.bench.stopLater(kind.create(storage));
		List<@Nullable Object> expected = run(kind.pool(bare), script);
		Object metered = this.bench.decorate(this.bench.stopLater(kind.create(storage)), null);
		ThreadPoolExecutor pool = kind.pool(metered);
		assertThat(this.bench.monitored().coverage()).isEqualTo(Coverage.TASKS);
		assertThat(run(pool, script)).isEqualTo(expected);
		return (expected.get(expected.size() - 1) instanceof Integer left) ? left : 0;
	}

	private static List<@Nullable Object> run(ThreadPoolExecutor pool, Script script) {
		try (Hold hold = new Hold()) {
			pool.execute(new Own(0, hold));
			hold.awaitStart();
			for (int rank : new int[] { 3, 1, 4, 2 }) {
				pool.execute(new Own(rank));
			}
			return script.run(pool, pool.getQueue());
		}
		finally {
			pool.shutdown();
			Bench.await().until(pool::isTerminated);
		}
	}

	private static @Nullable Object outcome(Action action) {
		try {
			return action.run();
		}
		catch (Exception ex) {
			return ex.getClass();
		}
	}

	@Test
	void whenAJdkAddsAMethodToQueuesThenItIsSeenHere() {
		Set<String> builtOnOthers = Set.of("addAll", "containsAll", "element", "stream", "parallelStream");
		List<String> missing = Stream.of(BlockingQueue.class.getMethods())
			.filter((method) -> !builtOnOthers.contains(method.getName())
					&& !method.getName().matches("equals|hashCode"))
			.filter((method) -> !isDeclared(method.getName(), method.getParameterTypes()))
			.map((method) -> method.getName() + Arrays.toString(method.getParameterTypes()))
			.collect(Collectors.toList());
		assertThat(missing).containsExactlyInAnyOrder("remove[]", "toArray[interface java.util.function.IntFunction]");
	}

	private static boolean isDeclared(String name, Class<?>[] parameterTypes) {
		return Stream.of(TaskQueue.class.getDeclaredMethods())
			.anyMatch((method) -> method.getName().equals(name)
					&& Arrays.equals(method.getParameterTypes(), parameterTypes));
	}

	/**
	 * What is done with a pool's queue, and what was seen.
	 */
	@FunctionalInterface
	interface Script {

		List<@Nullable Object> run(ThreadPoolExecutor pool, BlockingQueue<Runnable> queue);

	}

	/**
	 * What may throw anything.
	 */
	@FunctionalInterface
	interface Action {

		@Nullable Object run() throws Exception;

	}

	/**
	 * A task of the user's own class, equal to those of the same rank, which compares and
	 * asks for equality with nothing but its own class.
	 */
	record Own(int rank, Runnable work) implements Runnable, Comparable<Own> {

		Own(int rank) {
			this(rank, () -> {
			});
		}

		@Override
		public void run() {
			this.work.run();
		}

		@Override
		public int compareTo(Own other) {
			return Integer.compare(this.rank, other.rank);
		}

		@Override
		public boolean equals(Object other) {
			return this.rank == ((Own) other).rank;
		}

		@Override
		public int hashCode() {
			return this.rank;
		}

		@Override
		public String toString() {
			return "own " + this.rank;
		}

	}

	/**
	 * Where tasks wait.
	 */
	enum Storage {

		LINKED(LinkedBlockingQueue::new, false),

		LINKED_BOUNDED(() -> new LinkedBlockingQueue<>(CAPACITY), true),

		ARRAY(() -> new ArrayBlockingQueue<>(CAPACITY), true),

		PRIORITY(PriorityBlockingQueue::new, false),

		DEQUE(() -> new LinkedBlockingDeque<>(CAPACITY), true),

		TRANSFER(LinkedTransferQueue::new, false);

		private final Supplier<BlockingQueue<Runnable>> factory;

		private final boolean bounded;

		Storage(Supplier<BlockingQueue<Runnable>> factory, boolean bounded) {
			this.factory = factory;
			this.bounded = bounded;
		}

	}

	/**
	 * Beans that have a pool.
	 */
	enum Kind {

		THREAD_POOL_EXECUTOR {
			@Override
			Object create(BlockingQueue<Runnable> queue) {
				return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue);
			}
		},

		USERS_THREAD_POOL_EXECUTOR {
			@Override
			Object create(BlockingQueue<Runnable> queue) {
				return new UserExecutors.OwnThreadPoolExecutor(queue, Thread::new, new AbortPolicy());
			}
		},

		THREAD_POOL_TASK_EXECUTOR {
			@Override
			Object create(BlockingQueue<Runnable> queue) {
				ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor() {
					@Override
					protected BlockingQueue<Runnable> createQueue(int queueCapacity) {
						return queue;
					}
				};
				executor.afterPropertiesSet();
				return executor;
			}
		},

		USERS_THREAD_POOL_TASK_EXECUTOR {
			@Override
			Object create(BlockingQueue<Runnable> queue) {
				ThreadPoolTaskExecutor executor = new UserExecutors.OwnThreadPoolTaskExecutor(queue);
				executor.afterPropertiesSet();
				return executor;
			}
		};

		abstract Object create(BlockingQueue<Runnable> queue);

		Object create(Storage storage) {
			return create(storage.factory.get());
		}

		ThreadPoolExecutor pool(Object executor) {
			return (executor instanceof ThreadPoolTaskExecutor tasks) ? tasks.getThreadPoolExecutor()
					: (ThreadPoolExecutor) executor;
		}

	}

}
