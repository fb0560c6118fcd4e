//! One answer of a port, and the counts of a host's ports.

use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use vigie_scope::ports::PortList;

use crate::event::StateCount;
use crate::finding::{Finding, PortState, Reason};
use crate::host_table::HostTable;

/// An answer of a port: a finding without host and port, which follow from its index.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Answer {
    pub index: u64,
    pub state: PortState,
    pub reason: Reason,
    pub from: Option<IpAddr>,
    pub ttl: Option<u8>,
    pub rtt: Option<Duration>,
    pub tries: u8,
}

impl Answer {
    pub(crate) fn finding(&self, host_table: &HostTable, ports: &PortList) -> Finding {
        let n = ports.len() as u64;
        let (transport, port) = ports.at((self.index % n) as usize);
        Finding {
            host: host_table.at(self.index / n).0,
            transport,
            port,
            state: self.state,
            reason: self.reason,
            from: self.from,
            ttl: self.ttl,
            rtt: self.rtt,
            tries: self.tries,
            miss_probability: 0.0,
            service: None,
            detail: None,
        }
    }
}

/// Number of a host's ports by state and reason.
#[derive(Clone, Debug, Default)]
pub(crate) struct Groups(pub(super) Vec<StateCount>);

impl Groups {
    /// Counts one more port.
    pub(crate) fn count(&mut self, state: PortState, reason: Reason, tries: u8, miss: f64) {
        let same = |g: &&mut StateCount| g.state == state && g.reason == reason;
        match self.0.iter_mut().find(same) {
            Some(group) => {
                group.count += 1;
                group.tries = group.tries.max(tries);
                group.miss_probability = group.miss_probability.max(miss);
            }
            None => self.0.push(StateCount {
                state,
                reason,
                count: 1,
                listed: false,
                miss_probability: miss,
                tries,
            }),
        }
    }
}
