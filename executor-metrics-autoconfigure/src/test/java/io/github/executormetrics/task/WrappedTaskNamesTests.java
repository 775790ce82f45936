// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.alibaba.ttl.TtlCallable;
import com.alibaba.ttl.TtlRunnable;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.core.instrument.binder.jvm.ExecutorServiceMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.security.concurrent.DelegatingSecurityContextCallable;
import org.springframework.security.concurrent.DelegatingSecurityContextRunnable;
import org.springframework.security.core.context.SecurityContextImpl;

import io.github.executormetrics.NamedTask;
import io.github.executormetrics.TaskNameScope;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What tasks are called that others have put something around. Row: in an application
 * with Spring Security every task went by the name of its wrapper.
 */
class WrappedTaskNamesTests {

	private static final String HERE = WrappedTaskNamesTests.class.getName();

	private static final String MAIL = HERE + "$Mail";

	private final TaskNaming naming = new TaskNaming(100);

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void runnableIsCalledByWhatIsWrapped(String library, UnaryOperator<Runnable> wrap) {
		assertThat(this.naming.of(wrap.apply(new Mail())).value()).isEqualTo(MAIL);
		assertThat(this.naming.of(wrap.apply(wrap.apply(new Mail()))).value()).isEqualTo(MAIL);
		assertThat(this.naming.of(wrap.apply(NamedTask.of("mail", () -> {
		}))).value()).isEqualTo("mail");
		assertThat(TaskNaming.describe(wrap.apply(new Mail()))).isEqualTo(MAIL);
		try (TaskNameScope scope = TaskNameScope.open("night")) {
			assertThat(this.naming.of(wrap.apply(new Mail())).value()).isEqualTo("night");
		}
	}

	static Stream<Arguments> runnableIsCalledByWhatIsWrapped() {
		return Stream.of(
				wrapper("Spring Security",
						(task) -> DelegatingSecurityContextRunnable.create(task, new SecurityContextImpl())),
				wrapper("context propagation",
						(task) -> ContextSnapshotFactory.builder().build().captureAll().wrap(task)),
				wrapper("Spring's decorator", (task) -> new ContextPropagatingTaskDecorator().decorate(task)),
				wrapper("Micrometer's timed executor", WrappedTaskNamesTests::timed),
				wrapper("Micrometer's observation",
						(task) -> Observation.start("mail", ObservationRegistry.create()).wrap(task)),
				wrapper("Resilience4j", (task) -> Bulkhead.decorateRunnable(Bulkhead.ofDefaults("mail"), task)),
				wrapper("TTL", (task) -> TtlRunnable.get(task, false, true)), wrapper("a lambda", (task) -> () -> {
					Thread.yield();
					task.run();
				}), wrapper("a method reference", (task) -> task::run), wrapper("a class", Logged::new),
				wrapper("a record", Counted::new), wrapper("a subclass", LoggedTwice::new));
	}

	private static Arguments wrapper(String library, UnaryOperator<Runnable> wrap) {
		return Arguments.of(library, wrap);
	}

	private static Runnable timed(Runnable task) {
		AtomicReference<Runnable> timed = new AtomicReference<>();
		ExecutorServiceMetrics.monitor(new SimpleMeterRegistry(), (Executor) timed::set, "mails").execute(task);
		return timed.get();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void callableIsCalledByWhatIsWrapped(String library, UnaryOperator<Callable<Object>> wrap) {
		assertThat(this.naming.of(wrap.apply(new Mail())).value()).isEqualTo(MAIL);
	}

	static Stream<Arguments> callableIsCalledByWhatIsWrapped() {
		return Stream.of(
				callable("Spring Security",
						(task) -> DelegatingSecurityContextCallable.create(task, new SecurityContextImpl())),
				callable("context propagation",
						(task) -> ContextSnapshotFactory.builder().build().captureAll().wrap(task)),
				callable("Resilience4j", (task) -> Bulkhead.decorateCallable(Bulkhead.ofDefaults("mail"), task)),
				callable("TTL", TtlCallable::get), callable("a lambda", (task) -> () -> task.call()));
	}

	private static Arguments callable(String library, UnaryOperator<Callable<Object>> wrap) {
		return Arguments.of(library, wrap);
	}

	@Test
	void whatHoldsTwoTasksOrNoneIsCalledByItsOwnClass() {
		assertThat(this.naming.of(new Both(new Mail(), new Mail())).value()).isEqualTo(HERE + "$Both");
		assertThat(this.naming.of(new Logged(null)).value()).isEqualTo(HERE + "$Logged");
		Runnable one = new Mail();
		Runnable other = new Mail();
		Runnable both = () -> {
			one.run();
			other.run();
		};
		assertThat(this.naming.of(both).value()).isEqualTo(HERE);
	}

	@Test
	void whatHoldsItselfHasAName() {
		Logged logged = new Logged(null);
		logged.task = logged;
		assertThat(this.naming.of(logged).value()).isEqualTo(HERE + "$Logged");
		Logged other = new Logged(logged);
		logged.task = other;
		assertThat(this.naming.of(logged).value()).isEqualTo(HERE + "$Logged");
	}

	@Test
	void whatTheJdkHoldsIsNotLookedFor() {
		assertThat(TaskNaming.describe(new FutureTask<>(new Mail(), null)))
			.isEqualTo("java.util.concurrent.FutureTask");
	}

	@Test
	void aLongNameIsCutVisibly() {
		String name = "n".repeat(200);
		assertThat(this.naming.name(name).value()).isEqualTo(name);
		assertThat(this.naming.name(name + "n").value()).hasSize(200).isEqualTo("n".repeat(199) + "\u2026");
		assertThat(this.naming.name(name + "n")).isSameAs(this.naming.name(name + "nm"));
	}

	// a terminal turned the rest of the line around, or cleared the screen
	@Test
	void whatSteersATerminalIsNoPartOfAName() {
		assertThat(this.naming.name("a\u001b[2Jb\u202ec\u2066d\u0007").value()).isEqualTo("a_[2Jb_c_d_");
	}

	private static final class Mail implements Runnable, Callable<Object> {

		@Override
		public void run() {
		}

		@Override
		public Object call() {
			return "sent";
		}

	}

	private static class Logged implements Runnable {

		private static final Runnable NOTHING = () -> {
		};

		private final int number = 3;

		private @Nullable Runnable task;

		Logged(@Nullable Runnable task) {
			this.task = task;
		}

		@Override
		public void run() {
			((this.task != null && this.number > 0) ? this.task : NOTHING).run();
		}

	}

	private static final class LoggedTwice extends Logged {

		private LoggedTwice(Runnable task) {
			super(task);
		}

	}

	private record Counted(Runnable task) implements Runnable {

		@Override
		public void run() {
			this.task.run();
		}

	}

	private record Both(Runnable one, Runnable other) implements Runnable {

		@Override
		public void run() {
			this.one.run();
			this.other.run();
		}

	}

}
