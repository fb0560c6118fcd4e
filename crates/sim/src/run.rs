//! Runs a scan in a simulated network; time jumps from one event to the next.
//!
//! This file must not know what the events mean.

use alloc::boxed::Box;
use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::net::IpAddr;
use core::time::Duration;

use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::event::EndReason;
use vigie_scan::plan::{
    Backend, Discovery, Framing, Listing, LocalPlan, NextHop, PortScan, RATE_LIMIT_PROBING_TIME,
    Route, SOURCE_PORTS, ScanSpec, Technique, UdpSpec,
};
use vigie_scan::target::{Segment, TargetSet};
use vigie_scan::{Event, Finding, Ingress, Instant, Plan, PortState, Scan};
use vigie_scope::Transport;
use vigie_scope::ports::PortList;
use vigie_scope::target::{Family, RangeSet};
use vigie_wire::frame::LinkType;

use crate::network::{Network, ROUTER, SCANNER, SCANNER_MAC, SCANNER_V6};

/// The only link of the simulated scanner.
pub const LINK: u32 = 2;

/// What a simulated scan did.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Every event, in order.
    pub events: Vec<Event>,
    /// Duration in simulated time.
    pub elapsed: Duration,
    /// Number of frames sent.
    pub sent: u64,
    /// Rate at several times of the scan, in probes per second.
    pub rates: Vec<(Instant, f64)>,
}

impl Outcome {
    /// Returns the findings; a later finding of a port replaces an earlier one.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.events.iter().filter_map(|e| match e {
            Event::Port(f) => Some(f),
            _ => None,
        })
    }

    /// Returns the ports of `ip` found in `state`, sorted.
    pub fn ports(&self, ip: IpAddr, state: PortState) -> Vec<u16> {
        let mut ports: Vec<u16> = self
            .findings()
            .filter(|f| f.host.ip == ip && f.state == state)
            .map(|f| f.port)
            .collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }
}

/// A change of the network during a scan.
pub type Change = (Instant, Box<dyn FnOnce(&mut Network)>);

/// Returns a plan for a SYN scan of `targets` through the simulator's router: hosts are taken as up, and all ports are
/// listed.
///
/// # Panics
/// Never: a SYN scan by packets is a valid spec.
pub fn plan(targets: &RangeSet, ports: PortList, seed: u64) -> Plan {
    let route = |source, hop| Route {
        link: LINK,
        link_name: "sim0".into(),
        framing: Framing::Ethernet { mac: SCANNER_MAC },
        source,
        hop,
        mtu: 1500,
        local: false,
    };
    let segment = |r: &vigie_scope::target::Range| Segment {
        range: *r,
        route: u32::from(r.family == Family::V6),
    };
    let mut spec = ScanSpec::builder(targets.clone())
        .listing(Listing {
            all: true,
            ..Listing::default()
        })
        .seed(seed)
        .memory(u64::MAX);
    if !ports.is_empty() {
        spec = spec.tcp(PortScan::new(Technique::Syn, ports));
    }
    Plan {
        spec: spec.build().expect("a SYN scan by packets is valid"),
        local: LocalPlan {
            targets: TargetSet::new(targets.ranges().iter().map(segment).collect()),
            routes: [
                route(SCANNER, NextHop::Gateway(ROUTER)),
                route(SCANNER_V6, NextHop::OnLink),
            ]
            .into(),
            neighbours: Vec::new(),
            source_port: 61_000,
            source_ports: SOURCE_PORTS,
        },
    }
}

/// Returns a plan for scanning the UDP `ports` of `targets`, and no others.
pub fn udp_plan(targets: &RangeSet, ports: impl IntoIterator<Item = u16>, seed: u64) -> Plan {
    let udp = UdpSpec {
        ports: PortList::new(ports.into_iter().map(|p| (Transport::Udp, p))),
        budget: Some(RATE_LIMIT_PROBING_TIME),
        sources: Vec::new(),
        controls: true,
    };
    let mut plan = plan(targets, PortList::default(), seed);
    plan.spec.udp = Some(udp);
    plan
}

/// Returns a plan for connecting to the `ports` of `targets`; hosts are discovered first.
///
/// # Panics
/// If `ports` is empty.
pub fn connect_plan(targets: &RangeSet, ports: PortList, seed: u64) -> Plan {
    let mut plan = plan(targets, ports, seed);
    plan.spec.backend = Backend::Connections;
    plan.spec.discovery = Discovery::Probe;
    plan.spec
        .tcp
        .as_mut()
        .expect("ports to connect to")
        .technique = Technique::Connect;
    plan
}

/// Returns all TCP ports from `first` to `last`.
pub fn ports(first: u16, last: u16) -> PortList {
    PortList::new((first..=last).map(|p| (Transport::Tcp, p)))
}

/// Runs `plan` in `network` to its end.
///
/// # Panics
/// If the scan does not end within an hour of simulated time: a fault of the engine.
pub fn run(plan: Plan, network: &mut Network) -> Outcome {
    run_with(plan, network, Vec::new(), None)
}

/// Runs `plan` with `changes` (in order of time), and stops it at `stop`, if set.
///
/// # Panics
/// If the scan does not end within an hour of simulated time, or the plan does not fit its routes.
pub fn run_with(
    plan: Plan,
    network: &mut Network,
    changes: Vec<Change>,
    stop: Option<Instant>,
) -> Outcome {
    let mut scan = Scan::new(plan, START).expect("the plan fits its routes");
    drive(&mut scan, network, changes, stop, Instant::FAR)
}

/// Runs `plan` until `at`, when the run is killed. Returns the checkpoint of that time.
///
/// # Panics
/// If the plan does not fit its routes.
pub fn run_until(plan: Plan, network: &mut Network, at: Instant) -> Vec<u8> {
    let mut scan = Scan::new(plan, START).expect("the plan fits its routes");
    drive(&mut scan, network, Vec::new(), None, at);
    scan.checkpoint(at, Vec::new()).encode()
}

/// Continues `plan` from `checkpoint`.
///
/// # Panics
/// If the checkpoint cannot be read, or belongs to another plan.
pub fn resume(plan: Plan, checkpoint: &[u8], network: &mut Network) -> Outcome {
    let checkpoint = Checkpoint::decode(checkpoint).expect("the checkpoint was just written");
    let mut scan = Scan::new(plan, START).expect("the plan fits its routes");
    assert!(
        scan.resume(START, checkpoint),
        "the checkpoint is of another plan"
    );
    drive(&mut scan, network, Vec::new(), None, Instant::FAR)
}

/// Continues `plan` from `checkpoint` until `at`, when that run is killed too. Returns the checkpoint of that time.
///
/// # Panics
/// If the checkpoint cannot be read, or belongs to another plan.
pub fn resume_until(plan: Plan, checkpoint: &[u8], network: &mut Network, at: Instant) -> Vec<u8> {
    let checkpoint = Checkpoint::decode(checkpoint).expect("the checkpoint was just written");
    let mut scan = Scan::new(plan, START).expect("the plan fits its routes");
    assert!(
        scan.resume(START, checkpoint),
        "the checkpoint is of another plan"
    );
    drive(&mut scan, network, Vec::new(), None, at);
    scan.checkpoint(at, Vec::new()).encode()
}

/// Start time of every simulated scan.
const START: Instant = Instant::from_millis(1);

fn drive(
    scan: &mut Scan,
    network: &mut Network,
    changes: Vec<Change>,
    stop: Option<Instant>,
    until: Instant,
) -> Outcome {
    let mut now = START;
    let mut in_flight: BinaryHeap<Reverse<(Instant, u64, Vec<u8>)>> = BinaryHeap::new();
    let (mut events, mut rates, mut number) = (Vec::new(), Vec::new(), 0u64);
    let mut changes = changes.into_iter().peekable();
    let mut slot = [0u8; 2048];
    let ingress = Ingress {
        link: LINK,
        kind: LinkType::Ethernet,
    };
    while now < until {
        while changes.peek().is_some_and(|c| c.0 <= now) {
            if let Some((_, change)) = changes.next() {
                change(network);
            }
        }
        if stop.is_some_and(|s| now >= s) {
            scan.stop(now, EndReason::Interrupted);
        }
        scan.on_timeout(now);
        while let Some(transmit) = scan.poll_transmit(now, &mut slot) {
            for (at, frame) in network.send(now, &slot[..transmit.len]) {
                number += 1;
                in_flight.push(Reverse((at, number, frame)));
            }
        }
        while let Some(event) = scan.poll_event(now) {
            events.push(event);
        }
        if rates
            .last()
            .is_none_or(|(at, _)| now.since(*at) > Duration::from_millis(1))
        {
            rates.push((now, scan.progress().rate));
        }
        let Some(due) = scan.poll_timeout(now) else {
            break;
        };
        let arrival = in_flight.peek().map_or(Instant::FAR, |f| f.0.0);
        now = due.min(arrival).max(now + Duration::from_nanos(1));
        while in_flight.peek().is_some_and(|f| f.0.0 <= now) {
            if let Some(Reverse((_, _, frame))) = in_flight.pop() {
                scan.on_packet(now, ingress, &frame);
            }
        }
        assert!(
            now.since(START) < Duration::from_hours(1),
            "the scan does not end: {:?}",
            scan.progress()
        );
    }
    Outcome {
        events,
        elapsed: now.since(START),
        sent: network.sent,
        rates,
    }
}
