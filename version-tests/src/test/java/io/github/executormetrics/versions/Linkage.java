// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.versions;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.asm.AnnotationVisitor;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.FieldVisitor;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;
import org.springframework.asm.Type;

import io.github.executormetrics.versions.ClassPath.Shape;

/**
 * Collects what a class refers to and the class path does not have.
 */
final class Linkage {

	// of the JVM's constant pool
	private static final int CLASS = 7;

	private static final int STRING = 8;

	private static final int FIELD = 9;

	private static final int METHOD = 10;

	private static final int INTERFACE_METHOD = 11;

	private static final int METHOD_TYPE = 16;

	private static final Pattern CLASS_NAME = Pattern
		.compile("(org\\.springframework|io\\.micrometer|reactor)(\\.[a-z0-9]+)+(\\.[A-Z]\\w*)(\\$[A-Z]\\w*)*");

	// their methods take any arguments
	private static final Set<String> POLYMORPHIC = Set.of("java/lang/invoke/MethodHandle",
			"java/lang/invoke/VarHandle");

	private final ClassPath classPath;

	private final Set<String> missing = new TreeSet<>();

	private String referrer = "";

	Linkage(ClassPath classPath) {
		this.classPath = classPath;
	}

	/**
	 * Look at a class.
	 * @param file the content of its class file
	 * @return this
	 */
	Linkage add(byte[] file) {
		ClassReader reader = new ClassReader(file);
		Shape shape = Shape.of(reader);
		this.referrer = shape.name();
		addConstants(reader);
		addInheritance(shape);
		reader.accept(new Declarations(), ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
		return this;
	}

	/**
	 * Return what was not found, each with the class that refers to it.
	 */
	Set<String> missing() {
		return this.missing;
	}

	private void addConstants(ClassReader reader) {
		char[] buffer = new char[reader.getMaxStringLength()];
		for (int i = 1; i < reader.getItemCount(); i++) {
			int offset = reader.getItem(i);
			switch ((offset > 0) ? reader.readByte(offset - 1) : 0) {
				case CLASS -> requireClass(Type.getObjectType(reader.readUTF8(offset, buffer)));
				case STRING -> requireClassNamed(reader.readUTF8(offset, buffer));
				case METHOD_TYPE -> requireClass(Type.getMethodType(reader.readUTF8(offset, buffer)));
				case FIELD, METHOD, INTERFACE_METHOD -> {
					int nameAndType = reader.getItem(reader.readUnsignedShort(offset + 2));
					requireMember(reader.readClass(offset, buffer), reader.readUTF8(nameAndType, buffer),
							reader.readUTF8(nameAndType + 2, buffer));
				}
				default -> {
				}
			}
		}
	}

	private void addInheritance(Shape shape) {
		List<Shape> lineage = this.classPath.lineage(shape);
		for (Shape ancestor : lineage.subList(1, lineage.size())) {
			check(!ancestor.is(Opcodes.ACC_FINAL), ancestor.name() + " is final");
			for (String member : ancestor.members(Opcodes.ACC_FINAL)) {
				if (member.contains("(") && !ancestor.has(member, Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC)) {
					check(!shape.members().containsKey(member), ancestor.name() + "." + member + " is final");
				}
			}
			if (shape.isConcrete()) {
				for (String member : ancestor.members(Opcodes.ACC_ABSTRACT)) {
					check(isImplemented(member, lineage), ancestor.name() + "." + member + " is not implemented");
				}
			}
		}
	}

	private static boolean isImplemented(String member, List<Shape> lineage) {
		return lineage.stream()
			.anyMatch((type) -> type.members().containsKey(member)
					&& !type.has(member, Opcodes.ACC_ABSTRACT | Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE));
	}

	private void requireClass(Type type) {
		switch (type.getSort()) {
			case Type.ARRAY -> requireClass(type.getElementType());
			case Type.METHOD -> {
				requireClass(type.getReturnType());
				for (Type argument : type.getArgumentTypes()) {
					requireClass(argument);
				}
			}
			case Type.OBJECT -> {
				Shape shape = this.classPath.find(type.getInternalName());
				check(shape != null && (isOwn(shape) || shape.is(Opcodes.ACC_PUBLIC)), type.getClassName());
			}
			default -> {
			}
		}
	}

	/** A class that is found by its name, or recognized by it. */
	private void requireClassNamed(String text) {
		if (CLASS_NAME.matcher(text).matches()) {
			check(this.classPath.find(text.replace('.', '/')) != null, text);
		}
	}

	private void requireMember(String owner, String name, String descriptor) {
		requireClass(Type.getType(descriptor));
		Shape shape = this.classPath.find(owner);
		if (shape == null || POLYMORPHIC.contains(owner)) {
			return;
		}
		String member = name + descriptor;
		Shape declarer = this.classPath.lineage(shape)
			.stream()
			.filter((type) -> type.members().containsKey(member))
			.findFirst()
			.orElse(null);
		check(declarer != null && (isOwn(declarer) || declarer.has(member, Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED)),
				owner + "." + member);
	}

	private static boolean isOwn(Shape shape) {
		return shape.name().startsWith("io/github/executormetrics/");
	}

	private void check(boolean found, String what) {
		if (!found) {
			this.missing.add(what.replace('/', '.') + " for " + this.referrer.replace('/', '.'));
		}
	}

	/**
	 * The types of fields and methods, and annotations with their values.
	 */
	private final class Declarations extends ClassVisitor {

		Declarations() {
			super(SpringAsmInfo.ASM_VERSION);
		}

		@Override
		public FieldVisitor visitField(int access, String name, String descriptor, @Nullable String signature,
				@Nullable Object value) {
			requireClass(Type.getType(descriptor));
			return new FieldVisitor(this.api) {

				@Override
				public AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
					return new Annotations(annotation);
				}

			};
		}

		@Override
		public MethodVisitor visitMethod(int access, String name, String descriptor, @Nullable String signature,
				String @Nullable [] exceptions) {
			requireClass(Type.getMethodType(descriptor));
			return new MethodVisitor(this.api) {

				@Override
				public AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
					return new Annotations(annotation);
				}

				@Override
				public AnnotationVisitor visitParameterAnnotation(int parameter, String annotation, boolean visible) {
					return new Annotations(annotation);
				}

			};
		}

		@Override
		public AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
			return new Annotations(annotation);
		}

	}

	/**
	 * An annotation, whose attributes its type must have.
	 */
	private final class Annotations extends AnnotationVisitor {

		private final @Nullable String owner;

		Annotations(@Nullable String descriptor) {
			super(SpringAsmInfo.ASM_VERSION);
			this.owner = (descriptor != null) ? Type.getType(descriptor).getInternalName() : null;
			if (descriptor != null) {
				requireClass(Type.getType(descriptor));
			}
		}

		@Override
		public void visit(@Nullable String name, Object value) {
			requireAttribute(name);
			if (value instanceof Type type) {
				requireClass(type);
			}
			else if (value instanceof String text) {
				requireClassNamed(text);
			}
		}

		@Override
		public void visitEnum(@Nullable String name, String descriptor, String value) {
			requireAttribute(name);
			requireMember(Type.getType(descriptor).getInternalName(), value, descriptor);
		}

		@Override
		public AnnotationVisitor visitAnnotation(@Nullable String name, String descriptor) {
			requireAttribute(name);
			return new Annotations(descriptor);
		}

		@Override
		public AnnotationVisitor visitArray(String name) {
			requireAttribute(name);
			// the elements have no names
			return new Annotations(null);
		}

		private void requireAttribute(@Nullable String name) {
			Shape type = (this.owner != null && name != null) ? Linkage.this.classPath.find(this.owner) : null;
			if (type != null) {
				check(type.members().keySet().stream().anyMatch((member) -> member.startsWith(name + "()")),
						this.owner + "." + name);
			}
		}

	}

}
