//! Scans split among several senders: the partitions together find what one sender finds.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::event::EndReason;
use vigie_scan::{Event, Ingress, Instant, Plan, PortState, Scan};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::Answering;
use vigie_sim::path::Loss;
use vigie_sim::run::{LINK, plan, ports, resume};
use vigie_sim::{Network, Path, SimHost};
use vigie_wire::frame::{Frame, LinkType, Transport};
use vigie_wire::tcp::Flags;

const OPEN: [u16; 5] = [22, 80, 443, 1500, 1999];
const START: Instant = Instant::from_millis(1);

fn scene(seed: u64, loss: f64) -> (Plan, Network) {
    let hosts = (0..=3u8).map(|i| {
        SimHost::new(IpAddr::from([10, 1, 0, i]))
            .with(OPEN, Answering::Open)
            .with(100..=140, Answering::Dropped)
    });
    let path = Path::new(Duration::from_millis(20)).with_loss(Loss::Even(loss));
    let targets = RangeSet::new([Range::prefix(
        "10.1.0.0".parse().expect("an address"),
        30,
        0,
    )]);
    let network = Network::new(hosts, path, seed);
    (plan(&targets, ports(1, 2000), seed), network)
}

fn truth() -> BTreeSet<(IpAddr, u16, PortState)> {
    let state = |port: u16| match port {
        100..=140 => PortState::Filtered,
        _ if OPEN.contains(&port) => PortState::Open,
        _ => PortState::Closed,
    };
    (0..=3u8)
        .flat_map(|h| (1..=2000u16).map(move |p| (IpAddr::from([10, 1, 0, h]), p, state(p))))
        .collect()
}

/// Several scans in one network. Each receives the frames for its own source ports.
struct World {
    network: Network,
    now: Instant,
    in_flight: BinaryHeap<Reverse<(Instant, u64, Vec<u8>)>>,
    number: u64,
    events: Vec<Event>,
}

impl World {
    fn new(network: Network) -> World {
        World {
            network,
            now: START,
            in_flight: BinaryHeap::new(),
            number: 0,
            events: Vec::new(),
        }
    }

    /// Runs `scans` until `until` returns true or none of them has anything to do.
    fn run(&mut self, scans: &mut [&mut Scan], until: impl Fn(&Scan, Instant) -> bool) {
        let from = Ingress {
            link: LINK,
            kind: LinkType::Ethernet,
        };
        let mut slot = [0; 256];
        while !until(scans[0], self.now) {
            let mut due = None;
            for scan in scans.iter_mut() {
                scan.on_timeout(self.now);
                while let Some(transmit) = scan.poll_transmit(self.now, &mut slot) {
                    for (at, frame) in self.network.send(self.now, &slot[..transmit.len]) {
                        self.number += 1;
                        self.in_flight.push(Reverse((at, self.number, frame)));
                    }
                }
                while let Some(event) = scan.poll_event(self.now) {
                    self.events.push(event);
                }
                let wanted = scan.poll_timeout(self.now);
                due = [due, wanted].into_iter().flatten().min();
            }
            let Some(due) = due else { return };
            let arrival = self.in_flight.peek().map_or(Instant::FAR, |f| f.0.0);
            self.now = due.min(arrival).max(self.now + Duration::from_nanos(1));
            while self.in_flight.peek().is_some_and(|f| f.0.0 <= self.now) {
                let Some(Reverse((_, _, frame))) = self.in_flight.pop() else {
                    return;
                };
                let to = destination(&frame);
                for scan in scans.iter_mut() {
                    if to.is_none_or(|port| scan.source_ports().contains(&port)) {
                        scan.on_packet(self.now, from, &frame);
                    }
                }
            }
            assert!(self.now < Instant::from_millis(600_000), "it ends");
        }
    }

    fn verdicts(&self) -> BTreeSet<(IpAddr, u16, PortState)> {
        let ports = self.events.iter().filter_map(|event| match event {
            Event::Port(f) => Some((f.host.ip, f.port, f.state)),
            _ => None,
        });
        ports.collect()
    }
}

fn destination(frame: &[u8]) -> Option<u16> {
    match Frame::parse(LinkType::Ethernet, frame).ok()?.transport {
        Transport::Tcp(tcp) => Some(tcp.dst_port()),
        _ => None,
    }
}

/// Runs until some ports are done, at `at` ms or later, then splits the rest with `others` more scans.
fn split(scan: &mut Scan, world: &mut World, others: u16, at: u64) -> Vec<Scan> {
    world.run(&mut [scan], |scan, now| {
        now >= Instant::from_millis(at) && scan.untouched() > 0
    });
    let step = scan.source_ports().len() as u16;
    let ports: Vec<u16> = (1..=others)
        .map(|i| scan.source_port() + i * step)
        .collect();
    scan.split(world.now, &ports)
}

#[test]
fn partitions_find_what_one_sender_finds() {
    for (seed, others) in (0..12).zip([1, 2, 3, 7].into_iter().cycle()) {
        let loss = if seed % 2 == 0 { 0.0 } else { 0.01 };
        let (plan, network) = scene(seed, loss);
        let mut scan = Scan::new(plan, START).expect("the plan fits its routes");
        let mut world = World::new(network);
        let mut parts = split(&mut scan, &mut world, others, 60);
        assert_eq!(parts.len(), usize::from(others));
        {
            let mut workers = vec![&mut scan];
            workers.extend(parts.iter_mut());
            world.run(&mut workers, |_, _| false);
        }
        scan.join(world.now, parts);
        world.run(&mut [&mut scan], |_, _| false);
        assert!(world.verdicts() == truth(), "seed {seed}, {others} others");
        let sent = world.events.iter().find_map(|event| match event {
            Event::Loss(account) => Some(account.sent),
            _ => None,
        });
        // The account counts every frame sent.
        let frames = world.network.sent;
        assert!(
            sent.is_some_and(|sent| sent == frames),
            "{sent:?} of {frames} are accounted for"
        );
        assert!(
            frames < 9_600,
            "probes were sent twice without need: {frames}"
        );
        let ended = world.events.iter().find_map(|event| match event {
            Event::End(ending) => Some(ending.ended),
            _ => None,
        });
        assert_eq!(ended, Some(EndReason::Complete));
    }
}

#[test]
fn partitions_send_the_flags_that_the_user_chose() {
    let (mut plan, network) = scene(3, 0.0);
    plan.spec.tcp.as_mut().expect("TCP ports").flags = Some(Flags::ACK);
    let mut scan = Scan::new(plan, START).expect("the plan fits its routes");
    let mut world = World::new(network);
    let mut parts = split(&mut scan, &mut world, 2, 60);
    {
        let mut workers = vec![&mut scan];
        workers.extend(parts.iter_mut());
        world.run(&mut workers, |_, _| false);
    }
    scan.join(world.now, parts);
    world.run(&mut [&mut scan], |_, _| false);
    // Open ports answer such a segment with a reset too.
    let resets = |(ip, port, state)| match state {
        PortState::Open => (ip, port, PortState::Closed),
        state => (ip, port, state),
    };
    assert!(world.verdicts() == truth().into_iter().map(resets).collect());
}

/// Splits a scan in two and stalls the first partition until the second has sent everything and has accepted work from
/// it, twice. Returns the second partition.
fn with_donated_work(scan: &mut Scan, world: &mut World) -> Scan {
    let mut fast = split(scan, world, 1, 60).remove(0);
    fast.expect_donations(true);
    for _ in 0..2 {
        world.run(&mut [&mut fast], |fast, _| fast.needs_work());
        let before = scan.untouched();
        let work = scan
            .donate_work(32)
            .expect("the first partition has unsent probes");
        fast.accept_work(work);
        assert!(!fast.needs_work() && scan.untouched() < before * 2 / 3);
    }
    fast
}

#[test]
fn an_idle_partition_takes_work_from_a_stalled_one() {
    for seed in 0..8 {
        let loss = if seed % 2 == 0 { 0.0 } else { 0.01 };
        let (plan, network) = scene(seed, loss);
        let mut scan = Scan::new(plan, START).expect("the plan fits its routes");
        let mut world = World::new(network);
        let mut fast = with_donated_work(&mut scan, &mut world);
        world.run(&mut [&mut fast], |fast, _| fast.needs_work());
        fast.expect_donations(false);
        world.run(&mut [&mut scan, &mut fast], |_, _| false);
        scan.join(world.now, vec![fast]);
        world.run(&mut [&mut scan], |_, _| false);
        assert!(world.verdicts() == truth(), "seed {seed}");
        // 8,000 probes, canaries, and a few retries of 164 silent ports and of lost probes.
        let sent = world.network.sent;
        assert!(sent < 9_600, "probes were sent twice without need: {sent}");
    }
}

#[test]
fn a_partition_that_accepted_work_resumes_from_its_checkpoint() {
    for seed in 0..6 {
        let (plan, network) = scene(seed, 0.0);
        let mut scan = Scan::new(plan.clone(), START).expect("the plan fits its routes");
        let mut world = World::new(network);
        let mut fast = with_donated_work(&mut scan, &mut world);
        let end = world.now + Duration::from_millis(20 * seed);
        world.run(&mut [&mut fast, &mut scan], |_, now| now >= end);
        let mut checkpoint = fast.checkpoint(world.now, Vec::new());
        checkpoint.absorb(scan.checkpoint(world.now, Vec::new()));
        assert_eq!(checkpoint.parts(), 2);
        assert_resumes(seed, &plan, &checkpoint.encode(), &[50_001]);
    }
}

#[test]
fn a_split_scan_resumes_split_or_joined() {
    for seed in 0..6 {
        let (plan, network) = scene(seed, 0.0);
        let mut scan = Scan::new(plan.clone(), START).expect("the plan fits its routes");
        let mut world = World::new(network);
        let mut parts = split(&mut scan, &mut world, 2, 60);
        let end = world.now + Duration::from_millis(50 + 30 * seed);
        {
            let mut workers = vec![&mut scan];
            workers.extend(parts.iter_mut());
            world.run(&mut workers, |_, now| now >= end);
        }
        let mut checkpoint = scan.checkpoint(world.now, Vec::new());
        for part in &parts {
            checkpoint.absorb(part.checkpoint(world.now, Vec::new()));
        }
        assert_eq!(checkpoint.parts(), 3);
        assert_resumes(seed, &plan, &checkpoint.encode(), &[50_001, 50_002]);
    }
}

/// Asserts that a run resumed from the checkpoint `bytes` finds the right result, with one sender and with several.
/// `others` are the first source ports of the further senders.
fn assert_resumes(seed: u64, plan: &Plan, bytes: &[u8], others: &[u16]) {
    let (_, mut network) = scene(seed, 0.0);
    let joined = Checkpoint::decode(bytes).expect("it was just written");
    let outcome = resume(plan.clone(), &joined.joined().encode(), &mut network);
    let found: BTreeSet<_> = outcome
        .findings()
        .map(|f| (f.host.ip, f.port, f.state))
        .collect();
    assert!(found == truth(), "seed {seed}, joined");

    let (_, network) = scene(seed, 0.0);
    let again = Checkpoint::decode(bytes).expect("it was just written");
    let mut world = World::new(network);
    let mut scan = Scan::new(plan.clone(), START).expect("the plan fits its routes");
    assert!(scan.resume(START, again));
    world.run(&mut [&mut scan], |scan, _| scan.split_offs() > 0);
    assert_eq!(scan.split_offs(), others.len());
    let mut parts = scan.split(world.now, others);
    {
        let mut workers = vec![&mut scan];
        workers.extend(parts.iter_mut());
        world.run(&mut workers, |_, _| false);
    }
    scan.join(world.now, parts);
    world.run(&mut [&mut scan], |_, _| false);
    assert!(world.verdicts() == truth(), "seed {seed}, split");
}
