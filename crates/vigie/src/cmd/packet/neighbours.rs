//! Link-layer addresses of neighbours: from the kernel, or from replies to ARP requests and neighbour solicitations. All
//! missing addresses are requested together, so that many unresponsive neighbours take no longer than one.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use vigie_craft::Env as _;
use vigie_craft::lang::RuntimeError;
use vigie_report::Message;
use vigie_wire::frame::{Net, Transport};
use vigie_wire::{Frame, LinkType, MacAddr, write};
use vigie_wire::{arp, icmpv6};

use super::error::MachineError;
use super::send::{ETHERNET, LinkSockets, Ready};

/// Time to wait for replies, and number of requests.
const WAIT: Duration = Duration::from_millis(500);
const TRIES: u32 = 3;
/// Number of requests between two reads of the ring.
const BURST: usize = 64;

/// Returns the error for a neighbour that does not answer.
pub fn silent(address: IpAddr) -> RuntimeError {
    MachineError::message(Message::new("packet-no-neighbour").shown("address", address))
}

impl LinkSockets<'_> {
    /// Returns the link-layer address of a neighbour, if it is known.
    pub(super) fn neighbour(&mut self, link: u32, address: IpAddr) -> Option<MacAddr> {
        if let Some(mac) = self.neighbours.get(&(link, address)) {
            return Some(*mac);
        }
        let mac = self.machine.neighbour(link, address)?;
        self.neighbours.insert((link, address), mac);
        Some(mac)
    }

    /// Requests the missing addresses and writes them into the packets. Returns the neighbours that do not answer, in
    /// ascending order; packets for these still have a `hop`.
    pub fn resolve_all(&mut self, packets: &mut [Ready]) -> Result<Vec<IpAddr>, RuntimeError> {
        let mut missing: BTreeSet<(u32, IpAddr)> = BTreeSet::new();
        let mut requests = Vec::new();
        for packet in packets.iter() {
            if let Some((address, src)) = packet.hop
                && missing.insert((packet.link, address))
            {
                requests.push((address, self.request(packet.link, address, src)?));
            }
        }
        for _ in 0..TRIES {
            for (at, (address, request)) in requests.iter().enumerate() {
                if missing.contains(&(request.link, *address)) {
                    self.send(request)?;
                }
                if at % BURST == BURST - 1 {
                    self.learn(&mut missing);
                }
            }
            let end = Instant::now() + WAIT;
            while let Some(left) = end.checked_duration_since(Instant::now()) {
                if missing.is_empty() || self.machine.is_interrupted() {
                    break;
                }
                self.wait(left)?;
                self.learn(&mut missing);
            }
        }
        for packet in packets.iter_mut() {
            let Some((address, _)) = packet.hop else {
                continue;
            };
            if let Some(mac) = self.neighbours.get(&(packet.link, address)) {
                packet.bytes[..6].copy_from_slice(&mac.octets());
                packet.hop = None;
            }
        }
        Ok(missing.into_iter().map(|(_, address)| address).collect())
    }

    /// Reads the replies from the rings.
    fn learn(&mut self, missing: &mut BTreeSet<(u32, IpAddr)>) {
        if missing.is_empty() {
            return;
        }
        let mut announcements = Vec::new();
        self.receive(|form, received| {
            if let Some((address, mac)) = announced(form, received.bytes) {
                announcements.push(((received.origin().ifindex, address), mac));
            }
        });
        for (neighbour, mac) in announcements {
            if missing.remove(&neighbour) {
                self.neighbours.insert(neighbour, mac);
            }
        }
    }

    /// Returns the frame that requests a neighbour's address.
    fn request(&self, link: u32, address: IpAddr, src: IpAddr) -> Result<Ready, RuntimeError> {
        let own = MacAddr(
            self.machine
                .link(link)
                .and_then(|link| link.mac)
                .unwrap_or_default(),
        );
        let mut buffer = [0; 128];
        // Without a source of the same family, use the one of the route.
        let src = match self.machine.source_for(address) {
            Some(best) if src.is_unspecified() || src.is_ipv4() != address.is_ipv4() => best,
            _ => src,
        };
        let written = match (src, address) {
            (IpAddr::V4(src), IpAddr::V4(target)) => {
                write::arp_request(&mut buffer, own, src, target, None)
            }
            (IpAddr::V6(src), IpAddr::V6(target)) => {
                write::neighbour_solicitation(&mut buffer, own, src, target, None)
            }
            _ => return Err(silent(address)),
        };
        let len = written
            .map_err(|error| {
                MachineError::message(
                    Message::new("packet-io").text("error", crate::kernel::write(&error)),
                )
            })?
            .len;
        Ok(Ready {
            link,
            bytes: buffer[..len].to_vec(),
            net: ETHERNET,
            hop: None,
        })
    }
}

/// Returns the address that a frame announces, with its link-layer address.
fn announced(form: LinkType, bytes: &[u8]) -> Option<(IpAddr, MacAddr)> {
    let frame = Frame::parse(form, bytes).ok()?;
    match (frame.net, frame.transport) {
        (Net::Arp(arp), _) if arp.op() == arp::REPLY => {
            Some((IpAddr::V4(arp.sender_ip()), arp.sender_mac()))
        }
        (_, Transport::Icmpv6(icmp)) if icmp.kind() == icmpv6::kind::NEIGHBOUR_ADVERT => {
            Some((icmp.target().map(IpAddr::V6)?, icmp.link_layer_address()?))
        }
        _ => None,
    }
}
