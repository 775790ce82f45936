// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.orders;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

/**
 * Sends mails in the background.
 */
@Component
public class MailSender {

	private static final Log logger = LogFactory.getLog(MailSender.class);

	private final Work work;

	MailSender(Work work) {
		this.work = work;
	}

	/**
	 * Confirm an order.
	 * @param number its number
	 * @param price what it costs
	 */
	@Async("mailExecutor")
	public void confirm(long number, int price) {
		logger.debug("Confirming order " + number + " for " + price);
		this.work.sendMail();
	}

}
