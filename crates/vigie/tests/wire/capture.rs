//! `vigie capture` on links and files, compared with tcpdump and tshark.

use std::net::UdpSocket;
use std::path::{Path, PathBuf};

use vigie_linux::netns::Namespace;

use crate::wires::{Capture, alone, pair, run, text, witness};

/// Temporary directory of a test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("vigie-{name}-{}", std::process::id()));
        std::fs::create_dir(&path).expect("a directory of the test's own");
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0
            .join(name)
            .to_str()
            .expect("a path in UTF-8")
            .to_owned()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Sends `count` datagrams to each of these ports.
fn send(from: &Namespace, to: &str, ports: &[u16], count: usize) {
    from.run(|| {
        let socket = UdpSocket::bind("0.0.0.0:0").expect("a socket");
        for _ in 0..count {
            for port in ports {
                socket.send_to(&[7; 100], (to, *port)).expect("sent");
            }
        }
    })
    .expect("inside");
}

/// Returns the number of packets in a file that match a filter, as counted by a program.
fn found(namespace: &Namespace, program: &str, file: &str, filter: &str) -> usize {
    let arguments = ["-n", "-r", file, filter];
    let output = match program {
        "vigie" => run(namespace, &[&["capture"][..], &arguments].concat()),
        other => witness(namespace, other, &arguments),
    };
    assert!(
        output.status.success(),
        "{program} {filter}: {}",
        text(&output.stderr)
    );
    text(&output.stdout).lines().count()
}

#[test]
fn other_programs_read_capture_files_of_both_formats() {
    let directory = Directory::new("formats");
    let (near, far) = pair();
    for (name, more) in [
        ("a.pcap", &[][..]),
        ("b.pcapng", &["--nano"]),
        ("c.pcap", &["--nano"]),
    ] {
        let file = directory.file(name);
        let mut arguments = vec!["-i", "eth0", "-w", &file];
        arguments.extend(more);
        arguments.push("udp and dst portrange 9000-9001");
        let mut capture = Capture::start(&near, &arguments);
        send(&near, "10.9.0.2", &[9000, 9001, 9002], 50);
        send(&far, "10.9.0.1", &[9000, 9003], 50);
        // `send_to` returns after the datagrams are sent, so there is no need to wait.
        capture.interrupt();
        let (out, counts) = capture.end();
        assert_eq!(out, "");
        assert!(counts.contains("150 packets captured"), "{name}: {counts}");
        assert!(
            counts.contains("150 packets received by filter"),
            "{name}: {counts}"
        );
        let fields = [
            "-r",
            &file,
            "-T",
            "fields",
            "-e",
            "udp.dstport",
            "-e",
            "frame.len",
            "-e",
            "_ws.malformed",
        ];
        let seen = text(&witness(&near, "tshark", &fields).stdout);
        let counted = |line: &str| seen.lines().filter(|found| *found == line).count();
        assert_eq!(
            (
                counted("9000\t142\t"),
                counted("9001\t142\t"),
                seen.lines().count()
            ),
            (100, 50, 150),
            "{name}"
        );
        for filter in [
            "",
            "src host 10.9.0.1",
            "dst port 9000 and src host 10.9.0.2",
            "not udp port 9000",
            "arp or icmp",
        ] {
            assert_eq!(
                found(&near, "vigie", &file, filter),
                found(&near, "tcpdump", &file, filter),
                "{name}: {filter}"
            );
        }
    }
}

#[test]
fn captures_of_all_interfaces_show_interface_and_direction() {
    let (near, _far) = pair();
    let capture = Capture::start(&near, &["-n", "-i", "any", "-c", "2", "udp port 9000"]);
    send(&near, "10.9.0.2", &[9000], 1);
    send(&near, "127.0.0.1", &[9000], 1);
    let (lines, _) = capture.end();
    let lines: Vec<&str> = lines
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(_, rest)| rest)
        .collect();
    assert!(
        lines[0].starts_with("eth0  Out IP 10.9.0.1.") && lines[0].ends_with("UDP, length 100"),
        "{lines:?}"
    );
    assert!(
        lines[1].starts_with("lo    In  IP 127.0.0.1.") && lines[1].ends_with("UDP, length 100"),
        "{lines:?}"
    );
}

#[test]
fn directions_are_distinguished() {
    let (near, far) = pair();
    for (way, expected) in [("in", "IP 10.9.0.2."), ("out", "IP 10.9.0.1.")] {
        let capture = Capture::start(
            &near,
            &[
                "-n",
                "-t",
                "-Q",
                way,
                "-i",
                "eth0",
                "-c",
                "1",
                "udp port 9000",
            ],
        );
        send(&near, "10.9.0.2", &[9000], 1);
        send(&far, "10.9.0.1", &[9000], 1);
        let (lines, _) = capture.end();
        assert!(lines.starts_with(expected), "{way}: {lines}");
    }
}

#[test]
fn files_rotate_by_size() {
    let directory = Directory::new("rotation");
    let (near, _far) = pair();
    let whole = directory.file("whole.pcap");
    let mut capture = Capture::start(&near, &["-i", "eth0", "-w", &whole, "udp"]);
    send(&near, "10.9.0.2", &[9000], 20_000);
    capture.interrupt();
    capture.end();
    let parts = directory.file("part");
    let output = run(&near, &["capture", "-r", &whole, "-w", &parts, "-C", "1"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let mut packets = 0;
    // 20,000 packets of 158 bytes with their headers, 1,000,000 bytes per file: part, part1, part2, part3.
    for name in ["part", "part1", "part2", "part3"] {
        let part = directory.file(name);
        let size = std::fs::metadata(&part)
            .unwrap_or_else(|error| panic!("{name}: {error}"))
            .len();
        assert!(size <= 1_000_200, "{name}: {size}");
        packets += found(&near, "tcpdump", &part, "");
    }
    assert_eq!(packets, 20_000);
    assert!(!Path::new(&directory.file("part4")).exists());
    let rounds = directory.file("round");
    let output = run(
        &near,
        &["capture", "-r", &whole, "-w", &rounds, "-C", "1", "-W", "2"],
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(
        Path::new(&directory.file("round1")).exists()
            && !Path::new(&directory.file("round2")).exists()
    );
}

#[test]
fn damaged_and_unknown_files_are_reported() {
    let directory = Directory::new("damaged");
    let namespace = alone();
    let cases: &[(&str, &[u8], &str)] = &[
        ("text", b"not a capture", "is not a capture file"),
        ("empty", b"", "is truncated within a packet, at byte 0"),
        (
            "short",
            &[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0],
            "is truncated within a packet",
        ),
        (
            "huge",
            &[
                0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0,
                0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0,
            ],
            "invalid length of 4294967295 bytes at byte 24",
        ),
    ];
    for (name, bytes, said) in cases {
        let file = directory.file(name);
        std::fs::write(&file, bytes).expect("written");
        let output = run(&namespace, &["--lang", "en", "capture", "-r", &file]);
        assert_eq!(output.status.code(), Some(3), "{name}");
        assert!(
            text(&output.stderr).contains(said),
            "{name}: {}",
            text(&output.stderr)
        );
    }
}

#[test]
fn errors_in_the_command_line_mark_the_place() {
    let namespace = alone();
    let cases: &[(&[&str], i32, &str)] = &[
        (&["-i", "nope"], 3, "no such interface: “nope”"),
        (&["port", "70000"], 2, "port 70000\n       ^^^^^"),
        (&["tcp", "prot", "80"], 2, "tcp prot 80\n      ^^^^"),
        (&["-C", "1"], 2, "“-C” needs -w FILE"),
        (&["-c", "x"], 2, "invalid number “x” for “-c”"),
        (
            &["-i", "lo", "-r", "x"],
            2,
            "“-r” cannot be combined with “-i”",
        ),
    ];
    for (arguments, code, said) in cases {
        let output = run(
            &namespace,
            &[&["--lang", "en", "capture"][..], arguments].concat(),
        );
        assert_eq!(
            output.status.code(),
            Some(*code),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
        assert!(
            text(&output.stderr).contains(said),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
    }
}

#[test]
fn explain_describes_each_kind_of_packet_at_the_end() {
    let directory = Directory::new("kinds");
    let (near, _far) = pair();
    let file = directory.file("seen.pcap");
    let mut capture = Capture::start(
        &near,
        &["-i", "eth0", "-w", &file, "udp dst port 53 or 9000"],
    );
    send(&near, "10.9.0.2", &[53, 9000], 3);
    capture.interrupt();
    let _ = capture.end();
    let explained = |lang: &str| {
        text(
            &run(
                &near,
                &["--lang", lang, "capture", "-n", "-r", &file, "--explain"],
            )
            .stdout,
        )
    };
    let english = explained("en");
    assert_eq!(
        english
            .lines()
            .take_while(|l| !l.contains("Meaning of these packets"))
            .filter(|l| l.contains(" IP 10.9.0.1."))
            .count(),
        6,
        "{english}"
    );
    assert!(english.contains("Meaning of these packets"), "{english}");
    assert!(
        english.contains("DNS query (3)") && english.contains("UDP (3)"),
        "{english}"
    );
    assert!(
        english.contains("RFC 768") && english.contains("|--- UDP, length"),
        "{english}"
    );
    let check = format!("    tcpdump -n -r {file} 'udp'\n");
    assert!(english.contains(&check), "{english}");
    let french = explained("fr");
    assert!(french.contains("une requête DNS"), "{french}");
    assert!(
        french.contains("le bit QR vaut 0 dans une requête"),
        "{french}"
    );
}
