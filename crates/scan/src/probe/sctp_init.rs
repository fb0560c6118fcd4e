//! The SCTP INIT probe (`-sY`): the first packet of an association that is never completed.
//!
//! INIT ACK: open; ABORT: closed (RFC 9260 sections 5.1 and 8.4); silence: filtered. States as nmap defines them for
//! `-sY`.

use vigie_wire::WriteError;
use vigie_wire::frame::Frame;
use vigie_wire::quote::Quote;

use super::{ParsedReply, Probe, Template, To, sctp};
use crate::finding::{PortState, Reason};
use crate::plan::Route;

pub(super) struct SctpInit;

impl Probe for SctpInit {
    fn name(&self) -> &'static str {
        "sctp-init"
    }

    fn prepare(&self, route: &Route, source_port: u16) -> Result<Template, WriteError> {
        Ok(Template::whole(route, source_port))
    }

    fn write(&self, template: &Template, slot: &mut [u8], to: &To) -> usize {
        let packet = sctp::init(template.source_port(), to.port, to.cookie);
        sctp::write(template, slot, to, &packet)
    }

    fn answer(&self, frame: &Frame<'_>, source_port: u16) -> Option<ParsedReply> {
        sctp::answer(frame, source_port)
    }

    fn quoted(&self, quote: &Quote<'_>, source_port: u16) -> Option<(u16, u32)> {
        sctp::quoted_init(quote, source_port)
    }

    fn common(&self) -> (PortState, Reason) {
        (PortState::Closed, Reason::Abort)
    }
}
