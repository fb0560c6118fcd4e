//! Functions that send, capture, and read and write capture files.

use super::call::Arguments;
use super::error::{LangError, LangProblem};
use super::eval::{MAX_ITEMS, Session};
use super::object::{Object, Packets, Pairs, Stack};
use super::runtime::{Captured, ExchangeOptions, Level, SendOptions, SniffOptions};
use crate::packet::Packet;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::RefCell;
use core::time::Duration;
use vigie_wire::frame::LinkType;

/// Returns the packets of an argument: a packet, the packets of a set, a list, or sent packets and their answers.
fn packets(
    value: &Object,
    arguments: &Arguments,
    at: &super::Span,
) -> Result<Vec<Captured>, LangError> {
    let captured = |stack: &Rc<RefCell<Stack>>| {
        let stack = stack.borrow();
        Captured {
            time: stack.time,
            packet: stack.packet.clone(),
        }
    };
    Ok(match value {
        Object::Packet(stack, 0) if is_single(&stack.borrow().packet) => {
            alloc::vec![captured(stack)]
        }
        Object::Packet(..) => {
            let expanded = super::index::items(value, at)?;
            expanded
                .iter()
                .filter_map(|o| {
                    if let Object::Packet(s, _) = o {
                        Some(captured(s))
                    } else {
                        None
                    }
                })
                .collect()
        }
        Object::Layer(id) => alloc::vec![Captured {
            time: Duration::ZERO,
            packet: Packet::new(*id)
        }],
        Object::Packets(list) => list.items.iter().map(captured).collect(),
        Object::Pairs(list) => list
            .items
            .iter()
            .flat_map(|(a, b)| [captured(a), captured(b)])
            .collect(),
        Object::List(_) | Object::Tuple(_) => {
            if !super::size::is_small(value) {
                return Err(LangError::new(at.clone(), LangProblem::TooMany(MAX_ITEMS)));
            }
            let mut all = Vec::new();
            for item in super::index::items(value, at)? {
                all.extend(packets(&item, arguments, at)?);
                if all.len() as u64 > MAX_ITEMS {
                    return Err(LangError::new(at.clone(), LangProblem::TooMany(MAX_ITEMS)));
                }
            }
            all
        }
        _ => return Err(arguments.wrong(at)),
    })
}

fn is_single(packet: &Packet) -> bool {
    crate::packet::Expansion::new(packet).len() == 1
}

fn to_send(arguments: &Arguments) -> Result<Vec<Packet>, LangError> {
    let (value, at) = arguments.one()?;
    Ok(packets(value, arguments, at)?
        .into_iter()
        .map(|captured| captured.packet)
        .collect())
}

/// Returns a named argument as a number of seconds.
fn seconds(arguments: &Arguments, name: &str) -> Result<Option<Duration>, LangError> {
    match arguments.get(name) {
        None | Some((Object::None, _)) => Ok(None),
        Some((value, at)) => {
            let seconds = value
                .as_float()
                .and_then(|n| Duration::try_from_secs_f64(n).ok());
            seconds.map(Some).ok_or_else(|| arguments.wrong(at))
        }
    }
}

fn number(arguments: &Arguments, name: &str, default: u64) -> Result<u64, LangError> {
    match arguments.get(name) {
        None | Some((Object::None, _)) => Ok(default),
        Some((value, at)) => value
            .as_int()
            .and_then(|n| u64::try_from(n).ok())
            .ok_or_else(|| arguments.wrong(at)),
    }
}

fn text(arguments: &Arguments, name: &str) -> Result<Option<String>, LangError> {
    match arguments.get(name) {
        None | Some((Object::None, _)) => Ok(None),
        Some((Object::Str(text), _)) => Ok(Some(text.clone())),
        Some((_, at)) => Err(arguments.wrong(at)),
    }
}

fn send_options(arguments: &Arguments, level: Level) -> Result<SendOptions, LangError> {
    Ok(SendOptions {
        level,
        interface: text(arguments, "iface")?,
        interval: seconds(arguments, "inter")?.unwrap_or_default(),
        count: number(arguments, "count", 1)?,
    })
}

fn runtime_error(arguments: &Arguments) -> impl Fn(super::RuntimeError) -> LangError + '_ {
    |error| LangError::new(arguments.at.clone(), LangProblem::Runtime(error))
}

pub(super) fn run_send(
    session: &mut Session<'_>,
    arguments: &Arguments,
    level: Level,
) -> Result<Object, LangError> {
    arguments.only(&["iface", "inter", "count", "verbose"])?;
    let packets = to_send(arguments)?;
    let options = send_options(arguments, level)?;
    let sent = session
        .runtime
        .send(&packets, &options)
        .map_err(runtime_error(arguments))?;
    if arguments
        .get("verbose")
        .is_none_or(|(value, _)| value.is_true())
    {
        let dots = ".".repeat(usize::try_from(sent).unwrap_or(usize::MAX).min(1000));
        session
            .runtime
            .print(&format!("{dots}\nSent {sent} packets.\n"));
    }
    Ok(Object::None)
}

fn stacked(captured: Captured) -> Rc<RefCell<Stack>> {
    Rc::new(RefCell::new(Stack {
        packet: captured.packet,
        time: captured.time,
    }))
}

pub(super) fn run_exchange(
    session: &mut Session<'_>,
    arguments: &Arguments,
    level: Level,
    first: bool,
) -> Result<Object, LangError> {
    arguments.only(&[
        "timeout", "retry", "inter", "iface", "filter", "multi", "verbose", "count",
    ])?;
    let packets = to_send(arguments)?;
    let options = ExchangeOptions {
        send: send_options(arguments, level)?,
        timeout: seconds(arguments, "timeout")?,
        retry: number(arguments, "retry", 0)?,
        first,
        multi: arguments
            .get("multi")
            .is_some_and(|(value, _)| value.is_true()),
        filter: text(arguments, "filter")?,
        verbose: arguments
            .get("verbose")
            .is_none_or(|(value, _)| value.is_true()),
    };
    let exchange = session
        .runtime
        .exchange(&packets, &options)
        .map_err(runtime_error(arguments))?;
    if first {
        let answer = exchange.answered.into_iter().next();
        return Ok(answer.map_or(Object::None, |(_, answer)| {
            Object::Packet(stacked(answer), 0)
        }));
    }
    let pairs = exchange
        .answered
        .into_iter()
        .map(|(sent, answer)| (stacked(sent), stacked(answer)))
        .collect();
    let unanswered = exchange.unanswered.into_iter().map(stacked).collect();
    Ok(Object::Tuple(alloc::vec![
        Object::Pairs(Rc::new(Pairs {
            name: "Results".into(),
            items: pairs
        })),
        Object::Packets(Rc::new(Packets {
            name: "Unanswered".into(),
            items: unanswered
        })),
    ]))
}

fn capture_list(name: &str, captured: Vec<Captured>) -> Object {
    let items = captured.into_iter().map(stacked).collect();
    Object::Packets(Rc::new(Packets {
        name: name.to_string(),
        items,
    }))
}

pub(super) fn run_sniff(
    session: &mut Session<'_>,
    arguments: &Arguments,
) -> Result<Object, LangError> {
    arguments.only(&["iface", "count", "timeout", "filter", "offline"])?;
    arguments.at_most(0)?;
    let offline = text(arguments, "offline")?;
    // A capture file has no interface, and reading it has no timeout.
    let needless = ["iface", "timeout"]
        .iter()
        .find_map(|name| arguments.get(name));
    if let (true, Some((_, at))) = (offline.is_some(), needless) {
        return Err(arguments.wrong(at));
    }
    let options = SniffOptions {
        interface: text(arguments, "iface")?,
        count: number(arguments, "count", 0)?,
        timeout: seconds(arguments, "timeout")?,
        filter: text(arguments, "filter")?,
        offline,
    };
    let captured = session
        .runtime
        .sniff(&options)
        .map_err(runtime_error(arguments))?;
    Ok(capture_list("Sniffed", captured))
}

pub(super) fn run_rdpcap(
    session: &mut Session<'_>,
    arguments: &Arguments,
) -> Result<Object, LangError> {
    arguments.only(&[])?;
    let (Object::Str(path), _) = arguments.one()? else {
        return Err(arguments.wrong(&arguments.at));
    };
    let captured = session
        .runtime
        .read_capture(path)
        .map_err(runtime_error(arguments))?;
    let name = path.rsplit('/').next().unwrap_or(path);
    Ok(capture_list(name, captured))
}

/// Returns the link type that all packets have; plain bytes fit any.
fn link_of(captured: &[Captured]) -> Result<LinkType, LangProblem> {
    let mut found: Option<(&'static str, LinkType)> = None;
    for captured in captured {
        let Some(name) = captured.packet.layers.first().map(|l| l.layer().name) else {
            continue;
        };
        let link = match name {
            "Raw" => continue,
            "Ether" => LinkType::Ethernet,
            "CookedLinux" => LinkType::LinuxSll,
            "CookedLinuxV2" => LinkType::LinuxSll2,
            _ => LinkType::RawIp,
        };
        match found {
            None => found = Some((name, link)),
            Some((_, known)) if known == link => {}
            Some((first, _)) => return Err(LangProblem::MixedLinks { first, other: name }),
        }
    }
    Ok(match found {
        Some((_, link)) => link,
        None if captured.is_empty() => LinkType::Ethernet,
        None => LinkType::RawIp,
    })
}

pub(super) fn run_wrpcap(
    session: &mut Session<'_>,
    arguments: &Arguments,
) -> Result<Object, LangError> {
    arguments.only(&[])?;
    let [(Object::Str(path), _), (value, at)] = &arguments.positional[..] else {
        return Err(arguments.wrong(&arguments.at));
    };
    let captured = packets(value, arguments, at)?;
    let link = link_of(&captured).map_err(|problem| problem.at(at))?;
    let mut written = Vec::with_capacity(captured.len());
    for captured in captured {
        let bytes = captured
            .packet
            .build(&*session.runtime)
            .map_err(|error| LangError::new(at.clone(), LangProblem::Field(error)))?;
        written.push((captured.time, bytes));
    }
    session
        .runtime
        .write_capture(path, link, &written)
        .map_err(runtime_error(arguments))?;
    Ok(Object::None)
}
