// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TransferQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.test.util.ReflectionTestUtils;

import io.github.executormetrics.task.Handling;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Row: {@code drainTo} and what else user code does with {@code getQueue()}. A task that
 * is taken out counts as cancelled, one that is put in as submitted, and each run once.
 */
class TaskQueueCountTests {

	private static final int SHOTS = 8_000;

	private final Bench bench = new Bench();

	@AfterEach
	void stopAll() {
		this.bench.stopAll();
	}

	private ThreadPoolExecutor pool(BlockingQueue<Runnable> queue) {
		return pool(queue, new ThreadPoolExecutor.AbortPolicy());
	}

	private ThreadPoolExecutor pool(BlockingQueue<Runnable> queue, RejectedExecutionHandler handler) {
		return this.bench
			.decorate(this.bench.stopLater(new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue, handler)), null);
	}

	private void assertCounted(long submitted, long completed, long cancelled) {
		TaskTotals totals = this.bench.atRest();
		assertThat(List.of(totals.submitted(), totals.completed(), totals.cancelled())).containsExactly(submitted,
				completed, cancelled);
	}

	@Test
	void whenFutureIsTakenOutAndRunThenItCompletesForItsSubmitterAndIsNoTaskOfThePool() throws Exception {
		ThreadPoolExecutor pool = pool(new LinkedBlockingQueue<>());
		try (Hold hold = Hold.on(pool)) {
			Future<String> future = pool.submit(() -> "by hand");
			assertThat(pool.getQueue().contains(future)).isTrue();
			Runnable taken = Objects.requireNonNull(pool.getQueue().poll());
			assertThat(taken).isSameAs(future);
			taken.run();
			assertThat(future.get(20, TimeUnit.SECONDS)).isEqualTo("by hand");
		}
		assertCounted(2, 1, 1);
	}

	@Test
	void whenFutureIsTakenOutAndHandedOverOrPutInAgainThenThatIsANewSubmission() throws Exception {
		ThreadPoolExecutor pool = pool(new LinkedBlockingQueue<>());
		Future<String> future;
		try (Hold hold = Hold.on(pool)) {
			future = pool.submit(() -> "later");
			pool.execute(Objects.requireNonNull(pool.getQueue().poll()));
			assertThat(pool.getQueue().offer(pool.getQueue().remove())).isTrue();
			assertThat(pool.getQueue().peek()).isSameAs(future);
		}
		assertThat(future.get(20, TimeUnit.SECONDS)).isEqualTo("later");
		assertCounted(4, 2, 2);
	}

	@Test
	void whenTasksMoveToAnotherPoolThenEachPoolCountsItsOwn() throws Exception {
		Bench other = this.bench.sharing("other");
		ThreadPoolExecutor target = other.decorate(
				this.bench.stopLater(new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>())),
				null);
		ThreadPoolExecutor pool = pool(new LinkedBlockingQueue<>());
		try (Hold hold = Hold.on(pool)) {
			Future<String> future = pool.submit(() -> "there");
			pool.execute(() -> {
			});
			List<Runnable> drained = new ArrayList<>();
			pool.getQueue().drainTo(drained);
			drained.forEach(target::execute);
			assertThat(future.get(20, TimeUnit.SECONDS)).isEqualTo("there");
		}
		assertCounted(3, 1, 2);
		Bench.await().until(() -> other.totals().completed() == 2);
		assertThat(other.atRest().submitted()).isEqualTo(2);
	}

	@Test
	void whenTakenOutFutureIsCancelledThenItCountsOnce() {
		ThreadPoolExecutor pool = pool(new LinkedBlockingQueue<>());
		try (Hold hold = Hold.on(pool)) {
			Future<?> before = pool.submit(() -> "never");
			before.cancel(false);
			assertThat(pool.getQueue().poll()).isSameAs(before);
			Future<?> after = pool.submit(() -> "never");
			assertThat(pool.getQueue().remove(after)).isTrue();
			after.cancel(false);
		}
		assertCounted(3, 1, 2);
	}

	@Test
	void whenFutureIsOfferedUntilThereIsRoomThenItCountsOnce() throws Exception {
		ThreadPoolExecutor pool = pool(new ArrayBlockingQueue<>(1));
		Future<String> future;
		try (Hold hold = Hold.on(pool)) {
			future = pool.submit(() -> "with room");
			Runnable taken = pool.getQueue().remove();
			Runnable first = () -> {
			};
			assertThat(pool.getQueue().offer(first)).isTrue();
			assertThat(pool.getQueue().offer(taken)).isFalse();
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> pool.getQueue().add(taken));
			assertThat(this.bench.totals().submitted()).isEqualTo(3);
			assertThat(pool.getQueue().remove(first)).isTrue();
			pool.getQueue().put(taken);
			assertThat(this.bench.totals().submitted()).isEqualTo(4);
		}
		assertThat(future.get(20, TimeUnit.SECONDS)).isEqualTo("with room");
		assertCounted(4, 2, 2);
	}

	@Test
	void whenUsersFutureIsExecutedThenTheQueueContainsIt() throws Exception {
		ThreadPoolExecutor pool = pool(new LinkedBlockingQueue<>());
		FutureTask<String> own = new FutureTask<>(() -> "own");
		try (Hold hold = Hold.on(pool)) {
			pool.execute(own);
			assertThat(pool.getQueue()).containsExactly(own);
			assertThat(pool.getQueue().remove(own)).isTrue();
			own.run();
		}
		assertThat(own.get(20, TimeUnit.SECONDS)).isEqualTo("own");
		assertCounted(2, 1, 1);
	}

	@Test
	void whenWhatACompletableFutureQueuedIsTakenOutThenItCompletesIt() {
		ThreadPoolTaskExecutor raw = new ThreadPoolTaskExecutor();
		raw.afterPropertiesSet();
		ThreadPoolTaskExecutor executor = this.bench.decorate(this.bench.stopLater(raw), null);
		try (Hold hold = Hold.on(executor)) {
			CompletableFuture<String> future = executor.submitCompletable(() -> "completed");
			Runnable taken = executor.getThreadPoolExecutor().getQueue().remove();
			assertThat(taken).isInstanceOf(CompletableFuture.AsynchronousCompletionTask.class);
			taken.run();
			assertThat(future).isCompletedWithValue("completed");
		}
		assertCounted(2, 1, 1);
	}

	@ParameterizedTest
	@EnumSource
	void whenAFilterThrowsThenWhatStaysIsNoCancelledTask(Plain plain) {
		ThreadPoolExecutor pool = pool(plain.factory.get());
		try (Hold hold = new Hold()) {
			pool.execute(new TaskQueueTests.Own(0, hold));
			hold.awaitStart();
			for (int i = 1; i <= 100; i++) {
				pool.execute(new TaskQueueTests.Own(i));
			}
			assertThatExceptionOfType(Fire.Expected.class).isThrownBy(() -> pool.getQueue().removeIf((task) -> {
				if (((TaskQueueTests.Own) task).rank() == 90) {
					throw new Fire.Expected();
				}
				return true;
			}));
			assertThat(this.bench.totals().active()).isEqualTo(1 + pool.getQueue().size());
		}
		TaskTotals totals = this.bench.atRest();
		assertThat(totals.submitted()).isEqualTo(101);
	}

	@Test
	void whenADrainsTargetIsFullThenWhatItRefusesStaysQueued() {
		ThreadPoolExecutor pool = pool(new LinkedBlockingQueue<>());
		try (Hold hold = Hold.on(pool)) {
			for (int i = 0; i < 5; i++) {
				pool.submit(() -> {
				});
			}
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> pool.getQueue().drainTo(new ArrayBlockingQueue<>(2)));
			assertThat(pool.getQueue()).hasSize(3);
		}
		assertCounted(6, 4, 2);
	}

	@Test
	void whenQueueHandsOverOnlyThenWhatIsPutInCountsOnceAWorkerTakesIt() throws Exception {
		ThreadPoolExecutor pool = pool(new SynchronousQueue<>());
		BlockingQueue<Runnable> queue = pool.getQueue();
		try (Hold hold = Hold.on(pool)) {
			assertThat(queue.offer(() -> {
			})).isFalse();
			assertThat(queue.peek()).isNull();
			assertThat(queue.toArray(new Runnable[] { hold })).containsOnlyNulls();
			assertThat(queue).isEmpty();
			assertThat(this.bench.totals().submitted()).isEqualTo(1);
		}
		AtomicInteger ran = new AtomicInteger();
		queue.put(ran::incrementAndGet);
		queue.clear();
		Bench.await().until(() -> queue.offer(ran::incrementAndGet));
		Bench.await().until(() -> ran.get() == 2);
		assertCounted(3, 3, 0);
	}

	@Test
	void whenHandlerMakesRoomByTheQueueThenEachTaskCountsOnce() {
		List<Integer> dropped = new ArrayList<>();
		ThreadPoolExecutor pool = pool(new LinkedBlockingQueue<>(2), (task, refusing) -> {
			TaskQueueTests.Own lowest = refusing.getQueue()
				.stream()
				.map(TaskQueueTests.Own.class::cast)
				.min(Comparator.naturalOrder())
				.orElseThrow();
			assertThat(((TaskQueueTests.Own) Objects.requireNonNull(refusing.getQueue().peek())).rank()).isEqualTo(2);
			assertThat(refusing.getQueue().remove(lowest)).isTrue();
			dropped.add(lowest.rank());
			assertThat(refusing.getQueue().offer(task)).isTrue();
		});
		try (Hold hold = Hold.on(pool)) {
			pool.execute(new TaskQueueTests.Own(2));
			pool.execute(new TaskQueueTests.Own(1));
			pool.execute(new TaskQueueTests.Own(3));
		}
		assertThat(dropped).containsExactly(1);
		assertCounted(4, 3, 1);
		assertThat(this.bench.rejected(Handling.CUSTOM)).isEqualTo(1);
	}

	@Test
	void whenDecoratorIsTheUsersThenTheQueueContainsWhatItMade() {
		ThreadPoolTaskExecutor raw = new ThreadPoolTaskExecutor();
		raw.setCorePoolSize(1);
		raw.setTaskDecorator((task) -> new TaskQueueTests.Own(7, task));
		raw.afterPropertiesSet();
		ThreadPoolTaskExecutor executor = this.bench.decorate(this.bench.stopLater(raw), null);
		try (Hold hold = Hold.on(executor)) {
			executor.execute(() -> {
			});
			executor.execute(() -> {
			});
			BlockingQueue<Runnable> queue = executor.getThreadPoolExecutor().getQueue();
			assertThat(queue.remove(new TaskQueueTests.Own(7))).isTrue();
			((TaskQueueTests.Own) queue.remove()).run();
			assertThat(queue).isEmpty();
		}
		// what it hides is counted once the pool is at rest
		TaskTotals totals = this.bench.atRestOnceSettled();
		assertThat(totals.completed()).isEqualTo(2);
		assertThat(totals.cancelled()).isEqualTo(1);
	}

	@Test
	void whenSchedulersQueueIsUsedThenItContainsItsFuturesAsUndecorated() {
		ScheduledThreadPoolExecutor pool = this.bench.decorate(this.bench.stopLater(new ScheduledThreadPoolExecutor(1)),
				null);
		try (Hold hold = Hold.on(pool)) {
			Future<?> later = pool.schedule(() -> "later", 1, TimeUnit.HOURS);
			Future<?> now = pool.schedule(() -> "now", 1, TimeUnit.NANOSECONDS);
			assertThat(pool.getQueue()).containsExactlyInAnyOrder((Runnable) later, (Runnable) now);
			assertThat(pool.getQueue().peek()).isSameAs(now);
			assertThat(pool.getQueue().remove(later)).isTrue();
			Runnable taken = Objects.requireNonNull(pool.getQueue().poll());
			pool.getQueue().add(taken);
		}
		Bench.await().until(() -> this.bench.totals().completed() == 2);
		assertCounted(2, 2, 0);
	}

	@ParameterizedTest
	@EnumSource
	void whenUserCastsTheQueueThenItIsOfTheClassThatThePoolWasGiven(Plain plain) {
		BlockingQueue<Runnable> given = plain.factory.get();
		ThreadPoolExecutor pool = pool(given);
		assertThat(pool.getQueue()).isInstanceOf(given.getClass()).isNotSameAs(given).isSameAs(pool.getQueue());
	}

	@Test
	void whenQueueIsADequeThenItsEndsSpeakOfTheUsersTasks() throws Exception {
		ThreadPoolExecutor pool = pool(new LinkedBlockingDeque<>(8));
		LinkedBlockingDeque<Runnable> deque = (LinkedBlockingDeque<Runnable>) pool.getQueue();
		AtomicInteger ran = new AtomicInteger();
		try (Hold hold = Hold.on(pool)) {
			for (int i = 1; i <= 5; i++) {
				deque.addLast(new TaskQueueTests.Own(i, ran::incrementAndGet));
			}
			deque.putFirst(new TaskQueueTests.Own(0, ran::incrementAndGet));
			assertThat(deque.offerFirst(new TaskQueueTests.Own(1, ran::incrementAndGet), 1, TimeUnit.SECONDS)).isTrue();
			assertThat(((TaskQueueTests.Own) deque.peekLast()).rank()).isEqualTo(5);
			assertThat(((TaskQueueTests.Own) deque.getFirst()).rank()).isEqualTo(1);
			assertThat(((TaskQueueTests.Own) deque.takeLast()).rank()).isEqualTo(5);
			assertThat(((TaskQueueTests.Own) deque.pop()).rank()).isEqualTo(1);
			assertThat(deque.removeLastOccurrence(new TaskQueueTests.Own(2))).isTrue();
			assertThat(deque.removeFirstOccurrence(new TaskQueueTests.Own(2))).isFalse();
			assertThat(deque.removeFirstOccurrence(null)).isFalse();
			assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> deque.addFirst(null));
			Iterator<Runnable> descending = deque.descendingIterator();
			assertThat(((TaskQueueTests.Own) descending.next()).rank()).isEqualTo(4);
			descending.remove();
			assertThat(deque).containsExactly(new TaskQueueTests.Own(0), new TaskQueueTests.Own(1),
					new TaskQueueTests.Own(3));
		}
		Bench.await().until(() -> ran.get() == 3);
		assertCounted(8, 4, 4);
	}

	@Test
	@EnabledForJreRange(minVersion = 21)
	void whenDequeIsReversedThenItStillSpeaksOfTheUsersTasks() {
		ThreadPoolExecutor pool = pool(new LinkedBlockingDeque<>());
		try (Hold hold = Hold.on(pool)) {
			pool.execute(new TaskQueueTests.Own(1));
			pool.execute(new TaskQueueTests.Own(2));
			Deque<?> reversed = (Deque<?>) ReflectionTestUtils.invokeMethod(pool.getQueue(), Deque.class, "reversed");
			assertThat(Objects.requireNonNull(reversed).poll()).isEqualTo(new TaskQueueTests.Own(2));
		}
		assertCounted(3, 2, 1);
	}

	@Test
	void whenQueueTransfersThenWhatAWorkerTakesCounts() throws Exception {
		ThreadPoolExecutor pool = pool(new LinkedTransferQueue<>());
		TransferQueue<Runnable> queue = (TransferQueue<Runnable>) pool.getQueue();
		AtomicInteger ran = new AtomicInteger();
		try (Hold hold = Hold.on(pool)) {
			assertThat(queue.hasWaitingConsumer()).isFalse();
			assertThat(queue.tryTransfer(ran::incrementAndGet)).isFalse();
			assertThat(queue.tryTransfer(ran::incrementAndGet, 1, TimeUnit.MILLISECONDS)).isFalse();
			assertThat(this.bench.totals().submitted()).isEqualTo(1);
		}
		queue.transfer(ran::incrementAndGet);
		Bench.await().until(() -> queue.getWaitingConsumerCount() == 1);
		assertThat(queue.tryTransfer(ran::incrementAndGet)).isTrue();
		Bench.await().until(() -> ran.get() == 2);
		assertCounted(3, 3, 0);
	}

	@Test
	void whenTaskDoesNotCompareThenAnEmptyQueueInNaturalOrderRefusesIt() {
		ThreadPoolExecutor pool = pool(new PriorityBlockingQueue<>());
		try (Hold hold = Hold.on(pool)) {
			for (BlockingQueue<Runnable> queue : List.of(new PriorityBlockingQueue<Runnable>(), pool.getQueue())) {
				assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> queue.offer(() -> {
				}));
			}
			assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> pool.execute(() -> {
			}));
			assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> pool.submit(() -> {
			}));
		}
		assertCounted(1, 1, 0);
	}

	@Test
	void whenQueueIsInNaturalOrderThenItHasNoComparator() {
		assertThat(((PriorityBlockingQueue<Runnable>) pool(new PriorityBlockingQueue<>()).getQueue()).comparator())
			.isNull();
	}

	/**
	 * Four threads submit while another takes out, and hands some over again.
	 */
	@ParameterizedTest
	@EnumSource
	void whenTakenOutUnderFireThenEachTaskCountsOnce(Plain plain) {
		LongAdder taken = new LongAdder();
		LongAdder more = new LongAdder();
		long ran = fire(plain, (pool, round) -> {
			BlockingQueue<Runnable> queue = pool.getQueue();
			List<Runnable> out = new ArrayList<>();
			if (round % 3 == 0) {
				queue.drainTo(out, 5);
			}
			else {
				Runnable task = (round % 3 == 1) ? queue.poll() : queue.peek();
				if (task != null && (round % 3 == 1 || queue.remove(task))) {
					out.add(task);
				}
			}
			taken.add(out.size());
			for (Runnable task : out) {
				if (round % 2 == 0) {
					more.increment();
					pool.execute(task);
				}
				else if (round % 5 == 0 && queue.offer(task)) {
					more.increment();
				}
			}
		});
		assertCounted(SHOTS + more.sum(), SHOTS + more.sum() - taken.sum(), taken.sum());
		assertThat(ran).isEqualTo(this.bench.totals().completed());
	}

	/**
	 * The same by those ways where a worker may take a task in the same instant, which is
	 * then one that was cancelled and one that ran.
	 */
	@ParameterizedTest
	@EnumSource
	void whenTakenOutInBulkUnderFireThenTheBalanceHolds(Plain plain) {
		long ran = fire(plain, (pool, round) -> {
			BlockingQueue<Runnable> queue = pool.getQueue();
			if (round % 3 == 0) {
				queue.removeIf((task) -> System.identityHashCode(task) % 3 == 0);
			}
			else if (round % 3 == 1) {
				for (Iterator<Runnable> tasks = queue.iterator(); tasks.hasNext();) {
					if (System.identityHashCode(tasks.next()) % 5 == 0) {
						tasks.remove();
					}
				}
			}
			else {
				queue.clear();
			}
		});
		TaskTotals totals = this.bench.atRest();
		assertThat(totals.submitted()).isBetween((long) SHOTS, SHOTS + SHOTS / 100L);
		assertThat(ran).isEqualTo(totals.completed());
	}

	private long fire(Plain plain, BiConsumer<ThreadPoolExecutor, Integer> taking) {
		LongAdder ran = new LongAdder();
		ThreadPoolExecutor pool = pool(plain.factory.get());
		boolean futures = plain != Plain.PRIORITY;
		AtomicBoolean firing = new AtomicBoolean(true);
		FutureTask<?> taker = new FutureTask<>(() -> {
			for (int round = 0; firing.get(); round++) {
				taking.accept(pool, round);
			}
		}, null);
		new Thread(taker).start();
		try {
			Fire.from(4, SHOTS / 4, (random) -> {
				Runnable task = new Shot(random.nextInt(), ran);
				int way = random.nextInt(3);
				if (way == 0) {
					pool.getQueue().add(task);
				}
				else if (way == 1 && futures) {
					pool.submit(task);
				}
				else {
					pool.execute(task);
				}
			});
		}
		finally {
			firing.set(false);
		}
		assertThat(taker).succeedsWithin(20, TimeUnit.SECONDS);
		// where all that is left was put in, no worker may be there
		pool.prestartCoreThread();
		Bench.await().until(pool.getQueue()::isEmpty);
		pool.shutdown();
		Bench.await().until(pool::isTerminated);
		return ran.sum();
	}

	/**
	 * A task that compares by its rank, and is equal to itself only.
	 */
	static final class Shot implements Runnable, Comparable<Shot> {

		private final int rank;

		private final LongAdder ran;

		Shot(int rank, LongAdder ran) {
			this.rank = rank;
			this.ran = ran;
		}

		@Override
		public void run() {
			this.ran.increment();
		}

		@Override
		@SuppressWarnings("ComparableType")
		public int compareTo(Shot other) {
			return Integer.compare(this.rank, other.rank);
		}

	}

	/**
	 * The JDK's queues that hold tasks.
	 */
	enum Plain {

		LINKED(LinkedBlockingQueue::new),

		ARRAY(() -> new ArrayBlockingQueue<>(1_000_000)),

		PRIORITY(PriorityBlockingQueue::new),

		DEQUE(LinkedBlockingDeque::new),

		TRANSFER(LinkedTransferQueue::new);

		private final Supplier<BlockingQueue<Runnable>> factory;

		Plain(Supplier<BlockingQueue<Runnable>> factory) {
			this.factory = factory;
		}

	}

}
