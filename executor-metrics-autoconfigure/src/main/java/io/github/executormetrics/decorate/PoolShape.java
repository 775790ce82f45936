// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;

import org.jspecify.annotations.Nullable;

/**
 * What a pool's class, hooks and queue allow.
 */
final class PoolShape {

	private static final Set<Class<?>> PLAIN_QUEUES = Set.of(LinkedBlockingQueue.class, ArrayBlockingQueue.class,
			SynchronousQueue.class, LinkedTransferQueue.class, LinkedBlockingDeque.class, PriorityBlockingQueue.class);

	private PoolShape() {
	}

	/**
	 * Why tasks must reach the pool as the user gave them.
	 * @param pool the pool itself
	 * @return the reason, or null where they can be metered
	 */
	static @Nullable String obstacleToMetering(ThreadPoolExecutor pool) {
		Class<?> type = pool.getClass();
		String hook = Overrides.hook(type);
		if (hook != null) {
			return BeanShape.passedFor(hook);
		}
		if (Overrides.hasSubmit(type) && FutureFactory.isUsers(type)) {
			// its submit makes the future itself, of whatever it is given
			return BeanShape.passedFor("submit and newTaskFor");
		}
		if (!isPlainQueue(pool)) {
			return "tasks are not metered: the queue " + pool.getQueue().getClass().getName()
					+ " orders its tasks, or is not a plain queue of the JDK";
		}
		return isPlainClass(type) ? null : new BeanShape(type, null).obstacleToProxy();
	}

	/**
	 * Whether nobody can ask for a pool by its own class.
	 * @param type the class of a pool
	 * @return whether it is the JDK's, or one that Spring makes of it
	 */
	static boolean isPlainClass(Class<?> type) {
		return type.getName().startsWith("java.") || (Overrides.isKnown(type) && type.isAnonymousClass());
	}

	private static boolean isPlainQueue(ThreadPoolExecutor pool) {
		if (pool instanceof ScheduledThreadPoolExecutor) {
			return true;
		}
		BlockingQueue<Runnable> queue = pool.getQueue();
		Comparator<?> comparator = (queue instanceof PriorityBlockingQueue<?> priority) ? priority.comparator() : null;
		return PLAIN_QUEUES.contains(queue.getClass()) && comparator == null;
	}

}
