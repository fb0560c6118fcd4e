//! Captures on an interface: the kernel's receive ring and the filter in the kernel. Frames get back the VLAN tag that
//! the kernel removed; captures on several links get Linux cooked headers.

use std::os::fd::AsFd as _;
use std::time::Duration;

use vigie_linux::clock::unix_ns;
use vigie_linux::io::{
    Framing, Interest, IoError, Layout, ReceiveConfig, Received, Receiver, Waiter,
};
use vigie_linux::net::{self, Link, Network};
use vigie_linux::{netlink, privilege};
use vigie_pcap::Packet;
use vigie_pcap_filter::{Expr, Program, ProgramInput};
use vigie_report::Message;
use vigie_wire::LinkType;
use vigie_wire::sll::HeaderV2;

use super::{Sinks, options};
use crate::error::Error;
use crate::exit::Exit;
use crate::filter_error;
use crate::interrupt::Interrupt;
use crate::kernel;
use crate::ui::{Outcome, Ui};

/// Size of a block of the ring, in bytes.
const BLOCK_SIZE: usize = 1 << 19;

/// Open capture on one interface or on all.
struct LiveCapture {
    receiver: Receiver,
    link: LinkType,
    name: String,
    /// Filter for captured bytes, if the kernel cannot run it.
    filter: Option<Program>,
    incoming: bool,
    outgoing: bool,
}

/// Captures until the user stops it or the outputs are done.
pub fn run(
    options: &options::CaptureOptions,
    live: &options::Live,
    expr: &Expr,
    ui: &mut Ui,
) -> Outcome {
    let mut capture = LiveCapture::open(options, live, expr)?;
    let mut sinks = Sinks::open(options, Some(capture.name.clone()), unix_ns())?;
    sinks.start(capture.link);
    let dropped = privilege::drop_privileges();
    if let Err(error) = dropped {
        ui.note(&Message::new("privileges-kept").shown("error", error));
    }
    // Install the handler before the message "listening": a script that reads it may send SIGINT at once.
    let stop = Interrupt::listen();
    let listening = Message::new("capture-listening").outside("interface", &capture.name);
    ui.note(
        &listening
            .shown("link", link_name(capture.link))
            .shown("bytes", options.snap),
    );
    let ended = receive(&mut capture, &mut sinks, &stop, ui);
    let counts = capture.receiver.stats().unwrap_or_default();
    let finished = sinks.finish(unix_ns(), counts.dropped, ui);
    ui.note(&Message::new("capture-captured").amount("count", sinks.accepted));
    ui.note(&Message::new("capture-received").amount("count", counts.passed));
    ui.note(&Message::new("capture-dropped").amount("count", counts.dropped));
    ended.and(finished)?;
    Ok(Exit::Done)
}

/// Receives packets until the user stops it or the outputs are done.
fn receive(
    capture: &mut LiveCapture,
    sinks: &mut Sinks,
    stop: &Interrupt,
    ui: &mut Ui,
) -> Result<(), Error> {
    let mut waiter = Waiter::new();
    let mut scratch = Vec::new();
    let mut seen = 0;
    while !stop.is_wanted() && !sinks.is_done() {
        let now = capture.drain(sinks, &mut scratch, ui)?;
        seen += now as u64;
        if now == 0 {
            // No packet is waiting: show the packets so far before waiting.
            sinks.idle(ui)?;
            capture.wait(&mut waiter)?;
        }
    }
    // Stop accepting packets. Those that the kernel accepted before are in a block that it has not handed over yet.
    capture
        .receiver
        .set_filter(&Program::reject_all())
        .map_err(|error| refused(&error))?;
    for _ in 0..MAX_LAST_WAITS {
        let counts = capture.receiver.stats().map_err(|error| refused(&error))?;
        if sinks.is_done() || seen >= counts.passed - counts.dropped {
            break;
        }
        capture.wait(&mut waiter)?;
        seen += capture.drain(sinks, &mut scratch, ui)? as u64;
    }
    Ok(())
}

/// Maximum number of waits for the last block, of at most 200 ms each.
const MAX_LAST_WAITS: u32 = 10;

/// Hardware type of the loopback link (linux/if_arp.h).
const ARPHRD_LOOPBACK: u16 = 772;

/// Returns a frame as capture files store it, and its length on the wire in bytes: with the VLAN tag that the kernel
/// removed, or with a cooked header (LINKTYPE_LINUX_SLL2) if the capture has several links.
fn with_link_header<'bytes>(
    link: LinkType,
    received: &Received<'bytes>,
    scratch: &'bytes mut Vec<u8>,
) -> (&'bytes [u8], u32) {
    let length = received.wire_len as u32;
    scratch.clear();
    match link {
        LinkType::LinuxSll2 => {
            let origin = received.origin();
            let (address, address_len) = origin.sender;
            let header = HeaderV2 {
                protocol: origin.ethertype,
                interface: origin.ifindex,
                hardware_type: origin.hardware,
                packet_type: origin.packet_type,
                address_len,
                address,
            };
            scratch.extend(header.to_bytes());
            scratch.extend_from_slice(received.bytes);
            (scratch, length + HeaderV2::LEN as u32)
        }
        LinkType::Ethernet => {
            let bytes = received.with_tag(scratch);
            (bytes, length + (bytes.len() - received.bytes.len()) as u32)
        }
        _ => (received.bytes, length),
    }
}

impl LiveCapture {
    /// Waits until a block is ready, at most 200 ms, so that an interrupt is seen.
    fn wait(&self, waiter: &mut Waiter) -> Result<(), Error> {
        let timeout = Some(Duration::from_millis(200));
        let on = [(self.receiver.as_fd(), Interest::Read)];
        waiter
            .wait(&on, timeout)
            .map(|_| ())
            .map_err(|error| refused(&error))
    }

    /// Processes all frames in the ring. Returns their number.
    fn drain(
        &mut self,
        sinks: &mut Sinks,
        scratch: &mut Vec<u8>,
        ui: &mut Ui,
    ) -> Result<usize, Error> {
        let Self {
            receiver,
            link,
            filter,
            incoming,
            outgoing,
            ..
        } = self;
        let mut outcome = Ok(());
        let seen = receiver.for_each(|received| {
            if outcome.is_err() || sinks.is_done() {
                return;
            }
            let origin = received.origin();
            let wanted = if origin.is_outgoing() {
                *outgoing
            } else {
                *incoming
            };
            // The loopback link shows every packet twice, when it is sent and when it is received.
            let duplicate = origin.hardware == ARPHRD_LOOPBACK && origin.is_outgoing();
            if !wanted || duplicate {
                return;
            }
            let (bytes, length) = with_link_header(*link, &received, scratch);
            if filter
                .as_ref()
                .is_some_and(|filter| !filter.accepts(bytes, length))
            {
                return;
            }
            let packet = Packet {
                time: Some(received.unix_ns),
                link: link.number(),
                length,
                interface: 0,
                bytes,
            };
            outcome = sinks.packet(&packet, ui);
        });
        outcome.map(|()| seen)
    }

    fn open(
        options: &options::CaptureOptions,
        live: &options::Live,
        expr: &Expr,
    ) -> Result<Self, Error> {
        let chosen = choose(live.interface.as_deref())?;
        let (link, framing) = link_type_of(chosen.as_ref());
        let compile = |expr: &Expr, place| {
            expr.compile(link, place, options.snap)
                .map_err(|error| filter_error::error(&options.filter, &error))
        };
        // The kernel removes VLAN tags before it runs the filter: filters that read them run here.
        let (kernel, user_space) = if expr.reads_vlan_tags() {
            (
                compile(&Expr::All(Vec::new()), ProgramInput::PacketSocket)?,
                Some(compile(expr, ProgramInput::CapturedBytes)?),
            )
        } else {
            (compile(expr, ProgramInput::PacketSocket)?, None)
        };
        let index = chosen.as_ref().map_or(0, |link| link.index);
        let mut config = ReceiveConfig::new(index, framing, kernel);
        config.outgoing = true;
        config.promiscuous = live.promiscuous;
        let count = (live.buffer / BLOCK_SIZE).max(2);
        let immediate = options.print.is_some()
            || options
                .write
                .as_ref()
                .is_some_and(|write| write.packet_buffered);
        config.layout = Layout::Blocks {
            block: BLOCK_SIZE,
            count,
            retire_ms: if immediate { 10 } else { 100 },
        };
        let receiver = Receiver::open(&config).map_err(|error| refused(&error))?;
        let name = chosen.map_or_else(|| "any".to_owned(), |link| link.name);
        Ok(Self {
            receiver,
            link,
            name,
            filter: user_space,
            incoming: live.incoming,
            outgoing: live.outgoing,
        })
    }
}

/// Returns the link of this name, `None` for `any`. Without a name, the first link that is up and not the loopback.
fn choose(name: Option<&str>) -> Result<Option<Link>, Error> {
    let links = links()?;
    let found = match name {
        Some("any") => return Ok(None),
        None => links
            .into_iter()
            .find(|link| link.up && link.link_layer != net::LinkLayer::Loopback),
        Some(name) => {
            let known: Vec<&str> = links.iter().map(|link| link.name.as_str()).collect();
            let unknown = Error::could_not_run(
                Message::new("interface-unknown").outside("name", name),
            )
            .hint(Message::new("interface-unknown-hint").outside("names", known.join(", ")));
            Some(
                links
                    .iter()
                    .find(|link| link.name == name)
                    .cloned()
                    .ok_or(unknown)?,
            )
        }
    };
    match found {
        Some(link) if !link.up => {
            let message = Message::new("interface-down").outside("name", &link.name);
            let hint = Message::new("interface-down-hint").outside("name", &link.name);
            Err(Error::could_not_run(message).hint(hint))
        }
        found => Ok(found),
    }
}

/// Returns the link type of captured packets and how the ring receives them.
fn link_type_of(chosen: Option<&Link>) -> (LinkType, Framing) {
    match chosen.map(|link| link.link_layer) {
        Some(net::LinkLayer::Ethernet | net::LinkLayer::Loopback) => {
            (LinkType::Ethernet, Framing::Ethernet)
        }
        Some(net::LinkLayer::RawIp) => (LinkType::RawIp, Framing::Ip),
        _ => (LinkType::LinuxSll2, Framing::Ip),
    }
}

/// Returns the link type of packets captured on this interface.
pub fn link_type(name: &str) -> Result<LinkType, Error> {
    choose(Some(name)).map(|chosen| link_type_of(chosen.as_ref()).0)
}

/// Returns all links of this host.
pub fn links() -> Result<Vec<Link>, Error> {
    let refused = |error: netlink::Error| kernel::refused(&error);
    Network::open()
        .and_then(|mut network| network.links())
        .map_err(refused)
}

/// Returns tcpdump's name of a link type.
pub fn link_name(link: LinkType) -> &'static str {
    match link {
        LinkType::Null => "NULL (BSD loopback)",
        LinkType::Ethernet => "EN10MB (Ethernet)",
        LinkType::RawIp => "RAW (Raw IP)",
        LinkType::Loop => "LOOP (OpenBSD loopback)",
        LinkType::LinuxSll => "LINUX_SLL (Linux cooked v1)",
        LinkType::Ipv4 => "IPV4 (Raw IPv4)",
        LinkType::Ipv6 => "IPV6 (Raw IPv6)",
        LinkType::LinuxSll2 => "LINUX_SLL2 (Linux cooked v2)",
    }
}

/// Returns the error of a failed capture.
fn refused(error: &IoError) -> Error {
    match error {
        IoError::NotPermitted { .. } => {
            let program = std::env::current_exe()
                .map_or_else(|_| "vigie".to_owned(), |path| path.display().to_string());
            Error::could_not_run(Message::new("capture-not-permitted"))
                .hint(Message::new("capture-not-permitted-hint").outside("program", program))
        }
        IoError::DeviceDown { .. } => Error::could_not_run(Message::new("link-went-down")),
        error => {
            Error::could_not_run(Message::new("kernel-refused").text("error", kernel::io(error)))
        }
    }
}
