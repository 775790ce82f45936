// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the tables and the chart of a run beside its JSON.
 */
public final class Report {

	private Report() {
	}

	public static void main(String[] args) throws IOException {
		RunResults results = RunResults.read(Path.of(args[0]));
		String base = args[0].substring(0, args[0].length() - ".json".length());
		String table = new ResultTable(results).toString();
		Files.writeString(Path.of(base + ".md"), table);
		Chart chart = new Chart(results);
		if (!chart.isEmpty()) {
			Files.writeString(Path.of(base + ".svg"), chart.toString());
		}
		System.out.println(table);
		System.out.println("Written to " + base + ".json and .md");
	}

}
