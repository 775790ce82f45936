// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.springframework.core.SpringVersion;
import org.springframework.scheduling.concurrent.ExecutorConfigurationSupport;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * The pool inside of a {@link ThreadPoolTaskExecutor} or {@link ThreadPoolTaskScheduler}:
 * a metered one takes its place in the fields of the bean, which stays the object that
 * its user created. An initialization may bring a new pool at any time, so whoever reads
 * the pool follows it, the watch with each tick. Holds the bean and its pools weakly.
 */
final class InnerPool {

	private final Fields fields;

	private final UnaryOperator<ExecutorService> meter;

	private final Consumer<String> leave;

	private volatile boolean left;

	private volatile Metered metered = new Metered(null, null);

	/**
	 * Create the pool of a bean.
	 * @param bean the bean
	 * @param meter makes a metered pool of a pool, or gives the same where it is left
	 * alone
	 * @param leave takes the reason why the bean is left alone
	 */
	InnerPool(ExecutorConfigurationSupport bean, UnaryOperator<ExecutorService> meter, Consumer<String> leave) {
		this.fields = Fields.of(bean);
		this.meter = meter;
		this.leave = leave;
		String hook = Overrides.hook(bean.getClass());
		if (hook != null) {
			leave(BeanShape.passedFor(hook));
		}
		else if (this.fields.missing != null) {
			leave(this.fields.missing);
		}
	}

	private void leave(String reason) {
		if (!this.left) {
			this.left = true;
			this.leave.accept(reason);
		}
	}

	/**
	 * Meter the bean's pool, unless it is metered already.
	 * @param bean the bean
	 * @return the pool itself, or null before the bean is initialized
	 */
	@Nullable ExecutorService follow(ExecutorConfigurationSupport bean) {
		ExecutorService current = this.fields.pool(bean);
		if (current == null || this.left) {
			return (current != null) ? poolOf(current) : ownPool(bean);
		}
		Metered known = this.metered;
		return (known.isIn(current) && !known.isBehind(this.fields.executor(bean))) ? known.pool() : replace(bean);
	}

	private static ExecutorService poolOf(ExecutorService executor) {
		return (executor instanceof ThreadPoolExecutor pool) ? PoolIntake.poolOf(pool) : executor;
	}

	/**
	 * A subclass may keep the pool that it makes itself elsewhere, and its tasks go
	 * there.
	 */
	private @Nullable ExecutorService ownPool(ExecutorConfigurationSupport bean) {
		ExecutorService own = this.fields.executor(bean);
		if (own != null) {
			leave("the class uses a pool of its own, " + own.getClass().getName());
		}
		return own;
	}

	private synchronized @Nullable ExecutorService replace(ExecutorConfigurationSupport bean) {
		ExecutorService current = this.fields.pool(bean);
		if (current == null) {
			return null;
		}
		ExecutorService pool = poolOf(current);
		Metered known = this.metered;
		if (!known.isIn(current)) {
			if (pool != current && known.view() != null) {
				// another application context has the same object, and both would take
				// turns
				leave("its tasks are counted in another application context");
				return pool;
			}
			known = new Metered(pool, this.meter.apply(pool));
			this.metered = known;
		}
		this.fields.replace(bean, current, known);
		return pool;
	}

	/**
	 * Follow the pool of a bean where it is one of the JDK's.
	 * @param bean the bean
	 * @return the pool itself, or null
	 */
	@Nullable ThreadPoolExecutor followPool(ExecutorConfigurationSupport bean) {
		return (follow(bean) instanceof ThreadPoolExecutor pool) ? pool : null;
	}

	/**
	 * A pool and what has taken its place.
	 */
	private static final class Metered {

		private final WeakReference<@Nullable ExecutorService> pool;

		private final WeakReference<@Nullable ExecutorService> view;

		Metered(@Nullable ExecutorService pool, @Nullable ExecutorService view) {
			this.pool = new WeakReference<>(pool);
			this.view = new WeakReference<>(view);
		}

		@Nullable ExecutorService pool() {
			return this.pool.get();
		}

		@Nullable ExecutorService view() {
			return this.view.get();
		}

		boolean isIn(ExecutorService field) {
			return field == this.view.get();
		}

		/**
		 * Whether a field holds the pool itself, which an initialization has written
		 * last.
		 */
		boolean isBehind(@Nullable ExecutorService field) {
			return field != null && field == this.pool.get() && field != this.view.get();
		}

	}

	/**
	 * The fields of Spring's classes that hold the pool.
	 */
	private static final class Fields {

		private static final Fields TASKS = new Fields(ThreadPoolTaskExecutor.class, "threadPoolExecutor",
				ThreadPoolExecutor.class);

		private static final Fields SCHEDULER = new Fields(ThreadPoolTaskScheduler.class, "scheduledExecutor",
				ScheduledExecutorService.class);

		private final @Nullable VarHandle pool;

		private final @Nullable VarHandle executor;

		private final @Nullable String missing;

		private Fields(Class<?> owner, String name, Class<?> type) {
			VarHandle pool = null;
			VarHandle executor = null;
			String missing = null;
			try {
				pool = find(owner, name, type);
				executor = find(ExecutorConfigurationSupport.class, "executor", ExecutorService.class);
			}
			catch (ReflectiveOperationException ex) {
				missing = "Spring Framework " + SpringVersion.getVersion() + " has the pool in another place: " + ex;
			}
			this.pool = pool;
			this.executor = executor;
			this.missing = missing;
		}

		static Fields of(ExecutorConfigurationSupport bean) {
			return (bean instanceof ThreadPoolTaskExecutor) ? TASKS : SCHEDULER;
		}

		private static VarHandle find(Class<?> owner, String name, Class<?> type) throws ReflectiveOperationException {
			return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).findVarHandle(owner, name, type);
		}

		@Nullable ExecutorService pool(ExecutorConfigurationSupport bean) {
			return (this.pool != null) ? (ExecutorService) this.pool.getOpaque(bean) : null;
		}

		@Nullable ExecutorService executor(ExecutorConfigurationSupport bean) {
			return (this.executor != null) ? (ExecutorService) this.executor.getOpaque(bean) : null;
		}

		/**
		 * An initialization on another thread may write the same fields: what is not the
		 * pool any more stays.
		 */
		void replace(ExecutorConfigurationSupport bean, ExecutorService current, Metered metered) {
			ExecutorService view = metered.view();
			if (view != null && this.pool != null && this.executor != null) {
				ExecutorService executor = executor(bean);
				if (executor == current || executor == metered.pool()) {
					this.executor.compareAndSet(bean, executor, view);
				}
				this.pool.compareAndSet(bean, current, view);
			}
		}

	}

}
