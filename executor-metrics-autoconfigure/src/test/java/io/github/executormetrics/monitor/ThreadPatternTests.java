// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ThreadPattern}.
 */
class ThreadPatternTests {

	// each thread, or each start of the application, made a group of its own
	@ParameterizedTest
	@CsvSource(textBlock = """
			kafka-producer-network-thread | producer-1,     kafka-producer-network-thread | producer-*
			pool-12-thread-345,                             pool-*-thread-*
			qtp1873653341-42,                               qtp*-*
			client-scheduler@6d06d69c-1,                    client-scheduler@*-*
			AMQP Connection 127.0.0.1:5672,                 AMQP Connection *.*.*.*:*
			job-550e8400-e29b-41d4-a716-446655440000,       job-*
			ForkJoinPool.commonPool-worker-1,               ForkJoinPool.commonPool-worker-*
			orders,                                         orders
			facade-decade,                                  facade-decade
			HikariPool-1:housekeeper,                       HikariPool-*:housekeeper
			""")
	void ofWhenNamesDifferInNumbersAndHashesThenSame(String name, String pattern) {
		assertThat(ThreadPattern.of(name)).isEqualTo(pattern);
	}

	// a name with a line break forged a line
	@Test
	void ofWhenNameHasControlCharactersThenOneLine() {
		assertThat(ThreadPattern.of("a\r\nERROR\u001b[31m\u2028b\u202ec\ud800")).isEqualTo("a??ERROR?[*m?b?c?");
	}

	// a name of a megabyte stood in the answer
	@Test
	void ofWhenNameIsLongThenCut() {
		assertThat(ThreadPattern.of("x".repeat(1_000_000))).hasSizeLessThan(110).endsWith("...");
	}

	@Test
	void stemIsTheNameWithoutItsLastNumber() {
		assertThat(ThreadPattern.stem("pool-1-thread-22")).isEqualTo("pool-1-thread-");
		assertThat(ThreadPattern.stem("42")).isEmpty();
		assertThat(ThreadPattern.stem("")).isEmpty();
	}

}
