//! Requests that `vigie scan` rejects: one line and a hint, exit code 2 or 3, nothing on standard output, and no packet
//! sent.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use vigie_lab::shapes::{FirewallMode, Shape, random_target};
use vigie_linux::net::Network;

use crate::support::{Net, PROGRAM, Results, RunOutput};
use crate::wire::Capture;

/// Temporary directory of a test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Directory {
        let name = format!("vigie-scan-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).expect("a directory of the test's own");
        Directory(path)
    }

    /// Creates a file in it. Returns its path.
    fn file(&self, name: &str, text: &[u8]) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).expect("written");
        path.to_str().expect("UTF-8").to_owned()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Returns `vigie scan` without capabilities, even for root.
pub(crate) fn powerless(net: &Net, args: &[&str]) -> Command {
    let mut command = net.command("setpriv");
    command
        .args(["--inh-caps=-all", "--bounding-set=-all", PROGRAM, "scan"])
        .args(args);
    command
}

/// Checks that the error is one message, its place if known, and one hint.
#[track_caller]
pub(crate) fn refused(said: &RunOutput, code: i32, words: &str, hint: &str) {
    let lines: Vec<&str> = said.err.lines().collect();
    assert_eq!(
        (said.code, said.out.as_str()),
        (Some(code), ""),
        "{}",
        said.err
    );
    assert!(
        lines[0].starts_with("vigie: ") && lines[0].contains(words),
        "{words}: {}",
        said.err
    );
    let last = lines.last().expect("a line");
    assert!(
        last.starts_with("hint: ") && last.contains(hint),
        "{hint}: {}",
        said.err
    );
    // The message, the typed text, the mark below it, the hint.
    assert!(matches!(lines.len(), 2 | 4), "{}", said.err);
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "a table of cases, one after the other"
)]
fn bad_input_is_rejected_and_nothing_is_sent() {
    let net = Net::new(Shape::Veth, random_target(1, 20, FirewallMode::None));
    let down = || Network::open()?.add_veth("down0", "down1", None);
    net.lab
        .run(Shape::SCANNER, down)
        .expect("inside")
        .expect("a link that is down");
    let files = Directory::new("refusals");
    let bad_line = files.file("bad", b"10.78.0.2\n# nobody\n10.78.0.2 10.78.0.300\n");
    let backwards = files.file("backwards", b"\n10.78.0.9-2\n");
    let binary = files.file("binary", b"10.78.0.2\n\xff\xfe\n");
    let empty = files.file("empty", b"# nothing here\n\n");
    let missing = files.0.join("missing").display().to_string();
    let directory = files.0.display().to_string();
    let target = net.v4().to_string();
    let target = target.as_str();

    let mut capture = Capture::at(&net, "target");
    let cases: &[(&[&str], i32, &str, &str)] = &[
        // Targets.
        (
            &["no-such-host.invalid"],
            3,
            "no-such-host.invalid",
            "spelling",
        ),
        (&["10.78.0.300"], 2, "300 is too large", "0 to 255"),
        (&["10.78.0.9-2"], 2, "reversed", "smaller"),
        (&["10.78.0.1,"], 2, "empty", "comma"),
        (&[], 2, "no targets", "vigie scan 10.0.1.1"),
        (&["-iL", &empty], 2, "no targets", "vigie scan 10.0.1.1"),
        (&["0.0.0.0/0"], 2, "268,435,456 addresses", "prefix length"),
        (
            &["--memory", "some", target],
            2,
            "invalid number “some” for “--memory”",
            "64M",
        ),
        (&["::/0"], 2, "268,435,456 addresses", "prefix length"),
        (&["10.78.0.2/33"], 2, "prefix length", "0 to 32"),
        (&["fe80::1"], 2, "link-local", "fe80::1%"),
        (&["fe80::1%nowhere0"], 3, "nowhere0", "lo, "),
        (
            &[target, "--exclude", "10.78.0.0/24"],
            2,
            "excluded",
            "--exclude",
        ),
        (&["-6", target], 2, "-6", "family"),
        // Lists.
        (&["-iL", &missing], 3, "cannot read", "text file"),
        (&["-iL", &directory], 3, "cannot read", "text file"),
        (
            &["-iL", &bad_line],
            2,
            "bad, line 3: 300 is too large",
            "0 to 255",
        ),
        (
            &["-iL", &backwards],
            2,
            "backwards, line 2: the range 9-2",
            "smaller",
        ),
        (
            &["-iL", &binary],
            3,
            "binary, line 2: not valid UTF-8",
            "text",
        ),
        (
            &[target, "--exclude-file", &bad_line],
            2,
            "line 3",
            "0 to 255",
        ),
        (
            &[target, "--exclude-file", &missing],
            3,
            "cannot read",
            "text file",
        ),
        // Ports.
        (
            &[target, "-p", "70000"],
            2,
            "70000 is too large",
            "0 to 65535",
        ),
        (&[target, "-p", "80-22"], 2, "80-22 is reversed", "smaller"),
        (&[target, "-p", ""], 2, "empty", "comma"),
        (&[target, "-p", "22,,80"], 2, "empty", "comma"),
        (
            &[target, "-p", "no-such-service"],
            2,
            "no-such-service",
            "number",
        ),
        (&[target, "--top-ports", "0"], 2, "0", "65,535"),
        // Interface, route and source.
        (
            &["203.0.113.1"],
            3,
            "no route to 203.0.113.1",
            "ip route get",
        ),
        (
            &["2001:db8::1"],
            3,
            "no route to 2001:db8::1",
            "ip route get",
        ),
        (&[target, "-e", "down0"], 3, "down0 is down", "ip link set"),
        (&["fe80::1%down0"], 3, "down0 is down", "ip link set"),
        (&[target, "-e", "nowhere0"], 3, "nowhere0", "lo, "),
        // Flags that cannot be combined.
        (
            &[target, "-sS", "-p", "T:80,S:80"],
            2,
            "TCP ports",
            "technique",
        ),
        (
            &[target, "-sT", "--source-port", "5353"],
            2,
            "source ports",
            "-sS",
        ),
        (
            &["-iL", "-", "--exclude-file", "-"],
            2,
            "standard input",
            "-iL",
        ),
        // Outputs.
        (
            &[target, "--state", "/nowhere/at/all"],
            3,
            "/nowhere/at/all",
            "folder",
        ),
        (
            &[target, "-oJ", "/nowhere/at/all"],
            3,
            "/nowhere/at/all",
            "another location",
        ),
    ];
    for (args, code, words, hint) in cases {
        let said = net.run(args);
        refused(&said, *code, words, hint);
    }
    let arrived = capture.take(&net);
    assert!(
        arrived.is_empty(),
        "{} frames, first {:02x?}",
        arrived.len(),
        arrived[0].bytes
    );
    // The capture works.
    assert_eq!(net.run(&["-n", target, "-p", "1"]).code, Some(0));
    assert!(capture.take(&net).iter().any(|seen| seen.syn() == Some(1)));
}

#[test]
fn nothing_is_sent_to_a_link_that_is_down() {
    let net = Net::new(Shape::Veth, random_target(2, 5, FirewallMode::None));
    let set = |up: bool| {
        let set = move || {
            let mut network = Network::open()?;
            let index = network.link("net0")?.index;
            network.set_up(index, up)
        };
        net.lab
            .run(Shape::SCANNER, set)
            .expect("inside")
            .expect("switched");
    };
    set(false);
    for ip in net.scene.targets {
        let ip = ip.to_string();
        for technique in ["-sS", "-sT"] {
            let said = net.run(&[technique, &ip]);
            refused(&said, 3, &format!("no route to {ip}"), "ip route get");
        }
    }
}

#[test]
fn a_syn_scan_without_capabilities_explains_how_to_get_them() {
    let net = Net::new(Shape::Veth, random_target(3, 50, FirewallMode::None));
    let files = Directory::new("permission");
    let closed = files.file("closed", b"10.78.0.2\n");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("closed to all");
    let target = net.v4().to_string();
    let mut capture = Capture::at(&net, "target");
    let run = |args: &[&str]| {
        RunOutput::from(
            powerless(&net, args)
                .output()
                .expect("this test needs setpriv (util-linux)"),
        )
    };
    refused(
        &run(&["-sS", &target]),
        3,
        "CAP_NET_RAW",
        "setcap cap_net_raw+ep",
    );
    refused(&run(&["-iL", &closed]), 3, "Permission denied", "text file");
    assert_eq!(capture.take(&net).len(), 0);

    // Without a technique on the command line, a connect scan runs and one line says so.
    let said = run(&["-n", &target, "-p-", "-o", "json"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    assert!(said.err.contains("-sT"), "{}", said.err);
    let results = Results::read(&said.out);
    assert_eq!(results.only("scan")["technique"], "connect");
    let open = &net.scene.topology.find("target").expect("the target").tcp;
    assert_eq!(
        results.in_state("open"),
        open.keys().copied().collect::<Vec<_>>()
    );
}
