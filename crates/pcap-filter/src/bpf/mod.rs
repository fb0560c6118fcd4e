//! Classic BPF: instructions, an assembler with labels, and an interpreter for captured bytes.
//!
//! This is the only place that writes or runs classic BPF. Capture filters compile to it, and other crates assemble
//! their own socket filters with [`Assembler`]. Nothing here knows a protocol.
//!
//! Sources: McCanne and Jacobson, "The BSD Packet Filter" (1993); linux/filter.h, linux/bpf_common.h and
//! Documentation/networking/filter.rst of the Linux kernel.

mod assembler;
mod listing;
mod opcode;
mod program;

pub use assembler::{AssembleError, Assembler, Label, Operand, Width};
pub use program::Program;

/// Maximum number of instructions that the kernel accepts in one program (`BPF_MAXINSNS`).
pub const MAX_INSTRUCTIONS: usize = 4096;

/// Number of 32-bit scratch cells (`BPF_MEMWORDS`).
pub const CELLS: u32 = 16;

/// First load offset that addresses kernel metadata instead of packet bytes (`SKF_AD_OFF`).
pub const METADATA: u32 = 0xffff_f000;
/// Load offset of the EtherType that the kernel recorded for the packet (`SKF_AD_PROTOCOL`).
pub const METADATA_ETHERTYPE: u32 = METADATA;
/// Load offset of the packet type, such as `PACKET_OUTGOING` (`SKF_AD_PKTTYPE`).
pub const METADATA_PACKET_TYPE: u32 = METADATA + 4;
/// Load offset of the interface index (`SKF_AD_IFINDEX`).
pub const METADATA_INTERFACE: u32 = METADATA + 8;
/// Load offset of a flag: nonzero if the kernel removed a VLAN tag (`SKF_AD_VLAN_TAG_PRESENT`).
pub const METADATA_VLAN_PRESENT: u32 = METADATA + 48;
/// Load offset of the network header (`SKF_NET_OFF`).
pub const NETWORK_HEADER: u32 = 0xfff0_0000;

/// One instruction, with the fields of the kernel's `struct sock_filter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Operation code.
    pub code: u16,
    /// Number of instructions to skip if the comparison holds.
    pub jt: u8,
    /// Number of instructions to skip if the comparison does not hold.
    pub jf: u8,
    /// Constant, load offset, scratch cell or jump distance.
    pub k: u32,
}

impl Instruction {
    pub(crate) const fn new(code: u16, k: u32) -> Self {
        Self {
            code,
            jt: 0,
            jf: 0,
            k,
        }
    }
}

/// Comparison of a conditional jump: accumulator on the left, operand on the right, both unsigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compare {
    /// Equal.
    Equal,
    /// Greater than.
    Greater,
    /// Greater than or equal.
    GreaterOrEqual,
    /// At least one bit in common.
    AnySet,
}

impl Compare {
    /// Returns whether the comparison of two values holds.
    #[inline]
    #[must_use]
    pub const fn holds(self, left: u32, right: u32) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
            Self::AnySet => left & right != 0,
        }
    }
}

/// Arithmetic operation on 32-bit unsigned values. Results wrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ArithOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
    /// `&`
    And,
    /// `|`
    Or,
    /// `^`
    Xor,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
}

impl ArithOp {
    /// Result of the operation; `None` for a division by zero. A shift by 32 bits or more gives 0.
    #[must_use]
    pub fn apply(self, left: u32, right: u32) -> Option<u32> {
        Some(match self {
            Self::Add => left.wrapping_add(right),
            Self::Sub => left.wrapping_sub(right),
            Self::Mul => left.wrapping_mul(right),
            Self::Div => left.checked_div(right)?,
            Self::Mod => left.checked_rem(right)?,
            Self::And => left & right,
            Self::Or => left | right,
            Self::Xor => left ^ right,
            Self::Shl => left.checked_shl(right).unwrap_or(0),
            Self::Shr => left.checked_shr(right).unwrap_or(0),
        })
    }
}

#[cfg(test)]
mod tests;
