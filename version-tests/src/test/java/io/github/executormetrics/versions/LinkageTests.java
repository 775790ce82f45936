// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.versions;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootVersion;

import io.github.executormetrics.ExecutorMetrics;
import io.github.executormetrics.versions.ClassPath.Shape;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that this version of Spring Boot, and the versions of Spring, Micrometer and
 * Reactor that it manages, have all that the packaged library refers to.
 */
class LinkageTests {

	private static final String SPRING = "META-INF/spring/";

	private final ClassPath classPath = new ClassPath(getClass().getClassLoader());

	@Test
	void whenVersionIsAskedForThenItRuns() {
		assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("boot.version"));
	}

	@Test
	void whenLinkedThenEveryReferenceResolves() throws Exception {
		assertThat(linkage(this.classPath).missing()).isEmpty();
	}

	@Test
	void whenSomethingIsMissingThenLinkageNamesIt() throws Exception {
		String hidden = "org/springframework/boot/health/actuate/endpoint/StatusAggregator.class";
		ClassLoader without = new ClassLoader(getClass().getClassLoader()) {

			@Override
			public InputStream getResourceAsStream(String name) {
				return name.equals(hidden) ? null : super.getResourceAsStream(name);
			}

		};
		assertThat(linkage(new ClassPath(without)).missing()).isNotEmpty()
			.allSatisfy((line) -> assertThat(line).startsWith(hidden.replace(".class", "").replace('/', '.')));
	}

	@ParameterizedTest
	@CsvSource({ "aop.framework.AbstractAdvisingBeanPostProcessor, advisor",
			"aop.interceptor.AsyncExecutionAspectSupport, defaultExecutor",
			"aop.interceptor.AsyncExecutionAspectSupport, exceptionHandler",
			"core.task.SimpleAsyncTaskExecutor, taskDecorator",
			"core.task.support.CompositeTaskDecorator, taskDecorators",
			"core.task.support.TaskExecutorAdapter, concurrentExecutor",
			"core.task.support.TaskExecutorAdapter, taskDecorator",
			"scheduling.concurrent.ConcurrentTaskExecutor, adaptedExecutor",
			"scheduling.concurrent.ConcurrentTaskExecutor, concurrentExecutor",
			"scheduling.concurrent.ConcurrentTaskExecutor, taskDecorator",
			"scheduling.concurrent.ConcurrentTaskScheduler, scheduledExecutor",
			"scheduling.concurrent.ExecutorConfigurationSupport, executor",
			"scheduling.concurrent.ThreadPoolTaskExecutor, taskDecorator",
			"scheduling.concurrent.ThreadPoolTaskExecutor, threadPoolExecutor",
			"scheduling.concurrent.ThreadPoolTaskScheduler, scheduledExecutor",
			"scheduling.concurrent.ThreadPoolTaskScheduler, taskDecorator",
			"scheduling.config.Task$OutcomeTrackingRunnable, runnable",
			"scheduling.support.DelegatingErrorHandlingRunnable, delegate" })
	void whenFieldIsReadByReflectionThenSpringHasIt(String owner, String field) {
		Shape shape = this.classPath.find("org/springframework/" + owner.replace('.', '/'));
		assertThat(shape).isNotNull();
		assertThat(shape.members().keySet()).anyMatch((member) -> member.matches(field + "[^(]+"));
	}

	@Test
	void whenLimitOfJettysVirtualThreadsIsReadThenItHasOneOfTwoNames() {
		Shape pool = this.classPath.find("org/eclipse/jetty/util/thread/VirtualThreadPool");
		assertThat(pool).isNotNull();
		assertThat(pool.members().keySet()).containsAnyOf("getMaxConcurrentTasks()I", "getMaxThreads()I");
	}

	@Test
	void whenBootReadsAFileOfTheJarThenItIsNamedAfterAClassOfBoot() throws Exception {
		List<String> names = new ArrayList<>();
		try (JarFile jar = jar()) {
			for (JarEntry entry : jar.stream().toList()) {
				if (entry.getName().startsWith(SPRING) && entry.getName().endsWith(".imports")) {
					names.add(entry.getName().substring(SPRING.length()).replace(".imports", ""));
				}
				if (entry.getName().equals("META-INF/spring.factories")) {
					properties(jar, entry).lines()
						.filter((line) -> line.contains("="))
						.forEach((line) -> names.add(line.substring(0, line.indexOf('='))));
				}
			}
		}
		assertThat(names).hasSizeGreaterThan(2)
			.allSatisfy((name) -> assertThat(this.classPath.find(name.replace('.', '/'))).isNotNull());
	}

	private static String properties(JarFile jar, JarEntry entry) throws IOException {
		try (InputStream file = jar.getInputStream(entry)) {
			return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
		}
	}

	private static Linkage linkage(ClassPath classPath) throws Exception {
		Linkage linkage = new Linkage(classPath);
		try (JarFile jar = jar()) {
			for (JarEntry entry : jar.stream().toList()) {
				if (entry.getName().endsWith(".class")) {
					try (InputStream file = jar.getInputStream(entry)) {
						linkage.add(file.readAllBytes());
					}
				}
			}
		}
		return linkage;
	}

	/** What users get, compiled with another version than this one. */
	private static JarFile jar() throws IOException, URISyntaxException {
		return new JarFile(
				Path.of(ExecutorMetrics.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toFile());
	}

}
