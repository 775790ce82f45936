// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.beans.factory.xml.XmlBeanDefinitionReader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolExecutorFactoryBean;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.actuate.ExecutorsEndpoint;
import io.github.executormetrics.monitor.ExecutorRegistry;
import io.github.executormetrics.monitor.MonitoredExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An executor bean has its entry and its meters as long as it is there, however it came.
 */
@ExtendWith(OutputCaptureExtension.class)
class BeansThatComeAndGoTests {

	private final ApplicationContextRunner runner = Runners.with()
		.withPropertyValues("executor-metrics.watch.interval=20ms");

	// row "a prototype executor first asked for by eight threads at once": two entries,
	// tasks missing from what is shown
	@Test
	void whenPrototypeIsFirstAskedForByEightThreadsThenOneEntryCountsAllTasks() {
		for (int round = 0; round < 20; round++) {
			this.runner.withUserConfiguration(Prototype.class).run((context) -> {
				CyclicBarrier barrier = new CyclicBarrier(8);
				ExecutorService threads = Executors.newFixedThreadPool(8);
				List<Future<Object>> done = threads.invokeAll(Collections.nCopies(8, (Callable<Object>) () -> {
					barrier.await(1, TimeUnit.MINUTES);
					ThreadPoolExecutor pool = context.getBean("pool", ThreadPoolExecutor.class);
					Runners.run(pool, () -> "done");
					pool.shutdown();
					return null;
				}));
				for (Future<Object> each : done) {
					each.get();
				}
				threads.shutdown();
				assertThat(names(context)).containsExactly("pool");
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "pool").completed()).isEqualTo(8));
				assertThat(Runners.tasks(context, "pool").submitted()).isEqualTo(8);
			});
		}
	}

	// row "200 executor beans registered and removed at run time": 200 entries, 8,000
	// meters
	@Test
	void whenTwoHundredBeansAreRegisteredAndRemovedThenNoEntryAndNoMeterIsLeft() {
		this.runner.run((context) -> {
			DefaultListableBeanFactory beanFactory = beanFactory(context);
			List<Meter> before = meters(context);
			for (int i = 0; i < 200; i++) {
				beanFactory.registerBeanDefinition("pool" + i, pool(BeanDefinition.SCOPE_SINGLETON));
				Runners.run(context.getBean("pool" + i, Executor.class), () -> "done");
			}
			assertThat(names(context)).hasSize(200);
			assertThat(meters(context)).hasSizeGreaterThan(before.size() + 4000);
			for (int i = 0; i < 200; i++) {
				beanFactory.removeBeanDefinition("pool" + i);
			}
			assertThat(names(context)).isEmpty();
			assertThat(meters(context)).hasSameSizeAs(before);
		});
	}

	@Test
	void whenSingletonIsDestroyedThenItsEntryGoesUntilItIsMadeAgain() {
		this.runner.withBean("pool", ThreadPoolExecutor.class, BeansThatComeAndGoTests::threadPool)
			.withBean("other", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.run((context) -> {
				Runners.run(context.getBean("pool", Executor.class), () -> "done");
				beanFactory(context).destroySingleton("pool");
				beanFactory(context).destroySingleton("other");
				assertThat(names(context)).isEmpty();
				assertThat(ours(context)).isEmpty();
				Runners.run(context.getBean("pool", Executor.class), () -> "done");
				assertThat(names(context)).containsExactly("pool");
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "pool").completed()).isOne());
			});
	}

	// no destroy method, and no callback of its own
	@Test
	void whenBeanWithoutDestroyMethodIsRemovedThenItsEntryGoes() {
		this.runner.withBean("inline", Executor.class, () -> Runnable::run).run((context) -> {
			assertThat(names(context)).containsExactly("inline");
			beanFactory(context).destroySingleton("inline");
			assertThat(names(context)).isEmpty();
		});
	}

	@Test
	void whenDefinitionOfPrototypeIsRemovedThenItsEntryGoes() {
		this.runner.run((context) -> {
			beanFactory(context).registerBeanDefinition("pool", pool(BeanDefinition.SCOPE_PROTOTYPE));
			ThreadPoolExecutor pool = context.getBean("pool", ThreadPoolExecutor.class);
			Runners.run(pool, () -> "done");
			beanFactory(context).removeBeanDefinition("pool");
			assertThat(names(context)).isEmpty();
			assertThat(ours(context)).isEmpty();
			// what the application still holds goes on
			assertThat(Runners.run(pool, () -> "done")).isEqualTo("done");
			pool.shutdown();
		});
	}

	@Test
	void whenFactoryOfExecutorIsDestroyedThenItsEntryGoes() {
		this.runner.withBean("pool", ThreadPoolExecutorFactoryBean.class, ThreadPoolExecutorFactoryBean::new)
			.run((context) -> {
				Runners.run(context.getBean("pool", Executor.class), () -> "done");
				assertThat(names(context)).containsExactly("pool");
				beanFactory(context).destroySingleton("pool");
				assertThat(names(context)).isEmpty();
			});
	}

	@Test
	void whenOneOfTwoNamesOfAnExecutorGoesThenTheOtherStays() {
		ThreadPoolTaskExecutor shared = new ThreadPoolTaskExecutor();
		shared.initialize();
		this.runner.withBean("first", ThreadPoolTaskExecutor.class, () -> shared)
			.withBean("second", ThreadPoolTaskExecutor.class, () -> shared)
			.run((context) -> {
				assertThat(names(context)).containsExactly("first", "second");
				beanFactory(context).destroySingleton("second");
				assertThat(names(context)).containsExactly("first");
				assertThat(Runners.shown(context, "first").coverage()).isEqualTo("tasks");
				beanFactory(context).destroySingleton("first");
				assertThat(names(context)).isEmpty();
			});
	}

	@Test
	void whenScopesHaveEndedThenTheEntryGoesWithTheLastInstanceAndItsCountsGoOnWithTheNext() {
		Sessions sessions = new Sessions();
		CustomScopeConfigurer configurer = new CustomScopeConfigurer();
		configurer.addScope("session", sessions);
		this.runner.withBean("sessions", CustomScopeConfigurer.class, () -> configurer)
			.withUserConfiguration(SessionScoped.class)
			.run((context) -> {
				for (String session : List.of("one", "two")) {
					sessions.current = session;
					Runners.run(context.getBean("pool", Executor.class), () -> "done");
				}
				sessions.end("one");
				assertThat(names(context)).containsExactly("pool");
				sessions.end("two");
				assertThat(names(context)).isEmpty();
				assertThat(ours(context)).isEmpty();
				sessions.current = "three";
				Runners.run(context.getBean("pool", Executor.class), () -> "done");
				assertThat(names(context)).containsExactly("pool");
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "pool").completed()).isEqualTo(3));
				sessions.end("three");
			});
	}

	@Test
	void whenContextClosesThenEntriesShowWhatStillRunsAndNothingIsLogged(CapturedOutput output) {
		List<String> seen = new ArrayList<>();
		this.runner.withBean("inspector", Inspector.class, () -> new Inspector(seen))
			.withBean("pool", ThreadPoolExecutor.class, BeansThatComeAndGoTests::threadPool)
			.run((context) -> beanFactory(context).registerSingleton("late", threadPool()));
		assertThat(seen).containsExactly("pool");
		assertThat(Runners.warnings(output)).isEmpty();
	}

	// row "a singleton registered by hand": no entry
	@Test
	void whenSingletonIsRegisteredByHandThenItHasAnEntryUntilItIsDestroyed() {
		ThreadPoolExecutor pool = threadPool();
		ThreadPoolTaskExecutor tasks = new ThreadPoolTaskExecutor();
		tasks.initialize();
		ForkJoinPool forkJoin = new ForkJoinPool(1);
		Executor lambda = Runnable::run;
		ConcurrentTaskExecutor adapter = new ConcurrentTaskExecutor(Executors.newSingleThreadExecutor());
		Map<String, Object> singletons = Map.of("pool", pool, "tasks", tasks, "forkJoin", forkJoin, "lambda", lambda,
				"adapter", adapter);
		this.runner.withInitializer((context) -> singletons.forEach(context.getBeanFactory()::registerSingleton))
			.run((context) -> {
				assertThat(names(context)).containsExactlyElementsOf(new TreeSet<>(singletons.keySet()));
				singletons.forEach((name, singleton) -> assertThat(context.getBean(name)).isSameAs(singleton));
				assertThat(Runners.shown(context, "pool").coverage()).isEqualTo("state");
				assertThat(Runners.shown(context, "pool").coverageReason()).contains("by hand");
				assertThat(Runners.shown(context, "forkJoin").coverage()).isEqualTo("state");
				assertThat(Runners.shown(context, "lambda").coverage()).isEqualTo("none");
				assertThat(Runners.shown(context, "tasks").coverage()).isNotEqualTo("none");
				Runners.run(adapter, () -> "done");
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "adapter").completed()).isOne());
				for (String name : singletons.keySet()) {
					beanFactory(context).destroySingleton(name);
				}
				assertThat(names(context)).isEmpty();
				assertThat(ours(context)).isEmpty();
			});
		pool.shutdown();
		tasks.shutdown();
		forkJoin.shutdown();
		((ExecutorService) adapter.getConcurrentExecutor()).shutdown();
	}

	@Test
	void whenSingletonByHandIsTheExecutorOfABeanThenItIsCountedOnce() {
		this.runner.withBean("pool", ThreadPoolTaskExecutor.class, ThreadPoolTaskExecutor::new)
			.withBean("registrar", ByHand.class, ByHand::new)
			.run((context) -> {
				assertThat(names(context)).containsExactly("again", "pool");
				Runners.run(context.getBean("again", Executor.class), () -> "done");
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "pool").completed()).isOne());
				assertThat(Runners.shown(context, "again").coverageReason())
					.isEqualTo("its tasks are counted at 'pool'");
			});
	}

	// row "an inner bean of XML": a name with a hash that is new at each start
	@Test
	void whenBeanIsAnInnerOneThenItIsNamedAfterWhatHoldsIt() {
		List<List<String>> starts = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			this.runner.withInitializer((context) -> xml(context, """
					<bean id="outer" class="%1$s.Outer">
						<constructor-arg><bean class="%2$s"/></constructor-arg>
						<property name="executor"><bean class="%2$s"/></property>
						<property name="executors">
							<list>
								<bean class="%2$s"/>
								<bean class="%2$s"/>
							</list>
						</property>
						<property name="byName"><map><entry key="mail"><bean class="%2$s"/></entry></map></property>
						<property name="inner">
							<bean class="%1$s.Outer"><property name="executor"><bean class="%2$s"/></property></bean>
						</property>
					</bean>
					<bean class="%2$s"/>
					""")).run((context) -> {
				starts.add(names(context));
				Runners.run(context.getBean("outer", Outer.class).executor, () -> "done");
				await().untilAsserted(() -> assertThat(Runners.tasks(context, "outer.executor").completed()).isOne());
				beanFactory(context).removeBeanDefinition("outer");
				assertThat(names(context)).containsExactly(ThreadPoolTaskExecutor.class.getName() + "#0");
			});
		}
		assertThat(starts.get(0)).containsExactly(ThreadPoolTaskExecutor.class.getName() + "#0", "outer.byName[mail]",
				"outer.executor", "outer.executors[0]", "outer.executors[1]", "outer.inner.executor", "outer[0]");
		assertThat(starts.get(1)).isEqualTo(starts.get(0));
	}

	@Test
	void whenInnerBeanIsADefinitionWithoutANameThenItIsNamedAfterItsProperty() {
		this.runner
			.withInitializer(
					(context) -> ((DefaultListableBeanFactory) context.getBeanFactory()).registerBeanDefinition("outer",
							BeanDefinitionBuilder.rootBeanDefinition(Outer.class)
								.addPropertyValue("executor", new RootBeanDefinition(ThreadPoolTaskExecutor.class))
								.getBeanDefinition()))
			.run((context) -> assertThat(names(context)).containsExactly("outer.executor"));
	}

	private static void xml(ConfigurableApplicationContext context, String beans) {
		String xml = "<beans xmlns=\"http://www.springframework.org/schema/beans\" "
				+ "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
				+ "xsi:schemaLocation=\"http://www.springframework.org/schema/beans "
				+ "https://www.springframework.org/schema/beans/spring-beans.xsd\">"
				+ beans.replace("%1$s.Outer", Outer.class.getName())
					.replace("%2$s", ThreadPoolTaskExecutor.class.getName())
				+ "</beans>";
		new XmlBeanDefinitionReader((DefaultListableBeanFactory) context.getBeanFactory())
			.loadBeanDefinitions(new ByteArrayResource(xml.getBytes(StandardCharsets.UTF_8)));
	}

	private static List<String> names(BeanFactory context) {
		return List.copyOf(context.getBean(ExecutorsEndpoint.class).executors().executors().keySet());
	}

	private static List<Meter> meters(BeanFactory context) {
		return context.getBean(MeterRegistry.class).getMeters();
	}

	private static List<String> ours(BeanFactory context) {
		return meters(context).stream()
			.map((meter) -> meter.getId().getName())
			.filter((name) -> name.startsWith("executor.task") || name.startsWith("executor.worker"))
			.toList();
	}

	private static DefaultListableBeanFactory beanFactory(AssertableApplicationContext context) {
		return (DefaultListableBeanFactory) context.getAutowireCapableBeanFactory();
	}

	private static RootBeanDefinition pool(String scope) {
		RootBeanDefinition definition = new RootBeanDefinition(ThreadPoolExecutor.class,
				BeansThatComeAndGoTests::threadPool);
		definition.setScope(scope);
		definition.setDestroyMethodName("shutdown");
		return definition;
	}

	private static ThreadPoolExecutor threadPool() {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
		pool.allowCoreThreadTimeOut(true);
		return pool;
	}

	@Configuration(proxyBeanMethods = false)
	static class Prototype {

		@Bean
		@Scope("prototype")
		ThreadPoolExecutor pool() {
			return threadPool();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SessionScoped {

		@Bean
		@Scope("session")
		ThreadPoolExecutor pool() {
			return threadPool();
		}

	}

	/**
	 * Shows which entries are there when all executors were destroyed.
	 */
	static class Inspector implements BeanFactoryAware, AutoCloseable {

		private final List<String> seen;

		private BeanFactory beanFactory;

		Inspector(List<String> seen) {
			this.seen = seen;
		}

		@Override
		public void setBeanFactory(BeanFactory beanFactory) {
			this.beanFactory = beanFactory;
		}

		@Override
		public void close() {
			this.beanFactory.getBean(ExecutorRegistry.class)
				.all()
				.stream()
				.map(MonitoredExecutor::name)
				.forEach(this.seen::add);
		}

	}

	/**
	 * Registers the executor of a bean a second time.
	 */
	static class ByHand implements BeanFactoryAware, InitializingBean {

		private DefaultListableBeanFactory beanFactory;

		@Override
		public void setBeanFactory(BeanFactory beanFactory) {
			this.beanFactory = (DefaultListableBeanFactory) beanFactory;
		}

		@Override
		public void afterPropertiesSet() {
			this.beanFactory.registerSingleton("again", this.beanFactory.getBean("pool"));
		}

	}

	/**
	 * Has inner beans.
	 */
	public static class Outer {

		private Executor executor;

		Outer() {
		}

		Outer(Executor executor) {
		}

		public void setExecutor(Executor executor) {
			this.executor = executor;
		}

		public void setExecutors(List<Executor> executors) {
		}

		public void setByName(Map<String, Executor> executors) {
		}

		public void setInner(Outer inner) {
		}

	}

	/**
	 * A scope of several instances, which end one by one.
	 */
	static class Sessions implements org.springframework.beans.factory.config.Scope {

		private final Map<String, Map<String, Object>> beans = new ConcurrentHashMap<>();

		private final Map<String, Map<String, Runnable>> callbacks = new HashMap<>();

		private String current = "";

		@Override
		public Object get(String name, ObjectFactory<?> objectFactory) {
			return this.beans.computeIfAbsent(this.current, (session) -> new ConcurrentHashMap<>())
				.computeIfAbsent(name, (bean) -> objectFactory.getObject());
		}

		@Override
		public Object remove(String name) {
			return this.beans.get(this.current).remove(name);
		}

		@Override
		public void registerDestructionCallback(String name, Runnable callback) {
			this.callbacks.computeIfAbsent(this.current, (session) -> new HashMap<>()).put(name, callback);
		}

		void end(String session) {
			this.beans.remove(session);
			this.callbacks.remove(session).values().forEach(Runnable::run);
		}

	}

}
