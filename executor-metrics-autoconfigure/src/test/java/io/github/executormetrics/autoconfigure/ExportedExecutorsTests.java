// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.Executor;

import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jmx.export.MBeanExporter;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.CustomizableThreadCreator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * JMX calls a bean by the methods of its class, which has to be a public one.
 */
class ExportedExecutorsTests {

	@ParameterizedTest
	@ValueSource(classes = { ThreadPoolTaskExecutor.class, ThreadPoolTaskScheduler.class, SimpleAsyncTaskExecutor.class,
			SimpleAsyncTaskScheduler.class })
	void whenExecutorIsExportedThenItsAttributesCanBeRead(Class<? extends Executor> type) {
		Runners.with().withBean("executor", type).run((context) -> {
			MBeanServer server = MBeanServerFactory.newMBeanServer();
			MBeanExporter exporter = new MBeanExporter();
			exporter.setServer(server);
			ObjectName name = new ObjectName("test:name=executor");
			CustomizableThreadCreator executor = context.getBean("executor", CustomizableThreadCreator.class);
			executor.setThreadNamePrefix("exported-");
			exporter.registerManagedResource(executor, name);
			assertThat(server.getAttribute(name, "ThreadNamePrefix")).isEqualTo("exported-");
		});
	}

}
