// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Timer;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * The {@code TaskDecorator} that a user sets on Spring's executor.
 */
final class DecoratorMetering implements Metering {

	private final TrialMeters meters;

	private final TaskDecorator decorator;

	private final boolean timing;

	// by the only submitter
	private long decorated;

	private DecoratorMetering(TrialMeters meters, TaskDecorator decorator, boolean timing) {
		this.meters = meters;
		this.decorator = decorator;
		this.timing = timing;
	}

	static DecoratorMetering timing(Subject subject) {
		TrialMeters meters = subject.registry().create();
		Timer waits = meters.registry().timer("wait");
		Timer runs = meters.registry().timer("run");
		return new DecoratorMetering(meters, (task) -> {
			long submitted = System.nanoTime();
			return () -> {
				waits.record(System.nanoTime() - submitted, TimeUnit.NANOSECONDS);
				runs.record(task);
			};
		}, true);
	}

	static DecoratorMetering wrapping() {
		return new DecoratorMetering(Registry.PLAIN.create(), (task) -> () -> task.run(), false);
	}

	static DecoratorMetering propagating() {
		return new DecoratorMetering(Registry.PLAIN.create(), new ContextPropagatingTaskDecorator(), false);
	}

	@Override
	public ThreadPoolTaskExecutor meter(ThreadPoolTaskExecutor bean) {
		bean.setTaskDecorator((task) -> {
			this.decorated++;
			return this.decorator.decorate(task);
		});
		bean.initialize();
		return bean;
	}

	@Override
	public void expect(long tasks) {
		Metering.expect("decorated", this.decorated, tasks);
		if (this.timing) {
			this.meters.expect("wait", tasks);
			this.meters.expect("run", tasks);
		}
	}

	@Override
	public void close() {
		this.meters.close();
	}

}
