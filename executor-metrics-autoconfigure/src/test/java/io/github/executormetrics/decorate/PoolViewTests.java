// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.AbortPolicy;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.task.Handling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Row: bean became a narrower type; getThreadPoolExecutor() passed by the advice. The
 * pool behind a bean keeps its class, and what goes through it is metered, or the
 * coverage says not.
 */
class PoolViewTests {

	private final Bench bench = new Bench();

	@AfterEach
	void stopAll() {
		this.bench.stopAll();
	}

	@Test
	void whenSchedulersPoolIsOfTheUsersClassThenCallersMayCastIt() throws Exception {
		OwnPoolScheduler raw = new OwnPoolScheduler();
		raw.afterPropertiesSet();
		ThreadPoolTaskScheduler scheduler = this.bench.decorate(this.bench.stopLater(raw), null);
		assertThat(scheduler.getScheduledExecutor()).isInstanceOf(OwnScheduledPool.class);
		OwnScheduledPool given = (OwnScheduledPool) scheduler.getScheduledThreadPoolExecutor();
		given.schedule(() -> "called", 1, TimeUnit.MILLISECONDS).get(20, TimeUnit.SECONDS);
		assertThat(this.bench.atRest().submitted()).isEqualTo(1);
	}

	@Test
	void whenHandlerIsReplacedByOneOfTheJdkThenCoverageNoLongerNamesIt() {
		ThreadPoolExecutor raw = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				(task, refusing) -> {
				});
		ThreadPoolExecutor pool = this.bench.decorate(this.bench.stopLater(raw), null);
		assertThat(this.bench.monitored().coverageReason()).contains("rejection handler");
		pool.setRejectedExecutionHandler(new DiscardPolicy());
		assertThat(this.bench.monitored().coverageReason()).isNull();
	}

	// instances of a prototype share what is said of them
	@Test
	void whenAnotherInstanceHasAHandlerOfTheJdkThenTheReasonStays() {
		this.bench.decorate(this.bench.stopLater(
				new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task, refusing) -> {
				})), null);
		this.bench.decorate(this.bench.stopLater(
				new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new AbortPolicy())),
				null);
		assertThat(this.bench.monitored().coverageReason()).contains("rejection handler");
	}

	@Test
	void whenPoolOutlivesItsContextThenTheNextOneCountsItsRefusals() {
		AbortPolicy handler = new AbortPolicy();
		ThreadPoolExecutor raw = this.bench
			.stopLater(new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new SynchronousQueue<>(), handler));
		this.bench.decorate(raw, null);
		Bench next = new Bench();
		ThreadPoolExecutor pool = next.decorate(raw, null);
		assertThat(pool.getRejectedExecutionHandler()).isSameAs(handler);
		try (Hold hold = Hold.on(pool)) {
			assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.execute(() -> {
			}));
		}
		assertThat(next.rejected(Handling.ABORTED)).isEqualTo(1);
		assertThat(this.bench.monitored().rejected()).isZero();
	}

	public static class OwnScheduledPool extends ScheduledThreadPoolExecutor {

		OwnScheduledPool() {
			super(1);
		}

	}

	/**
	 * Brings a pool of its own.
	 */
	public static class OwnPoolScheduler extends ThreadPoolTaskScheduler {

		private static final long serialVersionUID = 1L;

		@Override
		protected ScheduledExecutorService createExecutor(int poolSize, ThreadFactory threadFactory,
				RejectedExecutionHandler handler) {
			return new OwnScheduledPool();
		}

	}

}
