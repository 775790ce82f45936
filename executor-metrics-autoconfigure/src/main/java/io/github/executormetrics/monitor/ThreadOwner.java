// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What threads beside the known executors are recognized as: by the pattern of their
 * names or the package of their class, as the products give them. The first that fits
 * counts.
 */
public enum ThreadOwner {

	/**
	 * The JVM itself, the JDK's internal threads and those of this library.
	 */
	JVM("JVM",
			"Reference Handler|Finalizer|Signal Dispatcher|Attach Listener|Notification Thread|Service Thread"
					+ "|Monitor Deflation Thread|Common-Cleaner|process reaper.*|DestroyJavaVM|GC Daemon"
					+ "|CompletableFutureDelayScheduler|RMI (TCP|Reaper|Scheduler|RenewClean).*|JMX server .*|JFR .*"
					+ "|JDWP .*|executor-metrics-.*",
			"java\\.lang\\.ref\\..*|jdk\\.internal\\.misc\\..*|java\\.util\\.concurrent\\.DelayScheduler", null),

	/**
	 * The thread that started the application.
	 */
	MAIN("main", "main|restartedMain", null, "the thread that started the application"),

	/**
	 * The job threads of Quartz and its own.
	 */
	QUARTZ("Quartz", ".*_Worker-\\*|.*_QuartzSchedulerThread|QuartzScheduler_.*", "org\\.quartz\\..*",
			"declare a ThreadPoolTaskExecutor bean and give it to SchedulerFactoryBean.setTaskExecutor, in a "
					+ "SchedulerFactoryBeanCustomizer with Spring Boot: jobs then run on that executor"),

	/**
	 * The scheduler that Spring makes for SockJS.
	 */
	SOCK_JS("SockJS", "SockJS-\\*", null,
			"declare a ThreadPoolTaskScheduler bean and give it to setTaskScheduler of withSockJS()"),

	/**
	 * The housekeeping of HikariCP.
	 */
	HIKARI("HikariCP", ".*[: ](housekeeper|connection[- ](adder|closer|assassinator)|network-timeout-executor)", null,
			"maintains the connections and runs no tasks of the application: see the meters hikaricp.connections; "
					+ "HikariConfig.setScheduledExecutor takes a scheduler bean for the housekeeping"),

	/**
	 * The consumers of Spring for Apache Kafka.
	 */
	KAFKA_LISTENER("Spring Kafka", ".*-\\*-C-\\*", null,
			"declare an executor bean and give it to ContainerProperties.setListenerTaskExecutor: each consumer is "
					+ "one task that runs as long as its container"),

	/**
	 * The threads of Kafka's own client.
	 */
	KAFKA("Kafka", "kafka-.*|consumer_background_thread", "org\\.apache\\.kafka\\..*",
			"the network and heartbeat threads of Kafka's client run no tasks of the application: see the meters "
					+ "kafka.producer and kafka.consumer"),

	/**
	 * The listeners of Spring AMQP.
	 */
	RABBIT_LISTENER("Spring AMQP", "org\\.springframework\\.amqp\\..*", null,
			"declare an executor bean and give it to setTaskExecutor of the listener container factory: each "
					+ "consumer is one task that runs as long as its container"),

	/**
	 * The connections of RabbitMQ's own client.
	 */
	RABBIT("RabbitMQ", "AMQP Connection .*", "com\\.rabbitmq\\..*",
			"reads from a connection and runs no tasks of the application: CachingConnectionFactory.setExecutor "
					+ "takes an executor bean for the deliveries"),

	/**
	 * The executor, the event loops and the timer of gRPC.
	 */
	GRPC("gRPC", "grpc-.*", "io\\.grpc\\..*",
			"declare an executor bean and give it to ServerBuilder.executor or ManagedChannelBuilder.executor: calls "
					+ "are then handled on it; event loops and timers run no tasks of the application"),

	/**
	 * The event loops and the timer of Lettuce.
	 */
	LETTUCE("Lettuce", "lettuce-.*", "io\\.lettuce\\..*",
			"event loops that run no tasks of the application: see the meters lettuce.command"),

	/**
	 * The event loops of Reactor Netty.
	 */
	REACTOR_NETTY("Reactor Netty", "reactor-(http|tcp|udp)-.*|reactor-netty-.*", "reactor\\.netty\\..*",
			"event loops are not listed as executors: see the meter reactor.netty.eventloop.pending.tasks, and keep blocking "
					+ "work off them (subscribeOn or publishOn boundedElastic)"),

	/**
	 * The event loops of Netty.
	 */
	NETTY("Netty",
			"(\\w*EventLoopGroup|\\w*EventExecutorGroup|globalEventExecutor|unorderedThreadPoolEventExecutor"
					+ "|threadDeathWatcher)-.*",
			"io\\.netty\\..*",
			"event loops are not listed as executors: bind Micrometer's NettyEventExecutorMetrics, and keep blocking work off "
					+ "them, on an executor bean"),

	/**
	 * Reactor's housekeeping.
	 */
	REACTOR_EVICTOR("Reactor", "boundedElastic-evictor-\\*", null,
			"ends the idle workers of boundedElastic and runs no tasks of the application"),

	/**
	 * Workers of Reactor's schedulers that are not metered.
	 */
	REACTOR("Reactor", "(boundedElastic|parallel|single)-\\*", "reactor\\.core\\..*",
			"metered with executor-metrics.sources.reactor=true, unless the scheduler was created before the application "
					+ "context"),

	/**
	 * What accepts connections for Tomcat, and its housekeeping.
	 */
	TOMCAT("Tomcat", "(https?|ajp)-.*-(Acceptor|Poller)|Catalina-utility-\\*|container-\\*", null,
			"serves no requests: the request threads are the executor 'tomcat-http'"),

	/**
	 * Request threads of Tomcat that are not watched.
	 */
	TOMCAT_REQUESTS("Tomcat", "(https?|ajp)-.*-exec-\\*|tomcat-exec-\\*", "org\\.apache\\.tomcat\\..*",
			"request threads: watched with executor-metrics.sources.web-server=true"),

	/**
	 * What accepts connections for Jetty, and its housekeeping.
	 */
	JETTY("Jetty", "qtp\\*-\\*-acceptor-.*|Scheduler-\\*-\\*|Session-HouseKeeper-.*|client-scheduler@.*",
			"org\\.eclipse\\.jetty\\..*", "serves no requests: the request threads are the executor 'jetty-http'"),

	/**
	 * Request threads of Jetty that are not watched.
	 */
	JETTY_REQUESTS("Jetty", "qtp\\*-\\*", null,
			"request threads: watched with executor-metrics.sources.web-server=true"),

	/**
	 * The JDK's HTTP client.
	 */
	JDK_HTTP_CLIENT("JDK HttpClient", "HttpClient-\\*-.*", "jdk\\.internal\\.net\\.http\\..*",
			"declare an executor bean and give it to HttpClient.newBuilder().executor: responses are then handled on it"),

	/**
	 * The JDK's common pool where it is not watched.
	 */
	COMMON_POOL("ForkJoinPool.commonPool", "ForkJoinPool\\.commonPool-.*", null,
			"watched with executor-metrics.sources.common-pool=true"),

	/**
	 * The JDK's timers.
	 */
	TIMER("java.util.Timer", "Timer-\\*", "java\\.util\\.TimerThread",
			"schedule on a ThreadPoolTaskScheduler bean instead of the Timer"),

	/**
	 * What exports spans and logs.
	 */
	OPEN_TELEMETRY("OpenTelemetry", "(Batch(Span|LogRecord)Processor_WorkerThread|PeriodicMetricReader)-\\*",
			"io\\.opentelemetry\\..*", "exports telemetry and runs no tasks of the application"),

	/**
	 * What publishes meters.
	 */
	MICROMETER("Micrometer",
			".*-metrics-publisher(-\\*)?|step-meter-registry-poller-for-.*|micrometer-.*|high-cardinality-tags-detector.*",
			"io\\.micrometer\\..*", "publishes meters and runs no tasks of the application"),

	/**
	 * A pool with the names that the JDK or Spring gives by default.
	 */
	POOL("a pool without a bean",
			"pool-\\*-thread-\\*|ForkJoinPool-\\*-worker-\\*|"
					+ "(ThreadPool|SimpleAsync|Concurrent)Task(Executor|Scheduler)-\\*",
			"java\\.util\\.concurrent\\..*", ThreadOwner.METERING);

	/**
	 * How to meter what is not recognized.
	 */
	public static final String UNRECOGNIZED = "if these are workers of a pool: " + ThreadOwner.METERING;

	private static final ThreadOwner[] ALL = values();

	private static final String METERING = "declare it as a bean, or give it to ExecutorMetrics.monitor and use what it returns";

	private final String label;

	private final Pattern names;

	private final @Nullable Pattern types;

	private final @Nullable String metering;

	ThreadOwner(String label, String names, @Nullable String types, @Nullable String metering) {
		this.label = label;
		this.names = Pattern.compile(names);
		this.types = (types != null) ? Pattern.compile(types) : null;
		this.metering = metering;
	}

	/**
	 * Recognize threads.
	 * @param pattern the pattern of their names
	 * @param type the class of one of them
	 * @return whose threads they are, or null where that is not known
	 */
	static @Nullable ThreadOwner of(String pattern, Class<?> type) {
		for (ThreadOwner owner : ALL) {
			if (owner.names.matcher(pattern).matches()) {
				return owner;
			}
		}
		for (Class<?> known = type; known != null && known != Thread.class; known = known.getSuperclass()) {
			ThreadOwner owner = of(known.getName());
			if (owner != null) {
				return owner;
			}
		}
		return null;
	}

	private static @Nullable ThreadOwner of(String type) {
		for (ThreadOwner owner : ALL) {
			if (owner.types != null && owner.types.matcher(type).matches()) {
				return owner;
			}
		}
		return null;
	}

	/**
	 * What the threads are, for a person.
	 * @return the name of the product
	 */
	public String label() {
		return this.label;
	}

	/**
	 * How their work can be metered, or why it need not be.
	 * @return a sentence, or null for those of the JVM
	 */
	public @Nullable String metering() {
		return this.metering;
	}

}
