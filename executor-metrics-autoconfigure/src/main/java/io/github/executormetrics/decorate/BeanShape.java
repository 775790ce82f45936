package io.github.executormetrics.decorate;

import java.lang.reflect.Constructor;
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
		return type.getName().startsWith("java.") && !Modifier.isPublic(type.getModifiers());
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
		int modifiers = this.type.getModifiers();
		if (this.type.getName().startsWith("java.")) {
			return "a class of the JDK cannot be proxied";
		}
		if (Modifier.isFinal(modifiers) || this.type.isHidden() || Proxy.isProxyClass(this.type)) {
			return "its class is final";
		}
		if (Modifier.isPrivate(modifiers)) {
			return "its class is private";
		}
		if (Arrays.stream(this.type.getDeclaredConstructors()).allMatch(BeanShape::isPrivate)) {
			return "its class has no visible constructor";
		}
		for (Class<?> owner = this.type; owner != null && owner != Object.class; owner = owner.getSuperclass()) {
			for (Method method : owner.getDeclaredMethods()) {
				if (isBrokenByProxy(method)) {
					return "a proxy would break its final method " + method.getName();
				}
			}
		}
		return null;
	}

	static String passedFor(String hook) {
		return "its " + hook + " is given each task, so they pass as they are";
	}

	private static boolean isPrivate(Constructor<?> constructor) {
		return Modifier.isPrivate(constructor.getModifiers());
	}

	private static boolean isBrokenByProxy(Method method) {
		int modifiers = method.getModifiers();
		return Modifier.isFinal(modifiers) && Modifier.isPublic(modifiers) && !Modifier.isStatic(modifiers);
	}

}
