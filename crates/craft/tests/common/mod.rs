//! Helpers for tests of expressions: a machine with the service names of /etc/services, and seeded random numbers.

use std::time::Duration;
use vigie_craft::lang::{
    Captured, Exchange, ExchangeOptions, Runtime, RuntimeError, SendOptions, SniffOptions,
};
use vigie_craft::model::Service;
use vigie_craft::{Env, Packet};
use vigie_wire::LinkType;

/// A machine that knows only the names in /etc/services, and collects what is printed.
pub(crate) struct Local {
    services: Vec<(String, u16, Service)>,
    /// Printed text.
    pub(crate) printed: String,
}

impl Default for Local {
    fn default() -> Self {
        static SERVICES: std::sync::OnceLock<Vec<(String, u16, Service)>> =
            std::sync::OnceLock::new();
        Self {
            services: SERVICES.get_or_init(services).clone(),
            printed: String::new(),
        }
    }
}

fn services() -> Vec<(String, u16, Service)> {
    let text = std::fs::read_to_string("/etc/services").unwrap_or_default();
    let entry = |line: &str| {
        let mut words = line.split('#').next()?.split_whitespace();
        let name = words.next()?.replace('-', "_");
        let (port, protocol) = words.next()?.split_once('/')?;
        let service = match protocol {
            "tcp" => Service::Tcp,
            "udp" => Service::Udp,
            "sctp" => Service::Sctp,
            _ => return None,
        };
        Some((name, port.parse().ok()?, service))
    };
    text.lines().filter_map(entry).collect()
}

impl Env for Local {
    fn service(&self, service: Service, port: u16) -> Option<&str> {
        self.services
            .iter()
            .find(|(_, p, s)| (*p, *s) == (port, service))
            .map(|(name, ..)| &name[..])
    }
    fn service_port(&self, service: Service, name: &str) -> Option<u16> {
        self.services
            .iter()
            .find(|(n, _, s)| n == name && *s == service)
            .map(|(_, port, _)| *port)
    }
}

impl Runtime for Local {
    fn print(&mut self, text: &str) {
        self.printed.push_str(text);
    }
    fn random(&mut self) -> u64 {
        4
    }
    fn send(&mut self, packets: &[Packet], _options: &SendOptions) -> Result<u64, RuntimeError> {
        Ok(packets.len() as u64)
    }
    fn exchange(
        &mut self,
        packets: &[Packet],
        _options: &ExchangeOptions,
    ) -> Result<Exchange, RuntimeError> {
        let unanswered = packets
            .iter()
            .map(|p| Captured {
                time: Duration::ZERO,
                packet: p.clone(),
            })
            .collect();
        Ok(Exchange {
            answered: Vec::new(),
            unanswered,
        })
    }
    fn sniff(&mut self, _options: &SniffOptions) -> Result<Vec<Captured>, RuntimeError> {
        Ok(Vec::new())
    }
    fn read_capture(&mut self, _path: &str) -> Result<Vec<Captured>, RuntimeError> {
        Err("no files here".into())
    }
    fn write_capture(
        &mut self,
        _: &str,
        _: LinkType,
        _: &[(Duration, Vec<u8>)],
    ) -> Result<(), RuntimeError> {
        Err("no files here".into())
    }
}

/// Seeded random numbers (splitmix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// Returns a number below `bound`, 0 if `bound` is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.next() % bound }
    }

    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }
}
