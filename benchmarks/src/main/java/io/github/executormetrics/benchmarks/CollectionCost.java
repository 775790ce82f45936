// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Measures what a collection costs with ten, a hundred and a thousand executors, and with
 * as many series of plain Micrometer meters, in several JVMs.
 */
public final class CollectionCost {

	private static final int JVMS_AT_LEAST = 3;

	private CollectionCost() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		RunFile file = new RunFile(CollectionCost.class, args);
		int jvms = Math.max(JVMS_AT_LEAST, Integer.parseInt(args[1]));
		List<CollectionRound> rounds = new ArrayList<>();
		for (int i = 0; i < jvms; i++) {
			int jvm = i;
			TrialJvm.behind(TrialJvm.ROUND, TrialJvm.run(List.of("-Xms2g", "-Xmx2g"), CollectionTrial.class))
				.forEach((line) -> rounds.add(CollectionRound.parse(jvm, line)));
		}
		StringBuilder table = new StringBuilder();
		table.append(
				"| subject | executors | series | ms | ms of CPU | us of CPU an executor | kB allocated | x the CPU of 10 executors | of 100 | load average |\n");
		table.append("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
		for (CollectionSubject subject : CollectionSubject.values()) {
			for (int executors : CollectionTrial.COUNTS) {
				table.append(row(subject, executors, jvms, rounds));
			}
		}
		file.write("collection", TrialResults.list("collections", rounds, CollectionRound::toJson), table.toString());
	}

	private static String row(CollectionSubject subject, int executors, int jvms, List<CollectionRound> all) {
		List<CollectionRound> rounds = all.stream()
			.filter((round) -> round.subject() == subject && round.executors() == executors)
			.toList();
		Interval wall = Interval.of(medians(rounds, jvms, (round) -> round.wallNanos() / 1e6));
		double[] cpus = medians(rounds, jvms, (round) -> round.cpuNanos() / 1e6);
		Interval cpu = Interval.of(cpus);
		return String.format(Locale.ROOT, "| %s | %,d | %,d | %s | %s | %.1f | %,.1f | %s | %s | %.1f |%n", subject,
				executors, rounds.get(0).series(), wall.format("%.2f"), cpu.format("%.2f"),
				cpu.mean() * 1e3 / executors, TrialResults.median(rounds, CollectionRound::allocatedBytes) / 1e3,
				ratio(cpus, subject, executors, 10, jvms, all), ratio(cpus, subject, executors, 100, jvms, all),
				TrialResults.statistics(rounds, (round) -> TrialResults.loadAverage(round.centiLoad())).getMean());
	}

	/**
	 * The median of each JVM.
	 */
	private static double[] medians(List<CollectionRound> rounds, int jvms, ToDoubleFunction<CollectionRound> figure) {
		return IntStream.range(0, jvms)
			.mapToDouble((jvm) -> TrialResults.median(rounds.stream().filter((round) -> round.jvm() == jvm).toList(),
					figure))
			.toArray();
	}

	private static String ratio(double[] cpus, CollectionSubject subject, int executors, int base, int jvms,
			List<CollectionRound> all) {
		if (executors <= base) {
			return "";
		}
		List<CollectionRound> rounds = all.stream()
			.filter((round) -> round.subject() == subject && round.executors() == base)
			.toList();
		return Interval.ofRatios(cpus, medians(rounds, jvms, (round) -> round.cpuNanos() / 1e6)).format("%.1f");
	}

}
