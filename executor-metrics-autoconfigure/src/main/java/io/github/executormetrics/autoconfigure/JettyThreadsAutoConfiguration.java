// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.eclipse.jetty.server.Server;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Watches the threads of an embedded Jetty.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ExecutorMetricsAutoConfiguration.class)
@ConditionalOnClass({ Server.class, ConfigurableJettyWebServerFactory.class })
@ConditionalOnBean(value = NonBeanExecutors.class, search = SearchStrategy.CURRENT)
public final class JettyThreadsAutoConfiguration {

	@Bean
	JettyThreadsCustomizer executorMetricsJettyThreads(NonBeanExecutors executors, EarlyProperties properties,
			ApplicationContext context) {
		return new JettyThreadsCustomizer(executors, properties.get(),
				WebServerApplicationContext.getServerNamespace(context));
	}

}
