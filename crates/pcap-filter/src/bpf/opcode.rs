//! Operation codes of linux/bpf_common.h, combined from class, size, mode and operation.

use super::{ArithOp, Compare};

// Instruction classes: the low three bits.
pub(super) const CLASS: u16 = 0x07;
pub(super) const LD: u16 = 0x00;
pub(super) const LDX: u16 = 0x01;
pub(super) const ST: u16 = 0x02;
pub(super) const STX: u16 = 0x03;
pub(super) const ALU: u16 = 0x04;
pub(super) const JMP: u16 = 0x05;
pub(super) const RET: u16 = 0x06;

// Load sizes.
pub(super) const SIZE: u16 = 0x18;
pub(super) const W: u16 = 0x00;
pub(super) const H: u16 = 0x08;
pub(super) const B: u16 = 0x10;

// Load modes.
pub(super) const MODE: u16 = 0xe0;
pub(super) const IMM: u16 = 0x00;
pub(super) const ABS: u16 = 0x20;
pub(super) const IND: u16 = 0x40;
pub(super) const MEM: u16 = 0x60;
pub(super) const LEN: u16 = 0x80;

// Operand of arithmetic and comparisons: the constant (0) or the index register.
pub(super) const X: u16 = 0x08;
/// Operation of the classes ALU and JMP.
pub(super) const OPERATION: u16 = 0xf0;

pub(super) const LDX_MEM: u16 = LDX | MEM;
pub(super) const LDX_LEN: u16 = LDX | LEN;
/// Index register = 4 * (low nibble of a byte).
pub(super) const LDX_MSH: u16 = LDX | B | 0xa0;
pub(super) const NEG: u16 = ALU | 0x80;
pub(super) const JA: u16 = JMP;
pub(super) const RET_A: u16 = RET | 0x10;
pub(super) const TAX: u16 = 0x07;
pub(super) const TXA: u16 = 0x87;

/// Code of an arithmetic operation with a constant.
pub(super) const fn alu(operator: ArithOp) -> u16 {
    ALU | match operator {
        ArithOp::Add => 0x00,
        ArithOp::Sub => 0x10,
        ArithOp::Mul => 0x20,
        ArithOp::Div => 0x30,
        ArithOp::Or => 0x40,
        ArithOp::And => 0x50,
        ArithOp::Shl => 0x60,
        ArithOp::Shr => 0x70,
        ArithOp::Mod => 0x90,
        ArithOp::Xor => 0xa0,
    }
}

/// Operation of an ALU instruction; `None` for negation and unknown codes.
pub(super) const fn arith_op(code: u16) -> Option<ArithOp> {
    Some(match code & OPERATION {
        0x00 => ArithOp::Add,
        0x10 => ArithOp::Sub,
        0x20 => ArithOp::Mul,
        0x30 => ArithOp::Div,
        0x40 => ArithOp::Or,
        0x50 => ArithOp::And,
        0x60 => ArithOp::Shl,
        0x70 => ArithOp::Shr,
        0x90 => ArithOp::Mod,
        0xa0 => ArithOp::Xor,
        _ => return None,
    })
}

/// Code of a conditional jump that compares with a constant.
pub(super) const fn jump(compare: Compare) -> u16 {
    JMP | match compare {
        Compare::Equal => 0x10,
        Compare::Greater => 0x20,
        Compare::GreaterOrEqual => 0x30,
        Compare::AnySet => 0x40,
    }
}

/// Comparison of a conditional jump; `None` for unknown codes.
pub(super) const fn comparison(code: u16) -> Option<Compare> {
    Some(match code & OPERATION {
        0x10 => Compare::Equal,
        0x20 => Compare::Greater,
        0x30 => Compare::GreaterOrEqual,
        0x40 => Compare::AnySet,
        _ => return None,
    })
}
