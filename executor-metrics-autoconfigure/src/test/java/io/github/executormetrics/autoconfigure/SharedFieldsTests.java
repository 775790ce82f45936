// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.reflect.Modifier;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.ReflectionUtils;

import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Row: `ReflectionTestUtils.getField(bean, "corePoolSize")`, AssertJ `extracting`,
 * DirectFieldAccessor, on the two kinds that something of ours stands in front of.
 */
class SharedFieldsTests {

	private final SimpleAsyncTaskExecutor tasks = new SimpleAsyncTaskExecutor("mine-");

	private final SimpleAsyncTaskScheduler scheduler = new SimpleAsyncTaskScheduler();

	private final ApplicationContextRunner runner = Runners.with()
		.withBean("tasks", SimpleAsyncTaskExecutor.class, () -> this.tasks)
		.withBean("scheduler", SimpleAsyncTaskScheduler.class, () -> this.scheduler);

	@Test
	void whenFieldsAreReadThenTheyAreAsSet() {
		this.tasks.setConcurrencyLimit(3);
		this.tasks.setTaskTerminationTimeout(1_234);
		this.tasks.setRejectTasksWhenLimitReached(true);
		this.runner.run((context) -> {
			SimpleAsyncTaskExecutor bean = context.getBean("tasks", SimpleAsyncTaskExecutor.class);
			assertThat(ReflectionTestUtils.getField(bean, "taskTerminationTimeout")).isEqualTo(1_234L);
			assertThat(bean).extracting("rejectTasksWhenLimitReached", "threadNamePrefix")
				.containsExactly(true, "mine-");
			assertThat(new DirectFieldAccessor(bean).getPropertyValue("concurrencyThrottle.concurrencyLimit"))
				.isEqualTo(3);
		});
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_25)
	void whenBeanIsMadeThenEveryFieldIsTheSame() {
		this.runner.run((context) -> {
			assertSame(context.getBean("tasks"), this.tasks);
			assertSame(context.getBean("scheduler"), this.scheduler);
		});
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_25)
	void whenSettersAreCalledThenEveryFieldIsTheSame() {
		this.runner.run((context) -> {
			SimpleAsyncTaskExecutor bean = context.getBean("tasks", SimpleAsyncTaskExecutor.class);
			set(bean);
			assertSame(bean, this.tasks);
			SimpleAsyncTaskScheduler scheduler = context.getBean(SimpleAsyncTaskScheduler.class);
			set(scheduler);
			scheduler.setErrorHandler((ex) -> {
			});
			scheduler.setClock(Clock.systemUTC());
			scheduler.setPhase(7);
			scheduler.setTargetTaskExecutor(Runnable::run);
			scheduler.setApplicationContext(new AnnotationConfigApplicationContext());
			assertSame(scheduler, this.scheduler);
			assertThat(ReflectionTestUtils.getField(scheduler, "phase")).isEqualTo(7);
		});
	}

	// what runs and whether it is closed is one state, whoever asks
	@Test
	@EnabledForJreRange(max = JRE.JAVA_25)
	void whenTasksRunAndItIsClosedThenBothSayTheSame() {
		this.tasks.setConcurrencyLimit(2);
		this.runner.run((context) -> {
			SimpleAsyncTaskExecutor bean = context.getBean("tasks", SimpleAsyncTaskExecutor.class);
			CountDownLatch release = new CountDownLatch(1);
			Future<?> held = bean.submit(() -> Hold.until(release));
			assertThat(new DirectFieldAccessor(bean).getPropertyValue("concurrencyThrottle.concurrencyCount"))
				.isEqualTo(1);
			release.countDown();
			held.get();
			context.close();
			assertThat(bean.isActive()).isFalse();
			assertThat(bean).extracting("closed").hasToString("true");
		});
	}

	private static void set(SimpleAsyncTaskExecutor bean) {
		bean.setThreadNamePrefix("other-");
		bean.setThreadPriority(7);
		bean.setDaemon(true);
		bean.setThreadGroupName("group");
		bean.setThreadFactory(Executors.defaultThreadFactory());
		bean.setTaskDecorator((task) -> task);
		bean.setTaskTerminationTimeout(10);
		bean.setCancelRemainingTasksOnClose(true);
		bean.setRejectTasksWhenLimitReached(true);
		bean.setConcurrencyLimit(9);
	}

	private static void assertSame(Object bean, Object raw) {
		assertThat(bean).isNotSameAs(raw);
		assertThat(valuesOf(bean, raw.getClass())).isEqualTo(valuesOf(raw, raw.getClass()));
	}

	private static Map<String, Object> valuesOf(Object object, Class<?> type) {
		Map<String, Object> values = new LinkedHashMap<>();
		ReflectionUtils.doWithFields(type, (field) -> {
			field.setAccessible(true);
			Object value = field.get(object);
			values.put(field.toString(), (value != null) ? value : "null");
		}, (field) -> !Modifier.isStatic(field.getModifiers()));
		assertThat(values).hasSizeGreaterThan(10);
		return values;
	}

}
