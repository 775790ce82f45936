// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A run as two Markdown tables: the targets, and all that was measured.
 */
final class ResultTable {

	private final RunResults results;

	ResultTable(RunResults results) {
		this.results = results;
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(RunFile.heading(this.results::about));
		text.append("| target | at most | measured [95 %] | |\n|---|---:|---:|---|\n");
		Target.all().forEach((target) -> text.append(row(target)));
		text.append(
				"\n| benchmark | subject | ns a task ± 99.9 % | median | over bare [95 %] | x Micrometer, same registry and buckets [95 %] | bytes a task over bare |\n");
		text.append("|---|---|---:|---:|---:|---:|---:|\n");
		this.results.all().forEach((measured) -> text.append(row(measured)));
		return text.toString();
	}

	private String row(Target target) {
		Estimate measured = this.results.estimate(target.figure());
		return measured.isKnown() ? String.format(Locale.ROOT, "| %s | %s | %s | %s |%n", target.what(), target.most(),
				measured.toString(target.digits()), target.verdict(measured)) : "";
	}

	private String row(Measured measured) {
		String benchmark = measured.benchmark();
		Subject subject = measured.subject();
		Subject peer = subject.peer();
		boolean bare = subject == Subject.BARE;
		return String.format(Locale.ROOT, "| %s | %s | %.1f ± %.1f | %.1f | %s | %s | %s |%n", benchmark, subject,
				measured.score(), measured.error(),
				this.results.estimate((medians) -> medians.nanos(benchmark, subject)).value(),
				bare ? "" : cell(1, (medians) -> medians.addedNanos(benchmark, subject)),
				(peer != null) ? cell(2, (medians) -> medians.ratio(benchmark, subject, peer)) : "",
				bare ? "" : cell(1, (medians) -> medians.addedBytes(benchmark, subject)));
	}

	private String cell(int digits, ToDoubleFunction<Medians> figure) {
		Estimate estimate = this.results.estimate(figure);
		return estimate.isKnown() ? estimate.toString(digits) : "";
	}

}
