// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.executormetrics.decorate.Hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@Timeout(60)
class CallsInOrderTests {

	private final CallsInOrder calls = new CallsInOrder();

	private final List<Integer> made = new CopyOnWriteArrayList<>();

	@Test
	void whenACallHangsThenOtherThreadsGoOnAndTheirCallsAreMadeAfterIt() throws InterruptedException {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		Thread hung = new Thread(() -> call(() -> {
			entered.countDown();
			Hold.until(release);
			this.made.add(1);
		}));
		hung.start();
		Hold.await(entered);
		call(() -> this.made.add(2));
		call(() -> {
			throw new IllegalStateException("of no thread that is still here");
		});
		call(() -> this.made.add(3));
		assertThat(this.made).isEmpty();
		release.countDown();
		hung.join(TimeUnit.SECONDS.toMillis(10));
		assertThat(this.made).containsExactly(1, 2, 3);
	}

	@Test
	void whenACallAddsAnotherThenThatIsMadeNext() {
		call(() -> {
			call(() -> this.made.add(2));
			this.made.add(1);
		});
		assertThat(this.made).containsExactly(1, 2);
	}

	@Test
	void whenACallThrowsThenTheNextIsMadeAndItIsThrown() {
		this.calls.add(() -> {
			throw new IllegalStateException("first");
		});
		this.calls.add(() -> {
			throw new IllegalStateException("second");
		});
		this.calls.add(() -> this.made.add(1));
		assertThatIllegalStateException().isThrownBy(this.calls::make).withMessage("first");
		assertThat(this.made).containsExactly(1);
	}

	private void call(Runnable call) {
		this.calls.add(call);
		this.calls.make();
	}

}
