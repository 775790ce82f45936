package io.github.executormetrics.sample.orders;

import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

/**
 * Sends mails in the background.
 */
@Component
public class MailSender {

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
		this.work.sendMail();
	}

}
