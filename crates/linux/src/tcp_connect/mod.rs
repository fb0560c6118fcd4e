//! Many non-blocking TCP connects at once, as many as descriptors allow, each with a typed outcome.
//!
//! The caller decides what to connect to, how long to wait and what an outcome means for a port. An established connection
//! is closed with a reset at once, unless the caller holds it ([`Connector::holding_connections`]); nothing is written to
//! it.
//!
//! Invariant: every id given to [`Connector::start`] with success ends in exactly one event of
//! [`Connector::poll`], or in a [`Connector::cancel`].

mod descriptors;
pub(crate) mod error_queue;
mod held_connection;
mod types;

use core::time::Duration;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, Timespec, epoll, poll};
pub use rustix::io::Errno;
use rustix::net::{self, AddressFamily, SocketFlags, SocketType, ipproto, sockopt};

pub use descriptors::raise_descriptor_limit;
pub use held_connection::{HeldConnection, Recv};
pub use types::{ConnectConfig, ConnectError, Event, Outcome, Started};

use crate::clock::monotonic_ns;
use crate::io::set_option;

fn system(call: &'static str) -> impl Fn(Errno) -> ConnectError {
    move |errno| ConnectError::System { call, errno }
}

#[derive(Debug)]
struct Attempt {
    socket: OwnedFd,
    to: SocketAddr,
    started_ns: u64,
    /// Number of restarts because the attempt connected to itself (see [`Connector::is_self_connection`]).
    restarts: u8,
}

/// Runs connection attempts.
#[derive(Debug)]
pub struct Connector {
    epoll: OwnedFd,
    config: ConnectConfig,
    attempts: HashMap<u64, Attempt>,
    /// Attempts that ended inside `start`.
    ended: Vec<Event>,
    capacity: usize,
    /// Established connections, if they are held.
    held: Option<HashMap<u64, HeldConnection>>,
}

/// Immediate result of the connect call.
enum First {
    Waiting(OwnedFd),
    Connected(OwnedFd),
    Ended(Outcome),
    Later(Started),
}

impl Connector {
    /// Returns a connector. Raises the soft limit of descriptors to the hard limit, and leaves some for others.
    ///
    /// # Errors
    /// If no descriptor is left, or the kernel refuses an epoll descriptor.
    pub fn new(config: ConnectConfig) -> Result<Self, ConnectError> {
        let free = descriptors::available()?;
        let capacity = if config.max_open == 0 {
            free
        } else {
            config.max_open.min(free)
        };
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).map_err(system("epoll_create1"))?;
        let (attempts, ended) = (HashMap::new(), Vec::new());
        Ok(Self {
            epoll,
            config,
            attempts,
            ended,
            capacity,
            held: None,
        })
    }

    /// Makes established connections stay open: after its event, the caller can [take](Connector::take) a connection.
    #[must_use]
    pub fn holding_connections(mut self) -> Self {
        self.held = Some(HashMap::new());
        self
    }

    /// Takes the established connection of attempt `id`.
    pub fn take(&mut self, id: u64) -> Option<HeldConnection> {
        self.held.as_mut()?.remove(&id)
    }

    /// Holds or closes an established connection.
    fn connected(&mut self, id: u64, socket: OwnedFd) {
        let held = HeldConnection::new(socket);
        if let Some(connections) = &mut self.held {
            connections.insert(id, held);
        }
    }

    /// Returns the maximum number of attempts at once. It shrinks when the system has fewer descriptors than promised.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Returns the number of attempts in flight.
    pub fn in_flight(&self) -> usize {
        self.attempts.len()
    }

    /// Starts to connect to `to`; the scope id of a link-local address is its zone.
    ///
    /// # Errors
    /// If connecting does not work at all.
    pub fn start(&mut self, id: u64, to: SocketAddr) -> Result<Started, ConnectError> {
        if self.attempts.contains_key(&id) {
            return Err(ConnectError::DuplicateId(id));
        }
        self.begin(id, to, 0)
    }

    fn begin(&mut self, id: u64, to: SocketAddr, restarts: u8) -> Result<Started, ConnectError> {
        if self.attempts.len() >= self.capacity {
            return Ok(Started::NoDescriptor);
        }
        let started_ns = monotonic_ns();
        match self.connect(to)? {
            First::Waiting(socket) => {
                let flags = epoll::EventFlags::OUT | epoll::EventFlags::ONESHOT;
                let data = epoll::EventData::new_u64(id);
                epoll::add(&self.epoll, &socket, data, flags).map_err(system("epoll_ctl"))?;
                self.attempts.insert(
                    id,
                    Attempt {
                        socket,
                        to,
                        started_ns,
                        restarts,
                    },
                );
                Ok(Started::Yes)
            }
            First::Connected(socket) => {
                self.connected(id, socket);
                Ok(self.ended_at_once(id, Outcome::Connected, started_ns))
            }
            First::Ended(outcome) => Ok(self.ended_at_once(id, outcome, started_ns)),
            First::Later(Started::NoDescriptor) => {
                // Another part of the process opened descriptors in the meantime.
                self.capacity = self.attempts.len();
                if self.capacity == 0 {
                    let limit = descriptors::limit();
                    return Err(ConnectError::NoDescriptors { limit });
                }
                Ok(Started::NoDescriptor)
            }
            First::Later(why) => Ok(why),
        }
    }

    fn ended_at_once(&mut self, id: u64, outcome: Outcome, started_ns: u64) -> Started {
        let rtt_ns = monotonic_ns() - started_ns;
        self.ended.push(Event {
            id,
            outcome,
            rtt_ns,
        });
        Started::Yes
    }

    fn connect(&self, to: SocketAddr) -> Result<First, ConnectError> {
        let v6 = to.is_ipv6();
        let family = if v6 {
            AddressFamily::INET6
        } else {
            AddressFamily::INET
        };
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket = net::socket_with(family, SocketType::STREAM, flags, Some(ipproto::TCP));
        let socket = match socket {
            Ok(socket) => socket,
            Err(Errno::MFILE | Errno::NFILE) => return Ok(First::Later(Started::NoDescriptor)),
            Err(Errno::NOBUFS | Errno::NOMEM) => return Ok(First::Later(Started::NoPort)),
            Err(errno @ Errno::AFNOSUPPORT) => return Ok(First::Ended(Outcome::Local(errno))),
            Err(errno) => return Err(system("socket")(errno)),
        };
        self.prepare(socket.as_fd(), to)?;
        match net::connect(&socket, &to) {
            Err(Errno::INPROGRESS) => Ok(First::Waiting(socket)),
            Ok(()) => Ok(First::Connected(socket)),
            // Every source port towards this target is in use; some will become free.
            Err(Errno::ADDRNOTAVAIL | Errno::AGAIN | Errno::NOBUFS | Errno::NOMEM) => {
                Ok(First::Later(Started::NoPort))
            }
            Err(errno) => Ok(First::Ended(classify(socket.as_fd(), to, errno))),
        }
    }

    /// Sets source address, device, and the report of ICMP errors.
    fn prepare(&self, socket: BorrowedFd<'_>, to: SocketAddr) -> Result<(), ConnectError> {
        let (call, level, option) = if to.is_ipv6() {
            (
                "setsockopt(IPV6_RECVERR)",
                libc::IPPROTO_IPV6,
                libc::IPV6_RECVERR,
            )
        } else {
            ("setsockopt(IP_RECVERR)", libc::IPPROTO_IP, libc::IP_RECVERR)
        };
        // Without this option outcomes are less precise, but correct.
        let _ = set_option(socket, call, level, option, &1i32);
        if let Some(device) = &self.config.device {
            let bound = socket2::SockRef::from(&socket).bind_device(Some(device.as_bytes()));
            bound.map_err(|error| ConnectError::BadDevice {
                errno: Errno::from_io_error(&error).unwrap_or(Errno::IO),
            })?;
        }
        let same_family = |a: &&IpAddr| a.is_ipv6() == to.is_ipv6();
        if let Some(&address) = self.config.sources.iter().find(same_family) {
            // The kernel then chooses the source port at connect time: 28,000 connections to each target, not in total.
            let call = "setsockopt(IP_BIND_ADDRESS_NO_PORT)";
            let option = libc::IP_BIND_ADDRESS_NO_PORT;
            let _ = set_option(socket, call, libc::IPPROTO_IP, option, &1i32);
            let mut from = SocketAddr::new(address, 0);
            if let (SocketAddr::V6(from), SocketAddr::V6(to)) = (&mut from, to)
                && from.ip().is_unicast_link_local()
            {
                from.set_scope_id(to.scope_id());
            }
            net::bind(socket, &from).map_err(|errno| match errno {
                Errno::ADDRNOTAVAIL => ConnectError::BadSource { address },
                errno => system("bind")(errno),
            })?;
        }
        Ok(())
    }

    /// Cancels an attempt: it will have no event. Returns whether it existed.
    pub fn cancel(&mut self, id: u64) -> bool {
        let before = self.ended.len();
        self.ended.retain(|event| event.id != id);
        self.attempts.remove(&id).is_some() || self.ended.len() < before
    }

    /// Waits until an attempt ends or `timeout` has passed (`None`: for ever), passes every event to `ended`, and returns
    /// their number.
    ///
    /// # Errors
    /// If connecting does not work at all.
    pub fn poll(
        &mut self,
        timeout: Option<Duration>,
        mut ended: impl FnMut(Event),
    ) -> Result<usize, ConnectError> {
        let mut count = self.ended.len();
        self.ended.drain(..).for_each(&mut ended);
        let timeout = if count > 0 {
            Some(Duration::ZERO)
        } else {
            timeout
        };
        // The timeout of epoll is in milliseconds: too coarse for thousands of attempts per second.
        if timeout != Some(Duration::ZERO) {
            let timeout = timeout.map(|t| Timespec {
                tv_sec: t.as_secs().min(i64::MAX as u64) as i64,
                tv_nsec: t.subsec_nanos().into(),
            });
            match poll(
                &mut [PollFd::new(&self.epoll, PollFlags::IN)],
                timeout.as_ref(),
            ) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(errno) => return Err(system("ppoll")(errno)),
            }
        }
        let mut events = Vec::with_capacity(self.attempts.len().clamp(1, 1024));
        let space = rustix::buffer::spare_capacity(&mut events);
        match epoll::wait(&self.epoll, space, Some(&Timespec::default())) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(errno) => return Err(system("epoll_pwait2")(errno)),
        }
        for event in &events {
            let data = event.data;
            if let Some(event) = self.end(data.u64())? {
                ended(event);
                count += 1;
            }
        }
        Ok(count)
    }

    /// Returns the event of an attempt that epoll reports, or none if it was restarted.
    fn end(&mut self, id: u64) -> Result<Option<Event>, ConnectError> {
        let Some(attempt) = self.attempts.remove(&id) else {
            return Ok(None);
        };
        let rtt_ns = monotonic_ns() - attempt.started_ns;
        let socket = attempt.socket.as_fd();
        let error = sockopt::socket_error(socket).map_err(system("getsockopt(SO_ERROR)"))?;
        let outcome = match error {
            Err(errno) => classify(socket, attempt.to, errno),
            Ok(()) if Self::is_self_connection(socket, attempt.to) => {
                let (to, restarts) = (attempt.to, attempt.restarts + 1);
                drop(attempt);
                if restarts < 4 && self.begin(id, to, restarts)? == Started::Yes {
                    return Ok(None);
                }
                // Nothing listens on this port, or the kernel could not have chosen it as source port.
                return Ok(Some(Event {
                    id,
                    outcome: Outcome::Refused,
                    rtt_ns,
                }));
            }
            Ok(()) if is_established(socket) => Outcome::Connected,
            // The kernel reports the socket when it queues an ICMP error, before it sets the socket's error.
            Ok(()) => {
                let Some(outcome) = icmp_error(socket, attempt.to) else {
                    self.attempts.insert(id, attempt);
                    return Ok(None);
                };
                outcome
            }
        };
        if outcome == Outcome::Connected {
            self.connected(id, attempt.socket);
        }
        Ok(Some(Event {
            id,
            outcome,
            rtt_ns,
        }))
    }

    /// Returns whether a socket is connected to itself. A connect to an ephemeral port of this machine can get the same
    /// port as its source port, and then completes a handshake with itself (RFC 9293 section 3.5, simultaneous open).
    fn is_self_connection(socket: BorrowedFd<'_>, to: SocketAddr) -> bool {
        let own = net::getsockname(socket)
            .ok()
            .and_then(|own| SocketAddr::try_from(own).ok());
        own.is_some_and(|own| own.ip() == to.ip() && own.port() == to.port())
    }
}

impl AsFd for Connector {
    /// Returns a descriptor that is readable when an attempt has ended, for waiting together with other descriptors.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.epoll.as_fd()
    }
}

/// Returns whether the handshake is done: only then is there a peer (getpeername(2), ENOTCONN).
fn is_established(socket: BorrowedFd<'_>) -> bool {
    net::getpeername(socket).is_ok_and(|peer| peer.is_some())
}

/// Returns the ICMP error on a socket's queue, if one is there that another machine sent.
fn icmp_error(socket: BorrowedFd<'_>, to: SocketAddr) -> Option<Outcome> {
    let (from, kind, code) = error_queue::take(socket)?;
    let own = net::getsockname(socket)
        .ok()
        .and_then(|own| SocketAddr::try_from(own).ok());
    let ours = own.is_some_and(|own| own.ip() == from) && from != to.ip();
    // "Host unreachable" from this machine itself: the neighbour did not answer ARP or NDP.
    (!ours).then_some(Outcome::Icmp { from, kind, code })
}

/// Returns the outcome of a failed connect, with the ICMP error behind it if there was one.
fn classify(socket: BorrowedFd<'_>, to: SocketAddr, errno: Errno) -> Outcome {
    if let Some(outcome) = icmp_error(socket, to) {
        return outcome;
    }
    match errno {
        Errno::CONNREFUSED => Outcome::Refused,
        // A reset in answer to the SYN gives ECONNREFUSED: here there was a connection (tcp_reset, net/ipv4/tcp_input.c).
        Errno::CONNRESET | Errno::PIPE => Outcome::Reset,
        Errno::TIMEDOUT => Outcome::TimedOut,
        errno => Outcome::Local(errno),
    }
}
