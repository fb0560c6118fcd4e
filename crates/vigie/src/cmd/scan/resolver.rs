//! Looks up the names of hosts in its own thread (PTR, RFC 1035 section 3.5, RFC 3596).
//!
//! Many queries are in flight at once; the scan never waits for them. The caller decides how long to wait for names. This
//! module must not know outputs.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use hickory_proto::op::{Message, MessageType, Query};
use hickory_proto::rr::{Name, RData, RecordType};
use vigie_scope::Host;

/// Maximum number of queries in flight: more would overload a resolver.
const MAX_IN_FLIGHT: usize = 100;
/// Time after which a query is repeated, to the next server.
const QUERY_TIMEOUT: Duration = Duration::from_secs(1);
/// Maximum number of times a query is sent.
const MAX_TRIES: usize = 2;
/// Interval at which answers are read and new requests accepted.
const TICK: Duration = Duration::from_millis(5);
/// Maximum sleep when nothing is in flight. A new request ends it.
const IDLE: Duration = Duration::from_mins(1);
/// Longest message read, in bytes.
const MAX_MESSAGE: usize = 4096;

/// A host and its name, or none if it has none or no server answered.
pub type HostName = (Host, Option<String>);

/// Handle to the lookup thread. The thread ends when the handle is dropped.
#[derive(Debug)]
pub struct Resolver {
    requests: Sender<Host>,
    results: Receiver<HostName>,
}

/// Error: the lookup thread has ended, so no names will arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResolverEnded;

impl Resolver {
    /// Starts the thread, which queries `servers`. Returns `None` if no server can be reached.
    pub fn start(servers: Vec<SocketAddr>) -> Option<Resolver> {
        let worker = Worker::new(servers)?;
        let (requests, hosts) = channel();
        let (sender, results) = channel();
        thread::spawn(move || worker.run(&hosts, &sender));
        Some(Resolver { requests, results })
    }

    /// Requests the name of `host`. Returns false if the thread has ended.
    pub fn request(&self, host: Host) -> bool {
        self.requests.send(host).is_ok()
    }

    /// Returns the next result, waiting at most `timeout`, or `None` if none arrived.
    ///
    /// # Errors
    /// If the thread has ended.
    pub fn next(&self, timeout: Duration) -> Result<Option<HostName>, ResolverEnded> {
        match self.results.recv_timeout(timeout) {
            Ok(result) => Ok(Some(result)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(ResolverEnded),
        }
    }
}

/// A lookup that is due or in flight.
struct Lookup {
    host: Host,
    name: Name,
    tries: usize,
    sent: Instant,
}

/// Sends the queries and reads the answers.
struct Worker {
    /// One connected socket for each server: the kernel accepts answers from no other address.
    servers: Vec<UdpSocket>,
    /// Lookups in flight, by message ID.
    in_flight: BTreeMap<u16, Lookup>,
    due: VecDeque<Lookup>,
    next_id: u16,
}

impl Worker {
    fn new(servers: Vec<SocketAddr>) -> Option<Worker> {
        let servers: Vec<UdpSocket> = servers.into_iter().filter_map(connect).collect();
        (!servers.is_empty()).then_some(Worker {
            servers,
            in_flight: BTreeMap::new(),
            due: VecDeque::new(),
            next_id: random(),
        })
    }

    /// Runs until the resolver is dropped.
    fn run(mut self, requests: &Receiver<Host>, results: &Sender<HostName>) {
        loop {
            let idle = self.in_flight.is_empty() && self.due.is_empty();
            match requests.recv_timeout(if idle { IDLE } else { TICK }) {
                Ok(host) => {
                    self.add(host);
                    for host in requests.try_iter() {
                        self.add(host);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            let mut done = self.receive();
            done.extend(self.expire());
            done.extend(self.send());
            for result in done {
                if results.send(result).is_err() {
                    return;
                }
            }
        }
    }

    fn add(&mut self, host: Host) {
        self.due.push_back(Lookup {
            host,
            name: Name::from(host.ip),
            tries: 0,
            sent: Instant::now(),
        });
    }

    /// Sends the queries that are due. Returns the hosts whose query could not be sent to any server.
    fn send(&mut self) -> Vec<HostName> {
        let mut failed = Vec::new();
        while self.in_flight.len() < MAX_IN_FLIGHT
            && let Some(mut lookup) = self.due.pop_front()
        {
            let server = &self.servers[lookup.tries % self.servers.len()];
            self.next_id = self.next_id.wrapping_add(random() | 1);
            while self.in_flight.contains_key(&self.next_id) {
                self.next_id = self.next_id.wrapping_add(1);
            }
            let mut message = Message::query();
            message.metadata.id = self.next_id;
            message.metadata.recursion_desired = true;
            message.add_query(Query::query(lookup.name.clone(), RecordType::PTR));
            lookup.tries += 1;
            lookup.sent = Instant::now();
            let sent = message
                .to_vec()
                .is_ok_and(|bytes| server.send(&bytes).is_ok());
            if sent {
                self.in_flight.insert(self.next_id, lookup);
            } else if lookup.tries < MAX_TRIES.max(self.servers.len()) {
                self.due.push_back(lookup);
            } else {
                failed.push((lookup.host, None));
            }
        }
        failed
    }

    fn receive(&mut self) -> Vec<HostName> {
        let mut answered = Vec::new();
        let mut buffer = [0; MAX_MESSAGE];
        for server in &self.servers {
            while let Ok(length) = server.recv(&mut buffer) {
                let Ok(message) = Message::from_vec(&buffer[..length]) else {
                    continue;
                };
                let id = message.metadata.id;
                let lookup = self.in_flight.get(&id);
                let ours = lookup.is_some_and(|lookup| answers(&message, lookup));
                if ours && let Some(lookup) = self.in_flight.remove(&id) {
                    answered.push((lookup.host, first_name(&message)));
                }
            }
        }
        answered
    }

    /// Makes lookups that were not answered in time due again. Returns the hosts of those that had their last try.
    fn expire(&mut self) -> Vec<HostName> {
        let late = |lookup: &Lookup| lookup.sent.elapsed() >= QUERY_TIMEOUT;
        let expired: Vec<u16> = self
            .in_flight
            .iter()
            .filter(|(_, lookup)| late(lookup))
            .map(|(id, _)| *id)
            .collect();
        let mut failed = Vec::new();
        for lookup in expired.iter().filter_map(|id| self.in_flight.remove(id)) {
            if lookup.tries < MAX_TRIES {
                self.due.push_back(lookup);
            } else {
                failed.push((lookup.host, None));
            }
        }
        failed
    }
}

/// Returns a non-blocking socket that is connected to `server`.
fn connect(server: SocketAddr) -> Option<UdpSocket> {
    let any: IpAddr = if server.is_ipv4() {
        Ipv4Addr::UNSPECIFIED.into()
    } else {
        Ipv6Addr::UNSPECIFIED.into()
    };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect(server).ok()?;
    socket.set_nonblocking(true).ok()?;
    Some(socket)
}

/// Returns whether `message` answers `lookup`.
fn answers(message: &Message, lookup: &Lookup) -> bool {
    message.metadata.message_type == MessageType::Response
        && message
            .queries
            .first()
            .is_some_and(|q| *q.name() == lookup.name && q.query_type() == RecordType::PTR)
}

/// Returns the first name in an answer.
fn first_name(message: &Message) -> Option<String> {
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

/// Returns a random number, so that message IDs cannot be guessed.
fn random() -> u16 {
    super::random() as u16
}
