//! The packet sockets of one worker: a transmitter and a receiver on each link that probes are sent on.
//!
//! It must not know who runs the scan or what is scanned.

use std::os::fd::AsFd;
use std::thread;
use std::time::Duration;

use vigie_linux::clock::unix_ns;
use vigie_linux::io::{
    DeviceCounters, Framing, Interest, IoError, Layout, Method, ReceiveConfig, Receiver,
    ReplyFilter, Transmit, TransmitConfig, Transmitter, Waiter, device_counters,
};
use vigie_scan::engine::KernelDrops;
use vigie_scan::plan::{Framing as PlanFraming, Plan, Route, Technique};
use vigie_scan::{Ingress, Instant, Scan};
use vigie_scope::Transport;
use vigie_wire::frame::LinkType;

use crate::Error;
use crate::run::{Backend, Supervisor};

/// Number of frames written before they are handed to the kernel and answers are read.
const BATCH: usize = 64;
/// Longest probe in bytes: a UDP request may fill a packet of 1,280 bytes.
const MAX_FRAME: usize = 1_408;
/// Longest probe in bytes where no UDP port is scanned.
const MAX_SMALL_FRAME: usize = 256;
/// Longest sleep while a device accepts no frames.
const BLOCKED_WAIT: Duration = Duration::from_micros(20);
/// Pause for a device that accepted less than half of a batch: long enough to free a few slots, too short for its
/// queue to run empty.
const DRAIN_PAUSE: Duration = Duration::from_micros(5);
/// IP protocol number of SCTP.
const SCTP: u8 = 132;

/// The packet sockets of one worker. Each worker has its own source ports, so that it receives only its own answers.
#[derive(Debug)]
pub(crate) struct LinkSockets {
    links: Vec<LinkSocket>,
    waiter: Waiter,
    /// First source port of the worker.
    pub(crate) source_port: u16,
    /// A frame that found no free slot on its link: index into `links`, and length in `held_frame`.
    held: Option<(usize, usize)>,
    held_frame: [u8; MAX_FRAME],
    /// Whether a link had no free slot because its device has not sent the earlier frames yet.
    starved: bool,
    /// Names of the links with their counters at the start. Only one worker accounts for them.
    devices: Vec<(String, DeviceCounters)>,
}

#[derive(Debug)]
struct LinkSocket {
    /// Interface index.
    link: u32,
    kind: LinkType,
    tx: Transmitter,
    rx: Receiver,
    /// Frames that the kernel refused.
    refused: u64,
}

impl LinkSockets {
    /// Opens the sockets of one worker for each of `source_ports`, on all links of `plan`. Needs CAP_NET_RAW.
    ///
    /// # Errors
    /// If the kernel refuses one.
    pub(crate) fn open_many(
        plan: &Plan,
        source_ports: &[u16],
        transports: &[Transport],
        method: Method,
    ) -> Result<Vec<LinkSockets>, IoError> {
        let max_frame = if plan.spec.udp.is_some() {
            MAX_FRAME
        } else {
            MAX_SMALL_FRAME
        };
        let set = |port: &u16| LinkSockets {
            links: Vec::new(),
            waiter: Waiter::new(),
            source_port: *port,
            held: None,
            held_frame: [0; MAX_FRAME],
            starved: false,
            devices: Vec::new(),
        };
        let mut sets: Vec<LinkSockets> = source_ports.iter().map(set).collect();
        let mut opened: Vec<u32> = Vec::new();
        for route in &plan.local.routes {
            if opened.contains(&route.link) {
                continue;
            }
            opened.push(route.link);
            let config = TransmitConfig {
                batch: BATCH,
                max_frame,
                ..TransmitConfig::new(route.link, framing(route))
            };
            let (method, kind) = if config.framing == Framing::Ethernet {
                (method, LinkType::Ethernet)
            } else {
                (Method::Packet, LinkType::RawIp)
            };
            let transmitters = Transmitter::open_many(&config, method, sets.len())?;
            let receivers = open_receivers(plan, route, source_ports, transports)?;
            for (set, (tx, rx)) in sets.iter_mut().zip(transmitters.into_iter().zip(receivers)) {
                set.links.push(LinkSocket {
                    link: route.link,
                    kind,
                    tx,
                    rx,
                    refused: 0,
                });
            }
            if let (Some(first), Some(counters)) =
                (sets.first_mut(), device_counters(&route.link_name)?)
            {
                first.devices.push((route.link_name.clone(), counters));
            }
        }
        Ok(sets)
    }

    /// Copies the held frame into a slot of its link. Returns false if there is still no free slot.
    fn place_held(&mut self) -> bool {
        let Some((link, len)) = self.held else {
            return true;
        };
        let tx = &mut self.links[link].tx;
        let Some(slot) = tx.slot() else { return false };
        slot[..len].copy_from_slice(&self.held_frame[..len]);
        tx.commit(len);
        self.held = None;
        true
    }

    fn flush(&mut self) -> Result<usize, IoError> {
        let mut sent = 0;
        for link in &mut self.links {
            if link.tx.pending() > 0 {
                let flushed = link.tx.flush()?;
                sent += flushed.sent;
                link.refused += flushed.refused as u64;
            }
        }
        Ok(sent)
    }
}

impl Backend for LinkSockets {
    fn receive<S: Supervisor>(
        &mut self,
        scan: &mut Scan,
        supervisor: &mut S,
    ) -> Result<usize, Error<S::Error>> {
        let mut received = 0;
        let wants_frames = supervisor.wants_frames();
        let mut failed = None;
        for link in &mut self.links {
            let from = Ingress {
                link: link.link,
                kind: link.kind,
            };
            received += link.rx.for_each(|frame| {
                if wants_frames && failed.is_none() {
                    failed = supervisor
                        .frame(frame.unix_ns, from.link, None, frame.bytes)
                        .err();
                }
                scan.on_packet(Instant::from_nanos(frame.time_ns), from, frame.bytes);
            });
        }
        match failed {
            Some(error) => Err(Error::Observer(error)),
            None => Ok(received),
        }
    }

    fn transmit<S: Supervisor>(
        &mut self,
        scan: &mut Scan,
        at: Instant,
        supervisor: &mut S,
    ) -> Result<usize, Error<S::Error>> {
        let mut current = 0;
        let wants_frames = supervisor.wants_frames();
        self.starved = false;
        for _ in 0..BATCH {
            if !self.place_held() || self.links.iter().any(|l| l.tx.pending() >= BATCH) {
                break;
            }
            let here = self.links[current].link;
            let Some(slot) = self.links[current].tx.slot() else {
                self.starved = true;
                break;
            };
            let Some(transmit) = scan.poll_transmit(at, slot) else {
                break;
            };
            let frame = &slot[..transmit.len];
            if wants_frames {
                supervisor
                    .frame(unix_ns(), transmit.link, Some(transmit.purpose), frame)
                    .map_err(Error::Observer)?;
            }
            if transmit.link == here {
                self.links[current].tx.commit(transmit.len);
                continue;
            }
            // The frame is for another link: copy it there, and write the next frame there first.
            self.held_frame[..transmit.len].copy_from_slice(frame);
            if let Some(right) = self.links.iter().position(|l| l.link == transmit.link) {
                self.held = Some((right, transmit.len));
                current = right;
            }
        }
        self.place_held();
        Ok(self.flush()?)
    }

    fn wait<S: Supervisor>(
        &mut self,
        _: &mut Scan,
        timeout: Duration,
        _: &mut S,
    ) -> Result<(), Error<S::Error>> {
        let timeout = if self.is_blocked() {
            timeout.min(BLOCKED_WAIT)
        } else {
            timeout
        };
        let on: Vec<_> = self
            .links
            .iter()
            .map(|l| (l.rx.as_fd(), Interest::Read))
            .collect();
        self.waiter.wait(&on, Some(timeout))?;
        Ok(())
    }

    fn report_drops(&mut self, scan: &mut Scan) -> Result<(), IoError> {
        let mut drops = KernelDrops::default();
        for link in &mut self.links {
            drops.receiving += link.rx.stats()?.dropped;
            drops.sending += link.refused;
        }
        for (name, before) in &self.devices {
            // A link that is gone has no counters; sending on it fails by itself.
            let Some(now) = device_counters(name)? else {
                continue;
            };
            drops.receiving += now.rx_dropped.saturating_sub(before.rx_dropped);
            drops.sending += now.tx_dropped.saturating_sub(before.tx_dropped);
        }
        scan.on_kernel_drops(drops);
        Ok(())
    }

    /// Pauses after a device accepted less than half of a batch. Asked again at once, the device has only two or three
    /// free slots, and each call costs as much as sending several frames. The pause costs no throughput, because the
    /// device's queue is still full.
    fn let_drain(&self, sent: usize) {
        if sent < BATCH / 2 && self.is_blocked() {
            thread::sleep(DRAIN_PAUSE);
        }
    }

    fn is_blocked(&self) -> bool {
        self.starved || self.held.is_some() || self.links.iter().any(|l| l.tx.pending() > 0)
    }
}

fn framing(route: &Route) -> Framing {
    match route.framing {
        PlanFraming::Ethernet { .. } => Framing::Ethernet,
        PlanFraming::Ip if route.local => Framing::Loopback,
        PlanFraming::Ip => Framing::Ip,
    }
}

/// Closes the sockets of all workers in parallel, for the same reason as [`open_receivers`].
pub(crate) fn close(sets: Vec<LinkSockets>) {
    thread::scope(|scope| {
        for link in sets.into_iter().flat_map(|set| set.links) {
            let LinkSocket { tx, rx, .. } = link;
            scope.spawn(move || drop(rx));
            scope.spawn(move || drop(tx));
        }
    });
}

/// Opens a receive ring on the link of `route` for each of `source_ports`, in parallel: for each ring the kernel waits
/// about ten milliseconds until no CPU uses the old receive hooks any more (`synchronize_net`).
fn open_receivers(
    plan: &Plan,
    route: &Route,
    source_ports: &[u16],
    transports: &[Transport],
) -> Result<Vec<Receiver>, IoError> {
    thread::scope(|scope| {
        let open = |port: &u16| {
            let port = *port;
            scope.spawn(move || open_receiver(plan, route, port, transports))
        };
        let opening: Vec<_> = source_ports.iter().map(open).collect();
        let opened = opening.into_iter().map(|ring| match ring.join() {
            Ok(ring) => ring,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        opened.collect()
    })
}

/// Opens a receive ring on the link of `route` for answers to any of the link's source addresses. Answers to a SYN are
/// short: if only SYNs are sent, the ring holds twice as many frames in half the memory.
fn open_receiver(
    plan: &Plan,
    route: &Route,
    source_port: u16,
    transports: &[Transport],
) -> Result<Receiver, IoError> {
    let of_udp = plan.spec.udp.as_ref().map_or(&[][..], |udp| &udp.sources);
    let on_link = plan.local.routes.iter().filter(|r| r.link == route.link);
    let sources = on_link.map(|r| r.source).chain(of_udp.iter().copied());
    let mut addresses: Vec<_> = sources.collect();
    addresses.sort_unstable();
    addresses.dedup();
    let framing = framing(route);
    let ports = plan.local.source_ports_from(source_port);
    let mut filter = ReplyFilter::new(framing, addresses, ports);
    for transport in transports {
        match transport {
            Transport::Sctp => filter.transports.push(SCTP),
            Transport::Ip => filter.any_protocol = true,
            Transport::Tcp | Transport::Udp => {}
        }
    }
    let program = filter
        .program()
        .map_err(|_| IoError::BadRequest("the reply filter"))?;
    let mut config = ReceiveConfig::new(route.link, framing, program);
    if plan.spec.technique() == Technique::Syn && plan.spec.udp.is_none() {
        config.layout = Layout::Frames {
            frame: 512,
            count: 16_384,
        };
    }
    Receiver::open(&config)
}
