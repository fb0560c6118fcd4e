//! What a driver needs that sends UDP probes through sockets in place of frames.
//!
//! The kernel then keeps the headers to itself: it says of an ICMP error which datagram it is about, but not the mark in
//! that datagram's IP header, by which the engine knows its own. This file must not read or send anything.

use super::Scan;
use crate::udp::{Context, Quoted, frame};

impl Scan {
    /// The number (0 to 15) of the attempt that a UDP probe of [`Scan::poll_transmit`] is, on a link without link
    /// headers; none where it is no IP packet.
    pub fn udp_attempt(packet: &[u8]) -> Option<u8> {
        frame::attempt(packet)
    }

    /// Writes what an ICMP error about `probe` would quote of it into `slot`, from the IP header on; its length, 0 where
    /// 48 bytes do not fit or the families differ. Who calls it vouches that the error is about such a probe.
    pub fn quote_udp(&self, probe: &Quoted, slot: &mut [u8]) -> usize {
        let context = Context {
            plan: &self.plan,
            egresses: &self.egresses,
            cookies: &self.cookies,
        };
        frame::write_quote(&context, probe, slot)
    }
}
