// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.task;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import io.github.executormetrics.NamedTask;
import io.github.executormetrics.TaskNameScope;

/**
 * Names the tasks of an application, with a bound: what comes after the last free name is
 * {@code other}. A task goes by the name that it says itself, by that of the scope it is
 * submitted in, by that of its {@code @Async} or scheduled method, or by its class; never
 * by a user's {@code toString}, which may tell anything.
 */
public final class TaskNaming {

	/**
	 * How many names are kept apart unless that is set.
	 */
	public static final int MAX_NAMES = 100;

	/**
	 * What tasks are called once all names are given away.
	 */
	static final String OTHER = "other";

	/**
	 * What a web server's tasks are called.
	 */
	static final String REQUEST = "request";

	private static final SafeLog logger = new SafeLog(TaskNaming.class);

	private static final Set<String> SCHEDULED_METHODS = Set.of(
			"org.springframework.scheduling.support.ScheduledMethodRunnable",
			"org.springframework.scheduling.annotation.ScheduledAnnotationReactiveSupport$SubscribingRunnable");

	private static final String RESCHEDULED = "org.springframework.scheduling.concurrent.ReschedulingRunnable";

	private static final String OPERATORS = "reactor.core.publisher.";

	private static final String COMPLETABLE_FUTURE = "java.util.concurrent.CompletableFuture";

	// by the name of the class that the method hands over
	private static final Map<String, String> COMPLETIONS = Map.ofEntries(Map.entry("AsyncRun", "runAsync"),
			Map.entry("AsyncSupply", "supplyAsync"), Map.entry("UniApply", "thenApplyAsync"),
			Map.entry("UniAccept", "thenAcceptAsync"), Map.entry("UniRun", "thenRunAsync"),
			Map.entry("UniCompose", "thenComposeAsync"), Map.entry("UniHandle", "handleAsync"),
			Map.entry("UniWhenComplete", "whenCompleteAsync"), Map.entry("UniExceptionally", "exceptionallyAsync"),
			Map.entry("UniComposeExceptionally", "exceptionallyComposeAsync"), Map.entry("BiApply", "thenCombineAsync"),
			Map.entry("BiAccept", "thenAcceptBothAsync"), Map.entry("BiRun", "runAfterBothAsync"),
			Map.entry("OrApply", "applyToEitherAsync"), Map.entry("OrAccept", "acceptEitherAsync"),
			Map.entry("OrRun", "runAfterEitherAsync"));

	// what a web server runs for a request, by the names of the classes
	private static final Map<String, String> REQUESTS = Map.of("org.apache.tomcat.util.net.NioEndpoint$SocketProcessor",
			REQUEST, "org.apache.tomcat.util.net.Nio2Endpoint$SocketProcessor", REQUEST,
			"org.apache.coyote.http2.StreamRunnable", REQUEST);

	private final int max;

	private final TaskName other = new TaskName(OTHER, 0);

	private final Map<String, TaskName> names = new ConcurrentHashMap<>();

	// so that tasks without a free name wait for no lock
	private volatile boolean full;

	// kept with the class, so that it can be unloaded; the values know nothing of this
	private final ClassValue<Object> byClass = new ClassValue<>() {
		@Override
		protected Object computeValue(Class<?> type) {
			Origin origin = Origin.of(type);
			return (origin != Origin.CLASS) ? origin : name(ofClass(type));
		}
	};

	// of those whose tasks go by it and have no outcome of their own
	private final KnownClasses known = new KnownClasses();

	/**
	 * Create the names of an application.
	 * @param max how many are kept apart
	 */
	public TaskNaming(int max) {
		this.max = max;
		this.names.put(OTHER, this.other);
	}

	/**
	 * Give a name its one object.
	 * @param value the name
	 * @return the name, or {@code other} where no name is free
	 */
	public TaskName name(String value) {
		TaskName name = this.names.get(value);
		if (name != null) {
			return name;
		}
		String line = SafeLog.printable(value);
		return this.full ? this.names.getOrDefault(line, this.other) : create(line);
	}

	private synchronized TaskName create(String value) {
		TaskName known = this.names.get(value);
		if (known != null) {
			return known;
		}
		int index = this.names.size();
		if (index > this.max) {
			// another thread was given the last one
			return this.other;
		}
		TaskName name = new TaskName(value, index);
		this.names.put(value, name);
		if (index == this.max) {
			this.full = true;
			logger.info("Reached the limit of " + this.max + " task names (executor-metrics.tasks.max-names); "
					+ "tasks with new names are reported as '" + OTHER + "'");
		}
		return name;
	}

	/**
	 * Name a task on the thread that submits it.
	 * @param task the user's task
	 * @return its name
	 */
	TaskName of(Object task) {
		TaskName known = find(task.getClass());
		if (known != null) {
			return inScope(known);
		}
		Object found = this.byClass.get(task.getClass());
		if (found instanceof Origin origin) {
			return of(task, origin);
		}
		TaskName name = (TaskName) found;
		if (!(task instanceof Future<?>) && !(task instanceof TaskOutcome.Completion)
				&& !TaskWrappers.isReactors(task)) {
			this.known.keep(task.getClass(), name);
		}
		return inScope(name);
	}

	/**
	 * Find the name of the tasks of a class that alone tells it, and that is neither a
	 * future nor that of a completable one nor Reactor's. Asked in place of an
	 * {@code instanceof Future}, which before JDK 23 takes 13 ns where a class is none.
	 * @param type the class
	 * @return the name that they go by outside of scopes, or null where the class is not
	 * known so
	 */
	@Nullable TaskName find(Class<?> type) {
		return this.known.find(type);
	}

	/**
	 * Name a task of a known class on the thread that submits it.
	 * @param known the name that its class gives it
	 * @return that, or the name of the scope
	 */
	TaskName inScope(TaskName known) {
		String scope = TaskNameScope.current();
		return (scope != null) ? name(scope) : known;
	}

	/**
	 * Name the call of a method on the thread that submits it.
	 * @param call the call
	 * @return the name of the scope or the method
	 */
	TaskName of(AsyncCall call) {
		// the method's bean may be one of another application context, with names of its
		// own
		String scope = TaskNameScope.current();
		return name((scope != null) ? scope : call.name());
	}

	private TaskName of(Object task, Origin origin) {
		if (origin == Origin.LABELLED) {
			// an executor of the user's that is metered itself hands it on
			return name(((Labelled) task).label().name().value());
		}
		Object inner = (origin == Origin.WRAPPER) ? unwrap(task) : task;
		if (inner != task) {
			return of(inner);
		}
		String own = (origin == Origin.SAID) ? said((NamedTask) task) : null;
		if (own == null) {
			own = TaskNameScope.current();
		}
		return name((own != null) ? own : describe(task, origin));
	}

	private static @Nullable String said(NamedTask task) {
		try {
			String name = task.taskName();
			return (name != null && !name.isBlank()) ? name : null;
		}
		catch (Throwable ex) {
			// a task is not to fail for its name
			return null;
		}
	}

	/**
	 * Tell the name of what stands in a queue or runs.
	 * @param task a task of ours, or whatever else stands there, such as a user's
	 * decorator around one
	 * @return its name, or what it would be called
	 */
	public static String describe(Object task) {
		return describe(task, Origin.of(task.getClass()));
	}

	private static String describe(Object task, Origin origin) {
		return switch (origin) {
			case LABELLED -> ((Labelled) task).label().name().value();
			case SCHEDULED_METHOD -> ofMethod(task.toString());
			case WRAPPER -> {
				Object inner = unwrap(task);
				yield (inner != task) ? describe(inner) : ofClass(task.getClass());
			}
			case OF_A_BEAN -> {
				String bean = TaskBeans.describe(task);
				yield (bean != null) ? bean : ofClass(task.getClass());
			}
			default -> ofClass(task.getClass());
		};
	}

	/**
	 * Look through what Spring puts around a scheduled task, Reactor around its own, and
	 * others around a task that they hold.
	 * @param task the task
	 * @return what it runs in the end
	 */
	public static Object unwrap(Object task) {
		return TaskWrappers.unwrap(task);
	}

	/**
	 * Whether a task is one of Spring's that is handed over again after each of its runs,
	 * so that nobody submits a run.
	 * @param task the task
	 * @return whether it is that of a trigger
	 */
	static boolean isRescheduled(Object task) {
		return task.getClass().getName().equals(RESCHEDULED);
	}

	/**
	 * Name a method by its class and itself.
	 * @param qualified the full name of the class, a dot, and the name of the method
	 * @return such as {@code OrderService.sendMail}
	 */
	public static String ofMethod(String qualified) {
		int dot = qualified.lastIndexOf('.');
		String type = withoutGenerated(qualified.substring(0, Math.max(0, dot)));
		return type.substring(type.lastIndexOf('.') + 1).replace('$', '.') + qualified.substring(Math.max(0, dot));
	}

	private static String ofClass(Class<?> type) {
		String name = withoutGenerated(type.getName());
		if (name.startsWith(COMPLETABLE_FUTURE)) {
			String method = COMPLETIONS.get(name.substring(name.lastIndexOf('$') + 1));
			return "CompletableFuture" + ((method != null) ? "." + method : "");
		}
		if (name.startsWith(OPERATORS)) {
			// a step of the operator whose class it stands in
			int inner = name.indexOf('$');
			return name.substring(OPERATORS.length(), (inner > 0) ? inner : name.length());
		}
		return REQUESTS.getOrDefault(name, name);
	}

	/** What follows is made up by the JVM or by Spring, and differs from run to run. */
	private static String withoutGenerated(String name) {
		int generated = name.indexOf("$$");
		return (generated > 0) ? name.substring(0, generated) : name;
	}

	/**
	 * All names given away so far.
	 * @return the names, {@code other} included
	 */
	public List<TaskName> names() {
		return List.copyOf(this.names.values());
	}

	/**
	 * Where the name of the tasks of a class comes from.
	 */
	private enum Origin {

		LABELLED, SAID, SCHEDULED_METHOD, WRAPPER, OF_A_BEAN, CLASS;

		static Origin of(Class<?> type) {
			if (Labelled.class.isAssignableFrom(type)) {
				return LABELLED;
			}
			if (NamedTask.class.isAssignableFrom(type)) {
				return SAID;
			}
			if (SCHEDULED_METHODS.contains(type.getName())) {
				return SCHEDULED_METHOD;
			}
			if (TaskWrappers.isWrapper(type)) {
				return WRAPPER;
			}
			return TaskBeans.isOfABean(type) ? OF_A_BEAN : CLASS;
		}

	}

}
