// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * One kind of executor, as the contract needs it. What a kind can do beyond running tasks
 * it says by the interfaces it implements: they carry the tests.
 *
 * @param <E> the type by which users know it
 */
interface DecoratedKind<E extends Executor> {

	/**
	 * Make one that nobody has decorated: with one worker and a queue, where it has them.
	 * @param threads what makes its threads, where that can be chosen
	 * @return a new executor
	 */
	E undecorated(ContractThreads threads);

	Bench bench();

	/**
	 * The type that a bean definition gives, where the kind depends on it.
	 * @return the declared type, or null for the class itself
	 */
	default @Nullable Class<?> declared() {
		return null;
	}

	default E twin() {
		return bench().stopLater(undecorated(new ContractThreads()));
	}

	default E decorated() {
		return bench().decorate(twin(), declared());
	}

}
