//! Samples with UDP ports.

use std::time::Duration;

use vigie_scan::event::{EndReason, ErrorLimit, Event, HostSummary, UdpSummary};
use vigie_scan::finding::Finding;
use vigie_scan::plan::{Backend, Discovery, UdpSpec};
use vigie_scan::{PortState, Reason, ServiceMatch};
use vigie_scope::Transport;
use vigie_scope::ports::PortList;

use super::{Sample, count, end, host, ip, loss, port, scan, up};

/// The results of [`udp`], scanned without packet sockets.
pub fn udp_by_sockets() -> Sample {
    let mut sample = udp();
    sample.scan.plan.spec.backend = Backend::UdpSockets;
    sample.scan.plan.spec.discovery = Discovery::AssumeUp;
    sample
}

/// A host with UDP ports that are not all proven.
pub fn udp() -> Sample {
    let mut scan = scan(&["10.0.1.1"], "10.0.1.1", "10.0.1.1", "22");
    scan.plan.spec.udp = Some(UdpSpec {
        ports: PortList::parse("U:53,69,500,1000-1999,51820", Transport::Udp).unwrap(),
        budget: Some(Duration::from_mins(1)),
        sources: vec![ip("10.0.1.3")],
        controls: true,
    });
    let host = up(host("10.0.1.1"), Reason::ArpResponse);
    let udp = |number, state, reason, service| Finding {
        transport: Transport::Udp,
        service,
        ..port(host.host, number, state, reason)
    };
    let named = Some(ServiceMatch::Service("dns-version"));
    let said = vigie_detect::payload::Detail {
        product: Some("unbound".to_owned()),
        version: Some("1.17.1 <&\"\u{1b}[31m>".to_owned()),
        info: Some("linux 6.1".to_owned()),
    };
    let summary = HostSummary {
        host,
        counts: vec![
            count(PortState::Unknown, Reason::Unproven, 940, false),
            count(PortState::Closed, Reason::PortUnreach, 61, false),
            count(PortState::Open, Reason::UdpResponse, 2, true),
            count(PortState::Open, Reason::SynAck, 1, true),
            count(PortState::OpenFiltered, Reason::NoResponse, 1, true),
        ],
        ended: EndReason::Budget,
        udp: Some(UdpSummary {
            limit: ErrorLimit::Limited {
                rate: 1.0,
                burst: Some(6),
            },
            unproven: 940,
            sample: vigie_scan::event::Sample::new(1_001, 40, 40),
        }),
    };
    Sample {
        scan,
        events: vec![
            Event::Host(host),
            Event::Port(port(host.host, 22, PortState::Open, Reason::SynAck)),
            Event::Port(Finding {
                detail: Some(Box::new(said)),
                ..udp(53, PortState::Open, Reason::UdpResponse, named)
            }),
            Event::Port(udp(
                1500,
                PortState::Open,
                Reason::UdpResponse,
                Some(ServiceMatch::Unknown),
            )),
            Event::Port(udp(
                51_820,
                PortState::OpenFiltered,
                Reason::NoResponse,
                None,
            )),
            Event::HostDone(Box::new(summary)),
            loss(),
            end(false, EndReason::Budget, 1, 1, 1_005),
        ],
    }
}
