// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.J_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * What stands around a task: its name, refusals, due times, the throttle, and what is
 * kept for later.
 */
public final class SubmissionStressTests {

	private static final long SECOND = 1_000_000_000;

	private SubmissionStressTests() {
	}

	@JCStressTest
	@Outcome(id = "ABORTED, null", expect = Expect.ACCEPTABLE, desc = "The refusal stays on its thread")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The refusal is lost, or taken by another submission")
	@State
	public static class Refusal {

		private final RefusalMark mark = new RefusalMark();

		@Actor
		public void refused(LL_Result result) {
			this.mark.set(Handling.ABORTED);
			result.r1 = this.mark.isKnown() ? this.mark.take() : null;
		}

		@Actor
		public void accepted(LL_Result result) {
			result.r2 = this.mark.isKnown() ? this.mark.take() : null;
		}

	}

	@JCStressTest
	@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Handed on once")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Kept for ever, or handed on twice")
	@State
	public static class TimersCome {

		private final EarlyTimers early = new EarlyTimers();

		private final Waits waits = new Waits();

		@Actor
		public void worker() {
			this.early.recordWait(1);
		}

		@Actor
		public void start() {
			this.early.forwardTo(this.waits);
		}

		@Arbiter
		public void look(I_Result result) {
			result.r1 = this.waits.count.get();
		}

	}

	@JCStressTest
	@Outcome(id = { "100, 90", "90, 100" }, expect = Expect.ACCEPTABLE, desc = "Each run has a due time of its own")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Two runs share one")
	@State
	public static class Rate {

		private final Due due = Due.rate(0, 10);

		@Actor
		public void first(JJ_Result result) {
			result.r1 = this.due.lateness(100);
		}

		@Actor
		public void second(JJ_Result result) {
			result.r2 = this.due.lateness(100);
		}

	}

	@JCStressTest
	@Outcome(id = "7", expect = Expect.ACCEPTABLE, desc = "Late by its own due time, whether the next is said already")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Late by that of the run before, or early for the next")
	@State
	public static class SaidNext {

		private final Due.Said due = new Due.Said(0);

		public SaidNext() {
			this.due.say(SECOND);
		}

		@Actor
		public void scheduler() {
			this.due.say(2 * SECOND);
		}

		@Actor
		public void worker(J_Result result) {
			result.r1 = this.due.lateness(SECOND + 7);
		}

	}

	@JCStressTest
	@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "Who left is gone, who stands there is seen")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Two had one place")
	@State
	public static class Gate {

		private final ThrottleGate gate = new ThrottleGate();

		private @Nullable Thread thread;

		private int ticket;

		@Actor
		public void passing() {
			this.gate.leave(this.gate.enter());
		}

		@Actor
		public void standing() {
			this.thread = Thread.currentThread();
			this.ticket = this.gate.enter();
		}

		@Arbiter
		public void look(III_Result result) {
			result.r1 = this.gate.depth();
			this.gate.forEach((thread) -> result.r2 += (thread == this.thread) ? 1 : 2);
			this.gate.leave(this.ticket);
			result.r3 = this.gate.depth();
		}

	}

	@JCStressTest
	@Outcome(id = { "0", "1" }, expect = Expect.ACCEPTABLE, desc = "The task, or nothing where another took its place")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The task of another thread")
	@State
	public static class Ended {

		// of different threads in one place
		private static final long OTHER = 1 + 1024;

		private static final TaskName FIRST = new TaskName("first", 1);

		private static final TaskName SECOND = new TaskName("second", 2);

		private final EndedTasks ended = new EndedTasks();

		public Ended() {
			this.ended.add(1, FIRST, 0, 10);
		}

		@Actor
		public void worker() {
			this.ended.add(OTHER, SECOND, 0, 10);
		}

		@Actor
		public void reader(I_Result result) {
			TaskName name = this.ended.find(1, 5);
			result.r1 = (name != null) ? name.index() : 0;
		}

	}

	@JCStressTest
	@Outcome(id = { "0, 0", "0, 2", "1, 0" }, expect = Expect.ACCEPTABLE,
			desc = "One of them has the place, or loses it to the other meanwhile")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A class goes by the name of another")
	@State
	public static class Known {

		private static final Class<?> FIRST;

		private static final Class<?> SECOND;

		static {
			// by their places, of which the table has as many
			Map<Integer, Class<?>> known = new HashMap<>();
			Class<?> type = int[].class;
			Class<?> before = null;
			while (before == null) {
				type = type.arrayType();
				before = known.put(System.identityHashCode(type) & 255, type);
			}
			FIRST = before;
			SECOND = type;
		}

		private final KnownClasses known = new KnownClasses();

		@Actor
		public void first() {
			this.known.keep(FIRST, new TaskName("first", 1));
		}

		@Actor
		public void second(II_Result result) {
			this.known.keep(SECOND, new TaskName("second", 2));
			result.r1 = find(FIRST);
			result.r2 = find(SECOND);
		}

		private int find(Class<?> type) {
			TaskName name = this.known.find(type);
			return (name != null) ? name.index() : 0;
		}

	}

	private static final class Waits implements TaskTimers {

		private final AtomicInteger count = new AtomicInteger();

		@Override
		public void recordWait(long nanos) {
			this.count.incrementAndGet();
		}

		@Override
		public void recordRun(long nanos, boolean failed) {
		}

		@Override
		public void recordPolls(long polls) {
		}

	}

}
