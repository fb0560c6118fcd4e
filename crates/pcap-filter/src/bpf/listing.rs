//! A program as text, in the layout of `tcpdump -d`.

use alloc::{borrow::ToOwned as _, format};
use core::fmt;

use super::{ArithOp, Compare, Instruction, Program, opcode as op};

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, instruction) in self.instructions().iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            write!(f, "({number:03}) ")?;
            write_instruction(f, number, *instruction)?;
        }
        Ok(())
    }
}

fn write_instruction(
    f: &mut fmt::Formatter<'_>,
    number: usize,
    instruction: Instruction,
) -> fmt::Result {
    let Instruction { code, k, .. } = instruction;
    let load = match code & op::SIZE {
        op::H => "ldh",
        op::B => "ldb",
        _ => "ld",
    };
    match (code & op::CLASS, code & op::MODE) {
        (op::LD, op::ABS) => write!(f, "{load:<8} [{k}]"),
        (op::LD, op::IND) => write!(f, "{load:<8} [x + {k}]"),
        (op::LD, op::MEM) => write!(f, "ld       M[{k}]"),
        (op::LD, op::LEN) => write!(f, "ld       #pktlen"),
        (op::LD, _) => write!(f, "ld       #{k:#x}"),
        (op::LDX, _) if code == op::LDX_MSH => write!(f, "ldxb     4*([{k}]&0xf)"),
        (op::LDX, _) if code == op::LDX_MEM => write!(f, "ldx      M[{k}]"),
        (op::LDX, _) => write!(f, "ldx      #{k:#x}"),
        (op::ST, _) => write!(f, "st       M[{k}]"),
        (op::STX, _) => write!(f, "stx      M[{k}]"),
        (op::ALU, _) => write_arithmetic(f, code, k),
        (op::JMP, _) => write_jump(f, number, instruction),
        (op::RET, _) if code == op::RET_A => f.write_str("ret      a"),
        (op::RET, _) => write!(f, "ret      #{k}"),
        _ if code == op::TXA => f.write_str("txa"),
        _ => f.write_str("tax"),
    }
}

fn write_arithmetic(f: &mut fmt::Formatter<'_>, code: u16, k: u32) -> fmt::Result {
    let name = match op::arith_op(code) {
        Some(ArithOp::Add) => "add",
        Some(ArithOp::Sub) => "sub",
        Some(ArithOp::Mul) => "mul",
        Some(ArithOp::Div) => "div",
        Some(ArithOp::Or) => "or",
        Some(ArithOp::And) => "and",
        Some(ArithOp::Shl) => "lsh",
        Some(ArithOp::Shr) => "rsh",
        Some(ArithOp::Mod) => "mod",
        Some(ArithOp::Xor) => "xor",
        None => return f.write_str("neg"),
    };
    if code & op::X == 0 {
        write!(f, "{name:<8} #{k:#x}")
    } else {
        write!(f, "{name:<8} x")
    }
}

fn write_jump(f: &mut fmt::Formatter<'_>, number: usize, instruction: Instruction) -> fmt::Result {
    let Instruction { code, jt, jf, k } = instruction;
    let name = match op::comparison(code) {
        Some(Compare::Equal) => "jeq",
        Some(Compare::Greater) => "jgt",
        Some(Compare::GreaterOrEqual) => "jge",
        Some(Compare::AnySet) => "jset",
        None => return write!(f, "ja       {}", number + 1 + k as usize),
    };
    let (yes, no) = (number + 1 + usize::from(jt), number + 1 + usize::from(jf));
    let operand = if code & op::X == 0 {
        format!("#{k:#x}")
    } else {
        "x".to_owned()
    };
    write!(f, "{name:<8} {operand:<16} jt {yes}\tjf {no}")
}
