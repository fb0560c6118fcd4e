//! Evaluates packet expressions from standard input, one per line, as `vigie packet` does, but without a network.

use std::io::BufRead;
use std::net::IpAddr;
use std::time::Duration;
use vigie_craft::lang::{
    Captured, Exchange, ExchangeOptions, Runtime, RuntimeError, SendOptions, Session, SniffOptions,
};
use vigie_craft::model::Service;
use vigie_craft::{Env, Packet};
use vigie_wire::LinkType;

/// A machine that knows only the names in /etc/services.
struct Local {
    services: Vec<(String, u16, Service)>,
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
    fn resolve(&self, _host: &str, _ipv6: bool) -> Option<IpAddr> {
        None
    }
}

impl Runtime for Local {
    fn print(&mut self, text: &str) {
        print!("{text}");
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

fn main() {
    let mut local = Local {
        services: services(),
    };
    let mut session = Session::new(&mut local);
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("standard input is text");
        let source = line.trim().trim_start_matches('!');
        if source.is_empty() {
            continue;
        }
        println!(">>> {source}");
        if let Err(error) = session.run(source) {
            println!("{error}");
        }
    }
}
