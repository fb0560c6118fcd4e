//! Support for drivers that send the UDP probes through sockets instead of frames.
//!
//! The kernel hides the IP header from such a driver: it says which datagram an ICMP error is about, but not the mark
//! in the datagram's IP header by which the engine recognises its own probes. This file performs no I/O.

use super::Scan;
use crate::udp::{Context, Quoted, frame};

impl Scan {
    /// Returns the attempt number (0 to 15) of a UDP probe that [`Scan::poll_transmit`] wrote without a link header;
    /// `None` if it is no IP packet.
    pub fn udp_attempt(packet: &[u8]) -> Option<u8> {
        frame::attempt(packet)
    }

    /// Writes what an ICMP error about `probe` would quote into `slot`, from the IP header on. Returns the length in
    /// bytes, 0 if 48 bytes do not fit or the address families differ. The caller guarantees that the error is about
    /// such a probe.
    pub fn quote_udp(&self, probe: &Quoted, slot: &mut [u8]) -> usize {
        let context = Context {
            plan: &self.core.plan,
            egresses: &self.core.egresses,
            cookies: &self.core.cookies,
        };
        frame::write_quote(&context, probe, slot)
    }
}
