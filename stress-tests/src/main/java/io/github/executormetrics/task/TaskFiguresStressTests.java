// SPDX-License-Identifier: Apache-2.0

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
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * The figures of a name are made, added to by two where they are shared, and begin a new
 * period.
 */
public final class TaskFiguresStressTests {

	// as long as one of the maxima
	private static final long PERIOD = 1L << 36;

	private TaskFiguresStressTests() {
	}

	private static TaskFigures shared() {
		return new TaskFigures(new TaskName("mail", 1), true, TaskBudget.UNSET, 1, 0);
	}

	@JCStressTest
	@Outcome(id = "2, 7, 4", expect = Expect.ACCEPTABLE, desc = "Both have added, and begun the period")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The one has written over what the other added, or cleared it")
	@State
	public static class SharedSums {

		private final TaskFigures figures = shared();

		@Actor
		public void first() {
			this.figures.start(PERIOD, 3);
			this.figures.end(PERIOD, 1, false);
		}

		@Actor
		public void second() {
			this.figures.start(PERIOD, 4);
			this.figures.end(PERIOD, 1, false);
		}

		@Arbiter
		public void look(III_Result result) {
			result.r1 = (int) this.figures.completed();
			result.r2 = (int) this.figures.waitNanos();
			result.r3 = (int) this.figures.maxWait(PERIOD);
		}

	}

	@JCStressTest
	@Outcome(id = { "0, 0", "1, 1", "2, 2" }, expect = Expect.ACCEPTABLE, desc = "All that are completed were timed")
	@Outcome(expect = Expect.FORBIDDEN, desc = "One that ends meanwhile seems not to be timed, or not to be completed")
	@State
	public static class TimedOfCompleted {

		private final TaskFigures figures = new TaskFigures(new TaskName("mail", 1), false, TaskBudget.UNSET, 1, 0);

		@Actor
		public void worker() {
			this.figures.end(PERIOD, 1, false);
			this.figures.end(PERIOD, 1, true);
		}

		@Actor
		public void reader(II_Result result) {
			TaskTotals.Builder totals = new TaskTotals.Builder();
			this.figures.addTo(totals);
			TaskTotals total = totals.build(0);
			result.r1 = (int) total.completed();
			result.r2 = (int) total.timed();
		}

	}

	@JCStressTest
	@Outcome(id = "9", expect = Expect.ACCEPTABLE, desc = "The longest of this period or the one before")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The longest is lost between the periods")
	@State
	public static class NextPeriod {

		private final TaskFigures figures = shared();

		public NextPeriod() {
			this.figures.start(PERIOD, 1);
		}

		@Actor
		public void late() {
			this.figures.start(PERIOD, 9);
		}

		@Actor
		public void early() {
			this.figures.start(2 * PERIOD, 3);
		}

		@Arbiter
		public void look(I_Result result) {
			result.r1 = (int) this.figures.maxWait(2 * PERIOD);
		}

	}

	@JCStressTest
	@Outcome(id = "true, true, true", expect = Expect.ACCEPTABLE, desc = "All are kept while the table grows")
	@Outcome(expect = Expect.FORBIDDEN, desc = "What one adds to is never found, or gone with the smaller table")
	@State
	public static class Table {

		private final TaskFiguresTable table = new TaskFiguresTable();

		private final TaskFigures known = this.table.add(0, shared());

		private final TaskFigures larger = shared();

		private @Nullable TaskFigures first;

		private @Nullable TaskFigures second;

		@Actor
		public void first(ZZZ_Result result) {
			this.first = this.table.add(1, shared());
			result.r1 = this.table.find(0) == this.known;
		}

		@Actor
		public void second() {
			this.table.add(9, this.larger);
			this.second = this.table.add(1, shared());
		}

		@Arbiter
		public void look(ZZZ_Result result) {
			result.r2 = this.table.find(1) == this.first && this.first == this.second;
			result.r3 = this.table.find(9) == this.larger;
		}

	}

}
