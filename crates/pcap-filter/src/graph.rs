//! Graph of tests for a condition, and its optimiser. Independent of instructions.
//!
//! Node 0 rejects, node 1 accepts, every other node is a test with two successors. Edges only lead to lower numbers,
//! so the graph has no loops, and descending order visits a node after all its predecessors.
//!
//! The optimiser redirects an edge past a test if the result of the test is known on that edge, or if both successors
//! are the same. It walks the graph in descending order, and collects for every node the facts that hold on all edges
//! into it.

use alloc::{collections::BTreeMap, vec, vec::Vec};

use crate::bpf::Compare;
use crate::condition::{Condition, Test, Value};

pub(crate) const REJECT: usize = 0;
pub(crate) const ACCEPT: usize = 1;

/// Test with its two successors.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Node {
    pub(crate) test: Test,
    pub(crate) yes: usize,
    pub(crate) no: usize,
}

/// All tests of a filter.
#[derive(Debug)]
pub(crate) struct Graph {
    /// Node `n` is at `n - 2`.
    nodes: Vec<Node>,
    pub(crate) root: usize,
}

/// Maximum number of test results stored per value. A result that is not stored costs a redundant test, no more.
const MAX_RESULTS: usize = 24;

/// Facts about one value at a node. An entry also means that the value was loaded on every path to the node, so that
/// loading it again cannot fail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    exact: Option<u32>,
    /// Results of comparisons with a constant.
    results: Vec<(Compare, u32, bool)>,
}

type Facts<'graph> = BTreeMap<&'graph Value, Known>;

impl Graph {
    pub(crate) fn new(condition: &Condition) -> Self {
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

    pub(crate) fn node(&self, number: usize) -> Option<&Node> {
        self.nodes.get(number.checked_sub(2)?)
    }

    /// Returns the numbers of all reachable nodes in descending order.
    pub(crate) fn reachable(&self) -> Vec<usize> {
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

    /// Redirects edges past redundant tests until nothing changes.
    pub(crate) fn optimise(&mut self) {
        // Each pass shortens a path, so the loop ends. The bound guards against a bug in this function.
        for _ in 0..64 {
            let skipped = self.skip_irrelevant();
            let changes = self.shortcuts();
            if changes.is_empty() && !skipped {
                return;
            }
            for (number, yes, no) in changes {
                self.nodes[number - 2].yes = yes;
                self.nodes[number - 2].no = no;
            }
        }
    }

    /// Redirects edges past tests with two equal successors. Returns whether any edge changed.
    fn skip_irrelevant(&mut self) -> bool {
        let through = |nodes: &[Node], target: usize| match target.checked_sub(2) {
            Some(index) if nodes[index].yes == nodes[index].no => nodes[index].yes,
            _ => target,
        };
        let mut changed = false;
        for index in 0..self.nodes.len() {
            let node = &self.nodes[index];
            let successors = (
                through(&self.nodes, node.yes),
                through(&self.nodes, node.no),
            );
            changed |= successors != (node.yes, node.no);
            (self.nodes[index].yes, self.nodes[index].no) = successors;
        }
        let root = through(&self.nodes, self.root);
        changed |= root != self.root;
        self.root = root;
        changed
    }

    /// Returns the nodes with edges past tests of known result: number, new yes, new no.
    fn shortcuts(&self) -> Vec<(usize, usize, usize)> {
        let mut entry: BTreeMap<usize, Facts<'_>> = BTreeMap::new();
        let mut changes = Vec::new();
        for number in self.reachable() {
            let facts = entry.remove(&number).unwrap_or_default();
            let Some(node) = self.node(number) else {
                continue;
            };
            let mut successors = [node.yes, node.no];
            for (successor, result) in successors.iter_mut().zip([true, false]) {
                let mut facts = facts.clone();
                record(&mut facts, &node.test, result);
                *successor = self.follow(*successor, &facts);
                match entry.get_mut(successor) {
                    Some(before) => intersect(before, &facts),
                    None => {
                        entry.insert(*successor, facts);
                    }
                }
            }
            if successors != [node.yes, node.no] {
                changes.push((number, successors[0], successors[1]));
            }
        }
        changes
    }

    /// Returns the first node from `target` on with an unknown result.
    fn follow(&self, mut target: usize, facts: &Facts<'_>) -> usize {
        while let Some(node) = self.node(target) {
            match known_result(facts, &node.test) {
                Some(true) => target = node.yes,
                Some(false) => target = node.no,
                None => break,
            }
        }
        target
    }
}

/// Builds the graph from the end. Equal tests with equal successors become one node.
struct Builder {
    nodes: Vec<Node>,
    known: BTreeMap<Node, usize>,
}

impl Builder {
    /// Adds the nodes of a condition; returns the first one.
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

/// Adds the result of a test to the facts.
fn record<'graph>(facts: &mut Facts<'graph>, test: &'graph Test, result: bool) {
    let Value::Const(right) = test.right else {
        // Both sides were loaded; their values stay unknown.
        facts.entry(&test.left).or_default();
        facts.entry(&test.right).or_default();
        return;
    };
    let known = facts.entry(&test.left).or_default();
    if test.compare == Compare::Equal && result {
        known.exact = Some(right);
        known.results.clear();
    } else if known.exact.is_none() && known.results.len() < MAX_RESULTS {
        known.results.push((test.compare, right, result));
    }
}

/// Returns the result of a test if the facts decide it.
fn known_result(facts: &Facts<'_>, test: &Test) -> Option<bool> {
    let Value::Const(right) = test.right else {
        return None;
    };
    let known = facts.get(&test.left)?;
    if let Some(exact) = known.exact {
        return Some(test.compare.holds(exact, right));
    }
    known
        .results
        .iter()
        .find_map(|&known| implied(known, test.compare, right))
}

/// Returns the result of `value wanted right` if the known result of `value compare limit` implies it.
fn implied(
    (compare, limit, result): (Compare, u32, bool),
    wanted: Compare,
    right: u32,
) -> Option<bool> {
    use Compare::{Equal, Greater, GreaterOrEqual};
    if (compare, limit) == (wanted, right) {
        return Some(result);
    }
    // The known result as an interval.
    let (min, max) = match (compare, result) {
        (Greater, true) => (limit.checked_add(1)?, u32::MAX),
        (GreaterOrEqual, true) => (limit, u32::MAX),
        (Greater, false) => (0, limit),
        (GreaterOrEqual, false) => (0, limit.checked_sub(1)?),
        _ => return None,
    };
    match wanted {
        Equal if right < min || right > max => Some(false),
        Greater if min > right => Some(true),
        Greater if max <= right => Some(false),
        GreaterOrEqual if min >= right => Some(true),
        GreaterOrEqual if max < right => Some(false),
        _ => None,
    }
}

/// Reduces the facts to those that both sets contain or imply.
fn intersect(facts: &mut Facts<'_>, other: &Facts<'_>) {
    facts.retain(|value, known| {
        let Some(there) = other.get(value) else {
            return false;
        };
        let holds =
            |exact: Option<u32>, results: &[(Compare, u32, bool)], fact: &(Compare, u32, bool)| {
                exact.map_or_else(
                    || results.contains(fact),
                    |exact| fact.0.holds(exact, fact.1) == fact.2,
                )
            };
        let mut results: Vec<_> = known
            .results
            .iter()
            .filter(|fact| holds(there.exact, &there.results, fact))
            .copied()
            .collect();
        if known.exact.is_some() && known.exact != there.exact {
            let exact = known.exact;
            results = there
                .results
                .iter()
                .filter(|fact| holds(exact, &[], fact))
                .copied()
                .collect();
        }
        if known.exact != there.exact {
            known.exact = None;
        }
        known.results = results;
        true
    });
}
