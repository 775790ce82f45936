package io.github.executormetrics.decorate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.ExecutorConfigurationSupport;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A class was made for each proxy, which took time at each start and was never unloaded
 * with a prototype. Spring's own executors need none: it was a third of what the starter
 * added to a start.
 */
class ProxyClassTests {

	private final ExecutorRegistry registry = new ExecutorRegistry();

	private final ExecutorDecorator decorator = new ExecutorDecorator(this.registry);

	private final List<ExecutorConfigurationSupport> executors = new ArrayList<>();

	@AfterEach
	void shutdown() {
		this.executors.forEach(ExecutorConfigurationSupport::destroy);
	}

	@Test
	void whenExecutorsAreOfOneTypeThenTheirProxiesShareAClass() throws Exception {
		ThreadPoolTaskExecutor first = decorate(new UserExecutors.OwnThreadPoolTaskExecutor(null), "first");
		ThreadPoolTaskExecutor second = decorate(new UserExecutors.OwnThreadPoolTaskExecutor(null), "second");
		assertThat(second).hasSameClassAs(first);
		for (int i = 0; i < 3; i++) {
			assertThat(second.submit(() -> Thread.currentThread().getName()).get(10, TimeUnit.SECONDS))
				.startsWith("second");
		}
		assertThat(first.submit(() -> Thread.currentThread().getName()).get(10, TimeUnit.SECONDS)).startsWith("first");
		assertThat(this.registry.all()).extracting(MonitoredExecutor::name).containsExactly("first", "second");
		assertThat(this.registry.all()).extracting((executor) -> executor.recorder().submitted())
			.containsExactly(1L, 3L);
	}

	@Test
	void whenSchedulersAreOfOneTypeThenTheirProxiesShareAClass() {
		assertThat(decorate(new UserExecutors.OwnThreadPoolTaskScheduler(), "first"))
			.hasSameClassAs(decorate(new UserExecutors.OwnThreadPoolTaskScheduler(), "second"));
	}

	@Test
	void whenExecutorIsSpringsOwnThenNoClassIsMadeForIt() {
		assertThat(decorate(new ThreadPoolTaskExecutor(), "executor"))
			.isExactlyInstanceOf(MeteredThreadPoolTaskExecutor.class);
		assertThat(decorate(new ThreadPoolTaskScheduler(), "scheduler"))
			.isExactlyInstanceOf(MeteredThreadPoolTaskScheduler.class);
	}

	@Test
	void whenSpringsClassAnswersMoreThanOursOverridesThenOursIsNotWhole() {
		assertThat(Overrides.isWhole(MeteredThreadPoolTaskExecutor.class)).isTrue();
		assertThat(Overrides.isWhole(MeteredThreadPoolTaskScheduler.class)).isTrue();
		assertThat(Overrides.isWhole(UserExecutors.OwnThreadPoolTaskExecutor.class)).isFalse();
	}

	@SuppressWarnings("unchecked")
	private <E extends ExecutorConfigurationSupport> E decorate(E executor, String name) {
		executor.setThreadNamePrefix(name + "-");
		executor.initialize();
		this.executors.add(executor);
		return (E) this.decorator.decorate(executor, name, null);
	}

}
