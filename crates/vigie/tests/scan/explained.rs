//! `vigie scan --explain`: the packets shown are those that tcpdump captured at the target.

use std::collections::BTreeSet;

use serde_json::Value;
use vigie_lab::shapes::Shape;
use vigie_lab::{Firewall, Node, PacketAction, PortRules};

use crate::packets::{Folder, Tcpdump};
use crate::support::{Net, Results};

/// Returns a target with open, closed, filtered and rejected ports.
fn target() -> Node {
    let wall = PortRules::all(PacketAction::Pass)
        .but([23..=23], PacketAction::Drop)
        .but([25..=25], PacketAction::PROHIBITED);
    Node::new("", "")
        .tcp([22])
        .firewall(Firewall::all(PacketAction::Pass).tcp(wall))
}

/// Returns the frames of the evidence about a port, and whether each was sent.
fn shown(results: &Results, port: u16) -> Vec<(bool, Vec<u8>)> {
    let about = |line: &&Value| line["port"] == port;
    let packets = results.of("evidence").filter(about).flat_map(|line| {
        let packets = line["packets"].as_array().expect("packets");
        packets.iter().map(|p| {
            let hex = p["bytes"].as_str().expect("bytes");
            let byte = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).expect("hex");
            let bytes = (0..hex.len()).step_by(2).map(byte).collect();
            (p["sent"].as_bool().expect("sent"), bytes)
        })
    });
    packets.collect()
}

#[test]
fn the_packets_explained_are_those_on_the_wire() {
    let net = Net::new(Shape::Veth, target());
    let folder = Folder::new("explained");
    let (json, page) = (folder.file("r.jsonl"), folder.file("r.html"));
    let to = net.v4().to_string();
    let witness = Tcpdump::listen(&net);
    let said = net.run(&[
        "-n",
        "-p",
        "1-60",
        "--explain",
        "-oJ",
        &json,
        "--html",
        &page,
        &to,
    ]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let seen: BTreeSet<Vec<u8>> = witness.frames(&net).into_iter().collect();
    let text = std::fs::read_to_string(&json).expect("results");
    let results = Results::read(&text);

    // Every packet shown was captured, byte for byte.
    let mut packets = 0;
    for line in results.of("evidence") {
        let port = line["port"].as_u64().map(|p| p as u16);
        for (_, bytes) in port.map_or_else(Vec::new, |p| shown(&results, p)) {
            assert!(
                seen.contains(&bytes),
                "{bytes:02x?} is not among {} frames: {line}",
                seen.len()
            );
            packets += 1;
        }
    }
    assert!(packets >= 8, "{packets}");
    // Each verdict has the packets it rests on: a probe and its answer, or every try.
    let directions = |port| -> Vec<bool> { shown(&results, port).iter().map(|p| p.0).collect() };
    assert_eq!(directions(22), [true, false]);
    assert_eq!(directions(25), [true, false]);
    let silent = results
        .of("port")
        .find(|line| line["port"] == 23)
        .expect("port 23");
    assert_eq!(silent["state"], "filtered");
    let tries = silent["tries"].as_u64().expect("tries") as usize;
    assert_eq!(directions(23), vec![true; tries]);

    // The report explains them, with the same packets in both languages. `vigie report` explains them again later.
    for part in [
        "1 port replied SYN, ACK: a program is listening",
        "57 ports replied RST, ACK: no program is listening",
        "1 port did not reply: most likely a firewall drops the probes",
        "1 port was rejected by an ICMP error: communication administratively prohibited (type 3, code 13",
        "|<---------------------- SYN, ACK ---|",
        "RFC 9293, section 3.10.7.2",
        "no reply",
        "nmap -sS -Pn -n -p 22 --reason 10.78.0.2",
    ] {
        assert!(said.out.contains(part), "{part}\n{}", said.out);
    }
    let explained =
        |text: &str, title: &str| text[text.find(title).expect("explanations")..].to_owned();
    let again = net
        .command(crate::support::PROGRAM)
        .args(["report", &json, "--explain"])
        .output()
        .expect("the program runs");
    let again = String::from_utf8(again.stdout).expect("UTF-8");
    assert_eq!(
        explained(&again, "Explanation"),
        explained(&said.out, "Explanation")
    );
    let french = net
        .command(crate::support::PROGRAM)
        .args(["--lang", "fr", "report", &json, "--explain"])
        .output()
        .expect("the program runs");
    let french = String::from_utf8(french.stdout).expect("UTF-8");
    let packets = |text: &str| -> Vec<String> {
        let lines = text
            .lines()
            .filter(|l| l.contains(" SENT ") || l.contains(" RCVD "));
        lines.map(str::to_owned).collect()
    };
    assert!(french.contains("aucun programme n'écoute"), "{french}");
    assert_eq!(packets(&french), packets(&said.out));
    // The page has them too.
    let page = std::fs::read_to_string(&page).expect("the page");
    for line in packets(&said.out) {
        let line = line.trim().replace('>', "&gt;");
        assert!(page.contains(&line), "{line}");
    }
}

/// Discovery of a host behind a router sends to ports too. Those packets are evidence of the host, not of the ports.
#[test]
fn packets_of_a_port_are_distinguished_from_those_of_host_discovery() {
    let net = Net::new(Shape::Routed, Node::new("", "").tcp([80]));
    let folder = Folder::new("own-packets");
    let json = folder.file("r.jsonl");
    let to = net.v4().to_string();
    let witness = Tcpdump::listen(&net);
    let said = net.run(&[
        "-n",
        "-sS",
        "-PS443",
        "-PA80,443",
        "-p",
        "80,81,443",
        "--explain",
        "-oJ",
        &json,
        &to,
    ]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let seen = witness.frames(&net);
    let results = Results::read(&std::fs::read_to_string(&json).expect("results"));
    let flags = |port| -> Vec<(bool, u8)> {
        let shown = shown(&results, port);
        // After 14 bytes of Ethernet and 20 of IP, TCP's flags are its 14th byte.
        shown.iter().map(|(sent, f)| (*sent, f[47])).collect()
    };
    let (syn, ack, rst) = (2, 16, 4);
    assert_eq!(flags(80), [(true, syn), (false, syn | ack)]);
    assert_eq!(flags(81), [(true, syn), (false, rst | ack)]);
    assert_eq!(flags(443), [(true, syn), (false, rst | ack)]);
    // The packets that discovered the host are evidence of the host, and were captured too.
    let of_host = results.of("evidence").find(|line| line["port"].is_null());
    let of_host = of_host.expect("the host's evidence");
    let asked = of_host["packets"].as_array().expect("packets").len();
    assert!((2..=6).contains(&asked), "{of_host}");
    assert!(
        said.out.contains("replied to a TCP probe") && said.out.contains("(port 443)"),
        "{}",
        said.out
    );
    // Routed frames have other MAC addresses; compare the IP packets.
    let sent = |frame: &[u8]| {
        seen.iter()
            .any(|s| s.len() >= 54 && s[26..48] == frame[26..48])
    };
    for port in [80, 81, 443] {
        for (_, frame) in shown(&results, port) {
            assert!(sent(&frame), "{frame:02x?}");
        }
    }
}

#[test]
fn no_packets_are_invented_where_none_were_seen() {
    let net = Net::new(Shape::Veth, target());
    let to = net.v4().to_string();
    let said = net.run(&["-n", "-sT", "-p", "22,24", "--explain", &to]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert!(
        said.out.contains("The kernel made these connections (-sT)"),
        "{}",
        said.out
    );
    assert!(!said.out.contains(" SENT "), "{}", said.out);
    let said = net.run(&["-n", "-p", "22", "--explain", "127.0.0.1"]);
    assert!(
        said.out.contains("127.0.0.1 is this machine"),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("IP 127.0.0.1.22 > 127.0.0.1."),
        "{}",
        said.out
    );
    let absent = net.run(&["-n", "-p", "22", "--explain", "10.78.0.77"]);
    assert!(
        absent.out.contains("10.78.0.77 did not reply"),
        "{}",
        absent.out
    );
    assert!(
        absent.out.contains("ARP, Request who-has 10.78.0.77"),
        "{}",
        absent.out
    );
}

#[test]
fn a_rejecting_router_is_named_and_all_open_ports_cause_a_warning() {
    let wall = PortRules::all(PacketAction::Pass).but([25..=25], PacketAction::PROHIBITED);
    let refused = Firewall::all(PacketAction::Pass).tcp(wall).at("router");
    let net = Net::new(Shape::Routed, Node::new("", "").tcp([22]).firewall(refused));
    for (to, router, error) in [
        (net.scene.targets[0], "10.78.0.1", "ICMP type 3 code 13"),
        (net.scene.targets[1], "fd78::1", "ICMPv6 type 1 code 1"),
    ] {
        let said = net.run(&["-n", "-p", "20-30", "--explain", &to.to_string()]);
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
        let arrow = format!(" {error}  [{router}] ---|");
        let sender = format!("Sent by: {router}");
        for part in [arrow.as_str(), &sender, "9 ports replied RST, ACK"] {
            assert!(said.out.contains(part), "{part}\n{}", said.out);
        }
    }
    let everything = Node::new("", "").tcp(1..=120);
    let net = Net::new(Shape::Veth, everything);
    let to = net.v4().to_string();
    // The check by full connections would confirm the ports.
    let said = net.run(&["-n", "-p", "1-120", "--explain", "--no-verify", &to]);
    for part in [
        "Every port of 10.78.0.2 appears open",
        "RFC 4987, section 3.8",
        " and 80 more",
        "SYN, ACK ---|",
    ] {
        assert!(said.out.contains(part), "{part}\n{}", said.out);
    }
    let contradicts = said.out.contains("programs are listening");
    assert!(!contradicts, "{}", said.out);
}

#[test]
fn datagrams_are_explained_with_their_answers() {
    let target = Node::new("", "").udp([53]).udp_silent([161]);
    let net = Net::new(Shape::Veth, target);
    let to = net.v4().to_string();
    let witness = Tcpdump::listen(&net);
    let said = net.run(&["-n", "-sU", "-p", "53,69,161", "--explain", &to]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let seen = witness.frames(&net);
    for part in [
        "1 port replied ICMP port unreachable: no program is listening",
        "RFC 1122, section 4.1.3.1",
        "ICMP type 3 code 3 ---|",
        "1 port did not reply: open or filtered",
        "nmap -sU -Pn -n -p 69 --reason 10.78.0.2",
    ] {
        assert!(said.out.contains(part), "{part}\n{}", said.out);
    }
    // The packets shown for the closed port were captured.
    let probes = seen
        .iter()
        .filter(|f| f[12..14] == [8, 0] && f[23] == 17 && f[36..38] == [0, 69]);
    let lines = said
        .out
        .lines()
        .filter(|l| l.contains(" SENT IP ") && l.contains("> 10.78.0.2.69:"));
    let (shown, sent) = (lines.count(), probes.count());
    assert!(
        shown == 1 && sent >= shown,
        "{shown} of {sent}\n{}",
        said.out
    );
}
