// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.aop.interceptor.AsyncUncaughtExceptionHandler;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.AsyncConfigurer;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.TaskNameScope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tasks of {@code @Async} methods go by the method, whatever runs them.
 */
class AsyncTaskNamesTests {

	private static final String MAIL = "AsyncTaskNamesTests.Mails.send";

	private final ApplicationContextRunner runner = Runners.with().withUserConfiguration(Pools.class);

	@Test
	void whenExecutorIsThePrimaryOneThenMethodIsTheName() {
		this.runner.run((context) -> {
			Runners.get(context.getBean(Mails.class).send());
			isNamed(context, "pool", MAIL, 1);
		});
	}

	@Test
	void whenMethodAsksForAnExecutorThenMethodIsTheNameThere() {
		this.runner.run((context) -> {
			Mails mails = context.getBean(Mails.class);
			Runners.get(mails.sendThreaded());
			Runners.get(mails.sendPlain());
			Runners.get(mails.sendAdapted());
			Runners.get(mails.sendByQualifier());
			Runners.get(mails.sendInline());
			isNamed(context, "threads", "AsyncTaskNamesTests.Mails.sendThreaded", 1);
			isNamed(context, "plain", "AsyncTaskNamesTests.Mails.sendPlain", 1);
			isNamed(context, "adapter", "AsyncTaskNamesTests.Mails.sendAdapted", 1);
			isNamed(context, "marked", "AsyncTaskNamesTests.Mails.sendByQualifier", 1);
			isNamed(context, "inline", "AsyncTaskNamesTests.Mails.sendInline", 1);
		});
	}

	@Test
	void whenAnnotationIsTheUsersOwnThenMethodIsTheName() {
		this.runner.run((context) -> {
			Runners.get(context.getBean(Mails.class).sendByOwnAnnotation());
			isNamed(context, "threads", "AsyncTaskNamesTests.Mails.sendByOwnAnnotation", 1);
		});
	}

	@Test
	void whenMethodIsInheritedThenTheClassOfTheBeanIsNamed() {
		this.runner.run((context) -> {
			Runners.get(context.getBean(Letters.class).post("one"));
			isNamed(context, "pool", "AsyncTaskNamesTests.Letters.post", 1);
		});
	}

	@Test
	void whenExecutorIsNoBeanThenMethodIsTheNameAtTheConfigurer() {
		Runners.with().withUserConfiguration(Configurer.class, Mails.class).run((context) -> {
			Runners.get(context.getBean(Mails.class).send());
			isNamed(context, "asyncTaskNamesTests.Configurer", MAIL, 1);
		});
	}

	// an application with two executors and none of them named taskExecutor runs its
	// methods on threads that nobody saw
	@Test
	void whenSpringMakesTheExecutorItselfThenItIsMeteredToo() {
		Runners.with().withUserConfiguration(Enabled.class, Mails.class).run((context) -> {
			Runners.get(context.getBean(Mails.class).send());
			isNamed(context, "asyncDefault", MAIL, 1);
			assertThat(Runners.shown(context, "asyncDefault").type())
				.isEqualTo(SimpleAsyncTaskExecutor.class.getName());
		});
	}

	@Test
	void whenAVoidMethodThrowsThenItIsAnErrorOfTheTaskAndTheHandlerIsCalled() {
		Runners.with().withUserConfiguration(Configurer.class, Mails.class).run((context) -> {
			context.getBean(Mails.class).bounce();
			await().untilAsserted(() -> assertThat(context.getBean(Configurer.class).uncaught).hasValue("bounced"));
			await().untilAsserted(() -> assertThat(Runners.named(context, "asyncTaskNamesTests.Configurer")
				.get("AsyncTaskNamesTests.Mails.bounce")
				.errors()).isEqualTo(1));
			assertThat(Runners.tasks(context, "asyncTaskNamesTests.Configurer").failed()).isEqualTo(1);
		});
	}

	@Test
	void whenAMethodWithAResultThrowsThenItIsOneError() {
		this.runner.run((context) -> {
			Future<String> future = context.getBean(Mails.class).reject();
			await().until(future::isDone);
			await().untilAsserted(() -> assertThat(Runners.tasks(context, "pool").failed()).isEqualTo(1));
		});
	}

	@Test
	void whenAMethodSubmitsATaskThenThatGoesByItsOwnName() {
		this.runner.run((context) -> {
			Runners.get(context.getBean(Mails.class).sendInlineAndMore());
			isNamed(context, "plain", AsyncTaskNamesTests.class.getName() + "$Mails", 1);
			isNamed(context, "inline", "AsyncTaskNamesTests.Mails.sendInlineAndMore", 1);
		});
	}

	@Test
	void whenAScopeIsOpenAroundTheCallThenItsNameCounts() {
		this.runner.run((context) -> {
			try (TaskNameScope scope = TaskNameScope.open("nightly mails")) {
				Runners.get(context.getBean(Mails.class).send());
			}
			Runners.get(context.getBean(Mails.class).send());
			isNamed(context, "pool", "nightly mails", 1);
			isNamed(context, "pool", MAIL, 1);
		});
	}

	// a call whose task no executor of ours took left its name to the next one
	@Test
	void whenExecutorIsLeftAloneThenTheNameIsNotLeftToTheNextTask() {
		this.runner.withPropertyValues("executor-metrics.exclude=plain").run((context) -> {
			Runners.get(context.getBean(Mails.class).sendPlain());
			Runners.run(context.getBean("pool", Executor.class), () -> 1);
			assertThat(Runners.named(context, "pool")).containsOnlyKeys("java.util.concurrent.FutureTask");
		});
	}

	// the task of the method was not ours, so what it submitted went by its name and had
	// its error
	@Test
	void whenExecutorIsLeftAloneAndRunsInlineThenWhatTheMethodSubmitsGoesByItsOwnName() {
		this.runner.withPropertyValues("executor-metrics.exclude=inline").run((context) -> {
			Runners.get(context.getBean(Mails.class).sendInlineAndMore());
			isNamed(context, "plain", AsyncTaskNamesTests.class.getName() + "$Mails", 1);
			assertThat(Runners.named(context, "plain")).hasSize(1);
		});
	}

	// names of two contexts had the same place among the figures
	@Test
	void whenExecutorIsThatOfTheParentContextThenTheMethodsFiguresAreItsOwn() {
		Runners.with().withUserConfiguration(Shared.class).run((parent) -> {
			Runners.run(parent.getBean("threads", Executor.class), () -> 1);
			Runners.with().withParent(parent).withUserConfiguration(Enabled.class, Mails.class).run((child) -> {
				Runners.get(child.getBean(Mails.class).sendThreaded());
				isNamed(parent, "threads", "AsyncTaskNamesTests.Mails.sendThreaded", 1);
				isNamed(parent, "threads", "java.util.concurrent.FutureTask", 1);
			});
		});
	}

	@Test
	void whenTheSeamIsOffThenTasksAreNamedAfterWhatHandsThemOver() {
		this.runner.withPropertyValues("executor-metrics.async.enabled=false").run((context) -> {
			Runners.get(context.getBean(Mails.class).send());
			await().untilAsserted(
					() -> assertThat(Runners.named(context, "pool")).containsOnlyKeys("CompletableFuture.supplyAsync"));
		});
	}

	private static void isNamed(BeanFactory context, String executor, String name, int completed) {
		await().untilAsserted(() -> {
			assertThat(Runners.named(context, executor)).containsKey(name);
			assertThat(Runners.named(context, executor).get(name).completed()).isEqualTo(completed);
		});
	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@Async("threads")
	@interface Threaded {

	}

	static class Mails {

		@Nullable Executor plain;

		@Async
		CompletableFuture<String> send() {
			return CompletableFuture.completedFuture("sent");
		}

		@Async("threads")
		Future<String> sendThreaded() {
			return CompletableFuture.completedFuture("sent");
		}

		@Async("plain")
		CompletableFuture<String> sendPlain() {
			return CompletableFuture.completedFuture("sent");
		}

		@Async("adapter")
		CompletableFuture<String> sendAdapted() {
			return CompletableFuture.completedFuture("sent");
		}

		@Async("by-mark")
		CompletableFuture<String> sendByQualifier() {
			return CompletableFuture.completedFuture("sent");
		}

		@Async("inline")
		CompletableFuture<String> sendInline() {
			return CompletableFuture.completedFuture("sent");
		}

		@Threaded
		CompletableFuture<String> sendByOwnAnnotation() {
			return CompletableFuture.completedFuture("sent");
		}

		@Async("inline")
		CompletableFuture<String> sendInlineAndMore() throws InterruptedException {
			CountDownLatch done = new CountDownLatch(1);
			Objects.requireNonNull(this.plain).execute(done::countDown);
			done.await();
			return CompletableFuture.completedFuture("sent");
		}

		@Async
		void bounce() {
			throw new IllegalStateException("bounced");
		}

		@Async
		Future<String> reject() {
			throw new IllegalStateException("rejected");
		}

	}

	abstract static class Post<T> {

		@Async
		CompletableFuture<String> post(T what) {
			return CompletableFuture.completedFuture("posted " + what);
		}

	}

	static class Letters extends Post<String> {

		@Override
		CompletableFuture<String> post(String what) {
			return super.post(what);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync(proxyTargetClass = true)
	static class Enabled {

	}

	@Configuration(proxyBeanMethods = false)
	static class Shared {

		@Bean
		SimpleAsyncTaskExecutor threads() {
			return new SimpleAsyncTaskExecutor();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync(proxyTargetClass = true)
	@Import({ Letters.class })
	static class Pools {

		@Bean
		Mails mails(@Qualifier("plain") Executor plain) {
			Mails mails = new Mails();
			mails.plain = plain;
			return mails;
		}

		@Bean
		@Primary
		ThreadPoolTaskExecutor pool() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		SimpleAsyncTaskExecutor threads() {
			return new SimpleAsyncTaskExecutor();
		}

		@Bean(destroyMethod = "shutdown")
		ExecutorService plain() {
			return Executors.newSingleThreadExecutor();
		}

		@Bean
		@Qualifier("by-mark")
		ThreadPoolTaskExecutor marked() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		TaskExecutorAdapter adapter() {
			return new TaskExecutorAdapter((task) -> new Thread(task).start());
		}

		@Bean
		SyncTaskExecutor inline() {
			return new SyncTaskExecutor();
		}

	}

	@Configuration
	@EnableAsync(proxyTargetClass = true)
	static class Configurer implements AsyncConfigurer {

		final AtomicReference<String> uncaught = new AtomicReference<>();

		private final ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();

		@Override
		public Executor getAsyncExecutor() {
			this.executor.setDaemon(true);
			this.executor.initialize();
			return this.executor;
		}

		@Override
		public AsyncUncaughtExceptionHandler getAsyncUncaughtExceptionHandler() {
			return (ex, method, params) -> this.uncaught.set(ex.getMessage());
		}

	}

}
