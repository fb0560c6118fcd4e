//! Events and a recording sink for the adapters' tests.
//!
//! It must not know any adapter.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use vigie_findings::evidence::Evidence;
use vigie_findings::{ScanInfo, Sink};
use vigie_scan::event::{EndReason, HostSummary, ScanSummary, Warning};
use vigie_scan::finding::HostFinding;
use vigie_scan::{Event, Finding, HostState, PortState, Reason};
use vigie_scope::{Host, Transport};
use vigie_wire::icmpv4;
use vigie_wire::write::Datagram;

/// Records what it receives, one line each. Hosts appear as the last number of their address.
#[derive(Debug, Default)]
pub(super) struct Log(Vec<String>);

impl Log {
    pub(super) fn lines(&self) -> &[String] {
        &self.0
    }
}

impl Sink for Log {
    fn begin(&mut self, _: &ScanInfo) -> io::Result<()> {
        Ok(())
    }

    fn event(&mut self, _: Duration, event: &Event) -> io::Result<()> {
        self.0.push(match event {
            Event::Port(found) => format!("open {} {}", number(found.host), found.port),
            Event::Host(found) => match found.state {
                HostState::Up => format!("up {}", number(found.host)),
                _ => format!("down {}", number(found.host)),
            },
            Event::HostDone(summary) => format!("done {}", number(summary.host.host)),
            Event::Warning(Warning::AllOpen { host, handshakes }) => {
                let checked = if handshakes.is_some() { " checked" } else { "" };
                format!("all open {}{checked}", number(*host))
            }
            Event::End(_) => "end".to_owned(),
            other => format!("{other:?}"),
        });
        Ok(())
    }

    fn named(&mut self, host: Host, name: &str) {
        self.0.push(format!("name {} {name}", number(host)));
    }

    fn evidence(&mut self, _: Duration, evidence: &Evidence) -> io::Result<()> {
        self.0.push(format!("evidence {}", number(evidence.host)));
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.0.push("finish".to_owned());
        Ok(())
    }
}

pub(super) fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// Returns the host 192.0.2.`number`.
pub(super) fn host(number: u8) -> Host {
    Host::zoned([192, 0, 2, number].into(), 0)
}

fn number(host: Host) -> u8 {
    match host.ip {
        IpAddr::V4(ip) => ip.octets()[3],
        IpAddr::V6(ip) => ip.octets()[15],
    }
}

fn found(number: u8, state: HostState, reason: Reason) -> HostFinding {
    HostFinding {
        host: host(number),
        state,
        reason,
        rtt: None,
        mac: None,
        ttl: None,
    }
}

pub(super) fn host_up(number: u8) -> Event {
    Event::Host(found(number, HostState::Up, Reason::EchoReply))
}

/// The host is this machine.
pub(super) fn local_host_up(number: u8) -> Event {
    Event::Host(found(number, HostState::Up, Reason::LocalhostResponse))
}

pub(super) fn host_down(number: u8) -> Event {
    Event::Host(found(number, HostState::Down, Reason::NoResponse))
}

pub(super) fn host_done(number: u8) -> Event {
    host_ended(number, EndReason::Complete)
}

pub(super) fn host_ended(number: u8, ended: EndReason) -> Event {
    Event::HostDone(Box::new(HostSummary {
        host: found(number, HostState::Up, Reason::EchoReply),
        counts: Vec::new(),
        ended,
        udp: None,
    }))
}

pub(super) fn all_open(number: u8) -> Event {
    Event::Warning(Warning::AllOpen {
        host: host(number),
        handshakes: None,
    })
}

pub(super) fn open_port(number: u8, port: u16) -> Event {
    Event::Port(Finding {
        host: host(number),
        transport: Transport::Tcp,
        port,
        state: PortState::Open,
        reason: Reason::SynAck,
        from: None,
        ttl: None,
        rtt: None,
        tries: 1,
        miss_probability: 0.0,
        service: None,
        detail: None,
    })
}

pub(super) fn end() -> Event {
    Event::End(ScanSummary {
        complete: true,
        ended: EndReason::Complete,
        elapsed: secs(1),
        hosts: 2,
        hosts_up: 2,
        ports: 1,
    })
}

/// Returns an ICMP echo request to the host `number`.
pub(super) fn echo_request(number: u8) -> Vec<u8> {
    let mut packet = [0; 128];
    let header = icmpv4::Header::new().set_kind(8).set_code(0).set_rest(1);
    let written = Datagram::new([198, 51, 100, 1].into(), host(number).ip)
        .and_then(|datagram| datagram.icmpv4(&mut packet, &header, &[0; 8]))
        .expect("it fits");
    packet[..written.len].to_vec()
}
