//! Techniques that most kernels do not answer, in the simulator: SCTP on IPv4 and IPv6, with loss.

use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::plan::{Discovery, PortScan, Technique};
use vigie_scan::{PortState, Reason};
use vigie_scope::Transport;
use vigie_scope::ports::PortList;
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::Datagrams;
use vigie_sim::run::{plan, run, udp_plan};
use vigie_sim::{Answering, Loss, Network, Path, SimHost};

fn states(technique: Technique, ip: &str) -> Vec<(u16, PortState, Reason)> {
    let ip: IpAddr = ip.parse().unwrap();
    let host = SimHost::new(ip)
        .with([80, 443], Answering::Open)
        .with([9, 10], Answering::Dropped);
    let mut path = Path::new(Duration::from_millis(20));
    path.loss = Loss::Even(0.05);
    let mut network = Network::new([host], path, 7);
    let ports = PortList::parse("9,10,80,81,443,444", technique.transport()).unwrap();
    let targets = RangeSet::new([Range::single(ip, 0)]);
    let mut plan = plan(&targets, ports, 3);
    plan.spec.tcp.as_mut().expect("ports").technique = technique;
    let mut found: Vec<_> = run(plan, &mut network)
        .findings()
        .map(|f| (f.port, f.state, f.reason))
        .collect();
    found.sort_by_key(|f| f.0);
    found
}

#[test]
fn sctp_ports_get_the_states_of_their_chunks() {
    for ip in ["10.9.0.5", "fd00::5"] {
        let init = states(Technique::SctpInit, ip);
        let dropped = (PortState::Filtered, Reason::NoResponse);
        let open = (PortState::Open, Reason::InitAck);
        let closed = (PortState::Closed, Reason::Abort);
        let wanted = [dropped, dropped, open, closed, open, closed];
        let seen: Vec<_> = init.iter().map(|f| (f.1, f.2)).collect();
        assert_eq!(seen, wanted, "INIT of {ip}");

        let echo = states(Technique::SctpCookieEcho, ip);
        let silent = (PortState::OpenFiltered, Reason::NoResponse);
        let wanted = [silent, silent, silent, closed, silent, closed];
        let seen: Vec<_> = echo.iter().map(|f| (f.1, f.2)).collect();
        assert_eq!(seen, wanted, "COOKIE ECHO of {ip}");
    }
    assert_eq!(Transport::Sctp, Technique::SctpInit.transport());
}

#[test]
fn answers_behind_extension_headers_are_answers() {
    let ip: IpAddr = "fd00::5".parse().unwrap();
    let mut host = SimHost::new(ip)
        .with([80, 443], Answering::Open)
        .with([9], Answering::Rejected(1, 1))
        .with_udp([53], Datagrams::Dns);
    host.extended = true;
    let mut network = Network::new([host], Path::new(Duration::from_millis(20)), 7);
    let targets = RangeSet::new([Range::single(ip, 0)]);
    for discovery in [Discovery::Probe, Discovery::AssumeUp] {
        let mut plan = udp_plan(&targets, [53, 54], 3);
        let ports = PortList::parse("9,80,81,443", Transport::Tcp).unwrap();
        plan.spec.tcp = Some(PortScan::new(Technique::Syn, ports));
        plan.spec.discovery = discovery;
        let outcome = run(plan, &mut network);
        assert_eq!(outcome.ports(ip, PortState::Open), [53, 80, 443]);
        let closed = outcome.ports(ip, PortState::Closed);
        assert!(closed.contains(&81), "{closed:?}");
        assert_eq!(outcome.ports(ip, PortState::Filtered), [9]);
    }
}
