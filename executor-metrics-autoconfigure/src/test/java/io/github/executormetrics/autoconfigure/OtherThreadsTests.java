// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quartz.Scheduler;
import org.quartz.impl.StdSchedulerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.actuate.OtherThreadsDescriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Quartz's workers, SockJS, an ExecutorChannel's pool, Netty's loops: what runs beside
 * the known executors is told.
 */
class OtherThreadsTests {

	private final ApplicationContextRunner runner = Runners.with();

	private final CountDownLatch release = new CountDownLatch(1);

	private final AtomicInteger numbers = new AtomicInteger();

	private final List<AutoCloseable> closing = new ArrayList<>();

	@AfterEach
	void end() throws Exception {
		this.release.countDown();
		for (AutoCloseable closeable : this.closing) {
			closeable.close();
		}
	}

	// no trace that something is not seen: Quartz's workers
	@Test
	void whenQuartzHasWorkersThenListed() throws Exception {
		Properties properties = new Properties();
		properties.setProperty("org.quartz.scheduler.instanceName", "unseenQuartz");
		properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
		properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
		properties.setProperty("org.quartz.threadPool.threadCount", "3");
		Scheduler scheduler = new StdSchedulerFactory(properties).getScheduler();
		this.closing.add(() -> scheduler.shutdown(true));
		this.runner.run((context) -> {
			OtherThreadsDescriptor workers = listed(context, "unseenQuartz_Worker-*");
			assertThat(workers.count()).isEqualTo(3);
			assertThat(workers.kind()).isEqualTo("Quartz");
			assertThat(workers.metering()).contains("setTaskExecutor");
			assertThat(workers.states().values()).containsExactly(3);
			assertThat(listed(context, "unseenQuartz_QuartzSchedulerThread").kind()).isEqualTo("Quartz");
		});
	}

	// no trace that something is not seen: the scheduler that Spring makes for SockJS
	@Test
	void whenSockJsHasASchedulerThenListed() {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setThreadNamePrefix("SockJS-");
		scheduler.initialize();
		this.closing.add(scheduler::shutdown);
		scheduler.execute(this::hold);
		this.runner.run((context) -> {
			OtherThreadsDescriptor threads = listed(context, "SockJS-*");
			assertThat(threads.count()).isEqualTo(1);
			assertThat(threads.kind()).isEqualTo("SockJS");
			assertThat(threads.metering()).contains("setTaskScheduler");
		});
	}

	// no trace that something is not seen: an ExecutorChannel's pool
	@Test
	void whenAPoolIsNoBeanThenListed() {
		ThreadPoolExecutor channel = pool(2, new CustomizableThreadFactory("unseen-channel-"));
		this.runner.run((context) -> {
			OtherThreadsDescriptor threads = listed(context, "unseen-channel-*");
			assertThat(threads.count()).isEqualTo(2);
			assertThat(threads.states()).containsEntry(Thread.State.WAITING, 2);
			assertThat(threads.kind()).isNull();
			assertThat(threads.metering()).contains("as a bean").contains("ExecutorMetrics.monitor");
			channel.shutdown();
			await().untilAsserted(() -> assertThat(find(context, "unseen-channel-*")).isNull());
		});
	}

	// the same with the names that the JDK gives
	@Test
	void whenAPoolHasTheNamesOfTheJdkThenListedAsAPoolWithoutABean() {
		pool(2, Executors.defaultThreadFactory());
		this.runner.run((context) -> {
			OtherThreadsDescriptor threads = listed(context, "pool-*-thread-*");
			assertThat(threads.count()).isGreaterThanOrEqualTo(2);
			assertThat(threads.kind()).isEqualTo("a pool without a bean");
			assertThat(threads.metering()).startsWith("declare it as a bean");
		});
	}

	// no trace that something is not seen: Netty's loops
	@Test
	void whenNettyHasLoopsThenListed() throws Exception {
		EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		this.closing.add(() -> loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync());
		loops.submit(() -> "started").sync();
		this.runner.run((context) -> {
			OtherThreadsDescriptor threads = listed(context, "multiThreadIoEventLoopGroup-*-*");
			assertThat(threads.kind()).isEqualTo("Netty");
			assertThat(threads.metering()).contains("NettyEventExecutorMetrics");
		});
	}

	// no trace that something is not seen: what maintains the connections of a data
	// source
	@Test
	void whenHikariHasAPoolThenListed() throws Exception {
		HikariConfig config = new HikariConfig();
		config.setPoolName("unseenHikari");
		config.setDataSource(new Connections());
		HikariDataSource dataSource = new HikariDataSource(config);
		this.closing.add(dataSource);
		this.runner
			.run((context) -> assertThat(listed(context, "unseenHikari:housekeeper").kind()).isEqualTo("HikariCP"));
	}

	// a known executor's own threads were listed as unknown
	@Test
	void whenAThreadWorksForAKnownExecutorThenNotListed() throws Exception {
		ExecutorService forkJoin = new ForkJoinPool(1,
				(pool) -> named(ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool), "known-fork-1"), null,
				false);
		this.closing.add(forkJoin::shutdown);
		this.runner.withPropertyValues("executor-metrics.exclude=known-excluded")
			.withBean("known-tasks", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.withBean("known-timer", ScheduledExecutorService.class,
					() -> Executors.newScheduledThreadPool(1, new CustomizableThreadFactory("known-timer-")))
			.withBean("known-async", SimpleAsyncTaskExecutor.class, () -> new SimpleAsyncTaskExecutor("known-async-"))
			.withBean("known-ordered", ThreadPoolExecutor.class, OtherThreadsTests::ordered)
			.withBean("known-early", ThreadPoolExecutor.class,
					() -> pool(3, new CustomizableThreadFactory("known-early-")))
			.withBean("known-fork", ForkJoinPool.class, () -> (ForkJoinPool) forkJoin)
			.withBean("known-excluded", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.run((context) -> {
				context.getBeansOfType(Executor.class).values().forEach((executor) -> executor.execute(this::hold));
				await().untilAsserted(() -> assertThat(Runners.shown(context, "known-fork").workers().busy()).isOne());
				await().untilAsserted(() -> assertThat(Runners.shown(context, "known-async").workers().busy()).isOne());
				assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName)).contains("known-tasks-1",
						"known-ordered-1", "known-early-3", "known-excluded-1", "known-fork-1");
				await().untilAsserted(
						() -> assertThat(all(context)).noneMatch((threads) -> threads.pattern().startsWith("known-")));
				this.release.countDown();
			});
	}

	// the threads of a pool beside a known one were taken for that one's
	@Test
	void whenAPoolHasTheNamesOfAKnownExecutorThenListed() {
		pool(2, new CustomizableThreadFactory("twin-"));
		this.runner.withBean("twin", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new).run((context) -> {
			context.getBean("twin", Executor.class).execute(this::hold);
			await().untilAsserted(() -> assertThat(listed(context, "twin-*").count()).isEqualTo(2));
			this.release.countDown();
		});
	}

	// pools that were busy before they became known
	@Test
	void whenWorkersStartedBeforeThePoolWasDecoratedThenTakenForItsOwn() {
		ThreadPoolExecutor early = pool(3, (task) -> new Thread(task, "early-" + this.numbers.incrementAndGet()));
		this.runner.withBean("early", ThreadPoolExecutor.class, () -> early).run((context) -> {
			assertThat(listed(context, "early-*").count()).isEqualTo(3);
			assertThat(listed(context, "early-*").mayBelongTo()).containsExactly("early");
			context.getBean("early", Executor.class).execute(this::hold);
			await().untilAsserted(() -> assertThat(find(context, "early-*")).isNull());
			this.release.countDown();
		});
	}

	// a job that ran a task itself hid the workers of its scheduler
	@Test
	void whenAThreadOfAProductRunsATaskThenStillListed() throws Exception {
		CountDownLatch running = new CountDownLatch(1);
		this.runner.withBean("inline", Executor.class, () -> Runnable::run).run((context) -> {
			Executor inline = context.getBean("inline", Executor.class);
			Thread thread = new Thread(() -> inline.execute(() -> {
				running.countDown();
				hold();
			}), "inline_Worker-1");
			thread.start();
			assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(listed(context, "inline_Worker-*").kind()).isEqualTo("Quartz");
			assertThat(all(context)).allSatisfy((threads) -> assertThat(threads.mayBelongTo()).isNull());
			this.release.countDown();
			thread.join();
		});
	}

	// the executor was a bean, and one was told to make it one
	@Test
	void whenThreadsMayBelongToAnExecutorThatTellsNoneThenSaysSo() {
		this.runner
			.withBean("silent", ThreadPoolExecutor.class,
					() -> keep(new Observed((task) -> new Thread(task, "unseen-silent-1"))))
			.run((context) -> {
				context.getBean("silent", Executor.class).execute(this::hold);
				assertThat(Runners.shown(context, "silent").coverage()).isEqualTo("state");
				await().untilAsserted(
						() -> assertThat(listed(context, "unseen-silent-*").mayBelongTo()).containsExactly("silent"));
				this.release.countDown();
			});
	}

	// the pools of a child context were told to be no beans
	@Test
	void whenThreadsWorkForAnotherContextThenNotListed() {
		this.runner.run((parent) -> Runners.with()
			.withParent(parent)
			.withBean("child-tasks", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.run((child) -> {
				child.getBean("child-tasks", Executor.class).execute(this::hold);
				await().untilAsserted(() -> assertThat(find(parent, "child-tasks-*")).isNull());
				await().untilAsserted(() -> assertThat(find(child, "child-tasks-*")).isNull());
				this.release.countDown();
			}));
	}

	// thousands of names made an answer of thousands of lines
	@Test
	void whenNamesAreManyThenTheRestIsOneGroup() throws Exception {
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			threads.add(start(new Thread(this::hold, "customer " + (char) ('a' + i / 26) + (char) ('a' + i % 26))));
		}
		this.runner.run((context) -> {
			assertThat(all(context)).hasSizeLessThanOrEqualTo(51);
			OtherThreadsDescriptor rest = listed(context, "(others)");
			assertThat(rest.count()).isGreaterThan(200);
			assertThat(all(context)).last().isEqualTo(rest);
		});
		this.release.countDown();
		for (Thread thread : threads) {
			thread.join();
		}
	}

	// a name with a line break forged a line
	@Test
	void whenANameHasALineBreakThenOneLine() {
		Thread thread = start(new Thread(this::hold, "unseen\nERROR all is lost"));
		this.runner.run((context) -> assertThat(listed(context, "unseen?ERROR all is lost").count()).isEqualTo(1));
		assertThat(thread.isAlive()).isTrue();
	}

	// a method of the user's that throws, or waits, kept the endpoint from answering
	@Test
	void whenAThreadOfTheUsersThrowsAtEachQuestionThenListed() {
		start(new Hostile(new HostileGroup(), this::hold));
		this.runner.run((context) -> {
			OtherThreadsDescriptor hostile = listed(context, "unseen-hostile");
			assertThat(hostile.count()).isEqualTo(1);
			assertThat(hostile.states()).isEmpty();
		});
	}

	// the JVM's own threads, and ours, are nobody's to meter
	@Test
	void whenThreadsAreTheJvmsOrOursThenNotListed() {
		this.runner.run((context) -> {
			await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
				.contains("executor-metrics-watch", "Reference Handler"));
			assertThat(all(context)).extracting(OtherThreadsDescriptor::pattern)
				.doesNotContain("executor-metrics-watch", "Reference Handler", "Finalizer", "Signal Dispatcher",
						"Common-Cleaner", "Notification Thread");
		});
	}

	private static List<OtherThreadsDescriptor> all(BeanFactory context) {
		return context.getBean(ExecutorsEndpoint.class).executors().otherThreads();
	}

	private static @Nullable OtherThreadsDescriptor find(BeanFactory context, String pattern) {
		return all(context).stream().filter((threads) -> threads.pattern().equals(pattern)).findFirst().orElse(null);
	}

	private static OtherThreadsDescriptor listed(BeanFactory context, String pattern) {
		return Objects.requireNonNull(find(context, pattern), () -> pattern + " is not among " + all(context));
	}

	private void hold() {
		try {
			this.release.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private <E extends ExecutorService> E keep(E executor) {
		this.closing.add(executor::shutdown);
		return executor;
	}

	private ThreadPoolExecutor pool(int threads, ThreadFactory factory) {
		ThreadPoolExecutor pool = keep(
				new ThreadPoolExecutor(threads, threads, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), factory));
		pool.prestartAllCoreThreads();
		await().untilAsserted(() -> assertThat(pool.getPoolSize()).isEqualTo(threads));
		return pool;
	}

	/**
	 * Left alone, for its queue: its tasks have an order.
	 */
	private static ThreadPoolExecutor ordered() {
		return new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES,
				new PriorityBlockingQueue<>(11, Comparator.comparing(Object::hashCode)),
				new CustomizableThreadFactory("known-ordered-"));
	}

	private static Thread start(Thread thread) {
		thread.start();
		await().until(() -> thread instanceof Hostile || thread.getState() == Thread.State.WAITING);
		return thread;
	}

	private static <T extends Thread> T named(T thread, String name) {
		thread.setName(name);
		return thread;
	}

	/**
	 * Left alone, since it is handed the tasks themselves.
	 */
	static final class Observed extends ThreadPoolExecutor {

		Observed(ThreadFactory factory) {
			super(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), factory);
		}

		@Override
		protected void beforeExecute(Thread thread, Runnable task) {
		}

	}

	static class Hostile extends Thread {

		Hostile(ThreadGroup group, Runnable task) {
			super(group, task, "unseen-hostile");
		}

		@Override
		public State getState() {
			throw new AssertionError("state");
		}

		@Override
		@SuppressWarnings("deprecation")
		public long getId() {
			throw new AssertionError("id");
		}

		@Override
		public StackTraceElement[] getStackTrace() {
			throw new AssertionError("stack");
		}

		@Override
		public ClassLoader getContextClassLoader() {
			throw new AssertionError("loader");
		}

		@Override
		public boolean equals(Object other) {
			throw new AssertionError("equals");
		}

		@Override
		public int hashCode() {
			throw new AssertionError("hash");
		}

		@Override
		public String toString() {
			throw new AssertionError("string");
		}

	}

	static class HostileGroup extends ThreadGroup {

		HostileGroup() {
			super("hostile");
		}

		@Override
		public int activeCount() {
			throw new AssertionError("count");
		}

	}

	/**
	 * Gives connections that are good for nothing but being there.
	 */
	static class Connections implements DataSource {

		@Override
		public Connection getConnection() {
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> value(method.getReturnType()));
		}

		private static @Nullable Object value(Class<?> type) {
			if (type == boolean.class) {
				return true;
			}
			return (type == int.class) ? 0 : null;
		}

		@Override
		public Connection getConnection(String username, String password) {
			return getConnection();
		}

		@Override
		public @Nullable PrintWriter getLogWriter() {
			return null;
		}

		@Override
		public void setLogWriter(@Nullable PrintWriter out) {
		}

		@Override
		public void setLoginTimeout(int seconds) {
		}

		@Override
		public int getLoginTimeout() {
			return 0;
		}

		@Override
		public java.util.logging.Logger getParentLogger() {
			return java.util.logging.Logger.getGlobal();
		}

		@Override
		public <T> T unwrap(Class<T> type) {
			return type.cast(this);
		}

		@Override
		public boolean isWrapperFor(Class<?> type) {
			return type.isInstance(this);
		}

	}

}
