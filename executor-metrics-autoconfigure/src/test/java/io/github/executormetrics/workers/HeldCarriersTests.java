// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.workers;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.executormetrics.workers.HeldCarriers.Carrier;

import static org.assertj.core.api.Assertions.assertThat;

class HeldCarriersTests {

	private static final StackTraceElement PARK = new StackTraceElement("jdk.internal.misc.Unsafe", "park", null, -2);

	private static final StackTraceElement LATCH = frame("java.util.concurrent.CountDownLatch", "await");

	@Test
	void whenANativeMethodHasCalledWhatWaitsThenItSaysSo() {
		StackTraceElement sort = new StackTraceElement("shop.Sorter", "sort", null, -2);
		HeldCarriers carriers = of(1, held(LATCH, frame("shop.Prices", "compare"), sort));
		assertThat(carriers.describe())
			.isEqualTo("the only carrier of virtual threads is held: Prices.compare, in CountDownLatch.await"
					+ " (native frame)");
		assertThat(carriers.describePlain()).isEqualTo("the only carrier of virtual threads is held (native frame)");
	}

	@Test
	void whenNothingOnTheStackPinsThenItIsPinned() {
		assertThat(of(1, held(LATCH, frame("shop.Prices", "load"))).describe()).endsWith("(pinned)");
	}

	@Test
	void whenARunnableThreadUsesNoCpuThenItIsHeld() {
		StackTraceElement read = new StackTraceElement("java.io.FileInputStream", "read0", null, -2);
		Carrier reads = new Carrier(Thread.State.RUNNABLE, List.of(read, frame("shop.Pipe", "read")), false);
		Carrier waits = new Carrier(Thread.State.RUNNABLE, List.of(frame("shop.Pipe", "open")), false);
		assertThat(of(2, reads, waits).describePlain())
			.isEqualTo("all 2 carriers of virtual threads are held (native call, waits in the JVM)");
	}

	@Test
	void whenSomeAreHeldThenTheOthersAreToldToo() {
		HeldCarriers carriers = of(5, held(LATCH, frame("shop.Prices", "<clinit>")), runs(true), runs(true),
				runs(null));
		assertThat(carriers.describe()).isEqualTo("1 of 5 carriers of virtual threads is held: Prices.<clinit>, in"
				+ " CountDownLatch.await (class initialization); 2 of 5 carriers of virtual threads compute: 2 in"
				+ " Sum.add; 1 of 5 carriers of virtual threads runs: Sum.add; 1 of 5 carriers of virtual threads"
				+ " runs no known task");
		assertThat(carriers.advice()).isNotNull()
			.satisfies((advice) -> assertThat(advice.figures()).containsEntry("heldCarriers", 1L)
				.containsEntry("carriers", 5));
	}

	@Test
	void whenNoneIsHeldThenNothingIsAdvised() {
		HeldCarriers carriers = of(2, runs(true));
		assertThat(carriers.advice()).isNull();
		assertThat(carriers.describePlain()).isEqualTo("1 of 2 carriers of virtual threads computes; 1 of 2 carriers of"
				+ " virtual threads runs no known task");
	}

	private static HeldCarriers of(int carriers, Carrier... seen) {
		return new HeldCarriers(carriers, List.of(seen));
	}

	private static Carrier held(StackTraceElement... frames) {
		List<StackTraceElement> stack = new ArrayList<>(List.of(PARK));
		stack.addAll(List.of(frames));
		return new Carrier(Thread.State.WAITING, stack, false);
	}

	private static Carrier runs(@Nullable Boolean computes) {
		return new Carrier(Thread.State.RUNNABLE, List.of(frame("shop.Sum", "add")), computes);
	}

	private static StackTraceElement frame(String type, String method) {
		return new StackTraceElement(type, method, type + ".java", 1);
	}

}
