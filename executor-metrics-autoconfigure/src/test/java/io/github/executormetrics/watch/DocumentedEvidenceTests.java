// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import io.github.executormetrics.workers.Deadlock;
import io.github.executormetrics.workers.WorkersSnapshot;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the page of all fields is of the evidence and the figures that there are.
 */
class DocumentedEvidenceTests {

	private static final Path PAGE = Path.of("..", "docs", "endpoint.md");

	private static final Pattern FIGURE = Pattern.compile("(?:put|count|millisOf)\\(\"(\\w+)\"");

	private static final Deadlock DEADLOCK = new Deadlock(true, List.of("orders", "orders"), 2, 1, 5);

	private static Tick look() {
		Samples samples = Samples.UNUSED;
		return new Tick(samples.at(Duration.ZERO), samples.at(Duration.ofSeconds(1)), 0, Long.MAX_VALUE, 0, 0, null);
	}

	@Test
	void pageDescribesTheEvidenceOfEachCause() throws IOException {
		Set<String> evidence = new HashSet<>();
		for (StarvationRule rule : StarvationRule.values()) {
			rule.evidence(look(), TestLimits.DEFAULTS, 1).keySet().forEach((field) -> evidence.add(rule + " " + field));
		}
		Tick deadlocked = look().with(DEADLOCK);
		StarvationRule.DEADLOCKED.evidence(deadlocked, TestLimits.DEFAULTS, 1)
			.keySet()
			.forEach((field) -> evidence.add("DEADLOCKED " + field));
		assertThat(rows("## Evidence", "## Advice")).containsExactlyInAnyOrderElementsOf(evidence);
	}

	@Test
	void pageDescribesTheFiguresOfAnIncident() throws IOException {
		OpenIncident open = new OpenIncident("orders", 1, Instant.EPOCH, look(), WorkersSnapshot.UNSEEN);
		assertThat(rows("## Figures", null)).containsExactlyInAnyOrderElementsOf(open.at(null).figures().keySet());
	}

	@Test
	void pageDescribesTheFiguresOfAdvice() throws IOException {
		Set<String> figures = new TreeSet<>();
		for (String type : new String[] { "watch/StarvationAdvice", "watch/Change", "workers/HeldCarriers" }) {
			String source = Files.readString(Path.of("src/main/java/io/github/executormetrics", type + ".java"));
			FIGURE.matcher(source).results().forEach((found) -> figures.add(found.group(1)));
		}
		assertThat(figures).contains("neededWorkers", "drainMillis", "workersBefore");
		assertThat(rows("## Advice", "## Figures")).containsExactlyInAnyOrderElementsOf(figures);
	}

	private static List<String> rows(String from, String to) throws IOException {
		String page = Files.readString(PAGE);
		String table = page.substring(page.indexOf(from), (to != null) ? page.indexOf(to) : page.length());
		return table.lines()
			.filter((line) -> line.startsWith("| ") && line.contains("`"))
			.map((line) -> line.split("\\|"))
			.map((cells) -> cells[2].contains("`") ? cells[1].strip() + " " + cells[2].strip().replace("`", "")
					: cells[1].strip().replace("`", ""))
			.collect(Collectors.toList());
	}

}
