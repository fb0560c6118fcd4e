//! IPv6 hosts of a link found by multicast, machines with several addresses, and scans of both families with zones.

use std::collections::BTreeSet;
use std::net::IpAddr;

use vigie_lab::Node;
use vigie_lab::shapes::Shape;

use crate::support::{Net, Results};

/// Returns a switch with the scanner, a target and a bystander, which drops echo requests.
fn switch() -> Net {
    let net = Net::new(
        Shape::Switch,
        Node::new("", "").tcp([22]).udp([53]).unlimited_icmp(),
    );
    net.rules("bystander", "icmpv6 type echo-request drop");
    net
}

fn link_local(net: &Net, node: &str) -> String {
    let ip = net.lab.link_local(node, "net0").expect("asked");
    format!("{}%net0", ip.expect("a link-local address"))
}

/// Returns the hosts that are up.
fn up(results: &Results) -> BTreeSet<String> {
    let hosts = results.of("host").filter(|h| h["state"] == "up");
    hosts
        .map(|h| h["host"].as_str().expect("a host").to_owned())
        .collect()
}

#[test]
fn hosts_that_answer_the_multicast_request_are_scanned() {
    let net = switch();
    let [target, bystander] = ["target", "bystander"].map(|node| link_local(&net, node));
    let said = net.run(&["-n", "-sn", "--on-link", "net0", "-o", "json"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.err.contains("multicast probe on net0 (ff02::1): "),
        "{}",
        said.err
    );
    let results = Results::read(&said.out);
    // The bystander answers no echo request, but reports its multicast groups (MLD).
    let found = up(&results);
    for wanted in [&target, &bystander, "fd78::2"] {
        assert!(found.contains(wanted), "{wanted} among {found:?}");
    }
    assert_eq!(results.only("scan")["targets"][0], "ff02::1%net0");
    let machines: Vec<_> = results.of("machine").collect();
    let of_target = machines.iter().find(|m| m["hosts"][0] == "fd78::2");
    let of_target = of_target.expect("one machine with two addresses");
    assert_eq!(of_target["hosts"][1], target.as_str());
    assert!(of_target["mac"].is_string());
    // Together with other targets, ports and exclusions; and in the report for people.
    let args = [
        "-n",
        "-p22",
        "--on-link",
        "net0",
        "--exclude",
        "fd78::2",
        "10.78.0.2",
    ];
    let said = net.run(&args);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.out.contains(&format!("{target} is up")),
        "{}",
        said.out
    );
    assert!(!said.out.contains("fd78::2 is up"), "{}", said.out);
    assert!(
        said.out
            .contains(&format!(": 10.78.0.2, {target} (a proxy that")),
        "{}",
        said.out
    );
}

#[test]
fn multicast_groups_are_no_targets_and_on_link_needs_a_link() {
    let net = switch();
    let refused = |args: &[&str], code: i32, words: &str| {
        let said = net.run(args);
        assert_eq!((said.code, said.out.as_str()), (Some(code), ""), "{args:?}");
        assert!(said.err.contains(words), "{args:?}: {}", said.err);
    };
    refused(&["-sn", "ff02::1%net0"], 4, "--on-link");
    refused(
        &["-sn", "-4", "--on-link", "net0"],
        2,
        "--on-link uses IPv6",
    );
    refused(&["-sn", "--on-link", "none0"], 3, "none0");
    refused(&["-sn", "--on-link", "lo"], 3, "lo is not a link");
}

#[test]
fn both_families_and_zones_in_one_run() {
    let net = switch();
    let zoned = link_local(&net, "target");
    let targets = ["10.78.0.2", "fd78::2", &zoned];
    let results =
        net.json(&[&["-n", "-sS", "-sU", "-p", "T:22-23,U:53-54"][..], &targets].concat());
    for host in targets {
        let ports: Vec<_> = results.of("port").filter(|p| p["host"] == host).collect();
        let open: Vec<String> = ports
            .iter()
            .filter(|p| p["state"] == "open")
            .map(|p| format!("{}/{}", p["port"], p["transport"].as_str().expect("a word")))
            .collect();
        assert_eq!(open, ["22/tcp", "53/udp"], "{host}: {ports:?}");
        let record = results
            .of("host")
            .find(|h| h["host"] == host)
            .expect("the host's record");
        let closed = record["counts"].as_array().expect("counts").iter();
        let closed = closed.filter(|c| c["state"] == "closed");
        let closed: u64 = closed.filter_map(|c| c["count"].as_u64()).sum();
        assert_eq!(closed, 2, "{host}: {record}");
    }
    let results = net.json(&[&["-n", "-sn"][..], &targets].concat());
    assert_eq!(up(&results), targets.map(str::to_owned).into());
    // The source address of each probe is the one RFC 6724 selects: same scope, same network.
    let ranges = results.only("scan")["ranges"].as_array().expect("ranges");
    for range in ranges {
        let ip = |text: &str| -> IpAddr {
            let bare = text.split('%').next().expect("an address");
            bare.parse().expect("an address")
        };
        let first = ip(range["first"].as_str().expect("a word"));
        let source = ip(range["source"].as_str().expect("a word"));
        let wanted = match first {
            IpAddr::V4(_) => source.to_string() == "10.78.0.1",
            IpAddr::V6(v6) if v6.is_unicast_link_local() => {
                matches!(source, IpAddr::V6(s) if s.is_unicast_link_local())
            }
            IpAddr::V6(_) => source.to_string() == "fd78::1",
        };
        assert!(wanted, "{range}");
    }
}
