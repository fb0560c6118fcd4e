//! Filter programs that the kernel runs on each inet socket before it reports the socket (`INET_DIAG_REQ_BYTECODE`,
//! `struct inet_diag_bc_op`).
//!
//! A program is a list of clauses, and a clause is a list of alternatives. A socket passes if every clause has an
//! alternative whose comparisons are all true. The kernel accepts a program only if its instructions fill it exactly and
//! every jump lands on an instruction. A socket passes by reaching the end of the program; a jump four bytes beyond the
//! end rejects it.
//!
//! The kernel's filter only saves work. The caller applies the whole filter again, so a program that would exceed
//! [`Bytecode::LIMIT`] can be dropped.

use super::{AF_INET, AF_INET6};
use alloc::vec::Vec;
use core::net::IpAddr;

/// `INET_DIAG_BC_JMP`.
const JMP: u8 = 1;
/// `INET_DIAG_BC_S_GE` and the three constants after it.
const S_GE: u8 = 2;
const S_LE: u8 = 3;
const D_GE: u8 = 4;
const D_LE: u8 = 5;
/// `INET_DIAG_BC_S_COND` and `INET_DIAG_BC_D_COND`.
const S_COND: u8 = 7;
const D_COND: u8 = 8;

/// A comparison of a socket's local or peer side with a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The local port is at least this.
    LocalPortFrom(u16),
    /// The local port is at most this.
    LocalPortTo(u16),
    /// The peer's port is at least this.
    PeerPortFrom(u16),
    /// The peer's port is at most this.
    PeerPortTo(u16),
    /// The local address lies in this prefix (IPv4-mapped counts as IPv4).
    Local(IpAddr, u8),
    /// The peer's address lies in this prefix.
    Peer(IpAddr, u8),
}

/// A program for the kernel.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Bytecode(Vec<u8>);

impl Bytecode {
    /// Maximum length of a program in bytes. Offsets have 16 bits, and a long program costs more than it saves.
    pub const LIMIT: usize = 4096;

    /// Returns the program for clauses, each a list of alternatives, each a list of comparisons. The program is empty
    /// (every socket passes) if there is no clause, a part is empty, or it would be too long.
    pub fn new(clauses: &[Vec<Vec<Comparison>>]) -> Self {
        let length = clauses.iter().map(|clause| clause_length(clause)).sum();
        if length > Self::LIMIT
            || clauses
                .iter()
                .any(|c| c.is_empty() || c.iter().any(Vec::is_empty))
        {
            return Self::default();
        }
        let mut code = Vec::with_capacity(length);
        for clause in clauses {
            emit_clause(&mut code, clause, length);
        }
        Self(code)
    }

    /// Returns the instructions, as the attribute's value.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Returns the length of a clause in bytes. Each alternative except the last ends with a jump to the end of the clause.
fn clause_length(clause: &[Vec<Comparison>]) -> usize {
    let comparisons: usize = clause.iter().flatten().map(operation_length).sum();
    comparisons + 4 * clause.len().saturating_sub(1)
}

fn operation_length(comparison: &Comparison) -> usize {
    match comparison {
        Comparison::Local(IpAddr::V4(_), _) | Comparison::Peer(IpAddr::V4(_), _) => 4 + 8 + 4,
        Comparison::Local(..) | Comparison::Peer(..) => 4 + 8 + 16,
        _ => 8,
    }
}

/// Appends a clause to `code`; `total` is the length of the finished program.
fn emit_clause(code: &mut Vec<u8>, clause: &[Vec<Comparison>], total: usize) {
    let end = code.len() + clause_length(clause);
    for (index, alternative) in clause.iter().enumerate() {
        let last = index + 1 == clause.len();
        let length: usize = alternative.iter().map(operation_length).sum();
        // A false comparison jumps to the next alternative, or rejects the socket.
        let otherwise = if last {
            total + 4
        } else {
            code.len() + length + 4
        };
        for comparison in alternative {
            emit(code, *comparison, otherwise);
        }
        if !last {
            let offset = (end - code.len()) as u16;
            operation(code, JMP, 4, offset);
        }
    }
}

/// Appends a comparison that jumps to `otherwise` if it is false.
fn emit(code: &mut Vec<u8>, comparison: Comparison, otherwise: usize) {
    let length = operation_length(&comparison) as u8;
    let no = (otherwise - code.len()) as u16;
    let (op, port) = match comparison {
        Comparison::LocalPortFrom(port) => (S_GE, port),
        Comparison::LocalPortTo(port) => (S_LE, port),
        Comparison::PeerPortFrom(port) => (D_GE, port),
        Comparison::PeerPortTo(port) => (D_LE, port),
        Comparison::Local(address, bits) => {
            operation(code, S_COND, length, no);
            return host_condition(code, address, bits);
        }
        Comparison::Peer(address, bits) => {
            operation(code, D_COND, length, no);
            return host_condition(code, address, bits);
        }
    };
    operation(code, op, length, no);
    // The constant is in the `no` field of a second instruction.
    operation(code, 0, 0, port);
}

/// Appends a `struct inet_diag_bc_op`.
fn operation(code: &mut Vec<u8>, op: u8, yes: u8, no: u16) {
    code.extend_from_slice(&[op, yes]);
    code.extend_from_slice(&no.to_ne_bytes());
}

/// Appends a `struct inet_diag_hostcond` for any port.
fn host_condition(code: &mut Vec<u8>, address: IpAddr, bits: u8) {
    let family = if address.is_ipv4() { AF_INET } else { AF_INET6 };
    code.extend_from_slice(&[family, bits, 0, 0]);
    code.extend_from_slice(&(-1i32).to_ne_bytes());
    match address {
        IpAddr::V4(v4) => code.extend_from_slice(&v4.octets()),
        IpAddr::V6(v6) => code.extend_from_slice(&v6.octets()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Prefix;
    use proptest::prelude::*;
    use std::net::{Ipv4Addr, Ipv6Addr};
    use std::vec;

    struct Ends {
        local: (IpAddr, u16),
        peer: (IpAddr, u16),
    }

    fn holds(c: Comparison, s: &Ends) -> bool {
        match c {
            Comparison::LocalPortFrom(p) => s.local.1 >= p,
            Comparison::LocalPortTo(p) => s.local.1 <= p,
            Comparison::PeerPortFrom(p) => s.peer.1 >= p,
            Comparison::PeerPortTo(p) => s.peer.1 <= p,
            Comparison::Local(a, bits) => Prefix::new(a, bits).unwrap().contains(s.local.0),
            Comparison::Peer(a, bits) => Prefix::new(a, bits).unwrap().contains(s.peer.0),
        }
    }

    fn op_at(code: &[u8], at: usize) -> (u8, usize, usize) {
        (
            code[at],
            usize::from(code[at + 1]),
            usize::from(u16::from_ne_bytes([code[at + 2], code[at + 3]])),
        )
    }

    /// Checks a program as the kernel does (`inet_diag_bc_audit`).
    fn audit(code: &[u8]) {
        let mut starts = vec![];
        let mut at = 0;
        while at < code.len() {
            starts.push(at);
            at += op_at(code, at).1;
        }
        assert_eq!(at, code.len(), "the walk ends at the end");
        for at in &starts {
            let (_, yes, no) = op_at(code, *at);
            let left = code.len() - at;
            assert!(yes >= 4 && yes % 4 == 0 && yes <= left + 4);
            assert!(no >= 4 && no % 4 == 0 && no <= left + 4);
            assert!(
                no >= left || starts.contains(&(at + no)),
                "a jump lands on an instruction"
            );
        }
    }

    /// Runs a program as the kernel does (`inet_diag_bc_run`).
    fn run(code: &[u8], s: &Ends) -> bool {
        let mut at = 0;
        while at < code.len() {
            let (op, yes, no) = op_at(code, at);
            let port = || op_at(code, at + 4).2 as u16;
            let cond = |address: IpAddr| {
                let bits = code[at + 5];
                let of = |len: usize| &code[at + 12..at + 12 + len];
                let prefix = if code[at + 4] == AF_INET {
                    let o: [u8; 4] = of(4).try_into().unwrap();
                    Prefix::new(Ipv4Addr::from(o).into(), bits)
                } else {
                    let o: [u8; 16] = of(16).try_into().unwrap();
                    Prefix::new(Ipv6Addr::from(o).into(), bits)
                };
                prefix.unwrap().contains(address)
            };
            let truth = match op {
                JMP => false,
                S_GE => s.local.1 >= port(),
                S_LE => s.local.1 <= port(),
                D_GE => s.peer.1 >= port(),
                D_LE => s.peer.1 <= port(),
                S_COND => cond(s.local.0),
                D_COND => cond(s.peer.0),
                _ => panic!("unknown instruction {op}"),
            };
            at += if truth { yes } else { no };
        }
        at == code.len()
    }

    fn address() -> impl Strategy<Value = IpAddr> {
        prop_oneof![
            (0u32..8).prop_map(|n| Ipv4Addr::from(0x0a00_0000 | n).into()),
            (0u32..8).prop_map(|n| Ipv4Addr::from(0x0a00_0000 | n).to_ipv6_mapped().into()),
            (0u128..8).prop_map(|n| Ipv6Addr::from(0x2001_0db8 << 96 | n).into()),
        ]
    }

    fn comparison() -> impl Strategy<Value = Comparison> {
        let plain = || address().prop_map(|a| a.to_canonical());
        prop_oneof![
            (0u16..6).prop_map(Comparison::LocalPortFrom),
            (0u16..6).prop_map(Comparison::LocalPortTo),
            (0u16..6).prop_map(Comparison::PeerPortFrom),
            (0u16..6).prop_map(Comparison::PeerPortTo),
            (plain(), 28u8..=32).prop_map(|(a, b)| Comparison::Local(a, b)),
            (plain(), 28u8..=32).prop_map(|(a, b)| Comparison::Peer(a, b)),
        ]
    }

    proptest! {
        #[test]
        fn programs_are_valid_and_mean_their_clauses(
            clauses in prop::collection::vec(
                prop::collection::vec(prop::collection::vec(comparison(), 1..4), 1..4), 0..4),
            la in address(), lp in 0u16..6, pa in address(), pp in 0u16..6,
        ) {
            let program = Bytecode::new(&clauses);
            audit(program.bytes());
            let ends = Ends { local: (la, lp), peer: (pa, pp) };
            let meant = clauses.iter().all(|clause|
                clause.iter().any(|all| all.iter().all(|c| holds(*c, &ends))));
            prop_assert_eq!(run(program.bytes(), &ends), meant);
        }
    }

    #[test]
    fn long_and_empty_clauses_give_an_empty_program() {
        let long = vec![vec![vec![Comparison::LocalPortFrom(1)]; 400]];
        assert!(clause_length(&long[0]) > Bytecode::LIMIT);
        assert!(Bytecode::new(&long).bytes().is_empty());
        assert!(Bytecode::new(&[vec![]]).bytes().is_empty());
    }
}
