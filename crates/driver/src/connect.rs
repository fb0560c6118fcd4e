//! Runs a connect scan on non-blocking TCP sockets: the kernel makes the connections, no privilege needed.
//!
//! It must not know what is scanned or found.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::time::Duration;

use vigie_linux::tcp_connect::{ConnectConfig, ConnectError, Connector, Errno, Outcome, Started};
use vigie_scan::plan::Plan;
use vigie_scan::probe::unreachable;
use vigie_scan::{ConnectOutcome, Instant, Reason, Scan};
use vigie_scope::Host;

use crate::run::{self, Backend, Supervisor, now};
use crate::{ConnectionState, Error, Observer};

/// Sockets of a connect scan.
#[derive(Debug)]
pub struct ConnectRunner {
    connector: Connector,
    /// Destinations of attempts by id, if the observer wants their states.
    reported: BTreeMap<u64, SocketAddr>,
}

impl ConnectRunner {
    /// Prepares connections according to `config`, and raises the limit of open descriptors.
    ///
    /// # Errors
    /// If no descriptor is left, or the kernel refuses an epoll descriptor.
    pub fn open(config: ConnectConfig) -> Result<ConnectRunner, ConnectError> {
        Ok(ConnectRunner {
            connector: Connector::new(config)?,
            reported: BTreeMap::new(),
        })
    }

    /// Returns `plan` with the number of simultaneous connections reduced to what the descriptor limit allows.
    pub fn adapt(&self, plan: &Plan) -> Plan {
        let mut plan = plan.clone();
        let max = &mut plan.spec.budget.max_connections;
        *max = (*max).min(self.connector.capacity());
        plan
    }

    /// Runs `scan` to its end, or until `observer` requests a stop.
    ///
    /// # Errors
    /// If the kernel cannot make connections (the observer still receives what is known), or the observer fails.
    pub fn run<O: Observer>(
        &mut self,
        scan: &mut Scan,
        observer: &mut O,
    ) -> Result<(), Error<O::Error>> {
        let ran = run::observe(scan, self, observer, false).map(|_| ());
        run::end(ran, scan, observer)
    }

    /// Passes the outcomes that arrive within `timeout` to `scan`, then cancels overdue attempts.
    fn collect<S: Supervisor>(
        &mut self,
        scan: &mut Scan,
        timeout: Duration,
        supervisor: &mut S,
    ) -> Result<usize, Error<S::Error>> {
        let mut failed = Ok(());
        let reported = &mut self.reported;
        let count = self.connector.poll(Some(timeout), |event| {
            if let Some(to) = reported.remove(&event.id)
                && failed.is_ok()
            {
                let state = ConnectionState::Ended(event.outcome);
                failed = supervisor.connection(to, &state).map_err(Error::Observer);
            }
            match interpret(&event.outcome) {
                Ok(outcome) => {
                    let rtt = Duration::from_nanos(event.rtt_ns);
                    scan.on_connect_result(now(), event.id, outcome, Some(rtt));
                }
                // The error is not about the target, so the connection has no result.
                Err(errno) if failed.is_ok() => failed = Err(Error::Refused(errno)),
                Err(_) => {}
            }
        })?;
        failed?;
        while let Some(id) = scan.poll_cancel(now()) {
            self.connector.cancel(id);
            if let Some(to) = self.reported.remove(&id) {
                supervisor
                    .connection(to, &ConnectionState::GivenUp)
                    .map_err(Error::Observer)?;
            }
        }
        Ok(count)
    }
}

impl Backend for ConnectRunner {
    fn receive<S: Supervisor>(
        &mut self,
        scan: &mut Scan,
        supervisor: &mut S,
    ) -> Result<usize, Error<S::Error>> {
        self.collect(scan, Duration::ZERO, supervisor)
    }

    fn transmit<S: Supervisor>(
        &mut self,
        scan: &mut Scan,
        at: Instant,
        supervisor: &mut S,
    ) -> Result<usize, Error<S::Error>> {
        let wants_states = supervisor.wants_frames();
        let mut started = 0;
        while let Some(start) = scan.poll_connect(at) {
            let to = socket_address(start.host, start.port);
            match self.connector.start(start.id, to)? {
                Started::Yes => {
                    started += 1;
                    if wants_states {
                        supervisor
                            .connection(to, &ConnectionState::Started)
                            .map_err(Error::Observer)?;
                        self.reported.insert(start.id, to);
                    }
                }
                Started::NoDescriptor | Started::NoPort => {
                    scan.on_connect_result(now(), start.id, ConnectOutcome::NoResources, None);
                }
            }
        }
        Ok(started)
    }

    fn wait<S: Supervisor>(
        &mut self,
        scan: &mut Scan,
        timeout: Duration,
        supervisor: &mut S,
    ) -> Result<(), Error<S::Error>> {
        self.collect(scan, timeout, supervisor).map(|_| ())
    }
}

/// Returns the socket address of a port of `host`.
pub fn socket_address(host: Host, port: u16) -> SocketAddr {
    match host.ip {
        IpAddr::V4(ip) => SocketAddrV4::new(ip, port).into(),
        IpAddr::V6(ip) => SocketAddrV6::new(ip, port, 0, host.zone).into(),
    }
}

/// Returns the result for the target, or the error number if the outcome is only about this machine.
fn interpret(outcome: &Outcome) -> Result<ConnectOutcome, Errno> {
    Ok(match *outcome {
        // A connection that was reset after its handshake was open.
        Outcome::Connected | Outcome::Reset => ConnectOutcome::Connected,
        Outcome::Refused => ConnectOutcome::Refused,
        Outcome::Icmp { from, kind, code } => {
            let reason = match from {
                IpAddr::V4(_) => unreachable::reason_v4(kind, code),
                IpAddr::V6(_) => unreachable::reason_v6(kind, code),
            };
            ConnectOutcome::Unreachable {
                reason: reason.unwrap_or(Reason::DestUnreach),
                from: Some(from),
            }
        }
        // The kernel's own timeout is longer than the scan's.
        Outcome::TimedOut => ConnectOutcome::TimedOut,
        // Without an ICMP error: ARP or neighbour discovery got no answer.
        Outcome::Local(Errno::HOSTUNREACH) => ConnectOutcome::Unreachable {
            reason: Reason::HostUnreach,
            from: None,
        },
        Outcome::Local(errno) => return Err(errno),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_this_machine_are_no_results() {
        let from = IpAddr::from([192, 0, 2, 1]);
        let icmp = |kind, code| Outcome::Icmp { from, kind, code };
        let unreachable = |reason, from| Ok(ConnectOutcome::Unreachable { reason, from });
        for (outcome, expected) in [
            (Outcome::Connected, Ok(ConnectOutcome::Connected)),
            (Outcome::Reset, Ok(ConnectOutcome::Connected)),
            (Outcome::Refused, Ok(ConnectOutcome::Refused)),
            (Outcome::TimedOut, Ok(ConnectOutcome::TimedOut)),
            (
                icmp(3, 13),
                unreachable(Reason::AdminProhibited, Some(from)),
            ),
            (icmp(3, 200), unreachable(Reason::DestUnreach, Some(from))),
            (
                Outcome::Local(Errno::HOSTUNREACH),
                unreachable(Reason::HostUnreach, None),
            ),
            (Outcome::Local(Errno::PERM), Err(Errno::PERM)),
        ] {
            assert_eq!(interpret(&outcome), expected, "{outcome:?}");
        }
    }

    #[test]
    fn a_link_local_host_keeps_its_zone() {
        let host = Host::zoned("fe80::1".parse().unwrap(), 3);
        let expected = SocketAddrV6::new("fe80::1".parse().unwrap(), 80, 0, 3);
        assert_eq!(socket_address(host, 80), expected.into());
    }
}
