// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.contributor.Status;

/**
 * Returns the gravest status in a given order, as Boot's own aggregator does. Boot 4.0
 * and 4.3 have no way in common to create that one.
 */
final class OrderedStatusAggregator implements StatusAggregator {

	private final List<String> order;

	/**
	 * Creates an aggregator.
	 * @param order the codes, the gravest first, in any case and with any separators
	 */
	OrderedStatusAggregator(List<String> order) {
		this.order = order.stream().map(OrderedStatusAggregator::uniform).toList();
	}

	@Override
	public Status getAggregateStatus(Set<Status> statuses) {
		return statuses.stream()
			.filter((status) -> rank(status) >= 0)
			.min(Comparator.comparingInt(this::rank).thenComparing(Status::getCode))
			.orElse(Status.UNKNOWN);
	}

	private int rank(Status status) {
		return this.order.indexOf(uniform(status.getCode()));
	}

	private static String uniform(String code) {
		return code.codePoints()
			.filter(Character::isLetterOrDigit)
			.map(Character::toLowerCase)
			.mapToObj(Character::toString)
			.collect(Collectors.joining());
	}

}
