//! Runs a UDP scan on UDP sockets, for processes that may not open packet sockets: no privilege needed.
//!
//! The engine is the same as for packet sockets. Its probes are parsed, and their payloads sent by unconnected sockets:
//! one for each source address and attempt number, so that each error on a socket's error queue (`IP_RECVERR`, ip(7))
//! identifies exactly one probe. Answers and errors go back to the engine as packets. Sixteen descriptors for each
//! source address are enough for any number of ports and hosts.
//!
//! A pending error makes the next call on its socket fail (`sock_error` in the kernel). That call is repeated after
//! reading the queue, and nothing counts as lost. This module must not know what is scanned or found.

use std::net::{IpAddr, SocketAddr, SocketAddrV6};
use std::os::fd::AsFd;
use std::time::Duration;

use vigie_linux::io::{Interest, IoError, Waiter};
use vigie_linux::tcp_connect::{Errno, raise_descriptor_limit};
use vigie_linux::udp::message::{Message, Queue};
use vigie_linux::udp::{ProbeSocket, Sent};
use vigie_scan::engine::{KernelDrops, Quoted};
use vigie_scan::plan::{Framing, Plan};
use vigie_scan::{Ingress, Instant, Scan};
use vigie_wire::frame::{Frame, LinkType, Transport};

use crate::reply_packets::{MAX_DATAGRAM, PacketWriter};
use crate::run::{self, Backend, Supervisor, now};
use crate::{Error, Observer};

/// Number of datagrams sent before answers are read. Their errors must fit a socket's queue.
const BATCH: usize = 64;
/// Number of messages read from a socket before the next socket's turn.
const MAX_READS: usize = 512;
/// Maximum number of immediate retries of a datagram because of pending errors; each error belongs to another probe.
const MAX_RETRIES: usize = 64;
/// Number of attempt numbers: they have four bits.
const ATTEMPTS: usize = 16;
/// Longest sleep while a socket's send queue is full.
const BLOCKED_WAIT: Duration = Duration::from_micros(200);
/// TTL given to the engine where the kernel did not report one.
const UNKNOWN_TTL: u8 = 0;

/// Sockets of a UDP scan.
#[derive(Debug)]
pub struct UdpRunner {
    sources: Vec<Source>,
    device: Option<String>,
    waiter: Waiter,
    /// A probe that could not be sent because the queue was full: its packet and its link.
    held: Option<(Vec<u8>, u32)>,
    /// Datagrams that this machine refused to send.
    refused: u64,
    data: Box<[u8]>,
    writer: PacketWriter,
}

/// A local address that probes are sent from.
#[derive(Debug)]
struct Source {
    ip: IpAddr,
    /// Interface index of a link-local address; 0 for others.
    scope: u32,
    /// Interface index that answers are assumed to arrive on.
    link: u32,
    /// One socket for each attempt number, opened when needed.
    sockets: [Option<ProbeSocket>; ATTEMPTS],
}

/// What happened to a probe.
enum Fate {
    Sent,
    /// This machine does not let it out.
    Refused,
    /// The queue is full.
    Held,
}

impl UdpRunner {
    /// Opens the sockets for `plan`, bound to the interface `device` if given.
    ///
    /// # Errors
    /// If the kernel refuses a socket.
    pub fn open(plan: &Plan, device: Option<&str>) -> Result<UdpRunner, IoError> {
        raise_descriptor_limit();
        let mut sources: Vec<Source> = Vec::new();
        let more = plan.spec.udp.as_ref().map_or(&[][..], |udp| &udp.sources);
        let of_routes = plan
            .local
            .routes
            .iter()
            .map(|route| (route.source, route.link));
        let link = plan.local.routes.first().map_or(0, |route| route.link);
        for (ip, link) in of_routes.chain(more.iter().map(|ip| (*ip, link))) {
            let scope = if is_link_local(ip) { link } else { 0 };
            if sources.iter().all(|s| (s.ip, s.scope) != (ip, scope)) {
                sources.push(Source {
                    ip,
                    scope,
                    link,
                    sockets: Default::default(),
                });
            }
        }
        let mut runner = UdpRunner {
            sources,
            device: device.map(str::to_owned),
            waiter: Waiter::new(),
            held: None,
            refused: 0,
            data: vec![0; MAX_DATAGRAM].into(),
            writer: PacketWriter::new(),
        };
        // Open one socket now, so that a refusal is reported before the scan begins.
        for source in 0..runner.sources.len() {
            runner.open_socket(source, 1)?;
        }
        Ok(runner)
    }

    /// Returns `plan` as the engine needs it for [`UdpRunner::run`]: without Ethernet headers, because the kernel
    /// resolves hardware addresses.
    pub fn adapt(&self, plan: &Plan) -> Plan {
        let mut plan = plan.clone();
        for route in &mut plan.local.routes {
            route.framing = Framing::Ip;
        }
        // In the packets that the engine writes and reads, this port represents the ports of all sockets.
        let mut ports = self.sources.iter().flat_map(|s| s.sockets.iter().flatten());
        plan.local.source_port = ports.next().map_or(1, ProbeSocket::port);
        plan
    }

    /// Runs `scan` to its end, or until `observer` requests a stop.
    ///
    /// # Errors
    /// If a socket fails (the observer still receives what is known), or the observer fails.
    pub fn run<O: Observer>(
        &mut self,
        scan: &mut Scan,
        observer: &mut O,
    ) -> Result<(), Error<O::Error>> {
        let ran = run::observe(scan, self, observer, false).map(|_| ());
        run::end(ran, scan, observer)
    }

    /// Sends the payload of the engine's `packet`.
    fn send(&mut self, scan: &mut Scan, packet: &[u8], link: u32) -> Result<Fate, IoError> {
        let Some(probe) = Probe::parse(packet, link) else {
            return Ok(Fate::Refused);
        };
        let on_link = |s: &Source| s.ip == probe.from && (s.scope == 0 || s.scope == link);
        let Some(source) = self.sources.iter().position(on_link) else {
            return Ok(Fate::Refused);
        };
        self.open_socket(source, probe.attempt)?;
        let mut last = Errno::AGAIN;
        for _ in 0..MAX_RETRIES {
            let Some(socket) = &self.sources[source].sockets[probe.attempt] else {
                return Ok(Fate::Refused);
            };
            match socket.send(probe.payload, probe.to) {
                Sent::Yes => return Ok(Fate::Sent),
                Sent::QueueFull => return Ok(Fate::Held),
                Sent::Error(errno) => last = errno,
            }
            // The error most likely belongs to another probe and is on the error queue.
            self.drain(scan, source, probe.attempt);
        }
        match last {
            Errno::NETDOWN | Errno::NETUNREACH | Errno::ADDRNOTAVAIL => {
                Err(IoError::DeviceDown { call: "sendto" })
            }
            // Usually a packet filter on this machine.
            _ => Ok(Fate::Refused),
        }
    }

    /// Waits for answers and errors, at most `timeout`, and passes them to `scan`. Returns their number.
    fn receive_within(&mut self, scan: &mut Scan, timeout: Duration) -> Result<usize, IoError> {
        let mut on = Vec::new();
        let mut positions = Vec::new();
        for (i, source) in self.sources.iter().enumerate() {
            for (attempt, socket) in source.sockets.iter().enumerate() {
                if let Some(socket) = socket {
                    on.push((socket.as_fd(), Interest::Read));
                    positions.push((i, attempt));
                }
            }
        }
        let ready = self.waiter.wait(&on, Some(timeout))?.to_vec();
        let mut received = 0;
        for ((source, attempt), _) in positions.into_iter().zip(ready).filter(|(_, ready)| *ready) {
            received += self.drain(scan, source, attempt);
        }
        Ok(received)
    }

    /// Passes everything that waits on a socket to `scan`. Returns the number of answers and errors.
    fn drain(&mut self, scan: &mut Scan, source: usize, attempt: usize) -> usize {
        let mut received = 0;
        for queue in [Queue::Errors, Queue::Data] {
            for _ in 0..MAX_READS {
                let Some(socket) = &self.sources[source].sockets[attempt] else {
                    break;
                };
                match socket.take(queue, &mut self.data) {
                    // Errors of this machine are not about the target.
                    Ok(Some(message)) if queue == Queue::Errors && message.error.is_none() => {}
                    Ok(Some(message)) => {
                        received += 1;
                        self.pass_on(scan, source, attempt, &message);
                    }
                    Ok(None) => received += 1,
                    Err(Errno::AGAIN) => break,
                    // The error was pending and is now cleared.
                    Err(_) => {}
                }
            }
        }
        received
    }

    /// Passes an answer or an error to `scan`, as the packet that carried it.
    fn pass_on(&mut self, scan: &mut Scan, source: usize, attempt: usize, message: &Message) {
        let to = &self.sources[source];
        let (peer, ttl) = (message.address, message.ttl.unwrap_or(UNKNOWN_TTL));
        let link = match peer {
            SocketAddr::V6(peer) if peer.scope_id() != 0 => peer.scope_id(),
            _ => to.link,
        };
        let packet = if let Some((sender, kind, code)) = message.error {
            let probe = Quoted {
                source: to.ip,
                ip: peer.ip(),
                port: peer.port(),
                number: attempt as u8,
            };
            let mut quote = [0; 48];
            let len = scan.quote_udp(&probe, &mut quote);
            self.writer
                .icmp_error(sender, to.ip, (kind, code), ttl, &quote[..len])
        } else if self.is_own(peer) {
            // A probe that this scan sent to one of its own ports is not an answer.
            None
        } else {
            let payload = self.data.get(..message.len).unwrap_or_default();
            self.writer
                .datagram(peer, to.ip, scan.source_port(), ttl, payload)
        };
        if let Some(packet) = packet {
            let from = Ingress {
                link,
                kind: LinkType::RawIp,
            };
            scan.on_packet(now(), from, packet);
        }
    }

    /// Returns whether `peer` is the address of one of these sockets.
    fn is_own(&self, peer: SocketAddr) -> bool {
        self.sources.iter().any(|source| {
            let mut sockets = source.sockets.iter().flatten();
            source.ip == peer.ip() && sockets.any(|s| s.port() == peer.port())
        })
    }

    /// Opens the socket for `attempt` if it is not open yet.
    fn open_socket(&mut self, source: usize, attempt: usize) -> Result<(), IoError> {
        let source = &mut self.sources[source];
        let socket = &mut source.sockets[attempt];
        if socket.is_none() {
            let address = scoped(source.ip, 0, source.scope);
            *socket = Some(ProbeSocket::open(address, self.device.as_deref())?);
        }
        Ok(())
    }
}

impl Backend for UdpRunner {
    fn receive<S: Supervisor>(
        &mut self,
        scan: &mut Scan,
        _: &mut S,
    ) -> Result<usize, Error<S::Error>> {
        Ok(self.receive_within(scan, Duration::ZERO)?)
    }

    fn transmit<S: Supervisor>(
        &mut self,
        scan: &mut Scan,
        _: Instant,
        _: &mut S,
    ) -> Result<usize, Error<S::Error>> {
        let mut slot = vec![0; scan.slot_len()];
        let mut sent = 0;
        for _ in 0..BATCH {
            let (packet, link) = match self.held.take() {
                Some(held) => held,
                None => match scan.poll_transmit(now(), &mut slot) {
                    None => break,
                    Some(transmit) => (slot[..transmit.len].to_vec(), transmit.link),
                },
            };
            match self.send(scan, &packet, link)? {
                Fate::Sent => sent += 1,
                Fate::Refused => self.refused += 1,
                Fate::Held => {
                    self.held = Some((packet, link));
                    break;
                }
            }
        }
        Ok(sent)
    }

    fn wait<S: Supervisor>(
        &mut self,
        scan: &mut Scan,
        timeout: Duration,
        _: &mut S,
    ) -> Result<(), Error<S::Error>> {
        let timeout = match self.held {
            Some(_) => timeout.min(BLOCKED_WAIT),
            None => timeout,
        };
        self.receive_within(scan, timeout)?;
        Ok(())
    }

    fn report_drops(&mut self, scan: &mut Scan) -> Result<(), IoError> {
        scan.on_kernel_drops(KernelDrops {
            sending: self.refused,
            ..KernelDrops::default()
        });
        Ok(())
    }
}

/// A probe of the engine, parsed.
#[derive(Debug, PartialEq, Eq)]
struct Probe<'a> {
    from: IpAddr,
    to: SocketAddr,
    /// Attempt number, less than [`ATTEMPTS`].
    attempt: usize,
    payload: &'a [u8],
}

impl Probe<'_> {
    fn parse(packet: &[u8], link: u32) -> Option<Probe<'_>> {
        let frame = Frame::parse(LinkType::RawIp, packet).ok()?;
        let (from, to) = frame.addresses()?;
        let Transport::Udp(datagram) = frame.transport else {
            return None;
        };
        let scope = if is_link_local(to) { link } else { 0 };
        Some(Probe {
            from,
            to: scoped(to, datagram.dst_port(), scope),
            attempt: usize::from(Scan::udp_attempt(packet)?) % ATTEMPTS,
            payload: datagram.payload(),
        })
    }
}

fn is_link_local(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V6(ip) if ip.is_unicast_link_local())
}

fn scoped(ip: IpAddr, port: u16, scope: u32) -> SocketAddr {
    match ip {
        IpAddr::V4(_) => SocketAddr::new(ip, port),
        IpAddr::V6(ip) => SocketAddrV6::new(ip, port, 0, scope).into(),
    }
}
