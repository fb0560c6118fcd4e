//! What is known of hosts, for a checkpoint, and taken up again.
//!
//! This file must not know files; [`crate::checkpoint`] seals what it writes.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::{Account, Hosts, Limited};
use crate::loss::{FirstAnswers, Trials};
use crate::time::Instant;
use crate::wire::{DecodeError, Reader, Writer};

impl Hosts {
    /// What is known, for a checkpoint.
    pub(crate) fn state(&self) -> HostsState {
        let used = self.accounts.iter().enumerate();
        let used = used.filter(|(_, a)| !a.is_empty());
        HostsState {
            accounts: used.map(|(slot, a)| (slot as u64, *a)).collect(),
            idle: self.idle,
            settled: self.settled,
            suppressed: self.suppressed,
            limited: self
                .limited
                .iter()
                .map(|(host, l)| (*host, l.proven))
                .collect(),
        }
    }

    /// Takes up what an earlier run knew.
    pub(crate) fn resume(&mut self, now: Instant, state: &HostsState) {
        for (slot, account) in &state.accounts {
            let slot = usize::try_from(*slot).ok();
            if let Some(mine) = slot.and_then(|slot| self.accounts.get_mut(slot)) {
                *mine = *account;
            }
        }
        self.idle = state.idle;
        self.settled = state.settled;
        self.suppressed = state.suppressed;
        let limited = |proven| Limited {
            proven,
            since: now,
            last: now,
            count: 0,
        };
        self.limited = state
            .limited
            .iter()
            .map(|(host, proven)| (*host, limited(*proven)))
            .collect();
    }
}

/// What is known of hosts, for a checkpoint: only those that have shown something.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HostsState {
    accounts: Vec<(u64, Account)>,
    idle: (bool, u8),
    settled: bool,
    suppressed: u64,
    limited: Vec<(u64, bool)>,
}

impl HostsState {
    /// Of two parts of a sweep, as of one.
    pub(crate) fn join(&mut self, other: HostsState) {
        let mut accounts: BTreeMap<u64, Account> = self.accounts.drain(..).collect();
        for (slot, of) in other.accounts {
            accounts
                .entry(slot)
                .and_modify(|mine| mine.add(&of))
                .or_insert(of);
        }
        self.accounts = accounts.into_iter().collect();
        self.idle = (self.idle.0 && other.idle.0, self.idle.1.max(other.idle.1));
        self.settled &= other.settled;
        self.suppressed += other.suppressed;
        self.limited.extend(other.limited);
        self.limited.sort_unstable();
        self.limited.dedup_by_key(|(host, _)| *host);
    }

    pub(crate) fn encode(&self, w: &mut Writer) {
        w.list(self.accounts.iter(), |w, (slot, a)| {
            w.u64(*slot);
            for firsts in [a.negative, a.other] {
                w.u32(firsts.first);
                w.u32(firsts.later);
            }
            for trials in [a.negative_canaries, a.other_canaries, a.again] {
                trials.encode(w);
            }
            w.u8(u8::from(a.done));
            w.u8(a.skipped);
            w.u8(u8::from(a.limited));
        });
        w.u8(u8::from(self.idle.0));
        w.u8(self.idle.1);
        w.u8(u8::from(self.settled));
        w.u64(self.suppressed);
        w.list(self.limited.iter(), |w, (host, proven)| {
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
        let accounts = r.list(|r| {
            let slot = r.u64()?;
            let account = Account {
                negative: firsts(r)?,
                other: firsts(r)?,
                negative_canaries: Trials::decode(r)?,
                other_canaries: Trials::decode(r)?,
                again: Trials::decode(r)?,
                done: r.u8()? != 0,
                skipped: r.u8()?,
                limited: r.u8()? != 0,
            };
            Ok((slot, account))
        })?;
        Ok(HostsState {
            accounts,
            idle: (r.u8()? != 0, r.u8()?),
            settled: r.u8()? != 0,
            suppressed: r.u64()?,
            limited: r.list(|r| Ok((r.u64()?, r.u8()? != 0)))?,
        })
    }
}
