//! Scans out of scope send nothing: checked by an independent capture.
//!
//! The scanner has two networks and a default route; `tcpdump` runs at its only neighbour, the router. Needs root, or a
//! user namespace in which it is root; fails without.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use vigie_lab::{Connection, Interface, Lab, Node, Topology};

const PROGRAM: &str = env!("CARGO_BIN_EXE_vigie");

/// The scanner behind a router to every network, a folder with scope files, and a hosts file.
struct Place {
    lab: Lab,
    folder: PathBuf,
}

const HOSTS: &str = "
127.0.0.1 localhost
10.0.1.1 near.example
192.0.2.9 inside.example
198.51.100.80 outside.example listed.example
192.0.2.7 forbidden.example
224.0.0.1 group.example
192.0.2.10 db.example
2001:db8:2::9 six.example
";

const SCOPE: &str = r#"
who = "the owner"
networks = ["192.0.2.0/24", "2001:db8:1::/48"]
names = ["listed.example", "*.shop.example"]
ports = "1-1024,8080"
max_rate = 500
never = ["192.0.2.7", "10.0.1.66", "db.example", "127.0.0.66"]
"#;

impl Place {
    fn new(name: &str) -> Place {
        let lab = Lab::build(
            Topology::new()
                .node(
                    Node::new("scanner", "scanner")
                        .route("0.0.0.0/0", "10.0.1.1")
                        .route("::/0", "fd00:1::1"),
                )
                .node(Node::new("router", "router").tcp([22]))
                .connect(Connection::Veth(
                    Interface::new(
                        "scanner",
                        "eth0",
                        &["10.0.1.2/24", "fd00:1::2/64", "198.51.100.2/29"],
                    ),
                    Interface::new("router", "eth0", &["10.0.1.1/24", "fd00:1::1/64"]),
                )),
        )
        .expect(
            "these tests make network namespaces: run them as root, or with `cargo xtask test`",
        );
        let folder =
            std::env::temp_dir().join(format!("vigie-scope-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("home/vigie")).unwrap();
        let place = Place { lab, folder };
        place.file("hosts", HOSTS);
        place.file("a.toml", SCOPE);
        place.file(
            "expired.toml",
            "who = \"x\"\nnetworks = [\"0.0.0.0/0\", \"::/0\"]\nuntil = 2020-01-01",
        );
        place.file(
            "later.toml",
            "who = \"x\"\nnetworks = [\"0.0.0.0/0\"]\nfrom = 2400-01-01",
        );
        place.file("broken.toml", "who = \"x\"\nnetwork = [\"0.0.0.0/0\"]");
        place
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.into_os_string().into_string().unwrap()
    }

    /// Returns a command in the scanner's namespace with the hosts file of these tests.
    fn command(&self, program: &str, args: &[&str]) -> Command {
        let mut command = self.lab.command("scanner", "unshare").unwrap();
        command
            .args([
                "--mount",
                "sh",
                "-c",
                "mount --bind \"$0\" /etc/hosts && exec \"$@\"",
            ])
            .arg(self.folder.join("hosts"))
            .arg(program)
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("XDG_CONFIG_HOME", self.folder.join("home"))
            .env("XDG_CONFIG_DIRS", self.folder.join("nowhere"))
            .env("LANG", "C")
            .current_dir(&self.folder)
            .stdin(Stdio::null());
        command
    }

    fn vigie(&self, args: &str) -> Output {
        let args: Vec<&str> = args.split_whitespace().collect();
        self.command(PROGRAM, &args).output().unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// `tcpdump` at the router: every packet of the scanner except those that its kernel sends on its own.
struct Capture {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Capture {
    fn begin(lab: &Lab) -> Capture {
        let filter = "(ip and not igmp) or (ip6 and (tcp or udp or (icmp6 and ip6[40] == 128)))";
        let mut child = lab
            .command("router", "tcpdump")
            .unwrap()
            .args(["-l", "-n", "-i", "eth0", "--immediate-mode", filter])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("this test needs tcpdump (cargo xtask needs)");
        let said = BufReader::new(child.stderr.take().unwrap());
        let listening = said
            .lines()
            .map_while(Result::ok)
            .any(|l| l.contains("listening on"));
        assert!(listening, "tcpdump does not listen");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Capture { child, lines }
    }

    /// Returns the lines up to the first with `marker`.
    fn until(&mut self, marker: &str) -> Vec<String> {
        let mut before = Vec::new();
        loop {
            let line = self.lines.next().expect("tcpdump ended").unwrap();
            if line.contains(marker) {
                return before;
            }
            before.push(line);
        }
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Arguments of `vigie scan` that must be denied with exit code 4, and a part of the message.
const REFUSED: &[(&str, &str)] = &[
    // Without a scope file.
    ("8.8.8.8", "8.8.8.8: in no scope"),
    ("8.8.8.8 -Pn -p 53", "in no scope"),
    ("8.8.8.8 -sT", "in no scope"),
    ("8.8.8.8 -n -T4 -F", "in no scope"),
    ("10.0.2.1", "10.0.2.1: in no scope"),
    ("192.168.0.0/28", "192.168.0.0/28: in no scope"),
    ("100.64.0.1", "in no scope"),
    ("10.77.1.10", "in no scope"),
    ("198.51.100.3", "in no scope"),
    ("2001:db8:9::1", "2001:db8:9::1: in no scope"),
    ("fd77:0:0:1::10", "in no scope"),
    ("fd00:2::1 -6", "in no scope"),
    ("0.0.0.1-0.0.0.9", "is not a host"),
    ("10.0.1.9,8.8.8.8", ""),
    ("10.0.1.9 8.8.8.8", "8.8.8.8: in no scope"),
    ("10.0.1.250-10.0.2.3", "10.0.2.0/30: in no scope"),
    ("10.0.0.0/23", "in no scope"),
    (
        "outside.example",
        "198.51.100.80 (outside.example): in no scope",
    ),
    ("near.example outside.example", "outside.example"),
    ("outside.example/30", "in no scope"),
    ("six.example -6", "six.example"),
    // Denied even with an authorization.
    ("0.0.0.0", "is not a host"),
    (":: -6", "is not a host"),
    ("224.0.0.1", "multicast"),
    ("239.1.2.3 --authorized me", "multicast"),
    ("ff02::1%eth0", "multicast"),
    ("ff05::2 --authorized me", "multicast"),
    ("255.255.255.255", "broadcast"),
    ("10.0.1.255", "broadcast"),
    ("10.0.1.255 --authorized me", "broadcast"),
    ("10.0.1.0", "broadcast"),
    ("group.example --authorized me", "multicast"),
    ("10.0.1.9 224.0.0.5 --authorized me", "multicast"),
    ("::ffff:224.0.0.1", "multicast"),
    ("::ffff:8.8.8.8", "8.8.8.8: in no scope"),
    ("::ffff:10.0.2.1", "in no scope"),
    // A scope file: addresses, ports, names, the never-list.
    ("198.51.100.80 --scope a.toml", "in no scope"),
    (
        "192.0.2.1 --scope a.toml -p 8081",
        "port 8081/tcp is outside the scope",
    ),
    (
        "192.0.2.1 --scope a.toml -p 22,8081,9000",
        "port 8081/tcp and one more",
    ),
    ("192.0.2.1 --scope a.toml -p-", "more are outside the scope"),
    (
        "192.0.2.250-192.0.3.1 --scope a.toml -p 22",
        "192.0.3.0/31: in no scope",
    ),
    ("192.0.1.0/23 --scope a.toml -p 22", "in no scope"),
    ("192.0.0.0/16 --scope a.toml -p 22", "in no scope"),
    ("192.0.2.7 --scope a.toml -p 22", "“never” list of a.toml"),
    (
        "192.0.2.0/24 --scope a.toml -p 22",
        "192.0.2.7, 192.0.2.10: on the “never” list",
    ),
    (
        "192.0.2.7 --scope a.toml --authorized me -p 22",
        "“never” list",
    ),
    ("::ffff:192.0.2.7 --scope a.toml -p 22", "“never” list"),
    (
        "64:ff9b::c000:207 --scope a.toml --authorized me",
        "“never” list",
    ),
    (
        "2002:c000:207::1 --scope a.toml --authorized me",
        "“never” list",
    ),
    ("10.0.1.66 --scope a.toml", "“never” list"),
    ("127.0.0.66 --scope a.toml", "“never” list"),
    ("10.0.1.0/24 --scope a.toml", "“never” list"),
    (
        "forbidden.example --scope a.toml -p 22",
        "forbidden.example",
    ),
    ("db.example --scope a.toml -p 22", "“never” list"),
    ("192.0.2.10 --scope a.toml -p 22", "“never” list"),
    ("outside.example --scope a.toml -p 22", "in no scope"),
    ("listed.example/30 --scope a.toml -p 22", "in no scope"),
    ("listed.example --scope a.toml -p 9999", "port 9999/tcp"),
    ("2001:db8:2::1 --scope a.toml -p 22", "in no scope"),
    // Scopes that are expired or not valid yet.
    (
        "8.8.8.8 --scope expired.toml",
        "expired on 2020-01-02 00:00:00 UTC",
    ),
    ("2001:db8::1 --scope expired.toml", "expired on"),
    (
        "8.8.8.8 --scope later.toml",
        "is not valid before 2400-01-01",
    ),
    (
        "192.0.2.1 --scope later.toml --scope expired.toml",
        "is not valid before",
    ),
    (
        "192.0.2.1 --scope a.toml --scope expired.toml -p 9999",
        "outside the scope",
    ),
];

#[test]
fn denied_scans_send_nothing() {
    assert!(REFUSED.len() >= 60);
    let place = Place::new("refused");
    let mut capture = Capture::begin(&place.lab);
    for (args, part) in REFUSED {
        let said = place.vigie(&format!("scan {args}"));
        let err = String::from_utf8_lossy(&said.stderr);
        // A list such as 10.0.1.9,8.8.8.8 is not one target.
        let code = if part.is_empty() { 2 } else { 4 };
        assert_eq!(said.status.code(), Some(code), "{args}: {err}");
        assert!(err.contains(part), "{args}: {err}");
        assert_eq!(said.stdout, b"", "{args}");
    }
    // An invalid scope file prevents every scan.
    for args in [
        "10.0.1.1 --scope broken.toml",
        "10.0.1.1 --scope missing.toml",
    ] {
        let said = place.vigie(&format!("scan {args}"));
        assert_eq!(said.status.code(), Some(3), "{args}");
    }
    // The capture works, and this is the first packet that it sees.
    let said = place.vigie("scan 10.0.1.1 -p 22 -o json");
    assert_eq!(said.status.code(), Some(0));
    let before = capture.until("> 10.0.1.1.22: Flags [S]");
    assert_eq!(before, Vec::<String>::new());
}

#[test]
fn allowed_scans_run_and_name_their_authorization() {
    let place = Place::new("allowed");
    let json = |args: &str| -> Vec<(String, u64)> {
        let said = place.vigie(&format!("scan -o json -Pn --max-retries 0 {args}"));
        let err = String::from_utf8_lossy(&said.stderr);
        assert_eq!(said.status.code(), Some(0), "{args}: {err}");
        let out = String::from_utf8(said.stdout).unwrap();
        let plan: serde_json::Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
        let authorizations = plan["permission"].as_array().unwrap();
        let ground = |g: &serde_json::Value| {
            let by = g["by"].as_str().unwrap().to_owned();
            (by, g["hosts"].as_u64().unwrap())
        };
        authorizations.iter().map(ground).collect()
    };
    let one = |by: &str| vec![(by.to_owned(), 1)];
    assert_eq!(json("10.0.1.1 -p 22"), one("connected"));
    assert_eq!(json("fd00:1::1 -p 22"), one("connected"));
    assert_eq!(json("near.example -p 22"), one("connected"));
    assert_eq!(json("10.0.1.2 -p 22"), one("own-address"));
    assert_eq!(json("127.0.0.1 -p 22"), one("loopback"));
    assert_eq!(json("::1 -p 22"), one("loopback"));
    assert_eq!(json("192.0.2.1 -p 22 --scope a.toml"), one("scope"));
    assert_eq!(json("inside.example -p 22 --scope a.toml"), one("scope"));
    assert_eq!(json("listed.example -p 22 --scope a.toml"), one("scope"));
    assert_eq!(
        json("203.0.113.1 -p 22 --authorized Jane"),
        one("authorized")
    );
    assert_eq!(
        json("203.0.113.1 192.0.2.1 10.0.1.1 -p 22 --scope a.toml --authorized Jane"),
        [
            ("connected".to_owned(), 1),
            ("scope".to_owned(), 1),
            ("authorized".to_owned(), 1)
        ]
    );
    // The user's own scope file applies without a flag.
    std::fs::copy(
        place.folder.join("a.toml"),
        place.folder.join("home/vigie/scope.toml"),
    )
    .unwrap();
    assert_eq!(json("192.0.2.1 -p 22"), one("scope"));
    // With `--scope` it allows nothing, but its never-list still applies.
    place.file(
        "b.toml",
        "who = \"x\"\nnetworks = [\"203.0.113.0/24\", \"192.0.2.7\"]",
    );
    assert_eq!(json("203.0.113.9 -p 22 --scope b.toml"), one("scope"));
    for args in [
        "192.0.2.1 -p 22 --scope b.toml",
        "192.0.2.7 -p 22 --scope b.toml",
    ] {
        assert_eq!(
            place.vigie(&format!("scan {args}")).status.code(),
            Some(4),
            "{args}"
        );
    }
}

#[test]
fn the_report_names_the_authorization_and_a_scope_limits_the_rate() {
    let place = Place::new("report");
    let said = place.vigie("scan 192.0.2.1 -p 22 -Pn --max-retries 1 --scope a.toml --max-rate 9000 -oJ r.jsonl -oX r.xml");
    let out = String::from_utf8(said.stdout).unwrap();
    let second = out.lines().nth(1).unwrap_or_default();
    assert_eq!(
        second,
        "Allowed: scope a.toml, authorised by the owner. At most 6 probes"
    );
    let json = std::fs::read_to_string(place.folder.join("r.jsonl")).unwrap();
    let plan: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(plan["budget"]["max_rate"], 500.0);
    assert_eq!(plan["permission"][0]["who"], "the owner");
    let xml = std::fs::read_to_string(place.folder.join("r.xml")).unwrap();
    assert!(
        xml.contains("<!-- Vigie scope: scope hosts=1 file=a.toml who=the owner -->"),
        "{xml}"
    );
}

#[test]
fn check_reports_each_part_of_a_target() {
    let place = Place::new("check");
    let check = |args: &str| {
        let said = place.vigie(&format!("scope check {args}"));
        (said.status.code(), String::from_utf8(said.stdout).unwrap())
    };
    assert_eq!(
        check("10.0.1.9 127.0.0.1"),
        (
            Some(0),
            "10.0.1.9: allowed (private network 10.0.1.0/24 on eth0)\n127.0.0.1: allowed (loopback)\n".to_owned()
        )
    );
    assert_eq!(
        check("192.0.2.6-192.0.2.8 --scope a.toml"),
        (
            Some(4),
            "192.0.2.6-192.0.2.8 (192.0.2.6, 192.0.2.8): allowed (scope a.toml, authorised by the owner)\n\
             192.0.2.6-192.0.2.8 (192.0.2.7): not allowed (on the “never” list of a.toml)\n"
                .to_owned()
        )
    );
    assert_eq!(
        check("outside.example"),
        (
            Some(4),
            "outside.example (198.51.100.80): not allowed (in no scope)\n".to_owned()
        )
    );
    let (code, said) = check("192.0.2.1 -p 80,9999 --scope a.toml");
    assert_eq!(code, Some(4));
    assert!(
        said.contains("port 9999/tcp is outside the scope a.toml"),
        "{said}"
    );
}

/// Runs a scan on a pseudo-terminal with typed input. Returns exit code and output.
fn at_a_terminal(place: &Place, args: &str, typed: &str) -> (Option<i32>, String) {
    let line = format!("{PROGRAM} scan {args}");
    let mut child = place
        .command("script", &["-q", "-e", "-c", &line, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test needs script (bsdutils)");
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

#[test]
fn at_a_terminal_the_user_is_asked_once() {
    let place = Place::new("asks");
    let (code, said) = at_a_terminal(
        &place,
        "203.0.113.1 203.0.113.3 -p 22 -Pn --max-retries 0 -oJ r.jsonl",
        "Jane Doe\n",
    );
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(
        said.matches("Who authorised you to scan this?").count(),
        1,
        "{said}"
    );
    let json = std::fs::read_to_string(place.folder.join("r.jsonl")).unwrap();
    let plan: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(plan["permission"][0]["by"], "asked");
    assert_eq!(plan["permission"][0]["who"], "Jane Doe");
    // An empty answer means no.
    let mut capture = Capture::begin(&place.lab);
    let (code, said) = at_a_terminal(&place, "203.0.113.1 -p 22 -Pn", "\n");
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("nothing was sent"), "{said}");
    // Targets that no statement can authorize cause no question, nor do those outside a `--scope` file.
    for args in ["224.0.0.1 -p 22", "203.0.113.1 -p 22 --scope a.toml"] {
        let (code, said) = at_a_terminal(&place, args, "Jane Doe\n");
        assert_eq!(code, Some(4), "{said}");
        assert!(!said.contains("Who authorised"), "{said}");
    }
    assert_eq!(place.vigie("scan 10.0.1.1 -p 22").status.code(), Some(0));
    assert_eq!(
        capture.until("> 10.0.1.1.22: Flags [S]"),
        Vec::<String>::new()
    );
}
