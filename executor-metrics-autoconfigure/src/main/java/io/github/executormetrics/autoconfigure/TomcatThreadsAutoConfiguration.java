// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.apache.catalina.startup.Tomcat;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Watches the threads on which an embedded Tomcat handles requests.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ExecutorMetricsAutoConfiguration.class)
@ConditionalOnClass({ Tomcat.class, ConfigurableTomcatWebServerFactory.class })
@ConditionalOnBean(value = NonBeanExecutors.class, search = SearchStrategy.CURRENT)
public final class TomcatThreadsAutoConfiguration {

	@Bean
	TomcatThreadsCustomizer executorMetricsTomcatThreadsCustomizer(NonBeanExecutors executors,
			ApplicationContext applicationContext, EarlyProperties properties) {
		return new TomcatThreadsCustomizer(executors, applicationContext, properties.get().sources().webServer());
	}

}
