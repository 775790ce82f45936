// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.cost;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.regex.Pattern;

import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.ClassWriter;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;

/**
 * Lets the classes of this project and of the libraries it calls count what they execute.
 */
public final class CountingAgent implements ClassFileTransformer {

	private static final String OWN = "io/github/executormetrics/";

	private static final String MICROMETER = "io/micrometer/";

	private static final Pattern LIBRARIES = Pattern
		.compile("(" + MICROMETER + "|io/prometheus/|org/springframework/(?!asm/)).*");

	private static final String COUNTER = CostFigure.class.getName().replace('.', '/');

	private static final String NOT_COUNTED = COUNTER.substring(0, COUNTER.lastIndexOf('/'));

	// by its name: a class that is loaded already is not counted
	private static final String COUNTED = NOT_COUNTED + "/CostPlant";

	/**
	 * Called by the JVM before {@code main}.
	 * @param arguments none
	 * @param instrumentation where classes pass on their way
	 */
	public static void premain(String arguments, Instrumentation instrumentation) {
		instrumentation.addTransformer(new CountingAgent());
	}

	@Override
	public byte[] transform(ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain,
			byte[] classFile) {
		if (name == null || (name.startsWith(NOT_COUNTED) && !name.startsWith(COUNTED))) {
			return null;
		}
		boolean own = name.startsWith(OWN);
		return (own || LIBRARIES.matcher(name).matches()) ? count(classFile, own) : null;
	}

	private static byte[] count(byte[] classFile, boolean own) {
		ClassReader reader = new ClassReader(classFile);
		ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
		reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {

			@Override
			public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
					String[] exceptions) {
				return new Counting(super.visitMethod(access, name, descriptor, signature, exceptions), own);
			}

		}, ClassReader.SKIP_DEBUG);
		return writer.toByteArray();
	}

	/**
	 * Adds up the instructions of a stretch without a jump and counts them at its end.
	 */
	private static final class Counting extends InstructionVisitor {

		private static final Pattern ATOMIC = Pattern
			.compile("(java/lang/invoke/VarHandle|java/util/concurrent/atomic/\\w+)\\."
					+ "(weakCompareAnd|compareAnd|getAnd|add|accumulate|increment|decrement).*");

		private final boolean own;

		private int instructions;

		Counting(MethodVisitor target, boolean own) {
			super(target);
			this.own = own;
		}

		@Override
		void instruction() {
			this.instructions++;
		}

		@Override
		void stretchEnds() {
			if (this.instructions > 0) {
				add(this.own ? CostFigure.OWN_INSTRUCTIONS : CostFigure.LIBRARY_INSTRUCTIONS, this.instructions);
				this.instructions = 0;
			}
		}

		private void add(CostFigure figure, int times) {
			this.mv.visitLdcInsn(figure.ordinal());
			this.mv.visitLdcInsn(times);
			this.mv.visitMethodInsn(Opcodes.INVOKESTATIC, COUNTER, "add", "(II)V", false);
		}

		@Override
		public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
			if (owner.equals("java/lang/System") && (name.equals("nanoTime") || name.equals("currentTimeMillis"))) {
				super.visitMethodInsn(opcode, COUNTER, "time", descriptor, false);
				return;
			}
			if (this.own && owner.startsWith(MICROMETER)) {
				add(CostFigure.MICROMETER_CALLS, 1);
			}
			if (ATOMIC.matcher(owner + "." + name).matches()) {
				add(CostFigure.ATOMIC_UPDATES, 1);
			}
			super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
		}

	}

}
