// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.cglib.core.SpringNamingPolicy;
import org.springframework.cglib.proxy.Callback;
import org.springframework.cglib.proxy.CallbackFilter;
import org.springframework.cglib.proxy.Enhancer;
import org.springframework.cglib.proxy.InvocationHandler;
import org.springframework.cglib.proxy.NoOp;
import org.springframework.util.ClassUtils;

/**
 * Gives a {@link TaskQueue} the class of the real queue, to which users may cast. Every
 * method is answered, those of later JDKs included.
 */
final class TaskQueueProxy implements InvocationHandler {

	// identity, and what interfaces build on other methods, is inherited
	private static final CallbackFilter ANSWERED = (
			method) -> (method.getDeclaringClass() == Object.class || method.getDeclaringClass().isInterface()) ? 1 : 0;

	private final TaskQueue queue;

	private TaskQueueProxy(TaskQueue queue) {
		this.queue = queue;
	}

	/**
	 * Create what users get in place of a queue.
	 * @param queue the queue of a pool
	 * @param intake where tasks go through that are put in
	 * @return a queue that contains the user's own tasks
	 */
	static BlockingQueue<Runnable> of(BlockingQueue<Runnable> queue, TaskIntake intake) {
		TaskQueue tasks = new TaskQueue(queue, intake);
		Class<?> type = queue.getClass();
		if (!type.getName().startsWith("java.") || !Modifier.isPublic(type.getModifiers())) {
			return tasks;
		}
		try {
			return create(type, new TaskQueueProxy(tasks));
		}
		catch (RuntimeException | LinkageError ex) {
			// no classes are made at run time here: all but the cast works
			return tasks;
		}
	}

	@SuppressWarnings("unchecked")
	private static BlockingQueue<Runnable> create(Class<?> type, TaskQueueProxy proxy) {
		Enhancer enhancer = new Enhancer();
		enhancer.setSuperclass(type);
		enhancer.setCallbackFilter(ANSWERED);
		enhancer.setCallbacks(new Callback[] { proxy, NoOp.INSTANCE });
		// beside this class, since the package of the queue is closed
		enhancer.setContextClass(TaskQueueProxy.class);
		enhancer.setClassLoader(TaskQueueProxy.class.getClassLoader());
		String name = TaskQueue.class.getName() + "$$" + type.getSimpleName();
		enhancer.setNamingPolicy(
				(prefix, source, key, taken) -> SpringNamingPolicy.INSTANCE.getClassName(name, source, key, taken));
		return (BlockingQueue<Runnable>) ((type == ArrayBlockingQueue.class)
				? enhancer.create(new Class<?>[] { int.class }, new Object[] { 1 }) : enhancer.create());
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] arguments) throws Throwable {
		if (arguments.length > 0 && arguments[0] == proxy) {
			// which no queue allows for itself
			arguments[0] = this.queue;
		}
		Method own = ClassUtils.getMethodIfAvailable(TaskQueue.class, method.getName(), method.getParameterTypes());
		return (own != null) ? AopUtils.invokeJoinpointUsingReflection(this.queue, own, arguments)
				: this.queue.call(method, arguments);
	}

}
