//! `vigie capture -r` prints the same text as `tcpdump -r` with every common flag; and files rotate by time.

use std::net::{TcpStream, UdpSocket};
use std::path::PathBuf;

use crate::server::Server;
use crate::wires::{Capture, alone, pair, run, text, witness};

fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("vigie-flags-{}-{name}", std::process::id()))
}

#[test]
fn every_flag_prints_what_tcpdump_prints() {
    let (near, far) = pair();
    let _server = Server::start(&far, "10.9.0.2");
    let path = file("all.pcap");
    let name = path.to_str().expect("a path in UTF-8");
    let mut capture = Capture::start(&near, &["-i", "eth0", "-w", name, "ip or arp"]);
    assert!(
        run(&near, &["dns", "@10.9.0.2", "www.itinet.fr"])
            .status
            .success()
    );
    near.run(|| {
        // Closed: an ICMP error comes back, and a reset.
        let socket = UdpSocket::bind("0.0.0.0:0").expect("a socket");
        socket.send_to(b"nobody", "10.9.0.2:9").expect("sent");
        assert!(TcpStream::connect("10.9.0.2:9").is_err());
        drop(TcpStream::connect("10.9.0.2:53").expect("the server's port"));
    })
    .expect("inside");
    capture.interrupt();
    capture.end();
    let invocations: &[&[&str]] = &[
        &[],
        &["-n"],
        &["-n", "-e"],
        &["-n", "-v"],
        &["-n", "-vv"],
        &["-n", "-X"],
        &["-n", "-XX"],
        &["-n", "-x"],
        &["-n", "-xx"],
        &["-n", "-A"],
        &["-n", "-t"],
        &["-n", "-tt"],
        &["-n", "-ttt"],
        &["-n", "-tttt"],
        &["-n", "-ttttt"],
        &["-n", "-S"],
        &["-n", "-l"],
        &["-nvvve"],
        &["-ntc", "3"],
        &["-n", "--nano"],
        &["-n", "udp", "port", "53"],
        &["-n", "icmp or tcp[tcpflags] & tcp-rst != 0"],
    ];
    for flags in invocations {
        let ours = run(&near, &[&["capture", "-r", name][..], flags].concat());
        let theirs = witness(&near, "tcpdump", &[&["-r", name][..], flags].concat());
        assert!(ours.status.success(), "{flags:?}: {}", text(&ours.stderr));
        assert!(
            theirs.status.success(),
            "{flags:?}: {}",
            text(&theirs.stderr)
        );
        // Without -n tcpdump prints the vendor of Ethernet addresses, and knows none for those of the lab.
        let theirs = text(&theirs.stdout).replace(" (oui Unknown)", "");
        let ours = text(&ours.stdout);
        assert!(ours.lines().count() >= 2, "{flags:?}: {ours}");
        assert_eq!(ours, theirs, "{flags:?}");
    }
    std::fs::remove_file(&path).expect("removed");
}

#[test]
fn files_rotate_by_time() {
    let namespace = alone();
    let source = file("timed.pcap");
    // One datagram per second for ten seconds, on a raw IP link.
    let mut bytes: Vec<u8> = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 101]
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect();
    for second in 0..10 {
        bytes.extend(
            [1_700_000_000 + second, 0, 20, 20_u32]
                .iter()
                .flat_map(|word| word.to_le_bytes()),
        );
        bytes.extend([
            0x45, 0, 0, 20, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
        ]);
    }
    std::fs::write(&source, bytes).expect("written");
    let parts = file("part-%M%S");
    let (source, parts) = (source.to_string_lossy(), parts.to_string_lossy());
    let output = run(
        &namespace,
        &["capture", "-r", &source, "-w", &parts, "-G", "4"],
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    // Unix time 1,700,000,000 is 22:13:20 UTC.
    for (time, packets) in [("1320", 4), ("1324", 4), ("1328", 2)] {
        let part = parts.replace("%M%S", time);
        let read = run(&namespace, &["capture", "-n", "-r", &part]);
        assert_eq!(text(&read.stdout).lines().count(), packets, "{part}");
        std::fs::remove_file(&part).expect("removed");
    }
    std::fs::remove_file(&*source).expect("removed");
}
