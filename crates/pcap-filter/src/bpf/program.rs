//! A finished program, and its interpreter.

use alloc::{vec, vec::Vec};

use super::{CELLS, Instruction, METADATA, opcode as op};

/// A classic BPF program. `Display` gives the listing of `tcpdump -d`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program(pub(super) Vec<Instruction>);

impl Program {
    /// Program that accepts every packet whole.
    #[must_use]
    pub fn accept_all() -> Self {
        Self(vec![Instruction::new(op::RET, u32::MAX)])
    }

    /// Program that rejects every packet.
    #[must_use]
    pub fn reject_all() -> Self {
        Self(vec![Instruction::new(op::RET, 0)])
    }

    /// The instructions, in the order in which the kernel takes them.
    #[must_use]
    pub fn instructions(&self) -> &[Instruction] {
        &self.0
    }

    /// Returns whether the program accepts a packet: `bytes` as captured, `length` in bytes on the wire.
    #[inline]
    #[must_use]
    pub fn accepts(&self, bytes: &[u8], length: u32) -> bool {
        self.run(bytes, length) != 0
    }

    /// Runs the program on a packet: `bytes` as captured, `length` in bytes on the wire.
    ///
    /// Returns the maximum number of bytes to keep (it may exceed the packet's length), 0 to reject. As in the
    /// kernel, a load past the captured bytes, a division by zero and a malformed instruction reject the packet.
    /// Kernel metadata reads as 0. Jumps only go forward, so every run ends.
    #[must_use]
    pub fn run(&self, bytes: &[u8], length: u32) -> u32 {
        let mut machine = Machine {
            a: 0,
            x: 0,
            cells: [0; CELLS as usize],
            bytes,
            length,
        };
        let mut next = 0_usize;
        while let Some(instruction) = self.0.get(next) {
            next += 1;
            match machine.step(*instruction) {
                Step::Next => {}
                Step::Skip(count) => next = next.saturating_add(count as usize),
                Step::Return(stored) => return stored,
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

/// Registers and scratch cells of a run.
struct Machine<'bytes> {
    /// Accumulator.
    a: u32,
    /// Index register.
    x: u32,
    cells: [u32; CELLS as usize],
    bytes: &'bytes [u8],
    length: u32,
}

impl Machine<'_> {
    #[inline]
    fn step(&mut self, instruction: Instruction) -> Step {
        let Instruction { code, k, .. } = instruction;
        match code & op::CLASS {
            op::LD => match self.load(code, k) {
                Some(value) => self.a = value,
                None => return Step::Return(0),
            },
            op::LDX => match self.load_index(code, k) {
                Some(value) => self.x = value,
                None => return Step::Return(0),
            },
            op::ST | op::STX => match self.cells.get_mut(k as usize) {
                Some(cell) => *cell = if code == op::ST { self.a } else { self.x },
                None => return Step::Return(0),
            },
            op::ALU => match self.arithmetic(code, k) {
                Some(value) => self.a = value,
                None => return Step::Return(0),
            },
            op::JMP => return self.jump(instruction),
            op::RET => return Step::Return(if code == op::RET_A { self.a } else { k }),
            _ if code == op::TXA => self.a = self.x,
            _ => self.x = self.a,
        }
        Step::Next
    }

    #[inline]
    fn load(&self, code: u16, k: u32) -> Option<u32> {
        let offset = match code & op::MODE {
            op::ABS if k >= METADATA => return Some(0),
            op::ABS => k as usize,
            op::IND => self.x.wrapping_add(k) as usize,
            op::IMM => return Some(k),
            op::MEM => return self.cells.get(k as usize).copied(),
            op::LEN => return Some(self.length),
            _ => return None,
        };
        let from = self.bytes.get(offset..)?;
        match code & op::SIZE {
            op::W => from.first_chunk().map(|word| u32::from_be_bytes(*word)),
            op::H => from
                .first_chunk()
                .map(|half| u32::from(u16::from_be_bytes(*half))),
            op::B => from.first().map(|&byte| u32::from(byte)),
            _ => None,
        }
    }

    fn load_index(&self, code: u16, k: u32) -> Option<u32> {
        match code {
            op::LDX => Some(k),
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
        if code == op::NEG {
            return Some(self.a.wrapping_neg());
        }
        op::arith_op(code)?.apply(self.a, self.operand(code, k))
    }

    #[inline]
    fn jump(&self, instruction: Instruction) -> Step {
        let Instruction { code, jt, jf, k } = instruction;
        if code & op::OPERATION == op::JA & op::OPERATION {
            return Step::Skip(k);
        }
        let Some(compare) = op::comparison(code) else {
            return Step::Return(0);
        };
        let holds = compare.holds(self.a, self.operand(code, k));
        Step::Skip(u32::from(if holds { jt } else { jf }))
    }

    /// Right-hand side of arithmetic and comparisons.
    #[inline]
    fn operand(&self, code: u16, k: u32) -> u32 {
        if code & op::X == 0 { k } else { self.x }
    }
}
