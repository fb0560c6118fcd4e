//! The connect engine with a simulated kernel: this test decides when and how connections end.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::plan::Discovery;
use vigie_scan::{ConnectOutcome, ConnectRequest, Scan};
use vigie_scan::{Event, Instant, Plan, PortState, Reason};
use vigie_scope::ports::PortList;
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::run::ports;

fn targets(n: u8) -> RangeSet {
    RangeSet::new((1..=n).map(|last| Range::single(IpAddr::from([10, 1, 0, last]), 0)))
}

fn connect_plan(targets: &RangeSet, ports: PortList) -> Plan {
    vigie_sim::run::connect_plan(targets, ports, 3)
}

/// Runs a scan. `world` returns how a connection ends and how long it takes; `None` if it never ends.
fn run(
    plan: Plan,
    world: impl Fn(&ConnectRequest) -> Option<(ConnectOutcome, Duration)>,
) -> Vec<Event> {
    let mut now = Instant::from_millis(1);
    let mut scan = Scan::new(plan, now).expect("connections need no templates");
    let mut in_flight: BTreeMap<(Instant, u64), ConnectOutcome> = BTreeMap::new();
    let mut events = Vec::new();
    loop {
        scan.on_timeout(now);
        while let Some(id) = scan.poll_cancel(now) {
            in_flight.retain(|(_, other), _| *other != id);
        }
        while let Some(start) = scan.poll_connect(now) {
            if let Some((outcome, after)) = world(&start) {
                in_flight.insert((now + after, start.id), outcome);
            }
        }
        events.extend(std::iter::from_fn(|| scan.poll_event(now)));
        let Some(due) = scan.poll_timeout(now) else {
            assert!(scan.is_over());
            return events;
        };
        let next = in_flight.keys().next().map_or(Instant::FAR, |(at, _)| *at);
        now = due.min(next).max(now + Duration::from_nanos(1));
        // One result at a time, as a kernel may report them.
        if let Some(((_, id), outcome)) = in_flight.pop_first_if(now) {
            scan.on_connect_result(now, id, outcome, None);
        }
        assert!(
            now < Instant::from_millis(3_600_000),
            "the scan does not end"
        );
    }
}

/// Like `BTreeMap::pop_first`, if the first entry is due.
trait PopFirstIf {
    fn pop_first_if(&mut self, now: Instant) -> Option<((Instant, u64), ConnectOutcome)>;
}

impl PopFirstIf for BTreeMap<(Instant, u64), ConnectOutcome> {
    fn pop_first_if(&mut self, now: Instant) -> Option<((Instant, u64), ConnectOutcome)> {
        self.first_entry()
            .filter(|e| e.key().0 <= now)
            .map(std::collections::btree_map::OccupiedEntry::remove_entry)
    }
}

fn in_state(events: &[Event], ip: IpAddr, state: PortState) -> Vec<u16> {
    let mut ports: Vec<u16> = events
        .iter()
        .filter_map(|e| match e {
            Event::Port(f) if f.host.ip == ip && f.state == state => Some(f.port),
            _ => None,
        })
        .collect();
    ports.sort_unstable();
    ports
}

#[test]
fn a_discovery_reply_is_not_a_port_reply() {
    // All discovery connections end at the same time. The first ends host discovery; the others arrive during the port
    // scan.
    let world = |start: &ConnectRequest| {
        let open = matches!(start.port, 22 | 80);
        let outcome = if open {
            ConnectOutcome::Connected
        } else {
            ConnectOutcome::Refused
        };
        Some((outcome, Duration::from_millis(20)))
    };
    for last in [1, 2, 40, 100] {
        let events = run(connect_plan(&targets(1), ports(1, last)), world);
        let ip = IpAddr::from([10, 1, 0, 1]);
        let open: Vec<u16> = [22, 80].into_iter().filter(|p| *p <= last).collect();
        assert_eq!(in_state(&events, ip, PortState::Open), open);
        assert_eq!(
            in_state(&events, ip, PortState::Closed).len(),
            usize::from(last) - open.len()
        );
    }
}

#[test]
fn a_far_host_among_near_ones_is_waited_for() {
    let far = IpAddr::from([10, 1, 0, 1]);
    let world = |start: &ConnectRequest| {
        let open = matches!(start.port, 22 | 80);
        let outcome = if open {
            ConnectOutcome::Connected
        } else {
            ConnectOutcome::Refused
        };
        let takes = Duration::from_micros(if start.host.ip == far { 450_000 } else { 300 });
        (start.port < 90).then_some((outcome, takes))
    };
    for discovery in [Discovery::Probe, Discovery::AssumeUp] {
        let mut plan = connect_plan(&targets(30), ports(1, 100));
        plan.spec.discovery = discovery;
        let events = run(plan, world);
        assert_eq!(
            in_state(&events, far, PortState::Open),
            [22, 80],
            "{discovery:?}"
        );
        assert_eq!(
            in_state(&events, far, PortState::Closed).len(),
            87,
            "{discovery:?}"
        );
        assert_eq!(
            in_state(&events, far, PortState::Filtered).len(),
            11,
            "{discovery:?}"
        );
    }
}

#[test]
fn closed_ports_that_are_only_counted_keep_their_reason() {
    let mut plan = connect_plan(&targets(3), ports(1, 40_000));
    plan.spec.listing.all = false;
    let events = run(plan, |_| {
        Some((ConnectOutcome::Refused, Duration::from_micros(100)))
    });
    let mut hosts = 0;
    for event in &events {
        if let Event::HostDone(summary) = event {
            hosts += 1;
            let reasons: Vec<_> = summary.counts.iter().map(|c| (c.reason, c.count)).collect();
            assert_eq!(
                reasons,
                [(Reason::ConnRefused, 40_000)],
                "{}",
                summary.host.host.ip
            );
        }
    }
    assert_eq!(hosts, 3);
}

#[test]
fn windows_find_the_same_as_one_sweep() {
    for discovery in [Discovery::Probe, Discovery::AssumeUp] {
        let mut whole = connect_plan(&targets(9), ports(1, 200));
        whole.spec.discovery = discovery;
        let mut windowed = whole.clone();
        windowed.spec.memory = 400;
        assert!(
            (2..=9).contains(&windowed.windows()),
            "{}",
            windowed.windows()
        );
        // Every other host is up. Slow answers may arrive after their window is over.
        let world = |start: &ConnectRequest| {
            let IpAddr::V4(ip) = start.host.ip else {
                return None;
            };
            let last = ip.octets()[3];
            if last % 2 == 0 {
                return None;
            }
            let outcome = match start.port {
                22 | 80 => ConnectOutcome::Connected,
                _ => ConnectOutcome::Refused,
            };
            Some((outcome, Duration::from_millis(u64::from(last))))
        };
        let (whole, windowed) = (run(whole, world), run(windowed, world));
        for last in 1..=9 {
            let ip = IpAddr::from([10, 1, 0, last]);
            for state in [PortState::Open, PortState::Closed, PortState::Filtered] {
                let found = in_state(&windowed, ip, state);
                assert_eq!(
                    found,
                    in_state(&whole, ip, state),
                    "{ip} {state} {discovery:?}"
                );
            }
        }
        assert_eq!(
            in_state(&windowed, IpAddr::from([10, 1, 0, 9]), PortState::Open),
            [22, 80]
        );
    }
}
