//! The hot path does not allocate: neither sending a probe nor reading the answer of a closed port.
//!
//! Tables may grow a few times at the start of a scan. After that the number of allocations must not change.

use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::plan::Neighbour;
use vigie_scan::{Ingress, Instant, Scan};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::network::{ROUTER, ROUTER_MAC, SCANNER_MAC};
use vigie_sim::run::{LINK, plan, ports};
use vigie_wire::MacAddr;
use vigie_wire::frame::{Frame, LinkType, Transport};
use vigie_wire::tcp::{Flags, Header};
use vigie_wire::write::Datagram;

/// The reset that a closed port sends.
fn reset(probe: &[u8], out: &mut [u8]) -> usize {
    let frame = Frame::parse(LinkType::Ethernet, probe).expect("a frame");
    let (from, to) = frame.addresses().expect("addresses");
    let Transport::Tcp(syn) = frame.transport else {
        panic!("not a SYN")
    };
    let header = Header::new()
        .set_src_port(syn.dst_port())
        .set_dst_port(syn.src_port())
        .set_ack(syn.seq().wrapping_add(1))
        .set_flags(Flags::RST | Flags::ACK)
        .set_window(8192);
    let datagram = Datagram::new(to, from).expect("one family");
    let written = datagram
        .ethernet(ROUTER_MAC, SCANNER_MAC)
        .tcp(out, &header, &[], &[]);
    written.expect("it fits").len
}

#[test]
fn neither_probes_nor_closed_ports_allocate() {
    let first: IpAddr = "10.1.0.0".parse().expect("an address");
    let mut plan = plan(
        &RangeSet::new([Range::prefix(first, 29, 0)]),
        ports(1, 50_000),
        7,
    );
    plan.spec.listing.all = false;
    plan.local.neighbours.push(Neighbour {
        link: LINK,
        ip: ROUTER,
        mac: MacAddr(ROUTER_MAC.octets()),
    });
    let mut now = Instant::from_millis(1);
    let mut scan = Scan::new(plan, now).expect("the plan fits its routes");
    let from = Ingress {
        link: LINK,
        kind: LinkType::Ethernet,
    };
    let (mut slot, mut answer) = ([0; 256], [0; 256]);
    let (mut sent, mut warm, mut hot) = (0u64, 0u64, 0u64);
    while sent < 8 * 50_000 {
        now += Duration::from_micros(2);
        let counted = allocation_counter::measure(|| {
            scan.on_timeout(now);
            let Some(transmit) = scan.poll_transmit(now, &mut slot) else {
                return;
            };
            sent += 1;
            let len = reset(&slot[..transmit.len], &mut answer);
            now += Duration::from_micros(50);
            scan.on_packet(now, from, &answer[..len]);
        });
        if sent < 200_000 {
            warm += counted.count_total;
        } else {
            hot += counted.count_total;
        }
    }
    assert!(warm < 100, "{warm} allocations while tables grow");
    assert_eq!(
        hot,
        0,
        "allocations in the last {} probes",
        8 * 50_000 - 200_000
    );
}
