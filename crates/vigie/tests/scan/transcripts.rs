//! The output of `vigie scan --explain` on lab networks, word for word in both languages. The packets it shows must be
//! those of an independent capture of the same run, as tcpdump prints them.
//!
//! Values that differ between runs (times, ports, sequence numbers, MAC addresses, number of tries) are replaced by
//! placeholders before the comparison.

use std::io::Write as _;
use std::process::Stdio;

use regex::Regex;
use serde_json::Value;
use vigie_lab::shapes::Shape;
use vigie_lab::{Firewall, Node, PacketAction, PortRules};

use crate::packets::{Folder, Tcpdump};
use crate::support::{Net, PROGRAM, Results};

/// Explanations of one run in both languages, its results, and tcpdump's capture.
struct Transcript {
    english: String,
    french: String,
    results: Results,
    /// The frames that tcpdump saw.
    frames: Vec<Vec<u8>>,
}

fn run(net: &Net, name: &str, args: &[&str]) -> Transcript {
    let folder = Folder::new(&format!("transcript-{name}"));
    let json = folder.file("r.jsonl");
    let witness = Tcpdump::listen(net);
    let said = net.run(&[&["-n", "--explain", "--seed", "7", "-oJ", &json], args].concat());
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{args:?}");
    let frames = witness.frames(net);
    let french = net
        .command(PROGRAM)
        .args(["--lang", "fr", "report", &json, "--explain"])
        .output()
        .expect("the program runs");
    let french = String::from_utf8(french.stdout).expect("UTF-8");
    let text = std::fs::read_to_string(&json).expect("results");
    Transcript {
        english: said.out,
        french,
        results: Results::read(&text),
        frames,
    }
}

/// Returns the explanations alone, with placeholders for values that differ between runs.
fn normalized(text: &str, title: &str) -> String {
    let mut text = text[text.find(title).expect("explanations")..].to_owned();
    // The last line of the report contains the duration.
    text.truncate(text.trim_end().rfind('\n').expect("lines") + 1);
    let rules = [
        (r"\d+\.\d{6} (SENT|RCVD)", "TIME $1"),
        (
            r"(?m)^ +(0|[\d.,]+)[ \u{a0}\u{202f}](µs|ms|s)  \|",
            "    TIME  |",
        ),
        (
            r"(?m)^ +((\d{1,3}\.){4}\d{5}|(\d{1,3}\.){3}\d{1,3}|[0-9a-f:]+(\.\d+)?|127\.0\.0\.1\.\d+) +(\d|[a-f]+\d*::)",
            "    $1  $5",
        ),
        (
            r"(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|fd78::[0-9a-f:]*[0-9a-f])\.[2-6]\d{4}\b",
            "$1.PORT",
        ),
        (r"\(port [2-6]\d{4}\)", "(port PORT)"),
        (r"\bseq \d+", "seq SEQ"),
        (r"\back \d+", "ack ACK"),
        (r"(?i)[0-9a-f]{2}(:[0-9a-f]{2}){5}", "MAC"),
        (r"\b(id|cksum) 0?x?[0-9a-f]+", "$1 N"),
        (r#"fromhex\("[0-9a-f]+"\)"#, "fromhex(HEX)"),
        // Aligned with the times, whose width varies.
        (r"(?m)^ +(no reply|pas de réponse)$", "             $1"),
        // The queries sent before an answer arrives vary.
        (r"(\.53 > .*?: |\.53: )\d+.*", "${1}DNS"),
        (r#""vigie-[0-9a-f]+""#, "NAME"),
        (r"UDP, length \d+ -+", "UDP, length N ---"),
        (r"UDP, length \d+", "UDP, length N"),
        (r"<-+ UDP", "<--- UDP"),
        (
            r"(?m)^    (One more packet|\d+ more packets|Un autre paquet|\d+ autres paquets).*\n",
            "",
        ),
        (
            r"(?s)    (One packet measured|\d+ packets measured|Un paquet a mesuré|\d+ paquets ont mesuré).*?\n\n",
            "\n",
        ),
        // The confidence in silence depends on the loss measured on the path.
        (
            r"(?s)(How certain it is\n).*?(\n  To verify it)",
            "$1    ...$2",
        ),
        (r"(?s)(Certitude\n).*?(\n  Pour le vérifier)", "$1    ...$2"),
    ];
    for (from, to) in rules {
        let rule = Regex::new(from).expect("a rule");
        text = rule.replace_all(&text, to).into_owned();
    }
    // The number of tries varies.
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.dedup();
    lines.join("\n")
}

/// Checks that each packet shown is a frame captured at the target, printed as tcpdump prints it.
fn assert_matches_capture(net: &Net, transcript: &Transcript) {
    let shown: Vec<&str> = transcript
        .english
        .lines()
        .filter_map(|line| {
            let rest = line.trim_start().split_once(' ')?.1;
            rest.strip_prefix("SENT ").or(rest.strip_prefix("RCVD "))
        })
        .collect();
    assert!(!shown.is_empty(), "{}", transcript.english);
    let mut known = Vec::new();
    for line in transcript.results.of("evidence") {
        let packets: Vec<Vec<u8>> = line["packets"]
            .as_array()
            .expect("packets")
            .iter()
            .map(bytes)
            .collect();
        for packet in &packets {
            assert!(
                transcript.frames.contains(packet),
                "{packet:02x?} was not on the wire: {line}"
            );
        }
        known.extend(printed_by_tcpdump(net, &packets));
    }
    for line in shown {
        // For codes without a name, tcpdump prints the bytes and no length.
        let line = match line.split_once("unknown unreach code") {
            Some(_) => line
                .rsplit_once(", length")
                .map_or(line, |(before, _)| before),
            None => line,
        };
        assert!(known.iter().any(|k| k == line), "{line}\n{known:#?}");
    }
}

fn bytes(packet: &Value) -> Vec<u8> {
    let hex = packet["bytes"].as_str().expect("bytes");
    let byte = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).expect("hex");
    (0..hex.len()).step_by(2).map(byte).collect()
}

/// Returns what tcpdump prints for Ethernet frames, one line each.
fn printed_by_tcpdump(net: &Net, frames: &[Vec<u8>]) -> Vec<String> {
    // The pcap file header (magic, version 2.4, zone, accuracy, snapshot length, LINKTYPE_ETHERNET), then the packets,
    // each with its record header.
    let header: [u32; 6] = [0xa1b2_c3d4, 4 << 16 | 2, 0, 0, 262_144, 1];
    let mut file: Vec<u8> = header.iter().flat_map(|n| n.to_ne_bytes()).collect();
    for frame in frames {
        let length = frame.len() as u32;
        file.extend([0, 0, length, length].iter().flat_map(|n| n.to_ne_bytes()));
        file.extend(frame);
    }
    let mut child = net
        .command("tcpdump")
        .args(["-n", "-t", "-r", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("this test needs tcpdump (cargo xtask needs)");
    let mut input = child.stdin.take().expect("piped");
    input.write_all(&file).expect("tcpdump reads");
    drop(input);
    let output = child.wait_with_output().expect("tcpdump ends");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(str::to_owned).collect()
}

/// Runs a scan with explanations and compares them with the snapshots.
fn record(name: &str, net: &Net, args: &[&str]) -> Transcript {
    let transcript = run(net, name, args);
    insta::assert_snapshot!(
        format!("{name}-en"),
        normalized(&transcript.english, "Explanation")
    );
    insta::assert_snapshot!(
        format!("{name}-fr"),
        normalized(&transcript.french, "Explication")
    );
    transcript
}

/// Turns off the target's rate limit on ICMP errors.
fn unlimited(net: &Net) {
    let mut command = net.lab.command("target", "sh").expect("inside");
    let line =
        "echo 0 > /proc/sys/net/ipv4/icmp_ratelimit && echo 0 > /proc/sys/net/ipv6/icmp/ratelimit";
    let done = command.args(["-c", line]).status().expect("sh runs");
    assert!(done.success(), "{line}");
}

#[test]
fn open_closed_and_dropped() {
    let wall = PortRules::all(PacketAction::Pass).but([443..=443], PacketAction::Drop);
    let target = Node::new("", "").tcp([22]);
    let net = Net::new(
        Shape::Veth,
        target.firewall(Firewall::all(PacketAction::Pass).tcp(wall)),
    );
    let to = net.v4().to_string();
    let transcript = record("states", &net, &["-p", "20-30,443", &to]);
    assert_matches_capture(&net, &transcript);
}

#[test]
fn rejected_by_each_icmp_error() {
    let net = Net::new(Shape::Veth, Node::new("", "").tcp([22]));
    unlimited(&net);
    let four = [
        "net-unreachable",
        "host-unreachable",
        "prot-unreachable",
        "port-unreachable",
        "net-prohibited",
        "host-prohibited",
        "admin-prohibited",
    ];
    let six = [
        "no-route",
        "admin-prohibited",
        "addr-unreachable",
        "port-unreachable",
        "policy-fail",
        "reject-route",
    ];
    let rule = |(i, what): (usize, &&str), icmp: &str, base: usize| {
        format!("tcp dport {} reject with {icmp} {what}\n", base + i)
    };
    let rules: String = four
        .iter()
        .enumerate()
        .map(|e| ["meta nfproto ipv4 ", &rule(e, "icmp", 101)].concat())
        .chain(
            six.iter()
                .enumerate()
                .map(|e| ["meta nfproto ipv6 ", &rule(e, "icmpv6", 201)].concat()),
        )
        .collect();
    net.rules("target", &rules);
    let to = net.v4().to_string();
    let transcript = record("refused", &net, &["-p", "101-107", &to]);
    assert_matches_capture(&net, &transcript);
    let to = net.scene.targets[1].to_string();
    let transcript = record("refused-six", &net, &["-p", "201-206", &to]);
    assert_matches_capture(&net, &transcript);
}

#[test]
fn datagrams() {
    let target = Node::new("", "").udp([53]).udp_silent([40_404]);
    let net = Net::new(Shape::Veth, target);
    let to = net.v4().to_string();
    let transcript = record("datagrams", &net, &["-sU", "-p", "53,69,40404", &to]);
    assert_matches_capture(&net, &transcript);
    // The suggested commands reproduce the results: an answer from the open port, an error from the closed one.
    let named = |part: &str| {
        let line = transcript.english.lines().find(|l| l.contains(part));
        line.unwrap_or_else(|| panic!("{part}: {}", transcript.english))
            .trim()
    };
    let (open, closed) = (named("dport=53)"), named("dport=69)"));
    // The scans have used up the kernel's burst of ICMP errors to one peer; it now sends one each second.
    let asks = format!(
        "from scapy.all import *\nconf.verb = 0\nopen, closed = {open}, None\n\
         for _ in range(6):\n    closed = closed or {closed}\n\
         assert UDP in open and open[UDP].sport == 53, open\n\
         assert closed[ICMP].type == 3 and closed[ICMP].code == 3, closed"
    );
    let python = net.command("python3").args(["-c", &asks]).output();
    let python = python.expect("this test needs python3-scapy (cargo xtask needs)");
    let said = String::from_utf8_lossy(&python.stderr);
    assert!(python.status.success(), "{asks}\n{said}");
    let mut dig = named("dig @").split(' ');
    let mut command = net.command(dig.next().expect("dig"));
    let dig = command.args(dig).output().expect("this test needs dig");
    let said = String::from_utf8_lossy(&dig.stdout);
    assert!(said.contains("status: "), "{said}");
}

#[test]
fn every_port_open() {
    let net = Net::new(Shape::Veth, Node::new("", "").tcp(1..=120));
    let to = net.v4().to_string();
    let transcript = record("all-open", &net, &["-p", "1-120", &to]);
    assert_matches_capture(&net, &transcript);
}

#[test]
fn this_machine() {
    let net = Net::new(Shape::Veth, Node::new("", ""));
    let transcript = record("own", &net, &["-p", "22", "127.0.0.1"]);
    // Its packets are on the loopback link only.
    assert!(transcript.english.contains("IP 127.0.0.1.22 > 127.0.0.1."));
}
