//! A queue of events that wait for more information about their hosts.
//!
//! This file must not know what they wait for.

use std::collections::{BTreeSet, VecDeque};

use vigie_scan::Event;
use vigie_scan::event::Warning;
use vigie_scope::Host;

/// Events in order of arrival, and the hosts that they wait for.
#[derive(Debug, Default)]
pub(super) struct Hold {
    events: VecDeque<Event>,
    waiting: BTreeSet<Host>,
}

impl Hold {
    /// Makes the last events of `host` wait. Returns false if they already wait.
    pub(super) fn wait_for(&mut self, host: Host) -> bool {
        self.waiting.insert(host)
    }

    /// Returns whether the last events of `host` wait.
    pub(super) fn waits_for(&self, host: Host) -> bool {
        self.waiting.contains(&host)
    }

    /// Releases the events of `host`.
    pub(super) fn resolve(&mut self, host: Host) {
        self.waiting.remove(&host);
    }

    /// Releases all events.
    pub(super) fn resolve_all(&mut self) {
        self.waiting.clear();
    }

    /// Queues a copy of `event` if it must wait, and returns whether it did. An event waits for its host or behind an
    /// earlier event of its host; the end of the scan waits behind any event.
    pub(super) fn push(&mut self, event: &Event) -> bool {
        let waits = match event {
            Event::End(_) => !self.events.is_empty(),
            event => host(event).is_some_and(|host| {
                self.waiting.contains(&host)
                    || self.events.back().and_then(self::host) == Some(host)
            }),
        };
        if waits {
            self.events.push_back(event.clone());
        }
        waits
    }

    /// Removes and returns the next event that no longer has to wait, in order of arrival.
    pub(super) fn release(&mut self) -> Option<Event> {
        let waits = |host| self.waiting.contains(&host);
        if self.events.front().and_then(host).is_some_and(waits) {
            return None;
        }
        self.events.pop_front()
    }

    /// Returns whether an event waits.
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
}

/// Returns the host of an event that may have to wait: a host's last event, or a warning about its open ports.
fn host(event: &Event) -> Option<Host> {
    match event {
        Event::HostDone(summary) => Some(summary.host.host),
        Event::Warning(Warning::AllOpen { host, .. }) => Some(*host),
        _ => None,
    }
}
