//! ARP and RARP (RFC 826, RFC 903, RFC 2390).

use crate::{bytes::be16, line::Line};
use vigie_wire::{MacAddr, arp::View, error::ParseErrorKind};

pub(crate) fn print(line: &mut Line<'_>, length: usize, bytes: &[u8], prefix: bool) {
    if prefix {
        line.text("ARP, ");
    }
    let view = match View::parse(bytes) {
        Ok(view) => view,
        Err(error) if error.kind == ParseErrorKind::Unsupported => {
            let (hardware, protocol) = (be16(bytes, 0).unwrap_or(0), be16(bytes, 2).unwrap_or(0));
            let operation = be16(bytes, 6).unwrap_or(0);
            line.add(format_args!(
                "Unknown Hardware ({hardware}), Unknown Protocol ({protocol:#06x}), op {operation}"
            ));
            line.add(format_args!(", length {length}"));
            return;
        }
        Err(_) => return line.text("[|arp]"),
    };
    if line.options.verbose > 0 {
        line.text("Ethernet (len 6), IPv4 (len 4), ");
    }
    let (sender, target) = (view.sender_mac(), view.target_mac());
    match view.op() {
        1 => {
            line.text("Request who-has ");
            line.host(view.target_ip().into());
            if target != MacAddr::ZERO {
                line.add(format_args!(" ({target:#})"));
            }
            line.text(" tell ");
            line.host(view.sender_ip().into());
        }
        2 => {
            line.text("Reply ");
            line.host(view.sender_ip().into());
            line.add(format_args!(" is-at {sender:#}"));
        }
        3 => line.add(format_args!(
            "Reverse Request who-is {target:#} tell {sender:#}"
        )),
        4 => {
            line.add(format_args!("Reverse Reply {target:#} at "));
            line.host(view.target_ip().into());
        }
        8 => line.add(format_args!(
            "Inverse Request who-is {target:#} tell {sender:#}"
        )),
        9 => {
            line.add(format_args!("Inverse Reply {sender:#} at "));
            line.host(view.sender_ip().into());
        }
        other => line.add(format_args!("op {other}")),
    }
    line.add(format_args!(", length {length}"));
}
