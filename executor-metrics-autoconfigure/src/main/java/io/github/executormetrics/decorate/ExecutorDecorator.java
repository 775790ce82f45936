// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Field;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ExecutorConfigurationSupport;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.CustomizableThreadCreator;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.decorate.KnownExecutors.Known;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.ExecutorState;
import io.github.executormetrics.monitor.ExecutorStates;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.SafeLog;
import io.github.executormetrics.task.ThrottleGate;

/**
 * Picks how an executor is decorated: one row a kind, the first that fits. Gives the
 * decorated executor, or the same one where it is left alone, and says the coverage
 * either way.
 */
public final class ExecutorDecorator {

	private static final SafeLog logger = new SafeLog(ExecutorDecorator.class);

	private static final @Nullable Field VIRTUAL = SpringFields.find(SimpleAsyncTaskExecutor.class,
			"virtualThreadDelegate");

	private final ExecutorRegistry registry;

	private final KnownExecutors known;

	private final KnownExecutors left;

	/**
	 * Create a decorator.
	 * @param registry where executors become known
	 */
	public ExecutorDecorator(ExecutorRegistry registry) {
		this(registry, null);
	}

	/**
	 * Creates a decorator for a child context. Executors that the parent context meters
	 * are not metered a second time.
	 * @param registry where executors become known
	 * @param parent the decorator of the parent context, or null
	 */
	public ExecutorDecorator(ExecutorRegistry registry, @Nullable ExecutorDecorator parent) {
		this.registry = registry;
		this.known = new KnownExecutors((parent != null) ? parent.known : null);
		this.left = new KnownExecutors((parent != null) ? parent.left : null);
	}

	/**
	 * Decorate the executor of a bean.
	 * @param bean an {@link Executor} or a {@link TaskScheduler}
	 * @param name its bean name
	 * @param declared the type its definition gives, or null where that is not known
	 * @return what takes its place
	 */
	public Object decorate(Object bean, String name, @Nullable Class<?> declared) {
		return decorate(bean, name, declared, ExecutorOrigin.BEAN);
	}

	/**
	 * Decorate an executor.
	 * @param bean an {@link Executor} or a {@link TaskScheduler}
	 * @param name its name
	 * @param declared the type it is known by to who uses it, or null where that is not
	 * known
	 * @param origin where it comes from
	 * @return what takes its place
	 */
	public Object decorate(Object bean, String name, @Nullable Class<?> declared, ExecutorOrigin origin) {
		boolean mock = MockitoMocks.isMock(bean);
		if (mock && !(isMeteredInside(bean) && MockitoMocks.isSpy(bean))) {
			// even a getter would be recorded as an interaction
			leave(bean, name, "a Mockito mock or spy is left unchanged, so that verify works", origin);
			return bean;
		}
		BeanShape shape = new BeanShape(bean.getClass(), declared);
		Known other = this.known.find(bean);
		if (other != null) {
			return same(bean, other, name, origin, shape.fits(other.decorated()));
		}
		MonitoredExecutor executor = this.registry.obtain(name, bean.getClass(),
				mock ? ExecutorState.NONE : workers(bean), origin);
		if (UserTaskDecorator.isPropagating(UserTaskDecorator.find(bean))) {
			executor.recorder().contextCarried();
		}
		Object decorated = decorateSafely(bean, executor, shape);
		this.known.addInstance(bean, decorated, executor.name());
		add(bean, executor);
		return decorated;
	}

	/**
	 * Say that a bean was made by Spring Boot, whose properties are its settings.
	 * @param name the name of its entry
	 * @param scheduler whether it is a scheduler
	 */
	public void madeByBoot(String name, boolean scheduler) {
		MonitoredExecutor executor = this.registry.find(name, ExecutorOrigin.BEAN);
		if (executor != null) {
			executor.settings(executor.settings().ofBoot(scheduler));
		}
	}

	/**
	 * Make an entry known, which goes with the executor where that was handed in.
	 */
	private void add(Object bean, MonitoredExecutor executor) {
		executor.nameThreads(threadNamePrefix(bean));
		if (executor.origin() == ExecutorOrigin.PROGRAMMATIC) {
			if (executor.isStateless()) {
				// its end must be seen all the same
				executor.add(ExecutorStates.ofTasks(bean, executor.recorder()));
			}
			executor.onEnd(() -> this.registry.remove(executor));
		}
		this.registry.add(executor);
	}

	private static @Nullable String threadNamePrefix(Object bean) {
		if (MockitoMocks.isMock(bean)) {
			return null;
		}
		try {
			Object creator = (bean instanceof ThreadPoolExecutor pool) ? PoolIntake.getThreadFactory(pool) : bean;
			return (creator instanceof CustomizableThreadCreator threads) ? threads.getThreadNamePrefix() : null;
		}
		catch (Throwable ex) {
			// a getter of the user's
			return null;
		}
	}

	/**
	 * The executor is another bean as well, or the pool inside of one.
	 */
	private Object same(Object bean, Known other, String name, ExecutorOrigin origin, boolean fits) {
		MonitoredExecutor counting = this.registry.find(other.name());
		if (counting != null && isMeteredInside(bean)) {
			// initialized once more, it has a new pool, which is metered when it is asked
			// for
			counting.findNewPools();
		}
		MonitoredExecutor named = this.registry.find(name, origin);
		String entry = (named != null) ? named.name() : name;
		if (other.inherited() || !entry.equals(other.name())) {
			MonitoredExecutor executor = this.registry.obtain(name, bean.getClass(), workers(bean), origin);
			String where = "'" + other.name() + (other.inherited() ? "' of the parent context" : "'");
			if (!fits) {
				executor.cover(Coverage.NONE,
						"the bean is declared with its own class, so it stays the original executor behind " + where
								+ ": tasks that are submitted to it directly are not visible");
			}
			else if (other.inherited()) {
				executor.cover(Coverage.NONE, "its tasks are counted at " + where);
			}
			else {
				executor.countAt(Set.of(other.name()));
			}
			add(bean, executor);
		}
		return fits ? other.decorated() : bean;
	}

	/**
	 * Find what an executor has become that was decorated or left alone before.
	 * @param executor the executor, itself or what took its place
	 * @return what takes its place, the same where it was left alone, or null where it is
	 * not known
	 */
	public @Nullable Object find(Object executor) {
		Known known = known(executor);
		return (known != null) ? known.decorated() : null;
	}

	/**
	 * The name of the entry of an executor that was decorated or left alone before.
	 * @param executor the executor, itself or what took its place
	 * @return the name, or null where it is not known
	 */
	public @Nullable String nameOf(Object executor) {
		Known known = known(executor);
		return (known != null) ? known.name() : null;
	}

	private @Nullable Known known(Object executor) {
		Known known = this.known.find(executor);
		return (known != null) ? known : this.left.find(executor);
	}

	/**
	 * Whether a parent context meters an executor, or leaves it alone.
	 * @param executor the executor, itself or what took its place
	 * @return whether it is known there and not here
	 */
	public boolean isInherited(Object executor) {
		Known known = known(executor);
		return known != null && known.inherited();
	}

	/**
	 * Let an executor be decorated anew.
	 * @param executor the executor, itself or what took its place
	 */
	public void forget(Object executor) {
		this.known.remove(executor);
		this.left.remove(executor);
	}

	/**
	 * Forget an executor that has come to its end, decorated or left alone.
	 * @param name the name it was given
	 * @param origin where it comes from
	 */
	public void forget(String name, ExecutorOrigin origin) {
		MonitoredExecutor entry = this.registry.find(name, origin);
		if (entry != null) {
			forgetNamed(entry);
		}
		this.registry.remove(name, origin);
	}

	/**
	 * Forgets one instance of a bean, and the entry of the bean with its last one.
	 * @param bean the instance itself
	 * @param name the bean name
	 * @param again whether an instance may come later, which goes on with the entry
	 */
	public void forget(Object bean, String name, boolean again) {
		Known known = known(bean);
		MonitoredExecutor entry = this.registry.find(name, ExecutorOrigin.BEAN);
		if (entry == null && known != null && !known.inherited()) {
			// an inner bean has another name in the bean factory
			entry = this.registry.find(known.name(), ExecutorOrigin.BEAN);
		}
		if (entry == null) {
			return;
		}
		if (known != null && known.name().equals(entry.name())) {
			forget(bean);
		}
		if (this.known.hasInstance(entry.name()) || this.left.hasInstance(entry.name())) {
			return;
		}
		forgetNamed(entry);
		if (again) {
			this.registry.putAside(entry);
		}
		else {
			this.registry.remove(entry);
		}
	}

	private void forgetNamed(MonitoredExecutor entry) {
		this.known.removeNamed(entry.name());
		this.left.removeNamed(entry.name());
	}

	/**
	 * Makes the executor of a bean known that nothing can take the place of. It is
	 * metered if that can be done inside of it.
	 * @param bean an {@link Executor} or a {@link TaskScheduler}
	 * @param name its bean name
	 * @param reason why nothing can take its place
	 */
	public void observe(Object bean, String name, String reason) {
		Known other = this.known.find(bean);
		if (other != null) {
			same(bean, other, name, ExecutorOrigin.BEAN, other.decorated() == bean);
			return;
		}
		MonitoredExecutor executor = this.registry.obtain(name, bean.getClass(), workers(bean), ExecutorOrigin.BEAN);
		if (isMeteredInside(bean) && decorateSafely(bean, executor, new BeanShape(bean.getClass(), null)) == bean) {
			this.known.addInstance(bean, bean, executor.name());
		}
		else {
			addState(bean, executor);
			executor.cover(executor.isStateless() ? Coverage.NONE : Coverage.STATE, reason);
			this.left.addInstance(bean, bean, executor.name());
		}
		add(bean, executor);
	}

	private static void addState(Object bean, MonitoredExecutor executor) {
		if (bean instanceof ThreadPoolExecutor pool) {
			executor.add(ExecutorStates.ofPool(pool, (owner) -> owner));
		}
		else if (bean instanceof ForkJoinPool pool) {
			executor.add(ExecutorStates.ofForkJoin(pool));
		}
	}

	/**
	 * Make an executor known that is left alone on purpose.
	 * @param bean the executor
	 * @param name its bean name
	 * @param reason why
	 */
	public void leave(Object bean, String name, String reason) {
		leave(bean, name, reason, ExecutorOrigin.BEAN);
	}

	/**
	 * Make an executor known that is left alone on purpose.
	 * @param bean the executor
	 * @param name its name
	 * @param reason why
	 * @param origin where it comes from
	 */
	public void leave(Object bean, String name, String reason, ExecutorOrigin origin) {
		MonitoredExecutor executor = this.registry.obtain(name, bean.getClass(), ExecutorState.NONE, origin);
		executor.cover(Coverage.NONE, reason);
		this.left.addInstance(bean, bean, executor.name());
		add(bean, executor);
	}

	private Object decorateSafely(Object bean, MonitoredExecutor executor, BeanShape shape) {
		try {
			return pick(bean, executor, shape);
		}
		catch (Throwable ex) {
			// a bean that cannot be decorated must not keep the application from starting
			logger.info("Executor '" + executor.name() + "' is not metered: " + SafeLog.describe(ex));
			executor.cover(Coverage.NONE, "metering it failed: " + SafeLog.describe(ex));
			return bean;
		}
	}

	private Object pick(Object bean, MonitoredExecutor executor, BeanShape shape) {
		if (bean instanceof ForkJoinPool pool) {
			return forkJoin(pool, executor);
		}
		Class<?> type = bean.getClass();
		if (type == SimpleAsyncTaskExecutor.class) {
			return simpleAsync((SimpleAsyncTaskExecutor) bean, executor);
		}
		if (type == SimpleAsyncTaskScheduler.class) {
			return simpleAsync((SimpleAsyncTaskScheduler) bean, executor);
		}
		if (bean instanceof ThreadPoolExecutor pool) {
			return threadPool(pool, executor);
		}
		if (isMeteredInside(bean)) {
			inside(bean, executor);
			return bean;
		}
		return other(bean, executor, shape);
	}

	/**
	 * Whether a bean stays the same object, whatever becomes of its tasks.
	 * @param bean an executor
	 * @return whether nothing ever takes its place
	 */
	public static boolean isMeteredInside(Object bean) {
		return bean instanceof ThreadPoolTaskExecutor || bean instanceof ThreadPoolTaskScheduler
				|| bean instanceof ConcurrentTaskExecutor || bean instanceof TaskExecutorAdapter
				|| (bean instanceof SimpleAsyncTaskExecutor && bean.getClass() != SimpleAsyncTaskExecutor.class
						&& bean.getClass() != SimpleAsyncTaskScheduler.class);
	}

	private void inside(Object bean, MonitoredExecutor executor) {
		if (bean instanceof ExecutorConfigurationSupport owner) {
			innerPool(owner, executor);
			return;
		}
		AdapterDecorator adapters = new AdapterDecorator(this.known);
		UnaryOperator<Object> meter = (adapted) -> pick(adapted, executor,
				new BeanShape(adapted.getClass(), Executor.class));
		if (bean instanceof SimpleAsyncTaskExecutor tasks) {
			adapters.decorate(tasks, executor);
		}
		else if (bean instanceof ConcurrentTaskExecutor tasks) {
			adapters.decorate(tasks, executor, meter);
		}
		else {
			adapters.decorate((TaskExecutorAdapter) bean, executor, meter);
		}
	}

	private void innerPool(ExecutorConfigurationSupport bean, MonitoredExecutor executor) {
		InnerPool pool = new InnerPool(bean, (inner) -> meterInner(inner, executor),
				(reason) -> executor.cover(Coverage.STATE, reason));
		executor.add(ExecutorStates.ofPool(bean, pool::followPool));
		pool.follow(bean);
	}

	private ExecutorService meterInner(ExecutorService inner, MonitoredExecutor executor) {
		if (inner instanceof ThreadPoolExecutor pool) {
			ThreadPoolExecutor metered = PoolIntake.meter(pool, executor, this.known);
			if (metered == pool) {
				executor.cover(Coverage.STATE,
						"the pool " + pool.getClass().getName() + ": " + executor.coverageReason());
			}
			return metered;
		}
		ExecutorService metered = (ExecutorService) pick(inner, executor,
				new BeanShape(inner.getClass(), ScheduledExecutorService.class));
		this.known.add(inner, metered, executor.name());
		return metered;
	}

	private Object forkJoin(ForkJoinPool pool, MonitoredExecutor executor) {
		executor.add(ExecutorStates.ofForkJoin(pool));
		if (pool.getClass() != ForkJoinPool.class) {
			executor.cover(Coverage.STATE,
					"a subclass of ForkJoinPool is left unchanged, because fork/join needs the original object");
			return pool;
		}
		if (pool == ForkJoinPool.commonPool()) {
			executor.cover(Coverage.STATE,
					"the common pool, which CompletableFuture and parallel streams use directly");
			return pool;
		}
		executor.cover(Coverage.TASKS, "ForkJoinTasks are passed on unchanged and are not counted");
		return MeteredForkJoinPool.of(pool, new TaskIntake(executor));
	}

	private Object simpleAsync(SimpleAsyncTaskExecutor tasks, MonitoredExecutor executor) {
		TaskIntake intake = new TaskIntake(executor);
		ThrottleGate gate = new ThrottleGate();
		executor.add(ExecutorStates.ofThrottle(tasks, SimpleAsyncTaskExecutor::getConcurrencyLimit,
				(closed) -> !closed.isActive(), ExecutorDecorator::isVirtual, executor.recorder(), gate));
		return (tasks instanceof SimpleAsyncTaskScheduler scheduler)
				? new MeteredSimpleAsyncTaskScheduler(scheduler, intake, gate)
				: new MeteredSimpleAsyncTaskExecutor(tasks, intake, gate);
	}

	private static boolean isVirtual(SimpleAsyncTaskExecutor tasks) {
		return SpringFields.get(VIRTUAL, tasks) != null;
	}

	private Object threadPool(ThreadPoolExecutor pool, MonitoredExecutor executor) {
		// one that was metered before and forgotten, or in another context
		ThreadPoolExecutor own = PoolIntake.poolOf(pool);
		executor.add(ExecutorStates.ofPool(own, (owner) -> owner));
		return PoolIntake.meter(own, executor, this.known);
	}

	private Object other(Object bean, MonitoredExecutor executor, BeanShape shape) {
		Set<String> delegates = new DelegatingBeans(this.known).delegatesOf(bean);
		if (!delegates.isEmpty()) {
			executor.countAt(delegates);
			return bean;
		}
		TaskIntake intake = new TaskIntake(executor);
		String obstacle = shape.obstacleToProxy();
		Object decorated;
		if (obstacle == null) {
			// whatever the bean is declared as, its own class can be asked for
			decorated = ExecutorProxy.of(bean, intake);
		}
		else if (bean instanceof Executor plain && shape.allowsPlainDecorator()) {
			decorated = plain(plain, intake);
		}
		else {
			executor.cover(Coverage.NONE, obstacle);
			return bean;
		}
		executor.add(ExecutorStates.ofTasks(bean, executor.recorder()));
		return decorated;
	}

	private static Object plain(Executor bean, TaskIntake intake) {
		if (bean instanceof ScheduledExecutorService service) {
			return MeteredScheduledExecutorService.of(service, intake.executor());
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
		try {
			return workersOf(bean);
		}
		catch (Throwable ex) {
			// a getter of the user's
			return ExecutorState.NONE;
		}
	}

	private static int workersOf(Object bean) {
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
