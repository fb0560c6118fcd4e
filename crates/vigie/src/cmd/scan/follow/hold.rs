//! A queue of events that wait for more information about their hosts.
//!
//! It must not know what is waited for.

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
    /// Makes the last events of `host` wait. Returns false if they do already.
    pub(super) fn wait_for(&mut self, host: Host) -> bool {
        self.waiting.insert(host)
    }

    /// Returns whether the last events of `host` wait.
    pub(super) fn waits_for(&self, host: Host) -> bool {
        self.waiting.contains(&host)
    }

    /// Lets the events of `host` go on.
    pub(super) fn resolve(&mut self, host: Host) {
        self.waiting.remove(&host);
    }

    /// Lets all events go on.
    pub(super) fn resolve_all(&mut self) {
        self.waiting.clear();
    }

    /// Keeps `event` if it must wait: for its host, behind another event of its host, or, for the end of the scan,
    /// behind any event.
    pub(super) fn keep(&mut self, event: &Event) -> bool {
        let keep = match event {
            Event::End(_) => !self.events.is_empty(),
            event => host(event).is_some_and(|host| {
                self.waiting.contains(&host)
                    || self.events.back().and_then(self::host) == Some(host)
            }),
        };
        if keep {
            self.events.push_back(event.clone());
        }
        keep
    }

    /// Returns the next event that need not wait any longer, in order of arrival.
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
