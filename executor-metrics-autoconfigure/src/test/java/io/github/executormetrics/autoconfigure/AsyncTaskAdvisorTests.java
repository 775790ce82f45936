// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.AsyncAnnotationAdvisor;
import org.springframework.scheduling.annotation.EnableAsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Row: two repositories of Spring Data, each with an @Async method of its own: one name,
 * SimpleJdbcRepository.countLater. And the advisor is Spring's for whoever looks for it.
 */
class AsyncTaskAdvisorTests {

	private final ApplicationContextRunner runner = Runners.with()
		.withUserConfiguration(Repositories.class)
		.withBean("taskExecutor", Executor.class, Executors::newSingleThreadExecutor);

	@Test
	void whenOneClassAnswersForTwoRepositoriesThenEachMethodHasTheNameOfItsRepository() {
		this.runner.run((context) -> {
			Runners.get(context.getBean(Customers.class).countLater());
			Runners.get(context.getBean(Orders.class).countLater());
			Runners.get(context.getBean(Orders.class).findLater());
			isNamed(context, "AsyncTaskAdvisorTests.Customers.countLater");
			isNamed(context, "AsyncTaskAdvisorTests.Orders.countLater");
			isNamed(context, "AsyncTaskAdvisorTests.Orders.findLater");
		});
	}

	// a proxy that lets others in has the advisor in its own chain
	@Test
	void whenRepositoryIsAdvisedThenTheMethodHasTheNameOfTheRepository() {
		this.runner.run((context) -> {
			Runners.get(context.getBean(Advisable.class).countLater());
			isNamed(context, "AsyncTaskAdvisorTests.Advisable.countLater");
		});
	}

	// behind an interface, a class of the user's has the better name
	@Test
	void whenClassImplementsTheInterfaceThenTheMethodHasTheNameOfTheClass() {
		this.runner.run((context) -> {
			Runners.get(context.getBean(Letters.class).post());
			isNamed(context, "AsyncTaskAdvisorTests.PaperLetters.post");
		});
	}

	@Test
	void whenAdvisorsOfAProxyAreAskedThenSpringsIsAmongThem() {
		this.runner.run((context) -> {
			Advised advised = (Advised) context.getBean(Letters.class);
			assertThat(advised.getAdvisors()).anyMatch(AsyncAnnotationAdvisor.class::isInstance);
			assertThat(advised.getAdvisorCount()).isEqualTo(1);
		});
	}

	private static void isNamed(BeanFactory context, String task) {
		await().untilAsserted(() -> assertThat(Runners.named(context, "taskExecutor").get(task)).isNotNull()
			.satisfies((named) -> assertThat(named.completed()).isEqualTo(1)));
	}

	interface Repository {

		@Async
		Future<Long> countLater();

	}

	interface Customers extends Repository {

	}

	interface Orders extends Repository {

		@Async
		Future<String> findLater();

	}

	interface Advisable extends Repository {

	}

	interface Letters {

		@Async
		Future<String> post();

	}

	static class PaperLetters implements Letters {

		@Override
		public Future<String> post() {
			return CompletableFuture.completedFuture("posted");
		}

	}

	/**
	 * As the one class of a module of Spring Data.
	 */
	public static class SimpleRepository implements Repository {

		@Override
		public Future<Long> countLater() {
			return CompletableFuture.completedFuture(1L);
		}

		public Future<String> findLater() {
			return CompletableFuture.completedFuture("found");
		}

	}

	static class RepositoryFactory<R> implements FactoryBean<R> {

		private final Class<R> type;

		private final boolean opaque;

		RepositoryFactory(Class<R> type, boolean opaque) {
			this.type = type;
			this.opaque = opaque;
		}

		@Override
		public R getObject() {
			SimpleRepository target = new SimpleRepository();
			ProxyFactory factory = new ProxyFactory();
			factory.setTarget(target);
			factory.setInterfaces(Repository.class, this.type);
			factory.setOpaque(this.opaque);
			factory.addAdvice((MethodInterceptor) (
					invocation) -> SimpleRepository.class.getMethod(invocation.getMethod().getName()).invoke(target));
			return this.type.cast(factory.getProxy());
		}

		@Override
		public Class<R> getObjectType() {
			return this.type;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class Repositories {

		@Bean
		RepositoryFactory<Customers> customers() {
			return new RepositoryFactory<>(Customers.class, true);
		}

		@Bean
		RepositoryFactory<Orders> orders() {
			return new RepositoryFactory<>(Orders.class, true);
		}

		@Bean
		RepositoryFactory<Advisable> advisable() {
			return new RepositoryFactory<>(Advisable.class, false);
		}

		@Bean
		PaperLetters letters() {
			return new PaperLetters();
		}

	}

}
