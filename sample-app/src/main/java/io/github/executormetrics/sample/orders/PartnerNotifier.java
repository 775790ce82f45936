// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.orders;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.stereotype.Component;

/**
 * Tells partners of orders, on a pool that refuses what it cannot take.
 */
@Component
public class PartnerNotifier {

	private static final Log logger = LogFactory.getLog(PartnerNotifier.class);

	private final ThreadPoolTaskExecutor partnerExecutor;

	private final Work work;

	PartnerNotifier(ThreadPoolTaskExecutor partnerExecutor, Work work) {
		this.partnerExecutor = partnerExecutor;
		this.work = work;
	}

	/**
	 * Tell partners of an order.
	 * @param number its number
	 */
	public void tell(long number) {
		this.partnerExecutor.execute(() -> call(number));
	}

	private void call(long number) {
		logger.debug("Notifying the partner of order " + number);
		this.work.callPartner();
	}

}
