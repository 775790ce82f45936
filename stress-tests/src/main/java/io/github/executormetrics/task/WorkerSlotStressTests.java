package io.github.executormetrics.task;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * A slot changes hands and is read meanwhile.
 */
public final class WorkerSlotStressTests {

	private static final TaskName NAME = new TaskName("mail", 1);

	// never started
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
	@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "Whatever is told is of one task")
	@Outcome(expect = Expect.FORBIDDEN, desc = "What is told of one task is another's")
	@State
	public static class Seen {

		private static final int TASKS = 16;

		private final WorkerSlot slot = new WorkerSlot();

		@Actor
		public void workers() {
			for (int i = 1; i <= TASKS; i++) {
				this.slot.claim((i % 2 == 0) ? FIRST : SECOND);
				this.slot.submitted(i, i, null);
				this.slot.start(i, 0, false);
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
					&& task.thread() == ((task.submitter() % 2 == 0) ? FIRST : SECOND);
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
