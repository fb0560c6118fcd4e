//! The packet expression language: scapy's notation, without Python behind it.
//!
//! `IP(dst="10.0.0.1")/TCP(dport=[80, 443], flags="S")`, variables, indexing, slicing, attributes, tuples, and scapy's
//! functions. A [`Session`] evaluates expressions. The network, files and the screen are reached through [`Runtime`].

mod ast;
mod attributes;
mod call;
mod error;
mod eval;
mod functions;
mod index;
mod methods;
mod object;
mod operators;
mod parse;
mod runtime;
mod size;
mod token;
mod transfer;
mod values;

pub use call::known_names;
pub use error::{LangError, LangProblem, Span, similar};
pub use eval::Session;
pub use functions::{FUNCTIONS, Function};
pub use methods::{LIST_METHODS, PACKET_METHODS};
pub use object::{Object, Packets, Pairs, Stack};
pub use parse::is_complete;
pub use runtime::{
    Captured, Exchange, ExchangeOptions, Level, NoRuntime, Runtime, RuntimeError, SendOptions,
    SniffOptions,
};
pub use token::{Token, TokenKind, tokens};
