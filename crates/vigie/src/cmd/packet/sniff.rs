//! Captures packets into a list (`sniff`).

use std::collections::BTreeMap;
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use vigie_craft::lang::{Captured, RuntimeError, SniffOptions};
use vigie_linux::io::{Framing, Interest, Layout, ReceiveConfig, Receiver, Waiter};
use vigie_pcap_filter::{ErrorKind, Expr, Program, ProgramInput};
use vigie_report::Message;
use vigie_wire::LinkType;

use super::capture::{dissect, read_some};
use super::error::MachineError;
use super::machine::Machine;
use super::send::io_error;
use crate::filter_error;
use crate::names::LocalNames;

/// Maximum number of packets, which are kept in memory.
const MAX_PACKETS: usize = 1_000_000;
/// Snapshot length of filters, in bytes.
const SNAP: u32 = 262_144;
const STEP: Duration = Duration::from_millis(100);
const ARPHRD_LOOPBACK: u16 = 772;

/// A capture filter, compiled for every link type in use.
pub struct Filter {
    text: String,
    expr: Expr,
    ethernet: Program,
    /// For IP datagrams without link-layer header; `None` if the filter tests link-layer fields, so none matches.
    raw: Option<Program>,
    /// Programs for the link types of a capture file, by LINKTYPE number; `None` for an unknown type.
    file_programs: BTreeMap<u16, Option<Program>>,
}

impl Filter {
    /// Parses and compiles a filter.
    pub fn new(text: &str) -> Result<Self, RuntimeError> {
        let expr =
            Expr::parse(text, &LocalNames::read(true)).map_err(|error| refused(text, &error))?;
        let compile = |link| expr.compile(link, ProgramInput::CapturedBytes, SNAP);
        let ethernet = compile(LinkType::Ethernet).map_err(|error| refused(text, &error))?;
        let raw = match compile(LinkType::RawIp) {
            Ok(program) => Some(program),
            Err(error) if matches!(error.kind, ErrorKind::NotOnThisLink(_)) => None,
            Err(error) => return Err(refused(text, &error)),
        };
        Ok(Self {
            text: text.to_owned(),
            expr,
            ethernet,
            raw,
            file_programs: BTreeMap::new(),
        })
    }

    /// Whether a received frame matches.
    pub fn matches(&self, link: LinkType, bytes: &[u8], length: usize) -> bool {
        let program = if link == LinkType::Ethernet {
            Some(&self.ethernet)
        } else {
            self.raw.as_ref()
        };
        program.is_some_and(|program| program.accepts(bytes, length as u32))
    }

    /// Whether a packet of a capture file matches; `link` is its LINKTYPE number.
    pub fn matches_in_file(
        &mut self,
        link: u16,
        bytes: &[u8],
        length: u32,
    ) -> Result<bool, RuntimeError> {
        if !self.file_programs.contains_key(&link) {
            let known = LinkType::from_number(link);
            let program = known
                .map(|link| self.expr.compile(link, ProgramInput::CapturedBytes, SNAP))
                .transpose()
                .map_err(|error| refused(&self.text, &error))?;
            self.file_programs.insert(link, program);
        }
        // No keyword has a meaning on an unknown link type, so no packet of it matches.
        let program = self.file_programs.get(&link).and_then(Option::as_ref);
        Ok(program.is_some_and(|program| program.accepts(bytes, length)))
    }
}

fn refused(text: &str, error: &vigie_pcap_filter::Error) -> RuntimeError {
    MachineError::message(
        Message::new("packet-filter")
            .outside("filter", text)
            .text("error", filter_error::message(&error.kind)),
    )
}

/// Captures until the count is reached, the time is over, or Ctrl-C is typed.
pub fn sniff(machine: &Machine, options: &SniffOptions) -> Result<Vec<Captured>, RuntimeError> {
    let mut filter = match &options.filter {
        Some(text) => Some(Filter::new(text)?),
        None => None,
    };
    if let Some(path) = &options.offline {
        return read_some(path, options.count, filter.as_mut());
    }
    let mut receivers = Vec::new();
    for link in machine.links().iter().filter(|link| link.up) {
        if options
            .interface
            .as_ref()
            .is_some_and(|name| *name != link.name && name != "any")
        {
            continue;
        }
        let framing = Framing::from(link.link_layer);
        let mut config = ReceiveConfig::new(link.index, framing, Program::accept_all());
        config.outgoing = true;
        config.promiscuous = true;
        // Blocks hold frames of any length, such as those that the kernel coalesced (GRO).
        config.layout = Layout::Blocks {
            block: 1 << 18,
            count: 32,
            retire_ms: 10,
        };
        let receiver = Receiver::open(&config).map_err(|error| io_error(&error))?;
        let form = if framing == Framing::Ethernet {
            LinkType::Ethernet
        } else {
            LinkType::RawIp
        };
        receivers.push((form, receiver));
    }
    if receivers.is_empty() {
        let name = options.interface.clone().unwrap_or_default();
        return Err(MachineError::message(
            Message::new("packet-no-such-link").outside("name", name),
        ));
    }
    let wanted = if options.count == 0 {
        MAX_PACKETS
    } else {
        usize::try_from(options.count)
            .unwrap_or(MAX_PACKETS)
            .min(MAX_PACKETS)
    };
    let end = options.timeout.map(|timeout| Instant::now() + timeout);
    let mut captured = Vec::new();
    let mut scratch = Vec::new();
    let mut waiter = Waiter::new();
    while captured.len() < wanted && !machine.is_interrupted() {
        let left = match end {
            Some(end) => match end.checked_duration_since(Instant::now()) {
                Some(left) => left.min(STEP),
                None => break,
            },
            None => STEP,
        };
        let sockets: Vec<_> = receivers
            .iter()
            .map(|(_, r)| (r.as_fd(), Interest::Read))
            .collect();
        waiter.wait(&sockets, Some(left)).map_err(|error| {
            MachineError::message(
                Message::new("packet-io").text("error", crate::kernel::io(&error)),
            )
        })?;
        for (form, receiver) in &mut receivers {
            receiver.for_each(|received| {
                let origin = received.origin();
                // The loopback link shows every packet twice: when it is sent and when it is received.
                if origin.hardware == ARPHRD_LOOPBACK && origin.is_outgoing() {
                    return;
                }
                let bytes = match form {
                    LinkType::Ethernet => received.with_tag(&mut scratch),
                    _ => received.bytes,
                };
                let length = received.wire_len + (bytes.len() - received.bytes.len());
                let matches = filter
                    .as_ref()
                    .is_none_or(|f| f.matches(*form, bytes, length));
                if matches && captured.len() < wanted {
                    let time = Duration::from_nanos(received.unix_ns);
                    captured.push(Captured {
                        time,
                        packet: dissect(Some(*form), bytes),
                    });
                }
            });
        }
    }
    // The rings are drained one after the other, so packets of several links are out of order.
    captured.sort_by_key(|packet| packet.time);
    Ok(captured)
}
