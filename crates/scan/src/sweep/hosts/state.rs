//! The evidence on hosts as part of a checkpoint.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::{HostEvidence, Hosts, RateLimit};
use crate::checkpoint::codec::{DecodeError, Reader, Writer};
use crate::loss::{FirstAnswers, Trials};
use crate::time::Instant;

impl Hosts {
    /// Returns the evidence for a checkpoint.
    pub(crate) fn state(&self) -> HostsState {
        let used = self.entries.iter().enumerate();
        let used = used.filter(|(_, a)| !a.is_empty());
        HostsState {
            entries: used.map(|(slot, a)| (slot as u64, *a)).collect(),
            unseen: self.unseen,
            settled: self.settled,
            suppressed: self.suppressed,
            rate_limits: self
                .rate_limits
                .iter()
                .map(|(host, l)| (*host, l.proven))
                .collect(),
        }
    }

    /// Restores the evidence of an earlier run.
    pub(crate) fn resume(&mut self, now: Instant, state: &HostsState) {
        for (slot, entry) in &state.entries {
            let slot = usize::try_from(*slot).ok();
            if let Some(mine) = slot.and_then(|slot| self.entries.get_mut(slot)) {
                *mine = *entry;
            }
        }
        self.unseen = state.unseen;
        self.settled = state.settled;
        self.suppressed = state.suppressed;
        let limited = |proven| RateLimit {
            proven,
            since: now,
            last: now,
            count: 0,
        };
        self.rate_limits = state
            .rate_limits
            .iter()
            .map(|(host, proven)| (*host, limited(*proven)))
            .collect();
    }
}

/// The evidence on hosts in a checkpoint. Entries without evidence are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HostsState {
    entries: Vec<(u64, HostEvidence)>,
    unseen: (bool, u8),
    settled: bool,
    suppressed: u64,
    rate_limits: Vec<(u64, bool)>,
}

impl HostsState {
    /// Joins the evidence of two partitions of one sweep.
    pub(crate) fn join(&mut self, other: HostsState) {
        let mut entries: BTreeMap<u64, HostEvidence> = self.entries.drain(..).collect();
        for (slot, of) in other.entries {
            entries
                .entry(slot)
                .and_modify(|mine| mine.add(&of))
                .or_insert(of);
        }
        self.entries = entries.into_iter().collect();
        self.unseen = (
            self.unseen.0 && other.unseen.0,
            self.unseen.1.max(other.unseen.1),
        );
        self.settled &= other.settled;
        self.suppressed += other.suppressed;
        self.rate_limits.extend(other.rate_limits);
        self.rate_limits.sort_unstable();
        self.rate_limits.dedup_by_key(|(host, _)| *host);
    }

    pub(crate) fn encode(&self, w: &mut Writer) {
        w.list(self.entries.iter(), |w, (slot, a)| {
            w.u64(*slot);
            for firsts in [a.negative, a.other] {
                w.u32(firsts.first);
                w.u32(firsts.later);
            }
            for trials in [a.negative_canaries, a.other_canaries, a.retries] {
                trials.encode(w);
            }
            w.u8(u8::from(a.proven));
            w.u8(a.skipped);
            w.u8(u8::from(a.limited));
        });
        w.u8(u8::from(self.unseen.0));
        w.u8(self.unseen.1);
        w.u8(u8::from(self.settled));
        w.u64(self.suppressed);
        w.list(self.rate_limits.iter(), |w, (host, proven)| {
            w.u64(*host);
            w.u8(u8::from(*proven));
        });
    }

    pub(crate) fn decode(r: &mut Reader<'_>) -> Result<HostsState, DecodeError> {
        let firsts = |r: &mut Reader<'_>| {
            Ok(FirstAnswers {
                first: r.u32()?,
                later: r.u32()?,
            })
        };
        let entries = r.list(|r| {
            let slot = r.u64()?;
            let entry = HostEvidence {
                negative: firsts(r)?,
                other: firsts(r)?,
                negative_canaries: Trials::decode(r)?,
                other_canaries: Trials::decode(r)?,
                retries: Trials::decode(r)?,
                proven: r.u8()? != 0,
                skipped: r.u8()?,
                limited: r.u8()? != 0,
            };
            Ok((slot, entry))
        })?;
        Ok(HostsState {
            entries,
            unseen: (r.u8()? != 0, r.u8()?),
            settled: r.u8()? != 0,
            suppressed: r.u64()?,
            rate_limits: r.list(|r| Ok((r.u64()?, r.u8()? != 0)))?,
        })
    }
}
