//! A condition as a graph of tests, and its optimiser. Knows no instruction.
//!
//! Node 0 rejects, node 1 accepts, every other node is a test with two ways on. Ways only lead to lower numbers:
//! the graph has no loops, and descending order visits a node after all that lead to it.

use alloc::{collections::BTreeMap, vec, vec::Vec};

use super::condition::{Condition, Test, Value};
use crate::bpf::Compare;

pub(super) const REJECT: usize = 0;
pub(super) const ACCEPT: usize = 1;

/// A test with its two ways on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    pub(super) test: Test,
    pub(super) yes: usize,
    pub(super) no: usize,
}

/// The tests of a filter.
#[derive(Debug)]
pub(super) struct Graph {
    /// Node `n` is at `n - 2`.
    nodes: Vec<Node>,
    pub(super) root: usize,
}

/// How many facts about one value are remembered on the way: the rest is forgotten, which costs a test, no more.
const MAX_FACTS: usize = 24;

/// What is known of one value on the way to a node. That there is an entry at all means that the value has been
/// read, so that reading it again cannot fail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    exact: Option<u32>,
    outcomes: Vec<(Compare, u32, bool)>,
}

type Facts<'graph> = BTreeMap<&'graph Value, Known>;

impl Graph {
    pub(super) fn new(condition: &Condition) -> Self {
        let mut builder = Builder {
            nodes: Vec::new(),
            known: BTreeMap::new(),
        };
        let root = builder.build(condition, ACCEPT, REJECT);
        Self {
            nodes: builder.nodes,
            root,
        }
    }

    pub(super) fn node(&self, number: usize) -> Option<&Node> {
        self.nodes.get(number.checked_sub(2)?)
    }

    /// The numbers of the nodes that can be reached, highest first.
    pub(super) fn reachable(&self) -> Vec<usize> {
        let mut seen = vec![false; self.nodes.len() + 2];
        seen[self.root] = true;
        for number in (2..seen.len()).rev().filter(|&number| number <= self.root) {
            if seen[number]
                && let Some(node) = self.node(number)
            {
                seen[node.yes] = true;
                seen[node.no] = true;
            }
        }
        (0..seen.len())
            .rev()
            .filter(|&number| seen[number])
            .collect()
    }

    /// Leads every way past the tests whose answer is known on it or decides nothing, until nothing changes.
    pub(super) fn optimise(&mut self) {
        // Each pass shortens some way; the bound only guards against a mistake here.
        for _ in 0..64 {
            let undecided = self.skip_undecided();
            let changes = self.shortcuts();
            if changes.is_empty() && !undecided {
                return;
            }
            for (number, yes, no) in changes {
                self.nodes[number - 2].yes = yes;
                self.nodes[number - 2].no = no;
            }
        }
    }

    /// Leads past tests whose two ways meet, from the end on; gives whether there were any.
    fn skip_undecided(&mut self) -> bool {
        let through = |nodes: &[Node], target: usize| match target.checked_sub(2) {
            Some(index) if nodes[index].yes == nodes[index].no => nodes[index].yes,
            _ => target,
        };
        let mut changed = false;
        for index in 0..self.nodes.len() {
            let node = &self.nodes[index];
            let ways = (
                through(&self.nodes, node.yes),
                through(&self.nodes, node.no),
            );
            changed |= ways != (node.yes, node.no);
            (self.nodes[index].yes, self.nodes[index].no) = ways;
        }
        let root = through(&self.nodes, self.root);
        changed |= root != self.root;
        self.root = root;
        changed
    }

    /// The ways that can be led further: node, its new yes, its new no.
    fn shortcuts(&self) -> Vec<(usize, usize, usize)> {
        let mut arriving: BTreeMap<usize, Facts<'_>> = BTreeMap::new();
        let mut changes = Vec::new();
        for number in self.reachable() {
            let facts = arriving.remove(&number).unwrap_or_default();
            let Some(node) = self.node(number) else {
                continue;
            };
            let mut ways = [node.yes, node.no];
            for (way, answer) in ways.iter_mut().zip([true, false]) {
                let mut facts = facts.clone();
                learn(&mut facts, &node.test, answer);
                *way = self.follow(*way, &facts);
                match arriving.get_mut(way) {
                    Some(before) => meet(before, &facts),
                    None => {
                        arriving.insert(*way, facts);
                    }
                }
            }
            if ways != [node.yes, node.no] {
                changes.push((number, ways[0], ways[1]));
            }
        }
        changes
    }

    /// Where a way really leads, given what is known on it.
    fn follow(&self, mut target: usize, facts: &Facts<'_>) -> usize {
        while let Some(node) = self.node(target) {
            match answer(facts, &node.test) {
                Some(true) => target = node.yes,
                Some(false) => target = node.no,
                None => break,
            }
        }
        target
    }
}

/// Builds from the end, so that equal tests with equal ways on become one node.
struct Builder {
    nodes: Vec<Node>,
    known: BTreeMap<Node, usize>,
}

impl Builder {
    fn build(&mut self, condition: &Condition, yes: usize, no: usize) -> usize {
        match condition {
            Condition::Always => yes,
            Condition::Never => no,
            Condition::Not(inner) => self.build(inner, no, yes),
            Condition::All(parts) => parts
                .iter()
                .rev()
                .fold(yes, |next, part| self.build(part, next, no)),
            Condition::Any(parts) => parts
                .iter()
                .rev()
                .fold(no, |next, part| self.build(part, yes, next)),
            Condition::Test(_) if yes == no => yes,
            Condition::Test(test) => {
                let node = Node {
                    test: test.clone(),
                    yes,
                    no,
                };
                if let Some(&number) = self.known.get(&node) {
                    return number;
                }
                self.nodes.push(node.clone());
                let number = self.nodes.len() + 1;
                self.known.insert(node, number);
                number
            }
        }
    }
}

fn learn<'graph>(facts: &mut Facts<'graph>, test: &'graph Test, answer: bool) {
    let Value::Const(right) = test.right else {
        // Both sides have been read, nothing is known of either.
        facts.entry(&test.left).or_default();
        facts.entry(&test.right).or_default();
        return;
    };
    let known = facts.entry(&test.left).or_default();
    if test.compare == Compare::Equal && answer {
        known.exact = Some(right);
        known.outcomes.clear();
    } else if known.exact.is_none() && known.outcomes.len() < MAX_FACTS {
        known.outcomes.push((test.compare, right, answer));
    }
}

fn answer(facts: &Facts<'_>, test: &Test) -> Option<bool> {
    let Value::Const(right) = test.right else {
        return None;
    };
    let known = facts.get(&test.left)?;
    if let Some(exact) = known.exact {
        return Some(test.compare.holds(exact, right));
    }
    known
        .outcomes
        .iter()
        .find_map(|&(compare, limit, answer)| follows(compare, limit, answer, test.compare, right))
}

/// Whether `value compare limit` being `answer` decides `value asked right`.
fn follows(compare: Compare, limit: u32, answer: bool, asked: Compare, right: u32) -> Option<bool> {
    use Compare::{Equal, Greater, GreaterOrEqual};
    if (compare, limit) == (asked, right) {
        return Some(answer);
    }
    // What is known as an interval, least to greatest.
    let (least, greatest) = match (compare, answer) {
        (Greater, true) => (limit.checked_add(1)?, u32::MAX),
        (GreaterOrEqual, true) => (limit, u32::MAX),
        (Greater, false) => (0, limit),
        (GreaterOrEqual, false) => (0, limit.checked_sub(1)?),
        _ => return None,
    };
    match asked {
        Equal if right < least || right > greatest => Some(false),
        Greater if least > right => Some(true),
        Greater if greatest <= right => Some(false),
        GreaterOrEqual if least >= right => Some(true),
        GreaterOrEqual if greatest < right => Some(false),
        _ => None,
    }
}

/// Keeps what is known on both ways.
fn meet(facts: &mut Facts<'_>, other: &Facts<'_>) {
    facts.retain(|value, known| {
        let Some(there) = other.get(value) else {
            return false;
        };
        let holds =
            |exact: Option<u32>, outcomes: &[(Compare, u32, bool)], fact: &(Compare, u32, bool)| {
                exact.map_or_else(
                    || outcomes.contains(fact),
                    |exact| fact.0.holds(exact, fact.1) == fact.2,
                )
            };
        let mut outcomes: Vec<_> = known
            .outcomes
            .iter()
            .filter(|fact| holds(there.exact, &there.outcomes, fact))
            .copied()
            .collect();
        if known.exact.is_some() && known.exact != there.exact {
            let exact = known.exact;
            outcomes = there
                .outcomes
                .iter()
                .filter(|fact| holds(exact, &[], fact))
                .copied()
                .collect();
        }
        if known.exact != there.exact {
            known.exact = None;
        }
        known.outcomes = outcomes;
        true
    });
}
