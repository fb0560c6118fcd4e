//! UDP scans by a process without CAP_NET_RAW, through plain sockets: the same verdicts as with it, what is lost is
//! said, and few descriptors are needed.

use std::process::Command;

use serde_json::Value;
use vigie_lab::shapes::Shape;
use vigie_lab::{Firewall, Node, PacketAction, PortRules, Transport};

use crate::refusals::{powerless, refused};
use crate::support::{Net, PROGRAM, Results, Said, WHO};

/// The same with no more descriptors than most systems give.
fn frugal(net: &Net, args: &[&str]) -> Said {
    let mut command = net.command("prlimit");
    command
        .args(["--nofile=1024:1024", "setpriv"])
        .args(["--inh-caps=-all", "--bounding-set=-all", PROGRAM, "scan"])
        .args(["--authorized", WHO])
        .args(args);
    said(&mut command)
}

fn said(command: &mut Command) -> Said {
    let output = command.output();
    Said::from(output.expect("these tests need setpriv and prlimit (util-linux)"))
}

/// The results, after the one line that says what is lost.
#[track_caller]
fn results(said: &Said) -> Results {
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
fn verdicts_are_the_truth_and_those_of_a_privileged_scan() {
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
        let told = results(&frugal(&net, &args));
        assert_eq!(told.only("end")["complete"], true);
        let privileged = net.json(&["-n", "-sU", "-p", "1-400", "--all-ports", &host]);
        assert_eq!(told.ports, privileged.ports, "{host}");
        for ((_, port), (state, _)) in &told.ports {
            let truth = net
                .lab
                .topology()
                .expectation(address, Transport::Udp, *port);
            assert_eq!(state, truth.udp_state(address), "port {port}");
        }
        // Times to live are the packets' own, as a privileged scan reads them.
        let hops = |results: &Results| -> Vec<Value> {
            let open = results.of("port").filter(|port| port["state"] == "open");
            open.map(|port| port["ttl"].clone()).collect()
        };
        assert_eq!(hops(&told), hops(&privileged), "{host}");
    }
}

#[test]
fn a_stock_kernels_limit_is_kept_and_nothing_is_guessed() {
    let net = Net::new(Shape::Veth, Node::new("", "").udp([53, 161]));
    let host = net.v4().to_string();
    let ports = ["-p", "1-200", "--all-ports", "--max-time", "5s"];
    let args = [&["-n", "-sU"][..], &ports, &["-o", "json", &host]].concat();
    let told = results(&frugal(&net, &args));
    assert_eq!(told.in_state("open"), [53, 161]);
    let closed = told.in_state("closed");
    // Six at once, then one a second: what is left is said to be unproven, not closed.
    assert!((6..=20).contains(&closed.len()), "{closed:?}");
    let unproven = told.ports.values().filter(|v| v.1 == "unproven").count();
    assert_eq!(unproven + closed.len() + 2, 200);
    assert_eq!(told.only("end")["complete"], false);
}

#[test]
fn a_scan_through_sockets_is_taken_up_where_it_ended() {
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
    let first = results(&frugal(&net, &args)).in_state("closed");
    let taken_up = frugal(&net, &["--resume", state, "-o", "json"]);
    let _ = std::fs::remove_file(state);
    let second = results(&taken_up);
    assert_eq!(second.in_state("open"), [53, 161]);
    // What was proven by the last checkpoint is known, no more than a second and so one answer before the end.
    let closed = second.in_state("closed");
    let lost = first.iter().filter(|port| !closed.contains(port)).count();
    assert!(
        lost <= 2 && closed.len() > first.len(),
        "{first:?}, {closed:?}"
    );
}

#[test]
fn its_own_sockets_are_no_services() {
    let net = Net::new(Shape::Veth, Node::new("", ""));
    // All ports that the kernel may have given to the scan itself.
    let range = net
        .lab
        .run(Shape::SCANNER, || {
            let path = "/proc/sys/net/ipv4/ip_local_port_range";
            std::fs::write(path, "40000 40399")
        })
        .expect("inside");
    range.expect("a smaller range");
    let args = ["-n", "-sU", "-p", "40000-40399", "-o", "json", "127.0.0.1"];
    let told = results(&frugal(&net, &args));
    let counts = told.only("host")["counts"].as_array().unwrap().clone();
    let of = |state: &str| {
        let same = counts.iter().filter(|c| c["state"] == state);
        same.filter_map(|c| c["count"].as_u64()).sum::<u64>()
    };
    let (closed, silent) = (of("closed"), of("open|filtered"));
    assert_eq!((closed + silent, of("open")), (400, 0), "{counts:?}");
    assert!((1..=16).contains(&silent), "{counts:?}");
}

#[test]
fn what_sockets_cannot_do_is_refused_and_what_is_lost_is_said_in_two_languages() {
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
    for told in [english, french] {
        assert_eq!((told.code, told.err.lines().count()), (Some(0), 1));
        assert!(told.out.contains("53/udp") && told.out.contains("54/udp"));
    }
}
