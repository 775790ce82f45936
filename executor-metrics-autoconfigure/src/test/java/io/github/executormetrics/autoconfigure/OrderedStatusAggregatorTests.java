// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link OrderedStatusAggregator}.
 */
class OrderedStatusAggregatorTests {

	private static final List<Status> STATUSES = List.of(Status.DOWN, Status.OUT_OF_SERVICE, Status.UP, Status.UNKNOWN,
			new Status("STARVED"), new Status("out-of-service"), new Status("Degradé 2"));

	@ParameterizedTest
	@ValueSource(strings = { "DOWN,OUT_OF_SERVICE,STARVED,UP,UNKNOWN", "starved,down,up", "out-of-service,Down", "UP",
			"degradé-2,UNKNOWN,outofservice", "down,DOWN,up,Starved", "fine" })
	void whenStatusesAreAggregatedThenResultIsThatOfBootsOwn(String order) {
		List<String> codes = Arrays.asList(order.split(","));
		OrderedStatusAggregator aggregator = new OrderedStatusAggregator(codes);
		StatusAggregator boots = StatusAggregator.of(codes);
		for (Set<Status> statuses : subsets()) {
			assertThat(aggregator.getAggregateStatus(statuses)).as(statuses.toString())
				.isEqualTo(boots.getAggregateStatus(statuses));
		}
	}

	private static List<Set<Status>> subsets() {
		List<Set<Status>> subsets = new ArrayList<>();
		for (int bits = 0; bits < 1 << STATUSES.size(); bits++) {
			int chosen = bits;
			subsets.add(IntStream.range(0, STATUSES.size())
				.filter((i) -> (chosen & (1 << i)) != 0)
				.mapToObj(STATUSES::get)
				.collect(Collectors.toSet()));
		}
		return subsets;
	}

}
