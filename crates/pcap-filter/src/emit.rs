//! A graph of tests to the filter machine's instructions.
//!
//! Nodes are written in descending order, so that all jumps go forward, from the end backwards, so that every
//! distance is known when its jump is written; a distance past 255 goes through an unconditional jump.

use alloc::{collections::BTreeMap, vec, vec::Vec};

use super::{
    ast::ArithOp,
    condition::{Compare, Size, Test, Value},
    error::{FilterError, FilterErrorKind},
    graph::{ACCEPT, Graph, REJECT},
    program::{Instruction, MAX_INSTRUCTIONS, op},
};

/// Scratch cells of the machine.
const CELLS: u32 = 16;

/// What the two registers hold, where that is known.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Registers<'graph> {
    a: Option<&'graph Value>,
    x: Option<&'graph Value>,
}

/// The graph's instructions; an accepted packet is kept up to `snap` bytes.
pub(super) fn emit(graph: &Graph, snap: u32) -> Result<Vec<Instruction>, FilterError> {
    let too_long = || FilterError::new(FilterErrorKind::TooLong, 0..0);
    let order = graph.reachable();
    let bodies = bodies(graph, &order).ok_or_else(too_long)?;
    // Written backwards; `places[n]` counts the instructions from the end to the start of node `n`.
    let mut backwards: Vec<Instruction> = Vec::new();
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let mut stepping: BTreeMap<usize, usize> = BTreeMap::new();
    for (number, body) in order.iter().rev().zip(bodies.into_iter().rev()) {
        match *number {
            REJECT => backwards.push(Instruction::new(op::RET, 0)),
            ACCEPT => backwards.push(Instruction::new(op::RET, snap)),
            _ => {
                let node = graph.node(*number).ok_or_else(too_long)?;
                let (yes, no) = (places[&node.yes], places[&node.no]);
                branch(&mut backwards, &mut stepping, &node.test, yes, no);
                backwards.extend(body.into_iter().rev());
            }
        }
        places.insert(*number, backwards.len());
        if backwards.len() > MAX_INSTRUCTIONS {
            return Err(too_long());
        }
    }
    backwards.reverse();
    Ok(backwards)
}

/// The jump of a test. A far way goes through an unconditional jump, written behind this one unless an earlier test
/// left one near: `stepping` says where the last one to each place stands.
fn branch(
    backwards: &mut Vec<Instruction>,
    stepping: &mut BTreeMap<usize, usize>,
    test: &Test,
    yes: usize,
    no: usize,
) {
    let (code, k) = match test.right {
        Value::Const(k) => (op::K, k),
        _ => (op::X, 0),
    };
    let code = code
        | match test.compare {
            Compare::Equal => op::JEQ,
            Compare::Greater => op::JGT,
            Compare::GreaterOrEqual => op::JGE,
            Compare::AnySet => op::JSET,
        };
    let start = backwards.len();
    // Two jumps may come to stand between: leave room for both when judging what is near.
    let near = |place: usize| start + 2 - place <= 255;
    let mut way = |place: usize| -> usize {
        if near(place) {
            return place;
        }
        if let Some(&step) = stepping.get(&place)
            && near(step)
        {
            return step;
        }
        let distance = backwards.len() - place;
        backwards.push(Instruction::new(op::JA, distance as u32));
        stepping.insert(place, backwards.len());
        backwards.len()
    };
    let (yes, no) = (way(yes), way(no));
    let here = backwards.len();
    backwards.push(Instruction {
        code,
        jt: (here - yes) as u8,
        jf: (here - no) as u8,
        k,
    });
}

/// The instructions that load each node's registers, in the order of `order`. `None` when scratch cells run out.
fn bodies(graph: &Graph, order: &[usize]) -> Option<Vec<Vec<Instruction>>> {
    let mut arriving: BTreeMap<usize, Registers<'_>> = BTreeMap::new();
    let mut bodies = Vec::with_capacity(order.len());
    for number in order {
        let mut body = Vec::new();
        if let Some(node) = graph.node(*number) {
            let mut registers = arriving.remove(number).unwrap_or_default();
            load_test(&node.test, &mut registers, &mut body)?;
            for way in [node.yes, node.no] {
                let merged = arriving.entry(way).or_insert(registers);
                if merged.a != registers.a {
                    merged.a = None;
                }
                if merged.x != registers.x {
                    merged.x = None;
                }
            }
        }
        bodies.push(body);
    }
    Some(bodies)
}

fn load_test<'graph>(
    test: &'graph Test,
    registers: &mut Registers<'graph>,
    body: &mut Vec<Instruction>,
) -> Option<()> {
    if matches!(test.right, Value::Const(_)) {
        if registers.a == Some(&test.left) {
            return Some(());
        }
        return load(&test.left, 0, registers, body);
    }
    load(&test.right, 0, registers, body)?;
    body.push(Instruction::new(op::ST, 0));
    load(&test.left, 1, registers, body)?;
    body.push(Instruction::new(op::LDX_MEM, 0));
    registers.x = Some(&test.right);
    Some(())
}

/// Loads a value into A, using scratch cells from `cell` on.
fn load<'graph>(
    value: &'graph Value,
    cell: u32,
    registers: &mut Registers<'graph>,
    body: &mut Vec<Instruction>,
) -> Option<()> {
    let mut push = |code: u16, k: u32| body.push(Instruction::new(code, k));
    match value {
        Value::Const(k) => push(op::LD_IMM, *k),
        Value::Length => push(op::LD_LEN, 0),
        Value::At { size, offset } => push(op::LD_ABS | width(*size), *offset),
        Value::HeaderLength { offset } => {
            push(op::LDX_MSH, *offset);
            push(op::TXA, 0);
            registers.x = Some(value);
        }
        Value::Indexed {
            size,
            index,
            offset,
        } => {
            if registers.x != Some(&**index) {
                if let Value::HeaderLength { offset } = **index {
                    push(op::LDX_MSH, offset);
                } else {
                    load(index, cell, registers, body)?;
                    body.push(Instruction::new(op::TAX, 0));
                }
                registers.x = Some(index);
            }
            body.push(Instruction::new(op::LD_IND | width(*size), *offset));
        }
        Value::Negate(inner) => {
            load(inner, cell, registers, body)?;
            body.push(Instruction::new(op::NEG, 0));
        }
        Value::Binary(operator, left, right) => {
            if let Value::Const(k) = **right {
                load(left, cell, registers, body)?;
                body.push(Instruction::new(arithmetic(*operator) | op::K, k));
            } else {
                load(right, cell, registers, body)?;
                if cell >= CELLS {
                    return None;
                }
                body.push(Instruction::new(op::ST, cell));
                load(left, cell + 1, registers, body)?;
                body.push(Instruction::new(op::LDX_MEM, cell));
                registers.x = None;
                body.push(Instruction::new(arithmetic(*operator) | op::X, 0));
            }
        }
    }
    registers.a = Some(value);
    Some(())
}

fn width(size: Size) -> u16 {
    match size {
        Size::Word => op::W,
        Size::Half => op::H,
        Size::Byte => op::B,
    }
}

fn arithmetic(operator: ArithOp) -> u16 {
    match operator {
        ArithOp::Add => op::ADD,
        ArithOp::Sub => op::SUB,
        ArithOp::Mul => op::MUL,
        ArithOp::Div => op::DIV,
        ArithOp::Mod => op::MOD,
        ArithOp::And => op::AND,
        ArithOp::Or => op::OR,
        ArithOp::Xor => op::XOR,
        ArithOp::Shl => op::LSH,
        ArithOp::Shr => op::RSH,
    }
}

/// The empty program's place is taken by one that accepts or rejects at once.
pub(super) fn constant(accepts: bool, snap: u32) -> Vec<Instruction> {
    vec![Instruction::new(op::RET, if accepts { snap } else { 0 })]
}
