// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.orders;

import java.util.concurrent.atomic.AtomicLong;

import org.springframework.stereotype.Service;

/**
 * Takes orders, and has them processed in the background.
 */
@Service
public class OrderService {

	private final OrderProcessor processor;

	private final AtomicLong numbers = new AtomicLong();

	OrderService(OrderProcessor processor) {
		this.processor = processor;
	}

	/**
	 * Place an order.
	 * @return its number
	 */
	public long place() {
		long number = this.numbers.incrementAndGet();
		this.processor.process(number);
		return number;
	}

}
