//! The addresses of this namespace's links.

use core::net::IpAddr;

use super::{Network, Prefix};
use crate::netlink::{Error, Message, Reply};

const RTM_GETADDR: u16 = 22;
/// Length of `struct ifaddrmsg`: family, prefix length, flags, scope (bytes), link index (u32).
pub(super) const IFADDRMSG: usize = 8;
pub(super) const IFA_ADDRESS: u16 = 1;
pub(super) const IFA_LOCAL: u16 = 2;
pub(super) const IFA_FLAGS: u16 = 8;

const IFA_F_OPTIMISTIC: u32 = 0x04;
const IFA_F_DADFAILED: u32 = 0x08;
const IFA_F_DEPRECATED: u32 = 0x20;
const IFA_F_TENTATIVE: u32 = 0x40;

/// An address of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Interface index.
    pub link: u32,
    /// This machine's address, with the prefix length of its subnet.
    pub prefix: Prefix,
    /// Address of the other end of a point-to-point link.
    pub peer: Option<IpAddr>,
    /// `RT_SCOPE_*`: 0 universe, 200 site, 253 link, 254 host.
    pub scope: u8,
    /// Whether duplicate address detection still runs: the address is not usable yet.
    pub tentative: bool,
    /// Whether another machine has the address: it is not usable.
    pub duplicate: bool,
    /// Whether new connections should use another address (RFC 4862).
    pub deprecated: bool,
}

impl Network {
    /// Returns every address of every link.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn addresses(&mut self) -> Result<Vec<Address>, Error> {
        let mut message = Message::new(RTM_GETADDR, 0);
        message.raw(&[0; IFADDRMSG]);
        self.socket.collect("list the addresses", &message, parse)
    }
}

fn parse(reply: Reply<'_>) -> Option<Address> {
    let header: &[u8; IFADDRMSG] = reply.fixed()?;
    let attributes = reply.attributes(IFADDRMSG);
    let address = |kind| {
        let attribute = attributes.first(kind)?;
        attribute.address()
    };
    // On a point-to-point link ADDRESS is the peer and LOCAL is ours.
    let (own, peer) = match (address(IFA_LOCAL), address(IFA_ADDRESS)) {
        (Some(own), peer) => (own, peer.filter(|&peer| peer != own)),
        (None, own) => (own?, None),
    };
    let flags = attributes
        .first(IFA_FLAGS)
        .and_then(|attribute| attribute.u32())
        .unwrap_or(u32::from(header[2]));
    Some(Address {
        link: u32::from_ne_bytes(*header[4..].first_chunk()?),
        prefix: Prefix::new(own, header[1]),
        peer,
        scope: header[3],
        tentative: flags & IFA_F_TENTATIVE != 0 && flags & IFA_F_OPTIMISTIC == 0,
        duplicate: flags & IFA_F_DADFAILED != 0,
        deprecated: flags & IFA_F_DEPRECATED != 0,
    })
}
