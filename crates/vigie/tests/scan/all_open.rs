//! Hosts whose ports all appear open, verified by full connections: a tarpit, a SYN proxy, and a host whose ports are
//! really open.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::TcpListener;
use std::process::Stdio;

use serde_json::Value;
use vigie_lab::Node;
use vigie_lab::shapes::Shape;

use crate::packets::Folder;
use crate::support::{Net, Results};
use crate::wire::{Capture, Seen};

/// Maximum number of connections to one host for each kind: ports found open, and random ports.
const EACH: usize = 16;

/// Listeners on the target that accept nothing: its kernel completes the handshakes, and no data is sent.
fn listen(net: &Net, ports: impl IntoIterator<Item = u16> + Send) -> Vec<TcpListener> {
    let bind = |port| TcpListener::bind(("0.0.0.0", port)).expect("a free port");
    let all = || ports.into_iter().map(bind).collect();
    net.lab.run("target", all).expect("inside")
}

/// Loads an nftables table into the target.
fn load(net: &Net, table: &str) {
    let mut nft = net.lab.command("target", "nft").expect("inside");
    let nft = nft.args(["-f", "-"]).stdin(Stdio::piped());
    let mut child = nft.spawn().expect("nft runs");
    let mut input = child.stdin.take().expect("piped");
    input.write_all(table.as_bytes()).expect("nft reads");
    drop(input);
    assert!(child.wait().expect("nft ends").success(), "{table}");
}

/// Returns the warning about the host, with its connections to ports found open and to controls.
fn verified(results: &Results) -> (&Value, Vec<&Value>, Vec<&Value>) {
    let warning = results.only("warning");
    assert_eq!(warning["warning"], "all-open");
    let of = |control: bool| {
        let all = warning["handshakes"].as_array().expect("connections");
        let of = all.iter().filter(|h| h["control"] == control);
        of.collect::<Vec<_>>()
    };
    (warning, of(false), of(true))
}

/// Counts the connections that ended with `end`.
fn ended(of: &[&Value], end: &str) -> usize {
    of.iter().filter(|h| h["end"] == end).count()
}

/// Returns a network whose target redirects every port to one silent listener, except the SSH server at port 22.
fn tarpit() -> Net {
    let node = Node::new("", "").tcp_banner(22, b"SSH-2.0-real\r\n");
    let net = Net::new(Shape::Veth, node);
    let [trap] = listen(&net, [9]).try_into().expect("one");
    std::thread::spawn(move || trap.incoming().collect::<Vec<_>>());
    load(
        &net,
        "table inet trap {\nchain in {\ntype nat hook prerouting priority dstnat;\ntcp dport != 22 redirect to :9\n}\n}\n",
    );
    net
}

#[test]
fn a_tarpit_and_the_service_behind_it_are_distinguished() {
    let net = tarpit();
    let to = net.v4().to_string();
    for technique in ["-sS", "-sT"] {
        let results = net.json(&["-n", technique, "-p", "1-120", &to]);
        let (warning, open, controls) = verified(&results);
        assert_eq!(warning["verdict"], "front", "{technique}: {warning}");
        assert_eq!((open.len(), controls.len()), (EACH, EACH));
        assert_eq!(
            (ended(&open, "silent"), ended(&open, "spoke")),
            (EACH - 1, 1)
        );
        assert_eq!(ended(&controls, "silent"), EACH);
        let spoke = open.iter().find(|h| h["end"] == "spoke").expect("one");
        assert_eq!(
            (&spoke["port"], &spoke["words"]),
            (&22.into(), &"SSH-2.0-real".into())
        );
    }
}

#[test]
fn the_verification_is_reported_in_both_languages_and_explained() {
    let net = tarpit();
    let folder = Folder::new("tarpit");
    let json = folder.file("r.jsonl");
    let xml = folder.file("r.xml");
    let to = net.v4().to_string();
    let args = [
        "-n",
        "-p",
        "1-120",
        "--explain",
        "-oJ",
        &json,
        "-oX",
        &xml,
        &to,
    ];
    let said = net.run(&args);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let warning = format!(
        "every port of {to} appears open, and so do 16 of 16 random high ports: a device in front of it (SYN proxy or tarpit) replies for all ports. Of 16 full connections to its “open” ports, 16 stayed open and 0 were reset. A service was found at port 22 (“SSH-2.0-real”)"
    );
    assert!(said.out.contains(&warning), "{}", said.out);
    assert!(
        said.out
            .contains("Verified with full connections. To ports that replied: 16"),
        "{}",
        said.out
    );
    let read = net
        .command(crate::support::PROGRAM)
        .args(["--lang", "fr", "report", &json])
        .output();
    let read = String::from_utf8(read.expect("the program runs").stdout).expect("UTF-8");
    assert!(read.contains("de même que 16 ports hauts sur 16"), "{read}");
    assert!(
        read.contains("Service trouvé au port 22 (“SSH-2.0-real”)"),
        "{read}"
    );
    let xml = std::fs::read_to_string(&xml).expect("results");
    assert!(
        xml.contains(&format!("all-open host={to} verified=front real=22")),
        "{xml}"
    );
}

#[test]
fn a_syn_proxy_and_the_services_behind_it_are_distinguished() {
    let net = Net::new(Shape::Veth, Node::new("", ""));
    let _services = listen(&net, [22, 80]);
    load(
        &net,
        "table inet front {\n\
         chain raw {\ntype filter hook prerouting priority raw;\ntcp flags syn / fin,syn,rst,ack notrack\n}\n\
         chain in {\ntype filter hook input priority 0;\n\
         ip protocol tcp ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm\n\
         ct state invalid drop\n}\n}\n",
    );
    let mut sysctl = net.lab.command("target", "sysctl").expect("inside");
    let set = sysctl.args(["-qw", "net.netfilter.nf_conntrack_tcp_loose=0"]);
    assert!(set.status().expect("sysctl runs").success());
    let to = net.v4().to_string();
    let results = net.json(&["-n", "-p", "1-120", &to]);
    let (warning, open, controls) = verified(&results);
    assert_eq!(warning["verdict"], "front", "{warning}");
    assert_eq!((open.len(), controls.len()), (EACH, EACH));
    let held = open.iter().filter(|h| h["end"] == "silent");
    let held: BTreeSet<u64> = held.filter_map(|h| h["port"].as_u64()).collect();
    assert_eq!(held, [22, 80].into(), "{warning}");
    assert_eq!(ended(&open, "reset"), EACH - 2, "{warning}");
    assert_eq!(ended(&controls, "reset"), EACH, "{warning}");
}

#[test]
fn a_host_with_all_ports_really_open_is_reported_as_open() {
    let net = Net::new(Shape::Veth, Node::new("", ""));
    let _services = listen(&net, 20_000..20_064);
    let to = net.v4().to_string();
    let results = net.json(&["-n", "-p", "20000-20063", &to]);
    let (warning, open, controls) = verified(&results);
    assert_eq!(warning["verdict"], "real", "{warning}");
    assert_eq!(
        (ended(&open, "silent"), ended(&controls, "refused")),
        (EACH, EACH)
    );
    let said = net.run(&["-n", "-p", "20000-20063", &to]);
    let confirmed = "is open, confirmed by full connections: 16 of 16 stayed open, and 0 of 16 random high ports accepted one";
    assert!(said.out.contains(confirmed), "{}", said.out);
}

#[test]
fn verification_connections_respect_their_maximum_and_no_verify() {
    let net = Net::new(Shape::Veth, Node::new("", "").tcp(1..=60));
    let to = net.v4().to_string();
    let mut capture = Capture::at(&net, "target");
    let mut high = |args: &[&str]| {
        let results = net.json(&[&["-n", "-p", "1-60"], args, &[&to]].concat());
        let seen = capture.take(&net);
        let asked: BTreeSet<u16> = seen
            .iter()
            .filter_map(Seen::syn)
            .filter(|p| *p > 60)
            .collect();
        (results, asked.len())
    };
    let (results, asked) = high(&[]);
    assert_eq!(
        (asked, &results.only("warning")["verdict"]),
        (EACH, &"real".into())
    );
    // The user turned the check off.
    let (results, asked) = high(&["--no-verify"]);
    assert_eq!(
        (asked, &results.only("warning")["handshakes"]),
        (0, &Value::Null)
    );
    // No time is left for the check.
    let (results, asked) = high(&["--max-time", "3s"]);
    assert_eq!(
        (asked, &results.only("warning")["handshakes"]),
        (0, &Value::Null)
    );
}
