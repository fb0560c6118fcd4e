//! Failures of the scanning machine are reported as such and never become a verdict about a target.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use serde_json::Value;
use vigie_lab::shapes::Shape;
use vigie_lab::{Firewall, Node, PacketAction, PortRules};
use vigie_linux::net::Network;

use crate::support::{Net, Results, RunOutput};

/// A router that does not exist, and the network routed through it.
const ROUTER: &str = "10.54.0.1";
const BEHIND: &str = "10.55.0.0/30";

#[test]
fn targets_behind_a_missing_router_are_reported() {
    let net = Net::new(Shape::Veth, Node::new("", "").tcp([22]));
    let route = [
        "route", "add", BEHIND, "via", ROUTER, "dev", "net0", "onlink",
    ];
    let added = net.command("ip").args(route).status().expect("ip runs");
    assert!(added.success());
    let target = net.v4().to_string();

    let said = net.run(&["-n", "-p", "22", "-o", "json", BEHIND, &target]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let results = Results::read(&said.out);
    assert_eq!(results.in_state("open"), [22]);
    let lost: Vec<&Value> = results
        .of("host")
        .filter(|host| host["state"] == "unknown" && host["reason"] == "no-route")
        .collect();
    assert_eq!(lost.len(), 4, "{}", said.out);
    let warning = results.only("warning");
    assert_eq!(
        (&warning["warning"], &warning["host"]),
        (&"unresolved".into(), &ROUTER.into())
    );
    let end = results.only("end");
    assert_eq!(
        (&end["complete"], &end["hosts"], &end["hosts_up"]),
        (&false.into(), &5.into(), &1.into())
    );

    // If no target can be reached, the scan fails.
    let said = net.run(&["-n", "-p", "22", BEHIND]);
    assert_eq!(said.code, Some(3), "{}", said.out);
    assert!(said.out.contains(ROUTER), "{}", said.out);
}

#[test]
fn a_link_that_goes_down_during_connections_is_no_verdict() {
    let wall = Firewall::all(PacketAction::Drop)
        .tcp(PortRules::all(PacketAction::Drop).but([22..=22], PacketAction::Pass));
    let net = Net::new(Shape::Veth, Node::new("", "").tcp([22]).firewall(wall));
    let target = net.v4().to_string();
    let mut child = net
        .scan(&[
            "-n",
            "-Pn",
            "-sT",
            "-p",
            "22-4000",
            "--seed",
            "1",
            "--max-rate",
            "2000",
            "-o",
            "json",
            &target,
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut read = String::new();
    while !read.contains("\"type\":\"port\"") {
        let n = out.read_line(&mut read).expect("a line");
        assert_ne!(n, 0, "it ended early: {read}");
    }
    let down = || {
        let mut network = Network::open()?;
        let index = network.link("net0")?.index;
        network.set_up(index, false)
    };
    net.lab
        .run(Shape::SCANNER, down)
        .expect("inside")
        .expect("switched");
    out.read_to_string(&mut read).expect("the rest");
    let said = RunOutput::from(child.wait_with_output().expect("it ends"));
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(said.err.contains("interface went down"), "{}", said.err);
    let results = Results::read(&read);
    assert_eq!(results.in_state("open"), [22]);
    let host = results.of("host").last().expect("the host's results");
    let counts = host["counts"].as_array().expect("counts");
    let total: u64 = counts.iter().filter_map(|c| c["count"].as_u64()).sum();
    assert_eq!(total, 4000 - 21, "{host}");
    assert!(
        counts
            .iter()
            .all(|c| c["reason"] != "no-route" && c["reason"] != "host-unreach"),
        "{host}"
    );
    let end = results.only("end");
    assert_eq!(
        (&end["complete"], &end["ended"]),
        (&false.into(), &"failed".into())
    );
}
