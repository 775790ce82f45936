// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.orders;

import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes orders over HTTP.
 */
@RestController
class OrderController {

	private static final Log logger = LogFactory.getLog(OrderController.class);

	private final OrderService orders;

	OrderController(OrderService orders) {
		this.orders = orders;
	}

	@PostMapping("/orders")
	@ResponseStatus(HttpStatus.ACCEPTED)
	Map<String, Long> place() {
		long number = this.orders.place();
		logger.debug("Took order " + number);
		return Map.of("order", number);
	}

}
