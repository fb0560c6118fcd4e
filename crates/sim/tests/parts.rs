//! Scans divided among several senders: the parts together find what one sender finds.

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

/// Several scans in one network, each given what comes to its source port.
struct World {
    network: Network,
    now: Instant,
    flying: BinaryHeap<Reverse<(Instant, u64, Vec<u8>)>>,
    number: u64,
    events: Vec<Event>,
}

impl World {
    fn new(network: Network) -> World {
        World {
            network,
            now: START,
            flying: BinaryHeap::new(),
            number: 0,
            events: Vec::new(),
        }
    }

    /// Runs `scans` until `until` says so or none of them has anything to do.
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
                        self.flying.push(Reverse((at, self.number, frame)));
                    }
                }
                while let Some(event) = scan.poll_event(self.now) {
                    self.events.push(event);
                }
                let wanted = scan.poll_timeout(self.now);
                due = [due, wanted].into_iter().flatten().min();
            }
            let Some(due) = due else { return };
            let arrival = self.flying.peek().map_or(Instant::FAR, |f| f.0.0);
            self.now = due.min(arrival).max(self.now + Duration::from_nanos(1));
            while self.flying.peek().is_some_and(|f| f.0.0 <= self.now) {
                let Some(Reverse((_, _, frame))) = self.flying.pop() else {
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

/// Runs until the ports' turn has come and some are done, then divides among `others` more.
fn divided(scan: &mut Scan, world: &mut World, others: u16, at: u64) -> Vec<Scan> {
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
fn parts_together_find_what_one_sender_finds() {
    for (seed, others) in (0..12).zip([1, 2, 3, 7].into_iter().cycle()) {
        let loss = if seed % 2 == 0 { 0.0 } else { 0.01 };
        let (plan, network) = scene(seed, loss);
        let mut scan = Scan::new(plan, START).expect("the plan fits its routes");
        let mut world = World::new(network);
        let mut parts = divided(&mut scan, &mut world, others, 60);
        assert_eq!(parts.len(), usize::from(others));
        {
            let mut team = vec![&mut scan];
            team.extend(parts.iter_mut());
            world.run(&mut team, |_, _| false);
        }
        scan.join(world.now, parts);
        world.run(&mut [&mut scan], |_, _| false);
        assert!(world.verdicts() == truth(), "seed {seed}, {others} others");
        let sent = world.events.iter().find_map(|event| match event {
            Event::Loss(account) => Some(account.sent),
            _ => None,
        });
        // What is counted is all that was sent, but the one question for the router's hardware address.
        let on_the_wire = world.network.sent;
        assert!(
            sent.is_some_and(|sent| sent == on_the_wire),
            "{sent:?} of {on_the_wire} are accounted for"
        );
        assert!(
            on_the_wire < 9_600,
            "nothing is sent twice for nothing: {on_the_wire}"
        );
        let ended = world.events.iter().find_map(|event| match event {
            Event::End(ending) => Some(ending.ended),
            _ => None,
        });
        assert_eq!(ended, Some(EndReason::Complete));
    }
}

#[test]
fn parts_send_the_flags_that_the_user_chose() {
    let (mut plan, network) = scene(3, 0.0);
    plan.spec.tcp.as_mut().expect("TCP ports").flags = Some(Flags::ACK);
    let mut scan = Scan::new(plan, START).expect("the plan fits its routes");
    let mut world = World::new(network);
    let mut parts = divided(&mut scan, &mut world, 2, 60);
    {
        let mut team = vec![&mut scan];
        team.extend(parts.iter_mut());
        world.run(&mut team, |_, _| false);
    }
    scan.join(world.now, parts);
    world.run(&mut [&mut scan], |_, _| false);
    // A reset is all that such a segment brings back, from open ports as well.
    let resets = |(ip, port, state)| match state {
        PortState::Open => (ip, port, PortState::Closed),
        state => (ip, port, state),
    };
    assert!(world.verdicts() == truth().into_iter().map(resets).collect());
}

/// The parts of a divided scan; the first of them was held up until the other had sent everything and had been
/// given of its work, twice.
fn given(scan: &mut Scan, world: &mut World) -> Scan {
    let mut quick = divided(scan, world, 1, 60).remove(0);
    quick.expect_donations(true);
    for _ in 0..2 {
        world.run(&mut [&mut quick], |quick, _| quick.needs_work());
        let before = scan.untouched();
        let work = scan
            .donate_work(32)
            .expect("the first part has much to give");
        quick.accept_work(work);
        assert!(!quick.needs_work() && scan.untouched() < before * 2 / 3);
    }
    quick
}

#[test]
fn a_part_that_has_sent_everything_takes_work_from_one_that_was_held_up() {
    for seed in 0..8 {
        let loss = if seed % 2 == 0 { 0.0 } else { 0.01 };
        let (plan, network) = scene(seed, loss);
        let mut scan = Scan::new(plan, START).expect("the plan fits its routes");
        let mut world = World::new(network);
        let mut quick = given(&mut scan, &mut world);
        world.run(&mut [&mut quick], |quick, _| quick.needs_work());
        quick.expect_donations(false);
        world.run(&mut [&mut scan, &mut quick], |_, _| false);
        scan.join(world.now, vec![quick]);
        world.run(&mut [&mut scan], |_, _| false);
        assert!(world.verdicts() == truth(), "seed {seed}");
        // 8,000 probes, few retries of 164 silent ports and of what was lost, and canaries.
        let sent = world.network.sent;
        assert!(sent < 9_600, "nothing is sent twice for nothing: {sent}");
    }
}

#[test]
fn a_part_that_was_given_work_goes_on_from_its_checkpoint() {
    for seed in 0..6 {
        let (plan, network) = scene(seed, 0.0);
        let mut scan = Scan::new(plan.clone(), START).expect("the plan fits its routes");
        let mut world = World::new(network);
        let mut quick = given(&mut scan, &mut world);
        let end = world.now + Duration::from_millis(20 * seed);
        world.run(&mut [&mut quick, &mut scan], |_, now| now >= end);
        let mut kept = quick.checkpoint(world.now, Vec::new());
        kept.absorb(scan.checkpoint(world.now, Vec::new()));
        assert_eq!(kept.parts(), 2);
        goes_on(seed, &plan, &kept.encode(), &[50_001]);
    }
}

#[test]
fn divided_scans_go_on_from_their_checkpoint_divided_or_not() {
    for seed in 0..6 {
        let (plan, network) = scene(seed, 0.0);
        let mut scan = Scan::new(plan.clone(), START).expect("the plan fits its routes");
        let mut world = World::new(network);
        let mut parts = divided(&mut scan, &mut world, 2, 60);
        let end = world.now + Duration::from_millis(50 + 30 * seed);
        {
            let mut team = vec![&mut scan];
            team.extend(parts.iter_mut());
            world.run(&mut team, |_, now| now >= end);
        }
        let mut kept = scan.checkpoint(world.now, Vec::new());
        for part in &parts {
            kept.absorb(part.checkpoint(world.now, Vec::new()));
        }
        assert_eq!(kept.parts(), 3);
        goes_on(seed, &plan, &kept.encode(), &[50_001, 50_002]);
    }
}

/// From the checkpoint `bytes` one sender comes to the truth, and so do several, with `others` as their ports.
fn goes_on(seed: u64, plan: &Plan, bytes: &[u8], others: &[u16]) {
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
        let mut team = vec![&mut scan];
        team.extend(parts.iter_mut());
        world.run(&mut team, |_, _| false);
    }
    scan.join(world.now, parts);
    world.run(&mut [&mut scan], |_, _| false);
    assert!(world.verdicts() == truth(), "seed {seed}, divided");
}
