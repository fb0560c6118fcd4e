//! Runs a UDP scan through sockets, where packet sockets are not to be had: no privilege needed.
//!
//! The engine is the same. Its probes are taken apart and their contents sent by unconnected sockets, one for each source
//! address and number of an attempt, so that each error that the kernel queues (`IP_RECVERR`, ip(7)) is of one probe
//! and no other; answers and errors go back to the engine as packets. Sixteen descriptors for each source address are
//! enough for any number of ports and hosts.
//!
//! An error that waits makes the next call on its socket fail in its stead (`sock_error` in the kernel): such a call is
//! made again, and nothing counts as lost. This file must not know what is scanned or what is found.

use std::net::{IpAddr, SocketAddr, SocketAddrV6, UdpSocket};
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::{SendFlags, sendto, sockopt};
use vigie_scan::engine::{KernelDrops, Quoted};
use vigie_scan::event::EndReason;
use vigie_scan::plan::{Framing, Plan};
use vigie_scan::{Ingress, Scan};
use vigie_wire::frame::{Frame, LinkType, Transport};

use super::replies::{LONGEST, Reply};
use super::{DriveError, LOOK, Watch, now, tell};
use vigie_linux::io::{Interest, IoError, Waiter};
use vigie_linux::tcp_connect::raise_descriptor_limit;
use vigie_linux::udp::message::{self, Queue, Taken};
use vigie_linux::udp::{report_errors, report_hops};

/// Datagrams sent before answers are looked at: fewer errors than a socket's queue holds.
const BATCH: usize = 64;
/// Messages read off a socket before the next one's turn.
const READS: usize = 512;
/// How often a datagram is sent again at once because an error waited. Each such error was another probe's.
const AGAIN: usize = 64;
/// The numbers of attempts: four bits.
const ATTEMPTS: usize = 16;
/// A full socket is asked again after this.
const BLOCKED: Duration = Duration::from_micros(200);
/// How large the queues of a socket should be, in bytes; the system's limit holds.
const QUEUE: usize = 4 << 20;
/// What the kernel has not told of is read as this.
const UNKNOWN_TTL: u8 = 0;

/// An address of this machine that probes are sent from, with a socket for each number of an attempt.
#[derive(Debug)]
struct Source {
    ip: IpAddr,
    /// The interface of a link-local address; 0 for others.
    scope: u32,
    /// The interface that answers to it are taken to come by.
    link: u32,
    sockets: [Option<Socket>; ATTEMPTS],
}

#[derive(Debug)]
struct Socket {
    socket: UdpSocket,
    port: u16,
}

/// The sockets of a UDP scan.
#[derive(Debug)]
pub struct Datagrams {
    sources: Vec<Source>,
    device: Option<String>,
    waiter: Waiter,
    /// A probe that the kernel had no room for: its bytes and its link.
    held: Option<(Vec<u8>, u32)>,
    /// Datagrams that this machine did not let out.
    refused: u64,
    data: Box<[u8]>,
    reply: Reply,
}

/// What became of a probe.
enum Sent {
    Yes,
    /// This machine does not let it out.
    No,
    /// There is no room now.
    Later,
}

impl Datagrams {
    /// The sockets for `plan`, bound to `device` if one is named.
    ///
    /// # Errors
    /// If the kernel refuses one.
    pub fn open(plan: &Plan, device: Option<&str>) -> Result<Datagrams, IoError> {
        raise_descriptor_limit();
        let mut sources: Vec<Source> = Vec::new();
        let more = plan.udp.as_ref().map_or(&[][..], |udp| &udp.sources);
        let of_routes = plan.routes.iter().map(|route| (route.source, route.link));
        let link = plan.routes.first().map_or(0, |route| route.link);
        for (ip, link) in of_routes.chain(more.iter().map(|ip| (*ip, link))) {
            let link_local = matches!(ip, IpAddr::V6(ip) if ip.is_unicast_link_local());
            let scope = if link_local { link } else { 0 };
            if sources.iter().all(|s| (s.ip, s.scope) != (ip, scope)) {
                sources.push(Source {
                    ip,
                    scope,
                    link,
                    sockets: Default::default(),
                });
            }
        }
        let mut datagrams = Datagrams {
            sources,
            device: device.map(str::to_owned),
            waiter: Waiter::new(),
            held: None,
            refused: 0,
            data: vec![0; LONGEST].into(),
            reply: Reply::new(),
        };
        // What is refused is said before the scan begins.
        for source in 0..datagrams.sources.len() {
            datagrams.need(source, 1)?;
        }
        Ok(datagrams)
    }

    /// `plan` as the engine must have it for [`Datagrams::run`]: no hardware addresses are asked for.
    pub fn plan(&self, plan: &Plan) -> Plan {
        let mut plan = plan.clone();
        for route in &mut plan.routes {
            route.framing = Framing::Ip;
        }
        // Stands in what the engine writes and reads for every port that the sockets have.
        let ports = self.sources.iter().flat_map(|s| s.sockets.iter().flatten());
        plan.source_port = ports.map(|s| s.port).next().unwrap_or(1);
        plan
    }

    /// Runs `scan` to its end, or until `watch` says stop.
    pub fn run<W: Watch>(
        &mut self,
        scan: &mut Scan,
        watch: &mut W,
    ) -> Result<(), DriveError<W::Error>> {
        let ran = self.run_to_the_end(scan, watch);
        if let Err(DriveError::Io(_)) = ran {
            // This machine cannot go on: what is known is told all the same.
            scan.stop(now(), EndReason::Failed);
            while scan.is_summarizing() && !scan.is_over() {
                while let Some(event) = scan.poll_event(now()) {
                    watch.event(&event).map_err(DriveError::Watch)?;
                }
            }
        }
        ran
    }

    fn run_to_the_end<W: Watch>(
        &mut self,
        scan: &mut Scan,
        watch: &mut W,
    ) -> Result<(), DriveError<W::Error>> {
        let mut next_look = now() + LOOK;
        let (mut stopped, mut behind) = (false, false);
        let mut window = scan.window();
        loop {
            let at = now();
            if !stopped && let Some(why) = watch.stop() {
                if !scan.is_summarizing() {
                    watch
                        .keep(true, &|notes| scan.checkpoint(at, notes))
                        .map_err(DriveError::Watch)?;
                }
                scan.stop(at, why);
                stopped = true;
            }
            let received = self.receive(scan, Duration::ZERO)?;
            scan.on_timeout(at);
            let sent = if behind { 0 } else { self.transmit(scan)? };
            behind = tell(scan, watch).map_err(DriveError::Watch)?;
            if scan.window() != window {
                window = scan.window();
                watch.window().map_err(DriveError::Watch)?;
            }
            if at >= next_look {
                next_look = at + LOOK;
                self.count_drops(scan);
                if !scan.is_summarizing() {
                    watch
                        .keep(false, &|notes| scan.checkpoint(at, notes))
                        .map_err(DriveError::Watch)?;
                }
                watch.look(scan.progress()).map_err(DriveError::Watch)?;
            }
            if sent + received > 0 || behind {
                continue;
            }
            let Some(due) = scan.poll_timeout(now()) else {
                self.count_drops(scan);
                return Ok(());
            };
            let wait = due.min(next_look).since(now());
            let wait = match self.held {
                Some(_) => wait.min(BLOCKED),
                None => wait,
            };
            if !wait.is_zero() {
                self.receive(scan, wait)?;
            }
        }
    }

    fn count_drops(&self, scan: &mut Scan) {
        scan.on_kernel_drops(KernelDrops {
            sending: self.refused,
            ..KernelDrops::default()
        });
    }

    /// Sends a batch of what is due; how many datagrams the kernel took.
    fn transmit(&mut self, scan: &mut Scan) -> Result<usize, IoError> {
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
                Sent::Yes => sent += 1,
                Sent::No => self.refused += 1,
                Sent::Later => {
                    self.held = Some((packet, link));
                    break;
                }
            }
        }
        Ok(sent)
    }

    /// Sends the content of the engine's `packet`.
    fn send(&mut self, scan: &mut Scan, packet: &[u8], link: u32) -> Result<Sent, IoError> {
        let Some((from, to, attempt, content)) = take_apart(packet, link) else {
            return Ok(Sent::No);
        };
        let on_link = |s: &Source| s.ip == from && (s.scope == 0 || s.scope == link);
        let Some(source) = self.sources.iter().position(on_link) else {
            return Ok(Sent::No);
        };
        self.need(source, attempt)?;
        let mut last = Errno::AGAIN;
        for _ in 0..AGAIN {
            let Some(socket) = &self.sources[source].sockets[attempt] else {
                return Ok(Sent::No);
            };
            match sendto(&socket.socket, content, SendFlags::DONTWAIT, &to) {
                Ok(_) => return Ok(Sent::Yes),
                Err(Errno::AGAIN | Errno::NOBUFS | Errno::NOMEM) => return Ok(Sent::Later),
                Err(errno) => last = errno,
            }
            // The error was of another probe, most likely: it waits on the queue.
            self.drain(scan, source, attempt);
        }
        match last {
            Errno::NETDOWN | Errno::NETUNREACH | Errno::ADDRNOTAVAIL => {
                Err(IoError::DeviceDown { call: "sendto" })
            }
            // A packet filter of this machine's own, most often.
            _ => Ok(Sent::No),
        }
    }

    /// Waits for answers and errors, at most `how_long`, and hands what came to `scan`; how many there were.
    fn receive(&mut self, scan: &mut Scan, how_long: Duration) -> Result<usize, IoError> {
        let mut on = Vec::new();
        let mut places = Vec::new();
        for (i, source) in self.sources.iter().enumerate() {
            for (attempt, socket) in source.sockets.iter().enumerate() {
                if let Some(socket) = socket {
                    on.push((socket.socket.as_fd(), Interest::Read));
                    places.push((i, attempt));
                }
            }
        }
        let ready = self.waiter.wait(&on, Some(how_long))?.to_vec();
        let mut received = 0;
        for ((source, attempt), _) in places.into_iter().zip(ready).filter(|(_, ready)| *ready) {
            received += self.drain(scan, source, attempt);
        }
        Ok(received)
    }

    /// Hands what waits on a socket to `scan`; how many answers and errors.
    fn drain(&mut self, scan: &mut Scan, source: usize, attempt: usize) -> usize {
        let mut received = 0;
        for queue in [Queue::Errors, Queue::Data] {
            for _ in 0..READS {
                let Some(socket) = &self.sources[source].sockets[attempt] else {
                    break;
                };
                match message::take(socket.socket.as_fd(), queue, &mut self.data) {
                    // This machine's own errors say nothing of the target.
                    Ok(Some(taken)) if queue == Queue::Errors && taken.error.is_none() => {}
                    Ok(Some(taken)) => {
                        received += 1;
                        self.hand_over(scan, source, attempt, &taken);
                    }
                    Ok(None) => received += 1,
                    Err(Errno::AGAIN) => break,
                    // Was pending, and is not any more.
                    Err(_) => {}
                }
            }
        }
        received
    }

    /// Hands an answer or an error to `scan`, as the packet that it came in.
    fn hand_over(&mut self, scan: &mut Scan, source: usize, attempt: usize, taken: &Taken) {
        let to = &self.sources[source];
        let (peer, ttl) = (taken.address, taken.ttl.unwrap_or(UNKNOWN_TTL));
        let link = match peer {
            SocketAddr::V6(peer) if peer.scope_id() != 0 => peer.scope_id(),
            _ => to.link,
        };
        let packet = if let Some((offender, kind, code)) = taken.error {
            let probe = Quoted {
                source: to.ip,
                ip: peer.ip(),
                port: peer.port(),
                number: attempt as u8,
            };
            let mut quote = [0; 48];
            let len = scan.quote_udp(&probe, &mut quote);
            self.reply
                .error(offender, to.ip, (kind, code), ttl, &quote[..len])
        } else if self.is_own(peer) {
            // A probe of ours to a port of ours is no answer.
            None
        } else {
            let content = self.data.get(..taken.len).unwrap_or_default();
            self.reply
                .datagram(peer, to.ip, scan.source_port(), ttl, content)
        };
        if let Some(packet) = packet {
            let from = Ingress {
                link,
                kind: LinkType::RawIp,
            };
            scan.on_packet(now(), from, packet);
        }
    }

    /// Whether one of these sockets has this address.
    fn is_own(&self, peer: SocketAddr) -> bool {
        self.sources.iter().any(|source| {
            source.ip == peer.ip()
                && source
                    .sockets
                    .iter()
                    .flatten()
                    .any(|s| s.port == peer.port())
        })
    }

    /// Opens the socket for the attempts of that number, where it is not open yet.
    fn need(&mut self, source: usize, attempt: usize) -> Result<(), IoError> {
        let source = &mut self.sources[source];
        let place = &mut source.sockets[attempt];
        if place.is_none() {
            let address = zoned(source.ip, 0, source.scope);
            *place = Some(Socket::open(address, self.device.as_deref())?);
        }
        Ok(())
    }
}

impl Socket {
    fn open(address: SocketAddr, device: Option<&str>) -> Result<Socket, IoError> {
        let failed = |call: &'static str| {
            move |error: std::io::Error| {
                IoError::new(call, Errno::from_io_error(&error).unwrap_or(Errno::IO))
            }
        };
        let socket = UdpSocket::bind(address).map_err(failed("bind"))?;
        socket.set_nonblocking(true).map_err(failed("fcntl"))?;
        report_errors(&socket)?;
        report_hops(&socket)?;
        // Fewer places in the queues cost tries, no verdicts.
        let _ = sockopt::set_socket_recv_buffer_size(&socket, QUEUE);
        if let Some(device) = device {
            let bound = socket2::SockRef::from(&socket).bind_device(Some(device.as_bytes()));
            bound.map_err(failed("setsockopt(SO_BINDTODEVICE)"))?;
        }
        let port = socket.local_addr().map_err(failed("getsockname"))?.port();
        Ok(Socket { socket, port })
    }
}

/// A probe of the engine: its source address, its destination, the number of the attempt and the content.
fn take_apart(packet: &[u8], link: u32) -> Option<(IpAddr, SocketAddr, usize, &[u8])> {
    let frame = Frame::parse(LinkType::RawIp, packet).ok()?;
    let (from, to) = frame.addresses()?;
    let Transport::Udp(datagram) = frame.transport else {
        return None;
    };
    let scope = matches!(to, IpAddr::V6(to) if to.is_unicast_link_local());
    let to = zoned(to, datagram.dst_port(), if scope { link } else { 0 });
    let attempt = usize::from(Scan::udp_attempt(packet)?) % ATTEMPTS;
    Some((from, to, attempt, datagram.payload()))
}

fn zoned(ip: IpAddr, port: u16, scope: u32) -> SocketAddr {
    match ip {
        IpAddr::V4(_) => SocketAddr::new(ip, port),
        IpAddr::V6(ip) => SocketAddrV6::new(ip, port, 0, scope).into(),
    }
}
