//! Makes full connections, in its own thread, to hosts that appear to have every port open.
//!
//! [`vigie_scan::open_port_check`] chooses the ports and judges the outcomes. Here the kernel makes the connections; each
//! is held for a while, to read a banner, and closed. This module must not know who reports the results.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use vigie_linux::tcp_connect::{
    ConnectConfig, ConnectError, Connector, HeldConnection, Outcome, Recv, Started,
};
use vigie_scan::open_port_check::{
    self, BANNER_LEN, CONNECT_TIMEOUT, CheckOutcome, CheckedPort, HOLD, MAX_CONNECTIONS_PER_HOST,
    OpenPortCheck,
};
use vigie_scope::Host;

use crate::socket_address;

/// Maximum number of hosts checked at the same time.
const MAX_HOSTS_AT_ONCE: usize = 8;
/// Minimum interval between two connections to one host.
const MIN_HOST_INTERVAL: Duration = Duration::from_millis(1);
/// Interval at which held connections are read and new requests accepted.
const TICK: Duration = Duration::from_millis(10);

/// Configuration of the checker.
#[derive(Clone, Debug, Default)]
pub struct CheckerConfig {
    /// Interface to connect through (`SO_BINDTODEVICE`).
    pub device: Option<String>,
    /// Maximum number of connections per second, to all hosts.
    pub max_rate: Option<f64>,
    /// Maximum number of connections per second to one host.
    pub max_host_rate: Option<f64>,
    /// When the last connection may be started.
    pub deadline: Option<Instant>,
}

/// The checker's thread and the channels to it. The thread ends when this is dropped.
#[derive(Debug)]
pub struct OpenPortChecker {
    requests: Sender<Job>,
    results: Receiver<(Host, OpenPortCheck)>,
}

/// The checker's thread has ended after a kernel error. No more results will arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckerEnded;

impl OpenPortChecker {
    /// Starts the thread.
    ///
    /// # Errors
    /// If no descriptor is left, or the kernel refuses an epoll descriptor.
    pub fn start(config: CheckerConfig) -> Result<OpenPortChecker, ConnectError> {
        let connector = Connector::new(ConnectConfig {
            sources: Vec::new(),
            device: config.device,
            max_open: MAX_HOSTS_AT_ONCE * MAX_CONNECTIONS_PER_HOST as usize,
        })?;
        let interval = |rate: Option<f64>| {
            rate.map_or(Duration::ZERO, |rate| Duration::from_secs_f64(1.0 / rate))
        };
        let worker = Worker {
            connector: connector.holding_connections(),
            interval: interval(config.max_rate),
            host_interval: interval(config.max_host_rate).max(MIN_HOST_INTERVAL),
            deadline: config.deadline,
            next: Instant::now(),
            jobs: Vec::new(),
            connections: BTreeMap::new(),
            next_id: 0,
        };
        let (requests, jobs) = channel();
        let (sender, results) = channel();
        // If the thread ends with an error, the channel closes and its hosts stay without a verdict.
        thread::spawn(move || worker.run(&jobs, &sender));
        Ok(OpenPortChecker { requests, results })
    }

    /// Requests connections to `ports` of `host`, in this order; `true` marks a control port.
    ///
    /// # Errors
    /// If the thread has ended.
    pub fn request(
        &self,
        host: Host,
        ports: impl IntoIterator<Item = (u16, bool)>,
    ) -> Result<(), CheckerEnded> {
        let job = Job {
            host,
            due: ports.into_iter().collect(),
            next: Instant::now(),
            in_flight: 0,
            checked: Vec::new(),
        };
        self.requests.send(job).map_err(|_| CheckerEnded)
    }

    /// Returns the next result, waiting at most `timeout`, or `None` if none arrived.
    ///
    /// # Errors
    /// If the thread has ended.
    pub fn next(&self, timeout: Duration) -> Result<Option<(Host, OpenPortCheck)>, CheckerEnded> {
        match self.results.recv_timeout(timeout) {
            Ok(result) => Ok(Some(result)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(CheckerEnded),
        }
    }
}

/// The connections to one host.
#[derive(Debug)]
struct Job {
    host: Host,
    /// Ports to connect to, and whether each is a control.
    due: VecDeque<(u16, bool)>,
    /// Earliest start of the next connection.
    next: Instant,
    in_flight: usize,
    checked: Vec<CheckedPort>,
}

/// A connection that is being made or held.
struct Connection {
    host: Host,
    port: u16,
    control: bool,
    /// Start of the attempt, or of the hold.
    since: Instant,
    held: Option<HeldConnection>,
}

/// Makes the connections.
struct Worker {
    connector: Connector,
    interval: Duration,
    host_interval: Duration,
    deadline: Option<Instant>,
    /// Earliest start of the next connection to any host.
    next: Instant,
    jobs: Vec<Job>,
    connections: BTreeMap<u64, Connection>,
    next_id: u64,
}

impl Worker {
    /// Runs until the checker is dropped.
    fn run(
        mut self,
        requests: &Receiver<Job>,
        results: &Sender<(Host, OpenPortCheck)>,
    ) -> Result<(), ConnectError> {
        loop {
            if self.jobs.is_empty() {
                let Ok(job) = requests.recv() else {
                    return Ok(());
                };
                self.jobs.push(job);
            } else if self.jobs.len() < MAX_HOSTS_AT_ONCE {
                match requests.try_recv() {
                    Ok(job) => self.jobs.push(job),
                    Err(TryRecvError::Empty) => {}
                    Err(TryRecvError::Disconnected) => return Ok(()),
                }
            }
            self.start_due()?;
            self.poll_attempts()?;
            self.poll_held();
            let done = |job: &mut Job| job.due.is_empty() && job.in_flight == 0;
            for job in self.jobs.extract_if(.., done) {
                let mut ports = job.checked;
                ports.sort_by_key(|port| (port.control, port.port));
                if results.send((job.host, OpenPortCheck { ports })).is_err() {
                    return Ok(());
                }
            }
        }
    }

    fn start_due(&mut self) -> Result<(), ConnectError> {
        let now = Instant::now();
        if self.deadline.is_some_and(|deadline| now >= deadline) {
            for job in &mut self.jobs {
                job.due.clear();
            }
        }
        for job in &mut self.jobs {
            while now >= self.next
                && now >= job.next
                && let Some((port, control)) = job.due.pop_front()
            {
                let id = self.next_id;
                let to = socket_address(job.host, port);
                if self.connector.start(id, to)? != Started::Yes {
                    job.due.push_front((port, control));
                    return Ok(());
                }
                self.next_id += 1;
                self.next = now + self.interval;
                job.next = now + self.host_interval;
                job.in_flight += 1;
                let connection = Connection {
                    host: job.host,
                    port,
                    control,
                    since: now,
                    held: None,
                };
                self.connections.insert(id, connection);
            }
        }
        Ok(())
    }

    /// Waits for attempts to end. Established connections are held, the others recorded.
    fn poll_attempts(&mut self) -> Result<(), ConnectError> {
        let more_due = self.jobs.iter().any(|job| !job.due.is_empty());
        let timeout = if more_due && self.interval < TICK {
            MIN_HOST_INTERVAL
        } else {
            TICK
        };
        let mut ended = Vec::new();
        self.connector
            .poll(Some(timeout), |event| ended.push(event))?;
        for event in ended {
            let outcome = match event.outcome {
                Outcome::Connected => {
                    let held = self.connector.take(event.id);
                    if let Some(connection) = self.connections.get_mut(&event.id) {
                        connection.held = held;
                        connection.since = Instant::now();
                    }
                    continue;
                }
                Outcome::Refused => CheckOutcome::Refused,
                Outcome::Reset => CheckOutcome::Reset,
                Outcome::Icmp { .. } | Outcome::TimedOut | Outcome::Local(_) => {
                    CheckOutcome::Nothing
                }
            };
            self.record(event.id, outcome);
        }
        Ok(())
    }

    /// Reads banners, and ends connections that were held long enough.
    fn poll_held(&mut self) {
        let mut ended = Vec::new();
        let mut buffer = [0; BANNER_LEN];
        for (&id, connection) in &self.connections {
            let waited = connection.since.elapsed();
            let outcome = match connection.held.as_ref().map(|held| held.recv(&mut buffer)) {
                None if waited >= CONNECT_TIMEOUT => CheckOutcome::Nothing,
                Some(Recv::NoData) if waited >= HOLD => CheckOutcome::Silent,
                None | Some(Recv::NoData) => continue,
                Some(Recv::Bytes(length)) => {
                    CheckOutcome::Spoke(open_port_check::banner(&buffer[..length]))
                }
                Some(Recv::End) => CheckOutcome::Closed,
                Some(Recv::Reset) => CheckOutcome::Reset,
            };
            ended.push((id, outcome));
        }
        for (id, outcome) in ended {
            self.connector.cancel(id);
            self.record(id, outcome);
        }
    }

    fn record(&mut self, id: u64, end: CheckOutcome) {
        let Some(connection) = self.connections.remove(&id) else {
            return;
        };
        let job = self.jobs.iter_mut().find(|j| j.host == connection.host);
        if let Some(job) = job {
            job.in_flight -= 1;
            job.checked.push(CheckedPort {
                port: connection.port,
                control: connection.control,
                end,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use std::net::TcpListener;

    #[test]
    fn banner_silent_and_closed_ports_have_different_outcomes() {
        let speaks = TcpListener::bind("127.0.0.1:0").expect("the loopback");
        let silent = TcpListener::bind("127.0.0.1:0").expect("the loopback");
        let port = |listener: &TcpListener| listener.local_addr().expect("bound").port();
        let (speaks_port, silent_port) = (port(&speaks), port(&silent));
        let closed_port = port(&TcpListener::bind("127.0.0.1:0").expect("the loopback"));
        thread::spawn(move || {
            let (mut client, _) = speaks.accept().expect("a connection");
            client.write_all(b"220 hello\r\n").expect("written");
            thread::sleep(Duration::from_secs(5));
        });
        let host = Host::zoned("127.0.0.1".parse().unwrap(), 0);
        let checker = OpenPortChecker::start(CheckerConfig::default()).expect("started");
        let ports = [
            (speaks_port, false),
            (silent_port, false),
            (closed_port, true),
        ];
        checker.request(host, ports).expect("the thread runs");
        let result = checker
            .next(Duration::from_secs(20))
            .expect("it still runs");
        let (of, check) = result.expect("a result");
        assert_eq!(of, host);
        let end = |port| {
            let found = check.ports.iter().find(|p| p.port == port);
            found.map(|p| p.end.clone()).expect("checked")
        };
        assert_eq!(end(silent_port), CheckOutcome::Silent);
        assert_eq!(end(closed_port), CheckOutcome::Refused);
        assert!(
            matches!(end(speaks_port), CheckOutcome::Spoke(text) if text.contains("220 hello"))
        );
        assert_eq!(check.ports.len(), 3);
    }
}
