package io.github.executormetrics.sample.orders;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.stereotype.Service;

/**
 * Takes orders: prices each in parts, then tells the customer and a partner.
 */
@Service
public class OrderService {

	private static final Log logger = LogFactory.getLog(OrderService.class);

	private static final int SUPPLIERS = 5;

	private final ThreadPoolTaskExecutor orderExecutor;

	private final SimpleAsyncTaskExecutor supplierExecutor;

	private final PartnerNotifier partners;

	private final MailSender mails;

	private final Work work;

	private final AtomicLong numbers = new AtomicLong();

	OrderService(ThreadPoolTaskExecutor orderExecutor, SimpleAsyncTaskExecutor supplierExecutor,
			PartnerNotifier partners, MailSender mails, Work work) {
		this.orderExecutor = orderExecutor;
		this.supplierExecutor = supplierExecutor;
		this.partners = partners;
		this.mails = mails;
		this.work = work;
	}

	/**
	 * Place an order.
	 * @return its number
	 */
	public long place() {
		long number = this.numbers.incrementAndGet();
		this.orderExecutor.execute(() -> process(number));
		return number;
	}

	private void process(long number) {
		AsyncTaskExecutor suppliers = this.supplierExecutor;
		List<CompletableFuture<Integer>> offers = IntStream.range(0, SUPPLIERS)
			.mapToObj((supplier) -> suppliers.submitCompletable(() -> this.work.askSupplier(supplier)))
			.toList();
		int best = offers.stream().mapToInt(CompletableFuture::join).min().orElseThrow();
		this.mails.confirm(number, best);
		try {
			this.partners.tell(number);
		}
		catch (TaskRejectedException ex) {
			// partners fetch what they were not told
			logger.debug("Partners were not told of order " + number, ex);
		}
	}

}
