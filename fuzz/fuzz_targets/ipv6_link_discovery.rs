//! Feeds frames to IPv6 link discovery. Every address it reports is a unicast address.
//!
//! Input: frames, each preceded by its length (2 bytes, big endian).
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_wire::MacAddr;
use vigie_scan::Instant;
use vigie_scan::ipv6_link_discovery::LinkDiscovery;

fuzz_target!(|data: &[u8]| {
    let ours = MacAddr([2, 0, 0, 0, 0, 1]);
    let sources = vec!["fe80::1".parse().unwrap(), "fd00::1".parse().unwrap()];
    let mut link = LinkDiscovery::new(ours, sources.clone(), 7, Instant::from_millis(1));
    let mut rest = data;
    while let Some((length, frames)) = rest.split_at_checked(2) {
        let length = usize::from(u16::from_be_bytes([length[0], length[1]])).min(frames.len());
        let (frame, after) = frames.split_at(length);
        link.on_packet(frame);
        rest = after;
    }
    for found in link.found() {
        assert!(!found.ip.is_multicast() && !sources.contains(&found.ip), "{found:?}");
        assert!(found.mac != ours && found.mac.0[0] & 1 == 0, "{found:?}");
    }
});
