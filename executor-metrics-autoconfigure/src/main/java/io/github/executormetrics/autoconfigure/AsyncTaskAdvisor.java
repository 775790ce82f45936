// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.annotation.Annotation;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.aopalliance.aop.Advice;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Pointcut;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.MethodClassKey;
import org.springframework.scheduling.annotation.AsyncAnnotationAdvisor;
import org.springframework.util.ClassUtils;

import io.github.executormetrics.task.AsyncCall;
import io.github.executormetrics.task.TaskNaming;

/**
 * Stands around the advisor that turns calls of {@code @Async} methods into tasks: says
 * on the calling thread which method the task is, whatever executor it goes to, and sees
 * the error of a method without a result.
 */
@SuppressWarnings("serial")
final class AsyncTaskAdvisor extends AsyncAnnotationAdvisor {

	private final transient AsyncAnnotationAdvisor async;

	private final transient Advice advice;

	private AsyncTaskAdvisor(AsyncAnnotationAdvisor async, Advice advice) {
		this.async = async;
		this.advice = advice;
	}

	/**
	 * Stand around an advisor.
	 * @param async the advisor
	 * @return the advisor to take its place, or null where its advice is no interceptor
	 */
	static @Nullable AsyncTaskAdvisor of(AsyncAnnotationAdvisor async) {
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
	public void setAsyncAnnotationType(Class<? extends Annotation> asyncAnnotationType) {
		this.async.setAsyncAnnotationType(asyncAnnotationType);
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.async.setBeanFactory(beanFactory);
	}

	@Override
	public void setOrder(int order) {
		this.async.setOrder(order);
	}

	@Override
	public int getOrder() {
		return this.async.getOrder();
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
			Class<?> type = type(invocation);
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

		private static Class<?> type(MethodInvocation invocation) {
			Object target = invocation.getThis();
			Class<?> type = (target != null) ? AopUtils.getTargetClass(target)
					: invocation.getMethod().getDeclaringClass();
			Object proxy = (invocation instanceof ProxyMethodInvocation proxied) ? proxied.getProxy() : target;
			Class<?> declared = (proxy != null && Proxy.isProxyClass(proxy.getClass()))
					? declaredType(proxy.getClass(), invocation.getMethod()) : null;
			if (declared == null || (declared.isAssignableFrom(type) && !Proxy.isProxyClass(type))) {
				return type;
			}
			// one class answers for all repositories of Spring Data
			return declared;
		}

		/**
		 * Finds the most specific interface of a proxy that has the method.
		 */
		private static @Nullable Class<?> declaredType(Class<?> proxy, Method method) {
			Class<?> found = null;
			for (Class<?> type : proxy.getInterfaces()) {
				if (method.getDeclaringClass().isAssignableFrom(type)
						&& (found == null || found.isAssignableFrom(type))) {
					found = type;
				}
			}
			return found;
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
