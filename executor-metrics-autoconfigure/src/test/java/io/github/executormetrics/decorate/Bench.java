// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ExecutorService;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

import io.github.executormetrics.ExecutorOrigin;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.task.Handling;
import io.github.executormetrics.task.TaskTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where executors are decorated and their figures read; stops all of them in the end.
 */
final class Bench {

	private final String name;

	private final ExecutorRegistry registry;

	private final ExecutorDecorator decorator;

	private final Deque<Object> open = new ArrayDeque<>();

	private final ExecutorOrigin origin;

	// one that was handed in goes when it has ended
	private @Nullable MonitoredExecutor last;

	Bench() {
		this(ExecutorOrigin.BEAN);
	}

	Bench(ExecutorOrigin origin) {
		this.name = "executor";
		this.origin = origin;
		this.registry = new ExecutorRegistry();
		this.decorator = new ExecutorDecorator(this.registry);
	}

	private Bench(String name, Bench other) {
		this.name = name;
		this.origin = other.origin;
		this.registry = other.registry;
		this.decorator = other.decorator;
	}

	/**
	 * Another executor of the same application.
	 */
	Bench sharing(String name) {
		return new Bench(name, this);
	}

	static ConditionFactory await() {
		return Awaitility.await()
			.dontCatchUncaughtExceptions()
			.pollInterval(Duration.ofMillis(2))
			.atMost(Duration.ofSeconds(20));
	}

	static void collect(WeakReference<?> reference) {
		await().until(() -> {
			System.gc();
			return reference.get() == null;
		});
	}

	<T> T stopLater(T executor) {
		this.open.push(executor);
		return executor;
	}

	@SuppressWarnings("unchecked")
	<T> T decorate(T executor, @Nullable Class<?> declared) {
		T decorated = (T) this.decorator.decorate(executor, this.name, declared, this.origin);
		this.last = this.registry.find(this.name);
		return decorated;
	}

	boolean isKnown() {
		return this.registry.find(this.name) != null;
	}

	MonitoredExecutor monitored() {
		MonitoredExecutor known = this.registry.find(this.name);
		if (known != null) {
			this.last = known;
		}
		return Objects.requireNonNull(this.last);
	}

	TaskTotals totals() {
		return monitored().recorder().totals(System.nanoTime());
	}

	long rejected(Handling handling) {
		return monitored().recorder().rejected(handling);
	}

	/**
	 * Wait until nothing is active, then give the figures.
	 */
	TaskTotals atRest() {
		await().untilAsserted(() -> assertThat(totals().active()).isZero());
		TaskTotals totals = totals();
		assertThat(totals.submitted()).isEqualTo(totals.completed() + totals.cancelled());
		assertThat(totals.running()).isZero();
		return totals;
	}

	/**
	 * The same where drops are not seen one by one, and are counted once at rest.
	 */
	TaskTotals atRestOnceSettled() {
		await().until(() -> {
			monitored().settleAndSample(System.nanoTime());
			return totals().active() == 0;
		});
		return atRest();
	}

	void stopAll() {
		while (!this.open.isEmpty()) {
			stop(this.open.pop());
		}
	}

	private static void stop(Object executor) {
		try {
			if (executor instanceof ExecutorService service) {
				service.shutdownNow();
			}
			else if (executor instanceof DisposableBean bean) {
				bean.destroy();
			}
			else if (executor instanceof AutoCloseable closeable) {
				closeable.close();
			}
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
