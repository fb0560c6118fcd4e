//! Connections and datagrams from the scanner's node get the results that the topology declares. Needs root and the nft
//! program, and fails without them.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use vigie_lab::shapes::{FirewallMode, Scene, Shape, random_target};
use vigie_lab::{Lab, PacketAction, PortBehavior, Transport, training};

/// Maximum time to wait for an answer, on a busy machine over a link without delay.
const PATIENCE: Duration = Duration::from_secs(2);
const SHORT: Duration = Duration::from_millis(300);

fn build(scene: &Scene) -> Lab {
    scene
        .build()
        .expect("these tests make namespaces: run them as root")
}

/// Returns the behaviour of a port as the system's own TCP sees it. Resets of host and firewall look the same.
fn connect(address: IpAddr, port: u16, patience: Duration) -> PortBehavior {
    match TcpStream::connect_timeout(&SocketAddr::new(address, port), patience) {
        Ok(_) => PortBehavior::Open,
        Err(error) => match (error.kind(), error.raw_os_error()) {
            (ErrorKind::ConnectionRefused, _) => PortBehavior::Closed,
            (ErrorKind::TimedOut, _) => PortBehavior::Dropped,
            _ => PortBehavior::Unreachable(0),
        },
    }
}

/// Maps a declared behaviour to the one that [`connect`] can observe. A connecting socket reports "port unreachable" as
/// a refusal, and on IPv6 "administratively prohibited" as missing permission.
fn as_connect_sees(truth: PortBehavior, address: IpAddr) -> PortBehavior {
    let port_unreachable = if address.is_ipv4() { 3 } else { 4 };
    match truth {
        PortBehavior::Reset => PortBehavior::Closed,
        PortBehavior::Unreachable(code) if code == port_unreachable => PortBehavior::Closed,
        PortBehavior::Unreachable(_) => PortBehavior::Unreachable(0),
        other => other,
    }
}

/// Returns ports to test: some of each behaviour, and the last port.
fn sample(scene: &Scene, address: IpAddr) -> Vec<(u16, PortBehavior)> {
    let mut seen = std::collections::HashMap::<PortBehavior, usize>::new();
    let mut ports = Vec::new();
    let truths = scene.topology.expectations(address);
    for port in 1..=u16::MAX {
        let truth = truths.port(Transport::Tcp, port);
        let max = match truth {
            PortBehavior::Open | PortBehavior::Closed | PortBehavior::Reset => 40,
            _ => 2,
        };
        let count = seen.entry(truth).or_default();
        if *count < max || port == u16::MAX {
            *count += 1;
            ports.push((port, truth));
        }
    }
    ports
}

/// Connects to all ports from the scanner and returns those with another result than wanted: port, found, wanted.
///
/// Connects in parallel: an ICMP error that arrives while the kernel is still inside `connect` takes effect only after
/// the next SYN, a second later. One after another, the connections would take minutes.
fn disagreements(
    lab: &Lab,
    address: IpAddr,
    ports: &[(u16, PortBehavior)],
) -> Vec<(u16, PortBehavior, PortBehavior)> {
    let one = |&(port, truth): &(u16, PortBehavior)| {
        let patience = if truth == PortBehavior::Dropped {
            SHORT
        } else {
            PATIENCE
        };
        let wanted = as_connect_sees(truth, address);
        let found = connect(address, port, patience);
        (found != wanted).then_some((port, found, wanted))
    };
    let all = || {
        std::thread::scope(|scope| {
            let started: Vec<_> = ports.iter().map(|port| scope.spawn(|| one(port))).collect();
            let joined = started
                .into_iter()
                .map(|thread| thread.join().expect("no panic"));
            joined.flatten().collect()
        })
    };
    lab.run(Shape::SCANNER, all).expect("inside")
}

fn check(shape: Shape, guard: FirewallMode) {
    let scene = shape.around(random_target(11, 400, guard));
    let lab = build(&scene);
    for address in scene.targets {
        let ports = sample(&scene, address);
        assert!(ports.iter().any(|(_, truth)| *truth == PortBehavior::Open));
        lab.run(Shape::SCANNER, || {
            for (port, truth) in ports {
                let patience = if truth == PortBehavior::Dropped {
                    SHORT
                } else {
                    PATIENCE
                };
                let found = connect(address, port, patience);
                let wanted = as_connect_sees(truth, address);
                assert_eq!(found, wanted, "{shape:?} {guard:?} {address} port {port}");
            }
        })
        .expect("inside");
    }
}

#[test]
fn every_shape_carries_connections_to_the_declared_ports() {
    for shape in Shape::ALL {
        check(shape, FirewallMode::None);
    }
}

#[test]
fn a_dropping_firewall_drops_what_it_declares() {
    check(Shape::Veth, FirewallMode::Drops);
    check(Shape::Routed, FirewallMode::Drops);
}

#[test]
fn a_rejecting_firewall_rejects_what_it_declares() {
    check(Shape::Veth, FirewallMode::Rejects);
    check(Shape::Tun, FirewallMode::Rejects);
}

#[test]
fn udp_ports_echo_stay_silent_or_refuse() {
    let scene = Shape::Veth.around(random_target(5, 1, FirewallMode::None));
    let lab = build(&scene);
    let target = scene.topology.find("target").expect("the target").clone();
    for address in scene.targets {
        let probe = |port: u16| {
            let any: IpAddr = if address.is_ipv4() {
                std::net::Ipv4Addr::UNSPECIFIED.into()
            } else {
                std::net::Ipv6Addr::UNSPECIFIED.into()
            };
            let socket = UdpSocket::bind((any, 0)).expect("a socket");
            socket.connect((address, port)).expect("connected");
            let silent = target.udp_silent.contains(&port);
            let patience = if silent { SHORT } else { PATIENCE };
            socket.set_read_timeout(Some(patience)).expect("a limit");
            socket.send(b"vigie").expect("sent");
            let mut answer = [0; 16];
            match socket.recv(&mut answer) {
                Ok(length) => {
                    assert_eq!(&answer[..length], b"vigie");
                    "open"
                }
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => "closed",
                Err(_) => "open|filtered",
            }
        };
        lab.run(Shape::SCANNER, || {
            let closed = (1..=u16::MAX)
                .filter(|port| !target.udp_echo.contains(port) && !target.udp_silent.contains(port))
                .take(3);
            let all = target.udp_echo.iter().chain(&target.udp_silent);
            for port in all.copied().chain(closed) {
                let truth = scene.topology.expectation(address, Transport::Udp, port);
                assert_eq!(
                    probe(port),
                    truth.udp_state(address),
                    "{address} port {port}"
                );
            }
        })
        .expect("inside");
    }
}

#[test]
fn the_training_lab_is_as_described_and_leads_nowhere_else() {
    let lab = Lab::build(training()).expect("these tests make namespaces: run them as root");
    let topology = lab.topology();
    for node in ["plain", "walled", "polite"] {
        for address in topology.addresses(node) {
            let ports = [22, 80, 443, 3306, 5432, 6379, 8443, 9200, 9999];
            let ports =
                ports.map(|port| (port, topology.expectation(address, Transport::Tcp, port)));
            assert_eq!(disagreements(&lab, address, &ports), [], "{node} {address}");
        }
    }
    let ghost = topology.ghosts["ghost"][0];
    let outside: IpAddr = "192.0.2.1".parse().expect("an address");
    lab.run("scanner", || {
        assert_ne!(connect(ghost, 80, SHORT), PortBehavior::Open);
        // The router answers with an ICMP error, because it has no route to this address.
        assert_eq!(connect(outside, 80, PATIENCE), PortBehavior::Unreachable(0));
    })
    .expect("inside");

    let mut nft = lab.command("walled", "nft").expect("a command");
    let rules = nft
        .args(["-n", "list", "ruleset"])
        .output()
        .expect("this test needs the nft program (package nftables)");
    let rules = String::from_utf8_lossy(&rules.stdout).into_owned();
    for line in ["dport { 22, 80, 443, 8443 } accept", "meta l4proto 6 drop"] {
        assert!(rules.contains(line), "no `{line}` in {rules}");
    }
}

#[test]
fn a_routers_firewall_protects_the_node_behind_it() {
    let mut target = random_target(3, 50, FirewallMode::Drops);
    target.firewall = target.firewall.map(|wall| {
        let mut wall = wall.at("router").echo(PacketAction::Drop);
        wall.tcp.default = PacketAction::PROHIBITED;
        wall
    });
    let scene = Shape::Routed.around(target);
    let lab = build(&scene);
    for address in scene.targets {
        let ports = sample(&scene, address);
        // The router limits its ICMP errors, so only one port that causes them is tested.
        let mut limited_ports = 0;
        let tested: Vec<_> = ports
            .into_iter()
            .filter(|(_, truth)| {
                let limited = matches!(truth, PortBehavior::Unreachable(_));
                limited_ports += usize::from(limited);
                !limited || limited_ports == 1
            })
            .collect();
        assert!(limited_ports > 0);
        assert_eq!(disagreements(&lab, address, &tested), [], "{address}");
    }
}

#[test]
fn link_local_addresses_answer_through_their_link() {
    for shape in [Shape::Veth, Shape::Bridge, Shape::Vlan, Shape::Switch] {
        let scene = shape.around(random_target(9, 1, FirewallMode::None));
        let lab = build(&scene);
        let target = lab.link_local("target", "net0").expect("inside");
        let target = target.unwrap_or_else(|| panic!("{shape:?}: no link-local address"));
        let zone = lab.link(Shape::SCANNER, "net0").expect("a link").index;
        let port = *scene.topology.nodes[1..]
            .iter()
            .find_map(|node| node.tcp.keys().next())
            .expect("an open port");
        let address = std::net::SocketAddrV6::new(target, port, 0, zone);
        let connected = lab.run(Shape::SCANNER, || {
            TcpStream::connect_timeout(&address.into(), PATIENCE).map(drop)
        });
        connected
            .expect("inside")
            .unwrap_or_else(|error| panic!("{shape:?} {address}: {error}"));
    }
}
