// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.watch;

import java.time.Instant;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of when a cause stands: raised after 3 bad ticks in a row, cleared after 5 good
 * ones.
 */
class HysteresisTests {

	/**
	 * The story: {@code x} is a bad tick, {@code -} a good one, {@code ?} one that judges
	 * nothing. The answer: the tick since which the cause stands, or {@code .} where it
	 * does not.
	 */
	@ParameterizedTest
	@CsvSource({ "xx, ..", "xxx, ..0", "xx-xx-xx, ........", "xxxx, ..00", "-xxx, ...1", "xxx----, ..00000",
			"xxx-----, ..00000.", "xxx----x-----, ..0000000000.", "xxx-----xx, ..00000...", "xxx-----xxx, ..00000...8",
			"xx?x, ....", "xx?xxx, .....3", "xxx?, ..00", "xxx????????, ..000000000", "xxx--?---, ..000000." })
	void causeStandsSinceItsFirstBadTick(String ticks, String standing) {
		Hysteresis hysteresis = new Hysteresis(3, 5);
		StringBuilder actual = new StringBuilder();
		for (int i = 0; i < ticks.length(); i++) {
			if (ticks.charAt(i) == '?') {
				hysteresis.skip();
			}
			else {
				hysteresis.tick(ticks.charAt(i) == 'x', Instant.ofEpochSecond(i));
			}
			Instant since = hysteresis.raisedSince();
			actual.append((since != null) ? Long.toString(since.getEpochSecond()) : ".");
		}
		assertThat(actual).hasToString(standing);
	}

}
