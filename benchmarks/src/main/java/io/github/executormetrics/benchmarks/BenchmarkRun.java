package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs all benchmarks in rounds and writes their results as JSON and as a table. A round
 * runs each benchmark once in a JVM of its own, so that what else the machine does falls
 * on all of them alike.
 */
public final class BenchmarkRun {

	private BenchmarkRun() {
	}

	public static void main(String[] args) throws RunnerException, IOException {
		List<RunResult> results = measure(Integer.parseInt(args[1]),
				// it has subjects of its own
				(options) -> options.include(args[2]).exclude(PropagationBenchmark.class.getName()));
		write(results, Path.of(args[0]), "", new ResultTable(results).toString());
	}

	/**
	 * Run benchmarks in rounds.
	 * @param rounds how often each is run
	 * @param which chooses the benchmarks
	 * @return the results of each, of all rounds
	 */
	static List<RunResult> measure(int rounds, UnaryOperator<ChainedOptionsBuilder> which) throws RunnerException {
		ChainedOptionsBuilder all = new OptionsBuilder().mode(Mode.AverageTime)
			.timeUnit(TimeUnit.NANOSECONDS)
			.forks(1)
			.warmupIterations(2)
			.warmupTime(TimeValue.seconds(1))
			.measurementIterations(12)
			.measurementTime(TimeValue.milliseconds(250))
			.shouldFailOnError(true);
		Options options = which.apply(all).build();
		Map<BenchmarkParams, List<BenchmarkResult>> forks = new TreeMap<>();
		for (int round = 0; round < rounds; round++) {
			for (RunResult result : new Runner(options).run()) {
				forks.computeIfAbsent(result.getParams(), (params) -> new ArrayList<>())
					.addAll(result.getBenchmarkResults());
			}
		}
		List<RunResult> results = new ArrayList<>();
		forks.forEach((params, data) -> results.add(new RunResult(params, data)));
		return results;
	}

	/**
	 * Write results as JSON and as a table.
	 * @param results the results
	 * @param directory where to
	 * @param topic what they are of, as it stands in the name of the files
	 * @param text the table
	 */
	static void write(Collection<RunResult> results, Path directory, String topic, String text) throws IOException {
		Files.createDirectories(directory);
		String name = LocalDate.now() + topic + "-jdk" + Runtime.version().feature();
		Path json = directory.resolve(name + ".json");
		ResultFormatFactory.getInstance(ResultFormatType.JSON, json.toString()).writeOut(results);
		Path table = directory.resolve(name + ".md");
		Files.writeString(table, text);
		System.out.println(text);
		System.out.println("Written to " + json + " and " + table);
	}

}
