package io.github.executormetrics.watch;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.executormetrics.StarvationCause;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what the log tells of starvation, and how often.
 */
@ExtendWith(OutputCaptureExtension.class)
class StarvationLogTests {

	private static final ExecutorReport HEALTHY = report();

	private static final ExecutorReport DELAYED = report(StarvationCause.DELAYED);

	private final StarvationLog log = new StarvationLog();

	private static ExecutorReport report(StarvationCause... causes) {
		List<RaisedCause> raised = Arrays.stream(causes)
			.map((cause) -> new RaisedCause(cause, Instant.EPOCH, Map.of("queuedTasks", 7), null))
			.toList();
		return new ExecutorReport(WindowSnapshot.EMPTY, raised, TestLimits.DEFAULTS);
	}

	@Test
	void graveCausesAreWarningsOthersAreNot(CapturedOutput output) {
		for (StarvationCause cause : StarvationCause.values()) {
			this.log.report(cause.tag(), HEALTHY, report(cause), 0);
		}
		assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).hasSize(3)
			.anyMatch((line) -> line.contains("Executor 'deadlocked' starves: DEADLOCKED"))
			.anyMatch((line) -> line.contains("Executor 'stalled' starves: STALLED"))
			.anyMatch((line) -> line.contains("Executor 'rejecting' starves: REJECTING"));
		assertThat(output.toString().lines().filter((line) -> line.contains("INFO"))).hasSize(4)
			.allMatch((line) -> line.contains("since 1970-01-01T00:00:00Z {queuedTasks=7}"));
	}

	@Test
	void whenNothingChangesThenNothingIsTold(CapturedOutput output) {
		this.log.report("orders", HEALTHY, HEALTHY, 0);
		assertThat(output).isEmpty();
		this.log.report("orders", HEALTHY, DELAYED, 0);
		this.log.report("orders", DELAYED, DELAYED, TimeUnit.HOURS.toNanos(3));
		this.log.report("orders", DELAYED, HEALTHY, TimeUnit.HOURS.toNanos(4));
		assertThat(output.toString().lines()).hasSize(2);
		assertThat(output).contains("Executor 'orders' recovered");
	}

	@Test
	void whenItGetsWorseThenThatIsToldAtOnceAndOnce(CapturedOutput output) {
		ExecutorReport stalled = report(StarvationCause.STALLED, StarvationCause.DELAYED);
		this.log.report("orders", HEALTHY, DELAYED, 0);
		this.log.report("orders", DELAYED, stalled, 1);
		this.log.report("orders", stalled, DELAYED, 2);
		this.log.report("orders", DELAYED, stalled, 3);
		assertThat(output.toString().lines()).hasSize(2);
		assertThat(output).contains("INFO", "Executor 'orders' starves: DELAYED")
			.contains("WARN", "Executor 'orders' starves: STALLED");
	}

	@Test
	void whenExecutorFlapsThenItIsToldEverMoreRarely(CapturedOutput output) {
		// raised and cleared once every 10 s for a day
		for (int seconds = 0; seconds < 86_400; seconds += 10) {
			long nanos = TimeUnit.SECONDS.toNanos(seconds);
			this.log.report("orders", HEALTHY, DELAYED, nanos);
			this.log.report("orders", DELAYED, HEALTHY, nanos + 1);
		}
		List<String> raised = output.toString().lines().filter((line) -> line.contains("starves")).toList();
		// after 1, 2, 4 ... 32 minutes, then once an hour
		assertThat(raised).hasSizeBetween(25, 32);
		assertThat(output.toString().lines().filter((line) -> line.contains("recovered"))).hasSameSizeAs(raised);
	}

	@Test
	void whenQuietForLongThenItIsToldAtOnceAgain(CapturedOutput output) {
		this.log.report("orders", HEALTHY, DELAYED, 0);
		this.log.report("orders", DELAYED, HEALTHY, 1);
		this.log.report("orders", HEALTHY, DELAYED, TimeUnit.HOURS.toNanos(9));
		assertThat(output.toString().lines().filter((line) -> line.contains("starves"))).hasSize(2);
	}

}
