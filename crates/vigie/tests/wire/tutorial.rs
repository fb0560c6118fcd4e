//! The DNS and TCP captures of the tutorial "Introduction au scan de ports", repeated with Vigie.

use std::net::{TcpListener, TcpStream};

use vigie_linux::netns::Namespace;

use crate::server::Server;
use crate::wires::{Capture, alone, pair, run, text};

/// Returns a line without its time, with placeholders for numbers that differ between runs.
fn normalized(line: &str) -> String {
    let (time, rest) = line.split_once(' ').expect("a time");
    assert_eq!(time.len(), "14:36:45.845240".len(), "{line}");
    let mut before = "";
    let words = rest.split(' ').map(|word| {
        // A number after the receiver is a DNS message ID.
        let is_id = core::mem::replace(&mut before, word).ends_with(':');
        let bare = word.trim_end_matches(':');
        let digits = word.trim_end_matches(['+', '*', '-', ',']);
        match bare.rsplit_once('.') {
            // An ephemeral port after an address or name.
            Some((host, port)) if port.parse::<u16>().is_ok_and(|port| port > 1024) => {
                word.replace(bare, &format!("{host}.PORT"))
            }
            _ if digits
                .parse::<u32>()
                .is_ok_and(|number| is_id || number > 1024) =>
            {
                word.replace(digits, "N")
            }
            _ => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_dns_query_to_an_open_port_looks_as_in_the_tutorial() {
    let (near, far) = pair();
    let _server = Server::start(&far, "10.9.0.2");
    let capture = Capture::start(
        &near,
        &["-n", "-i", "eth0", "-c", "2", "udp", "and", "port", "53"],
    );
    let output = run(&near, &["dns", "@10.9.0.2", "www.itinet.fr", "+noedns"]);
    let (lines, counts) = capture.end();
    let lines: Vec<String> = lines.lines().map(normalized).collect();
    assert_eq!(
        lines,
        [
            "IP 10.9.0.1.PORT > 10.9.0.2.53: N+ A? www.itinet.fr. (31)",
            "IP 10.9.0.2.53 > 10.9.0.1.PORT: N*- 1/2/2 A 88.191.51.73 (131)",
        ]
    );
    assert!(
        counts.contains("2 packets captured") && counts.contains("0 packets dropped by kernel"),
        "{counts}"
    );
    let answer = text(&output.stdout);
    for line in [
        ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: ",
        ";; flags: qr aa rd; QUERY: 1, ANSWER: 1, AUTHORITY: 2, ADDITIONAL: 2",
        ";; QUESTION SECTION:\n;www.itinet.fr.\t\t\tIN\tA\n",
        ";; ANSWER SECTION:\nwww.itinet.fr.\t\t86400\tIN\tA\t88.191.51.73\n",
        ";; AUTHORITY SECTION:\nitinet.fr.\t\t259200\tIN\tNS\tsd-8131.dedibox.fr.\n",
        ";; ADDITIONAL SECTION:\nsd-8131.dedibox.fr.\t259200\tIN\tA\t88.191.51.73\n",
        ";; SERVER: 10.9.0.2#53(10.9.0.2) (UDP)",
        ";; MSG SIZE  rcvd: 131",
    ] {
        assert!(answer.contains(line), "{line:?} in\n{answer}");
    }
}

#[test]
fn a_dns_query_to_a_closed_port_looks_as_in_the_tutorial() {
    let namespace = alone();
    let capture = Capture::start(&namespace, &["-i", "lo", "-c", "4", "udp or icmp"]);
    let output = run(
        &namespace,
        &[
            "--lang",
            "en",
            "dns",
            "@127.0.0.1",
            "www.itinet.fr",
            "+noedns",
            "+tries=2",
        ],
    );
    let (lines, _) = capture.end();
    let lines: Vec<String> = lines.lines().map(normalized).collect();
    let question = "IP localhost.PORT > localhost.domain: N+ A? www.itinet.fr. (31)";
    let unreachable =
        "IP localhost > localhost: ICMP localhost udp port domain unreachable, length 67";
    assert_eq!(lines, [question, unreachable, question, unreachable]);
    assert!(text(&output.stderr).contains("ICMP port unreachable"));
}

/// Captures the first `count` packets of a connection to a port of the far side.
fn connection(near: &Namespace, port: u16, count: &str) -> Vec<String> {
    let filter = format!("port {port}");
    let capture = Capture::start(near, &["-n", "-i", "eth0", "-c", count, &filter]);
    let _ = near
        .run(|| TcpStream::connect(("10.9.0.2", port)))
        .expect("inside");
    let (lines, _) = capture.end();
    lines.lines().map(normalized).collect()
}

/// Returns a line up to its sequence numbers: endpoints and flags.
fn flags(line: &str) -> String {
    let end = line.find(']').expect("flags");
    line[..=end].to_owned()
}

#[test]
fn connections_to_an_open_and_a_closed_port_look_as_in_the_tutorial() {
    let (near, far) = pair();
    let _listener = far
        .run(|| TcpListener::bind("10.9.0.2:80").expect("TCP port 80"))
        .expect("inside");
    let open = connection(&near, 80, "3");
    let expected = [
        "IP 10.9.0.1.PORT > 10.9.0.2.80: Flags [S]",
        "IP 10.9.0.2.80 > 10.9.0.1.PORT: Flags [S.]",
        "IP 10.9.0.1.PORT > 10.9.0.2.80: Flags [.]",
    ];
    assert_eq!(
        open.iter().map(|line| flags(line)).collect::<Vec<_>>(),
        expected
    );
    assert!(
        open[2].contains(" ack 1, "),
        "counted from the start: {}",
        open[2]
    );
    let closed = connection(&near, 81, "2");
    let expected = [
        "IP 10.9.0.1.PORT > 10.9.0.2.81: Flags [S]",
        "IP 10.9.0.2.81 > 10.9.0.1.PORT: Flags [R.]",
    ];
    assert_eq!(
        closed.iter().map(|line| flags(line)).collect::<Vec<_>>(),
        expected
    );
}
