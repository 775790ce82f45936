package io.github.executormetrics.decorate;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.util.List;
import java.util.concurrent.BlockingQueue;
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

import io.github.executormetrics.Coverage;
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
	void whenGetterNamesTheUsersClassThenItGivesThatClassMetered() throws Exception {
		OwnPool pool = new OwnPool();
		NamingTaskExecutor executor = decorate(new NamingTaskExecutor(pool));
		OwnPool given = executor.getThreadPoolExecutor();
		assertThat(given).isSameAs(executor.getThreadPoolExecutor());
		assertThat(given.greeting()).isEqualTo("mine");
		given.execute(() -> {
		});
		given.submit(() -> "called").get(20, TimeUnit.SECONDS);
		given.invokeAll(List.of(() -> "called"));
		executor.submit(() -> "called").get(20, TimeUnit.SECONDS);
		assertThat(this.bench.atRest().submitted()).isEqualTo(4);
		assertThat(this.bench.monitored().coverageReason()).isNull();
	}

	@Test
	void whenCallerCastsThePoolThenItIsOfItsOwnClass() throws Exception {
		UserExecutors.OwnPoolTaskExecutor executor = decorate(new UserExecutors.OwnPoolTaskExecutor(new OwnPool()));
		OwnPool given = (OwnPool) executor.getThreadPoolExecutor();
		assertThat(given.submit(() -> "called").get(20, TimeUnit.SECONDS)).isEqualTo("called");
		assertThat(this.bench.atRest().submitted()).isEqualTo(1);
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
	void whenPoolCannotBeProxiedThenItIsGivenItselfAndCoverageSaysSo() throws Exception {
		FinalPool pool = new FinalPool();
		UserExecutors.OwnPoolTaskExecutor executor = decorate(new UserExecutors.OwnPoolTaskExecutor(pool));
		assertThat(executor.getThreadPoolExecutor()).isSameAs(pool);
		executor.submit(() -> "called").get(20, TimeUnit.SECONDS);
		executor.getThreadPoolExecutor().submit(() -> "unseen").get(20, TimeUnit.SECONDS);
		assertThat(this.bench.atRest().submitted()).isEqualTo(1);
		assertThat(this.bench.monitored().coverage()).isEqualTo(Coverage.TASKS);
		assertThat(this.bench.monitored().coverageReason()).contains(FinalPool.class.getName(), "its class is final");
	}

	// as of a library that the server shares
	@Test
	void whenPoolsLoaderDoesNotKnowSpringThenTasksPassAsTheyAre() throws Exception {
		String name = OwnPool.class.getName();
		ClassLoader alone = new ClassLoader(ClassLoader.getPlatformClassLoader()) {
			@Override
			protected Class<?> findClass(String wanted) throws ClassNotFoundException {
				try (InputStream stream = OwnPool.class.getClassLoader()
					.getResourceAsStream(wanted.replace('.', '/') + ".class")) {
					if (!wanted.equals(name) || stream == null) {
						throw new ClassNotFoundException(wanted);
					}
					byte[] bytes = stream.readAllBytes();
					return defineClass(wanted, bytes, 0, bytes.length);
				}
				catch (IOException ex) {
					throw new ClassNotFoundException(wanted, ex);
				}
			}
		};
		Constructor<?> constructor = alone.loadClass(name).getDeclaredConstructor();
		constructor.setAccessible(true);
		ThreadPoolExecutor pool = (ThreadPoolExecutor) constructor.newInstance();
		UserExecutors.OwnPoolTaskExecutor executor = decorate(new UserExecutors.OwnPoolTaskExecutor(pool));
		assertThat(executor.submit(() -> "called").get(20, TimeUnit.SECONDS)).isEqualTo("called");
		assertThat(executor.getThreadPoolExecutor()).isSameAs(pool);
		assertThat(this.bench.monitored().coverage()).isEqualTo(Coverage.STATE);
		assertThat(this.bench.monitored().coverageReason()).contains("cannot be proxied");
		assertThat(this.bench.totals().submitted()).isZero();
	}

	@Test
	void whenPoolOfTheUsersClassRefusesThenItsHandlerGetsThatClass() {
		OwnPool pool = new OwnPool(new SynchronousQueue<>());
		RejectedExecutionHandler handler = (task, refusing) -> {
			throw new RejectedExecutionException(((OwnPool) refusing).greeting());
		};
		pool.setRejectedExecutionHandler(handler);
		NamingTaskExecutor executor = decorate(new NamingTaskExecutor(pool));
		assertThat(executor.getThreadPoolExecutor().getRejectedExecutionHandler()).isSameAs(handler);
		try (Hold hold = Hold.on(executor)) {
			assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.execute(() -> {
			})).withStackTraceContaining("mine");
		}
		assertThat(this.bench.rejected(Handling.ABORTED)).isEqualTo(1);
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

	@Test
	void whenHandlerIsReplacedThenOtherReasonsStay() {
		UserExecutors.OwnPoolTaskExecutor executor = new UserExecutors.OwnPoolTaskExecutor(new FinalPool());
		executor.afterPropertiesSet();
		executor.getThreadPoolExecutor().setRejectedExecutionHandler((task, refusing) -> {
		});
		this.bench.decorate(this.bench.stopLater(executor), null);
		assertThat(this.bench.monitored().coverageReason()).contains("rejection handler", "its class is final");
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

	private <T extends UserExecutors.OwnPoolTaskExecutor> T decorate(T raw) {
		raw.afterPropertiesSet();
		return this.bench.decorate(this.bench.stopLater(raw), null);
	}

	public static class OwnPool extends ThreadPoolExecutor {

		private final String greeting = String.valueOf("mine");

		OwnPool() {
			this(new LinkedBlockingQueue<>());
		}

		OwnPool(BlockingQueue<Runnable> queue) {
			super(1, 1, 0, TimeUnit.SECONDS, queue);
		}

		public String greeting() {
			return this.greeting;
		}

	}

	public static final class FinalPool extends ThreadPoolExecutor {

		FinalPool() {
			super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		}

	}

	/**
	 * Names the class of its pool.
	 */
	public static class NamingTaskExecutor extends UserExecutors.OwnPoolTaskExecutor {

		private static final long serialVersionUID = 1L;

		NamingTaskExecutor(OwnPool pool) {
			super(pool);
		}

		@Override
		public OwnPool getThreadPoolExecutor() {
			return (OwnPool) super.getThreadPoolExecutor();
		}

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
