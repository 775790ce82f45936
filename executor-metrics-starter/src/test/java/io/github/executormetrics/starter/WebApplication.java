// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.starter;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application on Tomcat with meters of its own. Prints what its endpoints answer, and
 * closes.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableAsync
@EnableScheduling
@RestController
public class WebApplication {

	static final String CLOSING = "CLOSING";

	private static final Pattern NAME = Pattern.compile("\"([a-z0-9._]+)\"");

	private final CountDownLatch scheduled = new CountDownLatch(1);

	/**
	 * Starts it.
	 * @param args the arguments of Spring Boot
	 * @throws Exception if a request or a task fails
	 */
	public static void main(String[] args) throws Exception {
		try (ConfigurableApplicationContext context = SpringApplication.run(WebApplication.class, args)) {
			meter(context.getBean(MeterRegistry.class));
			context.getBean(Work.class).work();
			context.getBean(WebApplication.class).scheduled.await();
			print(Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port")));
			// one that runs and one that is queued when the context closes
			ThreadPoolTaskExecutor busy = context.getBean("busy", ThreadPoolTaskExecutor.class);
			CountDownLatch running = new CountDownLatch(1);
			busy.execute(() -> {
				running.countDown();
				Work.sleepUntilInterrupted();
			});
			busy.execute(() -> {
			});
			running.await();
			System.out.println(CLOSING);
		}
	}

	private static void meter(MeterRegistry registry) {
		Timer timer = registry.timer("own.timer", "kind", "a");
		timer.record(Duration.ofSeconds(3));
		timer.record(Duration.ofSeconds(5));
		registry.timer("own.timer", "kind", "b").record(Duration.ofMillis(1500));
		registry.counter("own.counter").increment(5);
		TimeGauge.builder("own.time.gauge", () -> 90, TimeUnit.MINUTES).register(registry);
		Gauge.builder("own.gauge", () -> 7).baseUnit("milliseconds").register(registry);
		FunctionTimer.builder("own.function.timer", registry, (any) -> 2, (any) -> 4, TimeUnit.HOURS)
			.register(registry);
		DistributionSummary summary = DistributionSummary.builder("own.summary").baseUnit("seconds").register(registry);
		summary.record(11);
		LongTaskTimer.builder("own.long.task.timer").register(registry);
	}

	private static void print(int port) throws IOException, InterruptedException {
		for (int i = 0; i < 3; i++) {
			get(port, "/hello");
		}
		String names = get(port, "/actuator/metrics");
		NAME.matcher(names)
			.results()
			.map((name) -> name.group(1))
			.filter((name) -> !name.equals("names"))
			.forEach((name) -> {
				try {
					System.out.println("METER " + name + " " + get(port, "/actuator/metrics/" + name));
				}
				catch (IOException | InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			});
		get(port, "/actuator/prometheus").lines().forEach((line) -> System.out.println("SCRAPE " + line));
		System.out.println("HEALTH " + get(port, "/actuator/health"));
		System.out.println("EXECUTORS " + get(port, "/actuator/executors"));
	}

	private static String get(int port, String path) throws IOException, InterruptedException {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
					BodyHandlers.ofString())
			.body();
	}

	@GetMapping("/hello")
	String hello() {
		return "hello";
	}

	@Scheduled(fixedRate = 10, timeUnit = TimeUnit.MILLISECONDS)
	void schedule() {
		this.scheduled.countDown();
	}

	@Bean
	ThreadPoolTaskExecutor busy() {
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setCorePoolSize(1);
		return executor;
	}

	@Bean(defaultCandidate = false)
	ThreadPoolTaskExecutor mails() {
		return new ThreadPoolTaskExecutor();
	}

	@Bean
	Work work() {
		return new Work();
	}

	static class Work {

		@Async("mails")
		void work() {
		}

		static void sleepUntilInterrupted() {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
