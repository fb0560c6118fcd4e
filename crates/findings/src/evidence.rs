//! The packets behind a result: the scan's own frames with their times.

use std::collections::BTreeMap;
use std::time::Duration;

use vigie_scan::Reason;
use vigie_scope::{Host, Transport};
use vigie_wire::LinkType;

use crate::frames;

/// A packet of the scan, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Time since the scan began.
    pub at: Duration,
    /// Whether the scan sent it; otherwise it was received.
    pub sent: bool,
    /// Link type: the header that the bytes begin with.
    pub link: LinkType,
    /// The bytes, from the link-layer header on.
    pub bytes: Vec<u8>,
}

/// The host, or the port of a host, that packets are about.
pub type Subject = (Host, Option<(Transport, u16)>);

/// The packets about one host or port, in order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The host.
    pub host: Host,
    /// The port; `None` for the packets of host discovery.
    pub port: Option<(Transport, u16)>,
    /// The packets, in order of time.
    pub packets: Vec<Packet>,
    /// Number of probes and answers that were not stored.
    pub more: u64,
    /// Number of packets that measured the path or the host's rate limit. They targeted ports whose state was already
    /// known.
    pub path: u64,
}

/// Evidence about many hosts, for explanations at the end of a scan. Its memory is bounded: when it is full, further
/// evidence is dropped.
#[derive(Clone, Debug, Default)]
pub struct EvidenceStore {
    by_subject: BTreeMap<Subject, Evidence>,
    bytes: usize,
}

impl EvidenceStore {
    /// Maximum memory in bytes, counted as [`Packet::cost`] does.
    const MAX_BYTES: usize = 64 << 20;

    /// Stores a copy of the evidence if it fits.
    pub fn add(&mut self, evidence: &Evidence) {
        let cost: usize = evidence.packets.iter().map(Packet::cost).sum();
        if self.bytes + cost <= EvidenceStore::MAX_BYTES {
            self.bytes += cost;
            self.by_subject.insert(evidence.subject(), evidence.clone());
        }
    }

    /// Returns the evidence by subject.
    pub fn all(&self) -> &BTreeMap<Subject, Evidence> {
        &self.by_subject
    }
}

impl Packet {
    /// Approximate memory that a packet takes in addition to its bytes, in bytes.
    const OVERHEAD: usize = 64;

    /// Returns the memory that the packet takes, in bytes.
    pub fn cost(&self) -> usize {
        self.bytes.len() + Packet::OVERHEAD
    }
}

impl Evidence {
    /// Returns the host and port.
    pub fn subject(&self) -> Subject {
        (self.host, self.port)
    }

    /// Whether one of the answers gives this reason. [`Reason::NoResponse`] means that there is no answer.
    pub fn shows(&self, reason: Reason) -> bool {
        let mut answers = self.packets.iter().filter(|p| !p.sent);
        match reason {
            Reason::NoResponse => answers.next().is_none(),
            _ => answers.any(|p| frames::answer(p.link, &p.bytes) == Some(reason)),
        }
    }
}
