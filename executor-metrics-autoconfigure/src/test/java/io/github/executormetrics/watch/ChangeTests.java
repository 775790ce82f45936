// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.github.executormetrics.task.TaskName;
import io.github.executormetrics.watch.Workload.Work;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what is said to have changed, of four workers and two cores.
 */
class ChangeTests {

	private static final Instant SINCE = Instant.parse("2026-11-30T21:03:58.123Z");

	private static final TaskName MAIL = new TaskName("MailSender.confirm", 0);

	private static final TaskName ORDER = new TaskName("Orders.place", 1);

	private static Work work(double perSecond, double seconds) {
		long runs = Math.round(perSecond * 10);
		return new Work(perSecond, runs, seconds, 0, 0, runs, 0);
	}

	private static Workload load(Map<TaskName, Work> tasks, int workers, double cores) {
		return new Workload(10, tasks, workers, cores);
	}

	private static Change change(Map<TaskName, Work> before, Map<TaskName, Work> now) {
		return Change.between(load(before, 4, 0.2), load(now, 4, 0.3), SINCE, 2, 5);
	}

	@Test
	void whenADownstreamBecomesSlowThenTheTaskThatCallsItIsNamed() {
		Change change = change(Map.of(MAIL, work(10, 0.005), ORDER, work(50, 0.01)),
				Map.of(MAIL, work(10, 1), ORDER, work(50, 0.01)));
		assertThat(change.kind()).isEqualTo(Change.Kind.SLOWER);
		assertThat(change.words()).isEqualTo("MailSender.confirm takes 1.0 s since 21:03:58Z, 5.0 ms before");
		assertThat(change.figures()).containsEntry("meanRunMillisBefore", 5.0);
	}

	@Test
	void whenTooFewHaveEndedSinceThenItTakesMoreThanThoseThatRun() {
		Change change = change(Map.of(MAIL, work(10, 0.005)), Map.of(MAIL, new Work(10, 2, 0.005, 4, 8, 2, 0)));
		assertThat(change.words()).isEqualTo("MailSender.confirm takes more than 8.0 s since 21:03:58Z, 5.0 ms before");
	}

	@Test
	void whenMoreComesThenTheTaskThatComesIsNamed() {
		Change change = change(Map.of(MAIL, work(10, 0.05), ORDER, work(5, 0.1)),
				Map.of(MAIL, work(10, 0.05), ORDER, work(80, 0.12)));
		assertThat(change.kind()).isEqualTo(Change.Kind.MORE);
		assertThat(change.words()).isEqualTo("Orders.place arrives 80.0 times/s since 21:03:58Z, 5.0 before");
	}

	@Test
	void whenFewCameBeforeThenSomeMoreAreChance() {
		Workload before = new Workload(3, Map.of(ORDER, new Work(2, 6, 0.5, 0, 0, 6, 0)), 4, 0.2);
		assertThat(Change.between(before, load(Map.of(ORDER, work(3.5, 0.5)), 4, 0.2), SINCE, 2, 5)).isNull();
		assertThat(Change.between(before, load(Map.of(ORDER, work(8, 0.5)), 4, 0.2), SINCE, 2, 5)).isNotNull();
	}

	@Test
	void whenATaskIsNewThenThatIsSaid() {
		Change change = change(Map.of(MAIL, work(10, 0.05)), Map.of(MAIL, work(10, 0.05), ORDER, work(8, 1)));
		assertThat(change.kind()).isEqualTo(Change.Kind.MORE);
		assertThat(change.words()).isEqualTo("Orders.place runs since 21:03:58Z, and did not run in the 10.0 s before");
	}

	@Test
	void whenAllHangAndNoneComesAnyMoreThenThatIsSaid() {
		Change change = change(Map.of(MAIL, work(10, 0.005)), Map.of(MAIL, new Work(0, 0, 0, 4, 8, 0, 0)));
		assertThat(change.words()).isEqualTo("MailSender.confirm takes more than 8.0 s since 21:03:58Z, 5.0 ms before");
	}

	// a report that takes longer than the quiet minute has not ended in it
	@Test
	void whenATaskWasThereAndHadNotEndedThenItIsNotNew() {
		Map<TaskName, Work> before = Map.of(MAIL, work(10, 0.05), ORDER, new Work(0, 0, 0, 1, 40, 0, 0));
		assertThat(change(before, Map.of(MAIL, work(10, 0.05), ORDER, work(8, 1)))).isNull();
	}

	@Test
	void whenWorkersWereTakenAwayThenThatIsSaid() {
		Map<TaskName, Work> same = Map.of(MAIL, work(10, 0.05));
		Change change = Change.between(load(same, 8, 0.2), load(same, 2, 0.2), SINCE, 2, 5);
		assertThat(change.kind()).isEqualTo(Change.Kind.OTHER);
		assertThat(change.words()).isEqualTo("the executor has 2 workers, 8 before");
		assertThat(change.figures()).containsEntry("workersBefore", 8);
	}

	@Test
	void whenTheCoresAreTakenThenThatIsSaid() {
		Map<TaskName, Work> same = Map.of(MAIL, work(10, 0.05));
		Change change = Change.between(load(same, 4, 0.3), load(same, 4, 1.9), SINCE, 2, 5);
		assertThat(change.words()).isEqualTo("the process uses 1.9 of 2 cores, 0.3 before");
	}

	@Test
	void whenNothingOrTooLittleIsDifferentThenNothingIsSaid() {
		assertThat(change(Map.of(MAIL, work(10, 0.05)), Map.of(MAIL, work(13, 0.06)))).isNull();
		// ten times as long, of which the workers feel nothing
		assertThat(change(Map.of(MAIL, work(10, 0.0001)), Map.of(MAIL, work(10, 0.001)))).isNull();
		// nobody knows how it was
		assertThat(change(Map.of(), Map.of(MAIL, work(10, 1)))).isNull();
		assertThat(change(Map.of(MAIL, work(0.4, 0.05)), Map.of(MAIL, work(10, 1)))).isNull();
		// this one ran too seldom before to be held against, whatever the other did
		assertThat(change(Map.of(MAIL, work(0.4, 0.05), ORDER, work(50, 0.01)),
				Map.of(MAIL, work(10, 1), ORDER, work(50, 0.01))))
			.isNull();
	}

}
