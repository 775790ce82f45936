// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.sample.scenarios;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.stereotype.Component;

import io.github.executormetrics.sample.SampleProperties;
import io.github.executormetrics.sample.orders.MailSender;
import io.github.executormetrics.sample.orders.PartnerNotifier;
import io.github.executormetrics.sample.orders.Work;

/**
 * Makes trouble for a while, on a thread of its own. It ends by itself, and with the
 * application.
 */
@Component
class Troublemaker implements DisposableBean {

	private static final int FLOOD_PER_SECOND = 1_000;

	private static final Duration SLOW = Duration.ofSeconds(1);

	private final MailSender mails;

	private final PartnerNotifier partners;

	private final ThreadPoolExecutor reportExecutor;

	private final Work work;

	private final Duration duration;

	private final Set<Scenario> running = EnumSet.noneOf(Scenario.class);

	private volatile boolean closed;

	Troublemaker(MailSender mails, PartnerNotifier partners, ThreadPoolExecutor reportExecutor, Work work,
			SampleProperties properties) {
		this.mails = mails;
		this.partners = partners;
		this.reportExecutor = reportExecutor;
		this.work = work;
		this.duration = properties.trouble();
	}

	/**
	 * Make trouble.
	 * @param scenario which
	 * @return false where it is being made already
	 */
	boolean make(Scenario scenario) {
		synchronized (this.running) {
			if (!this.running.add(scenario)) {
				return false;
			}
		}
		Thread thread = new Thread(() -> run(scenario), "scenario-" + scenario);
		thread.setDaemon(true);
		thread.start();
		return true;
	}

	private void run(Scenario scenario) {
		long end = System.nanoTime() + this.duration.toNanos();
		BooleanSupplier goesOn = () -> System.nanoTime() - end < 0 && !this.closed;
		try {
			switch (scenario) {
				case BURST -> burst();
				case SLOW_DOWNSTREAM -> slowDownstream(goesOn);
				case FLOOD -> flood(goesOn);
				case STALL -> stall(goesOn);
				case DEADLOCK -> deadlock();
			}
		}
		finally {
			synchronized (this.running) {
				this.running.remove(scenario);
			}
		}
	}

	/** As many mails as its four workers send in that time, all at once. */
	private void burst() {
		long mails = Math.min(9_000, this.duration.toMillis() * 4 / 6);
		for (int i = 0; i < mails; i++) {
			this.mails.confirm(-1, 0);
		}
	}

	private void slowDownstream(BooleanSupplier goesOn) {
		this.work.slowMail(SLOW);
		while (goesOn.getAsBoolean()) {
			pause(Duration.ofMillis(100));
		}
		this.work.slowMail(null);
	}

	private void flood(BooleanSupplier goesOn) {
		while (goesOn.getAsBoolean()) {
			for (int i = 0; i < FLOOD_PER_SECOND / 50; i++) {
				try {
					this.partners.tell(-1);
				}
				catch (TaskRejectedException ex) {
					// that is the trouble
				}
			}
			pause(Duration.ofMillis(20));
		}
	}

	private void stall(BooleanSupplier goesOn) {
		CountDownLatch released = new CountDownLatch(1);
		for (int i = 0; i < this.reportExecutor.getMaximumPoolSize(); i++) {
			this.reportExecutor.execute(() -> await(released));
		}
		while (goesOn.getAsBoolean()) {
			pause(Duration.ofMillis(100));
		}
		released.countDown();
	}

	/** As nested submissions do it: each worker gives up only after a time. */
	private void deadlock() {
		int workers = this.reportExecutor.getMaximumPoolSize();
		CountDownLatch started = new CountDownLatch(workers);
		for (int i = 0; i < workers; i++) {
			this.reportExecutor.execute(() -> {
				started.countDown();
				await(started);
				awaitPart(this.reportExecutor.submit(() -> "a part of the report"));
			});
		}
	}

	private void awaitPart(Future<String> part) {
		try {
			part.get(this.duration.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// that is the trouble
		}
	}

	private void await(CountDownLatch released) {
		try {
			released.await(this.duration.toMillis() * 2, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void pause(Duration duration) {
		LockSupport.parkNanos(duration.toNanos());
	}

	@Override
	public void destroy() {
		this.closed = true;
	}

}
