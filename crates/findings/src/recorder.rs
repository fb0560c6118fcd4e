//! Keeps the packets that verdicts will rest on, in bounded memory, while a scan runs.
//!
//! Which ports will be worth a word is not known when a probe leaves. So every
//! probe waits here for its answer; of answers alike few are kept for each host,
//! and of silent ports the first few. What is evicted is gone: then a verdict has
//! no packets to show, and none are made up. What looked for the host is the
//! host's, whatever port it went to. This file must not know what packets mean
//! beyond the kind of answer.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use vigie_scan::{Purpose, Reason};
use vigie_scope::{Host, Transport};
use vigie_wire::LinkType;

use crate::evidence::{self, Evidence, Packet, Subject};

/// At most so many subjects wait for an answer.
const MOST_WAITING: usize = 1 << 15;
/// At most so many answered ones are kept, of all hosts.
const MOST_KEPT: usize = 1 << 13;
/// At most so many bytes are kept in all, whoever sends how much.
const MOST_BYTES: usize = 64 << 20;
/// Of one host: answers that show something open, other answers of one kind, silent ports.
const OPEN_OF_HOST: u32 = 64;
const ALIKE_OF_HOST: u32 = 2;
const SILENT_OF_HOST: u32 = 3;
/// The most packets kept of one subject: ten tries and their answers.
const MOST_PACKETS: usize = 20;
/// The lowest address and port of a host.
const FIRST: Option<(Transport, u16)> = None;

/// Of which answers few are enough: ports of one transport that gave one reason, or none.
type Alike = (Transport, Option<Reason>);

/// Keeps packets.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    tracks: BTreeMap<Subject, Track>,
    /// Who waits, the oldest first; some were answered meanwhile.
    waiting: VecDeque<Subject>,
    unanswered: usize,
    kept: usize,
    bytes: usize,
    alike: BTreeMap<Host, BTreeMap<Alike, u32>>,
}

#[derive(Clone, Debug)]
struct Track {
    packets: Vec<Packet>,
    more: u64,
    /// Probes that measured the path, and their answers.
    path: (u64, u64),
    answered: Option<Reason>,
    /// Silent, and kept when its turn to be evicted came.
    pinned: bool,
}

impl Recorder {
    /// Nothing kept so far.
    pub fn new() -> Recorder {
        Recorder::default()
    }

    /// Takes a packet that the scan sent for what `purpose` tells, or received (none); `interface` is its interface's
    /// index.
    pub fn take(
        &mut self,
        at: Duration,
        link: LinkType,
        interface: u32,
        purpose: Option<Purpose>,
        bytes: &[u8],
    ) {
        let Some((host, port)) = evidence::subject(link, interface, purpose.is_some(), bytes)
        else {
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
                if let Some(reason) = evidence::answer(link, bytes) {
                    let subject = self.asked((host, port), link, bytes);
                    self.answered(subject, reason, packet);
                }
            }
        }
    }

    /// Whose answer a frame from `port` of `host` is: the port's, or the host's that was looked for by that port.
    fn asked(&self, (host, port): Subject, link: LinkType, bytes: &[u8]) -> Subject {
        let by = |subject: Subject| {
            let track = self.tracks.get(&subject);
            let mut packets = track.into_iter().flat_map(|track| &track.packets);
            packets.any(|p| p.sent && evidence::pairs(p, link, bytes))
        };
        if port.is_some() && !by((host, port)) && by((host, None)) {
            return (host, None);
        }
        (host, port)
    }

    /// What is kept of a host, its silent ports among it; nothing of it stays here.
    pub fn of_host(&mut self, host: Host) -> Vec<Evidence> {
        let subjects: Vec<Subject> = self
            .tracks
            .range((host, FIRST)..)
            .take_while(|((h, _), _)| *h == host)
            .map(|(subject, _)| *subject)
            .collect();
        self.alike.remove(&host);
        let mut found = Vec::new();
        let mut silent = BTreeMap::<Transport, u32>::new();
        for (host, port) in subjects {
            let Some(track) = self.remove((host, port)) else {
                continue;
            };
            // Of the host itself silence is one thing, of its ports another.
            let quiet = port.filter(|_| track.answered.is_none());
            let before = quiet.map_or(0, |(transport, _)| {
                let n = silent.entry(transport).or_default();
                *n += 1;
                *n
            });
            if before <= SILENT_OF_HOST {
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

    /// The hosts of which something is kept.
    pub fn hosts(&self) -> Vec<Host> {
        let mut hosts: Vec<Host> = self.tracks.keys().map(|(host, _)| *host).collect();
        hosts.dedup();
        hosts
    }

    fn sent(&mut self, subject: Subject, packet: impl FnOnce() -> Packet) {
        if let Some(track) = self.tracks.get_mut(&subject)
            && (track.answered.is_some() || track.packets.len() >= MOST_PACKETS)
        {
            track.more += 1;
            return;
        }
        let packet = packet();
        let room = self.make_room(packet.cost());
        // Making room may have let go of this very subject.
        match self.tracks.get_mut(&subject) {
            Some(track) if room => {
                self.bytes += packet.cost();
                track.packets.push(packet);
                return;
            }
            Some(track) => {
                track.more += 1;
                return;
            }
            None if !room => return,
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
        while self.unanswered > MOST_WAITING {
            self.evict();
        }
        // Answered ones leave their places in the queue behind.
        if self.waiting.len() > 4 * MOST_WAITING {
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
            // It is not told which of several equal answers is whose: those that are known beforehand come again.
            if track.path.1 < track.path.0 {
                track.path.1 += 1;
                return;
            }
            if track.answered == Some(reason) || track.packets.len() >= MOST_PACKETS {
                track.more += 1;
                return;
            }
        }
        let packet = packet();
        let room = self.make_room(packet.cost());
        let Some(track) = self.tracks.get_mut(&subject) else {
            return;
        };
        if !room {
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
            self.kept -= 1;
        } else {
            self.unanswered -= 1;
        }
        if self.kept < MOST_KEPT && self.is_among_few(subject, reason) {
            self.kept += 1;
        } else {
            self.forget(subject);
        }
    }

    /// Whether few enough answers like this one are kept; it is counted.
    fn is_among_few(&mut self, (host, port): Subject, reason: Reason) -> bool {
        let Some((transport, _)) = port else {
            return true;
        };
        let of_host = self.alike.entry(host).or_default();
        let alike = of_host.entry((transport, Some(reason))).or_default();
        let most = if says_open(reason) {
            OPEN_OF_HOST
        } else {
            ALIKE_OF_HOST
        };
        *alike += 1;
        *alike <= most
    }

    /// Lets go of who has waited longest until so many bytes more fit; whether they do.
    fn make_room(&mut self, cost: usize) -> bool {
        while self.bytes + cost > MOST_BYTES && !self.waiting.is_empty() {
            self.evict();
        }
        self.bytes + cost <= MOST_BYTES
    }

    fn forget(&mut self, subject: Subject) -> Option<Track> {
        let track = self.tracks.remove(&subject)?;
        self.bytes -= track.packets.iter().map(Packet::cost).sum::<usize>();
        Some(track)
    }

    /// Lets go of who has waited longest, but for a few of each host.
    fn evict(&mut self) {
        let Some(subject) = self.waiting.pop_front() else {
            self.unanswered = 0;
            return;
        };
        let Some(track) = self.tracks.get_mut(&subject).filter(|t| t.waits()) else {
            return;
        };
        self.unanswered -= 1;
        if self.kept < MOST_KEPT {
            let transport = subject.1.map_or(Transport::Ip, |(transport, _)| transport);
            let of_host = self.alike.entry(subject.0).or_default();
            let silent = of_host.entry((transport, None)).or_default();
            if *silent < SILENT_OF_HOST {
                *silent += 1;
                self.kept += 1;
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
            self.kept = self.kept.saturating_sub(1);
        }
        Some(track)
    }
}

impl Track {
    const fn waits(&self) -> bool {
        self.answered.is_none() && !self.pinned
    }
}

/// Whether such an answer comes from something that is open.
const fn says_open(reason: Reason) -> bool {
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
        play_for(recorder, Purpose::Port, packets);
    }

    fn play_for(
        recorder: &mut Recorder,
        purpose: Purpose,
        packets: impl IntoIterator<Item = Packet>,
    ) {
        for p in packets {
            recorder.take(p.at, p.link, 2, p.sent.then_some(purpose), &p.bytes);
        }
    }

    /// What looks for a host behind a router: three questions, of which an ACK is answered.
    fn discovery(recorder: &mut Recorder) {
        let (https, http) = (Probe::tcp(TARGET, 443), Probe::tcp(TARGET, 80));
        play_for(recorder, Purpose::Host, [https.syn(0.0), http.ack(0.1)]);
        play_for(
            recorder,
            Purpose::Host,
            [http.reset_of_ack(), https.reset()],
        );
    }

    fn directions(evidence: &Evidence) -> Vec<bool> {
        evidence.packets.iter().map(|p| p.sent).collect()
    }

    #[test]
    fn what_looked_for_the_host_is_no_evidence_of_a_port() {
        let mut recorder = Recorder::new();
        discovery(&mut recorder);
        let http = Probe::tcp(TARGET, 80);
        play(&mut recorder, [http.syn(3.0), http.syn_ack()]);
        // A late answer to the host's question changes nothing.
        play(&mut recorder, [http.reset_of_ack()]);
        let kept = recorder.of_host(packets::host(TARGET));
        assert_eq!(kept.len(), 2, "{kept:?}");
        assert_eq!((kept[0].port, kept[0].more), (None, 2));
        assert_eq!(directions(&kept[0]), [true, true, false]);
        assert!(kept[0].shows(Reason::Reset) && !kept[0].shows(Reason::SynAck));
        assert_eq!(kept[1].port, Some((Transport::Tcp, 80)));
        assert_eq!(kept[1].packets, [http.syn(3.0), http.syn_ack()]);
        assert_eq!((kept[1].more, kept[1].path), (0, 0));
    }

    #[test]
    fn the_hosts_resets_use_up_nothing_of_what_is_kept_of_its_ports() {
        let mut recorder = Recorder::new();
        discovery(&mut recorder);
        for port in [22, 80, 443] {
            let probe = Probe::tcp(TARGET, port);
            play(&mut recorder, [probe.syn(3.0), probe.reset()]);
        }
        let kept = recorder.of_host(packets::host(TARGET));
        let ports: Vec<_> = kept.iter().filter_map(|e| e.port).collect();
        assert_eq!(ports, [(Transport::Tcp, 22), (Transport::Tcp, 80)]);
        assert!(kept[1..].iter().all(|e| directions(e) == [true, false]));
    }

    #[test]
    fn probes_of_the_path_are_told_apart_from_tries() {
        let mut recorder = Recorder::new();
        let closed = Probe::udp(TARGET, 69);
        let refusal = || closed.icmp(3, 3, TARGET);
        play(&mut recorder, [closed.syn(1.0), closed.syn(1.1), refusal()]);
        for _ in 0..31 {
            play_for(&mut recorder, Purpose::Path, [closed.syn(9.0)]);
        }
        // Of the control datagrams' errors some are held back by the host's limit.
        play(&mut recorder, (0..12).map(|_| refusal()));
        let kept = recorder.of_host(packets::host(TARGET));
        assert_eq!(directions(&kept[0]), [true, true, false]);
        assert_eq!((kept[0].more, kept[0].path), (0, 43));
    }

    #[test]
    fn the_bytes_are_bounded_whoever_sends_them() {
        let mut recorder = Recorder::new();
        for i in 0..4_000u32 {
            let address = std::net::Ipv4Addr::from(0x0a00_0000 + i / 4);
            let probe = Probe::udp(&address.to_string(), 1 + (i % 4) as u16);
            let mut answer = probe.datagram_back();
            answer.bytes.resize(60_000, 0);
            play(&mut recorder, [probe.syn(0.0), answer]);
            assert!(recorder.bytes <= MOST_BYTES);
        }
        let hosts = recorder.hosts();
        assert!(hosts.len() > 250, "{}", hosts.len());
        for host in hosts {
            recorder.of_host(host);
        }
        let left = (recorder.bytes, recorder.unanswered, recorder.kept);
        assert_eq!(left, (0, 0, 0));
    }

    #[test]
    fn of_ports_alike_few_are_kept_and_every_open_one() {
        let mut recorder = Recorder::new();
        for port in 1..=1_000 {
            let open = port % 100 == 0;
            let probe = Probe::tcp("10.0.1.1", port);
            let answer = if open { probe.syn_ack() } else { probe.reset() };
            play(&mut recorder, [probe.syn(1.0), answer]);
        }
        let kept = recorder.of_host(packets::host("10.0.1.1"));
        let shows = |reason| kept.iter().filter(|e| e.shows(reason)).count();
        assert_eq!((shows(Reason::SynAck), shows(Reason::Reset)), (10, 2));
        assert_eq!(kept.len(), 12);
        assert!(recorder.hosts().is_empty() && recorder.unanswered == 0);
    }

    #[test]
    fn a_silent_port_keeps_its_tries_and_an_answer_ends_the_keeping() {
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
        let kept = recorder.of_host(packets::host("10.0.1.1"));
        assert_eq!(kept.len(), 2);
        assert_eq!((kept[0].packets.len(), kept[0].more), (3, 2));
        assert_eq!((kept[1].packets.len(), kept[1].more), (3, 0));
        assert!(kept[1].shows(Reason::NoResponse) && kept[1].port == Some((Transport::Tcp, 443)));
    }

    #[test]
    fn memory_is_bounded_whatever_is_sent() {
        let mut recorder = Recorder::new();
        for i in 0..300_000u32 {
            let address = std::net::Ipv4Addr::from(0x0a00_0000 + i / 60_000);
            let probe = Probe::tcp(&address.to_string(), (i % 60_000) as u16);
            play(&mut recorder, [probe.syn(f64::from(i))]);
            if i % 3 == 0 {
                play(&mut recorder, [probe.syn_ack()]);
            }
        }
        assert!(recorder.tracks.len() <= MOST_WAITING + MOST_KEPT);
        assert!(recorder.waiting.len() <= 4 * MOST_WAITING + 1);
        for host in recorder.hosts() {
            let kept = recorder.of_host(host);
            assert_eq!(kept.iter().filter(|e| e.shows(Reason::SynAck)).count(), 64);
            assert_eq!(kept.len(), 67);
        }
        assert_eq!((recorder.unanswered, recorder.kept), (0, 0));
    }

    proptest! {
        #[test]
        fn no_frame_breaks_it(bytes in proptest::collection::vec(any::<u8>(), 0..120), sent: bool, raw: bool) {
            let link = if raw { LinkType::RawIp } else { LinkType::Ethernet };
            let mut recorder = Recorder::new();
            recorder.take(Duration::ZERO, link, 1, Some(Purpose::Port), &bytes);
            recorder.take(Duration::ZERO, link, 1, sent.then_some(Purpose::Host), &bytes);
            for host in recorder.hosts() {
                for found in recorder.of_host(host) {
                    prop_assert!(!found.packets.is_empty());
                }
            }
        }
    }
}
