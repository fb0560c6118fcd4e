//! The names of hosts that are up, asked of DNS servers beside the scan (PTR, RFC 1035 section 3.5, RFC 3596).
//!
//! One thread, many questions on their way at once; the scan never waits for
//! them. Who asks for the answers decides how long is patience. This file must
//! not know outputs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use hickory_proto::op::{Message, MessageType, Query};
use hickory_proto::rr::{Name, RData, RecordType};
use vigie_scope::Host;

/// Questions on their way at once: more would be impolite to a resolver.
const FLYING: usize = 100;
/// A question is repeated after this, to the next server.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a question is asked in all.
const TRIES: usize = 2;
/// Between two looks at what is new.
const LOOK: Duration = Duration::from_millis(5);
/// The longest message read.
const LONGEST: usize = 4096;

/// Looks for names.
#[derive(Debug)]
pub struct Names {
    ask: Sender<Host>,
    learned: Receiver<(Host, Option<String>)>,
    /// Hosts whose name is not known yet.
    waiting: BTreeSet<Host>,
}

impl Names {
    /// Asks `servers`; none if there is none.
    pub fn start(servers: Vec<SocketAddr>) -> Option<Names> {
        let asker = Asker::new(servers)?;
        let (ask, questions) = channel();
        let (learn, learned) = channel();
        thread::spawn(move || asker.run(&questions, &learn));
        Some(Names {
            ask,
            learned,
            waiting: BTreeSet::new(),
        })
    }

    /// Asks for the name of `host`.
    pub fn ask(&mut self, host: Host) {
        if !self.waiting.contains(&host) && self.ask.send(host).is_ok() {
            self.waiting.insert(host);
        }
    }

    /// Whether the name of `host` may still come.
    pub fn awaits(&self, host: Host) -> bool {
        self.waiting.contains(&host)
    }

    /// What was learned since the last call.
    pub fn learned(&mut self) -> Vec<(Host, Option<String>)> {
        let mut news = Vec::new();
        loop {
            match self.learned.try_recv() {
                Ok(one) => news.push(one),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    self.waiting.clear();
                    break;
                }
            }
        }
        for (host, _) in &news {
            self.waiting.remove(host);
        }
        news
    }

    /// Waits for the next name, until `until`.
    pub fn next(&mut self, until: Instant) -> Option<(Host, Option<String>)> {
        if self.waiting.is_empty() {
            return None;
        }
        let wait = until.saturating_duration_since(Instant::now());
        match self.learned.recv_timeout(wait) {
            Ok(one) => {
                self.waiting.remove(&one.0);
                Some(one)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                self.waiting.clear();
                None
            }
        }
    }
}

/// A question on its way.
struct Question {
    host: Host,
    name: Name,
    tries: usize,
    sent: Instant,
}

struct Asker {
    /// One socket for each server, connected: the kernel takes answers from nobody else.
    servers: Vec<UdpSocket>,
    flying: BTreeMap<u16, Question>,
    due: VecDeque<Question>,
    next_id: u16,
}

impl Asker {
    fn new(servers: Vec<SocketAddr>) -> Option<Asker> {
        let connect = |server: SocketAddr| {
            let any: IpAddr = if server.is_ipv4() {
                Ipv4Addr::UNSPECIFIED.into()
            } else {
                Ipv6Addr::UNSPECIFIED.into()
            };
            let socket = UdpSocket::bind((any, 0)).ok()?;
            socket.connect(server).ok()?;
            socket.set_nonblocking(true).ok()?;
            Some(socket)
        };
        let servers: Vec<UdpSocket> = servers.into_iter().filter_map(connect).collect();
        (!servers.is_empty()).then_some(Asker {
            servers,
            flying: BTreeMap::new(),
            due: VecDeque::new(),
            next_id: random(),
        })
    }

    /// Until nobody asks any more.
    fn run(mut self, questions: &Receiver<Host>, learn: &Sender<(Host, Option<String>)>) {
        loop {
            let idle = self.flying.is_empty() && self.due.is_empty();
            // Where nothing is on its way there is nothing to look at but new questions.
            let wait = if idle { Duration::from_mins(1) } else { LOOK };
            match questions.recv_timeout(wait) {
                Ok(host) => {
                    self.take(host);
                    for host in questions.try_iter() {
                        self.take(host);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            let mut told = self.receive();
            told.extend(self.give_up());
            told.extend(self.send());
            for one in told {
                if learn.send(one).is_err() {
                    return;
                }
            }
        }
    }

    fn take(&mut self, host: Host) {
        self.due.push_back(Question {
            host,
            name: Name::from(host.ip),
            tries: 0,
            sent: Instant::now(),
        });
    }

    /// Sends what is due; hosts whose question cannot be sent to any server.
    fn send(&mut self) -> Vec<(Host, Option<String>)> {
        let mut lost = Vec::new();
        while self.flying.len() < FLYING
            && let Some(mut question) = self.due.pop_front()
        {
            let server = &self.servers[question.tries % self.servers.len()];
            self.next_id = self.next_id.wrapping_add(random() | 1);
            while self.flying.contains_key(&self.next_id) {
                self.next_id = self.next_id.wrapping_add(1);
            }
            let mut message = Message::query();
            message.metadata.id = self.next_id;
            message.metadata.recursion_desired = true;
            message.add_query(Query::query(question.name.clone(), RecordType::PTR));
            question.tries += 1;
            question.sent = Instant::now();
            let sent = message
                .to_vec()
                .is_ok_and(|bytes| server.send(&bytes).is_ok());
            if sent {
                self.flying.insert(self.next_id, question);
            } else if question.tries < TRIES.max(self.servers.len()) {
                self.due.push_back(question);
            } else {
                lost.push((question.host, None));
            }
        }
        lost
    }

    fn receive(&mut self) -> Vec<(Host, Option<String>)> {
        let mut learned = Vec::new();
        let mut buffer = [0; LONGEST];
        for server in &self.servers {
            while let Ok(length) = server.recv(&mut buffer) {
                let Ok(message) = Message::from_vec(&buffer[..length]) else {
                    continue;
                };
                let id = message.metadata.id;
                let ours = self.flying.get(&id).is_some_and(|q| answers(&message, q));
                if ours && let Some(question) = self.flying.remove(&id) {
                    learned.push((question.host, name(&message)));
                }
            }
        }
        learned
    }

    /// Questions that were not answered in time: asked again, or given up.
    fn give_up(&mut self) -> Vec<(Host, Option<String>)> {
        let late = |q: &Question| q.sent.elapsed() >= PATIENCE;
        let late: Vec<u16> = self
            .flying
            .iter()
            .filter(|(_, q)| late(q))
            .map(|(id, _)| *id)
            .collect();
        let mut lost = Vec::new();
        for question in late.iter().filter_map(|id| self.flying.remove(id)) {
            if question.tries < TRIES {
                self.due.push_back(question);
            } else {
                lost.push((question.host, None));
            }
        }
        lost
    }
}

/// Whether `message` answers `question`, and not some other one.
fn answers(message: &Message, question: &Question) -> bool {
    message.metadata.message_type == MessageType::Response
        && message
            .queries
            .first()
            .is_some_and(|q| *q.name() == question.name && q.query_type() == RecordType::PTR)
}

/// The first name in an answer.
fn name(message: &Message) -> Option<String> {
    message
        .answers
        .iter()
        .find_map(|record| match &record.data {
            RData::PTR(name) => {
                let text = name.0.to_utf8();
                let text = text.trim_end_matches('.');
                (!text.is_empty()).then(|| text.to_owned())
            }
            _ => None,
        })
}

/// Of the system's randomness, so that nobody guesses a question's number.
fn random() -> u16 {
    super::random() as u16
}
