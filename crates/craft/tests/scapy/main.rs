//! Comparison with scapy: both evaluate random expressions over all layers. The bytes must be the same, and so must
//! the text of the dissected bytes.
//!
//! The expressions are generated from the layer tables, so that new layers are included automatically. [`DIFFERENCES`]
//! lists every difference with its reason: an error of scapy, or a deliberate choice. Everything else is compared.
//!
//! Needs `python3` with scapy (`pip install scapy`), and fails without. `SCAPY_EXPRESSIONS` sets the number of
//! expressions, `SCAPY_SEED` the seed. Five tests with a fifth of the expressions each can run in parallel.

#[path = "../common/mod.rs"]
mod common;
mod fields;
mod literals;
mod stacks;

use common::{Local, Random};
use stacks::expression;
use std::io::Write;
use std::process::{Command, Stdio};
use vigie_craft::lang::Session;

/// Known differences that are not compared, with their reasons.
const DIFFERENCES: &[(&str, &str)] = &[
    (
        "AH",
        "scapy leaves next header and length 0 where they were left alone; RFC 4302 needs them computed",
    ),
    ("ICMPv6MLReport2", "its records are kept as bytes here"),
    (
        "ICMPv6NDOptRedirectedHdr",
        "scapy cuts the quoted packet to a multiple of 8 bytes and drops the reserved bytes",
    ),
    (
        "SCTPChunkParam",
        "scapy has no class of this name; it reads unknown parameters as several others",
    ),
    (
        "ARP addresses",
        "only Ethernet and IPv4 addresses are fields here; other forms are plain bytes",
    ),
    ("ICMP.length", "RFC 4884 extensions are not split off here"),
    (
        "ICMP types 37, 38",
        "deprecated (RFC 6918); scapy writes an address mask in them",
    ),
    (
        "values out of range",
        "refused with their place; scapy cuts bit fields without a word",
    ),
    (
        "Ether.type below 1501",
        "scapy turns the frame into Dot3; here it stays Ether with plain bytes",
    ),
    (
        "times left alone",
        "NTP and ICMP timestamps are now, and now differs",
    ),
    (
        "HBHOptUnknown.otype",
        "types that scapy has more classes for are not unknown to it",
    ),
    (
        "NTP modes 6 and 7",
        "scapy reads control and private messages as other layers",
    ),
    (
        "IPOption.option",
        "types that scapy has more classes for are read as those",
    ),
    (
        "DNSRR of special types",
        "scapy reads some types (NAPTR, DS, RRSIG, ...) with classes of their own",
    ),
    (
        "next protocols without a layer here",
        "GRE, ESP, IGMP and others are plain bytes here",
    ),
    (
        "UDP.len below 8",
        "stands for all that is there (RFC 2675), as in the typed view; scapy counts from the end",
    ),
    (
        "OIDs under 2.40",
        "scapy decodes the first two numbers of 2.40 and above wrongly (X.690 section 8.19.4)",
    ),
    (
        "EDNS0TLV.optcode",
        "options that scapy has classes of their own for are not EDNS0TLV to it",
    ),
    (
        "source routes",
        "scapy sums over the route's end with the source address it would use towards it",
    ),
    (
        "home address among options",
        "scapy sums with the home address only where it is the one option (RFC 6275 section 11.3.1 knows no such rule)",
    ),
    (
        "DNS over TCP without records",
        "scapy takes 14 bytes for something else",
    ),
    (
        "short BOOTP",
        "scapy reads a message cut within its fixed fields; here it is plain bytes",
    ),
    (
        "malformed DNS",
        "scapy reads on where a name is broken; here the rest is kept as plain bytes",
    ),
    (
        "IPv6.plen 0",
        "scapy looks for a jumbo payload behind a hop-by-hop header; here nothing follows",
    ),
    (
        "SNMP values left alone",
        "noSuchObject and its like are not written by either",
    ),
    (
        "SCTP proto_id names",
        "only the common payload protocols have names here",
    ),
];

/// Number of tests that share the expressions.
const PARTS: u64 = 5;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is a number, not {text:?}"))
    })
}

#[test]
fn every_difference_has_its_reason() {
    assert!(
        DIFFERENCES
            .iter()
            .all(|(what, why)| !what.is_empty() && !why.is_empty())
    );
}

#[test]
fn random_expressions_have_scapys_bytes_and_fields_1() {
    compare(1);
}

#[test]
fn random_expressions_have_scapys_bytes_and_fields_2() {
    compare(2);
}

#[test]
fn random_expressions_have_scapys_bytes_and_fields_3() {
    compare(3);
}

#[test]
fn random_expressions_have_scapys_bytes_and_fields_4() {
    compare(4);
}

#[test]
fn random_expressions_have_scapys_bytes_and_fields_5() {
    compare(5);
}

/// Compares one part of the expressions.
fn compare(part: u64) {
    let count = number("SCAPY_EXPRESSIONS", 20_000).div_ceil(PARTS);
    let mut random = Random::new(number("SCAPY_SEED", 1) * PARTS + part);
    let expressions: Vec<String> = (0..count).map(|_| expression(&mut random)).collect();
    let theirs = scapy(&expressions);
    let mut local = Local::default();
    let mut wrong = Vec::new();
    for (expression, theirs) in expressions.iter().zip(&theirs) {
        let ours = evaluate(&mut local, expression);
        if ours != *theirs {
            wrong.push((expression, ours, theirs));
        }
    }
    for (expression, ours, theirs) in wrong.iter().take(60) {
        let mut lines = ours.lines().zip(theirs.lines());
        let (ours, theirs) = lines
            .find(|(ours, theirs)| ours != theirs)
            .unwrap_or((ours, theirs));
        println!("== {expression}\n-- vigie {ours}\n-- scapy {theirs}");
    }
    assert!(
        wrong.is_empty(),
        "{} of {} expressions differ",
        wrong.len(),
        expressions.len()
    );
}

/// Returns what is compared: the bytes in hexadecimal, and the texts of the packet and of the dissected bytes.
fn evaluate(local: &mut Local, expression: &str) -> String {
    let first = expression.split('(').next().unwrap_or("");
    let source = format!("p = {expression}; b = bytes(p); q = {first}(b)");
    let mut session = Session::new(local);
    if let Err(error) = session.run(&source) {
        return format!("error {error}");
    }
    let mut text = |source: &str| match session.value(source) {
        Ok(vigie_craft::lang::Object::Str(text)) => text,
        Ok(other) => format!("{other:?}"),
        Err(error) => format!("error {error}"),
    };
    let parts = [
        "b.hex()",
        "p.show(dump=True)",
        "q.show(dump=True)",
        "repr(q)",
        "q.summary()",
    ]
    .map(&mut text);
    parts.join("\n")
}

/// Evaluates expressions with scapy; returns one result for each.
fn scapy(expressions: &[String]) -> Vec<String> {
    const SCRIPT: &str = r#"
import logging, sys, json
logging.getLogger("scapy").setLevel(50)
from scapy.all import *
from scapy.layers.sctp import *
conf.color_theme = type(conf.color_theme)() if False else NoTheme()
from scapy.layers.inet6 import *
for line in sys.stdin:
    try:
        p = eval(line)
        b = bytes(p)
        q = eval(line.split("(")[0])(b)
        out = "\n".join([b.hex(), p.show(dump=True), q.show(dump=True), repr(q), q.summary()])
    except Exception as e:
        out = "error %s %s" % (type(e).__name__, e)
    print(json.dumps(out))
"#;
    let script = SCRIPT.replace(
        "type(conf.color_theme)() if False else NoTheme()",
        "conf.color_theme",
    );
    let mut child = Command::new("unshare")
        .args([
            "-n",
            "python3",
            "-c",
            &format!("import subprocess; subprocess.run(['ip','link','set','lo','up'])\n{script}"),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("unshare and python3 are needed for this test");
    let mut stdin = child.stdin.take().expect("standard input was asked for");
    let input = expressions.join("\n") + "\n";
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("the child was started");
    writer
        .join()
        .expect("the writer does not panic")
        .expect("scapy reads all expressions");
    let text = String::from_utf8(output.stdout).expect("scapy answers in text");
    let results: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is a JSON string"))
        .collect();
    assert_eq!(
        results.len(),
        expressions.len(),
        "scapy is needed for this test (pip install scapy), as root"
    );
    results
}
