// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.servers;

import java.util.concurrent.atomic.LongAdder;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Counts the requests that Jetty hands to the application, and changes nothing of them.
 * Jetty's pools do not count what they start.
 */
public final class JettyRequests extends Handler.Wrapper {

	private final LongAdder begun = new LongAdder();

	private final LongAdder left = new LongAdder();

	private final LongAdder resumed = new LongAdder();

	@Override
	public boolean handle(Request request, Response response, Callback callback) throws Exception {
		Turn turn = new Turn(callback);
		this.begun.increment();
		try {
			return super.handle(request, response, turn);
		}
		finally {
			turn.over = true;
			this.left.increment();
		}
	}

	/**
	 * Requests that hold a thread.
	 * @return the number at this instant
	 */
	int running() {
		// what left has begun before, so it is read first
		long left = this.left.sum();
		return (int) Math.max(0, this.begun.sum() - left);
	}

	/**
	 * Requests that a thread took up, an asynchronous one once more when it ends.
	 * @return a number that never falls
	 */
	long started() {
		return this.begun.sum() + this.resumed.sum();
	}

	/**
	 * The first turn of a request. An asynchronous one ends in a later job, which is
	 * progress, too.
	 */
	private final class Turn extends Callback.Nested {

		private volatile boolean over;

		Turn(Callback callback) {
			super(callback);
		}

		@Override
		public void completed() {
			if (this.over) {
				JettyRequests.this.resumed.increment();
			}
		}

	}

}
