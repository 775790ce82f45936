// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;
import org.springframework.test.context.junit.jupiter.SpringExtension;

import io.github.executormetrics.Coverage;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;
import io.github.executormetrics.watch.ExecutorWatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.verify;

/**
 * Row: `@MockitoSpyBean` on a ThreadPoolTaskExecutor, an ExecutorService, an own class;
 * `verify(bean).execute(any())`.
 */
@ExtendWith(SpringExtension.class)
@ContextConfiguration(classes = TestToolsTests.Kinds.class)
class MockitoSpyBeanTests {

	@Autowired
	private BeanFactory context;

	@MockitoSpyBean(name = "taskExecutor")
	private ThreadPoolTaskExecutor taskExecutor;

	@MockitoSpyBean(name = "taskScheduler")
	private ThreadPoolTaskScheduler taskScheduler;

	@MockitoSpyBean(name = "pool")
	private ThreadPoolExecutor pool;

	@MockitoSpyBean(name = "scheduledPool")
	private ScheduledThreadPoolExecutor scheduledPool;

	@MockitoSpyBean(name = "service")
	private ExecutorService service;

	@MockitoSpyBean(name = "forks")
	private ForkJoinPool forks;

	@MockitoSpyBean(name = "simple")
	private SimpleAsyncTaskExecutor simple;

	@MockitoSpyBean(name = "simpleScheduler")
	private SimpleAsyncTaskScheduler simpleScheduler;

	@MockitoSpyBean(name = "own")
	private TestToolsTests.OwnExecutor own;

	@MockitoSpyBean(name = "finals")
	private Executor finals;

	@ParameterizedTest
	@ValueSource(
			strings = { "pool", "scheduledPool", "service", "forks", "simple", "simpleScheduler", "own", "finals" })
	void whenSpyIsLeftAloneThenVerifyFindsTheCallsAndNothingElse(String name) throws Exception {
		Executor bean = this.context.getBean(name, Executor.class);
		assertThat(Runners.run(bean, () -> "done")).isEqualTo("done");
		verify(bean).execute(any());
		MonitoredExecutor executor = Objects.requireNonNull(this.context.getBean(ExecutorRegistry.class).find(name));
		assertThat(executor.coverage()).isEqualTo(Coverage.NONE);
		assertThat(executor.coverageReason()).contains("Mockito");
	}

	// of a pool, each figure that the watch read was an interaction
	@Test
	void whenWatchLooksThenSpiesAreNotTouched() {
		ExecutorWatch watch = this.context.getBean(ExecutorWatch.class);
		long ticks = watch.ticks();
		Awaitility.await().until(() -> watch.ticks() > ticks + 1);
		Mockito.verifyNoInteractions(this.service, this.pool, this.forks, this.simple);
	}

	// metered inside, so the spy itself is the bean
	@ParameterizedTest
	@ValueSource(strings = { "taskExecutor", "taskScheduler" })
	void whenSpyIsMeteredInsideThenVerifyFindsTheCalls(String name) throws Exception {
		Executor bean = this.context.getBean(name, Executor.class);
		assertThat(Runners.run(bean, () -> "done")).isEqualTo("done");
		verify(bean).execute(any());
	}

	@Test
	void whenSpyIsInjectedThenItIsTheBean() {
		assertThat(this.context.getBean("service")).isSameAs(this.service);
		assertThat(this.context.getBean("forks")).isSameAs(this.forks);
		assertThat(this.context.getBean("own")).isSameAs(this.own);
	}

}
