//! Keeps the packets that verdicts will rest on, in bounded memory, while a scan runs.
//!
//! Which ports will be worth a word is not known when a probe leaves. So every
//! probe waits here for its answer; of answers alike few are kept for each host,
//! and of silent ports the first few. What is evicted is gone: then a verdict has
//! no packets to show, and none are made up. This file must not know what
//! packets mean beyond the kind of answer.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use vigie_packet::LinkType;
use vigie_scan::{Host, Reason, Transport};

use super::evidence::{self, Evidence, Packet, Subject};

/// At most so many subjects wait for an answer.
const MOST_WAITING: usize = 1 << 15;
/// At most so many answered ones are kept, of all hosts.
const MOST_KEPT: usize = 1 << 13;
/// Of one host: answers that show something open, other answers of one kind, silent ports.
const OPEN_OF_HOST: u32 = 64;
const ALIKE_OF_HOST: u32 = 2;
const SILENT_OF_HOST: u32 = 3;
/// The most packets kept of one subject: ten tries and their answers.
const MOST_PACKETS: usize = 20;
/// The lowest address and port of a host.
const FIRST: Option<(Transport, u16)> = None;

/// Keeps packets.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    tracks: BTreeMap<Subject, Track>,
    /// Who waits, the oldest first; some were answered meanwhile.
    waiting: VecDeque<Subject>,
    unanswered: usize,
    kept: usize,
    alike: BTreeMap<(Host, Option<Reason>), u32>,
}

#[derive(Clone, Debug)]
struct Track {
    packets: Vec<Packet>,
    more: u64,
    answered: Option<Reason>,
    /// Silent, and kept when its turn to be evicted came.
    pinned: bool,
}

impl Recorder {
    /// Nothing kept so far.
    pub fn new() -> Recorder {
        Recorder::default()
    }

    /// Takes a packet of the scan; `interface` is its interface's index.
    pub fn take(&mut self, at: Duration, link: LinkType, interface: u32, sent: bool, bytes: &[u8]) {
        let Some(subject) = evidence::subject(link, interface, sent, bytes) else {
            return;
        };
        let packet = || Packet {
            at,
            sent,
            link,
            bytes: bytes.to_vec(),
        };
        if sent {
            self.sent(subject, packet);
        } else if let Some(reason) = evidence::answer(link, bytes) {
            self.answered(subject, reason, packet);
        }
    }

    /// What is kept of a host, its silent ports among it; nothing of it stays here.
    pub fn of_host(&mut self, host: Host) -> Vec<Evidence> {
        let subjects: Vec<Subject> = self
            .tracks
            .range((host, FIRST)..)
            .take_while(|((h, _), _)| *h == host)
            .map(|(subject, _)| *subject)
            .collect();
        let kinds: Vec<_> = self
            .alike
            .range((host, None)..)
            .take_while(|((h, _), _)| *h == host)
            .map(|(kind, _)| *kind)
            .collect();
        for kind in kinds {
            self.alike.remove(&kind);
        }
        let mut found = Vec::new();
        let mut silent = 0;
        for (host, port) in subjects {
            let Some(track) = self.remove((host, port)) else {
                continue;
            };
            // Of the host itself silence is one thing, of its ports another.
            let quiet = track.answered.is_none() && port.is_some();
            silent += u32::from(quiet);
            if !quiet || silent <= SILENT_OF_HOST {
                let Track { packets, more, .. } = track;
                found.push(Evidence {
                    host,
                    port,
                    packets,
                    more,
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
        if let Some(track) = self.tracks.get_mut(&subject) {
            if track.answered.is_some() || track.packets.len() >= MOST_PACKETS {
                track.more += 1;
            } else {
                track.packets.push(packet());
            }
            return;
        }
        let track = Track {
            packets: vec![packet()],
            more: 0,
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
        match track.answered {
            Some(before) if before == reason || track.packets.len() >= MOST_PACKETS => {
                track.more += 1;
                return;
            }
            Some(_) => {
                track.packets.push(packet());
                return;
            }
            None => track.packets.push(packet()),
        }
        let pinned = track.pinned;
        track.answered = Some(reason);
        if !pinned {
            self.unanswered -= 1;
        }
        if self.kept >= MOST_KEPT && !pinned {
            self.tracks.remove(&subject);
            return;
        }
        let alike = self.alike.entry((subject.0, Some(reason))).or_default();
        let most = if says_open(reason) {
            OPEN_OF_HOST
        } else {
            ALIKE_OF_HOST
        };
        if *alike < most {
            *alike += 1;
            self.kept += usize::from(!pinned);
        } else {
            self.tracks.remove(&subject);
            self.kept -= usize::from(pinned);
        }
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
            let silent = self.alike.entry((subject.0, None)).or_default();
            if *silent < SILENT_OF_HOST {
                *silent += 1;
                self.kept += 1;
                track.pinned = true;
                return;
            }
        }
        self.tracks.remove(&subject);
    }

    fn remove(&mut self, subject: Subject) -> Option<Track> {
        let track = self.tracks.remove(&subject)?;
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
    use crate::scan::explain::wire::{self, Probe};
    use proptest::prelude::*;

    fn play(recorder: &mut Recorder, packets: impl IntoIterator<Item = Packet>) {
        for p in packets {
            recorder.take(p.at, p.link, 2, p.sent, &p.bytes);
        }
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
        let kept = recorder.of_host(wire::host("10.0.1.1"));
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
        let kept = recorder.of_host(wire::host("10.0.1.1"));
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
            recorder.take(Duration::ZERO, link, 1, true, &bytes);
            recorder.take(Duration::ZERO, link, 1, sent, &bytes);
            for host in recorder.hosts() {
                for found in recorder.of_host(host) {
                    prop_assert!(!found.packets.is_empty());
                }
            }
        }
    }
}
