//! The output formats of `vigie sockets`, with real sockets.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::busy::{Busy, alone, namespace, vigie};
use super::witness::objects;

/// Returns the fields of each object in docs/json.md: type, and whether the field is always present.
fn documented() -> Documented {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/json.md");
    let text = std::fs::read_to_string(path).expect("docs/json.md");
    let (_, section) = text.split_once("# Sockets\n").expect("a part on sockets");
    let mut objects = Documented::new();
    let mut object = String::new();
    for line in section.lines() {
        if let Some(title) = line.strip_prefix("##") {
            title.trim_matches(['#', ' ', '`']).clone_into(&mut object);
        } else if let Some(row) = line.strip_prefix("| `") {
            let cells: Vec<&str> = row.split(" | ").collect();
            let field = (cells[1].to_owned(), cells[2] == "always");
            let name = cells[0].trim_end_matches('`').to_owned();
            objects
                .entry(object.clone())
                .or_default()
                .insert(name, field);
        }
    }
    objects
}

type Documented = BTreeMap<String, BTreeMap<String, (String, bool)>>;

/// Checks an object against the documentation, and notes which fields were seen.
fn check(name: &str, value: &Value, documented: &Documented, seen: &mut BTreeSet<String>) {
    let fields = documented
        .get(name)
        .unwrap_or_else(|| panic!("{name} is not documented"));
    let object = value.as_object().expect("an object");
    for (field, (_, always)) in fields {
        assert!(
            !always || object.contains_key(field),
            "{name} without {field}: {value}"
        );
    }
    for (field, value) in object {
        let (kind, _) = fields
            .get(field)
            .unwrap_or_else(|| panic!("{name}.{field} is not documented"));
        let fits = match kind.as_str() {
            "string" => value.is_string(),
            "integer" => value.is_u64(),
            "boolean" => value.is_boolean(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            other => panic!("{other} is no type"),
        };
        assert!(fits, "{name}.{field} is not {kind}: {value}");
        seen.insert(format!("{name}.{field}"));
        let (items, inner) = (format!("{name}.{field}[]"), format!("{name}.{field}"));
        if documented.contains_key(&items) {
            for item in value.as_array().expect("an array") {
                check(&items, item, documented, seen);
            }
        } else if value.is_object() {
            check(&inner, value, documented, seen);
        }
    }
}

#[test]
fn json_matches_its_documentation() {
    let _alone = alone();
    let busy = Busy::new("schema");
    let documented = documented();
    let mut seen = BTreeSet::new();
    let counts = vigie(&busy.namespace, "-s -o json");
    let counts = counts
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    for object in objects(&busy.namespace, "-a").into_iter().chain(counts) {
        assert_eq!(object["schema"], 1);
        check(
            object["type"].as_str().expect("a type"),
            &object,
            &documented,
            &mut seen,
        );
    }
    // These occur only in a watch, with unusual names, under systemd or in containers.
    let rare = [
        "time",
        "event",
        "was",
        "path_bytes",
        "owners[].unit",
        "owners[].container",
    ];
    let rare: BTreeSet<String> = rare.iter().map(|name| format!("socket.{name}")).collect();
    let of = |object: &&String| {
        *object == "count" || *object == "socket" || *object == "socket.owners[]"
    };
    for object in documented.keys().filter(of) {
        for field in documented[object]
            .keys()
            .map(|field| format!("{object}.{field}"))
        {
            assert!(
                seen.contains(&field) || rare.contains(&field),
                "{field} is documented and not seen"
            );
        }
    }
}

#[test]
fn csv_has_a_line_for_each_socket() {
    let _alone = alone();
    let busy = Busy::new("csv");
    let text = vigie(&busy.namespace, "-ltn -o csv");
    let columns = |line: &str| line.split(',').count();
    let mut lines = text.lines();
    let head = lines.next().expect("the names of the columns");
    assert!(lines.all(|line| columns(line) == columns(head)), "{text}");
    assert_eq!(
        text.lines().count() - 1,
        objects(&busy.namespace, "-lt").len()
    );
}

#[test]
fn the_tree_shows_connections_below_their_listener() {
    let _alone = alone();
    let busy = Busy::new("tree");
    let text = vigie(&busy.namespace, "-n --tree --port 7201");
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("tcp6 [::]:7201 LISTEN") && lines[0].ends_with("2 clients"),
        "{text}"
    );
    assert!(lines[1].starts_with("├─ [::1]:7201 ← [::1]:"), "{text}");
    assert!(
        lines[2].starts_with("└─ [::ffff:127.0.0.1]:7201 ← [::ffff:127.0.0.1]:"),
        "{text}"
    );
    assert!(
        lines[1].contains("other end: "),
        "both ends are of this machine: {text}"
    );
}

#[test]
fn exposure_is_explained() {
    let _alone = alone();
    let busy = Busy::new("reach");
    let text = vigie(&busy.namespace, "-ltn");
    let line = |end: &str| {
        text.lines()
            .find(|line| line.contains(end))
            .unwrap_or_else(|| panic!("{end}: {text}"))
            .to_owned()
    };
    assert!(line("[::]:7101").ends_with("everyone, also IPv4"));
    assert!(line("[::]:7102").ends_with("everyone, IPv6 only"));
    assert!(line("[::1]:7103").ends_with("this machine only"));
    assert!(line("0.0.0.0%lo:7104").ends_with("this machine only"));
    assert!(line("0.0.0.0:7105").ends_with("everyone"));
    let exposed = vigie(&busy.namespace, "--exposed -n");
    assert!(
        exposed.contains(":7105") && !exposed.contains(":7103") && !exposed.contains("unix"),
        "{exposed}"
    );
}

#[test]
fn the_french_header_is_that_of_the_tutorial() {
    let _alone = alone();
    let busy = Busy::new("french");
    let text = vigie(&busy.namespace, "-tanpu --lang fr");
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("Connexions Internet actives (serveurs et établies)")
    );
    let head: Vec<&str> = lines.next().expect("a header").split_whitespace().collect();
    let tutorial = "Proto Recv-Q Send-Q Adresse locale Adresse distante Etat PID/Program name";
    assert_eq!(head[..10], tutorial.split(' ').collect::<Vec<_>>()[..10]);
}

#[test]
fn every_state_that_occurs_is_explained() {
    let _alone = alone();
    let busy = Busy::new("explain");
    for lang in ["en", "fr"] {
        let text = vigie(&busy.namespace, &format!("-an --explain --lang {lang}"));
        let (_, explained) = text.split_once("\n\n").expect("a part of its own");
        for state in [
            "tcp LISTEN",
            "tcp ESTABLISHED",
            "tcp TIME_WAIT",
            "tcp CLOSING",
            "udp UNCONN",
            "unix LISTENING",
            "packet",
        ] {
            assert!(
                explained
                    .lines()
                    .any(|line| line.trim_start().starts_with(state)),
                "{lang} {state}: {explained}"
            );
        }
    }
}

#[test]
fn filters_select_sockets() {
    let _alone = alone();
    let busy = Busy::new("filters");
    let count = |arguments: &str| objects(&busy.namespace, arguments).len();
    let all = objects(&busy.namespace, "-a");
    let of = |wanted: &dyn Fn(&Value) -> bool| all.iter().filter(|object| wanted(object)).count();
    let port = |o: &Value, n: u64| o["local_port"] == n || o["peer_port"] == n;
    assert_eq!(count("--port 7200"), of(&|o| port(o, 7200)));
    assert_eq!(
        count("--port 7100-7105,7301"),
        of(&|o| (7100..=7105).any(|n| port(o, n)) || port(o, 7301))
    );
    assert_eq!(
        count("--state time-wait"),
        of(&|o| o["state"] == "TIME_WAIT")
    );
    assert_eq!(
        count("--state listening -t"),
        of(&|o| o["state"] == "LISTEN" && o["proto"] == "tcp")
    );
    assert_eq!(count("--local ::1"), of(&|o| o["local"] == "::1"));
    let mapped = |o: &Value| o["peer"].as_str().is_some_and(|a| a.ends_with("127.0.0.1"));
    assert_eq!(count("--peer 127.0.0.0/8"), of(&mapped));
    assert_eq!(count("--process sleep"), 1);
    assert_eq!(count(&format!("--process {}", busy.sharer.id())), 1);
    assert_eq!(count("--process no-such-program"), 0);
    assert_eq!(count("--user 12345"), 0);
    assert_eq!(count("-a6"), of(&|o| o["family"] == "ipv6"));
    for (arguments, least) in [
        ("--port 7200", 7),
        ("--state time-wait", 1),
        ("--local ::1", 3),
        ("--peer 127.0.0.0/8", 9),
    ] {
        assert!(
            count(arguments) >= least,
            "{arguments}: {}",
            count(arguments)
        );
    }
}

#[test]
fn a_watch_reports_new_and_closed_sockets() {
    let _alone = alone();
    let space = namespace();
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command
        .args(["sockets", "-at", "--watch", "0.1", "-o", "json"])
        .stdout(Stdio::piped());
    let listener = space
        .run(|| TcpListener::bind("127.0.0.1:7501").expect("a listener"))
        .expect("the namespace");
    let mut watcher = space
        .command(&mut command)
        .expect("a command")
        .spawn()
        .expect("vigie");
    let mut lines = BufReader::new(watcher.stdout.take().expect("its output")).lines();
    let mut next = || -> Value {
        serde_json::from_str(&lines.next().expect("a line").expect("a line")).expect("JSON")
    };
    let first = next();
    assert_eq!(
        (&first["event"], &first["local_port"]),
        (&"present".into(), &7501.into())
    );
    let client = space
        .run(|| TcpStream::connect("127.0.0.1:7501").expect("a connection"))
        .expect("the namespace");
    let came = [next(), next()];
    assert!(
        came.iter()
            .all(|line| line["event"] == "appeared" && line["time"].is_string()),
        "{came:?}"
    );
    drop(client);
    let changed = [next(), next()];
    let was = |line: &Value| line["event"] == "changed" && line["was"] == "ESTABLISHED";
    assert!(changed.iter().all(was), "{changed:?}");
    drop(listener);
    let gone = std::iter::repeat_with(next)
        .find(|line| line["event"] == "gone")
        .expect("an end");
    assert_eq!(gone["local_port"], 7501);
    watcher.kill().expect("its end");
    watcher.wait().expect("its end");
}

#[test]
fn hostile_names_are_escaped() {
    let _alone = alone();
    let space = namespace();
    let directory = std::env::temp_dir().join(format!("vigie-hostile-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let path = directory.join("a \x1b[31mred\n) (\u{202e}name");
    let listener = space
        .run(|| std::os::unix::net::UnixListener::bind(&path).expect("a listener"))
        .expect("the namespace");
    let text = vigie(&space, "-lxp");
    let found = objects(&space, "-lx");
    drop(listener);
    let _ = std::fs::remove_dir_all(&directory);
    assert!(text.contains(r"a \x1b[31mred\n) (\u{202e}name"), "{text}");
    assert!(!text.contains('\x1b'), "{text}");
    assert_eq!(found[0]["path"].as_str(), path.to_str());
}
