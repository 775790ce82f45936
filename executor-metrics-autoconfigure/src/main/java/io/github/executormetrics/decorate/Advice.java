// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Method;
import java.util.Arrays;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;

/**
 * Collects what a class-based proxy does in place of single methods of its target. A
 * method that is not named here goes straight to the target.
 */
final class Advice {

	private final Object target;

	private final ProxyFactory factory = new ProxyFactory();

	Advice(Object target) {
		this.target = target;
		this.factory.setTarget(target);
		this.factory.setProxyTargetClass(true);
	}

	/**
	 * Answer a method in place of the target.
	 * @param name the method's name
	 * @param answer what to do
	 * @param parameterTypes the method's parameters
	 */
	void on(String name, Answer answer, Class<?>... parameterTypes) {
		this.factory.addAdvisor(new DefaultPointcutAdvisor(new Signature(name, parameterTypes), answer));
	}

	/**
	 * Do something after a method, whatever is answered in its place later on.
	 * @param name the method's name
	 * @param then what to do
	 * @param parameterTypes the method's parameters
	 */
	void after(String name, Runnable then, Class<?>... parameterTypes) {
		this.factory.addAdvisor(
				new DefaultPointcutAdvisor(new Signature(name, parameterTypes), (MethodInterceptor) (invocation) -> {
					try {
						return invocation.proceed();
					}
					finally {
						then.run();
					}
				}));
	}

	/**
	 * Whether the target answers a method by code of the JDK or Spring, whose ways are
	 * known, and not by the user's.
	 * @param name the method's name
	 * @param parameterTypes the method's parameters
	 * @return whether it is not overridden
	 */
	boolean isInherited(String name, Class<?>... parameterTypes) {
		return Overrides.find(this.target.getClass(), name, parameterTypes) == null;
	}

	Object proxy() {
		// never frozen: unadvised methods would run on the proxy's own object
		return this.factory.getProxy(this.target.getClass().getClassLoader());
	}

	/**
	 * What to do in place of a method.
	 */
	@FunctionalInterface
	interface Answer extends MethodInterceptor {

		@Nullable Object answer(@Nullable Object[] arguments) throws Throwable;

		@Override
		default @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
			return answer(invocation.getArguments());
		}

	}

	private static final class Signature extends StaticMethodMatcherPointcut {

		private final String name;

		private final Class<?>[] parameterTypes;

		Signature(String name, Class<?>[] parameterTypes) {
			this.name = name;
			this.parameterTypes = parameterTypes;
		}

		@Override
		public boolean matches(Method method, Class<?> targetClass) {
			return method.getName().equals(this.name) && Arrays.equals(method.getParameterTypes(), this.parameterTypes);
		}

		/**
		 * By which Spring tells whether two proxies can share a class. To make one takes
		 * over ten milliseconds, and it is never unloaded.
		 */
		@Override
		public String toString() {
			return this.name + Arrays.toString(this.parameterTypes);
		}

	}

}
