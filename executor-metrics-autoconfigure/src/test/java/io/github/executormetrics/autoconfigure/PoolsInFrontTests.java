// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.sun.management.HotSpotDiagnosticMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A pool in front of another leaves no trace of its own. Row: a JSON thread dump on JDK
 * 25: the pool's container, and one more, empty, named after our class.
 */
class PoolsInFrontTests {

	private final ApplicationContextRunner runner = Runners.with()
		.withBean("pool", ThreadPoolExecutor.class, () -> (ThreadPoolExecutor) Executors.newFixedThreadPool(1))
		.withBean("scheduler", ScheduledThreadPoolExecutor.class, () -> new ScheduledThreadPoolExecutor(1))
		.withBean("forks", ForkJoinPool.class, () -> new ForkJoinPool(1));

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenThreadsAreDumpedThenEachPoolIsThereOnce(@TempDir Path directory) throws Exception {
		List<String> before = containers(directory.resolve("before.json"));
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			List<String> added = containers(directory.resolve("after.json"));
			added.removeAll(before);
			assertThat(added).filteredOn((name) -> name.contains("Metered")).isEmpty();
			assertThat(added).filteredOn((name) -> name.startsWith("ForkJoinPool-")).hasSize(1);
		});
	}

	private static List<String> containers(Path file) throws Exception {
		HotSpotDiagnosticMXBean diagnostic = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
		for (Method method : HotSpotDiagnosticMXBean.class.getMethods()) {
			if (method.getName().equals("dumpThreads")) {
				Object json = List.of(method.getParameterTypes()[1].getEnumConstants())
					.stream()
					.filter((format) -> format.toString().equals("JSON"))
					.findAny()
					.orElseThrow();
				method.invoke(diagnostic, file.toString(), json);
			}
		}
		return new ArrayList<>(Pattern.compile("\"container\": \"([^\"]+)\"")
			.matcher(Files.readString(file))
			.results()
			.map((MatchResult match) -> match.group(1))
			.toList());
	}

	// what stood in front took numbers of its own, so that the next pools' threads had
	// other names than without us
	@Test
	void whenPoolsAreMadeThenTheNextOnesAreNumberedAsWithoutUs() throws Exception {
		int pool = number(Executors.newSingleThreadExecutor());
		int forks = number(new ForkJoinPool(1));
		this.runner.run((context) -> assertThat(context).hasNotFailed());
		// the pools of both beans that number theirs, and this one
		assertThat(number(Executors.newSingleThreadExecutor())).isEqualTo(pool + 3);
		assertThat(number(new ForkJoinPool(1))).isEqualTo(forks + 2);
	}

	private static int number(ExecutorService executor) throws Exception {
		String name = Runners.get(executor.submit(() -> Thread.currentThread().getName()));
		executor.shutdown();
		return Integer.parseInt(name.split("-")[1]);
	}

	// the pool schedules from this version on
	@Test
	@EnabledForJreRange(min = JRE.JAVA_25)
	void whenForkJoinPoolSchedulesThenItsRunsAreMetered() {
		this.runner.run((context) -> {
			ForkJoinPool pool = context.getBean(ForkJoinPool.class);
			Method schedule = ForkJoinPool.class.getMethod("schedule", Callable.class, long.class, TimeUnit.class);
			Callable<String> task = () -> "done";
			ScheduledFuture<?> future = (ScheduledFuture<?>) schedule.invoke(pool, task, 1L, TimeUnit.MILLISECONDS);
			assertThat(Runners.get(future)).isEqualTo("done");
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "forks").completed()).isEqualTo(1));
			assertThat(ForkJoinPool.class.getMethod("getDelayedTaskCount").invoke(pool)).isEqualTo(0L);
		});
	}

}
