//! Feeds frames to a scan in each of its phases. The engine does not panic, and a reply without the probe's cookie
//! never makes a port open or closed.
//!
//! Input: one byte that selects family, phase and link type, then frames, each preceded by its length (2 bytes, big
//! endian).
#![no_main]

use std::net::IpAddr;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use vigie_wire::LinkType;
use vigie_scan::event::EndReason;
use vigie_scan::plan::{Discovery, Neighbour, Technique, PortScan};
use vigie_scope::ports::PortList;
use vigie_scope::target::{Range, RangeSet};
use vigie_scan::{Event, Ingress, Instant, PortState, Reason, Scan};
use vigie_scope::Transport;
use vigie_sim::network::{ROUTER, ROUTER_MAC};
use vigie_sim::run::{LINK, plan, ports, udp_plan};

fuzz_target!(|data: &[u8]| {
    let Some((&selector, mut rest)) = data.split_first() else { return };
    let target: IpAddr = if selector & 1 == 0 { "10.1.0.1" } else { "fd00::7" }.parse().unwrap();
    let targets = RangeSet::new([Range::single(target, 0)]);
    let mut plan = plan(&targets, ports(1, 40), 1);
    if selector & 2 != 0 {
        plan.local.neighbours.push(Neighbour { link: LINK, ip: ROUTER, mac: ROUTER_MAC });
    }
    if selector & 4 != 0 {
        plan.spec.discovery = Discovery::Probe;
    }
    let mut pause = Duration::from_millis(2);
    if selector & 16 != 0 {
        // UDP: requests, and after a while rate-limit probing.
        plan.spec.udp = udp_plan(&targets, (1..40).chain([53, 123, 161, 500]), 1).spec.udp;
        plan.spec.tcp = None;
        pause = if selector & 32 == 0 { pause } else { Duration::from_millis(400) };
    } else if selector & 32 != 0 {
        // IP protocols: rate-limit probing starts after the wait for the first replies.
        let protocols = PortList::new((1..40).map(|number| (Transport::Ip, number)));
        plan.spec.tcp = Some(PortScan::new(Technique::IpProtocol, protocols));
        pause = Duration::from_millis(400);
    }
    let kind = if selector & 8 == 0 { LinkType::Ethernet } else { LinkType::RawIp };
    let mut now = Instant::from_millis(1);
    let Ok(mut scan) = Scan::new(plan, now) else { return };
    let mut slot = vec![0; scan.slot_len()];
    let mut seen = Vec::new();
    let mut step = |scan: &mut Scan, now: Instant| {
        scan.on_timeout(now);
        while scan.poll_transmit(now, &mut slot).is_some() {}
        seen.extend(std::iter::from_fn(|| scan.poll_event(now)));
    };
    for _ in 0..10 {
        now += pause;
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
    scan.stop(now, EndReason::Interrupted);
    step(&mut scan, now);
    assert!(scan.is_over());
    for event in &seen {
        // Nobody who has not seen the probe can know its cookie; a bare SYN carries none.
        if let Event::Port(found) = event {
            let silent = matches!(found.state, PortState::Filtered | PortState::Unknown);
            let allowed = match found.transport {
                // Nobody vouches for an answer from the port that was asked, and the mark that an error quotes is
                // short.
                Transport::Udp => match found.state {
                    PortState::Open => found.reason == Reason::UdpResponse,
                    PortState::Closed => found.reason == Reason::PortUnreach,
                    _ => true,
                },
                Transport::Ip => silent || found.state == PortState::OpenFiltered,
                _ => silent || found.reason == Reason::SplitHandshakeSyn,
            };
            assert!(allowed, "{found:?}");
        }
    }
});
