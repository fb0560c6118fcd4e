//! Graph of tests to BPF instructions.
//!
//! Nodes are written in descending order, so that all jumps go forward. A node that is only entered with the right
//! value in a register does not load it again.

use alloc::collections::BTreeMap;

use crate::{
    bpf::{AssembleError, Assembler, CELLS, Label, Operand, Program},
    condition::{Test, Value},
    graph::{ACCEPT, Graph, REJECT},
};

/// Values that the two registers are known to hold.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Registers<'graph> {
    a: Option<&'graph Value>,
    x: Option<&'graph Value>,
}

/// Reason why a graph has no program: the filter is too long or too deep for the machine.
pub(crate) struct TooLong;

impl From<AssembleError> for TooLong {
    fn from(_: AssembleError) -> Self {
        Self
    }
}

/// Generates the program of a graph; it keeps up to `snap` bytes of an accepted packet.
pub(crate) fn generate(graph: &Graph, snap: u32) -> Result<Program, TooLong> {
    let mut assembler = Assembler::new();
    let order = graph.reachable();
    let labels: BTreeMap<usize, Label> = order
        .iter()
        .map(|&number| (number, assembler.label()))
        .collect();
    let mut entry: BTreeMap<usize, Registers<'_>> = BTreeMap::new();
    for number in &order {
        assembler.place(labels[number]);
        match *number {
            REJECT => assembler.ret(0),
            ACCEPT => assembler.ret(snap),
            _ => {
                let node = graph.node(*number).ok_or(TooLong)?;
                let mut registers = entry.remove(number).unwrap_or_default();
                load_test(&node.test, &mut registers, &mut assembler)?;
                for target in [node.yes, node.no] {
                    let known = entry.entry(target).or_insert(registers);
                    if known.a != registers.a {
                        known.a = None;
                    }
                    if known.x != registers.x {
                        known.x = None;
                    }
                }
                let operand = match node.test.right {
                    Value::Const(k) => Operand::Constant(k),
                    _ => Operand::Index,
                };
                assembler.branch(
                    node.test.compare,
                    operand,
                    Some(labels[&node.yes]),
                    Some(labels[&node.no]),
                );
            }
        }
    }
    Ok(assembler.finish()?)
}

/// Loads the left-hand side into A, and a right-hand side that is not constant into X.
fn load_test<'graph>(
    test: &'graph Test,
    registers: &mut Registers<'graph>,
    assembler: &mut Assembler,
) -> Result<(), TooLong> {
    if matches!(test.right, Value::Const(_)) {
        if registers.a == Some(&test.left) {
            return Ok(());
        }
        return load(&test.left, 0, registers, assembler);
    }
    load(&test.right, 0, registers, assembler)?;
    assembler.store(0);
    load(&test.left, 1, registers, assembler)?;
    assembler.index_from_cell(0);
    registers.x = Some(&test.right);
    Ok(())
}

/// Loads a value into A. Intermediate results go to scratch cells from `cell` on.
fn load<'graph>(
    value: &'graph Value,
    cell: u32,
    registers: &mut Registers<'graph>,
    assembler: &mut Assembler,
) -> Result<(), TooLong> {
    match value {
        Value::Const(k) => assembler.load_constant(*k),
        Value::Length => assembler.load_length(),
        Value::At { width, offset } => assembler.load(*width, *offset),
        Value::HeaderLength { offset } => {
            assembler.index_from_ipv4_header(*offset);
            assembler.accumulator_from_index();
            registers.x = Some(value);
        }
        Value::Indexed {
            width,
            index,
            offset,
        } => {
            if registers.x != Some(&**index) {
                if let Value::HeaderLength { offset } = **index {
                    assembler.index_from_ipv4_header(offset);
                } else {
                    load(index, cell, registers, assembler)?;
                    assembler.index_from_accumulator();
                }
                registers.x = Some(index);
            }
            assembler.load_indexed(*width, *offset);
        }
        Value::Negate(inner) => {
            load(inner, cell, registers, assembler)?;
            assembler.negate();
        }
        Value::Binary(operator, left, right) => {
            if let Value::Const(k) = **right {
                load(left, cell, registers, assembler)?;
                assembler.arithmetic(*operator, k);
            } else {
                load(right, cell, registers, assembler)?;
                if cell >= CELLS {
                    return Err(TooLong);
                }
                assembler.store(cell);
                load(left, cell + 1, registers, assembler)?;
                assembler.index_from_cell(cell);
                registers.x = None;
                assembler.arithmetic(*operator, Operand::Index);
            }
        }
    }
    registers.a = Some(value);
    Ok(())
}
