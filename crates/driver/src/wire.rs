//! The rings of one sender: a transmitter and a receiver on each link that its probes leave by.
//!
//! It must not know who runs them, nor what is scanned.

use std::os::fd::AsFd;
use std::thread;
use std::time::Duration;

use vigie_scan::engine::KernelDrops;
use vigie_scan::plan::{Framing as PlanFraming, Plan, Route, Technique};
use vigie_scan::{Ingress, Instant, Scan};
use vigie_scope::Transport;
use vigie_wire::frame::LinkType;

use super::{DriveError, Watch};
use vigie_linux::io::{
    DeviceCounters, Framing, Interest, IoError, Layout, Method, ReceiveConfig, Receiver,
    ReplyFilter, Transmit, TransmitConfig, Transmitter, Waiter, device_counters,
};

/// Frames written before they are handed to the kernel, and answers are looked at.
const BATCH: usize = 64;
/// No probe is longer: a UDP request may fill a packet of 1,280 bytes.
const MAX_FRAME: usize = 1_408;
/// Of the other probes none is longer.
const MAX_SMALL_FRAME: usize = 256;
/// A device that takes nothing is asked again after this.
const BLOCKED: Duration = Duration::from_micros(20);

/// A device that takes less than half of a batch is left alone for this: long enough to have room for some frames,
/// too short to run dry.
const BREATH: Duration = Duration::from_micros(5);

/// The rings of one sender, whose answers come to ports of its own.
#[derive(Debug)]
pub(super) struct WireSet {
    wires: Vec<Wire>,
    waiter: Waiter,
    /// The first of them.
    pub(super) source_port: u16,
    /// A frame that found no room on its link: its wire, and its length in `held_frame`.
    held: Option<(usize, usize)>,
    held_frame: [u8; MAX_FRAME],
    /// Whether a link had no free slot: its frames are still on their way through the device.
    starved: bool,
    /// The links by name, with their counters at the start, where this sender accounts for them.
    devices: Vec<(String, DeviceCounters)>,
}

#[derive(Debug)]
struct Wire {
    link: u32,
    kind: LinkType,
    tx: Transmitter,
    rx: Receiver,
    refused: u64,
}

impl WireSet {
    /// One set for each of `source_ports`, on the links of `plan`. Needs CAP_NET_RAW.
    pub(super) fn open_many(
        plan: &Plan,
        source_ports: &[u16],
        hears: &[Transport],
        method: Method,
    ) -> Result<Vec<WireSet>, IoError> {
        let max_frame = if plan.udp.is_some() {
            MAX_FRAME
        } else {
            MAX_SMALL_FRAME
        };
        let set = |port: &u16| WireSet {
            wires: Vec::new(),
            waiter: Waiter::new(),
            source_port: *port,
            held: None,
            held_frame: [0; MAX_FRAME],
            starved: false,
            devices: Vec::new(),
        };
        let mut sets: Vec<WireSet> = source_ports.iter().map(set).collect();
        let mut done: Vec<u32> = Vec::new();
        for route in &plan.routes {
            if done.contains(&route.link) {
                continue;
            }
            done.push(route.link);
            let config = TransmitConfig {
                batch: BATCH,
                max_frame,
                ..TransmitConfig::new(route.link, framing(route))
            };
            let method = if config.framing == Framing::Ethernet {
                method
            } else {
                Method::Packet
            };
            let senders = Transmitter::open_many(&config, method, sets.len())?;
            let receivers = receivers(plan, route, source_ports, hears)?;
            for (set, (tx, rx)) in sets.iter_mut().zip(senders.into_iter().zip(receivers)) {
                set.wires.push(Wire {
                    link: route.link,
                    kind: if config.framing == Framing::Ethernet {
                        LinkType::Ethernet
                    } else {
                        LinkType::RawIp
                    },
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

    /// Fills and flushes one batch; how many frames the kernel took.
    pub(super) fn transmit<W: Watch>(
        &mut self,
        scan: &mut Scan,
        at: Instant,
        watch: &mut W,
    ) -> Result<usize, DriveError<W::Error>> {
        let mut current = 0;
        let frames = watch.wants_frames();
        self.starved = false;
        for _ in 0..BATCH {
            if !self.place_held() || self.wires.iter().any(|w| w.tx.pending() >= BATCH) {
                break;
            }
            let here = self.wires[current].link;
            let Some(slot) = self.wires[current].tx.slot() else {
                self.starved = true;
                break;
            };
            let Some(transmit) = scan.poll_transmit(at, slot) else {
                break;
            };
            if frames {
                let unix = vigie_linux::clock::unix_ns();
                watch
                    .frame(
                        unix,
                        transmit.link,
                        Some(transmit.purpose),
                        &slot[..transmit.len],
                    )
                    .map_err(DriveError::Watch)?;
            }
            if transmit.link == here {
                self.wires[current].tx.commit(transmit.len);
                continue;
            }
            // Written for another link: it goes there, and the next one probably does too.
            self.held_frame[..transmit.len].copy_from_slice(&slot[..transmit.len]);
            if let Some(right) = self.wires.iter().position(|w| w.link == transmit.link) {
                self.held = Some((right, transmit.len));
                current = right;
            }
        }
        self.place_held();
        self.flush().map_err(DriveError::Io)
    }

    /// Finds room for the frame that had none; false if it still has none.
    fn place_held(&mut self) -> bool {
        let Some((wire, len)) = self.held else {
            return true;
        };
        let tx = &mut self.wires[wire].tx;
        let Some(slot) = tx.slot() else { return false };
        slot[..len].copy_from_slice(&self.held_frame[..len]);
        tx.commit(len);
        self.held = None;
        true
    }

    fn flush(&mut self) -> Result<usize, IoError> {
        let mut sent = 0;
        for wire in &mut self.wires {
            if wire.tx.pending() > 0 {
                let flushed = wire.tx.flush()?;
                sent += flushed.sent;
                wire.refused += flushed.refused as u64;
            }
        }
        Ok(sent)
    }

    /// Hands what came to `scan`; how many frames.
    pub(super) fn receive<W: Watch>(
        &mut self,
        scan: &mut Scan,
        watch: &mut W,
    ) -> Result<usize, DriveError<W::Error>> {
        let mut received = 0;
        let frames = watch.wants_frames();
        let mut failed = None;
        for wire in &mut self.wires {
            let from = Ingress {
                link: wire.link,
                kind: wire.kind,
            };
            received += wire.rx.for_each(|frame| {
                if frames && failed.is_none() {
                    failed = watch
                        .frame(frame.unix_ns, from.link, None, frame.bytes)
                        .err();
                }
                scan.on_packet(Instant::from_nanos(frame.time_ns), from, frame.bytes);
            });
        }
        match failed {
            Some(error) => Err(DriveError::Watch(error)),
            None => Ok(received),
        }
    }

    /// Tells `scan` what the kernel and the devices dropped so far.
    pub(super) fn count_drops(&mut self, scan: &mut Scan) -> Result<(), IoError> {
        let mut drops = KernelDrops::default();
        for wire in &mut self.wires {
            drops.receiving += wire.rx.stats()?.dropped;
            drops.sending += wire.refused;
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

    /// Whether a device has not taken yet what it was given.
    pub(super) fn is_blocked(&self) -> bool {
        self.starved || self.held.is_some() || self.wires.iter().any(|w| w.tx.pending() > 0)
    }

    /// Leaves a device alone for a moment that took no more than `sent` frames of a batch. Asked again at once it has room for
    /// two or three, and each call costs as much as several frames; what it is given only waits in its queue anyway.
    pub(super) fn let_drain(&self, sent: usize) {
        if sent < BATCH / 2 && self.is_blocked() {
            thread::sleep(BREATH);
        }
    }

    /// Waits for frames, at most `how_long`; little where a device must be asked again.
    pub(super) fn sleep(&mut self, how_long: Duration) -> Result<(), IoError> {
        let how_long = if self.is_blocked() {
            how_long.min(BLOCKED)
        } else {
            how_long
        };
        if how_long.is_zero() {
            return Ok(());
        }
        let on: Vec<_> = self
            .wires
            .iter()
            .map(|w| (w.rx.as_fd(), Interest::Read))
            .collect();
        self.waiter.wait(&on, Some(how_long)).map(|_| ())
    }
}

fn framing(route: &Route) -> Framing {
    match route.framing {
        PlanFraming::Ethernet { .. } => Framing::Ethernet,
        PlanFraming::Ip if route.local => Framing::Loopback,
        PlanFraming::Ip => Framing::Ip,
    }
}

/// Closes the wires of all `sets`, all at once for the same reason as in [`receivers`].
pub(super) fn close(sets: Vec<WireSet>) {
    thread::scope(|scope| {
        for wire in sets.into_iter().flat_map(|set| set.wires) {
            let Wire { tx, rx, .. } = wire;
            scope.spawn(move || drop(rx));
            scope.spawn(move || drop(tx));
        }
    });
}

/// A ring on the link of `route` for each of `source_ports`, opened all at once: for each ring, the kernel
/// waits until every CPU has forgotten what was there before (`synchronize_net`), some ten milliseconds.
fn receivers(
    plan: &Plan,
    route: &Route,
    source_ports: &[u16],
    hears: &[Transport],
) -> Result<Vec<Receiver>, IoError> {
    thread::scope(|scope| {
        let open = |port: &u16| {
            let port = *port;
            scope.spawn(move || receiver(plan, route, port, hears))
        };
        let opening: Vec<_> = source_ports.iter().map(open).collect();
        let opened = opening.into_iter().map(|ring| match ring.join() {
            Ok(ring) => ring,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        opened.collect()
    })
}

/// A ring on the link of `route` for answers to any of the link's source addresses. Answers to a SYN are
/// short: where nothing else is asked, the ring keeps twice as many frames in half the memory.
fn receiver(
    plan: &Plan,
    route: &Route,
    source_port: u16,
    hears: &[Transport],
) -> Result<Receiver, IoError> {
    let also = plan.udp.as_ref().map_or(&[][..], |udp| &udp.sources);
    let same = plan.routes.iter().filter(|r| r.link == route.link);
    let sources = same.map(|r| r.source).chain(also.iter().copied());
    let mut addresses: Vec<_> = sources.collect();
    addresses.sort_unstable();
    addresses.dedup();
    let framing = framing(route);
    let ports = plan.source_ports_from(source_port);
    let mut filter = ReplyFilter::new(framing, addresses, ports);
    for transport in hears {
        match transport {
            Transport::Sctp => filter.transports.push(132),
            Transport::Ip => filter.any_protocol = true,
            Transport::Tcp | Transport::Udp => {}
        }
    }
    let program = filter
        .program()
        .map_err(|_| IoError::BadRequest("the reply filter"))?;
    let mut config = ReceiveConfig::new(route.link, framing, program);
    if plan.technique == Technique::Syn && plan.udp.is_none() {
        config.layout = Layout::Frames {
            frame: 512,
            count: 16_384,
        };
    }
    Receiver::open(&config)
}
