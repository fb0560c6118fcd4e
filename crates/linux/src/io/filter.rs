//! A small assembler for classic BPF, with labels: jumps are written by name and resolved once.
//!
//! Source: linux/filter.h, linux/bpf_common.h and Documentation/networking/filter.rst. Jumps go
//! forward only, a conditional jump by at most 255 instructions; the kernel verifies the rest.
//!
//! It must not know protocols: what to pass is `reply_filter`.

use core::fmt;
use std::os::fd::{AsRawFd, BorrowedFd};

use super::error::IoError;

// Instruction classes, sizes, modes and operations of linux/bpf_common.h.
const LD: u16 = 0x00;
const LDX: u16 = 0x01;
const ALU: u16 = 0x04;
const JMP: u16 = 0x05;
const RET: u16 = 0x06;
const MISC: u16 = 0x07;
const W: u16 = 0x00;
const H: u16 = 0x08;
const B: u16 = 0x10;
const ABS: u16 = 0x20;
const IND: u16 = 0x40;
const MSH: u16 = 0xa0;
const AND: u16 = 0x50;
const ADD: u16 = 0x00;
const JA: u16 = 0x00;
const JEQ: u16 = 0x10;
const JGT: u16 = 0x20;
const JGE: u16 = 0x30;
const JSET: u16 = 0x40;
const TAX: u16 = 0x00;
const IMM: u16 = 0x00;

/// Where the kernel keeps what is not in the packet (`SKF_AD_OFF`, linux/filter.h).
const AD_OFF: u32 = 0xffff_f000;
/// Not 0 when a VLAN tag was taken off the frame (`SKF_AD_VLAN_TAG_PRESENT`).
pub const VLAN_TAG_PRESENT: u32 = AD_OFF + 48;

/// The kernel's limit on instructions (`BPF_MAXINSNS`).
const MAX_INSTRUCTIONS: usize = 4096;

/// One instruction, as `struct sock_filter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Operation.
    pub code: u16,
    /// Instructions to skip when true.
    pub jt: u8,
    /// Instructions to skip when false.
    pub jf: u8,
    /// Operand.
    pub k: u32,
}

/// A place in the program, to jump to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(usize);

/// How many bytes a load takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// One byte.
    Byte,
    /// Two bytes, network order.
    Half,
    /// Four bytes, network order.
    Word,
}

/// The comparison of a conditional jump, of the accumulator with a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// Equal.
    Equal(u32),
    /// Greater than.
    Above(u32),
    /// Greater than or equal.
    AtLeast(u32),
    /// Any of these bits set.
    AnyOf(u32),
}

/// Why a program cannot be assembled: always a fault of the code that wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssembleError {
    /// A label was used and never placed, or placed before its use.
    Unplaced(usize),
    /// A conditional jump of more than 255 instructions, at this instruction.
    TooFar(usize),
    /// More instructions than the kernel takes.
    TooLong(usize),
}

impl fmt::Display for AssembleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unplaced(at) => write!(f, "instruction {at} jumps to no later place"),
            Self::TooFar(at) => write!(f, "instruction {at} jumps too far"),
            Self::TooLong(n) => write!(f, "{n} instructions are too many"),
        }
    }
}

impl core::error::Error for AssembleError {}

/// A program ready for the kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program(Vec<Instruction>);

/// Writes a program, instruction by instruction.
#[derive(Debug, Default)]
pub struct Assembler {
    code: Vec<Instruction>,
    /// Where each label stands.
    places: Vec<Option<usize>>,
    /// Jumps to resolve: instruction, label when true, label when false (`None`: fall through).
    jumps: Vec<(usize, Option<Label>, Option<Label>)>,
}

impl Assembler {
    /// An empty program.
    pub fn new() -> Self {
        Self::default()
    }

    /// A label to be placed later.
    pub fn label(&mut self) -> Label {
        self.places.push(None);
        Label(self.places.len() - 1)
    }

    /// Places a label before the next instruction.
    pub fn place(&mut self, label: Label) {
        self.places[label.0] = Some(self.code.len());
    }

    fn push(&mut self, code: u16, k: u32) {
        self.code.push(Instruction {
            code,
            jt: 0,
            jf: 0,
            k,
        });
    }

    /// Accumulator = bytes at `at`. Past the packet's end the program ends and refuses.
    pub fn load(&mut self, width: Width, at: u32) {
        self.push(LD | ABS | width.bits(), at);
    }

    /// Accumulator = bytes at the index register + `at`.
    pub fn load_indexed(&mut self, width: Width, at: u32) {
        self.push(LD | IND | width.bits(), at);
    }

    /// Index register = constant.
    pub fn index(&mut self, value: u32) {
        self.push(LDX | IMM, value);
    }

    /// Index register = 4 * (low nibble of the byte at `at`): the length of an IPv4 header.
    pub fn index_ipv4_header(&mut self, at: u32) {
        self.push(LDX | MSH | B, at);
    }

    /// Index register = accumulator.
    pub fn index_from_accumulator(&mut self) {
        self.push(MISC | TAX, 0);
    }

    /// Accumulator &= constant.
    pub fn and(&mut self, mask: u32) {
        self.push(ALU | AND, mask);
    }

    /// Accumulator += constant.
    pub fn add(&mut self, value: u32) {
        self.push(ALU | ADD, value);
    }

    /// Jumps by the test; `None` goes on with the next instruction.
    pub fn branch(&mut self, test: Test, yes: Option<Label>, no: Option<Label>) {
        let (op, k) = match test {
            Test::Equal(k) => (JEQ, k),
            Test::Above(k) => (JGT, k),
            Test::AtLeast(k) => (JGE, k),
            Test::AnyOf(k) => (JSET, k),
        };
        self.jumps.push((self.code.len(), yes, no));
        self.push(JMP | op, k);
    }

    /// Jumps.
    pub fn jump(&mut self, to: Label) {
        self.jumps.push((self.code.len(), Some(to), None));
        self.push(JMP | JA, 0);
    }

    /// Ends: passes at most `bytes` bytes of the packet; 0 refuses it.
    pub fn ret(&mut self, bytes: u32) {
        self.push(RET, bytes);
    }

    /// Resolves the jumps.
    pub fn finish(mut self) -> Result<Program, AssembleError> {
        if self.code.len() > MAX_INSTRUCTIONS {
            return Err(AssembleError::TooLong(self.code.len()));
        }
        for (at, yes, no) in self.jumps {
            let distance = |label: Option<Label>| match label {
                None => Ok(0),
                Some(Label(l)) => self.places[l]
                    .and_then(|to| to.checked_sub(at + 1))
                    .ok_or(AssembleError::Unplaced(at)),
            };
            let (yes, no) = (distance(yes)?, distance(no)?);
            let instruction = &mut self.code[at];
            if instruction.code == JMP | JA {
                instruction.k = yes as u32;
            } else {
                let short = |d: usize| u8::try_from(d).map_err(|_| AssembleError::TooFar(at));
                (instruction.jt, instruction.jf) = (short(yes)?, short(no)?);
            }
        }
        Ok(Program(self.code))
    }
}

impl Width {
    fn bits(self) -> u16 {
        match self {
            Self::Byte => B,
            Self::Half => H,
            Self::Word => W,
        }
    }
}

/// A program assembled elsewhere; the kernel verifies it when it is attached.
impl FromIterator<Instruction> for Program {
    fn from_iter<I: IntoIterator<Item = Instruction>>(instructions: I) -> Self {
        Self(instructions.into_iter().collect())
    }
}

impl Program {
    /// The program that passes everything whole.
    pub fn pass_all() -> Self {
        Self(vec![Instruction {
            code: RET,
            jt: 0,
            jf: 0,
            k: u32::MAX,
        }])
    }

    /// The program that refuses everything.
    pub fn refuse_all() -> Self {
        Self(vec![Instruction {
            code: RET,
            jt: 0,
            jf: 0,
            k: 0,
        }])
    }

    /// The instructions.
    pub fn instructions(&self) -> &[Instruction] {
        &self.0
    }

    /// Attaches the program to a socket (`SO_ATTACH_FILTER`), in place of an earlier one.
    pub fn attach(&self, socket: BorrowedFd<'_>) -> Result<(), IoError> {
        let mut code: Vec<libc::sock_filter> = self
            .0
            .iter()
            .map(|i| libc::sock_filter {
                code: i.code,
                jt: i.jt,
                jf: i.jf,
                k: i.k,
            })
            .collect();
        let program = libc::sock_fprog {
            len: code.len() as u16,
            filter: code.as_mut_ptr(),
        };
        // SAFETY: `program` points to `len` instructions, which the kernel copies and verifies.
        let r = unsafe {
            libc::setsockopt(
                socket.as_raw_fd(),
                libc::SOL_SOCKET,
                libc::SO_ATTACH_FILTER,
                (&raw const program).cast(),
                size_of::<libc::sock_fprog>() as u32,
            )
        };
        if r < 0 {
            Err(IoError::last("setsockopt(SO_ATTACH_FILTER)"))
        } else {
            Ok(())
        }
    }

    /// Runs the program as the kernel would on a packet without metadata: how many bytes pass
    /// (at most the packet's length), 0 when refused. For tests, and for reading captures.
    pub fn run(&self, packet: &[u8]) -> usize {
        let (mut a, mut x, mut pc) = (0u32, 0u32, 0usize);
        let load = |at: u32, width: u16| -> Option<u32> {
            if at >= AD_OFF {
                return Some(0);
            }
            let bytes = packet.get(at as usize..)?;
            Some(match width {
                B => u32::from(*bytes.first()?),
                H => u32::from(u16::from_be_bytes(*bytes.first_chunk()?)),
                _ => u32::from_be_bytes(*bytes.first_chunk()?),
            })
        };
        while let Some(i) = self.0.get(pc) {
            pc += 1;
            let loaded = match i.code & 0xe7 {
                c if c == LD | ABS => load(i.k, i.code & 0x18),
                c if c == LD | IND => load(x.wrapping_add(i.k), i.code & 0x18),
                c if c == LDX | MSH => load(i.k, B).map(|byte| (byte & 15) * 4),
                _ => Some(0),
            };
            let Some(loaded) = loaded else { return 0 };
            let jump = |yes: bool| usize::from(if yes { i.jt } else { i.jf });
            match i.code {
                c if c & 7 == LD => a = loaded,
                c if c == LDX | IMM => x = i.k,
                c if c & 7 == LDX => x = loaded,
                c if c == ALU | AND => a &= i.k,
                c if c == ALU | ADD => a = a.wrapping_add(i.k),
                c if c == MISC | TAX => x = a,
                c if c == JMP | JA => pc += i.k as usize,
                c if c == JMP | JEQ => pc += jump(a == i.k),
                c if c == JMP | JGT => pc += jump(a > i.k),
                c if c == JMP | JGE => pc += jump(a >= i.k),
                c if c == JMP | JSET => pc += jump(a & i.k != 0),
                _ => return (i.k as usize).min(packet.len()),
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_become_distances() {
        let mut a = Assembler::new();
        let (far, end) = (a.label(), a.label());
        a.load(Width::Half, 2);
        a.branch(Test::Equal(0x0102), Some(far), None);
        a.ret(0);
        a.place(far);
        a.jump(end);
        a.ret(1);
        a.place(end);
        a.ret(7);
        let p = a.finish().expect("assembles");
        assert_eq!(
            p.instructions()[1],
            Instruction {
                code: 0x15,
                jt: 1,
                jf: 0,
                k: 0x0102
            }
        );
        assert_eq!(p.instructions()[3].k, 1);
        assert_eq!(p.run(&[0, 0, 1, 2, 9, 9, 9, 9]), 7);
        assert_eq!(p.run(&[0, 0, 1, 3, 9, 9, 9, 9]), 0);
        assert_eq!(p.run(&[0, 0, 1]), 0, "a load past the end refuses");
    }

    #[test]
    fn indexed_loads_follow_the_header_length() {
        let mut a = Assembler::new();
        let yes = a.label();
        a.index_ipv4_header(0);
        a.load_indexed(Width::Byte, 1);
        a.and(0xf0);
        a.add(1);
        a.branch(Test::Above(0x20), Some(yes), None);
        a.ret(0);
        a.place(yes);
        a.ret(u32::MAX);
        let p = a.finish().expect("assembles");
        assert_eq!(p.run(&[0x41, 0, 0, 0, 0, 0x2f]), 6);
        assert_eq!(p.run(&[0x41, 0, 0, 0, 0, 0x1f]), 0);
    }

    #[test]
    fn faults_of_the_writer_are_told() {
        let mut a = Assembler::new();
        let l = a.label();
        a.branch(Test::AnyOf(1), Some(l), None);
        assert_eq!(a.finish(), Err(AssembleError::Unplaced(0)));

        let mut a = Assembler::new();
        let back = a.label();
        a.place(back);
        a.jump(back);
        assert_eq!(a.finish(), Err(AssembleError::Unplaced(0)));

        let mut a = Assembler::new();
        let l = a.label();
        a.branch(Test::AtLeast(1), Some(l), None);
        (0..256).for_each(|_| a.ret(0));
        a.place(l);
        a.ret(1);
        assert_eq!(a.finish(), Err(AssembleError::TooFar(0)));

        let mut a = Assembler::new();
        (0..5000).for_each(|_| a.ret(0));
        assert_eq!(a.finish(), Err(AssembleError::TooLong(5000)));
    }

    #[test]
    fn the_two_simplest_programs() {
        assert_eq!(Program::pass_all().run(&[1, 2, 3]), 3);
        assert_eq!(Program::refuse_all().run(&[1, 2, 3]), 0);
    }
}
