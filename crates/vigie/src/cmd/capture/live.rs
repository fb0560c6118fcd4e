//! Listening on an interface: the kernel's ring, the filter in the kernel, and every frame as the field knows it (VLAN tags put
//! back, cooked headers where links differ).

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

use super::{Sinks, error, options};
use crate::error::Error;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::kernel;
use crate::ui::{Outcome, Ui};

/// Size of the ring's blocks, in bytes.
const BLOCK: usize = 1 << 19;

/// What is listened on.
struct Tap {
    receiver: Receiver,
    link: LinkType,
    name: String,
    /// What the kernel cannot filter.
    filter: Option<Program>,
    incoming: bool,
    outgoing: bool,
}

/// Listens until it is told to stop, or enough was taken.
pub fn run(
    options: &options::CaptureOptions,
    live: &options::Live,
    expr: &Expr,
    ui: &mut Ui,
) -> Outcome {
    let mut tap = Tap::open(options, live, expr)?;
    let mut sinks = Sinks::open(options, Some(tap.name.clone()), unix_ns())?;
    sinks.begin(tap.link);
    let dropped = privilege::drop_privileges();
    if let Err(error) = dropped {
        ui.note(&Message::new("privileges-kept").shown("error", error));
    }
    // Before it is said that anything listens: who reads that may interrupt at once.
    let stop = Interrupt::listen();
    let listening = Message::new("capture-listening").outside("interface", &tap.name);
    ui.note(
        &listening
            .shown("link", link_name(tap.link))
            .shown("bytes", options.snap),
    );
    let ended = listen(&mut tap, &mut sinks, &stop, ui);
    let counts = tap.receiver.stats().unwrap_or_default();
    let finished = sinks.finish(unix_ns(), counts.dropped, ui);
    ui.note(&Message::new("capture-captured").amount("count", sinks.taken));
    ui.note(&Message::new("capture-received").amount("count", counts.passed));
    ui.note(&Message::new("capture-dropped").amount("count", counts.dropped));
    ended.and(finished)?;
    Ok(Exit::Done)
}

fn listen(tap: &mut Tap, sinks: &mut Sinks, stop: &Interrupt, ui: &mut Ui) -> Result<(), Error> {
    let mut waiter = Waiter::new();
    let mut scratch = Vec::new();
    let mut seen = 0;
    while !stop.is_wanted() && !sinks.is_done() {
        let now = tap.drain(sinks, &mut scratch, ui)?;
        seen += now as u64;
        if now == 0 {
            // Nothing to do: what was seen is shown before waiting.
            sinks.idle(ui)?;
            tap.wait(&mut waiter)?;
        }
    }
    // What the kernel took before it was told to stop is still in its hands, until it gives the last block over.
    tap.receiver
        .set_filter(&Program::reject_all())
        .map_err(|error| refused(&error))?;
    for _ in 0..LAST_WAITS {
        let counts = tap.receiver.stats().map_err(|error| refused(&error))?;
        if sinks.is_done() || seen >= counts.passed - counts.dropped {
            break;
        }
        tap.wait(&mut waiter)?;
        seen += tap.drain(sinks, &mut scratch, ui)? as u64;
    }
    Ok(())
}

/// How often the last block is waited for: two seconds in all, when one comes within a tenth of one.
const LAST_WAITS: u32 = 10;

const ARPHRD_LOOPBACK: u16 = 772;

/// A frame as a capture file holds it, and its length on the wire: a VLAN tag that the kernel took off put back, a cooked
/// header (LINKTYPE_LINUX_SLL2) before what comes from links that differ.
fn dressed<'bytes>(
    link: LinkType,
    received: &Received<'bytes>,
    scratch: &'bytes mut Vec<u8>,
) -> (&'bytes [u8], u32) {
    let length = received.wire_len as u32;
    scratch.clear();
    match link {
        LinkType::LinuxSll2 => {
            let origin = received.origin();
            let (sender, sender_length) = origin.sender;
            scratch.extend(origin.ethertype.to_be_bytes());
            scratch.extend([0, 0]);
            scratch.extend(origin.ifindex.to_be_bytes());
            scratch.extend(origin.hardware.to_be_bytes());
            scratch.extend([origin.packet_type, sender_length]);
            scratch.extend(sender);
            scratch.extend_from_slice(received.bytes);
            (scratch, length + 20)
        }
        LinkType::Ethernet => {
            let bytes = received.with_tag(scratch);
            (bytes, length + (bytes.len() - received.bytes.len()) as u32)
        }
        _ => (received.bytes, length),
    }
}

impl Tap {
    /// Waits until there is something in the ring, not for ever: the user may want to stop.
    fn wait(&self, waiter: &mut Waiter) -> Result<(), Error> {
        let patience = Some(Duration::from_millis(200));
        let on = [(self.receiver.as_fd(), Interest::Read)];
        waiter
            .wait(&on, patience)
            .map(|_| ())
            .map_err(|error| refused(&error))
    }

    /// Takes what is in the ring; gives how many frames there were.
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
            // What the loopback link carries is seen when it is sent and again when it comes: once is enough.
            let twice = origin.hardware == ARPHRD_LOOPBACK && origin.is_outgoing();
            if !wanted || twice {
                return;
            }
            let (bytes, length) = dressed(*link, &received, scratch);
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
        let (link, framing) = form(chosen.as_ref());
        let compile = |expr: &Expr, place| {
            expr.compile(link, place, options.snap)
                .map_err(|error| error::filter(&options.filter, &error))
        };
        // Tags are put back after the kernel's filter ran: what asks for them is filtered here.
        let (kernel, own) = if expr.reads_vlan_tags() {
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
        let count = (live.buffer / BLOCK).max(2);
        let hurry = options.print.is_some()
            || options
                .write
                .as_ref()
                .is_some_and(|write| write.packet_buffered);
        config.layout = Layout::Blocks {
            block: BLOCK,
            count,
            retire_ms: if hurry { 10 } else { 100 },
        };
        let receiver = Receiver::open(&config).map_err(|error| refused(&error))?;
        let name = chosen.map_or_else(|| "any".to_owned(), |link| link.name);
        Ok(Self {
            receiver,
            link,
            name,
            filter: own,
            incoming: live.incoming,
            outgoing: live.outgoing,
        })
    }
}

/// The link asked for; `None` for all of them. Where nothing was said, the first that is up and is not the loopback.
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

/// What packets of a link begin with, and how they are asked for.
fn form(chosen: Option<&Link>) -> (LinkType, Framing) {
    match chosen.map(|link| link.link_layer) {
        Some(net::LinkLayer::Ethernet | net::LinkLayer::Loopback) => {
            (LinkType::Ethernet, Framing::Ethernet)
        }
        Some(net::LinkLayer::RawIp) => (LinkType::RawIp, Framing::Ip),
        _ => (LinkType::LinuxSll2, Framing::Ip),
    }
}

/// What packets of this interface begin with.
pub fn link_of(name: &str) -> Result<LinkType, Error> {
    choose(Some(name)).map(|chosen| form(chosen.as_ref()).0)
}

/// Every link of this machine.
pub fn links() -> Result<Vec<Link>, Error> {
    let refused = |error: netlink::Error| kernel::refused(&error);
    Network::open()
        .and_then(|mut network| network.links())
        .map_err(refused)
}

/// The names of link types that people know from tcpdump.
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
