// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures what a task costs, and reports it. A round runs each benchmark once in a JVM
 * of its own, in an order of its own, so that what else the machine does falls on all of
 * them alike.
 */
public final class BenchmarkRun {

	private BenchmarkRun() {
	}

	public static void main(String[] args) throws RunnerException, IOException, InterruptedException {
		RunFile file = new RunFile(BenchmarkRun.class, args);
		Pattern include = Pattern.compile(args[2]);
		List<List<Options>> all = new ArrayList<>();
		for (Row row : Row.values()) {
			for (int threads : row.threads()) {
				List<Options> subjects = Stream.of(Subject.values())
					.filter((subject) -> subject.isIn(row) && include.matcher(row + "." + subject).matches())
					.map((subject) -> options().include(Pattern.quote(row.benchmark().getName()) + "\\..*")
						.param("subject", subject.name())
						.threads(threads)
						.addProfiler(GCProfiler.class)
						.build())
					.toList();
				if (!subjects.isEmpty()) {
					all.add(subjects);
				}
			}
		}
		if (all.isEmpty()) {
			System.out.println("No row and subject match " + include);
			return;
		}
		Path json = file.write("", measure(Integer.parseInt(args[1]), all));
		Report.main(new String[] { json.toString() });
	}

	static ChainedOptionsBuilder options() {
		return new OptionsBuilder().mode(Mode.AverageTime)
			.timeUnit(TimeUnit.NANOSECONDS)
			.forks(1)
			// a page of the heap that nobody has touched yet costs many times what a task
			// does, and more bytes a task mean more of them: all are touched before
			.jvmArgsAppend("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch")
			.warmupIterations(6)
			.warmupTime(TimeValue.milliseconds(200))
			.measurementIterations(5)
			.measurementTime(TimeValue.milliseconds(200))
			.shouldFailOnError(true);
	}

	/**
	 * Run benchmarks in rounds. Those that are compared stay together.
	 * @param rounds how often each is run
	 * @param all the benchmarks, by what is compared
	 * @return the results of each, with the data of all rounds
	 */
	static Collection<RunResult> measure(int rounds, List<List<Options>> all) throws RunnerException {
		// by themselves they are equal whatever their threads, and where each comes from
		// options of its own, whatever their parameters
		Map<BenchmarkParams, List<BenchmarkResult>> forks = new TreeMap<>(Comparator.<BenchmarkParams>naturalOrder()
			.thenComparing(BenchmarkParams::getThreads)
			.thenComparing((params) -> params.getParamsKeys().stream().map(params::getParam).toList().toString()));
		for (int round = 0; round < rounds; round++) {
			for (List<Options> group : shuffled(all)) {
				for (Options options : shuffled(group)) {
					for (RunResult result : new Runner(options).run()) {
						forks.computeIfAbsent(result.getParams(), (params) -> new ArrayList<>())
							.addAll(result.getBenchmarkResults());
					}
				}
			}
		}
		List<RunResult> results = new ArrayList<>();
		forks.forEach((params, data) -> results.add(new RunResult(params, data)));
		return results;
	}

	private static <T> List<T> shuffled(List<T> all) {
		List<T> shuffled = new ArrayList<>(all);
		Collections.shuffle(shuffled);
		return shuffled;
	}

}
