//! A scan in each of its stages, fed with frames: it must not panic, and nothing without its cookie may
//! become an open or a closed port.
//!
//! The first byte chooses family, stage and link type; then frames, each behind its length in two bytes.
#![no_main]

use std::net::IpAddr;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use vigie_packet::LinkType;
use vigie_scan::event::RoundsEnd;
use vigie_scan::plan::{Discovery, Neighbour};
use vigie_scan::target::{Range, RangeSet};
use vigie_scan::{Event, Ingress, Instant, PortState, Reason, Scan};
use vigie_sim::network::{ROUTER, ROUTER_MAC};
use vigie_sim::run::{LINK, plan, ports};

fuzz_target!(|data: &[u8]| {
    let Some((&selector, mut rest)) = data.split_first() else { return };
    let target: IpAddr = if selector & 1 == 0 { "10.1.0.1" } else { "fd00::7" }.parse().unwrap();
    let mut plan = plan(&RangeSet::new([Range::single(target, 0)]), ports(1, 40), 1);
    if selector & 2 != 0 {
        plan.neighbours.push(Neighbour { link: LINK, ip: ROUTER, mac: ROUTER_MAC });
    }
    if selector & 4 != 0 {
        plan.discovery = Discovery::Ask;
    }
    let kind = if selector & 8 == 0 { LinkType::Ethernet } else { LinkType::RawIp };
    let mut now = Instant::from_millis(1);
    let Ok(mut scan) = Scan::new(plan, now) else { return };
    let mut slot = [0; 256];
    let mut seen = Vec::new();
    let mut step = |scan: &mut Scan, now: Instant| {
        scan.on_timeout(now);
        while scan.poll_transmit(now, &mut slot).is_some() {}
        seen.extend(std::iter::from_fn(|| scan.poll_event(now)));
    };
    for _ in 0..10 {
        now += Duration::from_millis(2);
        step(&mut scan, now);
    }
    while let Some((length, frames)) = rest.split_at_checked(2) {
        let length = usize::from(u16::from_be_bytes([length[0], length[1]])).min(frames.len());
        let (frame, after) = frames.split_at(length);
        now += Duration::from_micros(100);
        scan.on_packet(now, Ingress { link: LINK, kind }, frame);
        step(&mut scan, now);
        rest = after;
    }
    scan.stop(now, RoundsEnd::Interrupted);
    step(&mut scan, now);
    assert!(scan.is_over());
    for event in &seen {
        // Nobody who has not seen the probe can know its cookie; a bare SYN carries none.
        if let Event::Port(found) = event {
            let proven = !matches!(found.state, PortState::Filtered | PortState::Unknown);
            assert!(!proven || found.reason == Reason::SplitHandshakeSyn, "{found:?}");
        }
    }
});
