// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.cost;

import org.springframework.asm.Handle;
import org.springframework.asm.Label;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;

/**
 * Tells of each instruction of a method, whatever its kind, and of where one may be
 * entered or left.
 */
abstract class InstructionVisitor extends MethodVisitor {

	InstructionVisitor(MethodVisitor target) {
		super(Opcodes.ASM9, target);
	}

	abstract void instruction();

	abstract void stretchEnds();

	@Override
	public void visitInsn(int opcode) {
		instruction();
		if ((opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) || opcode == Opcodes.ATHROW) {
			stretchEnds();
		}
		super.visitInsn(opcode);
	}

	@Override
	public void visitJumpInsn(int opcode, Label label) {
		instruction();
		stretchEnds();
		super.visitJumpInsn(opcode, label);
	}

	@Override
	public void visitTableSwitchInsn(int min, int max, Label otherwise, Label... labels) {
		instruction();
		stretchEnds();
		super.visitTableSwitchInsn(min, max, otherwise, labels);
	}

	@Override
	public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] labels) {
		instruction();
		stretchEnds();
		super.visitLookupSwitchInsn(otherwise, keys, labels);
	}

	@Override
	public void visitLabel(Label label) {
		stretchEnds();
		super.visitLabel(label);
	}

	@Override
	public void visitIntInsn(int opcode, int operand) {
		instruction();
		super.visitIntInsn(opcode, operand);
	}

	@Override
	public void visitVarInsn(int opcode, int index) {
		instruction();
		super.visitVarInsn(opcode, index);
	}

	@Override
	public void visitTypeInsn(int opcode, String type) {
		instruction();
		super.visitTypeInsn(opcode, type);
	}

	@Override
	public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
		instruction();
		super.visitFieldInsn(opcode, owner, name, descriptor);
	}

	@Override
	public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
		instruction();
		super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
	}

	@Override
	public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
		instruction();
		super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
	}

	@Override
	public void visitLdcInsn(Object value) {
		instruction();
		super.visitLdcInsn(value);
	}

	@Override
	public void visitIincInsn(int index, int increment) {
		instruction();
		super.visitIincInsn(index, increment);
	}

	@Override
	public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
		instruction();
		super.visitMultiANewArrayInsn(descriptor, dimensions);
	}

}
