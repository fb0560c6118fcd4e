//! Behaviour of `vigie scan` on the network (order, rate, source port, exclusions) and for users (Ctrl-C, pipes, colours,
//! languages).

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use vigie_lab::Firewall;
use vigie_lab::PacketAction;
use vigie_lab::shapes::{FirewallMode, Shape, random_target};
use vigie_lab::{Node, PortRules};

use crate::support::{Net, PROGRAM, Results, RunOutput};
use crate::wire::{Capture, Seen};

/// Returns a target with ports 22 and 80 open.
fn plain() -> Node {
    Node::new("", "").tcp([22, 80])
}

/// Returns the destination ports of SYNs in order of their first probe, without retries and canaries.
fn order(seen: &[Seen]) -> Vec<u16> {
    let mut known = BTreeSet::new();
    seen.iter()
        .filter_map(Seen::syn)
        .filter(|port| known.insert(*port))
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_order() {
    let net = Net::new(Shape::Veth, plain());
    let target = net.v4().to_string();
    let mut capture = Capture::at(&net, "target");
    let mut sent = |seed: &str| {
        net.json(&["-n", "-sS", "-p", "1-500", "--seed", seed, &target]);
        order(&capture.take(&net))
    };
    let (first, second, other) = (sent("7"), sent("7"), sent("8"));
    assert_eq!(first.len(), 500);
    assert_eq!(first, second);
    assert_ne!(first, other);
    assert!(!first.is_sorted());
}

#[test]
fn the_maximum_rate_is_never_exceeded() {
    let net = Net::new(Shape::Veth, plain());
    let target = net.v4().to_string();
    for technique in ["-sS", "-sT"] {
        let mut capture = Capture::at(&net, "target");
        net.json(&[
            "-n",
            "-Pn",
            technique,
            "-p",
            "1-300",
            "--max-rate",
            "400",
            &target,
        ]);
        let seen = capture.take(&net);
        let syns: Vec<u64> = seen
            .iter()
            .filter(|s| s.syn().is_some())
            .map(|s| s.at)
            .collect();
        assert!(syns.len() >= 300, "{technique}: {}", syns.len());
        // A busy machine may slow the scan down, but nothing may make it faster. Allow 50% for the kernel's clock.
        let seconds = (syns[syns.len() - 1] - syns[0]) as f64 / 1e9;
        let rate = (syns.len() - 1) as f64 / seconds;
        assert!(rate < 600.0, "{technique}: {rate} a second");
    }
}

#[test]
fn all_probes_use_one_reserved_source_port() {
    let net = Net::new(Shape::Veth, plain());
    let target = net.v4().to_string();
    let mut capture = Capture::at(&net, "target");
    let mut sources = |args: &[&str]| -> BTreeSet<u16> {
        net.json(&[&["-n", "-sS", "-F", target.as_str()], args].concat());
        let seen = capture.take(&net);
        let syns = seen.iter().filter(|s| s.syn().is_some());
        syns.filter_map(Seen::tcp)
            .map(|(from, _, _)| from)
            .collect()
    };
    let range = net
        .command("cat")
        .arg("/proc/sys/net/ipv4/ip_local_port_range")
        .output();
    let range = String::from_utf8(range.expect("cat runs").stdout).expect("UTF-8");
    let range: Vec<u16> = range
        .split_whitespace()
        .map(|n| n.parse().expect("a port"))
        .collect();
    let chosen = sources(&[]);
    assert_eq!(chosen.len(), 1, "{chosen:?}");
    assert!(
        chosen
            .iter()
            .all(|port| !(range[0]..=range[1]).contains(port)),
        "{chosen:?} {range:?}"
    );
    assert_eq!(sources(&["--source-port", "53"]), BTreeSet::from([53]));
}

#[test]
fn targets_are_read_from_a_list_and_excluded_ones_are_not_probed() {
    let net = Net::new(Shape::Switch, plain());
    let mut at_third = Capture::at(&net, "bystander");
    let args = [
        "-n",
        "-sS",
        "-p",
        "22",
        "-iL",
        "-",
        "--exclude",
        "10.78.0.3",
        "-o",
        "json",
    ];
    let mut child = net
        .scan(&args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("runs");
    let mut input = child.stdin.take().expect("a pipe");
    input
        .write_all(b"# the target and a third\n10.78.0.2 10.78.0.3\n\n10.78.0.2 # twice\n")
        .expect("written");
    drop(input);
    let results = Results::read(&RunOutput::from(child.wait_with_output().expect("ends")).out);
    assert_eq!(results.only("host")["host"], "10.78.0.2");
    assert_eq!(results.in_state("open"), [22]);
    // Probing the excluded host would show as an ARP broadcast for its address, or as a probe to it.
    let asked_for_it = |seen: &&Seen| seen.bytes.windows(4).any(|w| w == [10, 78, 0, 3]);
    let arrived = at_third.take_until_arp_for(&net, [10, 78, 0, 250]);
    assert_eq!(arrived.iter().filter(asked_for_it).count(), 0);
    assert!(
        !arrived.is_empty(),
        "the question for the target's address is heard by all"
    );

    let list = std::env::temp_dir().join(format!("vigie-exclude-{}", std::process::id()));
    fs::write(&list, "10.78.0.0/31\n10.78.0.4-255\n10.78.0.3\n").expect("written");
    let name = list.display().to_string();
    let results = net.json(&[
        "-n",
        "-sS",
        "-p",
        "80",
        "10.78.0.0/24",
        "--exclude-file",
        &name,
    ]);
    fs::remove_file(&list).expect("removed");
    assert_eq!(results.only("host")["host"], "10.78.0.2");
    assert_eq!(results.only("end")["hosts"], 1);
}

#[test]
fn a_link_local_address_is_scanned_through_its_zone() {
    let net = Net::new(Shape::Veth, plain());
    let ip = net
        .lab
        .link_local("target", "net0")
        .expect("inside")
        .expect("an address");
    let index = net.lab.link(Shape::SCANNER, "net0").expect("a link").index;
    for target in [format!("{ip}%net0"), format!("{ip}%{index}")] {
        for technique in ["-sS", "-sT"] {
            let results = net.json(&["-n", "-6", technique, "-p", "20-100", &target]);
            assert_eq!(
                results.only("host")["host"],
                format!("{ip}%net0"),
                "{technique}"
            );
            assert_eq!(results.in_state("open"), [22, 80], "{technique}");
        }
    }
}

#[test]
fn the_open_flag_lists_open_ports_only() {
    let net = Net::new(Shape::Veth, plain());
    let target = net.v4().to_string();
    let all = net.json(&["-n", "-p", "20-25", &target]);
    assert_eq!(all.ports.len(), 6);
    let open = net.json(&["-n", "-p", "20-25", "--open", &target]);
    assert_eq!(open.ports.len(), 1);
    assert_eq!(open.in_state("open"), [22]);
    let said = net.run(&["-n", "-p", "20-25", "--open", &target]);
    assert!(
        said.out.contains("22/tcp") && !said.out.contains("23/tcp"),
        "{}",
        said.out
    );
    assert!(said.out.contains("5 closed (reset)"), "{}", said.out);
}

/// Returns a target whose scan takes long: it drops everything except port 22.
fn endless() -> Node {
    let wall = Firewall::all(PacketAction::Drop)
        .tcp(PortRules::all(PacketAction::Drop).but([22..=22], PacketAction::Pass));
    plain().firewall(wall)
}

/// Starts a long scan and waits until it has found port 22.
fn started(net: &Net, more: &[&str]) -> (Child, BufReader<std::process::ChildStdout>, String) {
    let target = net.v4().to_string();
    let fixed = [
        "-n", "-Pn", "-sS", "-p", "22-4000", "--seed", "1", "-o", "json", &target,
    ];
    let mut child = net
        .scan(&[&fixed[..], more].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut read = String::new();
    while !read.contains("\"type\":\"port\"") {
        let n = out.read_line(&mut read).expect("a line");
        assert_ne!(n, 0, "it ended early: {read}");
    }
    (child, out, read)
}

/// Sends a signal with the shell's builtin kill, because not every system has the program.
fn signal(name: &str, child: &Child) {
    let command = format!("kill -{name} {}", child.id());
    let sent = Command::new("sh").args(["-c", &command]).status();
    assert!(sent.expect("sh runs").success());
}

#[test]
fn ctrl_c_prints_partial_results_and_exits_with_130() {
    let net = Net::new(Shape::Veth, endless());
    for name in ["INT", "TERM"] {
        let text = std::env::temp_dir().join(format!("vigie-{name}-{}", std::process::id()));
        let (child, mut out, mut read) = started(
            &net,
            &[
                "--min-rate",
                "2000",
                "--max-rate",
                "2000",
                "--confidence",
                "0.999999999",
                "-oN",
                text.to_str().expect("UTF-8"),
            ],
        );
        // Privileges are dropped by now.
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it runs");
        for line in status
            .lines()
            .filter(|l| l.starts_with("Cap") && !l.starts_with("CapBnd"))
        {
            assert!(line.ends_with("\t0000000000000000"), "{line}");
        }
        signal(name, &child);
        out.read_to_string(&mut read).expect("the rest");
        let said = RunOutput::from(child.wait_with_output().expect("it ends"));
        assert_eq!((said.code, said.err.as_str()), (Some(130), ""), "{name}");
        let results = Results::read(&read);
        assert_eq!(results.in_state("open"), [22]);
        let end = results.only("end");
        assert_eq!(end["complete"], false);
        assert_eq!(end["ended"], "interrupted");
        assert_eq!(results.lines.last(), Some(end));
        let host = results.only("host");
        assert_eq!(host["complete"], false);
        let counted: u64 = host["counts"]
            .as_array()
            .expect("counts")
            .iter()
            .filter_map(|c| c["count"].as_u64())
            .sum();
        assert_eq!(counted, 4_000 - 22 + 1);
        let report = fs::read_to_string(&text).expect("the report");
        fs::remove_file(&text).expect("removed");
        assert!(
            report.contains("22/tcp") && report.contains("PARTIAL"),
            "{report}"
        );
    }
}

#[test]
fn ctrl_c_during_the_final_report_loses_nothing() {
    let net = Net::new(Shape::Veth, Node::new("", "").tcp([22]));
    let target = net.v4().to_string();
    let mut child = net
        .scan(&["-n", "-Pn", "-p-", "--all-ports", "-o", "json", &target])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut read = String::new();
    // The 65,534 closed ports are reported at the end. Nearly all are still to come, since the pipe holds few.
    while !read.contains("\"state\":\"closed\"") {
        let n = out.read_line(&mut read).expect("a line");
        assert_ne!(n, 0, "it ended early: {read}");
    }
    signal("INT", &child);
    out.read_to_string(&mut read).expect("the rest");
    let said = RunOutput::from(child.wait_with_output().expect("it ends"));
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let results = Results::read(&read);
    let end = results.only("end");
    assert_eq!(
        (&end["complete"], &end["ended"]),
        (&true.into(), &"sure".into())
    );
    assert_eq!(results.in_state("closed").len(), 65_534);
}

#[test]
fn hosts_that_were_not_probed_are_not_reported_as_down() {
    let net = Net::new(Shape::Veth, plain());
    // 250 addresses at one probe in ten seconds: stopped when hardly any was probed.
    let mut child = net
        .scan(&[
            "-n",
            "-sS",
            "-p",
            "22",
            "10.78.0.0/24",
            "--max-rate",
            "0.1",
            "-v",
            "-o",
            "json",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .expect("runs");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut read = String::new();
    out.read_line(&mut read).expect("the plan");
    signal("INT", &child);
    out.read_to_string(&mut read).expect("the rest");
    assert_eq!(child.wait().expect("ends").code(), Some(130));
    let results = Results::read(&read);
    let down = results.of("host").filter(|h| h["state"] == "down").count();
    assert_eq!(down, 0, "{:?}", results.of("host").next());
    assert_eq!(results.only("end")["complete"], false);
}

#[test]
fn closing_the_output_ends_the_scan_without_a_message() {
    let net = Net::new(Shape::Veth, endless());
    let (mut child, out, _) = started(&net, &["--max-retries", "0", "--all-ports"]);
    drop(out);
    let code = child.wait().expect("it ends").code();
    let mut err = String::new();
    child
        .stderr
        .take()
        .expect("a pipe")
        .read_to_string(&mut err)
        .expect("UTF-8");
    assert_eq!((code, err.as_str()), (Some(141), ""));
}

#[test]
fn removing_the_link_preserves_the_results_so_far() {
    let net = Net::new(Shape::Veth, endless());
    let (child, mut out, mut read) = started(
        &net,
        &[
            "--min-rate",
            "2000",
            "--max-rate",
            "2000",
            "--confidence",
            "0.999999999",
        ],
    );
    let delete = || {
        let mut network = vigie_linux::net::Network::open()?;
        let index = network.link("net0")?.index;
        network.delete_link(index)
    };
    net.lab
        .run(Shape::SCANNER, delete)
        .expect("inside")
        .expect("deleted");
    out.read_to_string(&mut read).expect("the rest");
    let said = RunOutput::from(child.wait_with_output().expect("it ends"));
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(said.err.starts_with("vigie: "), "{}", said.err);
    let results = Results::read(&read);
    assert_eq!(results.in_state("open"), [22]);
    let last = results.lines.last().expect("a line");
    assert_eq!(
        (&last["type"], &last["complete"]),
        (&"end".into(), &false.into())
    );
    assert_eq!(last["ended"], "failed");
    // Ports not probed are counted too: the counts add up.
    let host = results.of("host").last().expect("the host's results");
    let counts = host["counts"].as_array().expect("counts");
    let total: u64 = counts.iter().filter_map(|c| c["count"].as_u64()).sum();
    assert_eq!(total, 4000 - 21, "{host}");
}

/// Runs the program on a pseudo-terminal and returns what it wrote there.
fn on_a_terminal(net: &Net, args: &str, variables: &[(&str, &str)]) -> String {
    let mut command = net.command("script");
    let output = command
        .args(["-qec", &format!("{PROGRAM} scan {args}"), "/dev/null"])
        .envs(variables.iter().copied())
        .output()
        .expect("this test needs script (bsdutils)");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn colours_are_used_on_terminals_unless_disabled() {
    let net = Net::new(Shape::Veth, plain());
    let args = format!("-n -p 20-25 {}", net.v4());
    let terminal = [("TERM", "xterm")];
    let colour = "\x1b[";
    assert!(on_a_terminal(&net, &args, &terminal).contains(colour));
    for plain in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let text = on_a_terminal(&net, &args, &[terminal[0], plain]);
        assert!(
            text.contains("22/tcp") && !text.contains(colour),
            "{plain:?} {text}"
        );
    }
    let text = on_a_terminal(&net, &args, &[terminal[0], ("NO_COLOR", "")]);
    assert!(text.contains(colour), "an empty NO_COLOR counts as none");
    assert!(
        !net.run(&["-n", "-p", "20-25", &net.v4().to_string()])
            .out
            .contains('\x1b')
    );
}

#[test]
fn reports_are_translated_and_machine_formats_are_not() {
    let net = Net::new(Shape::Veth, plain());
    let target = net.v4().to_string();
    let french = |args: &[&str]| {
        let output = net.scan(args).env("LANG", "fr_FR.UTF-8").output();
        RunOutput::from(output.expect("runs"))
    };
    let said = french(&["-n", "-p", "20-25", &target]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    for word in ["ouvert", "fermé", "ÉTAT", "syn-ack"] {
        assert!(said.out.contains(word), "{word}: {}", said.out);
    }
    let results = Results::read(&french(&["-n", "-p", "20-25", &target, "-o", "json"]).out);
    assert_eq!(results.in_state("open"), [22]);
    assert_eq!(results.in_state("closed"), [20, 21, 23, 24, 25]);
    let said = french(&["-p", "80-22", &target]);
    assert!(
        said.err.contains("inversée") && said.err.contains("conseil"),
        "{}",
        said.err
    );
}

#[test]
fn the_report_matches_the_target() {
    let net = Net::new(
        Shape::Veth,
        random_target(5, 0, FirewallMode::None).tcp([22, 443]),
    );
    let said = net.run(&["-n", &net.v4().to_string()]);
    let mac = net
        .lab
        .link("target", "net0")
        .expect("a link")
        .mac
        .expect("an address");
    let mac: Vec<String> = mac.iter().map(|byte| format!("{byte:02X}")).collect();
    let lines: Vec<&str> = said.out.lines().collect();
    assert!(
        lines[0].ends_with("SYN scan of 10.78.0.2, the 1,000 most common TCP ports"),
        "{}",
        lines[0]
    );
    let up = lines
        .iter()
        .find(|l| l.starts_with("10.78.0.2 is up"))
        .expect("the host's line");
    assert!(
        up.contains("(arp-response, ") && up.ends_with(&format!("MAC {}", mac.join(":"))),
        "{up}"
    );
    let row = |port: &str| -> Vec<&str> {
        let row = lines.iter().find(|l| l.starts_with(port));
        row.unwrap_or_else(|| panic!("{}", said.out))
            .split_whitespace()
            .collect()
    };
    assert_eq!(
        row("22/tcp"),
        ["22/tcp", "open", "ssh", "syn-ack", "ttl", "64"]
    );
    assert_eq!(
        row("443/tcp"),
        ["443/tcp", "open", "https", "syn-ack", "ttl", "64"]
    );
    assert!(said.out.contains("998 closed (reset)"), "{}", said.out);
    assert!(
        lines
            .last()
            .is_some_and(|l| l.starts_with("1 host up, 1,000 ports in ")),
        "{}",
        said.out
    );

    let wall = Firewall::all(PacketAction::Pass)
        .tcp(PortRules::all(PacketAction::Pass).but([443..=443], PacketAction::Drop));
    let net = Net::new(Shape::Veth, plain().firewall(wall));
    let said = net.run(&["-n", &net.v4().to_string()]);
    let silent = said
        .out
        .lines()
        .find(|l| l.starts_with("443/tcp"))
        .expect("a row");
    assert!(
        silent.contains("filtered") && silent.contains("https"),
        "{silent}"
    );
    assert!(
        silent.contains("no-response (") && silent.contains("risk of error < 0.01%)"),
        "{silent}"
    );
}
