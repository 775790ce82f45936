// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.stress;

import java.util.SortedSet;

import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;

/**
 * Runs the tests. Fails on a forbidden outcome and on an error, as jcstress does by
 * itself, and where a test did not run, over which it passes in silence.
 */
public final class StressRun {

	private StressRun() {
	}

	public static void main(String[] args) throws Exception {
		Options options = new Options(args);
		if (!options.parse()) {
			throw new IllegalArgumentException("Not options of jcstress: " + String.join(" ", args));
		}
		JCStress stress = new JCStress(options);
		SortedSet<String> missing = stress.getTests();
		if (missing.isEmpty()) {
			throw new IllegalArgumentException("No test matches " + options.getTestFilter());
		}
		stress.run();
		InProcessCollector results = new InProcessCollector();
		DiskReadCollector reader = new DiskReadCollector(options.getResultFile(), results);
		reader.dump();
		reader.close();
		results.getTestResults()
			.stream()
			.filter((result) -> result.status() == Status.NORMAL && result.getTotalCount() > 0)
			.forEach((result) -> missing.remove(result.getName()));
		if (!missing.isEmpty()) {
			throw new AssertionError("Did not run: " + missing);
		}
	}

}
