//! Runs a packet scan on the wire: the loop between the engine and the rings.
//!
//! One thread, no locks: fill a batch of slots, hand it over, read what came,
//! sleep until the engine wants to be asked. This file must not know what is
//! scanned or what is found.

use std::os::fd::AsFd;
use std::time::Duration;

use vigie_packet::frame::LinkType;
use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::event::RoundsEnd;
use vigie_scan::plan::{Framing as PlanFraming, Plan};
use vigie_scan::{Event, Ingress, Instant, Scan, Transport};

use crate::clock::monotonic_ns;
use crate::io::{
    Framing, Interest, IoError, Method, ReceiveConfig, Receiver, ReplyFilter, Transmit,
    TransmitConfig, Transmitter, Waiter,
};

/// Frames written before they are handed to the kernel, and answers are looked at.
const BATCH: usize = 64;
/// No probe is longer: a UDP request may fill a packet of 1,280 bytes.
const MAX_FRAME: usize = 1_408;
/// Of the other probes none is longer.
const MAX_SMALL_FRAME: usize = 256;
/// How often the kernel is asked what it dropped, and the watcher shown the progress.
const LOOK: Duration = Duration::from_millis(100);
/// A device that takes nothing is asked again after this.
const BLOCKED: Duration = Duration::from_micros(50);

/// Who follows a scan.
pub trait Watch {
    /// Why the watcher can take no more.
    type Error;

    /// Something was found or said.
    fn event(&mut self, event: &Event) -> Result<(), Self::Error>;

    /// About ten times a second.
    fn look(&mut self, progress: vigie_scan::event::Progress) -> Result<(), Self::Error>;

    /// About ten times a second, and for the last time before a stop: a checkpoint can be had.
    fn keep(
        &mut self,
        last: bool,
        make: &dyn Fn(Vec<String>) -> Checkpoint,
    ) -> Result<(), Self::Error> {
        let _ = (last, make);
        Ok(())
    }

    /// Whether the scan must stop now, and why.
    fn stop(&self) -> Option<RoundsEnd>;

    /// A frame was sent or received at `at` (Unix time, ns); only where [`Watch::wants_frames`].
    fn frame(&mut self, at: u64, link: u32, sent: bool, bytes: &[u8]) -> Result<(), Self::Error> {
        let _ = (at, link, sent, bytes);
        Ok(())
    }

    /// Whether [`Watch::frame`] is of any use: it costs time.
    fn wants_frames(&self) -> bool {
        false
    }
}

/// Why a scan on the wire ended early.
#[derive(Debug)]
pub enum DriveError<E> {
    /// The packet sockets failed.
    Io(IoError),
    /// The watcher failed.
    Watch(E),
}

impl<E> From<IoError> for DriveError<E> {
    fn from(error: IoError) -> Self {
        DriveError::Io(error)
    }
}

/// The wires of a scan: one for each link that its routes use.
#[derive(Debug)]
pub struct Wires {
    wires: Vec<Wire>,
    waiter: Waiter,
}

#[derive(Debug)]
struct Wire {
    link: u32,
    kind: LinkType,
    tx: Transmitter,
    rx: Receiver,
    refused: u64,
}

impl Wires {
    /// Opens the wires for `plan`. Replies to its source port are read, nothing else; of TCP, UDP and
    /// ICMP always, and of the transports that the scan `hears`. Needs CAP_NET_RAW.
    pub fn open(plan: &Plan, hears: &[Transport], method: Method) -> Result<Wires, IoError> {
        let (routes, source_port) = (&plan.routes, plan.source_port);
        let also = plan.udp.as_ref().map_or(&[][..], |udp| &udp.sources);
        let max_frame = if plan.udp.is_some() {
            MAX_FRAME
        } else {
            MAX_SMALL_FRAME
        };
        let mut wires: Vec<Wire> = Vec::new();
        for route in routes {
            if wires.iter().any(|w| w.link == route.link) {
                continue;
            }
            let framing = match route.framing {
                PlanFraming::Ethernet { .. } => Framing::Ethernet,
                PlanFraming::Ip if route.local => Framing::Loopback,
                PlanFraming::Ip => Framing::Ip,
            };
            let mut addresses: Vec<_> = routes
                .iter()
                .filter(|r| r.link == route.link)
                .map(|r| r.source)
                .chain(also.iter().copied())
                .collect();
            addresses.sort_unstable();
            addresses.dedup();
            let mut filter = ReplyFilter::new(framing, addresses, source_port..=source_port);
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
            let rx = Receiver::open(&ReceiveConfig::new(route.link, framing, program))?;
            let config = TransmitConfig {
                batch: BATCH,
                max_frame,
                ..TransmitConfig::new(route.link, framing)
            };
            let method = if framing == Framing::Ethernet {
                method
            } else {
                Method::Packet
            };
            let tx = Transmitter::open(&config, method)?;
            let kind = if framing == Framing::Ethernet {
                LinkType::Ethernet
            } else {
                LinkType::RawIp
            };
            wires.push(Wire {
                link: route.link,
                kind,
                tx,
                rx,
                refused: 0,
            });
        }
        Ok(Wires {
            wires,
            waiter: Waiter::new(),
        })
    }

    /// Runs `scan` to its end, or until `watch` says stop.
    pub fn run<W: Watch>(
        &mut self,
        scan: &mut Scan,
        watch: &mut W,
    ) -> Result<(), DriveError<W::Error>> {
        let mut next_look = now() + LOOK;
        let mut stopped = false;
        loop {
            let at = now();
            if !stopped && let Some(why) = watch.stop() {
                watch
                    .keep(true, &|notes| scan.checkpoint(at, notes))
                    .map_err(DriveError::Watch)?;
                scan.stop(at, why);
                stopped = true;
            }
            scan.on_timeout(at);
            let sent = self.transmit(scan, at, watch)?;
            let received = self.receive(scan, watch)?;
            while let Some(event) = scan.poll_event(now()) {
                watch.event(&event).map_err(DriveError::Watch)?;
            }
            if at >= next_look {
                next_look = at + LOOK;
                self.count_drops(scan)?;
                watch
                    .keep(false, &|notes| scan.checkpoint(at, notes))
                    .map_err(DriveError::Watch)?;
                watch.look(scan.progress()).map_err(DriveError::Watch)?;
            }
            if sent + received > 0 {
                continue;
            }
            let Some(due) = scan.poll_timeout(now()) else {
                self.count_drops(scan)?;
                return Ok(());
            };
            self.sleep(due.min(next_look).since(now()))?;
        }
    }

    /// Fills and flushes one batch; how many frames the kernel took.
    fn transmit<W: Watch>(
        &mut self,
        scan: &mut Scan,
        at: Instant,
        watch: &mut W,
    ) -> Result<usize, DriveError<W::Error>> {
        let mut current = 0;
        let frames = watch.wants_frames();
        for _ in 0..BATCH {
            if self.wires.iter().any(|w| w.tx.pending() >= BATCH) {
                break;
            }
            let here = self.wires[current].link;
            let Some(slot) = self.wires[current].tx.slot() else {
                break;
            };
            let Some(transmit) = scan.poll_transmit(at, slot) else {
                break;
            };
            if frames {
                let unix = crate::clock::unix_ns();
                watch
                    .frame(unix, transmit.link, true, &slot[..transmit.len])
                    .map_err(DriveError::Watch)?;
            }
            if transmit.link == here {
                self.wires[current].tx.commit(transmit.len);
                continue;
            }
            // Written for another link: it goes there, and the next one probably does too.
            let mut copy = [0u8; MAX_FRAME];
            copy[..transmit.len].copy_from_slice(&slot[..transmit.len]);
            let Some(right) = self.wires.iter().position(|w| w.link == transmit.link) else {
                continue;
            };
            if let Some(other) = self.wires[right].tx.slot() {
                other[..transmit.len].copy_from_slice(&copy[..transmit.len]);
                self.wires[right].tx.commit(transmit.len);
            }
            current = right;
        }
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

    fn receive<W: Watch>(
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
                        .frame(frame.unix_ns, from.link, false, frame.bytes)
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

    fn count_drops(&mut self, scan: &mut Scan) -> Result<(), IoError> {
        let mut drops = vigie_scan::engine::KernelDrops::default();
        for wire in &mut self.wires {
            drops.receiving += wire.rx.stats()?.dropped;
            drops.sending += wire.refused;
        }
        scan.on_kernel_drops(drops);
        Ok(())
    }

    fn sleep(&mut self, how_long: Duration) -> Result<(), IoError> {
        let blocked = self.wires.iter().any(|w| w.tx.pending() > 0);
        let how_long = if blocked {
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

fn now() -> Instant {
    Instant::from_nanos(monotonic_ns())
}
