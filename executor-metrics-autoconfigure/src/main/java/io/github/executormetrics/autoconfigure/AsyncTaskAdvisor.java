package io.github.executormetrics.autoconfigure;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.aopalliance.aop.Advice;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Pointcut;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodClassKey;
import org.springframework.core.Ordered;
import org.springframework.util.ClassUtils;

import io.github.executormetrics.task.AsyncCall;
import io.github.executormetrics.task.TaskNaming;

/**
 * Stands around the advisor that turns calls of {@code @Async} methods into tasks: says
 * on the calling thread which method the task is, whatever executor it goes to, and sees
 * the error of a method without a result.
 */
final class AsyncTaskAdvisor implements PointcutAdvisor, Ordered {

	private final PointcutAdvisor async;

	private final Advice advice;

	private AsyncTaskAdvisor(PointcutAdvisor async, Advice advice) {
		this.async = async;
		this.advice = advice;
	}

	/**
	 * Stand around an advisor.
	 * @param async the advisor
	 * @return the advisor to take its place, or null where its advice is no interceptor
	 */
	static @Nullable AsyncTaskAdvisor of(PointcutAdvisor async) {
		return (async.getAdvice() instanceof MethodInterceptor interceptor)
				? new AsyncTaskAdvisor(async, new NamingInterceptor(interceptor)) : null;
	}

	@Override
	public Pointcut getPointcut() {
		return this.async.getPointcut();
	}

	@Override
	public Advice getAdvice() {
		return this.advice;
	}

	@Override
	public int getOrder() {
		return (this.async instanceof Ordered ordered) ? ordered.getOrder() : LOWEST_PRECEDENCE;
	}

	private static final class NamingInterceptor implements MethodInterceptor {

		private final MethodInterceptor async;

		private final Map<MethodClassKey, String> names = new ConcurrentHashMap<>();

		NamingInterceptor(MethodInterceptor async) {
			this.async = async;
		}

		@Override
		public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
			AsyncCall call = AsyncCall.entered(name(invocation));
			try {
				return this.async.invoke(new ObservedInvocation(invocation, call));
			}
			finally {
				call.left();
			}
		}

		private String name(MethodInvocation invocation) {
			Object target = invocation.getThis();
			Class<?> type = (target != null) ? AopUtils.getTargetClass(target)
					: invocation.getMethod().getDeclaringClass();
			MethodClassKey key = new MethodClassKey(invocation.getMethod(), type);
			String known = this.names.get(key);
			if (known != null) {
				return known;
			}
			String name = TaskNaming
				.ofMethod(ClassUtils.getUserClass(type).getName() + "." + invocation.getMethod().getName());
			this.names.put(key, name);
			return name;
		}

	}

	/**
	 * Sees what the method throws, on the thread that runs it.
	 */
	private record ObservedInvocation(MethodInvocation invocation, AsyncCall call) implements MethodInvocation {

		@Override
		public @Nullable Object proceed() throws Throwable {
			this.call.started();
			try {
				return this.invocation.proceed();
			}
			catch (Throwable ex) {
				this.call.failed(ex);
				throw ex;
			}
		}

		@Override
		public Method getMethod() {
			return this.invocation.getMethod();
		}

		@Override
		public @Nullable Object[] getArguments() {
			return this.invocation.getArguments();
		}

		@Override
		public @Nullable Object getThis() {
			return this.invocation.getThis();
		}

		@Override
		public AccessibleObject getStaticPart() {
			return this.invocation.getStaticPart();
		}

	}

}
