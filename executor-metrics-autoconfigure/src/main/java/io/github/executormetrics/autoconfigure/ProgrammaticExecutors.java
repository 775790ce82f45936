// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.util.Assert;

import io.github.executormetrics.ExecutorMetrics;
import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.decorate.ExecutorDecorator;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;

/**
 * Decorates executors that the application hands in, and remembers which they are, so
 * that none is counted twice and no name is given twice. One thread at a time.
 */
final class ProgrammaticExecutors implements ExecutorMetrics, DisposableBean {

	private final ExecutorRegistry registry;

	private final ExecutorDecorator decorator;

	private final ExecutorMetricsProperties properties;

	private final BeanFactory beanFactory;

	private final List<Programmatic> handedIn = new ArrayList<>();

	private volatile boolean closed;

	ProgrammaticExecutors(ExecutorRegistry registry, ExecutorDecorator decorator, ExecutorMetricsProperties properties,
			BeanFactory beanFactory) {
		this.registry = registry;
		this.decorator = decorator;
		this.properties = properties;
		this.beanFactory = beanFactory;
	}

	@Override
	public Executor monitor(Executor executor, String name) {
		return monitor(executor, name, Executor.class);
	}

	@Override
	public ExecutorService monitor(ExecutorService executor, String name) {
		return monitor(executor, name, ExecutorService.class);
	}

	@Override
	public ScheduledExecutorService monitor(ScheduledExecutorService executor, String name) {
		return monitor(executor, name, ScheduledExecutorService.class);
	}

	private <E extends Executor> E monitor(E executor, String name, Class<E> type) {
		check(executor, name);
		// asked for outside of our lock: the bean factory may have one of its own
		return monitor(executor, name, type, !this.closed && isBean(name));
	}

	private synchronized <E extends Executor> E monitor(E executor, String name, Class<E> type, boolean bean) {
		if (this.closed || isTerminated(executor)) {
			return executor;
		}
		this.handedIn.removeIf(Programmatic::isGone);
		Executor raw = executor;
		Programmatic known = find(executor);
		if (known != null) {
			Executor decorated = known.decorated.get();
			if (decorated != null && this.registry.find(known.entry.name()) == known.entry) {
				Assert.state(known.entry.name().equals(name),
						() -> clash(executor, name, "it is already monitored as '" + known.entry.name() + "'"));
				return type.cast(decorated);
			}
			raw = forget(known, executor);
		}
		checkFree(raw, name, bean);
		return type.cast(decorate(raw, name, type));
	}

	private static boolean isTerminated(Executor executor) {
		try {
			return executor instanceof ExecutorService service && service.isTerminated();
		}
		catch (Throwable ex) {
			// it may work all the same
			return false;
		}
	}

	static void check(@Nullable Executor executor, @Nullable String name) {
		Assert.notNull(executor, "An executor to monitor must not be null");
		Assert.hasText(name, () -> "The name under which to monitor " + executor.getClass().getName()
				+ " must not be null or blank: it is the tag 'name' of its meters");
	}

	/**
	 * It was forgotten, or has ended and begun anew, or what took its place was dropped.
	 */
	private Executor forget(Programmatic known, Executor executor) {
		Executor raw = known.raw.get();
		this.registry.remove(known.entry);
		this.decorator.forget(executor);
		this.handedIn.remove(known);
		return (raw != null) ? raw : executor;
	}

	private void checkFree(Executor executor, String name, boolean bean) {
		String other = this.decorator.nameOf(executor);
		Assert.state(!this.decorator.isInherited(executor),
				() -> clash(executor, name, "the parent context already monitors it as '" + other + "'"));
		MonitoredExecutor known = (other != null) ? this.registry.find(other) : null;
		Assert.state(known == null, () -> clash(executor, name, "it is already the " + describe(known)));
		if (other != null) {
			// the pool inside of one that was forgotten
			this.decorator.forget(executor);
		}
		MonitoredExecutor named = this.registry.find(name);
		Assert.state(named == null, () -> clash(executor, name, "that is the name of the " + describe(named)));
		Assert.state(!bean, () -> clash(executor, name, "that is the name of a bean, which is monitored itself"));
	}

	private static String describe(@Nullable MonitoredExecutor executor) {
		return (executor != null)
				? executor.origin().tag() + " executor '" + executor.name() + "' (" + executor.type() + ")" : "";
	}

	private static String clash(Executor executor, String name, String reason) {
		return "Cannot monitor " + executor.getClass().getName() + " as '" + name + "': " + reason;
	}

	/**
	 * One that is lazy has no entry yet.
	 */
	private boolean isBean(String name) {
		Class<?> type = this.beanFactory.containsBean(name) ? this.beanFactory.getType(name, false) : null;
		return type != null && (Executor.class.isAssignableFrom(type) || TaskScheduler.class.isAssignableFrom(type));
	}

	private Object decorate(Executor executor, String name, Class<?> type) {
		String reason = this.properties.reasonToLeave(name);
		Object decorated = executor;
		if (reason != null) {
			this.decorator.leave(executor, name, reason, ExecutorOrigin.PROGRAMMATIC);
		}
		else {
			decorated = this.decorator.decorate(executor, name, type, ExecutorOrigin.PROGRAMMATIC);
		}
		MonitoredExecutor entry = this.registry.find(name);
		if (entry != null) {
			this.handedIn
				.add(new Programmatic(new WeakReference<>(executor), new WeakReference<>((Executor) decorated), entry));
		}
		return decorated;
	}

	private @Nullable Programmatic find(Executor executor) {
		for (Programmatic known : this.handedIn) {
			if (known.raw.get() == executor || known.decorated.get() == executor) {
				return known;
			}
		}
		return null;
	}

	@Override
	public synchronized boolean forget(String name) {
		MonitoredExecutor known = this.registry.find(name);
		if (this.closed || known == null || known.origin() != ExecutorOrigin.PROGRAMMATIC) {
			return false;
		}
		this.registry.remove(known);
		return true;
	}

	@Override
	public void destroy() {
		this.closed = true;
	}

	/**
	 * An executor that was handed in, and what became of it. Outlives its entry, so that
	 * what took its place is known for what it is.
	 *
	 * @param raw the executor itself
	 * @param decorated what takes its place, or the same where it is left alone
	 * @param entry its entry
	 */
	private record Programmatic(WeakReference<Executor> raw, WeakReference<Executor> decorated,
			MonitoredExecutor entry) {

		boolean isGone() {
			return this.raw.get() == null;
		}

	}

}
