//! The functions of the language: scapy's, and those of Python that expressions use. One row per function.

use super::call::Arguments;
use super::error::{LangError, LangProblem, similar};
use super::eval::Session;
use super::object::{Object, from_layer};
use super::runtime::Level;
use super::transfer::{run_exchange, run_rdpcap, run_send, run_sniff, run_wrpcap};
use super::values::{
    run_bytes, run_chr, run_hex, run_hexdump, run_int, run_len, run_list, run_net, run_ord,
    run_print, run_range,
};
use crate::layers;
use crate::packet::{ls, ls_layer, ls_packet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

type Run = fn(&mut Session<'_>, &Arguments) -> Result<Object, LangError>;

/// A function of the language.
#[derive(Debug)]
pub struct Function {
    /// Name.
    pub name: &'static str,
    /// What the function takes, in words.
    pub takes: &'static str,
    pub(super) run: Run,
}

const EXCHANGE: &str = "packets, and timeout=, retry=, inter=, iface=, filter=, multi=, verbose=";
const SEND: &str = "packets, and iface=, inter=, count=, verbose=";

/// All functions.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "ls",
        takes: "nothing, a layer or a packet",
        run: run_ls,
    },
    Function {
        name: "lsc",
        takes: "nothing",
        run: run_lsc,
    },
    Function {
        name: "sr",
        takes: EXCHANGE,
        run: |s, a| run_exchange(s, a, Level::Network, false),
    },
    Function {
        name: "sr1",
        takes: EXCHANGE,
        run: |s, a| run_exchange(s, a, Level::Network, true),
    },
    Function {
        name: "srp",
        takes: EXCHANGE,
        run: |s, a| run_exchange(s, a, Level::Link, false),
    },
    Function {
        name: "srp1",
        takes: EXCHANGE,
        run: |s, a| run_exchange(s, a, Level::Link, true),
    },
    Function {
        name: "send",
        takes: SEND,
        run: |s, a| run_send(s, a, Level::Network),
    },
    Function {
        name: "sendp",
        takes: SEND,
        run: |s, a| run_send(s, a, Level::Link),
    },
    Function {
        name: "sniff",
        takes: "iface=, count=, timeout=, filter=, offline=",
        run: run_sniff,
    },
    Function {
        name: "rdpcap",
        takes: "the path of a capture file",
        run: run_rdpcap,
    },
    Function {
        name: "wrpcap",
        takes: "a path and packets",
        run: run_wrpcap,
    },
    Function {
        name: "hexdump",
        takes: "a packet or bytes",
        run: run_hexdump,
    },
    Function {
        name: "bytes",
        takes: "a packet, text, bytes or a list of numbers",
        run: run_bytes,
    },
    Function {
        name: "raw",
        takes: "a packet, text or bytes",
        run: run_bytes,
    },
    Function {
        name: "len",
        takes: "a packet, text, bytes or a list",
        run: run_len,
    },
    Function {
        name: "list",
        takes: "a set of packets, or a list",
        run: run_list,
    },
    Function {
        name: "tuple",
        takes: "a list",
        run: |_s, a| Ok(Object::Tuple(items(a)?)),
    },
    Function {
        name: "range",
        takes: "one to three numbers",
        run: run_range,
    },
    Function {
        name: "str",
        takes: "one value",
        run: |s, a| Ok(Object::Str(a.one()?.0.text(&*s.runtime))),
    },
    Function {
        name: "repr",
        takes: "one value",
        run: |s, a| Ok(Object::Str(a.one()?.0.repr(&*s.runtime))),
    },
    Function {
        name: "int",
        takes: "a number, or text and its base",
        run: run_int,
    },
    Function {
        name: "hex",
        takes: "a number",
        run: run_hex,
    },
    Function {
        name: "chr",
        takes: "a number",
        run: run_chr,
    },
    Function {
        name: "ord",
        takes: "one letter",
        run: run_ord,
    },
    Function {
        name: "print",
        takes: "values",
        run: run_print,
    },
    Function {
        name: "Net",
        takes: "a network like '10.0.0.0/24'",
        run: run_net,
    },
    Function {
        name: "RandShort",
        takes: "nothing",
        run: |s, _| Ok(Object::Int((s.runtime.random() & 0xffff).into())),
    },
    Function {
        name: "RandInt",
        takes: "nothing",
        run: |s, _| Ok(Object::Int((s.runtime.random() >> 32).into())),
    },
    Function {
        name: "RandByte",
        takes: "nothing",
        run: |s, _| Ok(Object::Int((s.runtime.random() & 0xff).into())),
    },
    Function {
        name: "exit",
        takes: "nothing",
        run: |_, a| Err(LangError::new(a.at.clone(), LangProblem::Exit)),
    },
    Function {
        name: "quit",
        takes: "nothing",
        run: |_, a| Err(LangError::new(a.at.clone(), LangProblem::Exit)),
    },
];

pub(super) fn items(arguments: &Arguments) -> Result<Vec<Object>, LangError> {
    let (value, at) = arguments.one()?;
    super::index::items(value, at)
}

fn run_ls(session: &mut Session<'_>, arguments: &Arguments) -> Result<Object, LangError> {
    arguments.at_most(1)?;
    let text = match arguments.positional.first() {
        None => ls(),
        Some((Object::Layer(id), _)) => ls_layer(id.layer(), &*session.runtime),
        Some((Object::Packet(stack, at), _)) => {
            ls_packet(&from_layer(&stack.borrow().packet, *at), &*session.runtime)
        }
        Some((Object::Str(name), at)) => {
            ls_layer(layer_named(name, at)?.layer(), &*session.runtime)
        }
        Some((_, at)) => return Err(arguments.wrong(at)),
    };
    session.runtime.print(&text);
    Ok(Object::None)
}

/// Returns the layer called `name`, or an error with similar names.
pub(super) fn layer_named(name: &str, at: &super::Span) -> Result<layers::LayerId, LangError> {
    layers::find(name).ok_or_else(|| {
        LangProblem::UnknownName {
            name: name.into(),
            similar: similar(name, layers::ALL.iter().map(|layer| layer.name)),
        }
        .at(at)
    })
}

fn run_lsc(session: &mut Session<'_>, arguments: &Arguments) -> Result<Object, LangError> {
    arguments.at_most(0)?;
    let text = FUNCTIONS.iter().fold(String::new(), |text, f| {
        text + &format!("{:<10} : {}\n", f.name, f.takes)
    });
    session.runtime.print(&text);
    Ok(Object::None)
}
