// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.orders;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

/**
 * Prices each order in parts, then tells the customer and a partner. A bean of its own:
 * what a bean calls on itself is not asynchronous.
 */
@Component
public class OrderProcessor {

	private static final Log logger = LogFactory.getLog(OrderProcessor.class);

	private static final int SUPPLIERS = 5;

	private final SimpleAsyncTaskExecutor supplierExecutor;

	private final PartnerNotifier partners;

	private final MailSender mails;

	private final Work work;

	OrderProcessor(SimpleAsyncTaskExecutor supplierExecutor, PartnerNotifier partners, MailSender mails, Work work) {
		this.supplierExecutor = supplierExecutor;
		this.partners = partners;
		this.mails = mails;
		this.work = work;
	}

	/**
	 * Process an order.
	 * @param number its number
	 */
	@Async("orderExecutor")
	public void process(long number) {
		logger.debug("Processing order " + number);
		List<CompletableFuture<Integer>> offers = IntStream.range(0, SUPPLIERS)
			.mapToObj((supplier) -> CompletableFuture.supplyAsync(() -> ask(supplier, number), this.supplierExecutor))
			.toList();
		int best = offers.stream().mapToInt(CompletableFuture::join).min().orElseThrow();
		this.mails.confirm(number, best);
		try {
			this.partners.tell(number);
		}
		catch (TaskRejectedException ex) {
			// partners fetch what they were not told
			logger.debug("The partner was not notified of order " + number, ex);
		}
	}

	private int ask(int supplier, long number) {
		logger.debug("Asking supplier " + supplier + " about order " + number);
		return this.work.askSupplier(supplier);
	}

}
