//! Records the packets behind results, in bounded memory, while a scan runs.
//!
//! When a probe is sent, it is unknown whether its port will be reported, so every probe waits here for its answer.
//! For each host the recorder retains a few answers of each kind and the first few silent ports, and evicts the others: a
//! result whose packets were evicted has no evidence. Probes of host discovery count for the host, whatever port they
//! target. This file must not know what packets mean beyond the kind of answer.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use vigie_scan::{Purpose, Reason};
use vigie_scope::{Host, Transport};
use vigie_wire::LinkType;

use crate::evidence::{Evidence, Packet, Subject};
use crate::frames;

/// Maximum number of subjects that wait for an answer.
const MAX_WAITING: usize = 1 << 15;
/// Maximum number of subjects that are retained after their answer or their eviction, for all hosts together.
const MAX_RETAINED: usize = 1 << 13;
/// Maximum memory of all packets in bytes.
const MAX_BYTES: usize = 64 << 20;
/// Maximum number of open ports that are retained for each host.
const MAX_OPEN_PER_HOST: u32 = 64;
/// Maximum number of ports with the same other answer that are retained for each host.
const MAX_SAME_PER_HOST: u32 = 2;
/// Maximum number of silent ports that are retained for each host and transport.
const MAX_SILENT_PER_HOST: u32 = 3;
/// Maximum number of packets for each subject: ten probes and their answers.
const MAX_PACKETS: usize = 20;
/// The port that sorts first among a host's subjects.
const FIRST_PORT: Option<(Transport, u16)> = None;

/// Ports with the same outcome: transport, and the reason of the answer (`None` for silence).
type Outcome = (Transport, Option<Reason>);

/// Records packets, and returns those of a host as evidence.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    tracks: BTreeMap<Subject, Track>,
    /// Subjects that wait, oldest first. Some were answered in the meantime.
    waiting: VecDeque<Subject>,
    /// Number of subjects that wait.
    unanswered: usize,
    /// Number of subjects that are retained.
    retained: usize,
    /// Memory of all packets in bytes.
    bytes: usize,
    /// Number of retained ports of each outcome, by host.
    outcomes: BTreeMap<Host, BTreeMap<Outcome, u32>>,
}

/// The packets about one subject.
#[derive(Clone, Debug)]
struct Track {
    packets: Vec<Packet>,
    /// Number of packets that were not stored.
    more: u64,
    /// Number of probes that measured the path, and of their answers.
    path: (u64, u64),
    /// Reason of the first answer.
    answered: Option<Reason>,
    /// Whether it is silent and was retained when it should have been evicted.
    pinned: bool,
}

impl Recorder {
    /// Returns an empty recorder.
    pub fn new() -> Recorder {
        Recorder::default()
    }

    /// Records a packet. `purpose` says why the scan sent it; `None` means that it was received. `interface` is the index
    /// of its interface.
    pub fn record(
        &mut self,
        at: Duration,
        link: LinkType,
        interface: u32,
        purpose: Option<Purpose>,
        bytes: &[u8],
    ) {
        let Some((host, port)) = frames::subject(link, interface, purpose.is_some(), bytes) else {
            return;
        };
        let packet = || Packet {
            at,
            sent: purpose.is_some(),
            link,
            bytes: bytes.to_vec(),
        };
        match purpose {
            Some(Purpose::Host) => self.sent((host, None), packet),
            Some(Purpose::Port) => self.sent((host, port), packet),
            Some(Purpose::Path) => {
                if let Some(track) = self.tracks.get_mut(&(host, port)) {
                    track.path.0 += 1;
                }
            }
            None => {
                if let Some(reason) = frames::answer(link, bytes) {
                    let subject = self.probed((host, port), link, bytes);
                    self.answered(subject, reason, packet);
                }
            }
        }
    }

    /// Returns what an answer from `port` of `host` is about: the port, or the host if host discovery probed that port.
    fn probed(&self, (host, port): Subject, link: LinkType, bytes: &[u8]) -> Subject {
        let by = |subject: Subject| {
            let track = self.tracks.get(&subject);
            let mut packets = track.into_iter().flat_map(|track| &track.packets);
            packets.any(|p| p.sent && frames::is_answer_to(p, link, bytes))
        };
        if port.is_some() && !by((host, port)) && by((host, None)) {
            return (host, None);
        }
        (host, port)
    }

    /// Removes and returns the evidence about a host, including a few silent ports.
    pub fn take_host(&mut self, host: Host) -> Vec<Evidence> {
        let subjects: Vec<Subject> = self
            .tracks
            .range((host, FIRST_PORT)..)
            .take_while(|((h, _), _)| *h == host)
            .map(|(subject, _)| *subject)
            .collect();
        self.outcomes.remove(&host);
        let mut found = Vec::new();
        let mut silent = BTreeMap::<Transport, u32>::new();
        for (host, port) in subjects {
            let Some(track) = self.remove((host, port)) else {
                continue;
            };
            let quiet = port.filter(|_| track.answered.is_none());
            let before = quiet.map_or(0, |(transport, _)| {
                let n = silent.entry(transport).or_default();
                *n += 1;
                *n
            });
            if before <= MAX_SILENT_PER_HOST {
                found.push(Evidence {
                    host,
                    port,
                    packets: track.packets,
                    more: track.more,
                    path: track.path.0 + track.path.1,
                });
            }
        }
        found
    }

    /// Returns the hosts with recorded packets.
    pub fn hosts(&self) -> Vec<Host> {
        let mut hosts: Vec<Host> = self.tracks.keys().map(|(host, _)| *host).collect();
        hosts.dedup();
        hosts
    }

    fn sent(&mut self, subject: Subject, packet: impl FnOnce() -> Packet) {
        if let Some(track) = self.tracks.get_mut(&subject)
            && (track.answered.is_some() || track.packets.len() >= MAX_PACKETS)
        {
            track.more += 1;
            return;
        }
        let packet = packet();
        let fits = self.make_space(packet.cost());
        // This may have evicted the subject itself.
        match self.tracks.get_mut(&subject) {
            Some(track) if fits => {
                self.bytes += packet.cost();
                track.packets.push(packet);
                return;
            }
            Some(track) => {
                track.more += 1;
                return;
            }
            None if !fits => return,
            None => self.bytes += packet.cost(),
        }
        let track = Track {
            packets: vec![packet],
            more: 0,
            path: (0, 0),
            answered: None,
            pinned: false,
        };
        self.tracks.insert(subject, track);
        self.waiting.push_back(subject);
        self.unanswered += 1;
        while self.unanswered > MAX_WAITING {
            self.evict();
        }
        // Subjects that were answered are still in the queue.
        if self.waiting.len() > 4 * MAX_WAITING {
            let tracks = &self.tracks;
            self.waiting
                .retain(|s| tracks.get(s).is_some_and(Track::waits));
        }
    }

    fn answered(&mut self, subject: Subject, reason: Reason, packet: impl FnOnce() -> Packet) {
        let Some(track) = self.tracks.get_mut(&subject) else {
            return;
        };
        if track.answered.is_some() {
            // Equal answers cannot be attributed to one probe. Probes that measured the path are assumed to be answered first.
            if track.path.1 < track.path.0 {
                track.path.1 += 1;
                return;
            }
            if track.answered == Some(reason) || track.packets.len() >= MAX_PACKETS {
                track.more += 1;
                return;
            }
        }
        let packet = packet();
        let fits = self.make_space(packet.cost());
        let Some(track) = self.tracks.get_mut(&subject) else {
            return;
        };
        if !fits {
            track.more += 1;
            return;
        }
        self.bytes += packet.cost();
        track.packets.push(packet);
        if track.answered.is_some() {
            return;
        }
        let pinned = track.pinned;
        track.answered = Some(reason);
        if pinned {
            self.retained -= 1;
        } else {
            self.unanswered -= 1;
        }
        if self.retained < MAX_RETAINED && self.count_outcome(subject, reason) {
            self.retained += 1;
        } else {
            self.forget(subject);
        }
    }

    /// Counts an answer of this reason. Returns whether it is among those that are retained.
    fn count_outcome(&mut self, (host, port): Subject, reason: Reason) -> bool {
        let Some((transport, _)) = port else {
            return true;
        };
        let of_host = self.outcomes.entry(host).or_default();
        let count = of_host.entry((transport, Some(reason))).or_default();
        let max = if is_open(reason) {
            MAX_OPEN_PER_HOST
        } else {
            MAX_SAME_PER_HOST
        };
        *count += 1;
        *count <= max
    }

    /// Evicts the subjects that have waited longest until `cost` more bytes fit. Returns whether they fit.
    fn make_space(&mut self, cost: usize) -> bool {
        while self.bytes + cost > MAX_BYTES && !self.waiting.is_empty() {
            self.evict();
        }
        self.bytes + cost <= MAX_BYTES
    }

    fn forget(&mut self, subject: Subject) -> Option<Track> {
        let track = self.tracks.remove(&subject)?;
        self.bytes -= track.packets.iter().map(Packet::cost).sum::<usize>();
        Some(track)
    }

    /// Evicts the subject that has waited longest, unless it is one of the few silent ports that are retained for each host.
    fn evict(&mut self) {
        let Some(subject) = self.waiting.pop_front() else {
            self.unanswered = 0;
            return;
        };
        let Some(track) = self.tracks.get_mut(&subject).filter(|t| t.waits()) else {
            return;
        };
        self.unanswered -= 1;
        if self.retained < MAX_RETAINED {
            let transport = subject.1.map_or(Transport::Ip, |(transport, _)| transport);
            let of_host = self.outcomes.entry(subject.0).or_default();
            let silent = of_host.entry((transport, None)).or_default();
            if *silent < MAX_SILENT_PER_HOST {
                *silent += 1;
                self.retained += 1;
                track.pinned = true;
                return;
            }
        }
        self.forget(subject);
    }

    fn remove(&mut self, subject: Subject) -> Option<Track> {
        let track = self.forget(subject)?;
        if track.waits() {
            self.unanswered -= 1;
        } else {
            self.retained = self.retained.saturating_sub(1);
        }
        Some(track)
    }
}

impl Track {
    const fn waits(&self) -> bool {
        self.answered.is_none() && !self.pinned
    }
}

/// Whether a port with this answer is open.
const fn is_open(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::SynAck
            | Reason::SplitHandshakeSyn
            | Reason::UdpResponse
            | Reason::InitAck
            | Reason::ProtoResponse
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::packets::{self, Probe};
    use proptest::prelude::*;

    const TARGET: &str = "10.0.1.1";

    fn play(recorder: &mut Recorder, packets: impl IntoIterator<Item = Packet>) {
        record_packets(recorder, Purpose::Port, packets);
    }

    fn record_packets(
        recorder: &mut Recorder,
        purpose: Purpose,
        packets: impl IntoIterator<Item = Packet>,
    ) {
        for p in packets {
            recorder.record(p.at, p.link, 2, p.sent.then_some(purpose), &p.bytes);
        }
    }

    /// Host discovery behind a router: a SYN and an ACK, both answered.
    fn discovery(recorder: &mut Recorder) {
        let (https, http) = (Probe::tcp(TARGET, 443), Probe::tcp(TARGET, 80));
        record_packets(recorder, Purpose::Host, [https.syn(0.0), http.ack(0.1)]);
        record_packets(
            recorder,
            Purpose::Host,
            [http.reset_of_ack(), https.reset()],
        );
    }

    fn directions(evidence: &Evidence) -> Vec<bool> {
        evidence.packets.iter().map(|p| p.sent).collect()
    }

    #[test]
    fn discovery_probes_are_no_evidence_about_a_port() {
        let mut recorder = Recorder::new();
        discovery(&mut recorder);
        let http = Probe::tcp(TARGET, 80);
        play(&mut recorder, [http.syn(3.0), http.syn_ack()]);
        // A late answer to the discovery probe changes nothing.
        play(&mut recorder, [http.reset_of_ack()]);
        let retained = recorder.take_host(packets::host(TARGET));
        assert_eq!(retained.len(), 2, "{retained:?}");
        assert_eq!((retained[0].port, retained[0].more), (None, 2));
        assert_eq!(directions(&retained[0]), [true, true, false]);
        assert!(retained[0].shows(Reason::Reset) && !retained[0].shows(Reason::SynAck));
        assert_eq!(retained[1].port, Some((Transport::Tcp, 80)));
        assert_eq!(retained[1].packets, [http.syn(3.0), http.syn_ack()]);
        assert_eq!((retained[1].more, retained[1].path), (0, 0));
    }

    #[test]
    fn answers_to_discovery_do_not_count_as_answers_of_ports() {
        let mut recorder = Recorder::new();
        discovery(&mut recorder);
        for port in [22, 80, 443] {
            let probe = Probe::tcp(TARGET, port);
            play(&mut recorder, [probe.syn(3.0), probe.reset()]);
        }
        let retained = recorder.take_host(packets::host(TARGET));
        let ports: Vec<_> = retained.iter().filter_map(|e| e.port).collect();
        assert_eq!(ports, [(Transport::Tcp, 22), (Transport::Tcp, 80)]);
        assert!(retained[1..].iter().all(|e| directions(e) == [true, false]));
    }

    #[test]
    fn path_probes_are_counted_apart_from_tries() {
        let mut recorder = Recorder::new();
        let closed = Probe::udp(TARGET, 69);
        let error = || closed.icmp(3, 3, TARGET);
        play(&mut recorder, [closed.syn(1.0), closed.syn(1.1), error()]);
        for _ in 0..31 {
            record_packets(&mut recorder, Purpose::Path, [closed.syn(9.0)]);
        }
        // The host's rate limit suppresses some of the errors.
        play(&mut recorder, (0..12).map(|_| error()));
        let retained = recorder.take_host(packets::host(TARGET));
        assert_eq!(directions(&retained[0]), [true, true, false]);
        assert_eq!((retained[0].more, retained[0].path), (0, 43));
    }

    #[test]
    fn memory_is_bounded_for_large_answers() {
        let mut recorder = Recorder::new();
        for i in 0..4_000u32 {
            let address = std::net::Ipv4Addr::from(0x0a00_0000 + i / 4);
            let probe = Probe::udp(&address.to_string(), 1 + (i % 4) as u16);
            let mut answer = probe.datagram_back();
            answer.bytes.resize(60_000, 0);
            play(&mut recorder, [probe.syn(0.0), answer]);
            assert!(recorder.bytes <= MAX_BYTES);
        }
        let hosts = recorder.hosts();
        assert!(hosts.len() > 250, "{}", hosts.len());
        for host in hosts {
            recorder.take_host(host);
        }
        let left = (recorder.bytes, recorder.unanswered, recorder.retained);
        assert_eq!(left, (0, 0, 0));
    }

    #[test]
    fn few_ports_of_each_outcome_and_all_open_ports_are_retained() {
        let mut recorder = Recorder::new();
        for port in 1..=1_000 {
            let open = port % 100 == 0;
            let probe = Probe::tcp("10.0.1.1", port);
            let answer = if open { probe.syn_ack() } else { probe.reset() };
            play(&mut recorder, [probe.syn(1.0), answer]);
        }
        let retained = recorder.take_host(packets::host("10.0.1.1"));
        let shows = |reason| retained.iter().filter(|e| e.shows(reason)).count();
        assert_eq!((shows(Reason::SynAck), shows(Reason::Reset)), (10, 2));
        assert_eq!(retained.len(), 12);
        assert!(recorder.hosts().is_empty() && recorder.unanswered == 0);
    }

    #[test]
    fn a_silent_port_keeps_its_tries_until_it_answers() {
        let mut recorder = Recorder::new();
        let silent = Probe::tcp("10.0.1.1", 443);
        let slow = Probe::tcp("10.0.1.1", 80);
        play(
            &mut recorder,
            [
                silent.syn(0.0),
                silent.syn(5.0),
                slow.syn(0.0),
                silent.syn(9.0),
                slow.syn(9.0),
                slow.syn_ack(),
                slow.syn_ack(),
                slow.syn(20.0),
            ],
        );
        let retained = recorder.take_host(packets::host("10.0.1.1"));
        assert_eq!(retained.len(), 2);
        assert_eq!((retained[0].packets.len(), retained[0].more), (3, 2));
        assert_eq!((retained[1].packets.len(), retained[1].more), (3, 0));
        assert!(
            retained[1].shows(Reason::NoResponse)
                && retained[1].port == Some((Transport::Tcp, 443))
        );
    }

    #[test]
    fn memory_is_bounded_for_many_probes() {
        let mut recorder = Recorder::new();
        for i in 0..300_000u32 {
            let address = std::net::Ipv4Addr::from(0x0a00_0000 + i / 60_000);
            let probe = Probe::tcp(&address.to_string(), (i % 60_000) as u16);
            play(&mut recorder, [probe.syn(f64::from(i))]);
            if i % 3 == 0 {
                play(&mut recorder, [probe.syn_ack()]);
            }
        }
        assert!(recorder.tracks.len() <= MAX_WAITING + MAX_RETAINED);
        assert!(recorder.waiting.len() <= 4 * MAX_WAITING + 1);
        for host in recorder.hosts() {
            let retained = recorder.take_host(host);
            assert_eq!(
                retained.iter().filter(|e| e.shows(Reason::SynAck)).count(),
                64
            );
            assert_eq!(retained.len(), 67);
        }
        assert_eq!((recorder.unanswered, recorder.retained), (0, 0));
    }

    proptest! {
        #[test]
        fn no_frame_causes_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..120), sent: bool, raw: bool) {
            let link = if raw { LinkType::RawIp } else { LinkType::Ethernet };
            let mut recorder = Recorder::new();
            recorder.record(Duration::ZERO, link, 1, Some(Purpose::Port), &bytes);
            recorder.record(Duration::ZERO, link, 1, sent.then_some(Purpose::Host), &bytes);
            for host in recorder.hosts() {
                for found in recorder.take_host(host) {
                    prop_assert!(!found.packets.is_empty());
                }
            }
        }
    }
}
