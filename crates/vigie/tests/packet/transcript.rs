//! Every scapy line of the tutorial "Scan de ports avec Scapy" in order, with the output printed there. The simulated
//! hosts use the tutorial's sequence numbers, options and padding, so that even the checksums are the same.
//!
//! Where scapy's output has changed since 2017, the current form is expected: `[]` for `{}`, `b'I5'` for `'I5'`,
//! `<Flag 20 (RA)>` for `20`, "Finished sending" for "Finished to send", a dash less in `==>`, and a question in `DNS()`.

use crate::played::{Played, nothing_open, web_and_names};
use crate::terminal::Terminal;
use vigie_lab::{Connection, Interface, Lab, Node, Topology};

/// Typed lines with the expected output, line by line. `…` stands for any text.
const TRANSCRIPT: &[(&str, &[&str])] = &[
    (
        "ls(TCP)",
        &[
            "sport      : ShortEnumField                      = ('20')",
            "dport      : ShortEnumField                      = ('80')",
            "seq        : IntField                            = ('0')",
            "ack        : IntField                            = ('0')",
            "dataofs    : BitField  (4 bits)                  = ('None')",
            "reserved   : BitField  (3 bits)                  = ('0')",
            "flags      : FlagsField                          = ('<Flag 2 (S)>')",
            "window     : ShortField                          = ('8192')",
            "chksum     : XShortField                         = ('None')",
            "urgptr     : ShortField                          = ('0')",
            "options    : TCPOptionsField                     = (\"b''\")",
        ],
    ),
    (
        "paquet = IP(dst='192.168.1.1') / TCP(sport=55555, dport=80, flags='S')",
        &[],
    ),
    ("rep, non_rep = sr(paquet)", EXCHANGED),
    (
        "rep.show()",
        &[
            "0000 IP / TCP 192.168.1.159:55555 > 192.168.1.1:http S ==> IP / TCP 192.168.1.1:http > 192.168.1.159:55555 SA / Padding",
        ],
    ),
    (
        "rep[0][0][TCP].show()",
        &[
            "###[ TCP ]###",
            "  sport     = 55555",
            "  dport     = http",
            "  seq       = 0",
            "  ack       = 0",
            "  dataofs   = None",
            "  reserved  = 0",
            "  flags     = S",
            "  window    = 8192",
            "  chksum    = None",
            "  urgptr    = 0",
            "  options   = []",
        ],
    ),
    (
        "rep[0][1][TCP].show()",
        &[
            "###[ TCP ]###",
            "  sport     = http",
            "  dport     = 55555",
            "  seq       = 3631598158",
            "  ack       = 1",
            "  dataofs   = 6",
            "  reserved  = 0",
            "  flags     = SA",
            "  window    = 14600",
            "  chksum    = 0x5f04",
            "  urgptr    = 0",
            "  options   = [('MSS', 1460)]",
            "###[ Padding ]###",
            "     load      = b'I5'",
        ],
    ),
    (
        "paquet = IP(dst='192.168.1.100') / TCP(sport=55555, dport=22, flags='S')",
        &[],
    ),
    ("rep, non_rep = sr(paquet)", EXCHANGED),
    (
        "rep.show()",
        &[
            "0000 IP / TCP 192.168.1.159:55555 > 192.168.1.100:ssh S ==> IP / TCP 192.168.1.100:ssh > 192.168.1.159:55555 RA / Padding",
        ],
    ),
    (
        "rep[0][1][TCP].show()",
        &[
            "###[ TCP ]###",
            "  sport     = ssh",
            "  dport     = 55555",
            "  seq       = 0",
            "  ack       = 1",
            "  dataofs   = 5",
            "  reserved  = 0",
            "  flags     = RA",
            "  window    = 0",
            "  chksum    = 0x5262",
            "  urgptr    = 0",
            "  options   = []",
            "###[ Padding ]###",
            "     load      = b'\\x00\\x00\\x00\\x00\\x00\\x00'",
        ],
    ),
    ("rep[0][1][TCP].flags", &["<Flag 20 (RA)>"]),
    (
        "paquet = IP(dst='192.168.1.1') / UDP(dport=53) / DNS()",
        &[],
    ),
    ("rep, nonrep = sr(paquet)", EXCHANGED),
    (
        "rep.show()",
        &["0000 IP / UDP / DNS Qry … ==> IP / UDP / DNS Ans / Padding"],
    ),
    (
        "paquet = IP(dst='192.168.1.100') / UDP(dport=53) / DNS()",
        &[],
    ),
    ("rep, non_rep = sr(paquet)", EXCHANGED),
    (
        "rep.show()",
        &[
            "0000 IP / UDP / DNS Qry … ==> IP / ICMP 192.168.1.100 > 192.168.1.159 dest-unreach port-unreachable / IPerror / UDPerror",
        ],
    ),
];

/// Output of `sr` for one packet and its answer. The number of other packets received meanwhile varies.
const EXCHANGED: &[&str] = &[
    "Begin emission:",
    "Finished sending 1 packets.",
    "…*…",
    "Received … packets, got 1 answers, remaining 0 packets",
];

/// Whether a line matches the expected one, in which `…` stands for any text.
fn fits(line: &str, expected: &str) -> bool {
    let mut parts = expected.split('…');
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
        last = Some(part);
    }
    rest.is_empty() || last == Some("")
}

#[test]
fn every_line_of_the_tutorial_prints_the_expected_output() {
    // A veth pair without bridge, because a bridge with netfilter removes padding.
    let lab = Lab::build(Topology {
        nodes: vec![
            Node::new("debian", "the student's machine"),
            Node::new("others", "the box and the printer, played"),
        ],
        connections: vec![Connection::Veth(
            Interface::new("debian", "eth0", &["192.168.1.159/24"]),
            Interface::new("others", "eth0", &[]),
        )],
        ..Topology::default()
    })
    .expect("this test makes network namespaces: run it as root");
    let node = |name: &str| lab.namespace(name).expect("the node");
    let _box = Played::start(node("others"), [192, 168, 1, 1], web_and_names);
    let _printer = Played::start(node("others"), [192, 168, 1, 100], nothing_open);
    let mut prompt = Terminal::start(node("debian"), &["packet"]);
    prompt.expect(">>> ");
    for (typed, expected) in TRANSCRIPT {
        let shown = prompt.say(typed);
        let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
        let lines: Vec<&str> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines.len(), expected.len(), "{typed}: {shown}");
        for (line, expected) in lines.iter().zip(*expected) {
            assert!(fits(line, expected), "{typed}:\n{line}\n{expected}");
        }
    }
    assert!(prompt.end());
}
