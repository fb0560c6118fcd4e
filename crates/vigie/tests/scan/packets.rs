//! The packets that `vigie scan` prints and stores, compared with tcpdump's capture of the same run.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Stdio};

use vigie_lab::shapes::Shape;
use vigie_lab::{Firewall, Node, PacketAction, PortRules};
use vigie_pcap::{Reader, Step};
use vigie_wire::frame::{Frame, LinkType, Net as NetLayer, Transport};
use vigie_wire::tcp::Flags;

use crate::support::{Net, RunOutput};
use crate::wire;

/// tcpdump at the target. Captures on the scanner do not see frames that bypass the queueing discipline.
pub(crate) struct Tcpdump {
    child: Child,
    out: ChildStdout,
}

impl Tcpdump {
    /// Starts tcpdump and waits until it listens.
    pub(crate) fn listen(net: &Net) -> Tcpdump {
        let mut child = net
            .lab
            .command("target", "tcpdump")
            .expect("inside")
            .args(["-n", "-i", "net0", "--immediate-mode", "-U", "-w", "-"])
            // Each slot of tcpdump's ring has the size of the longest packet, so its default ring has eight slots only.
            .args(["-s", "2048", "-B", "32768"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("this test needs tcpdump (cargo xtask needs)");
        let mut said = BufReader::new(child.stderr.take().expect("piped")).lines();
        let listening = said.any(|line| line.is_ok_and(|l| l.contains("listening on")));
        assert!(listening, "tcpdump does not listen");
        let out = child.stdout.take().expect("piped");
        Tcpdump { child, out }
    }

    /// Returns the frames so far. A datagram sent by the scanner's kernel marks the end: earlier frames were captured
    /// before it.
    pub(crate) fn frames(mut self, net: &Net) -> Vec<Vec<u8>> {
        wire::send(net, net.v4(), "end of the capture");
        let (mut reader, mut held, mut frames) = (Reader::new(), Vec::new(), Vec::new());
        loop {
            match reader.step(&held).expect("a capture file") {
                Step::Packet { packet, consumed } => {
                    if packet.bytes.ends_with(b"end of the capture") {
                        return frames;
                    }
                    frames.push(packet.bytes.to_vec());
                    held.drain(..consumed);
                }
                Step::Other { consumed } => drop(held.drain(..consumed)),
                Step::More { .. } => {
                    let mut piece = [0; 4096];
                    let n = self.out.read(&mut piece).expect("tcpdump's output");
                    assert!(n > 0, "tcpdump ended");
                    held.extend_from_slice(&piece[..n]);
                }
            }
        }
    }
}

impl Drop for Tcpdump {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Temporary folder of a test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("vigie-{name}-{}", std::process::id()));
        fs::create_dir(&path).expect("a folder of the test's own");
        Folder(path)
    }

    pub(crate) fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Returns the link types and the frames of a capture file.
fn read_capture(path: &str) -> (Vec<u16>, Vec<Vec<u8>>) {
    let bytes = fs::read(path).expect("the capture file");
    let (mut reader, mut at) = (Reader::new(), 0);
    let (mut links, mut frames) = (Vec::new(), Vec::new());
    loop {
        match reader.step(&bytes[at..]).expect("a capture file") {
            Step::Packet { packet, consumed } => {
                links.push(packet.link);
                frames.push(packet.bytes.to_vec());
                at += consumed;
            }
            Step::Other { consumed } => at += consumed,
            Step::More { .. } => break,
        }
    }
    assert_eq!(at, bytes.len(), "the file was cut short");
    links.dedup();
    (links, frames)
}

/// Whether the frame belongs to the scan: a probe, its answer, or an ICMP error. The kernels send other frames: address
/// resolution, and the resets with which the scanner's kernel rejects answers to probes it does not know.
fn of_the_scan(net: &Net, frame: &[u8]) -> bool {
    let Ok(frame) = Frame::parse(LinkType::Ethernet, frame) else {
        return false;
    };
    let source = match &frame.net {
        NetLayer::Ipv4(ip) => ip.src().into(),
        NetLayer::Ipv6(ip) => ip.src().into(),
        _ => return false,
    };
    match &frame.transport {
        Transport::Tcp(tcp) => net.scene.targets.contains(&source) || tcp.flags() != Flags::RST,
        Transport::Icmpv4(message) => message.kind() == 3,
        _ => false,
    }
}

/// Returns a target with open, closed, filtered and rejected ports.
fn target() -> Node {
    let wall = PortRules::all(PacketAction::Pass)
        .but([23..=23], PacketAction::Drop)
        .but([25..=25], PacketAction::PROHIBITED);
    Node::new("", "")
        .tcp([22, 80])
        .firewall(Firewall::all(PacketAction::Pass).tcp(wall))
}

#[test]
fn the_capture_file_and_the_trace_match_tcpdump() {
    let net = Net::new(Shape::Veth, target());
    let folder = Folder::new("pcap");
    for (name, technique) in [("a.pcap", "-sS"), ("b.pcapng", "-sS")] {
        let file = folder.file(name);
        let witness = Tcpdump::listen(&net);
        let said = net.run(&[
            "-n",
            technique,
            "-p",
            "20-99",
            "--packet-trace",
            "--pcap",
            &file,
            &net.v4().to_string(),
        ]);
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
        let seen = witness.frames(&net);
        let (links, own) = read_capture(&file);
        assert_eq!(links, [1], "Ethernet");
        let mut wanted: Vec<_> = seen.iter().filter(|f| of_the_scan(&net, f)).collect();
        let mut found: Vec<_> = own.iter().filter(|f| of_the_scan(&net, f)).collect();
        assert!(wanted.len() > 160, "{}", wanted.len());
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted);
        // The other frames of the file (address resolution) were on the wire too.
        assert!(own.iter().all(|frame| seen.contains(frame)));

        // The lines show each packet as tcpdump does, in the same order.
        let lines: Vec<&str> = said.out.lines().collect();
        let traced: Vec<(&str, &str)> = lines
            .iter()
            .filter_map(|line| line.split_once(' '))
            .filter(|(word, _)| matches!(*word, "SENT" | "RCVD"))
            .collect();
        let shown = net
            .command("tcpdump")
            .args(["-n", "-r", &file])
            .output()
            .expect("tcpdump");
        let shown = String::from_utf8(shown.stdout).expect("UTF-8");
        let lines: Vec<&str> = traced.iter().map(|(_, line)| *line).collect();
        assert_eq!(lines, shown.lines().collect::<Vec<_>>());
        let sent = |line: &str| line.contains(&format!("> {}.", net.v4()));
        for (word, line) in traced.iter().filter(|(_, l)| l.contains("Flags")) {
            assert_eq!(*word == "SENT", sent(line), "{line}");
        }
    }
}

#[test]
fn captures_of_the_own_host_are_raw_ip_and_of_several_links_are_cooked() {
    let net = Net::new(Shape::Veth, target());
    let folder = Folder::new("links");
    let file = folder.file("own.pcap");
    let said = net.run(&["-n", "-p", "1-50", "--pcap", &file, "127.0.0.1"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let (links, own) = read_capture(&file);
    assert_eq!(links, [101], "raw IP");
    assert!(
        own.len() >= 100 && own.iter().all(|f| f[0] == 0x45),
        "{}",
        own.len()
    );
    let file = folder.file("both.pcap");
    let target = net.v4().to_string();
    let said = net.run(&["-n", "-p", "22", "--pcap", &file, "127.0.0.1", &target]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let (links, own) = read_capture(&file);
    assert_eq!(links, [276], "Linux cooked v2");
    let shown = net
        .command("tshark")
        .args(["-n", "-r", &file, "-Y", "tcp.dstport == 22", "-T", "fields"])
        .args(["-e", "ip.dst", "-e", "sll.pkttype", "-e", "_ws.malformed"])
        .output()
        .expect("this test needs tshark (cargo xtask needs)");
    let shown = String::from_utf8(shown.stdout).expect("UTF-8");
    for address in ["127.0.0.1", target.as_str()] {
        let line = format!("{address}\t4\t");
        assert!(shown.lines().any(|l| l == line), "{address}: {shown}");
    }
    assert!(own.len() >= 4);
}

#[test]
fn connections_are_traced_and_no_packets_are_invented() {
    let net = Net::new(Shape::Veth, target());
    let to = net.v4();
    let target = to.to_string();
    let args = ["-n", "-sT", "-p", "22,23,25,26", &target];
    let said = net.run(&[&args[..], &["--packet-trace"]].concat());
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let count = |port: u16, what: &str| {
        let end = format!("TCP {to}:{port} {what}");
        let lines = said.out.lines().filter(|l| l.starts_with("CONN "));
        lines.filter(|l| l.ends_with(&end)).count()
    };
    assert_eq!(count(22, "SYN-SENT"), count(22, "ESTABLISHED"));
    assert!(count(22, "ESTABLISHED") >= 1 && count(26, "ECONNREFUSED") >= 1);
    assert!(
        count(25, &format!("ICMP type 3 code 13 from {to}")) >= 1,
        "{}",
        said.out
    );
    assert!(count(23, "no answer in time") >= 1, "{}", said.out);
    // With a machine format on standard output, the trace goes to standard error.
    let said = net.run(&[&args[..], &["--packet-trace", "-o", "json"]].concat());
    assert!(said.out.lines().all(|l| l.starts_with('{')));
    assert!(said.err.contains("CONN "));
    let refused: RunOutput = net.run(&[&args[..], &["--pcap", "no.pcap"]].concat());
    assert_eq!(refused.code, Some(3));
    assert!(
        refused.err.contains("vigie capture -w FILE"),
        "{}",
        refused.err
    );
    let refused = net.run(&["-n", "--pcap", "-", &target]);
    assert_eq!(refused.code, Some(2), "{}", refused.err);
}
