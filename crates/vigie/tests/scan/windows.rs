//! Scans with little memory, and scans that are killed and resumed, lose no results.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use vigie_lab::Node;
use vigie_lab::shapes::Shape;

use crate::support::{Net, PROGRAM, Results, RunOutput};

const OPEN: [u16; 3] = [22, 443, 900];
/// 64 addresses of the loopback network: a window of 4 KiB holds sixteen of them.
const TARGETS: [&str; 7] = [
    "-n",
    "-p",
    "1-1000",
    "--seed",
    "5",
    "--open",
    "127.7.0.0/26",
];

/// Returns a network with the scanner's loopback interface up. The tests use nothing else of it.
fn net() -> Net {
    let net = Net::new(Shape::Veth, Node::new("", "").tcp([22]));
    let up = net
        .command("ip")
        .args(["link", "set", "dev", "lo", "up"])
        .status();
    assert!(up.expect("ip runs").success());
    net
}

/// Returns listeners in the scanner's namespace, on all addresses.
fn listeners(net: &Net) -> Vec<std::net::TcpListener> {
    let bind = || {
        OPEN.map(|port| std::net::TcpListener::bind(("0.0.0.0", port)))
            .into_iter()
            .collect::<Result<Vec<_>, _>>()
    };
    net.lab
        .run(Shape::SCANNER, bind)
        .expect("inside")
        .expect("bound")
}

fn found(results: &Results) -> BTreeSet<(String, u16)> {
    results.ports.keys().cloned().collect()
}

fn truth() -> BTreeSet<(String, u16)> {
    let hosts = (0..64).map(|i| format!("127.7.0.{i}"));
    hosts
        .flat_map(|host| OPEN.map(|port| (host.clone(), port)))
        .collect()
}

#[test]
fn a_memory_limit_does_not_change_the_results() {
    let net = net();
    let _listening = listeners(&net);
    for way in [&[][..], &["-Pn"][..]] {
        let whole = net.json(&[&TARGETS[..], way].concat());
        let parted = net.json(&[&TARGETS[..], way, &["--memory", "4K"]].concat());
        assert_eq!(found(&whole), truth(), "{way:?}");
        assert_eq!(found(&parted), truth(), "{way:?}");
        let hosts = |results: &Results| -> BTreeSet<String> {
            results
                .of("host")
                .map(|h| format!("{} {} {}", h["host"], h["counts"], h["complete"]))
                .collect()
        };
        assert_eq!(hosts(&parted), hosts(&whole), "{way:?}");
        let (a, b) = (whole.only("end"), parted.only("end"));
        for field in ["complete", "ended", "hosts", "hosts_up", "open"] {
            assert_eq!(a[field], b[field], "{field} {way:?}");
        }
    }
    let mut union = BTreeSet::new();
    for shard in ["1/3", "2/3", "3/3"] {
        let part = net.json(&[&TARGETS[..], &["--shard", shard, "--memory", "4K"]].concat());
        for port in found(&part) {
            assert!(union.insert(port.clone()), "{port:?} twice");
        }
    }
    assert_eq!(union, truth());
}

#[test]
fn resuming_after_a_kill_reports_all_windows() {
    let net = net();
    let _listening = listeners(&net);
    let state = std::env::temp_dir().join(format!("vigie-windows-{}", std::process::id()));
    let state = state.to_str().expect("UTF-8");
    let mut child = net
        .scan(&TARGETS)
        .args(["--memory", "4K", "--max-rate", "15000", "--state", state])
        .args(["-o", "json"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut read = String::new();
    // Kill it in the third of four windows, when a checkpoint later than the first window's exists.
    while !read.contains("127.7.0.4") || fs::metadata(state).is_err() {
        let n = out.read_line(&mut read).expect("a line");
        assert_ne!(n, 0, "it ended early: {read}");
    }
    let killed = Command::new("sh")
        .args(["-c", &format!("kill -KILL {}", child.id())])
        .status();
    assert!(killed.expect("sh runs").success());
    out.read_to_string(&mut read).expect("the rest");
    child.wait().expect("it ended");
    let whole_lines = read.rfind('\n').map_or("", |end| &read[..end]);
    let first = Results::read(whole_lines);

    let resumed = net
        .command(PROGRAM)
        .args(["scan", "--authorized", "tests", "--resume", state])
        .args(["-o", "json"])
        .output();
    let said = RunOutput::from(resumed.expect("the program runs"));
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let second = Results::read(&said.out);
    assert!(found(&first).is_subset(&found(&second)));
    assert_eq!(found(&second), truth());
    assert_eq!(second.of("host").count(), 64);
    assert_eq!(second.only("end")["complete"], true);
    assert_eq!(second.only("end")["open"], 64 * OPEN.len() as u64);
    assert!(
        fs::metadata(state).is_err(),
        "a complete scan leaves no checkpoint"
    );
    assert!(fs::metadata(format!("{state}.told")).is_err());
}
