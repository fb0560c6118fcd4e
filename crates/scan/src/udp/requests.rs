//! Chooses the requests of each port: those of its own protocols, or of protocols that often run on other ports.
//!
//! This file must not know hosts or rates.

use alloc::vec::Vec;
use core::ops::Range;

use vigie_detect::payload::{self, Payload};

/// A request: the port, by its place in the plan, and its payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub port: u32,
    pub payload: &'static Payload,
}

/// The requests that every host gets, grouped by port.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestTable {
    requests: Vec<Request>,
    /// For each port of the plan, the range of its requests.
    places: Vec<(u32, u32)>,
}

impl RequestTable {
    /// Returns the requests in each port's own protocols; none for ports without a protocol.
    pub(crate) fn own(ports: &[u16]) -> RequestTable {
        RequestTable::new(ports, payload::for_port)
    }

    /// Returns the requests in protocols that may run anywhere, for the ports without a protocol of their own.
    pub(crate) fn generic(ports: &[u16]) -> RequestTable {
        RequestTable::new(ports, |port| {
            if payload::for_port(port).is_empty() {
                payload::FALLBACKS
            } else {
                &[]
            }
        })
    }

    fn new(ports: &[u16], of: impl Fn(u16) -> &'static [&'static Payload]) -> RequestTable {
        let mut requests = RequestTable::default();
        for (i, port) in ports.iter().enumerate() {
            let start = requests.requests.len() as u32;
            let payloads = of(*port).iter();
            requests.requests.extend(payloads.map(|payload| Request {
                port: i as u32,
                payload,
            }));
            requests
                .places
                .push((start, requests.requests.len() as u32));
        }
        requests
    }

    pub(crate) fn len(&self) -> u64 {
        self.requests.len() as u64
    }

    pub(crate) fn at(&self, i: u64) -> Request {
        self.requests[i as usize]
    }

    /// Returns the requests to the port at `port` in the plan.
    pub(crate) fn of(&self, port: u32) -> Range<u64> {
        let (start, end) = self.places[port as usize];
        u64::from(start)..u64::from(end)
    }
}

/// Returns the payloads that may have been sent to a port. Every reply is first read as one of these protocols.
pub(crate) fn known_at(port: u16) -> &'static [&'static Payload] {
    match payload::for_port(port) {
        [] => payload::FALLBACKS,
        own => own,
    }
}
