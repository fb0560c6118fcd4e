//! Capturing packets into a list (`sniff`).

use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use vigie_linux::io::filter::Program;
use vigie_linux::io::{Framing, Interest, Layout, ReceiveConfig, Receiver, Waiter};
use vigie_packet::LinkType;
use vigie_packet::filter::{self, Expr, NoNames, Place};
use vigie_packet::lang::{Captured, SniffOptions, WireError};
use vigie_report::Message;

use super::capture::dissect;
use super::fault::Fault;
use super::machine::Machine;
use super::way::io_fault;

/// Packets kept at most: they stay in memory.
const MOST: usize = 1_000_000;
const STEP: Duration = Duration::from_millis(100);
const ARPHRD_LOOPBACK: u16 = 772;

/// A capture filter for every form of frame.
pub struct Filter {
    ethernet: filter::Program,
    raw: filter::Program,
}

impl Filter {
    /// Reads a filter.
    pub fn new(text: &str) -> Result<Self, WireError> {
        let wrong = |error: filter::FilterError| {
            Fault::message(
                Message::new("packet-filter")
                    .outside("filter", text)
                    .shown("error", error),
            )
        };
        let expr = Expr::parse(text, &NoNames).map_err(wrong)?;
        let compile = |link| expr.compile(link, Place::Bytes, 262_144).map_err(wrong);
        Ok(Self {
            ethernet: compile(LinkType::Ethernet)?,
            raw: compile(LinkType::RawIp)?,
        })
    }

    /// Whether the filter takes a frame.
    pub fn takes(&self, link: LinkType, bytes: &[u8], length: usize) -> bool {
        let program = if link == LinkType::Ethernet {
            &self.ethernet
        } else {
            &self.raw
        };
        program.accepts(bytes, length as u32)
    }
}

/// Captures until there are enough, until the time is over, or until Ctrl-C.
pub fn sniff(machine: &Machine, options: &SniffOptions) -> Result<Vec<Captured>, WireError> {
    let filter = match &options.filter {
        Some(text) => Some(Filter::new(text)?),
        None => None,
    };
    let mut receivers = Vec::new();
    for link in machine.links().iter().filter(|link| link.up) {
        if options
            .interface
            .as_ref()
            .is_some_and(|name| *name != link.name && name != "any")
        {
            continue;
        }
        let framing = Framing::from(link.framing);
        let mut config = ReceiveConfig::new(link.index, framing, Program::pass_all());
        config.outgoing = true;
        config.promiscuous = true;
        // Frames of any length, also those that the kernel has joined.
        config.layout = Layout::Blocks {
            block: 1 << 18,
            count: 32,
            retire_ms: 10,
        };
        let receiver = Receiver::open(&config).map_err(|error| io_fault(&error))?;
        let form = if framing == Framing::Ethernet {
            LinkType::Ethernet
        } else {
            LinkType::RawIp
        };
        receivers.push((form, receiver));
    }
    if receivers.is_empty() {
        let name = options.interface.clone().unwrap_or_default();
        return Err(Fault::message(
            Message::new("packet-no-such-link").outside("name", name),
        ));
    }
    let wanted = if options.count == 0 {
        MOST
    } else {
        usize::try_from(options.count).unwrap_or(MOST).min(MOST)
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
        waiter
            .wait(&sockets, Some(left))
            .map_err(|error| Fault::message(Message::new("packet-io").shown("error", error)))?;
        for (form, receiver) in &mut receivers {
            receiver.for_each(|received| {
                let origin = received.origin();
                // What the loopback link carries is seen when it is sent and again when it comes: once is enough.
                if origin.hardware == ARPHRD_LOOPBACK && origin.is_outgoing() {
                    return;
                }
                let bytes = match form {
                    LinkType::Ethernet => received.with_tag(&mut scratch),
                    _ => received.bytes,
                };
                let length = received.wire_len + (bytes.len() - received.bytes.len());
                let takes = filter
                    .as_ref()
                    .is_none_or(|f| f.takes(*form, bytes, length));
                if takes && captured.len() < wanted {
                    let time = Duration::from_nanos(received.unix_ns);
                    captured.push(Captured {
                        time,
                        packet: dissect(Some(*form), bytes),
                    });
                }
            });
        }
    }
    // Links are emptied one after the other.
    captured.sort_by_key(|packet| packet.time);
    Ok(captured)
}
