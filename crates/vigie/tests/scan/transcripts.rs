//! What `vigie scan --explain` says on real networks, word for word in both languages; and that the packets it shows are
//! those of an independent capture of the same run, in tcpdump's own words.
//!
//! What differs from run to run (times, ports, numbers of sequence, hardware addresses, how often was tried) is
//! replaced by letters before the comparison.

use std::io::Write as _;
use std::process::Stdio;

use regex::Regex;
use serde_json::Value;
use vigie_lab::shapes::Shape;
use vigie_lab::{Firewall, Node, PacketAction, PortRules};

use crate::packets::{Folder, Tcpdump};
use crate::support::{Net, PROGRAM, Results};

/// The explanations of one run in both languages, and its results.
struct Told {
    english: String,
    french: String,
    results: Results,
    /// The frames that tcpdump saw.
    frames: Vec<Vec<u8>>,
}

fn run(net: &Net, name: &str, args: &[&str]) -> Told {
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
    Told {
        english: said.out,
        french,
        results: Results::read(&text),
        frames,
    }
}

/// The explanations alone, without what differs from run to run.
fn settled(text: &str, title: &str) -> String {
    let mut text = text[text.find(title).expect("explanations")..].to_owned();
    // The report's last line says how long it took.
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
        // Under times that may be longer or shorter.
        (r"(?m)^ +(no reply|pas de réponse)$", "             $1"),
        // Which questions are put before an answer comes.
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
        // How sure silence is depends on what the path has shown.
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
    // A try more or less.
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.dedup();
    lines.join("\n")
}

/// Each line that shows a packet is what tcpdump prints of a frame that it captured at the target's end of the wire.
fn hold_to_the_capture(net: &Net, told: &Told) {
    let shown: Vec<&str> = told
        .english
        .lines()
        .filter_map(|line| {
            let rest = line.trim_start().split_once(' ')?.1;
            rest.strip_prefix("SENT ").or(rest.strip_prefix("RCVD "))
        })
        .collect();
    assert!(!shown.is_empty(), "{}", told.english);
    let mut known = Vec::new();
    for line in told.results.of("evidence") {
        let packets: Vec<Vec<u8>> = line["packets"]
            .as_array()
            .expect("packets")
            .iter()
            .map(bytes)
            .collect();
        for packet in &packets {
            assert!(
                told.frames.contains(packet),
                "{packet:02x?} was not on the wire: {line}"
            );
        }
        known.extend(tcpdumps_words(net, &packets));
    }
    for line in shown {
        // Of codes without a name tcpdump shows the bytes, and no length.
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

/// What tcpdump prints of frames on Ethernet, a line for each.
fn tcpdumps_words(net: &Net, frames: &[Vec<u8>]) -> Vec<String> {
    // pcap's header (magic, version 2.4, zone, accuracy, longest packet, LINKTYPE_ETHERNET), then each with its own.
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

fn transcript(name: &str, net: &Net, args: &[&str]) -> Told {
    let told = run(net, name, args);
    insta::assert_snapshot!(format!("{name}-en"), settled(&told.english, "Explanation"));
    insta::assert_snapshot!(format!("{name}-fr"), settled(&told.french, "Explication"));
    told
}

/// Every ICMP error is sent, however many there were before.
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
    let told = transcript("states", &net, &["-p", "20-30,443", &to]);
    hold_to_the_capture(&net, &told);
}

#[test]
fn refused_by_each_icmp_error() {
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
    let told = transcript("refused", &net, &["-p", "101-107", &to]);
    hold_to_the_capture(&net, &told);
    let to = net.scene.targets[1].to_string();
    let told = transcript("refused-six", &net, &["-p", "201-206", &to]);
    hold_to_the_capture(&net, &told);
}

#[test]
fn datagrams() {
    let target = Node::new("", "").udp([53]).udp_silent([40_404]);
    let net = Net::new(Shape::Veth, target);
    let to = net.v4().to_string();
    let told = transcript("datagrams", &net, &["-sU", "-p", "53,69,40404", &to]);
    hold_to_the_capture(&net, &told);
    // The commands to check it do: the program answers the same question, the closed port with an error.
    let named = |part: &str| {
        let line = told.english.lines().find(|l| l.contains(part));
        line.unwrap_or_else(|| panic!("{part}: {}", told.english))
            .trim()
    };
    let (open, closed) = (named("dport=53)"), named("dport=69)"));
    // The scans have spent what errors the kernel sends to one peer; it sends another one each second.
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
    let told = transcript("all-open", &net, &["-p", "1-120", &to]);
    hold_to_the_capture(&net, &told);
}

#[test]
fn this_machine() {
    let net = Net::new(Shape::Veth, Node::new("", ""));
    let told = transcript("own", &net, &["-p", "22", "127.0.0.1"]);
    // Its packets are on no wire but the loopback link.
    assert!(told.english.contains("IP 127.0.0.1.22 > 127.0.0.1."));
}
