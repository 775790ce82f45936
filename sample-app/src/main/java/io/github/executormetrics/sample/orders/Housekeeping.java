// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.orders;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveTask;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * What the order service does by the clock.
 */
@Component
public class Housekeeping {

	private static final int PRODUCTS = 4_096;

	private final Reports reports;

	private final ForkJoinPool searchPool;

	Housekeeping(Reports reports, ForkJoinPool searchPool) {
		this.reports = reports;
		this.searchPool = searchPool;
	}

	@Scheduled(fixedRate = 500)
	void computeReport() {
		this.reports.compute();
	}

	@Scheduled(cron = "*/2 * * * * *")
	void rebuildSearchIndex() {
		this.searchPool.execute(new Index(0, PRODUCTS));
	}

	private static final class Index extends RecursiveTask<Integer> {

		private static final int FEW = 64;

		private final int from;

		private final int to;

		Index(int from, int to) {
			this.from = from;
			this.to = to;
		}

		@Override
		protected Integer compute() {
			if (this.to - this.from <= FEW) {
				int words = 0;
				for (int product = this.from; product < this.to; product++) {
					words += Integer.toString(product, 2).length();
				}
				return words;
			}
			int middle = (this.from + this.to) / 2;
			Index left = new Index(this.from, middle);
			left.fork();
			return new Index(middle, this.to).compute() + left.join();
		}

	}

}
