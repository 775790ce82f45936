// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;
import org.springframework.asm.ClassWriter;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.executormetrics.monitor.ExecutorRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application whose tasks are of ever new classes.
 */
class ManyTaskClassesTests {

	private static final int CLASSES = 10_000;

	private static final List<String> EXECUTORS = List.of("pool", "threads", "plain");

	@Test
	void whenTasksAreOfManyClassesThenNamesAreBoundedAndNoClassIsKept() {
		Runners.with().withUserConfiguration(Executing.class).run((context) -> {
			List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
			for (int first = 0; first < CLASSES; first += 1_000) {
				Loader loader = new Loader();
				for (int i = first; i < first + 1_000; i++) {
					Runnable task = loader.task("made.up.Task" + i);
					Runners.get(((ExecutorService) context.getBean("plain")).submit(task));
					Runners.get(context.getBean("pool", ThreadPoolTaskExecutor.class).submit(task));
					if (i % 10 == 0) {
						Runners.get(context.getBean("threads", SimpleAsyncTaskExecutor.class).submit(task));
					}
				}
				loaders.add(new WeakReference<>(loader));
			}
			Set<String> names = new HashSet<>();
			EXECUTORS.forEach((executor) -> names.addAll(Runners.named(context, executor).keySet()));
			assertThat(names).hasSize(101).contains("other");
			assertThat(context.getBean(ExecutorRegistry.class).settings().naming().names()).hasSize(101);
			await().untilAsserted(() -> assertThat(EXECUTORS.stream()
				.flatMap((executor) -> Runners.named(context, executor).values().stream())
				.mapToLong((task) -> task.completed())
				.sum()).isEqualTo(2 * CLASSES + CLASSES / 10));
			// the classes of all tasks can go
			await().untilAsserted(() -> {
				System.gc();
				assertThat(loaders).allMatch((loader) -> loader.get() == null);
			});
		});
	}

	private static final class Loader extends ClassLoader {

		Loader() {
			super(ManyTaskClassesTests.class.getClassLoader());
		}

		Runnable task(String name) throws ReflectiveOperationException {
			ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
			writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name.replace('.', '/'), null, "java/lang/Object",
					new String[] { "java/lang/Runnable" });
			MethodVisitor constructor = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
			constructor.visitVarInsn(Opcodes.ALOAD, 0);
			constructor.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
			constructor.visitInsn(Opcodes.RETURN);
			constructor.visitMaxs(0, 0);
			MethodVisitor run = writer.visitMethod(Opcodes.ACC_PUBLIC, "run", "()V", null, null);
			run.visitInsn(Opcodes.RETURN);
			run.visitMaxs(0, 0);
			byte[] bytes = writer.toByteArray();
			return (Runnable) defineClass(name, bytes, 0, bytes.length).getConstructor().newInstance();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Executing {

		@Bean
		ThreadPoolTaskExecutor pool() {
			return new ThreadPoolTaskExecutor();
		}

		@Bean
		SimpleAsyncTaskExecutor threads() {
			return new SimpleAsyncTaskExecutor();
		}

		@Bean(destroyMethod = "shutdown")
		ExecutorService plain() {
			return Executors.newFixedThreadPool(2);
		}

	}

}
