// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Measures what a million queued tasks hold, bare and decorated, in turns in one JVM.
 */
public final class QueuedMemory {

	private static final int TASKS = 1_000_000;

	private static final int ROUNDS_AT_LEAST = 5;

	private QueuedMemory() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		RunFile file = new RunFile(QueuedMemory.class, args);
		int rounds = Math.max(ROUNDS_AT_LEAST, Integer.parseInt(args[1]));
		List<String> lines = TrialJvm.run(List.of("-Xms1g", "-Xmx1g"), QueuedTrial.class, TASKS, rounds);
		List<QueuedRound> results = TrialJvm.behind(TrialJvm.ROUND, lines).stream().map(QueuedRound::parse).toList();
		StringBuilder table = new StringBuilder();
		table.append("| subject | bytes a task, bare | decorated | more | load average |\n|---|---:|---:|---:|---:|\n");
		for (QueuedSubject subject : QueuedSubject.values()) {
			table.append(row(subject, results.stream().filter((round) -> round.subject() == subject).toList()));
		}
		List<String> held = TrialJvm.behind(QueuedTrial.HELD, lines).stream().distinct().toList();
		table.append("\n| subject | class | instances | bytes each |\n|---|---|---:|---:|\n");
		held.forEach((line) -> table.append("| " + line.replace(" ", " | ") + " |\n"));
		file.write("queued", TrialResults.list("rounds", results, QueuedRound::toJson) + ",\n"
				+ TrialResults.list("held", held, (line) -> '"' + line + '"'), table.toString());
	}

	private static String row(QueuedSubject subject, List<QueuedRound> rounds) {
		return String.format(Locale.ROOT, "| %s | %.1f | %.1f | %s | %.1f |%n", subject,
				TrialResults.median(rounds, QueuedRound::bareBytes),
				TrialResults.median(rounds, QueuedRound::meteredBytes),
				Interval.of(rounds.stream().mapToDouble(QueuedRound::moreBytes).toArray()).format("%.2f"),
				TrialResults.statistics(rounds, (round) -> TrialResults.loadAverage(round.centiLoad())).getMean());
	}

}
