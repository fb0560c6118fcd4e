//! How hosts are looked for, by the command line: `-PE`, `-PS22,443`, `-sn`.
//!
//! This file must not know how any question is asked.

use clap::ArgMatches;
use vigie_report::Message;
use vigie_scan::plan::{DiscoveryProbe, Technique};
use vigie_scan::probe::Kind;
use vigie_scope::Transport;
use vigie_scope::ports::PortList;

use crate::error::Error;

/// Each question without a port: its option and its probe.
const PLAIN: [(&str, Kind); 3] = [
    ("ask-echo", Kind::ECHO),
    ("ask-timestamp", Kind::TIMESTAMP),
    ("ask-mask", Kind::MASK),
];
/// Each question with ports: its option, as nmap's users type it, its probe, what its numbers are.
const WITH_PORTS: [(&str, &str, Kind, Transport); 5] = [
    ("ask-syn", "-PS", Kind::SYN, Transport::Tcp),
    ("ask-ack", "-PA", Kind::ACK, Transport::Tcp),
    ("ask-udp", "-PU", Kind::UDP_PING, Transport::Udp),
    ("ask-sctp", "-PY", Kind::SCTP_INIT, Transport::Sctp),
    ("ask-protocols", "-PO", Kind::IP_PROTOCOL, Transport::Ip),
];
/// More questions than this are a slip.
const MOST: usize = 100;

/// What hosts are asked: what was said, or the usual.
pub fn read(matches: &ArgMatches) -> Result<Vec<DiscoveryProbe>, Error> {
    let plain = PLAIN.iter().filter(|(id, _)| matches.get_flag(id));
    let mut asked: Vec<DiscoveryProbe> = plain
        .map(|(_, kind)| DiscoveryProbe::new(*kind, 0))
        .collect();
    for (id, flag, kind, transport) in WITH_PORTS {
        let Some(text) = matches.get_one::<String>(id) else {
            continue;
        };
        let ports = PortList::parse(text, transport).map_err(|e| Error::grammar(flag, &e))?;
        if ports.iter().any(|(t, _)| t != transport) {
            let message = Message::new("scan-ports-of-another")
                .safe("flag", flag)
                .safe("transport", transport.as_str().to_uppercase());
            return Err(Error::usage(message).hint(Message::new("scan-ports-of-another-hint")));
        }
        asked.extend(
            ports
                .iter()
                .map(|(_, port)| DiscoveryProbe::new(kind, port)),
        );
    }
    if asked.len() > MOST {
        let message = Message::new("scan-too-many-questions").amount("count", asked.len() as u64);
        let hint = Message::new("scan-too-many-questions-hint").amount("most", MOST as u64);
        return Err(Error::usage(message).hint(hint));
    }
    if asked.is_empty() {
        asked = DiscoveryProbe::DEFAULT.to_vec();
    }
    Ok(asked)
}

/// `-sn` goes with nothing that is about ports.
pub fn check_hosts_only(matches: &ArgMatches, technique: Option<Technique>) -> Result<(), Error> {
    let flag = if matches.contains_id("ports") {
        "-p".to_owned()
    } else if matches.get_flag("fast") {
        "-F".to_owned()
    } else if matches.contains_id("top-ports") {
        "--top-ports".to_owned()
    } else if let Some(technique) = technique.filter(|t| *t != Technique::Connect) {
        format!("-{}", technique.flag())
    } else {
        return Ok(());
    };
    let message = Message::new("scan-hosts-only-ports").safe("flag", flag);
    Err(Error::usage(message).hint(Message::new("scan-hosts-only-ports-hint")))
}
