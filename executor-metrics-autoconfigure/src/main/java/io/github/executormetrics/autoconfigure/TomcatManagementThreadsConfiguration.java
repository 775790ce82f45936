// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import org.apache.catalina.startup.Tomcat;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * The same for a management server on a port of its own: its context customizes it with
 * its own beans only.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass({ Tomcat.class, ConfigurableTomcatWebServerFactory.class })
@ConditionalOnBean(NonBeanExecutors.class)
final class TomcatManagementThreadsConfiguration {

	@Bean
	TomcatThreadsCustomizer executorMetricsTomcatThreadsCustomizer(NonBeanExecutors executors,
			ApplicationContext applicationContext, EarlyProperties properties) {
		return new TomcatThreadsCustomizer(executors, applicationContext, properties.get().sources().webServer());
	}

}
