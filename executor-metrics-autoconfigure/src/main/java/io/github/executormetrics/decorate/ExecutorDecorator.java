package io.github.executormetrics.decorate;

import java.lang.reflect.Field;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.ReflectionUtils;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.ExecutorStates;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.ThrottleGate;

/**
 * Picks how an executor is decorated: one row a kind, the first that fits. Gives the
 * decorated executor, or the same one where it is left alone, and says the coverage
 * either way.
 */
public final class ExecutorDecorator {

	private static final Log logger = LogFactory.getLog(ExecutorDecorator.class);

	private static final String REFUSALS_UNSEEN = "metered through its TaskDecorator: a task counts as submitted when it starts, refusals and errors of submitCompletable are not seen";

	private final ExecutorRegistry registry;

	private final KnownExecutors known = new KnownExecutors();

	private final KnownExecutors left = new KnownExecutors();

	/**
	 * Create a decorator.
	 * @param registry where executors become known
	 */
	public ExecutorDecorator(ExecutorRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Decorate an executor.
	 * @param bean an {@link Executor} or a {@link TaskScheduler}
	 * @param name its bean name
	 * @param declared the type its definition gives, or null where that is not known
	 * @return what takes its place
	 */
	public Object decorate(Object bean, String name, @Nullable Class<?> declared) {
		MonitoredExecutor executor = this.registry.obtain(name, bean.getClass(), workers(bean));
		String at = this.known.nameOf(bean);
		Object decorated = bean;
		if (at != null) {
			if (at.equals(name)) {
				return bean;
			}
			executor.cover(Coverage.NONE, "the same executor as '" + at + "'");
		}
		else {
			decorated = decorateSafely(bean, executor, new BeanShape(bean.getClass(), declared));
			this.known.add(bean, name);
			this.known.add(decorated, name);
		}
		this.registry.add(executor);
		return decorated;
	}

	/**
	 * Whether an executor was decorated or left alone before, itself or as what took its
	 * place.
	 * @param executor the executor
	 * @return whether it was
	 */
	public boolean isKnown(Object executor) {
		return this.known.nameOf(executor) != null || this.left.nameOf(executor) != null;
	}

	/**
	 * Make an executor known that is left alone on purpose.
	 * @param bean the executor
	 * @param name its bean name
	 * @param reason why
	 */
	public void leave(Object bean, String name, String reason) {
		MonitoredExecutor executor = this.registry.obtain(name, bean.getClass(), ExecutorState.NONE);
		executor.cover(Coverage.NONE, reason);
		this.left.add(bean, name);
		this.registry.add(executor);
	}

	private Object decorateSafely(Object bean, MonitoredExecutor executor, BeanShape shape) {
		try {
			return pick(bean, executor, shape);
		}
		catch (RuntimeException | LinkageError ex) {
			// a bean that cannot be decorated must not keep the application from starting
			logger.info("Executor '" + executor.name() + "' is left as it is: " + ex);
			executor.cover(Coverage.NONE, "decorating it failed: " + ex);
			return bean;
		}
	}

	private Object pick(Object bean, MonitoredExecutor executor, BeanShape shape) {
		if (bean instanceof ForkJoinPool pool) {
			return forkJoin(pool, executor, shape);
		}
		Class<?> type = bean.getClass();
		if (type == SimpleAsyncTaskExecutor.class) {
			return simpleAsync((SimpleAsyncTaskExecutor) bean, executor);
		}
		if (type == SimpleAsyncTaskScheduler.class) {
			return simpleAsync((SimpleAsyncTaskScheduler) bean, executor);
		}
		if (bean instanceof ThreadPoolExecutor pool) {
			return threadPool(pool, executor, shape);
		}
		if (bean instanceof ThreadPoolTaskExecutor tasks) {
			return threadPool(tasks, executor, shape);
		}
		if (bean instanceof ThreadPoolTaskScheduler scheduler) {
			return threadPool(scheduler, executor, shape);
		}
		if (bean instanceof SimpleAsyncTaskExecutor || bean instanceof TaskExecutorAdapter
				|| bean instanceof ConcurrentTaskExecutor) {
			return throughDecorator(bean, executor);
		}
		return other(bean, executor, shape);
	}

	private Object forkJoin(ForkJoinPool pool, MonitoredExecutor executor, BeanShape shape) {
		executor.add(ExecutorStates.ofForkJoin(pool));
		if (!shape.isKnownByInterface()) {
			executor.cover(Coverage.STATE, "declared as a ForkJoinPool, which fork/join needs as it is");
			return pool;
		}
		TaskIntake intake = new TaskIntake(executor.recorder());
		return ((Object) pool instanceof ScheduledExecutorService scheduled)
				? new MeteredScheduledExecutorService(scheduled, intake)
				: new MeteredExecutorService(pool, intake, false);
	}

	private Object simpleAsync(SimpleAsyncTaskExecutor tasks, MonitoredExecutor executor) {
		TaskIntake intake = new TaskIntake(executor.recorder());
		ThrottleGate gate = new ThrottleGate();
		executor.add(ExecutorStates.ofThrottle(tasks, SimpleAsyncTaskExecutor::getConcurrencyLimit, executor.recorder(),
				gate));
		return (tasks instanceof SimpleAsyncTaskScheduler scheduler)
				? new MeteredSimpleAsyncTaskScheduler(scheduler, intake, gate)
				: new MeteredSimpleAsyncTaskExecutor(tasks, intake, gate);
	}

	private Object threadPool(ThreadPoolExecutor pool, MonitoredExecutor executor, BeanShape shape) {
		executor.add(ExecutorStates.ofPool(pool, (owner) -> owner));
		PoolIntake intake = new PoolIntake(executor);
		boolean jdk = pool.getClass() == ThreadPoolExecutor.class
				|| pool.getClass() == ScheduledThreadPoolExecutor.class;
		String obstacle = jdk ? null : shape.obstacleToMetering();
		if (obstacle == null) {
			return intake.view(pool);
		}
		executor.cover(Coverage.STATE, obstacle);
		return pool;
	}

	private Object threadPool(ThreadPoolTaskExecutor tasks, MonitoredExecutor executor, BeanShape shape) {
		executor.add(ExecutorStates.ofPool(tasks, ExecutorDecorator::poolOf));
		String obstacle = shape.obstacleToMetering();
		if (obstacle != null) {
			executor.cover(Coverage.STATE, obstacle);
			return tasks;
		}
		PoolIntake intake = new PoolIntake(executor);
		ThreadPoolExecutor pool = poolOf(tasks);
		if (pool != null) {
			intake.use(pool);
		}
		return ExecutorProxy.of(tasks, intake);
	}

	static @Nullable ThreadPoolExecutor poolOf(ThreadPoolTaskExecutor tasks) {
		try {
			return tasks.getThreadPoolExecutor();
		}
		catch (IllegalStateException ex) {
			// not initialized yet
			return null;
		}
	}

	private Object threadPool(ThreadPoolTaskScheduler scheduler, MonitoredExecutor executor, BeanShape shape) {
		executor.add(ExecutorStates.ofPool(scheduler, ExecutorDecorator::poolOf));
		String obstacle = shape.obstacleToMetering();
		if (obstacle != null) {
			executor.cover(Coverage.STATE, obstacle);
			return scheduler;
		}
		PoolIntake intake = new PoolIntake(executor);
		ThreadPoolExecutor pool = poolOf(scheduler);
		if (pool != null) {
			intake.use(pool);
		}
		if (intake.isPassThrough()) {
			return scheduler;
		}
		return ExecutorProxy.of(scheduler, intake);
	}

	private static @Nullable ThreadPoolExecutor poolOf(ThreadPoolTaskScheduler scheduler) {
		try {
			return scheduler.getScheduledThreadPoolExecutor();
		}
		catch (IllegalStateException ex) {
			// not initialized yet, or of another kind
			return null;
		}
	}

	private Object throughDecorator(Object bean, MonitoredExecutor executor) {
		String at = this.known.nameOf(adapted(bean));
		if (at != null) {
			executor.cover(Coverage.NONE, "its tasks are counted at '" + at + "'");
			return bean;
		}
		boolean repeating = bean instanceof ConcurrentTaskScheduler;
		TaskDecorator decorator = new MeteringTaskDecorator((TaskDecorator) read(bean, "taskDecorator"),
				executor.recorder(), repeating);
		setter(bean).accept(decorator);
		executor.add(ExecutorStates.ofTasks(bean, executor.recorder()));
		executor.cover(Coverage.TASKS, REFUSALS_UNSEEN + unseen(bean));
		return bean;
	}

	private static String unseen(Object bean) {
		if (bean instanceof ConcurrentTaskScheduler) {
			return ", nor those its ErrorHandler takes, and waits are those of the pool beneath";
		}
		return (bean instanceof SimpleAsyncTaskScheduler)
				? ", nor those its ErrorHandler takes, nor tasks with a fixed delay" : "";
	}

	private static Consumer<TaskDecorator> setter(Object bean) {
		if (bean instanceof SimpleAsyncTaskExecutor tasks) {
			return tasks::setTaskDecorator;
		}
		if (bean instanceof TaskExecutorAdapter adapter) {
			return adapter::setTaskDecorator;
		}
		return ((ConcurrentTaskExecutor) bean)::setTaskDecorator;
	}

	private static @Nullable Object adapted(Object bean) {
		if (bean instanceof ConcurrentTaskScheduler) {
			return read(bean, "scheduledExecutor");
		}
		if (bean instanceof ConcurrentTaskExecutor tasks) {
			return tasks.getConcurrentExecutor();
		}
		return (bean instanceof TaskExecutorAdapter) ? read(bean, "concurrentExecutor") : null;
	}

	private static @Nullable Object read(Object bean, String name) {
		Field field = ReflectionUtils.findField(bean.getClass(), name);
		if (field == null) {
			return null;
		}
		ReflectionUtils.makeAccessible(field);
		return ReflectionUtils.getField(field, bean);
	}

	private Object other(Object bean, MonitoredExecutor executor, BeanShape shape) {
		TaskIntake intake = new TaskIntake(executor.recorder());
		String obstacle = shape.obstacleToProxy();
		boolean plain = shape.isKnownByInterface() && shape.hasPlainInterfacesOnly() && bean instanceof Executor;
		if (!plain && obstacle != null) {
			executor.cover(Coverage.NONE, obstacle);
			return bean;
		}
		executor.add(ExecutorStates.ofTasks(bean, executor.recorder()));
		return plain ? plain((Executor) bean, intake) : ExecutorProxy.of(bean, intake);
	}

	private static Object plain(Executor bean, TaskIntake intake) {
		if (bean instanceof ScheduledExecutorService service) {
			return new MeteredScheduledExecutorService(service, intake);
		}
		if (bean instanceof ExecutorService service) {
			boolean ownFutures = bean.getClass().getName().startsWith("java.")
					|| (bean instanceof AbstractExecutorService && !Overrides.hasSubmit(bean.getClass()));
			return new MeteredExecutorService(service, intake, ownFutures);
		}
		if (bean instanceof AsyncTaskExecutor tasks) {
			return new MeteredAsyncTaskExecutor(tasks, intake);
		}
		return (bean instanceof TaskExecutor tasks) ? new MeteredExecutor.OfTasks(tasks, intake)
				: new MeteredExecutor(bean, intake);
	}

	/**
	 * How many workers the bean may have, to size the table of what runs.
	 */
	private static int workers(Object bean) {
		if (bean instanceof ThreadPoolExecutor pool) {
			return bounded(pool.getMaximumPoolSize());
		}
		if (bean instanceof ThreadPoolTaskExecutor tasks) {
			return bounded(
					(tasks.getQueueCapacity() == Integer.MAX_VALUE) ? tasks.getCorePoolSize() : tasks.getMaxPoolSize());
		}
		if (bean instanceof ThreadPoolTaskScheduler scheduler) {
			return bounded(scheduler.getPoolSize());
		}
		return (bean instanceof ForkJoinPool pool) ? pool.getParallelism() : ExecutorState.NONE;
	}

	private static int bounded(int size) {
		return (size == Integer.MAX_VALUE) ? ExecutorState.NONE : size;
	}

}
