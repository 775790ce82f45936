// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Row: submit bypassed the wrapper; TaskScheduler methods did; getThreadPoolExecutor()
 * did. Every public method of a decorated type that takes a task meters it once, or
 * stands here with the reason why not.
 */
class TaskMethodsTests {

	private static final String TAKES_OUT = "takes a task out of the queue";

	private static final String MAKES_A_THREAD = "makes a thread and runs nothing itself";

	private static final String CALLBACK = "a callback of the lifecycle, no task";

	private static final String UNSEEN_BY_DECORATOR = "calls no TaskDecorator, and coverage says so";

	private final Bench bench = new Bench();

	@AfterEach
	void stopAll() {
		this.bench.stopAll();
	}

	@ParameterizedTest
	@MethodSource
	void whenTaskIsHandedOverThenItIsMeteredOnce(Kind kind, Method method) throws Exception {
		Object executor = kind.decorated(this.bench);
		CountDownLatch ran = new CountDownLatch(1);
		@Nullable Object[] arguments = new Object[method.getParameterCount()];
		for (int i = 0; i < arguments.length; i++) {
			arguments[i] = argument(method, i, ran);
		}
		try {
			method.invoke(executor, arguments);
		}
		catch (InvocationTargetException ex) {
			throw new IllegalStateException(ex.getTargetException());
		}
		Hold.await(ran);
		Bench.await().until(() -> this.bench.totals().completed() > 0);
		TaskTotals totals = this.bench.atRest();
		assertThat(totals.submitted()).isEqualTo(1);
		assertThat(totals.succeeded()).isEqualTo(1);
	}

	static List<Arguments> whenTaskIsHandedOverThenItIsMeteredOnce() {
		List<Arguments> arguments = new ArrayList<>();
		for (Kind kind : Kind.values()) {
			taskMethods(kind.type).forEach((signature, method) -> {
				if (!kind.unmetered.containsKey(signature)) {
					arguments.add(Arguments.of(kind, method));
				}
			});
		}
		return arguments;
	}

	@ParameterizedTest
	@EnumSource
	void whenMethodIsListedAsUnmeteredThenItIsThere(Kind kind) {
		assertThat(taskMethods(kind.type).keySet()).containsAll(kind.unmetered.keySet());
		assertThat(taskMethods(kind.type)).hasSizeGreaterThan(kind.unmetered.size());
	}

	private static Map<String, Method> taskMethods(Class<?> type) {
		Map<String, Method> methods = new TreeMap<>();
		for (Method method : type.getMethods()) {
			if (!Modifier.isStatic(method.getModifiers()) && !method.isBridge()
					&& Arrays.stream(method.getParameterTypes()).anyMatch(TaskMethodsTests::isTask)) {
				methods.put(signature(method), method);
			}
		}
		return methods;
	}

	private static boolean isTask(Class<?> type) {
		return Runnable.class.isAssignableFrom(type) || Callable.class.isAssignableFrom(type)
				|| Collection.class.isAssignableFrom(type) || type == Trigger.class;
	}

	private static String signature(Method method) {
		return method.getName() + Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).toList();
	}

	private static @Nullable Object argument(Method method, int index, CountDownLatch ran) {
		Class<?> type = method.getParameterTypes()[index];
		Callable<String> call = () -> {
			ran.countDown();
			return "called";
		};
		if (type == Runnable.class) {
			return (Runnable) ran::countDown;
		}
		if (type == Callable.class) {
			return call;
		}
		if (type == Collection.class) {
			return List.of(call);
		}
		if (type == Trigger.class) {
			return new ErrorHandlerContract.Once();
		}
		if (type == long.class) {
			return number(method, index);
		}
		return Map
			.<Class<?>, Object>of(Object.class, "result", TimeUnit.class, TimeUnit.SECONDS, Instant.class,
					Instant.now(), Date.class, new Date(), Duration.class, Duration.ofHours(1))
			.get(type);
	}

	/**
	 * Start at once, and neither run again nor time out within the test.
	 */
	private static long number(Method method, int index) {
		String name = method.getName();
		boolean again = name.matches("schedule(AtFixedRate|WithFixedDelay)")
				&& index == Arrays.asList(method.getParameterTypes()).lastIndexOf(long.class);
		boolean timeout = name.startsWith("invoke") || name.equals("submitWithTimeout");
		return again ? 3_600_000 : timeout ? 20 : 0;
	}

	private static ThreadPoolExecutor pool() {
		return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
	}

	private static ThreadPoolTaskExecutor taskExecutor() {
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.afterPropertiesSet();
		return executor;
	}

	private static ThreadPoolTaskScheduler scheduler() {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.afterPropertiesSet();
		return scheduler;
	}

	private static UserExecutors.OwnThreadPoolTaskExecutor ownTaskExecutor() {
		UserExecutors.OwnThreadPoolTaskExecutor executor = new UserExecutors.OwnThreadPoolTaskExecutor(null);
		executor.afterPropertiesSet();
		return executor;
	}

	/**
	 * A decorated type as users see it.
	 */
	enum Kind {

		THREAD_POOL_TASK_EXECUTOR(ThreadPoolTaskExecutor.class, (bench) -> taskExecutor(), threads()),

		USERS_THREAD_POOL_TASK_EXECUTOR(UserExecutors.OwnThreadPoolTaskExecutor.class, (bench) -> ownTaskExecutor(),
				threads()),

		GET_THREAD_POOL_EXECUTOR(ThreadPoolExecutor.class, (bench) -> taskExecutor(),
				(executor) -> ((ThreadPoolTaskExecutor) executor).getThreadPoolExecutor(), removal()),

		THREAD_POOL_TASK_SCHEDULER(ThreadPoolTaskScheduler.class, (bench) -> scheduler(), threads()),

		GET_SCHEDULED_THREAD_POOL_EXECUTOR(ScheduledThreadPoolExecutor.class, (bench) -> scheduler(),
				(executor) -> ((ThreadPoolTaskScheduler) executor).getScheduledThreadPoolExecutor(), removal()),

		GET_SCHEDULED_EXECUTOR(ScheduledExecutorService.class, (bench) -> scheduler(),
				(executor) -> ((ThreadPoolTaskScheduler) executor).getScheduledExecutor(), Map.of()),

		THREAD_POOL_EXECUTOR(ThreadPoolExecutor.class, (bench) -> pool(), removal()),

		USERS_THREAD_POOL_EXECUTOR(UserExecutors.OwnThreadPoolExecutor.class,
				(bench) -> new UserExecutors.OwnThreadPoolExecutor(new LinkedBlockingQueue<>(),
						Executors.defaultThreadFactory(), Policy.ABORT.handler()),
				removal()),

		SCHEDULED_THREAD_POOL_EXECUTOR(ScheduledThreadPoolExecutor.class, (bench) -> new ScheduledThreadPoolExecutor(1),
				removal()),

		USERS_SCHEDULED_THREAD_POOL_EXECUTOR(UserExecutors.OwnScheduledThreadPoolExecutor.class,
				(bench) -> new UserExecutors.OwnScheduledThreadPoolExecutor(Executors.defaultThreadFactory()),
				removal()),

		SIMPLE_ASYNC_TASK_EXECUTOR(SimpleAsyncTaskExecutor.class, (bench) -> new SimpleAsyncTaskExecutor(),
				Map.of("createThread[Runnable]", MAKES_A_THREAD)),

		SIMPLE_ASYNC_TASK_SCHEDULER(SimpleAsyncTaskScheduler.class, (bench) -> new SimpleAsyncTaskScheduler(),
				Map.of("createThread[Runnable]", MAKES_A_THREAD, "stop[Runnable]", CALLBACK)),

		USERS_SIMPLE_ASYNC_TASK_EXECUTOR(UserExecutors.OwnSimpleAsyncTaskExecutor.class,
				(bench) -> new UserExecutors.OwnSimpleAsyncTaskExecutor(),
				Map.of("createThread[Runnable]", MAKES_A_THREAD)),

		USERS_SIMPLE_ASYNC_TASK_SCHEDULER(UserExecutors.OwnSimpleAsyncTaskScheduler.class,
				(bench) -> new UserExecutors.OwnSimpleAsyncTaskScheduler(),
				Map.of("createThread[Runnable]", MAKES_A_THREAD, "stop[Runnable]", CALLBACK,
						"scheduleWithFixedDelay[Runnable, Date, long]", UNSEEN_BY_DECORATOR,
						"scheduleWithFixedDelay[Runnable, Duration]", UNSEEN_BY_DECORATOR,
						"scheduleWithFixedDelay[Runnable, Instant, Duration]", UNSEEN_BY_DECORATOR,
						"scheduleWithFixedDelay[Runnable, long]", UNSEEN_BY_DECORATOR)),

		TASK_EXECUTOR_ADAPTER(TaskExecutorAdapter.class, (bench) -> new TaskExecutorAdapter(bench.stopLater(pool())),
				Map.of()),

		CONCURRENT_TASK_EXECUTOR(ConcurrentTaskExecutor.class,
				(bench) -> new ConcurrentTaskExecutor(bench.stopLater(pool())), Map.of()),

		CONCURRENT_TASK_SCHEDULER(ConcurrentTaskScheduler.class,
				(bench) -> new ConcurrentTaskScheduler(bench.stopLater(new ScheduledThreadPoolExecutor(1))), Map.of()),

		SINGLE_THREAD_EXECUTOR(ExecutorService.class, (bench) -> Executors.newSingleThreadExecutor(), Map.of()),

		SINGLE_THREAD_SCHEDULED_EXECUTOR(ScheduledExecutorService.class,
				(bench) -> Executors.newSingleThreadScheduledExecutor(), Map.of()),

		FORK_JOIN_POOL(ForkJoinPool.class, (bench) -> new ForkJoinPool(1), Map.of()),

		FORK_JOIN_SERVICE(ExecutorService.class, (bench) -> new ForkJoinPool(1), Map.of()),

		USERS_EXECUTOR_SERVICE(UserExecutors.OwnExecutorService.class,
				(bench) -> new UserExecutors.OwnExecutorService(bench.stopLater(pool())), Map.of()),

		HIDDEN_ASYNC_TASK_EXECUTOR(AsyncTaskExecutor.class,
				(bench) -> new UserExecutors.HiddenAsyncTaskExecutor(Executors.defaultThreadFactory()), Map.of()),

		TASK_EXECUTOR(TaskExecutor.class, (bench) -> (TaskExecutor) (task) -> task.run(), Map.of()),

		EXECUTOR(Executor.class, (bench) -> (Executor) (task) -> task.run(), Map.of());

		private final Class<?> type;

		private final Function<Bench, Object> factory;

		private final Function<Object, Object> getter;

		private final Map<String, String> unmetered;

		Kind(Class<?> type, Function<Bench, Object> factory, Map<String, String> unmetered) {
			this(type, factory, (executor) -> executor, unmetered);
		}

		Kind(Class<?> type, Function<Bench, Object> factory, Function<Object, Object> getter,
				Map<String, String> unmetered) {
			this.type = type;
			this.factory = factory;
			this.getter = getter;
			this.unmetered = unmetered;
		}

		private static Map<String, String> threads() {
			return Map.of("createThread[Runnable]", MAKES_A_THREAD, "newThread[Runnable]", MAKES_A_THREAD,
					"stop[Runnable]", CALLBACK);
		}

		private static Map<String, String> removal() {
			return Map.of("remove[Runnable]", TAKES_OUT);
		}

		Class<?> type() {
			return this.type;
		}

		Object decorated(Bench bench) {
			return this.getter.apply(bench.decorate(raw(bench), this.type.isInterface() ? this.type : null));
		}

		Object undecorated(Bench bench) {
			return this.getter.apply(raw(bench));
		}

		private Object raw(Bench bench) {
			return bench.stopLater(this.factory.apply(bench));
		}

	}

	/**
	 * From 17 to 25 the JDK added the default close() only. What it or Spring adds next
	 * must be handed to the delegate, or an inherited method would answer for a pool
	 * without threads.
	 */
	@ParameterizedTest
	@EnumSource
	void whenSuperclassHasPublicMethodThenTheDelegatingOneOverridesIt(Delegating delegating) {
		Set<String> inherited = new TreeSet<>();
		for (Method method : delegating.type.getMethods()) {
			if (!isOurs(method.getDeclaringClass()) && method.getDeclaringClass() != Object.class
					&& !Modifier.isStatic(method.getModifiers()) && !Modifier.isFinal(method.getModifiers())) {
				inherited.add(signature(method));
			}
		}
		inherited.removeAll(delegating.mayInherit);
		assertThat(inherited).isEmpty();
	}

	private static boolean isOurs(Class<?> type) {
		return type.getPackageName().equals(TaskMethodsTests.class.getPackageName());
	}

	/**
	 * The delegating subclasses, and what they may leave to their superclass: methods
	 * that do their work through others which are overridden.
	 */
	enum Delegating {

		THREAD_POOL_EXECUTOR(MeteredThreadPoolExecutor.class,
				Set.of("invokeAll[Collection]", "invokeAll[Collection, long, TimeUnit]", "invokeAny[Collection]",
						"invokeAny[Collection, long, TimeUnit]", "close[]")),

		SCHEDULED_THREAD_POOL_EXECUTOR(MeteredScheduledThreadPoolExecutor.class, Set.of("close[]")),

		FORK_JOIN_POOL(MeteredForkJoinPool.class, Set.of()),

		SIMPLE_ASYNC_TASK_EXECUTOR(MeteredSimpleAsyncTaskExecutor.class, Set.of()),

		SIMPLE_ASYNC_TASK_SCHEDULER(MeteredSimpleAsyncTaskScheduler.class,
				Set.of("schedule[Runnable, Date]", "scheduleAtFixedRate[Runnable, Date, long]",
						"scheduleAtFixedRate[Runnable, long]", "scheduleWithFixedDelay[Runnable, Date, long]",
						"scheduleWithFixedDelay[Runnable, long]", "isAutoStartup[]", "isPauseable[]",
						"supportsAsyncExecution[]"));

		private final Class<?> type;

		private final Set<String> mayInherit;

		Delegating(Class<?> type, Set<String> mayInherit) {
			this.type = type;
			this.mayInherit = mayInherit;
		}

	}

}
