//! Host discovery: each kind of probe against a router and a host, `-sn` in every output format, and routers that report
//! a host as unreachable.

use vigie_lab::Node;
use vigie_lab::shapes::Shape;

use crate::support::{Net, Results};

/// Returns a routed network whose target has these nftables rules.
fn routed(rules: &str) -> Net {
    let net = Net::new(Shape::Routed, Node::new("", "").tcp([22]).unlimited_icmp());
    if !rules.is_empty() {
        net.rules("target", rules);
    }
    net
}

/// Returns the reason why the target is up; `None` if it is not.
fn reason(net: &Net, args: &[&str], ip: &str) -> Option<String> {
    let results = net.json(&[&["-n", "-sn"], args, &[ip]].concat());
    let host = results.of("host").find(|h| h["host"] == ip).expect("told");
    let word = |name: &str| host[name].as_str().expect("a word").to_owned();
    (word("state") == "up").then(|| word("reason"))
}

#[test]
fn every_discovery_probe_gets_its_answer() {
    let net = routed("");
    let [v4, v6] = net.scene.targets.map(|ip| ip.to_string());
    let both = [
        ("-PE", "echo-reply"),
        ("-PS22", "syn-ack"),
        ("-PS23", "reset"),
        ("-PA22", "reset"),
        ("-PU40125", "port-unreach"),
        ("-PU", "port-unreach"),
        ("-PO6", "proto-response"),
        ("-PO253", "proto-unreach"),
    ];
    for (question, wanted) in both {
        for ip in [&v4, &v6] {
            let reason = reason(&net, &[question], ip);
            assert_eq!(reason.as_deref(), Some(wanted), "{question} of {ip}");
        }
    }
    assert_eq!(
        reason(&net, &["-PP"], &v4).as_deref(),
        Some("timestamp-reply")
    );
    // Linux has not answered mask requests since 2.2. This kernel has no SCTP and sends an ICMP error.
    assert_eq!(reason(&net, &["-PM"], &v4), None);
    assert_eq!(
        reason(&net, &["-PY"], &v4).as_deref(),
        Some("proto-unreach")
    );
}

/// A host that drops everything except one kind of probe is found by that probe only.
#[test]
fn one_accepted_probe_is_enough() {
    let net = routed(
        "tcp dport 8443 reject with tcp reset\nip6 nexthdr icmpv6 icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept\ndrop",
    );
    for ip in net.scene.targets.map(|ip| ip.to_string()) {
        assert_eq!(reason(&net, &["-PE", "-PS22,80"], &ip), None, "{ip}");
        let found = reason(&net, &["-PE", "-PS22,8443"], &ip);
        assert_eq!(found.as_deref(), Some("reset"), "{ip}");
    }
}

/// A host-unreachable error from a router decides at once that the host is down.
#[test]
fn host_unreachable_ends_discovery() {
    let net = routed("");
    for (ip, wanted) in [
        ("10.78.1.77", "host-unreach"),
        ("fd78:0:0:1::77", "no-route"),
    ] {
        let mut route = net.lab.command("router", "ip").expect("inside");
        let added = route.args(["route", "add", "unreachable", ip]).status();
        assert!(added.expect("ip runs").success());
        let results = net.json(&["-n", "-sn", ip]);
        let host = results.only("host");
        assert_eq!(
            (host["state"].as_str(), host["reason"].as_str()),
            (Some("down"), Some(wanted))
        );
    }
}

#[test]
fn both_families_and_every_output_in_one_run() {
    let net = routed("");
    let [v4, v6] = net.scene.targets.map(|ip| ip.to_string());
    let (v4, v6) = (v4.as_str(), v6.as_str());
    let results = net.json(&["-n", "-sn", v4, v6, "10.78.0.1"]);
    let up: Vec<&str> = results
        .of("up")
        .filter_map(|l| l["host"].as_str())
        .collect();
    assert_eq!(up.len(), 3, "{up:?}");
    let scan = results.only("scan");
    assert_eq!(
        (scan["ports"].as_str(), scan["ports_per_host"].as_u64()),
        (Some(""), Some(0))
    );
    let end = results.only("end");
    assert_eq!(
        (end["complete"].as_bool(), end["hosts_up"].as_u64()),
        (Some(true), Some(3))
    );

    let said = net.run(&["-n", "-sn", v4, v6, "10.78.0.1"]);
    assert!(said.out.contains(&format!("{v4} is up (")), "{}", said.out);
    assert!(said.out.contains("3 hosts up in "), "{}", said.out);
    assert!(!said.out.contains("port"), "{}", said.out);

    let said = net.run(&["-n", "-sn", "-oG", "-", v4, "10.78.1.77"]);
    assert!(
        said.out.contains(&format!("Host: {v4} ()\tStatus: Up\n")),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("Host: 10.78.1.77 ()\tStatus: Down\n"),
        "{}",
        said.out
    );
    let said = net.run(&["-n", "-sn", "-oX", "-", v6]);
    assert!(
        said.out.contains("<status state=\"up\" reason=\""),
        "{}",
        said.out
    );
    assert!(
        !said.out.contains("<scaninfo") && !said.out.contains("<ports"),
        "{}",
        said.out
    );
}

/// Without packet sockets, hosts are discovered by connections.
#[test]
fn hosts_are_discovered_without_privileges() {
    let net = routed("");
    let v4 = net.v4().to_string();
    let results: Results = net.json(&["-n", "-sn", "-sT", &v4]);
    // Of the discovery ports, 22 is open and two are closed. Any of them may answer first.
    let reason = &results.only("up")["reason"];
    assert!(reason == "conn-refused" || reason == "syn-ack", "{reason}");
}

#[test]
fn contradictory_flags_are_rejected_in_one_line() {
    let net = routed("");
    let refused = |args: &[&str]| {
        let said = net.run(args);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{args:?}");
        said.err
    };
    for (args, wanted) in [
        (
            ["-PS70000", "-sn"],
            "vigie: 70000 is too large: the maximum is 65535\n  -PS70000\n     ^^^^^\n",
        ),
        (
            ["-PO256", "-sn"],
            "vigie: 256 is too large: the maximum is 255\n",
        ),
        (
            ["-sn", "-p22"],
            "vigie: -sn scans no ports, so -p cannot be used with it\n",
        ),
        (
            ["-sn", "-sA"],
            "vigie: -sn scans no ports, so -sA cannot be used with it\n",
        ),
        (
            ["-Pn", "-PE"],
            "vigie: “--no-discovery” cannot be combined with “--ask-echo”",
        ),
        (
            ["-PS-", "-sn"],
            "vigie: too many discovery probes per host: 65,535\n",
        ),
        (["-PSU:53", "-sn"], "vigie: -PS takes only TCP ports\n"),
        (["-sA", "-sF"], "vigie: -sA cannot be combined with -sF"),
        (["-sA", "-pU:53"], "vigie: -sA takes only TCP ports\n"),
        (
            ["--scanflags", "SYNX"],
            "vigie: “SYNX” is not a list of TCP flags\n",
        ),
    ] {
        let said = refused(&[args[0], args[1], "10.78.1.2"]);
        assert!(said.starts_with(wanted), "{args:?}: {said}");
    }
}
