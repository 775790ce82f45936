// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.github.executormetrics.workers.StalledExecutor.WorkerWait;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what is a deadlock, as pure functions.
 */
class WaitGraphTests {

	private static final int NONE_EVER = Integer.MAX_VALUE;

	private static StalledExecutor executor(String name, WorkerWait... waits) {
		return new StalledExecutor(name, List.of(waits), NONE_EVER);
	}

	private static WorkerWait on(String executor) {
		return new WorkerWait(true, false, executor, Set.of());
	}

	private static WorkerWait works() {
		return new WorkerWait(false, false, null, Set.of("a", "b"));
	}

	private static WorkerWait waitsBehind(String... submittedTo) {
		return new WorkerWait(true, false, null, Set.of(submittedTo));
	}

	private static Map<String, Deadlock> deadlocks(StalledExecutor... stalled) {
		return WaitGraph.deadlocks(Arrays.asList(stalled));
	}

	@Test
	void whenAllWorkersWaitForTheirOwnQueueThenProven() {
		Deadlock deadlock = deadlocks(executor("a", on("a"), on("a"))).get("a");
		assertThat(deadlock).isEqualTo(new Deadlock(true, List.of("a", "a"), 2, 0, NONE_EVER));
		assertThat(deadlock.describe()).isEqualTo("proven: a -> a");
	}

	@Test
	void whenOneOfTwoWorkersIsMerelySlowThenNone() {
		assertThat(deadlocks(executor("a", on("a"), works()))).isEmpty();
	}

	@Test
	void whenTwoWaitForEachOtherThenTheRingIsNamedWhole() {
		Map<String, Deadlock> deadlocks = deadlocks(executor("a", on("b")), executor("b", on("a"), on("a")));
		assertThat(deadlocks.get("a").describe()).isEqualTo("proven: a -> b -> a");
		assertThat(deadlocks.get("b").describe()).isEqualTo("proven: b -> a -> b");
		assertThat(deadlocks.get("a").workers()).isEqualTo(3);
	}

	@Test
	void whenThreeWaitInARingThenTheRingIsNamedWhole() {
		Map<String, Deadlock> deadlocks = deadlocks(executor("a", on("b")), executor("b", on("c")),
				executor("c", on("a"), on("b")));
		assertThat(deadlocks.get("c").describe()).isEqualTo("proven: c -> a -> b -> c");
		assertThat(deadlocks).hasSize(3);
	}

	@Test
	void whenOneMemberOfARingIsSlowThenNone() {
		assertThat(deadlocks(executor("a", on("b")), executor("b", on("c")), executor("c", on("a"), works())))
			.isEmpty();
	}

	@Test
	void whenChainEndsOutsideThenNone() {
		assertThat(deadlocks(executor("a", on("b")), executor("b", works()))).isEmpty();
	}

	@Test
	void whenChainEndsInARingThenAllAreDeadlocked() {
		Map<String, Deadlock> deadlocks = deadlocks(executor("front", on("a")), executor("a", on("a")));
		assertThat(deadlocks.get("front").describe()).isEqualTo("proven: front -> a -> a");
		assertThat(deadlocks.get("a").describe()).isEqualTo("proven: a -> a");
	}

	@Test
	void whenAWorkerWouldStillBeStartedThenNone() {
		assertThat(WaitGraph.deadlocks(List.of(new StalledExecutor("a", List.of(on("a")), -1)))).isEmpty();
		assertThat(WaitGraph.deadlocks(List.of(new StalledExecutor("a", List.of(waitsBehind("a")), -1)))).isEmpty();
	}

	@Test
	void whenQueueHasRoomBeforeAWorkerIsStartedThenTheLeastRoomIsTold() {
		Map<String, Deadlock> deadlocks = WaitGraph.deadlocks(List
			.of(new StalledExecutor("a", List.of(on("b")), NONE_EVER), new StalledExecutor("b", List.of(on("a")), 7)));
		assertThat(deadlocks.get("a").roomBeforeWorker()).isEqualTo(7);
	}

	@Test
	void whenWaitIsTimedThenProvenAndTold() {
		Deadlock deadlock = deadlocks(executor("a", on("a"), new WorkerWait(true, true, "a", Set.of()))).get("a");
		assertThat(deadlock.proven()).isTrue();
		assertThat(deadlock.timedWorkers()).isOne();
	}

	@Test
	void whenAllWaitForTheUnseenBehindWhatTheySubmittedThenSuspected() {
		assertThat(deadlocks(executor("a", waitsBehind("a"), waitsBehind("a"))).get("a").describe())
			.isEqualTo("suspected: a -> a");
		assertThat(deadlocks(executor("a", waitsBehind("a"), on("a"))).get("a").proven()).isFalse();
	}

	@Test
	void whenOneSubmittedNothingOfWhatIsQueuedThenNone() {
		assertThat(deadlocks(executor("a", waitsBehind("a"), waitsBehind()))).isEmpty();
	}

	@Test
	void whenTwoWaitForTheUnseenBehindWhatTheySubmittedToEachOtherThenTheRingIsSuspected() {
		Map<String, Deadlock> deadlocks = deadlocks(executor("a", waitsBehind("b")), executor("b", waitsBehind("a")));
		assertThat(deadlocks.get("a").describe()).isEqualTo("suspected: a -> b -> a");
		assertThat(deadlocks.get("b").describe()).isEqualTo("suspected: b -> a -> b");
	}

	@Test
	void whenOneOfARingCannotBeSeenThroughThenTheWholeIsSuspected() {
		Map<String, Deadlock> deadlocks = deadlocks(executor("a", on("b")), executor("b", waitsBehind("a")));
		assertThat(deadlocks.get("a").proven()).isFalse();
		assertThat(deadlocks.get("b").proven()).isFalse();
	}

	@Test
	void whenRingIsProvenThenItsSuspectedGuestIsNot() {
		Map<String, Deadlock> deadlocks = deadlocks(executor("guest", waitsBehind("a")), executor("a", on("a")));
		assertThat(deadlocks.get("a").describe()).isEqualTo("proven: a -> a");
		assertThat(deadlocks.get("guest").describe()).isEqualTo("suspected: guest -> a -> a");
	}

	@Test
	void whenWhatWasSubmittedIsQueuedOutsideThenNone() {
		assertThat(deadlocks(executor("a", waitsBehind("elsewhere")))).isEmpty();
	}

	// it may wait for that one, which goes on
	@Test
	void whenSomeOfWhatWasSubmittedIsElsewhereThenNone() {
		assertThat(deadlocks(executor("a", waitsBehind("a", "elsewhere")))).isEmpty();
	}

	@Test
	void whenNoWorkerIsSeenThenNone() {
		assertThat(deadlocks(executor("a"))).isEmpty();
	}

}
