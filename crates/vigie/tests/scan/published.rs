//! The JSON Lines of real scans validated against the published schema, and compared with what other programs read.

use vigie_lab::shapes::Shape;
use vigie_lab::{Firewall, Node, PacketAction, PortRules};

use crate::packets::Folder;
use crate::support::{Net, PROGRAM};

/// One scan for each kind of object or field in the results.
const RUNS: &[&[&str]] = &[
    &["-p", "1-40"],
    &["-p", "1-40", "--explain", "--reason", "-vv"],
    &["-p", "20-25", "--all-ports", "--open"],
    &["-sn", "10.78.0.77"],
    &["-sn", "--explain"],
    &["-sU", "-p", "53,69,161", "--explain"],
    &["-sS", "-sU", "-p", "T:22,23,U:53"],
    &["-sT", "-p", "20-25", "--explain"],
    &["-sA", "-p", "20-25"],
    &["-sO", "-p", "1,6,17"],
    &["-Pn", "-p", "22", "--max-time", "30s", "--shard", "1/2"],
    &["--scanflags", "SYNFIN", "-p", "22"],
];

const CHECK: &str = "
import json, sys
from jsonschema import Draft202012Validator
with open(sys.argv[1]) as f:
    validator = Draft202012Validator(json.load(f))
for name in sys.argv[2:]:
    lines = open(name).read().splitlines()
    assert lines, name
    for line in lines:
        errors = [e.message for e in validator.iter_errors(json.loads(line))]
        assert not errors, (name, line, errors)
";

#[test]
fn every_kind_of_scan_matches_the_published_schema() {
    let wall = PortRules::all(PacketAction::Pass)
        .but([23..=23], PacketAction::Drop)
        .but([25..=25], PacketAction::PROHIBITED);
    let target = Node::new("", "").tcp([22]).udp([53]).udp_silent([161]);
    let net = Net::new(
        Shape::Veth,
        target.firewall(Firewall::all(PacketAction::Pass).tcp(wall)),
    );
    let folder = Folder::new("published");
    let (four, six) = (net.v4().to_string(), net.scene.targets[1].to_string());
    let (mut lines, mut documents) = (Vec::new(), Vec::new());
    for (i, args) in RUNS.iter().enumerate() {
        let file = |end: &str| folder.file(&format!("{i}.{end}"));
        let outputs = [
            "-n",
            "-oJ",
            &file("jsonl"),
            "-oX",
            &file("xml"),
            "--csv",
            &file("csv"),
            "--html",
            &file("html"),
            &four,
            &six,
        ];
        // Techniques of one address family skip the other's address.
        let said = net.run(&[&outputs[..], args].concat());
        assert_eq!(said.code, Some(0), "{args:?}: {}", said.err);
        lines.push(file("jsonl"));
        documents.push(file("xml"));
        // Converting the results again yields the same lines.
        let again = net
            .command(PROGRAM)
            .args(["report", &file("jsonl"), "-o", "csv"])
            .output()
            .expect("the program runs");
        let csv = std::fs::read(file("csv")).expect("written");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        assert_eq!(text(again.stdout), text(csv), "{args:?}");
    }
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/json.schema.json");
    let checked = net
        .command("python3")
        .args(["-c", CHECK, schema])
        .args(&lines)
        .output()
        .expect("this test needs python3-jsonschema (cargo xtask needs)");
    assert!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stderr)
    );
    let checked = net
        .command("xmllint")
        .args([
            "--noout",
            "--nonet",
            "--dtdvalid",
            "/usr/share/nmap/nmap.dtd",
        ])
        .args(&documents)
        .output()
        .expect("this test needs xmllint (cargo xtask needs)");
    assert!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stderr)
    );
}
