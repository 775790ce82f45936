// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.decorate;

import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.util.ClassUtils;

/**
 * What a bean's class and its declaration allow.
 */
final class BeanShape {

	private static final Set<Class<?>> PLAIN_INTERFACES = Set.of(Executor.class, ExecutorService.class,
			ScheduledExecutorService.class, TaskExecutor.class, AsyncTaskExecutor.class, AutoCloseable.class);

	private final Class<?> type;

	private final @Nullable Class<?> declared;

	/**
	 * Describe a bean.
	 * @param type its run-time class
	 * @param declared the type its definition gives, or null where that is not known
	 */
	BeanShape(Class<?> type, @Nullable Class<?> declared) {
		this.type = type;
		this.declared = declared;
	}

	/**
	 * Whether nobody can ask for the bean by its own class.
	 * @return whether a decorator of its interfaces may take its place
	 */
	boolean isKnownByInterface() {
		if (this.declared != null && !isUnnameable(this.declared)) {
			return this.declared.isInterface();
		}
		return !Modifier.isPublic(this.type.getModifiers());
	}

	/**
	 * Whether it is the JDK's own, such as the one behind an unconfigurable service.
	 */
	private static boolean isUnnameable(Class<?> type) {
		return isJdk(type) && !Modifier.isPublic(type.getModifiers());
	}

	/**
	 * Whether what counts for the same executor elsewhere can be this bean, too.
	 * @param decorated what counts
	 * @return whether it is all that one can ask this bean for
	 */
	boolean fits(Object decorated) {
		Class<?> asked = (this.declared != null && !isUnnameable(this.declared)) ? this.declared : this.type;
		return asked.isInstance(decorated) || (isUnnameable(asked) && hasPlainInterfacesOnly()
				&& Arrays.stream(ClassUtils.getAllInterfacesForClass(asked))
					.allMatch((type) -> type.isInstance(decorated)));
	}

	/**
	 * Whether it implements nothing but the interfaces that a plain decorator has.
	 * @return whether a plain decorator takes none away
	 */
	boolean hasPlainInterfacesOnly() {
		return Arrays.stream(ClassUtils.getAllInterfacesForClass(this.type)).allMatch(PLAIN_INTERFACES::contains);
	}

	/**
	 * Why no class-based proxy can stand in front of it.
	 * @return the reason, or null where one can
	 */
	@Nullable String obstacleToProxy() {
		String obstacle = classObstacle();
		return (obstacle != null) ? obstacle : memberObstacle();
	}

	private @Nullable String classObstacle() {
		int modifiers = this.type.getModifiers();
		if (isJdk(this.type)) {
			return "a class of the JDK cannot be proxied";
		}
		if (Modifier.isFinal(modifiers) || this.type.isHidden() || Proxy.isProxyClass(this.type)) {
			return "its class is final";
		}
		if (Modifier.isPrivate(modifiers)) {
			return "its class is private";
		}
		return Arrays.stream(this.type.getDeclaredConstructors()).allMatch(BeanShape::isPrivate)
				? "its class has no visible constructor" : null;
	}

	/**
	 * Finds a member that is used on the proxy's own object, whose fields are empty.
	 */
	private @Nullable String memberObstacle() {
		for (Class<?> owner = this.type; owner != null && !isJdk(owner); owner = owner.getSuperclass()) {
			// Spring's core uses its own members on no other object, but may be asked
			boolean core = isCore(owner);
			for (Field field : core ? new Field[0] : owner.getDeclaredFields()) {
				if (isOfInstance(field) && !isPrivate(field)) {
					return "a proxy would break its field " + field.getName() + ", which is not private";
				}
			}
			for (Method method : owner.getDeclaredMethods()) {
				String kind = isOfInstance(method) ? kindPastProxy(method) : null;
				if (kind != null && (!core || Modifier.isPublic(method.getModifiers()))) {
					return "a proxy would break its " + kind + " method " + method.getName();
				}
			}
		}
		return null;
	}

	private static @Nullable String kindPastProxy(Method method) {
		int modifiers = method.getModifiers();
		if (Modifier.isPrivate(modifiers)) {
			return isAnnotated(method) ? "annotated private" : null;
		}
		if (Modifier.isFinal(modifiers)) {
			return "final";
		}
		return Modifier.isPublic(modifiers) ? null : Modifier.isProtected(modifiers) ? "protected" : "package-private";
	}

	/**
	 * Whether a decorator of its interfaces can take its place unnoticed, because nobody
	 * can ask for its class, and Spring looks for nothing in it.
	 * @return whether one can
	 */
	boolean allowsPlainDecorator() {
		return isKnownByInterface() && hasPlainInterfacesOnly()
				&& (classObstacle() != null || this.type.isAnonymousClass()) && !hasAnnotatedMethod();
	}

	private boolean hasAnnotatedMethod() {
		for (Class<?> owner = this.type; owner != null && !isJdk(owner); owner = owner.getSuperclass()) {
			if (Arrays.stream(owner.getDeclaredMethods())
				.anyMatch((method) -> isOfInstance(method) && isAnnotated(method))) {
				return true;
			}
		}
		return false;
	}

	static String passedFor(String hook) {
		return "tasks are not metered: the class overrides " + hook + ", which may expect the original task";
	}

	private static boolean isAnnotated(Method method) {
		return Arrays.stream(method.getAnnotations())
			.anyMatch((annotation) -> !annotation.annotationType().getName().startsWith("java.lang."));
	}

	private static boolean isOfInstance(Member member) {
		return !Modifier.isStatic(member.getModifiers()) && !member.isSynthetic();
	}

	private static boolean isPrivate(Member member) {
		return Modifier.isPrivate(member.getModifiers());
	}

	private static boolean isCore(Class<?> type) {
		return type.getName().startsWith("org.springframework.core.")
				|| type.getName().startsWith("org.springframework.util.");
	}

	private static boolean isJdk(Class<?> type) {
		return type.getName().startsWith("java.");
	}

}
