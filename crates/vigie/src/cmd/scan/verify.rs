//! Full connections to hosts of which every port answers as open, made beside the telling by a thread of its own.
//!
//! [`vigie_scan::handshakes`] says to which ports, and what the outcome means; here the connections are made by the
//! kernel, held for a while, and closed. This file must not know outputs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use vigie_findings::ScanInfo;
use vigie_linux::tcp_connect::{
    ConnectConfig, ConnectError, Connector, Heard, Held, Outcome, Started,
};
use vigie_scan::event::{EndReason, HostSummary};
use vigie_scan::open_port_check::{
    self, BANNER_LEN, CONNECT_TIMEOUT, CheckOutcome, CheckedPort, HOLD, OpenPortCheck, SAMPLE_SIZE,
};
use vigie_scan::{Finding, Plan, PortState};
use vigie_scope::{Host, Transport};

use super::options::ScanOptions;
use vigie_driver::socket_address;

/// Hosts that are connected to at the same time.
const AT_ONCE: usize = 8;
/// Connections to one host begin this far apart at least.
const APART: Duration = Duration::from_millis(1);
/// Between two looks at what is new.
const LOOK: Duration = Duration::from_millis(10);

/// Decides whom to connect to, and keeps what came of it.
pub struct Verifier {
    plan: Plan,
    /// Whether the permission holds for ports that were not asked for.
    controls: bool,
    device: Option<String>,
    /// When nothing may be sent any more.
    until: Option<Instant>,
    /// Of hosts that are not done, the most common open ports.
    open: BTreeMap<Host, Vec<u16>>,
    /// Hosts that are connected to, or are about to be.
    waiting: BTreeSet<Host>,
    known: BTreeMap<Host, Box<OpenPortCheck>>,
    /// Of so many hosts more.
    left: u64,
    worker: Option<Worker>,
}

/// The thread that connects.
struct Worker {
    ask: Sender<Job>,
    learned: Receiver<(Host, OpenPortCheck)>,
}

impl Verifier {
    /// A verifier for the scan that `info` describes; none where nothing is to be verified.
    pub fn new(options: &ScanOptions, info: &ScanInfo) -> Option<Verifier> {
        info.plan.checks_open_ports().then(|| Verifier {
            plan: info.plan.clone(),
            controls: info.permission.high_ports,
            device: options.interface.clone(),
            until: info.plan.spec.budget.max_time.map(|t| Instant::now() + t),
            open: BTreeMap::new(),
            waiting: BTreeSet::new(),
            known: BTreeMap::new(),
            left: info.plan.spec.budget.max_checked_hosts,
            worker: None,
        })
    }

    /// Remembers an open port.
    pub fn note(&mut self, finding: &Finding) {
        if finding.state == PortState::Open && finding.transport == Transport::Tcp {
            let ports = self.open.entry(finding.host).or_default();
            ports.push(finding.port);
            if ports.len() >= 2 * SAMPLE_SIZE {
                *ports = open_port_check::sample_ports(ports);
            }
        }
    }

    /// Every port of `host` is open. Whether its last event should wait.
    pub fn suspect(&mut self, host: Host) -> bool {
        self.left > 0 && self.waiting.insert(host)
    }

    /// The host is done: connects to it, where it is suspected and may still be sent to.
    pub fn settle(&mut self, summary: &HostSummary, interrupted: bool) {
        let host = summary.host.host;
        let ports = self.open.remove(&host).unwrap_or_default();
        if !self.waiting.contains(&host) {
            return;
        }
        let in_time = self
            .until
            .is_none_or(|until| Instant::now() + CONNECT_TIMEOUT + HOLD < until);
        let ended = matches!(
            summary.ended,
            EndReason::Interrupted
                | EndReason::MaxTime
                | EndReason::HostTimeout
                | EndReason::Failed
        );
        let asked = self.left > 0 && in_time && !ended && !interrupted && self.ask(host, &ports);
        if !asked {
            self.waiting.remove(&host);
        }
    }

    fn ask(&mut self, host: Host, ports: &[u16]) -> bool {
        let due = |port, control| Due { port, control };
        let open = open_port_check::sample_ports(ports);
        let controls = if self.controls {
            open_port_check::control_ports(self.plan.spec.seed, host, self.plan.spec.tcp_ports())
        } else {
            Vec::new()
        };
        // In turn, so that whatever limits connections limits both alike.
        let longer = open.len().max(controls.len());
        let mut all = VecDeque::new();
        for i in 0..longer {
            all.extend(open.get(i).map(|p| due(*p, false)));
            all.extend(controls.get(i).map(|p| due(*p, true)));
        }
        if self.worker.is_none() {
            self.worker = self.start().ok();
        }
        let job = Job {
            host,
            due: all,
            next: Instant::now(),
            flying: 0,
            tried: Vec::new(),
        };
        let sent = self
            .worker
            .as_ref()
            .is_some_and(|w| w.ask.send(job).is_ok());
        self.left -= u64::from(sent);
        sent
    }

    fn start(&self) -> Result<Worker, ConnectError> {
        let config = ConnectConfig {
            sources: Vec::new(),
            device: self.device.clone(),
            max_open: AT_ONCE * open_port_check::MAX_CONNECTIONS_PER_HOST as usize,
        };
        let apart = |rate: Option<f64>| {
            rate.map_or(Duration::ZERO, |rate| Duration::from_secs_f64(1.0 / rate))
        };
        let hand = Hand {
            connector: Connector::new(config)?.keeping(),
            apart: apart(self.plan.spec.budget.max_rate),
            apart_host: apart(self.plan.spec.budget.max_host_rate).max(APART),
            until: self.until,
            next: Instant::now(),
            jobs: Vec::new(),
            flights: BTreeMap::new(),
            next_id: 0,
        };
        let (ask, jobs) = channel();
        let (learn, learned) = channel();
        // Where it ends by an error its hosts stay without a verdict: the channel closes.
        thread::spawn(move || hand.run(&jobs, &learn));
        Ok(Worker { ask, learned })
    }

    /// Whether something is still to come about `host`.
    pub fn awaits(&self, host: Host) -> bool {
        self.waiting.contains(&host)
    }

    /// Whether something is still to come.
    pub fn is_busy(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// What became of the connections to `host`.
    pub fn take(&mut self, host: Host) -> Option<Box<OpenPortCheck>> {
        self.known.remove(&host)
    }

    /// Waits for news at most so long; takes what has come.
    pub fn learn(&mut self, wait: Duration) {
        let Some(worker) = &self.worker else { return };
        let mut news = worker.learned.recv_timeout(wait);
        loop {
            match news {
                Ok((host, handshakes)) => {
                    self.waiting.remove(&host);
                    if !handshakes.ports.is_empty() {
                        self.known.insert(host, Box::new(handshakes));
                    }
                }
                Err(RecvTimeoutError::Timeout) => return,
                Err(RecvTimeoutError::Disconnected) => return self.give_up(),
            }
            news = worker.learned.recv_timeout(Duration::ZERO);
        }
    }

    /// Nothing more is sent or awaited.
    pub fn give_up(&mut self) {
        self.worker = None;
        self.waiting.clear();
        self.left = 0;
    }
}

/// A connection to be made.
struct Due {
    port: u16,
    control: bool,
}

/// The connections to one host.
struct Job {
    host: Host,
    due: VecDeque<Due>,
    /// When the next one may begin.
    next: Instant,
    flying: usize,
    tried: Vec<CheckedPort>,
}

/// A connection under way or held.
struct Flight {
    host: Host,
    port: u16,
    control: bool,
    since: Instant,
    held: Option<Held>,
}

/// Makes the connections.
struct Hand {
    connector: Connector,
    apart: Duration,
    apart_host: Duration,
    until: Option<Instant>,
    /// When the next connection may begin, whoever it goes to.
    next: Instant,
    jobs: Vec<Job>,
    flights: BTreeMap<u64, Flight>,
    next_id: u64,
}

impl Hand {
    /// Until nobody asks any more.
    fn run(
        mut self,
        asked: &Receiver<Job>,
        learn: &Sender<(Host, OpenPortCheck)>,
    ) -> Result<(), ConnectError> {
        loop {
            let room = AT_ONCE - self.jobs.len();
            if self.jobs.is_empty() {
                let Ok(job) = asked.recv() else { return Ok(()) };
                self.jobs.push(job);
            } else if room > 0 {
                // That nobody asks any more says that nobody listens.
                match asked.try_recv() {
                    Ok(job) => self.jobs.push(job),
                    Err(std::sync::mpsc::TryRecvError::Empty) => {}
                    Err(std::sync::mpsc::TryRecvError::Disconnected) => return Ok(()),
                }
            }
            self.begin()?;
            self.hear()?;
            self.listen();
            for job in self
                .jobs
                .extract_if(.., |j| j.due.is_empty() && j.flying == 0)
            {
                let mut tried = job.tried;
                tried.sort_by_key(|t| (t.control, t.port));
                if learn
                    .send((job.host, OpenPortCheck { ports: tried }))
                    .is_err()
                {
                    return Ok(());
                }
            }
        }
    }

    /// Begins what is due.
    fn begin(&mut self) -> Result<(), ConnectError> {
        let now = Instant::now();
        if self.until.is_some_and(|until| now >= until) {
            for job in &mut self.jobs {
                job.due.clear();
            }
        }
        for job in &mut self.jobs {
            while now >= self.next
                && now >= job.next
                && let Some(due) = job.due.pop_front()
            {
                let id = self.next_id;
                let to = socket_address(job.host, due.port);
                if self.connector.start(id, to)? != Started::Yes {
                    job.due.push_front(due);
                    return Ok(());
                }
                self.next_id += 1;
                self.next = now + self.apart;
                job.next = now + self.apart_host;
                job.flying += 1;
                let flight = Flight {
                    host: job.host,
                    port: due.port,
                    control: due.control,
                    since: now,
                    held: None,
                };
                self.flights.insert(id, flight);
            }
        }
        Ok(())
    }

    /// What became of the attempts.
    fn hear(&mut self) -> Result<(), ConnectError> {
        let mut ended = Vec::new();
        let soon = self.jobs.iter().any(|j| !j.due.is_empty());
        let wait = if soon && self.apart < LOOK {
            APART
        } else {
            LOOK
        };
        self.connector.poll(Some(wait), |event| ended.push(event))?;
        for event in ended {
            let end = match event.outcome {
                Outcome::Connected => {
                    let held = self.connector.take(event.id);
                    if let Some(flight) = self.flights.get_mut(&event.id) {
                        flight.held = held;
                        flight.since = Instant::now();
                    }
                    continue;
                }
                Outcome::Refused => CheckOutcome::Refused,
                Outcome::Reset => CheckOutcome::Reset,
                Outcome::Icmp { .. } | Outcome::TimedOut | Outcome::Local(_) => {
                    CheckOutcome::Nothing
                }
            };
            self.end(event.id, end);
        }
        Ok(())
    }

    /// What is said on those that stand, and which have had their time.
    fn listen(&mut self) {
        let mut ended = Vec::new();
        let mut buffer = [0; BANNER_LEN];
        for (&id, flight) in &self.flights {
            let waited = flight.since.elapsed();
            let end = match flight.held.as_ref().map(|held| held.hear(&mut buffer)) {
                None if waited >= CONNECT_TIMEOUT => CheckOutcome::Nothing,
                Some(Heard::Nothing) if waited >= HOLD => CheckOutcome::Silent,
                None | Some(Heard::Nothing) => continue,
                Some(Heard::Bytes(length)) => {
                    CheckOutcome::Spoke(open_port_check::banner(&buffer[..length]))
                }
                Some(Heard::End) => CheckOutcome::Closed,
                Some(Heard::Reset) => CheckOutcome::Reset,
            };
            ended.push((id, end));
        }
        for (id, end) in ended {
            self.connector.cancel(id);
            self.end(id, end);
        }
    }

    fn end(&mut self, id: u64, end: CheckOutcome) {
        let Some(flight) = self.flights.remove(&id) else {
            return;
        };
        if let Some(job) = self.jobs.iter_mut().find(|j| j.host == flight.host) {
            job.flying -= 1;
            job.tried.push(CheckedPort {
                port: flight.port,
                control: flight.control,
                end,
            });
        }
    }
}
