//! Reading and changing a network, in namespaces made for each test. Needs root, also in a user namespace, and fails
//! without it.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use vigie_linux::net::{
    LinkLayer, Network, NewRoute, Prefix, Reachability, RouteAction, RouteError, RouteInfo,
    RouteKind, Tun, TunMode,
};
use vigie_linux::netns::{Namespace, set_sysctl};

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn net(text: &str) -> Prefix {
    let (address, length) = text.split_once('/').expect("a prefix");
    Prefix::new(ip(address), length.parse().expect("a length"))
}

fn namespace() -> Namespace {
    Namespace::create().expect("this test makes network namespaces: run it as root")
}

/// Creates a namespace with `eth0` (10.9.0.1/24, fd09::1/64), and another with the peer of `eth0`.
fn pair() -> (Namespace, Namespace) {
    let (near, far) = (namespace(), namespace());
    near.run(|| {
        set_sysctl("net/ipv6/conf/default/accept_dad", "0").expect("no address detection");
        let mut network = Network::open().expect("netlink");
        network
            .add_veth("eth0", "eth0", Some(&far))
            .expect("a veth pair");
        configure(&mut network, &["10.9.0.1/24", "fd09::1/64"]);
    })
    .expect("inside");
    far.run(|| {
        set_sysctl("net/ipv6/conf/default/accept_dad", "0").expect("no address detection");
        let mut network = Network::open().expect("netlink");
        configure(&mut network, &["10.9.0.2/24", "fd09::2/64"]);
    })
    .expect("inside");
    near.run(|| {
        let ready = Network::open()
            .and_then(|mut network| network.wait_ready(Duration::from_secs(20), true))
            .expect("netlink");
        assert!(ready, "the links do not come up");
    })
    .expect("inside");
    (near, far)
}

fn configure(network: &mut Network, addresses: &[&str]) {
    network.set_up(1, true).expect("the loopback link up");
    let link = network.link("eth0").expect("the link").index;
    for address in addresses {
        network.add_address(link, net(address)).expect("an address");
    }
    network.set_up(link, true).expect("the link up");
}

#[test]
fn links_and_addresses_are_as_made() {
    let (near, _far) = pair();
    near.run(|| {
        let mut network = Network::open().expect("netlink");
        network.add_bridge("br0").expect("a bridge");
        let bridge = network.link("br0").expect("the bridge");
        let eth = network.link("eth0").expect("the link");
        network.add_macvlan("mac0", eth.index).expect("a macvlan");
        network.set_mtu(eth.index, 1400).expect("an MTU");
        network
            .set_mac(eth.index, [2, 0, 0, 0, 0, 9])
            .expect("a MAC");
        let _tun = Tun::create("tun0", TunMode::Ip).expect("a TUN link");

        let links = network.links().expect("links");
        let find = |name: &str| links.iter().find(|l| l.name == name).expect("the link");
        assert_eq!(find("lo").link_layer, LinkLayer::Loopback);
        assert_eq!(find("eth0").kind.as_deref(), Some("veth"));
        assert_eq!(find("eth0").mac, Some([2, 0, 0, 0, 0, 9]));
        assert_eq!(find("eth0").mtu, 1400);
        assert!(find("eth0").up && find("eth0").running && find("eth0").resolves);
        assert_eq!(find("mac0").lower, Some(eth.index));
        assert_eq!(find("br0").link_layer, LinkLayer::Ethernet);
        assert!(!find("br0").up);
        assert_eq!(find("tun0").link_layer, LinkLayer::RawIp);
        assert!(find("tun0").point_to_point && !find("tun0").resolves);

        let addresses = network.addresses().expect("addresses");
        let on_eth = |prefix: &str| {
            addresses
                .iter()
                .any(|a| a.link == eth.index && a.prefix == net(prefix) && !a.tentative)
        };
        assert!(
            on_eth("10.9.0.1/24") && on_eth("fd09::1/64"),
            "{addresses:?}"
        );
        network.delete_link(bridge.index).expect("deleted");
        assert!(network.link("br0").is_err());
    })
    .expect("inside");
}

#[test]
fn every_kind_of_route_is_reported() {
    let (near, _far) = pair();
    near.run(|| {
        let mut network = Network::open().expect("netlink");
        let eth = network.link("eth0").expect("the link").index;
        let to = |text: &str| NewRoute::to(net(text));
        let routes = [
            to("10.50.0.0/16").via(ip("10.9.0.2")),
            to("fd50::/16").via(ip("fd09::2")),
            to("10.51.0.0/16").via(ip("fd09::2")).through(eth),
            to("10.66.0.0/16").action(RouteAction::Blackhole),
            to("10.67.0.0/16").action(RouteAction::Unreachable),
            to("10.68.0.0/16").action(RouteAction::Prohibit),
            to("fd66::/16").action(RouteAction::Blackhole),
            to("fd67::/16").action(RouteAction::Unreachable),
            to("fd68::/16").action(RouteAction::Prohibit),
            to("10.70.0.0/16").action(RouteAction::Local).through(1),
            to("fd70::/16").action(RouteAction::Local).through(1),
        ];
        for route in routes {
            network.add_route(&route).expect("a route");
        }
        let mut ask = |text: &str| network.lookup(ip(text), None);
        let kind = |answer: Result<RouteInfo, RouteError>| answer.map(|route| route.kind);
        let near4 = ask("10.9.0.7").expect("on-link");
        assert_eq!((near4.kind, near4.link), (RouteKind::OnLink, eth));
        assert_eq!(near4.source, ip("10.9.0.1"));
        assert_eq!(near4.next_hop(ip("10.9.0.7")), ip("10.9.0.7"));
        let near6 = ask("fd09::7").expect("on-link");
        assert_eq!(
            (near6.kind, near6.source),
            (RouteKind::OnLink, ip("fd09::1"))
        );
        let far4 = ask("10.50.1.1").expect("via");
        assert_eq!(far4.gateway(), Some(ip("10.9.0.2")));
        assert_eq!(far4.source, ip("10.9.0.1"));
        assert_eq!(ask("fd50::1").expect("via").gateway(), Some(ip("fd09::2")));
        assert_eq!(
            ask("10.51.1.1").expect("via").gateway(),
            Some(ip("fd09::2"))
        );
        for host in ["10.66.0.1", "fd66::1"] {
            assert_eq!(kind(ask(host)), Err(RouteError::Blackhole), "{host}");
        }
        for host in ["10.67.0.1", "fd67::1"] {
            assert_eq!(kind(ask(host)), Err(RouteError::Unreachable), "{host}");
        }
        for host in ["10.68.0.1", "fd68::1"] {
            assert_eq!(kind(ask(host)), Err(RouteError::Prohibited), "{host}");
        }
        for host in ["11.0.0.1", "2001:db8::1"] {
            assert_eq!(kind(ask(host)), Err(RouteError::NoRoute), "{host}");
        }
        for host in [
            "10.9.0.1",
            "fd09::1",
            "10.70.3.3",
            "fd70::9",
            "127.0.0.1",
            "::1",
        ] {
            let route = ask(host).expect("local");
            assert_eq!((route.kind, route.link), (RouteKind::Local, 1), "{host}");
        }
        assert_eq!(kind(ask("10.9.0.255")), Ok(RouteKind::Broadcast));
        assert_eq!(
            network.lookup(ip("10.9.0.7"), Some(99)),
            Err(RouteError::NoLink)
        );
        let zoned = network.lookup(ip("fe80::7"), Some(eth)).expect("the zone");
        assert_eq!((zoned.kind, zoned.link), (RouteKind::OnLink, eth));
        assert!(matches!(zoned.source, IpAddr::V6(v6) if v6.is_unicast_link_local()));
    })
    .expect("inside");
}

#[test]
fn a_range_is_cut_where_routes_and_rules_begin_and_end() {
    let (near, _far) = pair();
    near.run(|| {
        let mut network = Network::open().expect("netlink");
        let gateway = ip("10.9.0.2");
        for (prefix, table) in [("10.0.0.0/8", None), ("0.0.0.0/0", Some(7))] {
            let mut route = NewRoute::to(net(prefix)).via(gateway);
            route.table = table;
            network.add_route(&route).expect("a route");
        }
        let refuse = NewRoute::to(net("10.20.0.0/24")).action(RouteAction::Unreachable);
        network.add_route(&refuse).expect("a route");
        network
            .add_rule(net("10.20.0.128/25"), 7, 100)
            .expect("a rule");
        let boundaries = network.boundaries().expect("boundaries");
        let segments = network
            .split(&boundaries, ip("10.19.255.0"), ip("10.20.1.9"), None)
            .expect("segments");
        let shape: Vec<_> = segments
            .iter()
            .map(|s| {
                let gateway = s.route.as_ref().map(RouteInfo::gateway);
                (s.first, s.last, gateway.map_err(Clone::clone))
            })
            .collect();
        let via = Ok(Some(gateway));
        assert_eq!(
            shape,
            [
                (ip("10.19.255.0"), ip("10.19.255.255"), via.clone()),
                (
                    ip("10.20.0.0"),
                    ip("10.20.0.127"),
                    Err(RouteError::Unreachable)
                ),
                (ip("10.20.0.128"), ip("10.20.1.9"), via),
            ]
        );
        // In the subnet, this machine's address and the broadcast address have their own routes.
        let segments = network
            .split(&boundaries, ip("10.9.0.0"), ip("10.9.0.255"), None)
            .expect("segments");
        for host in 1..=254 {
            let host = IpAddr::V4(Ipv4Addr::new(10, 9, 0, host));
            let segment = segments
                .iter()
                .find(|s| (s.first..=s.last).contains(&host))
                .expect("no gap");
            assert_eq!(segment.route, network.lookup(host, None), "{host}");
        }
    })
    .expect("inside");
}

#[test]
fn neighbours_are_reported_with_their_state() {
    let (near, _far) = pair();
    near.run(|| {
        let mut network = Network::open().expect("netlink");
        let eth = network.link("eth0").expect("the link").index;
        let mac = [2, 0, 0, 0, 0, 7];
        for host in ["10.9.0.7", "fd09::7"] {
            network.add_neighbour(eth, ip(host), mac).expect("an entry");
            let entries = network.neighbours().expect("entries");
            let entry = entries.iter().find(|e| e.address == ip(host));
            let entry = entry.expect("the entry");
            assert_eq!(
                (entry.mac, entry.state),
                (Some(mac), Reachability::Permanent)
            );
            assert_eq!(entry.link, eth);
        }
    })
    .expect("inside");
}

#[test]
fn a_namespace_is_found_by_name_and_by_command() {
    let made = namespace();
    let name = format!("vigie-test-{}", std::process::id());
    made.persist(&name).expect("a name");
    let found = Namespace::named(&name).and_then(|found| found.identity());
    Namespace::forget(&name).expect("forgotten");
    assert_eq!(found, made.identity());
    assert!(Namespace::named(&name).is_err());

    let mut command = std::process::Command::new("readlink");
    command.arg("/proc/self/ns/net");
    let output = made
        .command(&mut command)
        .expect("a command")
        .output()
        .expect("readlink runs");
    let (_, inode) = made.identity().expect("an identity");
    let seen = String::from_utf8_lossy(&output.stdout);
    assert_eq!(seen.trim(), format!("net:[{inode}]"));
    let here = Namespace::current().and_then(|here| here.identity());
    assert_ne!(here, made.identity());
}
