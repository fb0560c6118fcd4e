//! The scan by connections of the kernel: no privilege needed.
//!
//! The loop between the connect engine and the kernel's sockets. This file must
//! not know formats or routes.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::time::Duration;
use std::{fmt, io};

use vigie_linux::clock::{monotonic_ns, wake_in_time};
use vigie_linux::tcp_connect::{
    ConnectConfig, ConnectError, Connector, Errno, Outcome as Ended, Started,
};
use vigie_report::Message;
use vigie_report::scan::ScanInfo;
use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::connect::{ConnectOutcome as End, ConnectRequest, ConnectScan};
use vigie_scan::event::EndReason;
use vigie_scan::probe::unreachable;
use vigie_scan::{Instant, Reason};
use vigie_scope::Host;

use super::follow::Follower;
use super::options::ScanOptions;
use super::packets::other_plan;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::ui::{Outcome, Ui};

/// How often the progress is shown.
const LOOK: Duration = Duration::from_millis(100);
/// Events are told for so long at a time at most: a wish to stop is heard in between.
const TELL: Duration = Duration::from_millis(20);

/// Runs the scan that `info` describes.
pub fn run(
    options: &ScanOptions,
    info: &ScanInfo,
    checkpoint: Option<Checkpoint>,
    ui: &mut Ui,
) -> Outcome {
    let config = ConnectConfig {
        sources: Vec::new(),
        device: options.interface.clone(),
        max_open: info.plan.budget.max_connections,
    };
    let mut connector = Connector::new(config).map_err(|e| error(&e))?;
    let mut plan = info.plan.clone();
    plan.budget.max_connections = plan.budget.max_connections.min(connector.room());
    let mut scan = ConnectScan::new(plan, now());
    if let Some(checkpoint) = checkpoint
        && !scan.resume(now(), checkpoint)
    {
        return Err(other_plan());
    }
    let mut follower = Follower::begin(options, info, ui, Interrupt::listen())?;
    follower.prove()?;
    let mut ran = drive(&mut scan, &mut connector, &mut follower);
    if ran.is_err() {
        // What is known is told all the same.
        scan.stop(now(), EndReason::Failed);
        while scan.is_summarizing() && !scan.is_over() {
            while let Some(event) = scan.poll_event(now()) {
                ran = ran.and(follower.event(&event));
            }
            while scan.poll_cancel(now()).is_some() {}
        }
    }
    let exit = follower.finish();
    ran.and(exit)
}

fn drive(
    scan: &mut ConnectScan,
    connector: &mut Connector,
    follower: &mut Follower,
) -> Result<(), Error> {
    wake_in_time();
    let mut next_look = now() + LOOK;
    let mut stopped = false;
    let mut window = scan.window();
    // The connections that lines were printed for; nothing where none are.
    let mut under_way = BTreeMap::new();
    loop {
        let at = now();
        if !stopped && let Some(why) = follower.stop() {
            if !scan.is_summarizing() {
                follower.keep(true, &|notes| scan.checkpoint(at, notes))?;
            }
            scan.stop(at, why);
            stopped = true;
        }
        scan.on_timeout(at);
        while let Some(id) = scan.poll_cancel(at) {
            connector.cancel(id);
            tell(follower, &mut under_way, id, &"no answer in time")?;
        }
        while let Some(start) = scan.poll_connect(at) {
            match connector
                .start(start.id, address(&start))
                .map_err(|e| error(&e))?
            {
                Started::Yes => {
                    if let Some(trace) = follower.trace() {
                        trace.connection(address(&start), &"SYN-SENT")?;
                        under_way.insert(start.id, address(&start));
                    }
                }
                Started::NoDescriptor | Started::NoPort => {
                    scan.on_connect_result(now(), start.id, End::NoResources, None);
                }
            }
        }
        let until = at + TELL;
        while let Some(event) = scan.poll_event(now()) {
            follower.event(&event)?;
            if now() >= until {
                break;
            }
        }
        if scan.window() != window {
            window = scan.window();
            follower.window()?;
        }
        if at >= next_look {
            next_look = at + LOOK;
            if !scan.is_summarizing() {
                follower.keep(false, &|notes| scan.checkpoint(at, notes))?;
            }
            follower.progress(&scan.progress())?;
        }
        let Some(due) = scan.poll_timeout(now()) else {
            return Ok(());
        };
        let wait = due.min(next_look).since(now());
        let mut told = Ok(());
        let mut refused = None;
        let polled = connector.poll(Some(wait), |event| {
            let rtt = Duration::from_nanos(event.rtt_ns);
            if told.is_ok() {
                told = tell(follower, &mut under_way, event.id, &Word(&event.outcome));
            }
            match outcome(&event.outcome) {
                Ok(outcome) => scan.on_connect_result(now(), event.id, outcome, Some(rtt)),
                // Says nothing about the target: the connection stays without a result.
                Err(errno) => refused = Some(errno),
            }
        });
        polled.map_err(|e| error(&e))?;
        told?;
        if let Some(errno) = refused {
            return Err(local_error(errno));
        }
    }
}

/// A line for what became of a connection, where lines are wanted.
fn tell(
    follower: &mut Follower,
    under_way: &mut BTreeMap<u64, SocketAddr>,
    id: u64,
    what: &dyn fmt::Display,
) -> io::Result<()> {
    match (under_way.remove(&id), follower.trace()) {
        (Some(to), Some(trace)) => trace.connection(to, what),
        _ => Ok(()),
    }
}

/// What became of a connection, in the words of RFC 9293 and errno(3).
struct Word<'a>(&'a Ended);

impl fmt::Display for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Ended::Connected => f.write_str("ESTABLISHED"),
            Ended::Reset => f.write_str("ECONNRESET"),
            Ended::Refused => f.write_str("ECONNREFUSED"),
            Ended::Icmp { from, kind, code } => {
                write!(f, "ICMP type {kind} code {code} from {from}")
            }
            Ended::TimedOut => f.write_str("ETIMEDOUT"),
            Ended::Local(errno) => write!(f, "{errno}"),
        }
    }
}

fn address(start: &ConnectRequest) -> SocketAddr {
    socket_address(start.host, start.port)
}

/// A port of a host, for the kernel.
pub fn socket_address(host: Host, port: u16) -> SocketAddr {
    match host.ip {
        IpAddr::V4(ip) => SocketAddrV4::new(ip, port).into(),
        IpAddr::V6(ip) => SocketAddrV6::new(ip, port, 0, host.zone).into(),
    }
}

/// What an end means for the target; an error number where it means something about this machine only.
fn outcome(ended: &Ended) -> Result<End, Errno> {
    Ok(match *ended {
        // What was reset after the handshake was open.
        Ended::Connected | Ended::Reset => End::Connected,
        Ended::Refused => End::Refused,
        Ended::Icmp { from, kind, code } => {
            let reason = match from {
                IpAddr::V4(_) => unreachable::reason_v4(kind, code),
                IpAddr::V6(_) => unreachable::reason_v6(kind, code),
            };
            End::Unreachable {
                reason: reason.unwrap_or(Reason::DestUnreach),
                from: Some(from),
            }
        }
        // The kernel waited longer than the scan would have.
        Ended::TimedOut => End::TimedOut,
        // Without an ICMP error: the neighbour did not answer for its address.
        Ended::Local(Errno::HOSTUNREACH) => End::Unreachable {
            reason: Reason::HostUnreach,
            from: None,
        },
        Ended::Local(errno) => return Err(errno),
    })
}

/// Why this machine does not let connections out.
fn local_error(errno: Errno) -> Error {
    match errno {
        Errno::NETDOWN | Errno::NETUNREACH => Error::could_not_run(Message::new("link-went-down"))
            .hint(Message::new("link-went-down-hint")),
        other => Error::could_not_run(Message::new("kernel-refused").shown("error", other)),
    }
}

fn now() -> Instant {
    Instant::from_nanos(monotonic_ns())
}

/// What keeps connections from being made, in words.
fn error(error: &ConnectError) -> Error {
    let text = crate::kernel::connect(error);
    match error {
        ConnectError::NoDescriptors { .. } => {
            Error::could_not_run(text).hint(Message::new("connect-no-descriptors-hint"))
        }
        ConnectError::BadSource { .. } => Error::could_not_run(text),
        _ => Error::could_not_run(Message::new("kernel-refused").text("error", text)),
    }
}
