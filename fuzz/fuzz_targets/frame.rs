//! Parses frames of every link type down to the transport header and the packet quoted by ICMP.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_wire::frame::Transport;
use vigie_wire::quote::Quote;
use vigie_wire::{Frame, LinkType};

fuzz_target!(|data: &[u8]| {
    let Some((&selector, bytes)) = data.split_first() else { return };
    let Some(link) = [0u16, 1, 101, 108, 113, 228, 229, 276].get(usize::from(selector) % 8).copied().and_then(LinkType::from_number)
    else {
        return;
    };
    let Ok(frame) = Frame::parse(link, bytes) else { return };
    let quoted = match frame.transport {
        Transport::Tcp(tcp) => {
            assert!(tcp.options().count() <= 40);
            return;
        }
        Transport::Icmpv4(icmp) => icmp.quoted(),
        Transport::Icmpv6(icmp) => {
            assert!(icmp.options().count() <= bytes.len());
            icmp.quoted()
        }
        _ => return,
    };
    if let Ok(quote) = Quote::parse(quoted) {
        let _ = (quote.ports(), quote.tcp_seq(), quote.echo());
    }
});
