//! The classic filter machine (BPF): its instructions, how they are shown, and an interpreter over captured bytes.
//!
//! Instruction codes are those of linux/bpf_common.h and of McCanne and Jacobson, "The BSD Packet Filter" (1993).

use alloc::vec::Vec;
use core::fmt;

use super::{arith, ast::ArithOp};

/// The kernel takes no longer programs (`BPF_MAXINSNS`).
pub const MAX_INSTRUCTIONS: usize = 4096;

/// One instruction, in the layout of the kernel's `struct sock_filter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// What to do.
    pub code: u16,
    /// Instructions to skip when a comparison holds.
    pub jt: u8,
    /// Instructions to skip when it does not.
    pub jf: u8,
    /// The constant.
    pub k: u32,
}

impl Instruction {
    pub(super) const fn new(code: u16, k: u32) -> Self {
        Self {
            code,
            jt: 0,
            jf: 0,
            k,
        }
    }
}

/// Instruction codes.
pub(super) mod op {
    pub(crate) const W: u16 = 0x00;
    pub(crate) const H: u16 = 0x08;
    pub(crate) const B: u16 = 0x10;
    pub(crate) const LD_IMM: u16 = 0x00;
    pub(crate) const LD_ABS: u16 = 0x20;
    pub(crate) const LD_IND: u16 = 0x40;
    pub(crate) const LD_MEM: u16 = 0x60;
    pub(crate) const LD_LEN: u16 = 0x80;
    pub(crate) const LDX_IMM: u16 = 0x01;
    pub(crate) const LDX_MEM: u16 = 0x61;
    pub(crate) const LDX_LEN: u16 = 0x81;
    pub(crate) const LDX_MSH: u16 = 0xb1;
    pub(crate) const ST: u16 = 0x02;
    pub(crate) const K: u16 = 0x00;
    pub(crate) const X: u16 = 0x08;
    pub(crate) const ADD: u16 = 0x04;
    pub(crate) const SUB: u16 = 0x14;
    pub(crate) const MUL: u16 = 0x24;
    pub(crate) const DIV: u16 = 0x34;
    pub(crate) const OR: u16 = 0x44;
    pub(crate) const AND: u16 = 0x54;
    pub(crate) const LSH: u16 = 0x64;
    pub(crate) const RSH: u16 = 0x74;
    pub(crate) const NEG: u16 = 0x84;
    pub(crate) const MOD: u16 = 0x94;
    pub(crate) const XOR: u16 = 0xa4;
    pub(crate) const JA: u16 = 0x05;
    pub(crate) const JEQ: u16 = 0x15;
    pub(crate) const JGT: u16 = 0x25;
    pub(crate) const JGE: u16 = 0x35;
    pub(crate) const JSET: u16 = 0x45;
    pub(crate) const RET: u16 = 0x06;
    pub(crate) const RET_A: u16 = 0x16;
    pub(crate) const TAX: u16 = 0x07;
    pub(crate) const TXA: u16 = 0x87;
}

/// A compiled filter. Displayed as `tcpdump -d` shows one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub(super) instructions: Vec<Instruction>,
}

impl Program {
    /// The instructions, to attach to a socket.
    #[must_use]
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// Whether the filter takes a packet: `bytes` as captured, `length` its length on the wire.
    #[inline]
    #[must_use]
    pub fn accepts(&self, bytes: &[u8], length: u32) -> bool {
        self.run(bytes, length) != 0
    }

    /// How many bytes of a packet the filter keeps, 0 for none. A load past the captured bytes, a division by
    /// zero and anything malformed end the program with 0, as in the kernel. Jumps only go forward, so every run
    /// ends.
    #[must_use]
    pub fn run(&self, bytes: &[u8], length: u32) -> u32 {
        let mut machine = Machine {
            a: 0,
            x: 0,
            cells: [0; 16],
            bytes,
            length,
        };
        let mut at = 0_usize;
        while let Some(instruction) = self.instructions.get(at) {
            at += 1;
            match machine.step(*instruction) {
                Step::Next => {}
                Step::Skip(count) => at = at.saturating_add(count as usize),
                Step::Return(kept) => return kept,
            }
        }
        0
    }
}

enum Step {
    Next,
    Skip(u32),
    Return(u32),
}

struct Machine<'bytes> {
    a: u32,
    x: u32,
    cells: [u32; 16],
    bytes: &'bytes [u8],
    length: u32,
}

impl Machine<'_> {
    #[inline]
    fn step(&mut self, instruction: Instruction) -> Step {
        let Instruction { code, k, .. } = instruction;
        match code & 7 {
            0 => match self.value(code, k) {
                Some(value) => self.a = value,
                None => return Step::Return(0),
            },
            1 => match self.index(code, k) {
                Some(value) => self.x = value,
                None => return Step::Return(0),
            },
            2 | 3 => match self.cells.get_mut(k as usize) {
                Some(cell) => *cell = if code == op::ST { self.a } else { self.x },
                None => return Step::Return(0),
            },
            4 => match self.arithmetic(code, k) {
                Some(value) => self.a = value,
                None => return Step::Return(0),
            },
            5 => return self.jump(instruction),
            6 => return Step::Return(if code == op::RET_A { self.a } else { k }),
            _ if code == op::TXA => self.a = self.x,
            _ => self.x = self.a,
        }
        Step::Next
    }

    #[inline]
    fn value(&self, code: u16, k: u32) -> Option<u32> {
        let offset = match code & 0xe0 {
            op::LD_ABS => k as usize,
            op::LD_IND => self.x.wrapping_add(k) as usize,
            op::LD_IMM => return Some(k),
            op::LD_MEM => return self.cells.get(k as usize).copied(),
            op::LD_LEN => return Some(self.length),
            _ => return None,
        };
        let from = self.bytes.get(offset..)?;
        match code & 0x18 {
            op::W => from.first_chunk().map(|word| u32::from_be_bytes(*word)),
            op::H => from
                .first_chunk()
                .map(|half| u32::from(u16::from_be_bytes(*half))),
            op::B => from.first().map(|&byte| u32::from(byte)),
            _ => None,
        }
    }

    fn index(&self, code: u16, k: u32) -> Option<u32> {
        match code {
            op::LDX_IMM => Some(k),
            op::LDX_MEM => self.cells.get(k as usize).copied(),
            op::LDX_LEN => Some(self.length),
            op::LDX_MSH => self
                .bytes
                .get(k as usize)
                .map(|&byte| 4 * u32::from(byte & 15)),
            _ => None,
        }
    }

    fn arithmetic(&self, code: u16, k: u32) -> Option<u32> {
        let right = if code & op::X != 0 { self.x } else { k };
        if code == op::NEG {
            return Some(self.a.wrapping_neg());
        }
        let operator = match code & !op::X {
            op::ADD => ArithOp::Add,
            op::SUB => ArithOp::Sub,
            op::MUL => ArithOp::Mul,
            op::DIV => ArithOp::Div,
            op::MOD => ArithOp::Mod,
            op::AND => ArithOp::And,
            op::OR => ArithOp::Or,
            op::XOR => ArithOp::Xor,
            op::LSH => ArithOp::Shl,
            op::RSH => ArithOp::Shr,
            _ => return None,
        };
        arith::apply(operator, self.a, right)
    }

    #[inline]
    fn jump(&self, instruction: Instruction) -> Step {
        let right = if instruction.code & op::X != 0 {
            self.x
        } else {
            instruction.k
        };
        let holds = match instruction.code & !op::X {
            op::JA => return Step::Skip(instruction.k),
            op::JEQ => self.a == right,
            op::JGT => self.a > right,
            op::JGE => self.a >= right,
            op::JSET => self.a & right != 0,
            _ => return Step::Return(0),
        };
        Step::Skip(u32::from(if holds {
            instruction.jt
        } else {
            instruction.jf
        }))
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, instruction) in self.instructions.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            write!(f, "({at:03}) ")?;
            show(f, at, *instruction)?;
        }
        Ok(())
    }
}

fn show(f: &mut fmt::Formatter<'_>, at: usize, instruction: Instruction) -> fmt::Result {
    let Instruction { code, jt, jf, k } = instruction;
    let load = match code & 0x18 {
        op::H => "ldh",
        op::B => "ldb",
        _ => "ld",
    };
    match (code & 7, code & 0xe0) {
        (0, op::LD_ABS) => write!(f, "{load:<8} [{k}]"),
        (0, op::LD_IND) => write!(f, "{load:<8} [x + {k}]"),
        (0, op::LD_MEM) => write!(f, "ld       M[{k}]"),
        (0, op::LD_LEN) => write!(f, "ld       #pktlen"),
        (0, _) => write!(f, "ld       #{k:#x}"),
        (1, _) if code == op::LDX_MSH => write!(f, "ldxb     4*([{k}]&0xf)"),
        (1, _) if code == op::LDX_MEM => write!(f, "ldx      M[{k}]"),
        (1, _) => write!(f, "ldx      #{k:#x}"),
        (2, _) => write!(f, "st       M[{k}]"),
        (3, _) => write!(f, "stx      M[{k}]"),
        (4, _) => {
            let name = match code & 0xf0 {
                0x00 => "add",
                0x10 => "sub",
                0x20 => "mul",
                0x30 => "div",
                0x40 => "or",
                0x50 => "and",
                0x60 => "lsh",
                0x70 => "rsh",
                0x80 => return f.write_str("neg"),
                0x90 => "mod",
                _ => "xor",
            };
            if code & op::X == 0 {
                write!(f, "{name:<8} #{k:#x}")
            } else {
                write!(f, "{name:<8} x")
            }
        }
        (5, 0) if code & 0xf0 == 0 => write!(f, "ja       {}", at + 1 + k as usize),
        (5, _) => {
            let name = match code & 0x70 {
                0x10 => "jeq",
                0x20 => "jgt",
                0x30 => "jge",
                _ => "jset",
            };
            let (yes, no) = (at + 1 + usize::from(jt), at + 1 + usize::from(jf));
            if code & op::X == 0 {
                write!(
                    f,
                    "{name:<8} {:<16} jt {yes}\tjf {no}",
                    alloc::format!("#{k:#x}")
                )
            } else {
                write!(f, "{name:<8} {:<16} jt {yes}\tjf {no}", "x")
            }
        }
        (6, _) if code == op::RET_A => f.write_str("ret      a"),
        (6, _) => write!(f, "ret      #{k}"),
        _ if code == op::TXA => f.write_str("txa"),
        _ => f.write_str("tax"),
    }
}
