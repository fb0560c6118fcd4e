//! What a lesson is made of: texts to read, commands that run in the lab, questions whose answers the lab knows.
//!
//! Lessons are data. This file must not know how they are shown, run or remembered.

use std::collections::BTreeSet;

use vigie_lab::{Node, Topology, Transport, Truth};
use vigie_scope::ports::PortList;

/// A lesson. The keys of its texts begin with `learn-NAME-`; `title` and `about` are two of them.
#[derive(Debug)]
pub struct Lesson {
    /// Its name on the command line, and the name of its file and of its text file.
    pub name: &'static str,
    /// What happens in it, in order.
    pub steps: &'static [Step],
}

/// A part of a lesson.
#[derive(Debug)]
pub enum Step {
    /// A text of the lesson, by the end of its key.
    Say(&'static str),
    /// A command that the lesson runs.
    Show(Show),
    /// Something for the reader to find out or to do.
    Ask(Ask),
}

/// A command that the lesson runs, in front of the reader.
#[derive(Debug)]
pub struct Show {
    /// The node of the lab where it runs.
    pub at: &'static str,
    /// The command line.
    pub line: &'static str,
    /// What runs at the same time, and where: the traffic for a command that only listens.
    pub meanwhile: Option<(&'static str, &'static str)>,
    /// The node at whose link the packets are taken down.
    pub tap: &'static str,
    /// Which of those packets are shown afterwards; none if this is empty.
    pub wire: &'static str,
    /// What must have gone over that link, or the explanation would be of something else.
    pub saw: &'static [Sight],
    /// The text that explains it, by the end of its key.
    pub then: &'static str,
}

/// The usual place: at the scanner, packets taken down where it meets the router.
pub const SHOW: Show = Show {
    at: SCANNER,
    line: "",
    meanwhile: None,
    tap: "router",
    wire: "",
    saw: &[],
    then: "",
};

/// The node that commands usually run at.
pub const SCANNER: &str = "scanner";

/// Something about the packets of a link, as filters of `vigie capture` tell packets apart.
#[derive(Clone, Copy, Debug)]
pub enum Sight {
    /// There was such a packet.
    Seen(&'static str),
    /// There was none.
    Never(&'static str),
}

/// A question. With the key `q1` its texts are `q1`, `q1-right`, `q1-hint`, and for a choice `q1-a`, `q1-b` and so on.
#[derive(Debug)]
pub struct Ask {
    /// The end of the key of its texts.
    pub key: &'static str,
    /// What is right.
    pub answer: Answer,
}

/// What answer is right.
#[derive(Debug)]
pub enum Answer {
    /// The ports among some of a node that are so, as the lab's own plan says.
    Ports {
        /// The node.
        node: &'static str,
        /// TCP or UDP.
        transport: Transport,
        /// The ports that the question is about, as `-p` takes them.
        among: &'static str,
        /// Which of them are right.
        being: Being,
    },
    /// One of several texts, counted from 0.
    Choice {
        /// How many there are.
        of: u8,
        /// Which is right.
        right: u8,
    },
    /// A command that the reader types, judged by what went over the link.
    Command {
        /// The node where it runs.
        at: &'static str,
        /// The node at whose link the packets are taken down.
        tap: &'static str,
        /// One command that does it.
        solution: &'static str,
        /// What the link must have seen.
        saw: &'static [Sight],
    },
    /// A filter that takes exactly the packets that this one takes, of those that the last command left.
    Filter {
        /// One filter that does it.
        solution: &'static str,
    },
}

/// What ports a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Being {
    /// They accept, or answer.
    Open,
    /// The node itself refuses.
    Closed,
    /// A firewall drops what comes to them.
    Dropped,
    /// Something listens there, and the scanner cannot reach it.
    Hidden,
}

impl Being {
    fn holds(self, node: &Node, transport: Transport, port: u16, truth: Truth) -> bool {
        let listens = match transport {
            Transport::Tcp => node.tcp.contains_key(&port),
            Transport::Udp => node.udp_echo.contains(&port) || node.udp_silent.contains(&port),
        };
        match self {
            Self::Open => truth == Truth::Open,
            Self::Closed => truth == Truth::Closed,
            Self::Dropped => truth == Truth::Dropped,
            Self::Hidden => listens && !matches!(truth, Truth::Open | Truth::Silent),
        }
    }
}

impl Lesson {
    /// The whole key of one of its texts.
    pub fn key(&self, end: &str) -> String {
        format!("learn-{}-{end}", self.name)
    }
}

impl Answer {
    /// A right answer as the reader would type it.
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

    /// The ports that are right; none for other kinds of questions.
    pub fn ports(&self, lab: &Topology) -> BTreeSet<u16> {
        let Self::Ports {
            node,
            transport,
            among,
            being,
        } = self
        else {
            return BTreeSet::new();
        };
        let (Some(node), Some(&address)) = (lab.find(node), lab.addresses(node).first()) else {
            return BTreeSet::new();
        };
        let truths = lab.truths(address);
        let holds =
            |port: &u16| being.holds(node, *transport, *port, truths.port(*transport, *port));
        ports(among)
            .unwrap_or_default()
            .into_iter()
            .filter(holds)
            .collect()
    }
}

/// The ports that a text names, as `-p` takes them; `None` where it makes no sense.
pub fn ports(text: &str) -> Option<BTreeSet<u16>> {
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(",");
    let text = text.replace(",,", ",");
    let list = PortList::parse(&text, vigie_scope::Transport::Tcp).ok()?;
    Some(list.iter().map(|(_, port)| port).collect())
}

/// The letter of a choice.
pub fn letter(number: u8) -> char {
    char::from(b'a' + number.min(25))
}
