//! The SCTP COOKIE ECHO probe (`-sZ`): the third packet of an association, without the first two.
//!
//! An open port drops it, a closed port answers ABORT (RFC 9260 section 8.4). A filter that blocks only INITs lets it
//! through. States as nmap defines them for `-sZ`.

use vigie_wire::WriteError;
use vigie_wire::frame::Frame;
use vigie_wire::quote::Quote;

use super::{ParsedReply, Probe, Template, To, sctp};
use crate::finding::{PortState, Reason};
use crate::plan::Route;

pub(super) struct SctpCookieEcho;

impl Probe for SctpCookieEcho {
    fn name(&self) -> &'static str {
        "sctp-cookie-echo"
    }

    fn prepare(&self, route: &Route, source_port: u16) -> Result<Template, WriteError> {
        Ok(Template::whole(route, source_port))
    }

    fn write(&self, template: &Template, slot: &mut [u8], to: &To) -> usize {
        let packet = sctp::cookie_echo(template.source_port(), to.port, to.cookie);
        sctp::write(template, slot, to, &packet)
    }

    fn answer(&self, frame: &Frame<'_>, source_port: u16) -> Option<ParsedReply> {
        sctp::answer(frame, source_port)
    }

    fn quoted(&self, quote: &Quote<'_>, source_port: u16) -> Option<(u16, u32)> {
        sctp::quoted_cookie_echo(quote, source_port)
    }

    fn silence(&self) -> PortState {
        PortState::OpenFiltered
    }

    fn common(&self) -> (PortState, Reason) {
        (PortState::Closed, Reason::Abort)
    }
}
