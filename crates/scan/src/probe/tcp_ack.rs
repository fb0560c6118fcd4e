//! The ACK probe: a segment of a connection that does not exist.
//!
//! Whoever is there and is reached answers with a reset (RFC 9293 section
//! 3.10.7.1), whether the port is open or closed; a stateful firewall drops it.
//! The cookie is the acknowledgement number, which the reset gives back as its
//! sequence number.

use vigie_packet::WriteError;
use vigie_packet::frame::{Frame, Transport};
use vigie_packet::layers::ipv4::proto;
use vigie_packet::layers::tcp::{Flags, Header};
use vigie_packet::quote::Quote;

use super::template::{MAX, Places, datagram};
use super::{Answer, Probe, Template, Verdict};
use crate::finding::{PortState, Reason};
use crate::ledger::Known;
use crate::plan::Route;

pub(super) struct TcpAck;

const PLACES: Places = Places {
    port: Some(2),
    cookie: 8,
    checksum: 16,
    pseudo: true,
};
/// Where the acknowledgement number stands in a quoted segment; RFC 792 promises only the 8 bytes before it.
const QUOTED_ACK: usize = 8;

impl Probe for TcpAck {
    fn name(&self) -> &'static str {
        "tcp-ack"
    }

    fn prepare(&self, route: &Route, source_port: u16) -> Result<Template, WriteError> {
        let mut bytes = [0; MAX];
        let header = Header::new()
            .set_src_port(source_port)
            .set_dst_port(0)
            .set_ack(0)
            .set_flags(Flags::ACK)
            .set_window(1024);
        let written = datagram(route)?.tcp(&mut bytes, &header, &[], &[])?;
        Ok(Template::new(&bytes, written, PLACES, route))
    }

    fn answer(&self, frame: &Frame<'_>, source_port: u16) -> Option<Answer> {
        let Transport::Tcp(tcp) = frame.transport else {
            return None;
        };
        if tcp.dst_port() != source_port || !tcp.flags().contains(Flags::RST) {
            return None;
        }
        let verdict = Verdict {
            known: Known::Other,
            state: PortState::Unfiltered,
            reason: Reason::Reset,
        };
        Some(Answer {
            ip: frame.addresses()?.0,
            port: tcp.src_port(),
            echoed: Some(tcp.seq()),
            verdict,
            mac: None,
        })
    }

    fn quoted(&self, quote: &Quote<'_>, source_port: u16) -> Option<(u16, u32)> {
        let (from, to) = quote.ports()?;
        let ack = quote.transport.get(QUOTED_ACK..)?.first_chunk()?;
        (quote.proto == proto::TCP && from == source_port).then_some((to, u32::from_be_bytes(*ack)))
    }
}
