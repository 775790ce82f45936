// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.monitor;

import java.util.Timer;
import java.util.concurrent.ForkJoinWorkerThread;

import io.netty.util.concurrent.FastThreadLocalThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ThreadOwner}: the names are those that the products give.
 */
class ThreadOwnerTests {

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			quartzScheduler_Worker-10;                              QUARTZ
			DefaultQuartzScheduler_QuartzSchedulerThread;           QUARTZ
			QuartzScheduler_orders-NON_CLUSTERED_MisfireHandler;    QUARTZ
			SockJS-1;                                               SOCK_JS
			HikariPool-1:housekeeper;                               HIKARI
			HikariPool-1 housekeeper;                               HIKARI
			orders:connection-adder;                                HIKARI
			HikariPool-1 connection adder;                          HIKARI
			kafka-producer-network-thread | producer-1;             KAFKA
			kafka-coordinator-heartbeat-thread | orders;            KAFKA
			kafka-admin-client-thread | adminclient-1;              KAFKA
			org.springframework.kafka.KafkaListenerEndpointContainer#0-0-C-1;     KAFKA_LISTENER
			org.springframework.amqp.rabbit.RabbitListenerEndpointContainer#0-1;  RABBIT_LISTENER
			AMQP Connection 127.0.0.1:5672;                         RABBIT
			grpc-default-executor-0;                                GRPC
			grpc-nio-worker-ELG-1-2;                                GRPC
			lettuce-epollEventLoop-4-1;                             LETTUCE
			lettuce-timer-3-1;                                      LETTUCE
			reactor-http-epoll-1;                                   REACTOR_NETTY
			nioEventLoopGroup-2-1;                                  NETTY
			multiThreadIoEventLoopGroup-2-1;                        NETTY
			globalEventExecutor-1-1;                                NETTY
			boundedElastic-evictor-1;                               REACTOR_EVICTOR
			boundedElastic-3;                                       REACTOR
			parallel-1;                                             REACTOR
			http-nio-8080-Acceptor;                                 TOMCAT
			https-jsse-nio-8443-Poller;                             TOMCAT
			Catalina-utility-1;                                     TOMCAT
			container-0;                                            TOMCAT
			http-nio-8080-exec-7;                                   TOMCAT_REQUESTS
			qtp1873653341-45;                                       JETTY_REQUESTS
			qtp1873653341-46-acceptor-0@1b2c3d4e-ServerConnector@5f6a7b8c{HTTP/1.1, (http/1.1)}{0.0.0.0:8080}; JETTY
			Scheduler-1234567-1;                                    JETTY
			HttpClient-1-SelectorManager;                           JDK_HTTP_CLIENT
			HttpClient-3-Worker-0;                                  JDK_HTTP_CLIENT
			ForkJoinPool.commonPool-worker-1;                       COMMON_POOL
			Timer-0;                                                TIMER
			BatchSpanProcessor_WorkerThread-1;                      OPEN_TELEMETRY
			otlp-metrics-publisher;                                 MICROMETER
			pool-2-thread-1;                                        POOL
			ForkJoinPool-1-worker-1;                                POOL
			ThreadPoolTaskExecutor-1;                               POOL
			executor-metrics-watch;                                 JVM
			Reference Handler;                                      JVM
			RMI TCP Connection(2)-127.0.0.1;                        JVM
			main;                                                   MAIN
			""")
	void ofWhenNameIsOneOfTheProductThenItsThreads(String name, ThreadOwner owner) {
		assertThat(ThreadOwner.of(ThreadPattern.of(name), Thread.class)).isEqualTo(owner);
	}

	// pools of the application were taken for a product's
	@ParameterizedTest
	@CsvSource({ "orders-1", "mail_worker-1", "kafka", "http-client-1", "my-pool-1-thread-1", "singleton-1",
			"quartz-jobs-1", "grpcCalls-1", "report-housekeeping-1", "container", "JFRX", "Timer", "task-1",
			"block-C-1" })
	void ofWhenNameIsTheApplicationsThenNobodys(String name) {
		assertThat(ThreadOwner.of(ThreadPattern.of(name), Thread.class)).isNull();
	}

	// a product's threads got names of the user's
	@Test
	void ofWhenNameIsTheUsersThenTheClassTells() {
		assertThat(ThreadOwner.of("mine", FastThreadLocalThread.class)).isEqualTo(ThreadOwner.NETTY);
		assertThat(ThreadOwner.of("mine", new FastThreadLocalThread() {
		}.getClass())).isEqualTo(ThreadOwner.NETTY);
		assertThat(ThreadOwner.of("mine", ForkJoinWorkerThread.class)).isEqualTo(ThreadOwner.POOL);
	}

	@Test
	void ofWhenTimerIsNamedThenTheClassTells() {
		Timer timer = new Timer("mine");
		try {
			assertThat(LiveThreads.find((thread) -> thread.getName().equals("mine"))).isNotEmpty()
				.allSatisfy(
						(thread) -> assertThat(ThreadOwner.of("mine", thread.getClass())).isEqualTo(ThreadOwner.TIMER));
		}
		finally {
			timer.cancel();
		}
	}

	@Test
	void meteringIsToldOfAllButTheJvms() {
		for (ThreadOwner owner : ThreadOwner.values()) {
			assertThat(owner.metering() == null).as(owner.name()).isEqualTo(owner == ThreadOwner.JVM);
		}
	}

}
