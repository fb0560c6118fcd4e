//! A scan in the simulator: ten hosts behind a router, one of them behind a firewall, on a path that loses packets.
//!
//! `cargo run -p vigie-sim --example scan`

use core::net::IpAddr;
use core::time::Duration;

use vigie_scan::Event;
use vigie_scan::plan::DiscoveryProbe;
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::run::{plan, ports, run};
use vigie_sim::{Answering, Loss, Network, Path, SimHost};

fn main() {
    let addresses: Vec<IpAddr> = (1..=10).map(|n| IpAddr::from([10, 1, 0, n])).collect();
    let hosts = addresses.iter().enumerate().map(|(n, ip)| {
        let open = SimHost::new(*ip).with([22, 80], Answering::Open);
        // The firewall of the last host drops all other ports.
        let firewall = if n == 9 { 100..=1_000 } else { 0..=0 };
        open.with(firewall, Answering::Dropped)
    });
    let mut path = Path::new(Duration::from_millis(20));
    path.loss = Loss::Even(0.02);
    let mut network = Network::new(hosts, path, 1);

    let targets = RangeSet::new(addresses.iter().map(|ip| Range::single(*ip, 0)));
    let mut plan = plan(&targets, ports(1, 1_000), 7);
    plan.spec.discovery = vigie_scan::plan::Discovery::Probe;
    plan.spec.discovery_probes = DiscoveryProbe::DEFAULT.to_vec();
    plan.spec.listing.all = false;

    let outcome = run(plan, &mut network);
    for event in &outcome.events {
        match event {
            Event::Port(port) => println!("{} {}/{}", port.host.ip, port.port, port.state),
            Event::HostDone(done) => println!("{} is done: {:?}", done.host.host.ip, done.ended),
            Event::End(end) => println!("{} hosts up, {:?}", end.hosts_up, end.elapsed),
            _ => {}
        }
    }
}
