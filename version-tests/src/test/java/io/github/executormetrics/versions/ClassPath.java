// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.versions;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.FieldVisitor;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;

/**
 * Resolves classes and their members as the JVM does when it links, without loading any.
 */
final class ClassPath {

	private final ClassLoader loader;

	private final Map<String, Optional<Shape>> shapes = new HashMap<>();

	ClassPath(ClassLoader loader) {
		this.loader = loader;
	}

	/**
	 * Find a class.
	 * @param name its internal name
	 */
	@Nullable Shape find(String name) {
		Optional<Shape> known = this.shapes.get(name);
		if (known == null) {
			known = Optional.ofNullable(read(name));
			this.shapes.put(name, known);
		}
		return known.orElse(null);
	}

	private @Nullable Shape read(String name) {
		try (InputStream file = this.loader.getResourceAsStream(name + ".class")) {
			return (file != null) ? Shape.of(new ClassReader(file)) : null;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Find all classes and interfaces that a class inherits from, the class itself first
	 * and interfaces last.
	 */
	List<Shape> lineage(Shape shape) {
		Map<String, Shape> all = new LinkedHashMap<>();
		for (Shape type = shape; type != null; type = (type.parent() != null) ? find(type.parent()) : null) {
			all.put(type.name(), type);
		}
		for (Shape type : List.copyOf(all.values())) {
			addInterfaces(type, all);
		}
		// the JVM finds its methods in interfaces, too
		Shape object = find("java/lang/Object");
		if (object != null) {
			all.putIfAbsent(object.name(), object);
		}
		return List.copyOf(all.values());
	}

	private void addInterfaces(Shape shape, Map<String, Shape> all) {
		for (String name : shape.interfaces()) {
			Shape type = find(name);
			if (type != null && all.putIfAbsent(name, type) == null) {
				addInterfaces(type, all);
			}
		}
	}

	/**
	 * What a class file declares.
	 *
	 * @param name the internal name of the class
	 * @param access its modifiers
	 * @param parent its superclass
	 * @param interfaces its interfaces
	 * @param members the modifiers of each field and method, by name and descriptor
	 */
	record Shape(String name, int access, @Nullable String parent, List<String> interfaces,
			Map<String, Integer> members) {

		static Shape of(ClassReader reader) {
			Map<String, Integer> members = new HashMap<>();
			reader.accept(new ClassVisitor(SpringAsmInfo.ASM_VERSION) {

				@Override
				public @Nullable FieldVisitor visitField(int access, String name, String descriptor,
						@Nullable String signature, @Nullable Object value) {
					members.put(name + descriptor, access);
					return null;
				}

				@Override
				public @Nullable MethodVisitor visitMethod(int access, String name, String descriptor,
						@Nullable String signature, String @Nullable [] exceptions) {
					members.put(name + descriptor, access);
					return null;
				}

			}, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
			return new Shape(reader.getClassName(), reader.getAccess(), reader.getSuperName(),
					List.of(reader.getInterfaces()), members);
		}

		boolean is(int flags) {
			return (this.access & flags) != 0;
		}

		boolean has(String member, int flags) {
			return (this.members.getOrDefault(member, 0) & flags) != 0;
		}

		List<String> members(int flags) {
			List<String> found = new ArrayList<>();
			this.members.forEach((member, access) -> {
				if ((access & flags) != 0) {
					found.add(member);
				}
			});
			return found;
		}

		boolean isConcrete() {
			return !is(Opcodes.ACC_ABSTRACT | Opcodes.ACC_INTERFACE);
		}

	}

}
