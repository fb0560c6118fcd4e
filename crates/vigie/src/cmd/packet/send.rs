//! Sends packets: chooses link, frame and next hop, and owns the sockets of each link.
//!
//! Every packet is checked by [`super::permit`] first.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::os::fd::AsFd as _;
use std::time::Duration;

use vigie_craft::lang::{Level, RuntimeError};
use vigie_craft::{Packet, reply_match};
use vigie_linux::clock::unix_ns;
use vigie_linux::io::{
    Framing, Interest, IoError, Layout, Method, ReceiveConfig, Received, Receiver, Transmit as _,
    TransmitConfig, Transmitter, Waiter,
};
use vigie_linux::net::RouteKind;
use vigie_pcap_filter::Program;
use vigie_report::Message;
use vigie_wire::{Frame, LinkType, MacAddr};

use super::error::MachineError;
use super::machine::Machine;
use super::permit;
use crate::kernel;

/// Size of a link's receive ring in bytes. A larger one takes longer to set up and to release.
const RING: usize = 4 << 20;
/// Bytes before an IP header in an Ethernet frame.
pub(super) const ETHERNET: usize = 14;

/// The transmitting and the receiving socket of one link.
struct SocketPair {
    framing: Framing,
    transmitter: Transmitter,
    receiver: Receiver,
}

/// Sockets of all links in use, and link-layer addresses of their neighbours.
pub struct LinkSockets<'m> {
    pub(super) machine: &'m Machine,
    ports: BTreeMap<u32, SocketPair>,
    pub(super) neighbours: HashMap<(u32, IpAddr), MacAddr>,
    waiter: Waiter,
    allowed: permit::Allowed,
}

/// A packet ready to be sent.
pub struct Ready {
    /// Index of the link.
    pub link: u32,
    /// The bytes, with the link-layer header if the link has one.
    pub bytes: Vec<u8>,
    /// Offset of the IP header or ARP message in `bytes`.
    pub net: usize,
    /// The neighbour whose link-layer address is still missing, and the source address for requesting it.
    pub hop: Option<(IpAddr, IpAddr)>,
}

/// Returns the error for a failed packet socket.
pub fn io_error(error: &IoError) -> RuntimeError {
    match error {
        IoError::NotPermitted { .. } => MachineError::plain("packet-no-permission"),
        error => MachineError::message(Message::new("packet-io").text("error", kernel::io(error))),
    }
}

impl<'m> LinkSockets<'m> {
    /// Returns an empty set; sockets are opened on first use.
    pub fn new(machine: &'m Machine) -> Self {
        Self {
            machine,
            ports: BTreeMap::new(),
            neighbours: HashMap::new(),
            waiter: Waiter::new(),
            allowed: permit::Allowed::default(),
        }
    }

    /// Opens the sockets of a link.
    fn open(&mut self, link: u32) -> Result<&mut SocketPair, RuntimeError> {
        if !self.ports.contains_key(&link) {
            let known = self
                .machine
                .link(link)
                .ok_or_else(|| MachineError::plain("packet-no-link"))?;
            let framing = Framing::from(known.link_layer);
            let mut receive = ReceiveConfig::new(link, framing, Program::accept_all());
            // A slot holds a packet of the link's MTU and the kernel's header before it.
            let frame = (known.mtu as usize + 256)
                .next_power_of_two()
                .clamp(2048, 1 << 17);
            receive.layout = Layout::Frames {
                frame,
                count: RING / frame,
            };
            let mut transmit = TransmitConfig::new(link, framing);
            transmit.max_frame = (known.mtu as usize + 18).clamp(64, 65_536);
            transmit.qdisc_bypass = false;
            let receiver = Receiver::open(&receive).map_err(|error| io_error(&error))?;
            let transmitter =
                Transmitter::open(&transmit, Method::Packet).map_err(|error| io_error(&error))?;
            self.ports.insert(
                link,
                SocketPair {
                    framing,
                    transmitter,
                    receiver,
                },
            );
        }
        Ok(self.ports.get_mut(&link).expect("it was just inserted"))
    }

    /// Builds a packet for its link, checks that it may be sent, and opens the link's sockets.
    pub fn prepare(
        &mut self,
        packet: &Packet,
        level: Level,
        interface: Option<&str>,
    ) -> Result<Ready, RuntimeError> {
        let named = match interface {
            Some(name) => {
                let link = self.machine.link_named(name);
                Some(
                    link.ok_or_else(|| {
                        MachineError::message(
                            Message::new("packet-no-such-link").outside("name", name),
                        )
                    })?
                    .index,
                )
            }
            None => None,
        };
        match level {
            Level::Network => self.datagram(packet, named),
            Level::Link => self.frame(packet, named),
        }
    }

    fn datagram(&mut self, packet: &Packet, link: Option<u32>) -> Result<Ready, RuntimeError> {
        if reply_match::link_of(packet) != LinkType::RawIp {
            return Err(MachineError::plain("packet-needs-ip"));
        }
        let bytes = build(packet, self.machine)?;
        let frame = Frame::parse(LinkType::RawIp, &bytes).ok();
        let Some((src, dst)) = frame.and_then(|frame| frame.addresses()) else {
            return Err(MachineError::plain("packet-unchecked"));
        };
        let route = self.machine.route(dst, link).map_err(|error| {
            MachineError::message(
                Message::new("packet-no-route")
                    .shown("address", dst)
                    .text("error", kernel::route(&error)),
            )
        })?;
        self.check(LinkType::RawIp, &bytes, route.link)?;
        let framing = self.open(route.link)?.framing;
        if framing != Framing::Ethernet {
            return Ok(Ready {
                link: route.link,
                bytes,
                net: 0,
                hop: None,
            });
        }
        let mut hop = None;
        let target = match (route.kind, dst) {
            (RouteKind::Broadcast, _) => MacAddr::BROADCAST,
            (_, IpAddr::V6(dst)) if dst.is_multicast() => MacAddr::of_ipv6_multicast(dst),
            (_, IpAddr::V4(dst)) if dst.is_multicast() => {
                let [_, b, c, d] = dst.octets();
                MacAddr([1, 0, 0x5e, b & 0x7f, c, d])
            }
            _ => {
                let next = route.next_hop(dst);
                self.neighbour(route.link, next).unwrap_or_else(|| {
                    hop = Some((next, src));
                    MacAddr::default()
                })
            }
        };
        let own = self
            .machine
            .link(route.link)
            .and_then(|link| link.mac)
            .unwrap_or_default();
        let kind: [u8; 2] = if dst.is_ipv4() {
            [0x08, 0]
        } else {
            [0x86, 0xdd]
        };
        let framed = [&target.octets()[..], &own, &kind, &bytes].concat();
        Ok(Ready {
            link: route.link,
            bytes: framed,
            net: ETHERNET,
            hop,
        })
    }

    fn frame(&mut self, packet: &Packet, link: Option<u32>) -> Result<Ready, RuntimeError> {
        if reply_match::link_of(packet) != LinkType::Ethernet {
            return Err(MachineError::plain("packet-needs-ether"));
        }
        let mut packet = packet.clone();
        let inner = Packet {
            layers: packet.layers[1..].to_vec(),
        };
        let inner = build(&inner, self.machine)?;
        let addresses = Frame::parse(LinkType::RawIp, &inner)
            .ok()
            .and_then(|frame| frame.addresses());
        let link = match (
            link,
            addresses.and_then(|(_, dst)| self.machine.route(dst, None).ok()),
        ) {
            (Some(link), _) => link,
            (None, Some(route)) if self.is_ethernet(route.link) => route.link,
            _ => {
                self.machine
                    .default_link()
                    .ok_or_else(|| MachineError::plain("packet-no-link"))?
                    .index
            }
        };
        if !self.is_ethernet(link) {
            return Err(MachineError::plain("packet-not-ethernet"));
        }
        // If the destination of the frame is unset, it is the next hop's address.
        let mut hop = None;
        let unset =
            packet.layers[0].explicit(0).is_none() && packet.layers[0].wire_bytes().is_none();
        if let (true, Some((src, dst))) = (unset, addresses) {
            let is_single = !matches!(dst, IpAddr::V4(a) if a.is_multicast() || a.is_broadcast())
                && !matches!(dst, IpAddr::V6(a) if a.is_multicast());
            if let (true, Ok(route)) = (is_single, self.machine.route(dst, Some(link))) {
                let next = route.next_hop(dst);
                let mac = self.neighbour(link, next).unwrap_or_else(|| {
                    hop = Some((next, src));
                    MacAddr::default()
                });
                packet.layers[0].force(0, vigie_craft::Value::Mac(mac));
            }
        }
        let bytes = build(&packet, self.machine)?;
        self.check(LinkType::Ethernet, &bytes, link)?;
        let frame = Frame::parse(LinkType::Ethernet, &bytes)
            .map_err(|_| MachineError::plain("packet-unchecked"))?;
        self.open(link)?;
        let net = ETHERNET + if frame.vlan.is_some() { 4 } else { 0 };
        Ok(Ready {
            link,
            bytes,
            net,
            hop,
        })
    }

    fn is_ethernet(&self, link: u32) -> bool {
        self.machine
            .link(link)
            .is_some_and(|link| Framing::from(link.link_layer) == Framing::Ethernet)
    }

    /// Checks that a packet may be sent; see [`permit`].
    fn check(&mut self, kind: LinkType, bytes: &[u8], link: u32) -> Result<(), RuntimeError> {
        let link = self
            .machine
            .link(link)
            .ok_or_else(|| MachineError::plain("packet-no-link"))?;
        permit::check(self.machine, &mut self.allowed, kind, bytes, link)
    }

    /// Sends a packet. Returns the time of sending since 1970-01-01 00:00 UTC.
    pub fn send(&mut self, ready: &Ready) -> Result<Duration, RuntimeError> {
        let port = self.open(ready.link)?;
        loop {
            let Some(slot) = port.transmitter.slot() else {
                flush(port, &mut Waiter::new())?;
                continue;
            };
            let Some(room) = slot.get_mut(..ready.bytes.len()) else {
                return Err(MachineError::message(
                    Message::new("packet-too-long").amount("length", ready.bytes.len() as u64),
                ));
            };
            room.copy_from_slice(&ready.bytes);
            port.transmitter.commit(ready.bytes.len());
            flush(port, &mut Waiter::new())?;
            return Ok(Duration::from_nanos(unix_ns()));
        }
    }

    /// Calls `on_frame` for every received frame, with its link type. Returns the number of frames.
    pub fn receive(&mut self, mut on_frame: impl FnMut(LinkType, Received<'_>)) -> usize {
        let mut count = 0;
        for port in self.ports.values_mut() {
            let link = if port.framing == Framing::Ethernet {
                LinkType::Ethernet
            } else {
                LinkType::RawIp
            };
            count += port.receiver.for_each(|received| on_frame(link, received));
        }
        count
    }

    /// Waits until a frame arrives or `timeout` has passed.
    pub fn wait(&mut self, timeout: Duration) -> Result<(), RuntimeError> {
        let sockets: Vec<_> = self
            .ports
            .values()
            .map(|port| (port.receiver.as_fd(), Interest::Read))
            .collect();
        self.waiter
            .wait(&sockets, Some(timeout))
            .map(|_| ())
            .map_err(|error| io_error(&error))
    }
}

fn build(packet: &Packet, machine: &Machine) -> Result<Vec<u8>, RuntimeError> {
    packet
        .build(machine)
        .map_err(|error| RuntimeError::from(Box::new(error)))
}

fn flush(port: &mut SocketPair, waiter: &mut Waiter) -> Result<(), RuntimeError> {
    loop {
        let flushed = port.transmitter.flush().map_err(|error| io_error(&error))?;
        if let Some(error) = flushed.last_error {
            return Err(MachineError::message(
                Message::new("packet-refused").shown("error", error),
            ));
        }
        if !flushed.blocked {
            return Ok(());
        }
        match port.transmitter.writable() {
            Some(socket) => {
                let wait = Some(Duration::from_millis(100));
                waiter
                    .wait(&[(socket, Interest::Write)], wait)
                    .map_err(|error| io_error(&error))?;
            }
            None => std::thread::yield_now(),
        }
    }
}
