package io.github.executormetrics.decorate;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * A {@link ThreadPoolTaskExecutor} in front of another: tasks are metered, and the pool
 * that users see is one that meters as well. Public, so that JMX and others that reflect
 * on the class of a bean can call it.
 */
@SuppressWarnings("serial")
public class MeteredThreadPoolTaskExecutor extends DelegatingThreadPoolTaskExecutor {

	private final transient PoolIntake intake;

	MeteredThreadPoolTaskExecutor(ThreadPoolTaskExecutor delegate, PoolIntake intake) {
		super(delegate);
		this.intake = intake;
		intake.follow(() -> ExecutorDecorator.poolOf(delegate));
	}

	@Override
	public void execute(Runnable task) {
		this.intake.execute(task, delegate());
	}

	@Override
	public Future<?> submit(Runnable task) {
		if (passes(task)) {
			return delegate().submit(task);
		}
		return this.intake.hasOwnSubmit() ? this.intake.submitThrough(task, delegate()::submit)
				: this.intake.<@Nullable Object>submit(task, null, delegate());
	}

	@Override
	public <T> Future<T> submit(Callable<T> task) {
		if (passes(task)) {
			return delegate().submit(task);
		}
		return this.intake.hasOwnSubmit() ? this.intake.submitThrough(task, delegate()::submit)
				: this.intake.submit(task, delegate());
	}

	@Override
	public CompletableFuture<Void> submitCompletable(Runnable task) {
		return passes(task) ? delegate().submitCompletable(task) : this.intake.submitCompletable(task, delegate());
	}

	@Override
	public <T extends @Nullable Object> CompletableFuture<T> submitCompletable(Callable<T> task) {
		return passes(task) ? delegate().submitCompletable(task) : this.intake.submitCompletable(task, delegate());
	}

	private boolean passes(@Nullable Object task) {
		return task == null || this.intake.isPassThrough();
	}

	@Override
	public ThreadPoolExecutor getThreadPoolExecutor() {
		return this.intake.view(delegate().getThreadPoolExecutor());
	}

	@Override
	public void shutdown() {
		try {
			super.shutdown();
		}
		finally {
			this.intake.executor().lookForEnd();
		}
	}

	@Override
	public void destroy() {
		try {
			super.destroy();
		}
		finally {
			this.intake.executor().lookForEnd();
		}
	}

}
