//! UDP scans through ordinary sockets, without CAP_NET_RAW: they reach the verdicts of a privileged scan, report their
//! limits, and need few file descriptors.

use std::process::Command;

use serde_json::Value;
use vigie_lab::shapes::Shape;
use vigie_lab::{Firewall, Node, PacketAction, PortRules, Transport};

use crate::refusals::{powerless, refused};
use crate::support::{Net, PROGRAM, Results, RunOutput, WHO};

/// Runs a scan without capabilities and with the usual limit of 1,024 file descriptors.
fn run_with_few_descriptors(net: &Net, args: &[&str]) -> RunOutput {
    let mut command = net.command("prlimit");
    command
        .args(["--nofile=1024:1024", "setpriv"])
        .args(["--inh-caps=-all", "--bounding-set=-all", PROGRAM, "scan"])
        .args(["--authorized", WHO])
        .args(args);
    said(&mut command)
}

fn said(command: &mut Command) -> RunOutput {
    let output = command.output();
    RunOutput::from(output.expect("these tests need setpriv and prlimit (util-linux)"))
}

/// Returns the results; checks that standard error has one line, which lists the limits of the scan.
#[track_caller]
fn results(said: &RunOutput) -> Results {
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    assert!(said.err.contains("CAP_NET_RAW"), "{}", said.err);
    let results = Results::read(&said.out);
    let scan = results.only("scan");
    assert_eq!(scan["udp"]["by_sockets"], true);
    assert_eq!(scan["discovery"], "assume-up");
    assert_eq!(scan["source_port"], 0);
    assert_eq!(scan.get("source_ports"), None);
    results
}

#[test]
fn verdicts_match_the_topology_and_a_privileged_scan() {
    let wall = PortRules::all(PacketAction::Pass)
        .but([151..=200, 351..=400], PacketAction::Drop)
        .but([20..=29], PacketAction::PROHIBITED)
        .but([30..=39], PacketAction::PORT_UNREACHABLE);
    let target = Node::new("", "")
        .udp([7, 53, 300])
        .udp_silent([69, 370])
        .firewall(Firewall::all(PacketAction::Pass).udp(wall))
        .unlimited_icmp();
    let net = Net::new(Shape::Veth, target);
    for address in net.scene.targets {
        let host = address.to_string();
        let args = [
            "-n",
            "-sU",
            "-p",
            "1-400",
            "--all-ports",
            "-o",
            "json",
            &host,
        ];
        let unprivileged = results(&run_with_few_descriptors(&net, &args));
        assert_eq!(unprivileged.only("end")["complete"], true);
        let privileged = net.json(&["-n", "-sU", "-p", "1-400", "--all-ports", &host]);
        assert_eq!(unprivileged.ports, privileged.ports, "{host}");
        for ((_, port), (state, _)) in &unprivileged.ports {
            let truth = net
                .lab
                .topology()
                .expectation(address, Transport::Udp, *port);
            assert_eq!(state, truth.udp_state(address), "port {port}");
        }
        // TTLs come from the received packets, as in a privileged scan.
        let hops = |results: &Results| -> Vec<Value> {
            let open = results.of("port").filter(|port| port["state"] == "open");
            open.map(|port| port["ttl"].clone()).collect()
        };
        assert_eq!(hops(&unprivileged), hops(&privileged), "{host}");
    }
}

#[test]
fn the_default_icmp_limit_of_linux_is_respected_and_no_port_is_guessed() {
    let net = Net::new(Shape::Veth, Node::new("", "").udp([53, 161]));
    let host = net.v4().to_string();
    let ports = ["-p", "1-200", "--all-ports", "--max-time", "5s"];
    let args = [&["-n", "-sU"][..], &ports, &["-o", "json", &host]].concat();
    let results = results(&run_with_few_descriptors(&net, &args));
    assert_eq!(results.in_state("open"), [53, 161]);
    let closed = results.in_state("closed");
    // Linux sends six errors at once, then one per second. The remaining ports are unproven, not closed.
    assert!((6..=20).contains(&closed.len()), "{closed:?}");
    let unproven = results.ports.values().filter(|v| v.1 == "unproven").count();
    assert_eq!(unproven + closed.len() + 2, 200);
    assert_eq!(results.only("end")["complete"], false);
}

#[test]
fn a_scan_through_sockets_is_resumed_where_it_ended() {
    let net = Net::new(Shape::Veth, Node::new("", "").udp([53, 161]));
    let host = net.v4().to_string();
    let state = std::env::temp_dir().join(format!("vigie-powerless-{}", std::process::id()));
    let state = state.to_str().expect("a plain path");
    let ports = ["-p", "1-200", "--all-ports", "--max-time", "3s"];
    let args = [
        &["-n", "-sU", "--state", state][..],
        &ports,
        &["-o", "json", &host],
    ]
    .concat();
    let first = results(&run_with_few_descriptors(&net, &args)).in_state("closed");
    let resumed = run_with_few_descriptors(&net, &["--resume", state, "-o", "json"]);
    let _ = std::fs::remove_file(state);
    let second = results(&resumed);
    assert_eq!(second.in_state("open"), [53, 161]);
    // Checkpoints are at most one second old, so the last one lacks about one answer.
    let closed = second.in_state("closed");
    let lost = first.iter().filter(|port| !closed.contains(port)).count();
    assert!(
        lost <= 2 && closed.len() > first.len(),
        "{first:?}, {closed:?}"
    );
}

#[test]
fn the_scanners_sockets_are_not_reported_as_services() {
    let net = Net::new(Shape::Veth, Node::new("", ""));
    // The range of ephemeral ports, from which the kernel binds the scan's own sockets.
    let range = net
        .lab
        .run(Shape::SCANNER, || {
            let path = "/proc/sys/net/ipv4/ip_local_port_range";
            std::fs::write(path, "40000 40399")
        })
        .expect("inside");
    range.expect("a smaller range");
    let args = ["-n", "-sU", "-p", "40000-40399", "-o", "json", "127.0.0.1"];
    let results = results(&run_with_few_descriptors(&net, &args));
    let counts = results.only("host")["counts"].as_array().unwrap().clone();
    let of = |state: &str| {
        let same = counts.iter().filter(|c| c["state"] == state);
        same.filter_map(|c| c["count"].as_u64()).sum::<u64>()
    };
    let (closed, silent) = (of("closed"), of("open|filtered"));
    assert_eq!((closed + silent, of("open")), (400, 0), "{counts:?}");
    assert!((1..=16).contains(&silent), "{counts:?}");
}

#[test]
fn unsupported_options_are_rejected_and_limits_reported_in_both_languages() {
    let net = Net::new(Shape::Veth, Node::new("", "").udp([53]).unlimited_icmp());
    let host = net.v4().to_string();
    let run = |args: &[&str]| said(&mut powerless(&net, &[args, &[&host]].concat()));
    let pcap = std::env::temp_dir().join("vigie-never-written.pcap");
    let pcap = pcap.to_string_lossy();
    for (args, words, hint) in [
        (&["-sSU"][..], "another technique", "-sT"),
        (&["-sU", "--pcap", &pcap], "--pcap", "root"),
        (&["-sU", "--packet-trace"], "--packet-trace", "root"),
        (&["-sU", "-g", "53"], "--source-port", "root"),
        (&["-sU", "--traceroute"], "--traceroute", "root"),
    ] {
        refused(&run(args), 3, words, hint);
    }
    assert!(!std::path::Path::new(&*pcap).exists());

    let english = run(&["-n", "-sU", "-p", "53,54"]);
    assert!(english.err.contains("Limits: "), "{}", english.err);
    assert!(english.out.contains("UDP scan through ordinary sockets"));
    assert!(english.out.contains("assumed up"), "{}", english.out);
    let mut french = powerless(&net, &["-n", "-sU", "-p", "53,54", &host]);
    let french = said(french.env("LANG", "fr_FR.UTF-8"));
    assert!(french.err.contains("Limites"), "{}", french.err);
    assert!(french.out.contains("Scan UDP par sockets"));
    for report in [english, french] {
        assert_eq!((report.code, report.err.lines().count()), (Some(0), 1));
        assert!(report.out.contains("53/udp") && report.out.contains("54/udp"));
    }
}
