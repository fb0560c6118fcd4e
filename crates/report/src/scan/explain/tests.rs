//! The explanations in both languages.

use std::collections::BTreeSet;
use std::time::Duration;
use vigie_scan::plan::{Backend, PortScan, Technique};

use proptest::prelude::*;
use vigie_scan::event::{
    EndReason, ErrorLimit, Event, HostSummary, LossAccount, ScanSummary, UdpSummary, Warning,
};
use vigie_scan::finding::{Finding, HostFinding};
use vigie_scope::ports::PortList;

use super::*;
use crate::Lang;
use crate::escape::is_plain;
use crate::scan::human::{Human, Style};
use vigie_findings::Sink;
use vigie_findings::evidence::Packet;
use vigie_findings::recorder::Recorder;
use vigie_findings::samples::packets::{self, Probe};
use vigie_findings::samples::{self, Sample, count, ip, port, up};

const TARGET: &str = "10.0.1.1";
const ROUTER: &str = "10.0.9.254";

/// A scan of one host with its packets.
struct TestScan {
    sample: Sample,
    packets: Vec<Evidence>,
}

impl TestScan {
    fn new(host: &str, ports: &str, events: Vec<Event>, packets: Vec<Evidence>) -> TestScan {
        let mut scan = samples::scan(&[host], host, host, "1");
        let list = PortList::parse(ports, Transport::Tcp).expect("ports");
        scan.plan.spec.tcp = Some(PortScan::new(Technique::Syn, list));
        TestScan {
            sample: Sample { scan, events },
            packets,
        }
    }

    /// Returns the explanations as text.
    fn explained(&self, lang: Lang, width: Option<usize>) -> String {
        let mut out = Vec::new();
        let style = Style {
            explain: true,
            width,
            ..Style::default()
        };
        let mut human = Human::new(&mut out, Texts::new(lang), style);
        human.begin(&self.sample.scan).expect("begun");
        for evidence in &self.packets {
            human.evidence(Duration::ZERO, evidence).expect("taken");
        }
        for event in &self.sample.events {
            human
                .event(Duration::from_millis(10), event)
                .expect("an output in memory");
        }
        human.finish().expect("finished");
        drop(human);
        let text = String::from_utf8(out).expect("UTF-8");
        let title = Texts::new(lang).get("explain-title");
        text[text.find(&title).expect("explanations")..].to_owned()
    }
}

/// Returns the events of a host that is up.
fn of_host(
    found: HostFinding,
    ports: &[Finding],
    counts: Vec<vigie_scan::event::StateCount>,
) -> Vec<Event> {
    let mut events = vec![Event::Host(found)];
    events.extend(ports.iter().map(|p| Event::Port(p.clone())));
    events.push(Event::HostDone(Box::new(HostSummary {
        host: found,
        counts,
        ended: EndReason::Complete,
        udp: None,
    })));
    events.push(Event::Loss(LossAccount {
        sent: 1_003,
        answered: 1_000,
        loss_rate: 0.021,
        measured: true,
        ..LossAccount::default()
    }));
    events.push(Event::End(ScanSummary {
        complete: true,
        ended: EndReason::Complete,
        elapsed: Duration::from_millis(412),
        hosts: 1,
        hosts_up: 1,
        ports: 1_000,
    }));
    events
}

fn finding(number: u16, state: PortState, reason: Reason) -> Finding {
    port(samples::host(TARGET), number, state, reason)
}

fn open() -> TestScan {
    let ports = [22, 80].map(|n| finding(n, PortState::Open, Reason::SynAck));
    let packets = [22, 80].map(|n| {
        let probe = Probe::tcp(TARGET, n);
        let mut evidence = probe.evidence(vec![probe.syn(1.0), probe.syn_ack()]);
        evidence.more = if n == 22 { 6 } else { 0 };
        evidence
    });
    let found = up(samples::host(TARGET), Reason::ArpResponse);
    let counts = vec![count(PortState::Open, Reason::SynAck, 2, true)];
    let packets = [vec![packets::arp(TARGET, true)], packets.into()].concat();
    TestScan::new(TARGET, "22,80", of_host(found, &ports, counts), packets)
}

fn closed() -> TestScan {
    let probe = Probe::tcp(TARGET, 113);
    let found = up(samples::host(TARGET), Reason::EchoReply);
    let counts = vec![count(PortState::Closed, Reason::Reset, 997, false)];
    let packets = vec![probe.evidence(vec![probe.syn(1.0), probe.reset()])];
    TestScan::new(TARGET, "1-997", of_host(found, &[], counts), packets)
}

fn silent() -> TestScan {
    let probe = Probe::tcp(TARGET, 443);
    let port = finding(443, PortState::Filtered, Reason::NoResponse);
    let counts = vec![
        count(PortState::Filtered, Reason::NoResponse, 1, true),
        count(PortState::Closed, Reason::Reset, 9, false),
    ];
    let found = up(samples::host(TARGET), Reason::UserSet);
    let tries = vec![probe.syn(1.0), probe.syn(31.5), probe.syn(78.0)];
    let packets = vec![probe.evidence(tries)];
    TestScan::new(TARGET, "1-9,443", of_host(found, &[port], counts), packets)
}

/// A scan with a port for each ICMP error.
fn refused() -> TestScan {
    let v4 = [
        (3, 0),
        (3, 1),
        (3, 2),
        (3, 3),
        (3, 5),
        (3, 9),
        (3, 10),
        (3, 13),
        (11, 0),
        (12, 0),
    ];
    let v6 = [(1, 0), (1, 2), (1, 3), (1, 5), (1, 6)];
    let (mut ports, mut packets) = (Vec::new(), Vec::new());
    let mut refused = |ip: &str, number: u16, kind: u8, code: u8, from: &str| {
        let probe = Probe::tcp(ip, number);
        let evidence = probe.evidence(vec![probe.syn(1.0), probe.icmp(kind, code, from)]);
        let answer = evidence.packets[1].clone();
        let reason = vigie_findings::frames::answer(answer.link, &answer.bytes).expect("a reason");
        ports.push(Finding {
            from: Some(from.parse().expect("an address")),
            ..port(samples::host(ip), number, PortState::Filtered, reason)
        });
        packets.push(evidence);
    };
    for (i, (kind, code)) in v4.into_iter().enumerate() {
        refused(TARGET, 100 + i as u16, kind, code, ROUTER);
    }
    for (i, (kind, code)) in v6.into_iter().enumerate() {
        refused("fd00::1", 200 + i as u16, kind, code, "fd00::fe");
    }
    let (four, six): (Vec<Finding>, Vec<Finding>) =
        ports.iter().cloned().partition(|p| p.host.ip.is_ipv4());
    let mut events = of_host(up(samples::host(TARGET), Reason::SynAck), &four, Vec::new());
    let mut more = of_host(
        up(samples::host("fd00::1"), Reason::NdResponse),
        &six,
        Vec::new(),
    );
    let end = events.split_off(events.len() - 2);
    more.truncate(more.len() - 2);
    TestScan::new(TARGET, "100-210", [events, more, end].concat(), packets)
}

/// A scan of UDP ports: one answers, one is closed, one is silent.
fn datagrams() -> TestScan {
    let finding = |number, state, reason| Finding {
        transport: Transport::Udp,
        ..finding(number, state, reason)
    };
    let ports = [
        finding(7, PortState::Open, Reason::UdpResponse),
        finding(69, PortState::Closed, Reason::PortUnreach),
        finding(161, PortState::OpenFiltered, Reason::NoResponse),
    ];
    let probe = |number| Probe::udp(TARGET, number);
    let packets = vec![
        probe(7).evidence(vec![probe(7).syn(1.0), probe(7).datagram_back()]),
        probe(69).evidence(vec![probe(69).syn(1.0), probe(69).icmp(3, 3, TARGET)]),
        probe(161).evidence(vec![probe(161).syn(1.0), probe(161).syn(900.0)]),
    ];
    let found = up(samples::host(TARGET), Reason::EchoReply);
    TestScan::new(
        TARGET,
        "U:7,69,161",
        of_host(found, &ports, Vec::new()),
        packets,
    )
}

#[test]
fn tries_from_several_source_ports_show_each_port() {
    let probe = Probe::tcp(TARGET, 80);
    let again = |ms: f64, port: u16| {
        let mut packet = probe.syn(ms);
        // The source port is the first field behind the Ethernet and IPv4 headers.
        packet.bytes[34..36].copy_from_slice(&port.to_be_bytes());
        packet
    };
    let evidence = probe.evidence(vec![probe.syn(1.0), again(9.0, 61_001)]);
    let one = diagram::arrows(&probe.evidence(vec![probe.syn(1.0)]), "-", Lang::En);
    assert!(
        one[0].contains(".61000 ") && !one[1].contains("port"),
        "{one:?}"
    );
    let both = diagram::arrows(&evidence, "-", Lang::En);
    assert!(!both[0].contains(".61000 "), "{both:?}");
    assert!(both[1].contains("SYN (port 61000)"), "{both:?}");
    assert!(both[2].contains("SYN (port 61001)"), "{both:?}");
}

#[test]
fn few_silent_tries_are_shown_and_the_others_counted() {
    let probe = Probe::udp(TARGET, 161);
    let tries = |n: u32| probe.evidence((1..=n).map(|i| probe.syn(f64::from(i))).collect());
    let texts = Texts::new(Lang::En);
    let all = tries(8);
    assert_eq!(diagram::lines(&all).len(), 8);
    assert_eq!(diagram::left_out(&all, &texts), Vec::<String>::new());
    let many = tries(20);
    assert_eq!(diagram::lines(&many).len(), 5);
    // Two endpoints, five arrows, and a line about the missing answer.
    assert_eq!(diagram::arrows(&many, "nothing", texts.lang()).len(), 7);
    let said = diagram::left_out(&many, &texts).concat();
    assert!(said.starts_with("15 more packets"), "{said}");
    // The answer is shown.
    let mut answered = many.clone();
    answered.packets.push(probe.datagram_back());
    assert_eq!(diagram::lines(&answered).len(), 21);
}

fn proxy() -> TestScan {
    let probe = Probe::tcp(TARGET, 7);
    let found = up(samples::host(TARGET), Reason::SynAck);
    let counts = vec![count(PortState::Open, Reason::SynAck, 65_535, false)];
    let mut events = of_host(found, &[], counts);
    let host = samples::host(TARGET);
    events.insert(
        1,
        Event::Warning(Warning::AllOpen {
            host,
            handshakes: None,
        }),
    );
    let packets = vec![probe.evidence(vec![probe.syn(1.0), probe.syn_ack()])];
    TestScan::new(TARGET, "1-65535", events, packets)
}

fn own() -> TestScan {
    let host = samples::host("127.0.0.1");
    let open = port(host, 631, PortState::Open, Reason::SynAck);
    let found = up(host, Reason::LocalhostResponse);
    let probe = Probe::tcp("127.0.0.1", 631);
    let packets = vec![probe.evidence(vec![probe.syn(1.0), probe.syn_ack()])];
    TestScan::new(
        "127.0.0.1",
        "631",
        of_host(found, &[open], Vec::new()),
        packets,
    )
}

/// A scan of a host that is down.
fn down() -> TestScan {
    let found = HostFinding {
        state: HostState::Down,
        rtt: None,
        ..up(samples::host(TARGET), Reason::NoResponse)
    };
    let mut test = TestScan::new(TARGET, "22", of_host(found, &[], Vec::new()), Vec::new());
    test.sample.events.remove(1);
    test.packets = vec![packets::arp(TARGET, false)];
    test
}

fn connections() -> TestScan {
    let found = up(samples::host(TARGET), Reason::ConnRefused);
    let ports = [
        finding(22, PortState::Open, Reason::SynAck),
        finding(23, PortState::Closed, Reason::ConnRefused),
    ];
    let mut test = TestScan::new(
        TARGET,
        "22,23",
        of_host(found, &ports, Vec::new()),
        Vec::new(),
    );
    let spec = &mut test.sample.scan.plan.spec;
    spec.backend = Backend::Connections;
    spec.tcp.as_mut().expect("TCP ports").technique = Technique::Connect;
    test
}

/// Returns a test scan by name.
type Named = (&'static str, fn() -> TestScan);

#[test]
fn explanations_look_like_this() {
    let scans: [Named; 9] = [
        ("open", open),
        ("closed", closed),
        ("silent", silent),
        ("refused", refused),
        ("datagrams", datagrams),
        ("proxy", proxy),
        ("own", own),
        ("down", down),
        ("connections", connections),
    ];
    for lang in Lang::ALL {
        for (name, test) in scans {
            let name = format!("{name}-{}", lang.code());
            insta::assert_snapshot!(name, test().explained(*lang, None));
        }
    }
}

#[test]
fn equal_results_are_explained_once() {
    let mut test = closed();
    let one = test.sample.events.clone();
    let end = test.sample.events.split_off(2);
    for last in 2..=12u8 {
        for event in &one[..2] {
            let mut event = event.clone();
            let host = samples::host(&format!("10.0.1.{last}"));
            match &mut event {
                Event::Host(found) => found.host = host,
                Event::HostDone(summary) => summary.host.host = host,
                _ => unreachable!("the first two"),
            }
            test.sample.events.push(event);
        }
    }
    test.sample
        .events
        .extend(end.into_iter().filter(|e| !matches!(e, Event::HostDone(_))));
    let explained = test.explained(Lang::En, None);
    assert_eq!(
        explained
            .matches("RST, ACK: no program is listening")
            .count(),
        1
    );
    assert!(
        explained.contains("11,964 ports replied RST, ACK: no program is listening"),
        "{explained}"
    );
    assert!(
        explained.contains("10.0.1.2: 997 ports") && explained.contains("and 4 more hosts"),
        "{explained}"
    );
}

#[test]
fn every_reason_has_texts_and_every_icmp_error_its_own() {
    let texts = Texts::new(Lang::En);
    let mut names = BTreeSet::new();
    for technique in Technique::ALL {
        for reason in Reason::ALL {
            let states = PortState::ALL
                .iter()
                .map(|s| Kind::Ports(Rank::of(*s), *s, *reason, Transport::Tcp));
            for kind in states.chain([Kind::Up(*reason)]) {
                let keys = texts::keys(kind, *technique);
                for key in [keys.head, keys.means, keys.why, keys.or] {
                    assert!(texts.has(key), "{kind:?}: {key}");
                }
            }
            if let Some((name, means)) = texts::icmp(*reason) {
                assert!(texts.has(name) && texts.has(means));
                names.insert(name);
            }
        }
    }
    assert_eq!(names.len(), 16);
}

#[test]
fn sentences_wrap_in_narrow_terminals_and_packets_do_not() {
    for lang in Lang::ALL {
        let explained = open().explained(*lang, Some(60));
        let said = explained
            .lines()
            .filter(|l| !l.contains(" IP ") && !l.contains("|-") && !l.contains("srp1("));
        for line in said.filter(|l| !l.contains("10.0.1.1")) {
            let columns = crate::width::of(line);
            assert!(
                columns <= 60 || !line.starts_with("    "),
                "{columns}: {line}"
            );
        }
    }
}

#[test]
fn silent_ports_are_explained_least_certain_first() {
    let of = |last: u8, tries, miss_probability| {
        let host = samples::host(&format!("10.0.1.{last}"));
        let finding = Finding {
            tries,
            miss_probability,
            ..port(host, 443, PortState::Filtered, Reason::NoResponse)
        };
        of_host(up(host, Reason::UserSet), &[finding], Vec::new())
    };
    let mut events = of(2, 2, 0.012);
    let end = events.split_off(events.len() - 2);
    for (last, tries, miss) in [(3, 5, 1e-7), (4, 5, 1e-7), (5, 3, 1e-4)] {
        let more = of(last, tries, miss);
        events.extend_from_slice(&more[..3]);
    }
    events.extend(end);
    let test = TestScan::new(TARGET, "443", events, Vec::new());
    for (lang, of, tries) in [
        (
            Lang::En,
            ["For one port on one host:", "For 2 ports on 2 hosts:"],
            "Up to ",
        ),
        (
            Lang::Fr,
            [
                "Pour un port sur une machine",
                "Pour 2 ports sur 2 machines",
            ],
            "Jusqu'à ",
        ),
    ] {
        let explained = test.explained(lang, None);
        assert_eq!(explained.matches(tries).count(), 3, "{explained}");
        let places = [
            explained.find(of[0]).expect("the least certain"),
            explained.rfind(of[0]).expect("the next"),
            explained.find(of[1]).expect("the surest"),
        ];
        assert!(places.is_sorted() && places[0] < places[1], "{explained}");
    }
    // A single certainty is explained without its hosts.
    let explained = silent().explained(Lang::En, None);
    assert!(!explained.contains("For one port"), "{explained}");
}

/// Returns the explanation of a silent UDP port.
fn silent_udp(number: u16, limit: ErrorLimit) -> String {
    let host = samples::host(TARGET);
    let finding = Finding {
        transport: Transport::Udp,
        tries: 2,
        miss_probability: 0.01,
        ..port(host, number, PortState::OpenFiltered, Reason::NoResponse)
    };
    let mut events = of_host(up(host, Reason::EchoReply), &[finding], Vec::new());
    if let Event::HostDone(summary) = &mut events[2] {
        summary.udp = Some(UdpSummary {
            limit,
            unproven: 0,
            sample: None,
        });
    }
    let probe = Probe::udp(TARGET, number);
    let packets = vec![probe.evidence(vec![probe.syn(1.0)])];
    TestScan::new(TARGET, &format!("U:{number}"), events, packets).explained(Lang::En, None)
}

#[test]
fn a_silent_udp_port_is_explained_by_its_probe() {
    let wireguard = silent_udp(51_820, ErrorLimit::Unlimited);
    assert!(
        wireguard.contains("51820/udp: this protocol ignores clients without a key")
            && wireguard.contains("received a request in that protocol")
            && !wireguard.contains("empty datagram"),
        "{wireguard}"
    );
    let unknown = silent_udp(40_404, ErrorLimit::Unlimited);
    assert!(
        unknown.contains("empty datagram")
            && !unknown.contains("received a request in that protocol"),
        "{unknown}"
    );
    assert!(
        unknown
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("a closed port of the same host returned an error")
    );
    let unresponsive = silent_udp(40_404, ErrorLimit::Unresponsive);
    assert!(
        unresponsive.contains("never reported a closed UDP port")
            && !unresponsive.contains("up to 2 times"),
        "{unresponsive}"
    );
}

#[test]
fn commands_for_udp_ports_send_the_same_probe() {
    let dns = silent_udp(53, ErrorLimit::Unlimited);
    for part in [
        "nmap -sU -Pn -n -p 53 --reason 10.0.1.1",
        "sr1(IP(raw(IP(dst=\"10.0.1.1\")/UDP(sport=RandShort(), dport=53)/bytes.fromhex(\"68656c6c6f\"))), timeout=2)",
        "dig @10.0.1.1 -p 53 . NS +tries=1",
    ] {
        assert!(dns.contains(part), "{part}\n{dns}");
    }
    assert!(!dns.contains("TCP("), "{dns}");
}

#[test]
fn a_timestamp_reply_cites_its_rfc() {
    let found = up(samples::host(TARGET), Reason::TimestampReply);
    let test = TestScan::new(TARGET, "1-9", of_host(found, &[], Vec::new()), Vec::new());
    assert!(
        test.explained(Lang::En, None)
            .contains("RFC 792 (timestamp")
    );
    assert!(
        test.explained(Lang::Fr, None)
            .contains("RFC 792 (timestamp")
    );
}

#[test]
fn packets_that_measured_the_path_do_not_count_as_tries() {
    let mut test = open();
    test.packets[1].more = 1;
    test.packets[1].path = 31;
    let explained = test.explained(Lang::En, None);
    assert!(
        explained.contains("One more packet is not shown: retries")
            && explained.contains("31 packets measured the path"),
        "{explained}"
    );
}

proptest! {
    #[test]
    fn hostile_packets_and_names_are_escaped(bytes in proptest::collection::vec(any::<u8>(), 0..90), name in any::<String>(), raw: bool) {
        let mut test = open();
        let link = if raw { vigie_wire::LinkType::RawIp } else { vigie_wire::LinkType::Ethernet };
        let evil = Packet { at: Duration::ZERO, sent: false, link, bytes: bytes.clone() };
        for evidence in &mut test.packets {
            evidence.packets.push(evil.clone());
            evidence.packets.insert(0, evil.clone());
        }
        test.sample.scan.plan.local.routes[0].link_name = name;
        let mut recorder = Recorder::new();
        recorder.record(Duration::ZERO, link, 3, None, &bytes);
        for lang in Lang::ALL {
            let text = test.explained(*lang, Some(72));
            prop_assert!(text.chars().all(|c| is_plain(c) || matches!(c, '\n' | '\\' | '\u{a0}' | '\u{202f}')), "{:?}", text);
        }
    }
}

#[test]
fn another_sender_of_the_answer_is_named() {
    let explained = refused().explained(Lang::En, None);
    assert!(
        explained.contains(&format!("ICMP type 3 code 13  [{ROUTER}] ---|")),
        "{explained}"
    );
    assert!(explained.contains(&format!("Sent by: {ROUTER}")));
    assert_eq!(ip(ROUTER), ip("10.0.9.254"));
}
