// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.eclipse.jetty.server.Server;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * The same for a management server on a port of its own: its context customizes it with
 * its own beans only.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass({ Server.class, ConfigurableJettyWebServerFactory.class })
@ConditionalOnBean(NonBeanExecutors.class)
final class JettyManagementThreadsConfiguration {

	@Bean
	JettyThreadsCustomizer executorMetricsJettyThreads(NonBeanExecutors executors, EarlyProperties properties,
			ApplicationContext context) {
		return new JettyThreadsCustomizer(executors, properties.get(),
				WebServerApplicationContext.getServerNamespace(context));
	}

}
