//! `--traceroute` through eight routers: every hop is right, for both families and every kind of probe, and shared
//! routers are not probed again for every host.

use std::net::IpAddr;
use std::process::Stdio;

use vigie_lab::{Connection, Interface, Lab, Node, Topology};

use crate::support::{PROGRAM, Results, WHO};

const ROUTERS: usize = 8;
const TARGETS: usize = 12;

/// Builds a scanner, eight routers in a row, and a host with many addresses at the end.
fn row() -> Lab {
    let name = |i: usize| match i {
        0 => "scanner".to_owned(),
        i if i > ROUTERS => "target".to_owned(),
        i => format!("r{i}"),
    };
    // Link i joins node i with node i + 1.
    let left = |i: usize| [format!("10.80.{i}.1/24"), format!("fd80:0:0:{i}::1/64")];
    let right = |i: usize| [format!("10.80.{i}.2/24"), format!("fd80:0:0:{i}::2/64")];
    let mut topology = Topology::new();
    for i in 0..=ROUTERS + 1 {
        let mut node = Node::new(&name(i), "part of the row")
            .tcp([22])
            .unlimited_icmp();
        if (1..=ROUTERS).contains(&i) {
            node = node.forwards();
        }
        for link in 0..=ROUTERS {
            if link > i {
                node = node
                    .route(&format!("10.80.{link}.0/24"), &format!("10.80.{i}.2"))
                    .route(
                        &format!("fd80:0:0:{link}::/64"),
                        &format!("fd80:0:0:{i}::2"),
                    );
            } else if link + 1 < i {
                let before = i - 1;
                node = node
                    .route(&format!("10.80.{link}.0/24"), &format!("10.80.{before}.1"))
                    .route(
                        &format!("fd80:0:0:{link}::/64"),
                        &format!("fd80:0:0:{before}::1"),
                    );
            }
        }
        topology = topology.node(node);
    }
    for link in 0..=ROUTERS {
        let mut far: Vec<String> = right(link).into();
        if link == ROUTERS {
            far.extend((10..10 + TARGETS).map(|n| format!("10.80.{link}.{n}/24")));
            far.extend((10..10 + TARGETS).map(|n| format!("fd80:0:0:{link}::{n}/64")));
        }
        let near = left(link);
        let near: Vec<&str> = near.iter().map(String::as_str).collect();
        let far: Vec<&str> = far.iter().map(String::as_str).collect();
        topology = topology.connect(Connection::Veth(
            Interface::new(&name(link), "right0", &near),
            Interface::new(&name(link + 1), "left0", &far),
        ));
    }
    Lab::build(topology).expect("run these tests as root, or with `cargo xtask test`")
}

fn scan(lab: &Lab, args: &[&str]) -> String {
    let output = lab
        .command("scanner", PROGRAM)
        .expect("inside")
        .args(["scan", "--authorized", WHO, "-n", "-sn", "--traceroute"])
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn every_hop_is_right() {
    let lab = row();
    let targets = |v6: bool| -> Vec<String> {
        let address = |n| {
            if v6 {
                format!("fd80:0:0:{ROUTERS}::{n}")
            } else {
                format!("10.80.{ROUTERS}.{n}")
            }
        };
        (10..10 + TARGETS).map(address).collect()
    };
    for question in ["-PE", "-PS22", "-PS23", "-PA22", "-PU40125"] {
        // Both families in one run.
        let all = [targets(false), targets(true)].concat();
        let mut args = vec!["-o", "json", question];
        args.extend(all.iter().map(String::as_str));
        let results = Results::read(&scan(&lab, &args));
        let paths: Vec<_> = results.of("path").collect();
        assert_eq!(paths.len(), 2 * TARGETS, "{question}");
        let mut asked = 0;
        for path in paths {
            let host = path["host"].as_str().expect("a host");
            let hops = path["hops"].as_array().expect("hops");
            let address = |text: &str| text.parse::<IpAddr>().expect("an address");
            let seen: Vec<_> = hops.iter().map(|h| h["ip"].as_str().map(address)).collect();
            let router = |i| {
                if host.contains(':') {
                    format!("fd80:0:0:{i}::2")
                } else {
                    format!("10.80.{i}.2")
                }
            };
            let mut wanted: Vec<String> = (0..ROUTERS).map(router).collect();
            wanted.push(host.to_owned());
            let wanted: Vec<_> = wanted.iter().map(|ip| Some(address(ip))).collect();
            assert_eq!(seen, wanted, "{question} {host}");
            let own = hops.iter().filter(|h| h.get("shared").is_none());
            asked += own.count();
        }
        // One host of each family is traced from the first hop, the others share it and need their last hop only.
        assert!(
            asked <= 2 * (ROUTERS + TARGETS) + 4,
            "{question}: {asked} asked"
        );
    }
}

#[test]
fn the_route_is_in_the_report_and_in_nmaps_formats() {
    let lab = row();
    let target = format!("10.80.{ROUTERS}.10");
    let text = scan(&lab, &["-PE", &target]);
    assert!(
        text.contains("Route (icmp-echo probes):\n  1  10.80.0.2  "),
        "{text}"
    );
    assert!(text.contains(&format!("\n  9  {target}  ")), "{text}");
    let xml = scan(&lab, &["-PE", "-oX", "-", &target]);
    assert!(
        xml.contains("<trace proto=\"icmp\">\n<hop ttl=\"1\" ipaddr=\"10.80.0.2\" rtt=\""),
        "{xml}"
    );
    let html = scan(&lab, &["-PE", "-o", "html", &target]);
    assert!(
        html.contains("<pre class=\"path\">  1  10.80.0.2  "),
        "{html}"
    );
    let french = scan(&lab, &["-PE", "--lang", "fr", "--explain", &target]);
    assert!(
        french.contains("Route (sondes icmp-echo)")
            && french.contains(&format!("Route vers {target}")),
        "{french}"
    );
    let traced = scan(&lab, &["-PE", "-oG", "-", &target]);
    assert!(!traced.contains("10.80.0.2"), "{traced}");
    // A neighbour is one hop away: no probe is needed.
    let near = scan(&lab, &["10.80.0.2"]);
    assert!(
        near.contains("Route: none, the host is on the same link\n  1  10.80.0.2"),
        "{near}"
    );
}
