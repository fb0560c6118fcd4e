//! Shared by the techniques that send one bare segment and read the reset.
//!
//! A reset proves that it answers our segment in one of two ways (RFC 9293 section 3.10.7.1). The reset of a segment
//! with ACK has its acknowledgement number as sequence number. The reset of a segment without ACK acknowledges its
//! sequence number, SYN and FIN counted. So the cookie is in both fields. The file of a technique says which flags it
//! sends and what a reset means; this file must not know any technique.

use vigie_wire::WriteError;
use vigie_wire::frame::{Frame, Transport};
use vigie_wire::ipv4::proto;
use vigie_wire::quote::Quote;
use vigie_wire::tcp::{Flags, Header, View};

use super::template::{FieldOffsets, MAX, datagram};
use super::{ParsedReply, Probe, Template, Verdict};
use crate::finding::{PortState, Reason};
use crate::plan::Route;

/// A technique that sends one segment.
pub(super) struct Segment {
    /// Name in machine formats.
    pub(super) name: &'static str,
    /// Flags of the segment, unless the user chose others.
    pub(super) flags: Flags,
    /// What a reset proves.
    pub(super) reset: fn(&View<'_>) -> Verdict,
    /// State of most ports that answer.
    pub(super) common: PortState,
    /// State of a port that stayed silent.
    pub(super) silence: PortState,
}

const OFFSETS: FieldOffsets = FieldOffsets {
    port: Some(2),
    source: None,
    cookie: 4,
    cookie_copy: Some(8),
    checksum: 16,
    pseudo: true,
};

impl Probe for Segment {
    fn name(&self) -> &'static str {
        self.name
    }

    fn prepare(&self, route: &Route, source_port: u16) -> Result<Template, WriteError> {
        self.prepare_with(route, source_port, self.flags)
    }

    fn prepare_with(
        &self,
        route: &Route,
        source_port: u16,
        flags: Flags,
    ) -> Result<Template, WriteError> {
        prepare(route, source_port, flags)
    }

    fn answer(&self, frame: &Frame<'_>, source_port: u16) -> Option<ParsedReply> {
        self.answer_to(frame, source_port, self.flags)
    }

    fn answer_to(&self, frame: &Frame<'_>, source_port: u16, sent: Flags) -> Option<ParsedReply> {
        let Transport::Tcp(tcp) = frame.transport else {
            return None;
        };
        if tcp.dst_port() != source_port || !tcp.flags().contains(Flags::RST) {
            return None;
        }
        Some(ParsedReply {
            ip: frame.addresses()?.0,
            port: tcp.src_port(),
            echoed: Some(echoed_cookie(&tcp, sent)?),
            verdict: (self.reset)(&tcp),
            mac: None,
        })
    }

    fn quoted(&self, quote: &Quote<'_>, source_port: u16) -> Option<(u16, u32)> {
        quoted(quote, source_port)
    }

    fn silence(&self) -> PortState {
        self.silence
    }

    fn common(&self) -> (PortState, Reason) {
        (self.common, Reason::Reset)
    }
}

/// Returns a bare segment with these flags.
pub(super) fn prepare(
    route: &Route,
    source_port: u16,
    flags: Flags,
) -> Result<Template, WriteError> {
    let mut bytes = [0; MAX];
    let header = Header::new()
        .set_src_port(source_port)
        .set_dst_port(0)
        .set_seq(0)
        .set_ack(0)
        .set_flags(flags)
        .set_window(1024);
    let written = datagram(route)?.tcp(&mut bytes, &header, &[], &[])?;
    Ok(Template::new(&bytes, written, OFFSETS, route))
}

/// Returns the cookie that a reply to a segment with the flags `sent` carries; `None` if it proves nothing.
#[inline]
pub(super) fn echoed_cookie(tcp: &View<'_>, sent: Flags) -> Option<u32> {
    let acknowledges = tcp.flags().contains(Flags::ACK);
    if tcp.flags().contains(Flags::RST) && sent.contains(Flags::ACK) {
        return Some(tcp.seq());
    }
    let counted = u32::from(sent.contains(Flags::SYN)) + u32::from(sent.contains(Flags::FIN));
    acknowledges.then(|| tcp.ack().wrapping_sub(counted))
}

/// Returns what a quoted segment of ours says.
pub(super) fn quoted(quote: &Quote<'_>, source_port: u16) -> Option<(u16, u32)> {
    let (from, to) = quote.ports()?;
    (quote.proto == proto::TCP && from == source_port).then_some((to, quote.tcp_seq()?))
}

/// What a reset proves if only the firewall is tested: the segment came through.
pub(super) fn unfiltered(_reset: &View<'_>) -> Verdict {
    Verdict {
        state: PortState::Unfiltered,
        ..Verdict::closed(Reason::Reset)
    }
}

/// What a reset proves if an open port stays silent.
pub(super) fn closed(_reset: &View<'_>) -> Verdict {
    Verdict::closed(Reason::Reset)
}
