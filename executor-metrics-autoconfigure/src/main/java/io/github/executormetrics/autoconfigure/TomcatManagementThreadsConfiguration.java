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
 * Watches the threads of a Tomcat that serves the management endpoints on a port of its
 * own. Customizers of the application's context are not asked there.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass({ Tomcat.class, ConfigurableTomcatWebServerFactory.class })
@ConditionalOnBean(NonBeanExecutors.class)
class TomcatManagementThreadsConfiguration {

	@Bean
	TomcatThreadsCustomizer executorMetricsTomcatManagementThreadsCustomizer(NonBeanExecutors executors,
			ApplicationContext applicationContext, ExecutorMetricsProperties properties) {
		return new TomcatThreadsCustomizer(executors, applicationContext, properties.sources().webServer());
	}

}
