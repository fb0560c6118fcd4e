//! The kernel's neighbour entries (ARP and NDP caches).

use core::net::IpAddr;

use super::Network;
use crate::netlink::{Error, Message, Reply};

const RTM_GETNEIGH: u16 = 30;
/// Length of `struct ndmsg`: family, three bytes of pad, link index (i32), state (u16), flags, type.
pub(super) const NDMSG: usize = 12;
pub(super) const NDA_DST: u16 = 1;
pub(super) const NDA_LLADDR: u16 = 2;

/// State of a neighbour entry (`NUD_*`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reachability {
    /// Resolution is under way, without an answer so far.
    Incomplete,
    /// The neighbour did not answer.
    Failed,
    /// The neighbour answered once, but not recently (stale, delay, probe).
    Stale,
    /// The neighbour answered recently.
    Reachable,
    /// Set by an administrator, or on a link without neighbour resolution.
    Permanent,
}

/// A neighbour entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Interface index.
    pub link: u32,
    /// IP address of the neighbour.
    pub address: IpAddr,
    /// Link-layer address, if it is known and has six bytes.
    pub mac: Option<[u8; 6]>,
    /// State of the entry.
    pub state: Reachability,
}

impl Network {
    /// Returns every neighbour entry of both families.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn neighbours(&mut self) -> Result<Vec<Neighbour>, Error> {
        let mut entries = Vec::new();
        for family in [libc::AF_INET, libc::AF_INET6] {
            let mut header = [0; NDMSG];
            header[0] = family as u8;
            let mut message = Message::new(RTM_GETNEIGH, 0);
            message.raw(&header);
            entries.extend(
                self.socket
                    .collect("list the neighbours", &message, parse)?,
            );
        }
        Ok(entries)
    }
}

fn parse(reply: Reply<'_>) -> Option<Neighbour> {
    let header: &[u8; NDMSG] = reply.fixed()?;
    let attributes = reply.attributes(NDMSG);
    let state = match u16::from_ne_bytes([header[8], header[9]]) {
        s if s & 0xc0 != 0 => Reachability::Permanent, // PERMANENT, NOARP
        s if s & 0x02 != 0 => Reachability::Reachable,
        s if s & 0x1c != 0 => Reachability::Stale, // STALE, DELAY, PROBE
        s if s & 0x20 != 0 => Reachability::Failed,
        _ => Reachability::Incomplete,
    };
    Some(Neighbour {
        link: u32::from_ne_bytes(*header[4..].first_chunk()?),
        address: attributes.first(NDA_DST)?.address()?,
        mac: attributes
            .first(NDA_LLADDR)
            .and_then(|attribute| attribute.value.try_into().ok()),
        state,
    })
}
