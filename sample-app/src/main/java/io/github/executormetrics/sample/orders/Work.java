// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.orders;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Stands for what an order service talks to: a mail server, suppliers, partners. Each
 * takes a little time, the mail server more of it once it is made slow.
 */
@Component
public class Work {

	private static final Duration MAIL = Duration.ofMillis(5);

	private static final Duration PARTNER = Duration.ofMillis(20);

	private static final int PRIMES_BELOW = 200_000;

	private volatile Duration mail = MAIL;

	/**
	 * Make the mail server slow, or well again.
	 * @param slow how long it takes for a mail, or null for as long as always
	 */
	public void slowMail(@Nullable Duration slow) {
		this.mail = (slow != null) ? slow : MAIL;
	}

	void sendMail() {
		take(this.mail);
	}

	void callPartner() {
		take(PARTNER);
	}

	int askSupplier(int supplier) {
		take(Duration.ofMillis(5 + 3 * supplier));
		return 100 - supplier;
	}

	/**
	 * Count the primes below a bound, the slow way.
	 * @return how many there are
	 */
	int compute() {
		int primes = 0;
		for (int number = 3; number < PRIMES_BELOW; number += 2) {
			boolean prime = true;
			for (int divisor = 3; prime && divisor * divisor <= number; divisor += 2) {
				prime = number % divisor != 0;
			}
			primes += prime ? 1 : 0;
		}
		return primes + 1;
	}

	private static void take(Duration duration) {
		long end = System.nanoTime() + duration.toNanos();
		long left = duration.toNanos();
		while (left > 0 && !Thread.currentThread().isInterrupted()) {
			LockSupport.parkNanos(left);
			left = end - System.nanoTime();
		}
	}

}
