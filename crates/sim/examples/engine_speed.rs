//! Times the engine alone: nanoseconds per probe sent, and per answer of a closed port.
//!
//! `cargo run --release -p vigie-sim --example engine_speed`

use std::time::Instant as Clock;

use vigie_scan::plan::Neighbour;
use vigie_scan::{Ingress, Instant, Scan};
use vigie_scope::Transport;
use vigie_scope::ports::PortList;
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::network::{ROUTER, ROUTER_MAC};
use vigie_sim::run::{LINK, plan};
use vigie_wire::frame::LinkType;

fn main() {
    let targets = RangeSet::new([Range::prefix("11.0.0.0".parse().unwrap(), 12, 0)]);
    let mut plan = plan(&targets, PortList::new([(Transport::Tcp, 80)]), 7);
    plan.spec.listing.all = false;
    plan.local.routes.truncate(1);
    plan.local.neighbours = vec![Neighbour {
        link: LINK,
        ip: ROUTER,
        mac: ROUTER_MAC,
    }];
    plan.spec.budget.min_rate = Some(20e6);
    let mut scan = Scan::new(plan, Instant::from_millis(1)).unwrap();
    let mut slot = [0u8; 256];
    let mut replies: Vec<[u8; 54]> = Vec::with_capacity(1 << 18);
    let mut now = Instant::from_millis(1);
    let n = 1u64 << 20;
    let begin = Clock::now();
    let mut sent = 0u64;
    while sent < n {
        now = Instant::from_nanos(now.as_nanos() + 3200);
        for _ in 0..64 {
            let Some(_) = scan.poll_transmit(now, &mut slot) else {
                break;
            };
            sent += 1;
            if sent.is_multiple_of(4) {
                replies.push(answer(&slot));
            }
        }
    }
    let send = begin.elapsed().as_nanos() as f64 / sent as f64;
    let begin = Clock::now();
    let from = Ingress {
        link: LINK,
        kind: LinkType::Ethernet,
    };
    for reply in &replies {
        scan.on_packet(now, from, reply);
    }
    let take = begin.elapsed().as_nanos() as f64 / replies.len() as f64;
    println!(
        "{send:.1} ns a probe, {take:.1} ns an answer ({} answers)",
        replies.len()
    );
}

/// Returns a RST/ACK to the SYN in `slot`. Checksums are wrong: the engine does not check them.
fn answer(slot: &[u8]) -> [u8; 54] {
    let mut reply = [0u8; 54];
    reply.copy_from_slice(&slot[..54]);
    reply[26..30].copy_from_slice(&slot[30..34]);
    reply[30..34].copy_from_slice(&slot[26..30]);
    reply[34..36].copy_from_slice(&slot[36..38]);
    reply[36..38].copy_from_slice(&slot[34..36]);
    let seq = u32::from_be_bytes([slot[38], slot[39], slot[40], slot[41]]);
    reply[42..46].copy_from_slice(&seq.wrapping_add(1).to_be_bytes());
    reply[46] = 5 << 4;
    reply[47] = 0x14;
    reply[16..18].copy_from_slice(&40u16.to_be_bytes());
    reply
}
