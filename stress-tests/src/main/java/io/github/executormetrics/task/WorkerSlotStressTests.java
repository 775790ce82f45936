// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZII_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * A slot changes hands and is read meanwhile.
 */
public final class WorkerSlotStressTests {

	private static final TaskName NAME = new TaskName("mail", 1);

	// never started, and so no more alive than one that has ended
	private static final Thread FIRST = new Thread(() -> {
	}, "first");

	private static final Thread SECOND = new Thread(() -> {
	}, "second");

	private WorkerSlotStressTests() {
	}

	private static void run(WorkerSlot slot, Thread thread, long start, long wait) {
		while (!slot.claim(thread)) {
			Thread.onSpinWait();
		}
		slot.start(start, wait, false);
		TaskFigures figures = slot.figures().add(NAME.index(), new TaskFigures(NAME, false, TaskBudget.UNSET, 1, 0));
		figures.start(start, wait);
		slot.raiseRun(1);
		figures.end(start, 1, false);
		slot.vacate();
	}

	@JCStressTest
	@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "Both have the same slot")
	@Outcome(expect = Expect.FORBIDDEN, desc = "What is counted in the one is lost")
	@State
	public static class Create {

		private final WorkerSlots slots = new WorkerSlots(1);

		private @Nullable WorkerSlot first;

		private @Nullable WorkerSlot second;

		@Actor
		public void first() {
			this.first = this.slots.slot(0);
		}

		@Actor
		public void second() {
			this.second = this.slots.slot(0);
		}

		@Arbiter
		public void look(Z_Result result) {
			result.r1 = this.first == this.second;
		}

	}

	@JCStressTest
	@Outcome(id = "2, 2, 7", expect = Expect.ACCEPTABLE, desc = "The second owner adds to what the first has written")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A task is lost")
	@State
	public static class HandOver {

		private final WorkerSlot slot = new WorkerSlot();

		@Actor
		public void first() {
			run(this.slot, FIRST, 0, 3);
		}

		@Actor
		public void second() {
			run(this.slot, SECOND, 0, 4);
		}

		@Arbiter
		public void look(III_Result result) {
			TaskTotals.Builder totals = new TaskTotals.Builder();
			this.slot.addTo(totals, 0);
			TaskTotals total = totals.build(0);
			result.r1 = (int) total.started();
			result.r2 = (int) total.completed();
			result.r3 = (int) total.waitNanos();
		}

	}

	@JCStressTest
	@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "The first has let go of all before the second comes")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The second is told with the first one's future, or without its thread")
	@State
	public static class LetGo {

		private final WorkerSlot slot = new WorkerSlot();

		public LetGo() {
			this.slot.claim(FIRST);
			this.slot.submitted(1, 1, new CompletableFuture<>());
			this.slot.start(1, 0, false);
		}

		@Actor
		public void first() {
			this.slot.vacate();
		}

		@Actor
		public void second(Z_Result result) {
			while (!this.slot.claim(SECOND)) {
				Thread.onSpinWait();
			}
			this.slot.submitted(2, 2, null);
			this.slot.start(2, 0, false);
			RunningTask task = this.slot.runningTask(2);
			result.r1 = task != null && task.thread() == SECOND && task.future() == null;
		}

	}

	@JCStressTest
	@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "Whatever is told is of one task")
	@Outcome(expect = Expect.FORBIDDEN, desc = "What is told of one task is another's")
	@State
	public static class Seen {

		private static final int TASKS = 16;

		// every other task is the run of one
		private static final @Nullable Future<?>[] FUTURES = new Future<?>[TASKS + 1];

		static {
			for (int i = 2; i <= TASKS; i += 2) {
				FUTURES[i] = new CompletableFuture<>();
			}
		}

		private final WorkerSlot slot = new WorkerSlot();

		@Actor
		public void workers() {
			for (int i = 1; i <= TASKS; i++) {
				this.slot.claim((i % 2 == 0) ? FIRST : SECOND);
				this.slot.submitted(i, i, FUTURES[i]);
				this.slot.start(i, 0, false);
				// long enough for a look
				Thread.onSpinWait();
				this.slot.vacate();
			}
		}

		@Actor
		public void reader(Z_Result result) {
			result.r1 = true;
			for (int i = 0; i < TASKS; i++) {
				RunningTask task = this.slot.runningTask(TASKS);
				result.r1 &= task == null || isOne(task);
			}
		}

		private static boolean isOne(RunningTask task) {
			return task.startNanos() == task.submittedAt() && task.startNanos() == task.submitter()
					&& task.thread() == ((task.submitter() % 2 == 0) ? FIRST : SECOND)
					// already let go of where the task ends
					&& (task.future() == null || task.future() == FUTURES[task.submitter()]);
		}

	}

	@JCStressTest
	@Outcome(id = { "true, 0, 7", "true, 5, 7", "true, 7, 7" }, expect = Expect.ACCEPTABLE,
			desc = "The first look gives its time to the untimed task, or comes too late")
	@Outcome(expect = Expect.FORBIDDEN, desc = "It starts a task that is gone: in a free slot, or over the next one")
	@State
	public static class FirstTick {

		// ahead of the clock, which else is when an untimed task is first seen
		private final long now = System.nanoTime() + TimeUnit.DAYS.toNanos(1);

		private final WorkerSlot slot = new WorkerSlot();

		public FirstTick() {
			this.slot.claim(FIRST);
			this.slot.start(TaskFrame.UNTIMED, TaskRecorder.UNKNOWN_WAIT, false);
		}

		@Actor
		public void worker(ZII_Result result) {
			this.slot.vacate();
			result.r1 = this.slot.claim(FIRST);
			this.slot.start(this.now + 7, 0, false);
		}

		@Actor
		public void reader(ZII_Result result) {
			result.r2 = look(5);
		}

		@Arbiter
		public void look(ZII_Result result) {
			result.r3 = look(9);
		}

		private int look(int after) {
			RunningTask task = this.slot.runningTask(this.now + after);
			return (task != null) ? (int) (task.startNanos() - this.now) : 0;
		}

	}

	@JCStressTest
	@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "The worker that has ended goes, the next one stays")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A task runs and its thread is not known")
	@State
	public static class ForgetEnded {

		private final WorkerSlot slot = new WorkerSlot();

		// alive, as whoever claims a slot
		private final Thread next = Thread.currentThread();

		public ForgetEnded() {
			// kept, since it comes twice
			for (int i = 0; i < 2; i++) {
				this.slot.claim(FIRST);
				this.slot.vacate();
			}
		}

		@Actor
		public void worker() {
			this.slot.claim(this.next);
			this.slot.start(1, 0, false);
		}

		@Actor
		public void reader() {
			this.slot.forgetEnded();
		}

		@Arbiter
		public void look(Z_Result result) {
			RunningTask task = this.slot.runningTask(1);
			result.r1 = task != null && task.thread() == this.next;
		}

	}

	@JCStressTest
	@Outcome(id = { "3, 5", "5, 0" }, expect = Expect.ACCEPTABLE, desc = "Each maximum is taken once")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The longest wait is lost, or taken twice")
	@State
	public static class TakeMax {

		private final WorkerSlot slot = new WorkerSlot();

		public TakeMax() {
			this.slot.start(0, 3, false);
		}

		@Actor
		public void worker() {
			this.slot.start(0, 5, false);
		}

		@Actor
		public void reader(II_Result result) {
			result.r1 = (int) this.slot.takeMaxWait();
		}

		@Arbiter
		public void look(II_Result result) {
			result.r2 = (int) this.slot.takeMaxWait();
		}

	}

}
