//! Assembler with labels. Jump distances are resolved once, in [`Assembler::finish`].
//!
//! Jumps go forward only. A conditional jump reaches at most 255 instructions; for a longer distance the assembler
//! inserts an unconditional jump. Resolving runs from the last instruction to the first, so that every distance is
//! known when its jump is written.

use alloc::{collections::BTreeMap, vec, vec::Vec};
use core::fmt;

use super::{ArithOp, Compare, Instruction, MAX_INSTRUCTIONS, Program, opcode as op};

/// Longest distance of a conditional jump, in instructions.
const MAX_NEAR: usize = 255;

/// Jump target, placed with [`Assembler::place`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(usize);

/// Size of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// One byte.
    Byte,
    /// Two bytes, big-endian.
    Half,
    /// Four bytes, big-endian.
    Word,
}

/// Right-hand side of arithmetic and comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A constant.
    Constant(u32),
    /// The index register.
    Index,
}

impl From<u32> for Operand {
    fn from(constant: u32) -> Self {
        Self::Constant(constant)
    }
}

/// Reason why a program cannot be assembled. The caller's code is at fault, never a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssembleError {
    /// The statement with this number jumps to a label that is not placed behind it.
    Unplaced(usize),
    /// The program has this many instructions, more than [`MAX_INSTRUCTIONS`].
    TooLong(usize),
}

impl fmt::Display for AssembleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unplaced(number) => {
                write!(
                    f,
                    "statement {number} jumps to a label that is not behind it"
                )
            }
            Self::TooLong(count) => write!(
                f,
                "the program has {count} instructions, the kernel accepts {MAX_INSTRUCTIONS}"
            ),
        }
    }
}

impl core::error::Error for AssembleError {}

/// One statement before jumps are resolved.
#[derive(Clone, Copy, Debug)]
enum Statement {
    Plain(Instruction),
    /// `None` continues with the next statement.
    Branch {
        code: u16,
        k: u32,
        yes: Option<Label>,
        no: Option<Label>,
    },
    Jump(Label),
}

/// Writes a program statement by statement.
///
/// ```
/// use vigie_pcap_filter::bpf::{Assembler, Compare, Width};
///
/// // IPv4 packets that carry UDP (protocol 17) only.
/// let mut assembler = Assembler::new();
/// let accept = assembler.label();
/// assembler.load(Width::Byte, 9);
/// assembler.branch(Compare::Equal, 17, Some(accept), None);
/// assembler.ret(0);
/// assembler.place(accept);
/// assembler.ret(u32::MAX);
/// let program = assembler.finish()?;
///
/// let mut packet = [0; 28];
/// packet[9] = 17;
/// assert!(program.accepts(&packet, 28));
/// # Ok::<(), vigie_pcap_filter::bpf::AssembleError>(())
/// ```
#[derive(Debug, Default)]
pub struct Assembler {
    statements: Vec<Statement>,
    /// Statement before which each label is placed.
    labels: Vec<Option<usize>>,
}

impl Assembler {
    /// Creates an assembler with no statements.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a label, to be placed later.
    pub fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }

    /// Places a label before the next statement.
    ///
    /// # Panics
    ///
    /// If the label comes from another assembler.
    pub fn place(&mut self, label: Label) {
        self.labels[label.0] = Some(self.statements.len());
    }

    /// Accumulator = packet bytes at `offset`. A load past the end of the packet rejects it.
    pub fn load(&mut self, width: Width, offset: u32) {
        self.push(op::LD | op::ABS | width.code(), offset);
    }

    /// Accumulator = packet bytes at the index register + `offset`.
    pub fn load_indexed(&mut self, width: Width, offset: u32) {
        self.push(op::LD | op::IND | width.code(), offset);
    }

    /// Accumulator = constant.
    pub fn load_constant(&mut self, value: u32) {
        self.push(op::LD | op::IMM, value);
    }

    /// Accumulator = length of the packet on the wire, in bytes.
    pub fn load_length(&mut self) {
        self.push(op::LD | op::LEN, 0);
    }

    /// Index register = constant.
    pub fn index(&mut self, value: u32) {
        self.push(op::LDX | op::IMM, value);
    }

    /// Index register = scratch cell.
    pub fn index_from_cell(&mut self, cell: u32) {
        self.push(op::LDX_MEM, cell);
    }

    /// Index register = 4 * (low nibble of the byte at `offset`): the length of an IPv4 header in bytes.
    pub fn index_from_ipv4_header(&mut self, offset: u32) {
        self.push(op::LDX_MSH, offset);
    }

    /// Index register = accumulator.
    pub fn index_from_accumulator(&mut self) {
        self.push(op::TAX, 0);
    }

    /// Accumulator = index register.
    pub fn accumulator_from_index(&mut self) {
        self.push(op::TXA, 0);
    }

    /// Scratch cell = accumulator.
    pub fn store(&mut self, cell: u32) {
        self.push(op::ST, cell);
    }

    /// Accumulator = accumulator `operator` operand.
    pub fn arithmetic(&mut self, operator: ArithOp, operand: impl Into<Operand>) {
        let (code, k) = operand.into().encode(op::alu(operator));
        self.push(code, k);
    }

    /// Accumulator = -accumulator.
    pub fn negate(&mut self) {
        self.push(op::NEG, 0);
    }

    /// Jumps to `yes` if the comparison of the accumulator with the operand holds, otherwise to `no`. `None`
    /// continues with the next statement.
    pub fn branch(
        &mut self,
        compare: Compare,
        operand: impl Into<Operand>,
        yes: Option<Label>,
        no: Option<Label>,
    ) {
        let (code, k) = operand.into().encode(op::jump(compare));
        self.statements.push(Statement::Branch { code, k, yes, no });
    }

    /// Jumps to a label.
    pub fn jump(&mut self, to: Label) {
        self.statements.push(Statement::Jump(to));
    }

    /// Ends the program: keeps at most `bytes` bytes of the packet, 0 rejects it.
    pub fn ret(&mut self, bytes: u32) {
        self.push(op::RET, bytes);
    }

    /// Resolves all jumps.
    ///
    /// # Errors
    ///
    /// [`AssembleError::Unplaced`] for a jump to a label that is not placed behind it,
    /// [`AssembleError::TooLong`] for a program that the kernel would not accept.
    pub fn finish(self) -> Result<Program, AssembleError> {
        let mut resolver = Resolver {
            labels: &self.labels,
            from_end: vec![0; self.statements.len() + 1],
            backwards: Vec::with_capacity(self.statements.len()),
            detours: BTreeMap::new(),
        };
        for (number, statement) in self.statements.iter().enumerate().rev() {
            resolver.write(number, statement)?;
        }
        let mut instructions = resolver.backwards;
        if instructions.len() > MAX_INSTRUCTIONS {
            return Err(AssembleError::TooLong(instructions.len()));
        }
        instructions.reverse();
        Ok(Program(instructions))
    }

    fn push(&mut self, code: u16, k: u32) {
        let instruction = Instruction::new(code, k);
        self.statements.push(Statement::Plain(instruction));
    }
}

impl Width {
    fn code(self) -> u16 {
        match self {
            Self::Byte => op::B,
            Self::Half => op::H,
            Self::Word => op::W,
        }
    }
}

impl Operand {
    fn encode(self, code: u16) -> (u16, u32) {
        match self {
            Self::Constant(k) => (code, k),
            Self::Index => (code | op::X, 0),
        }
    }
}

/// Writes instructions from the last to the first. Positions are counted from the end of the program.
struct Resolver<'program> {
    labels: &'program [Option<usize>],
    /// Position of the start of each statement.
    from_end: Vec<usize>,
    backwards: Vec<Instruction>,
    /// Position of the nearest unconditional jump to each target.
    detours: BTreeMap<usize, usize>,
}

impl Resolver<'_> {
    fn write(&mut self, number: usize, statement: &Statement) -> Result<(), AssembleError> {
        match *statement {
            Statement::Plain(instruction) => self.backwards.push(instruction),
            Statement::Jump(label) => {
                let target = self.target(number, Some(label))?;
                self.jump(target);
            }
            Statement::Branch { code, k, yes, no } => {
                let (yes, no) = (self.target(number, yes)?, self.target(number, no)?);
                self.branch(code, k, yes, no);
            }
        }
        self.from_end[number] = self.backwards.len();
        Ok(())
    }

    /// Position of a label; `None` is the next statement.
    fn target(&self, number: usize, label: Option<Label>) -> Result<usize, AssembleError> {
        let statement = match label {
            None => Some(number + 1),
            Some(Label(label)) => self.labels.get(label).copied().flatten(),
        };
        statement
            .filter(|&statement| statement > number && statement + 1 < self.from_end.len())
            .map(|statement| self.from_end[statement])
            .ok_or(AssembleError::Unplaced(number))
    }

    fn jump(&mut self, target: usize) {
        let distance = self.backwards.len() - target;
        self.backwards
            .push(Instruction::new(op::JA, distance as u32));
    }

    fn branch(&mut self, code: u16, k: u32, yes: usize, no: usize) {
        let start = self.backwards.len();
        let (yes, no) = (self.reach(start, yes), self.reach(start, no));
        let here = self.backwards.len();
        self.backwards.push(Instruction {
            code,
            jt: (here - yes) as u8,
            jf: (here - no) as u8,
            k,
        });
    }

    /// Position to jump to from a conditional jump written near `start`: the target, or an unconditional jump to it.
    fn reach(&mut self, start: usize, target: usize) -> usize {
        // Up to two detours may be inserted before the conditional jump itself.
        let is_near = |position: usize| start + 2 - position <= MAX_NEAR;
        if is_near(target) {
            return target;
        }
        if let Some(&detour) = self.detours.get(&target)
            && is_near(detour)
        {
            return detour;
        }
        self.jump(target);
        let detour = self.backwards.len();
        self.detours.insert(target, detour);
        detour
    }
}
