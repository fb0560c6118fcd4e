//! The parts of a lesson: texts, commands that run in the lab, and questions whose answers follow from the lab's topology.
//!
//! Lessons are data. This file must not know how they are shown or run.

use std::collections::BTreeSet;

use vigie_lab::{Node, PortBehavior, Topology, Transport};
use vigie_scope::ports::PortList;

/// A lesson. The keys of its texts begin with `learn-NAME-`; `title` and `about` are two of them.
#[derive(Debug)]
pub struct Lesson {
    /// Its name on the command line, and the name of its file and of its text file.
    pub name: &'static str,
    /// Its steps in order.
    pub steps: &'static [Step],
}

/// A part of a lesson.
#[derive(Debug)]
pub enum Step {
    /// A text of the lesson, by the end of its key.
    Say(&'static str),
    /// A command that the lesson runs.
    Show(Show),
    /// A question or an exercise.
    Ask(Ask),
}

/// A command that the lesson runs and explains.
#[derive(Debug)]
pub struct Show {
    /// The node of the lab where it runs.
    pub at: &'static str,
    /// The command line.
    pub line: &'static str,
    /// Node and command line of traffic that runs at the same time, for a command that only listens.
    pub meanwhile: Option<(&'static str, &'static str)>,
    /// The node whose link is captured.
    pub tap: &'static str,
    /// Filter for the captured packets that are shown afterwards; none if it is empty.
    pub wire: &'static str,
    /// What the capture must contain for the explanation to fit.
    pub expected: &'static [Expectation],
    /// The text that explains the result, by the end of its key.
    pub then: &'static str,
}

/// The default: a command at the scanner, captured at the router.
pub const SHOW: Show = Show {
    at: SCANNER,
    line: "",
    meanwhile: None,
    tap: "router",
    wire: "",
    expected: &[],
    then: "",
};

/// The node where commands run by default.
pub const SCANNER: &str = "scanner";

/// A condition on captured packets, given by a capture filter.
#[derive(Clone, Copy, Debug)]
pub enum Expectation {
    /// A packet matches.
    Seen(&'static str),
    /// No packet matches.
    Never(&'static str),
}

/// A question. With the key `q1` its texts are `q1`, `q1-right`, `q1-hint`, and for a choice `q1-a`, `q1-b` and so on.
#[derive(Debug)]
pub struct Ask {
    /// The end of the key of its texts.
    pub key: &'static str,
    /// The correct answer.
    pub answer: Answer,
}

/// A correct answer.
#[derive(Debug)]
pub enum Answer {
    /// The ports of a node that are in a state, according to the lab's topology.
    Ports {
        /// The node.
        node: &'static str,
        /// TCP or UDP.
        transport: Transport,
        /// The ports that the question is about, as in `-p`.
        among: &'static str,
        /// The state that the question asks for.
        state: PortState,
    },
    /// One of several texts, counted from 0.
    Choice {
        /// Number of options.
        of: u8,
        /// The correct option, counted from 0.
        right: u8,
    },
    /// A command that the reader types, judged by the captured packets.
    Command {
        /// The node where it runs.
        at: &'static str,
        /// The node whose link is captured.
        tap: &'static str,
        /// A command that is correct.
        solution: &'static str,
        /// What the capture must contain.
        expected: &'static [Expectation],
    },
    /// A filter that matches the same packets of the last capture as this one.
    Filter {
        /// A filter that is correct.
        solution: &'static str,
    },
}

/// A state of ports that a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortState {
    /// A service accepts or replies.
    Open,
    /// The node refuses.
    Closed,
    /// A firewall drops packets to them.
    Dropped,
    /// A service listens that the scanner cannot reach.
    Hidden,
}

impl PortState {
    fn holds(self, node: &Node, transport: Transport, port: u16, truth: PortBehavior) -> bool {
        let listens = match transport {
            Transport::Tcp => node.tcp.contains_key(&port),
            Transport::Udp => node.udp_echo.contains(&port) || node.udp_silent.contains(&port),
        };
        match self {
            Self::Open => truth == PortBehavior::Open,
            Self::Closed => truth == PortBehavior::Closed,
            Self::Dropped => truth == PortBehavior::Dropped,
            Self::Hidden => listens && !matches!(truth, PortBehavior::Open | PortBehavior::Silent),
        }
    }
}

impl Lesson {
    /// Returns the key of one of its texts.
    pub fn key(&self, end: &str) -> String {
        format!("learn-{}-{end}", self.name)
    }
}

impl Answer {
    /// Returns a correct answer as the reader would type it.
    pub fn solution(&self, lab: &Topology) -> String {
        match self {
            Self::Ports { .. } => {
                let ports: Vec<String> = self.ports(lab).iter().map(ToString::to_string).collect();
                ports.join(",")
            }
            Self::Choice { right, .. } => letter(*right).to_string(),
            Self::Command { solution, .. } | Self::Filter { solution } => (*solution).to_owned(),
        }
    }

    /// Returns the ports that are correct; none for other kinds of questions.
    pub fn ports(&self, lab: &Topology) -> BTreeSet<u16> {
        let Self::Ports {
            node,
            transport,
            among,
            state,
        } = self
        else {
            return BTreeSet::new();
        };
        let (Some(node), Some(&address)) = (lab.find(node), lab.addresses(node).first()) else {
            return BTreeSet::new();
        };
        let truths = lab.expectations(address);
        let holds =
            |port: &u16| state.holds(node, *transport, *port, truths.port(*transport, *port));
        ports(among)
            .unwrap_or_default()
            .into_iter()
            .filter(holds)
            .collect()
    }
}

/// Returns the ports in a list as in `-p`; `None` if it is malformed.
pub fn ports(text: &str) -> Option<BTreeSet<u16>> {
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(",");
    let text = text.replace(",,", ",");
    let list = PortList::parse(&text, vigie_scope::Transport::Tcp).ok()?;
    Some(list.iter().map(|(_, port)| port).collect())
}

/// Returns the letter of an option, counted from 0.
pub fn letter(number: u8) -> char {
    char::from(b'a' + number.min(25))
}
