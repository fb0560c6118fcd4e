//! What the arguments of `vigie dns` mean: dig's words, in any order, before anything is asked.

use std::net::IpAddr;
use std::time::Duration;

use clap::ArgMatches;
use hickory_proto::rr::{DNSClass, Name, RecordType};
use vigie_report::Message;

use crate::error::Error;

/// What is asked, of whom, how, and what is shown of the answer.
#[derive(Clone, Debug)]
pub struct DnsOptions {
    /// The server as typed after `@`; else the system's.
    pub server: Option<String>,
    /// Its port.
    pub port: u16,
    /// The question's name.
    pub name: Name,
    /// The question's type.
    pub kind: RecordType,
    /// The question's class.
    pub class: DNSClass,
    /// Only servers with IPv4 (or IPv6) addresses.
    pub family: Option<Family>,
    /// How it is asked.
    pub how: How,
    /// What is shown.
    pub shown: Shown,
    /// From the root down, asking each server on the way.
    pub trace: bool,
    /// The words as typed, for the first line.
    pub typed: String,
}

/// An address family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// How a question is put.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// Over TCP from the start.
    pub tcp: bool,
    /// A cut answer over UDP is taken as it is.
    pub ignore_truncation: bool,
    /// The server may ask others.
    pub recurse: bool,
    /// The "authentic data" bit of the question.
    pub authentic: bool,
    /// The "checking disabled" bit.
    pub checking_disabled: bool,
    /// The size of datagrams that EDNS offers; `None` without EDNS.
    pub edns: Option<u16>,
    /// Signatures wanted (the DO bit).
    pub dnssec: bool,
    /// How long one answer is waited for.
    pub patience: Duration,
    /// How often it is asked.
    pub tries: u32,
}

/// What is shown of an answer.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "dig's switches, one each")]
pub struct Shown {
    /// Only what the records say.
    pub short: bool,
    /// The first line, with what was typed.
    pub command: bool,
    /// Lines that begin with `;`.
    pub comments: bool,
    /// The question section.
    pub question: bool,
    /// The answer section.
    pub answer: bool,
    /// The authority section.
    pub authority: bool,
    /// The additional section.
    pub additional: bool,
    /// Time, server and size.
    pub stats: bool,
}

impl Default for How {
    fn default() -> Self {
        Self {
            tcp: false,
            ignore_truncation: false,
            recurse: true,
            authentic: true,
            checking_disabled: false,
            edns: Some(1232),
            dnssec: false,
            patience: Duration::from_secs(5),
            tries: 3,
        }
    }
}

impl Shown {
    const fn all(on: bool) -> Self {
        Self {
            short: false,
            command: on,
            comments: on,
            question: on,
            answer: on,
            authority: on,
            additional: on,
            stats: on,
        }
    }
}

impl DnsOptions {
    /// Reads the arguments.
    pub fn read(matches: &ArgMatches) -> Result<Self, Error> {
        let option = |id: &str| matches.get_one::<String>(id).map(String::as_str);
        let mut found = Self {
            server: None,
            port: option("port")
                .map_or(Ok(53), |text| number(text, "-p", 65_535))
                .map(|port| port as u16)?,
            name: Name::root(),
            kind: RecordType::A,
            class: DNSClass::IN,
            family: None,
            how: How::default(),
            shown: Shown::all(true),
            trace: false,
            typed: String::new(),
        };
        let words: Vec<&str> = matches
            .get_many::<String>("words")
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        found.typed = words.join(" ");
        if matches.get_flag("ipv4") {
            found.family = Some(Family::V4);
        } else if matches.get_flag("ipv6") {
            found.family = Some(Family::V6);
        }
        let (mut name, mut kind) = (None, None);
        for word in words {
            if let Some(server) = word.strip_prefix('@') {
                found.server = Some(server.to_owned());
            } else if let Some(switch) = word.strip_prefix('+') {
                found.switch(switch)?;
            } else if let (true, Some(class)) = (name.is_some(), class(word)) {
                found.class = class;
            } else if let (true, Some(wanted)) = (
                name.is_some() || option("reverse").is_some(),
                self::kind(word),
            ) {
                kind = Some(wanted);
            } else if name.is_none() {
                name = Some(word);
            } else {
                return Err(Error::usage(
                    Message::new("dns-word-extra").outside("word", word),
                ));
            }
        }
        if let Some(text) = option("type") {
            kind = Some(
                self::kind(text)
                    .ok_or_else(|| Error::usage(Message::new("dns-type").outside("type", text)))?,
            );
        }
        if let Some(text) = option("class") {
            found.class = class(text)
                .ok_or_else(|| Error::usage(Message::new("dns-class").outside("class", text)))?;
        }
        match (option("reverse"), name) {
            (Some(address), None) => {
                let parsed: IpAddr = address.parse().map_err(|_| {
                    Error::usage(Message::new("dns-address").outside("address", address))
                })?;
                found.name = Name::from(parsed);
                if !found.typed.is_empty() {
                    found.typed.push(' ');
                }
                found.typed.extend(["-x ", address]);
                found.kind = kind.unwrap_or(RecordType::PTR);
            }
            (Some(_), Some(name)) => {
                return Err(Error::usage(
                    Message::new("dns-word-extra").outside("word", name),
                ));
            }
            (None, Some(name)) => {
                found.name = absolute(name)?;
                found.kind = kind.unwrap_or(RecordType::A);
            }
            // As dig does: the servers of the root.
            (None, None) => found.kind = kind.unwrap_or(RecordType::NS),
        }
        Ok(found)
    }

    /// One of dig's `+words`.
    fn switch(&mut self, word: &str) -> Result<(), Error> {
        let (name, value) = word
            .split_once('=')
            .map_or((word, None), |(name, value)| (name, Some(value)));
        let (name, on) = name
            .strip_prefix("no")
            .map_or((name, true), |name| (name, false));
        let unknown = || {
            let message = Message::new("dns-switch").outside("word", format!("+{word}"));
            Error::usage(message).hint(Message::new("dns-switch-hint"))
        };
        let amount = |max: u32| {
            number(
                value.ok_or_else(unknown)?,
                &format!("+{name}"),
                u64::from(max),
            )
        };
        let (how, shown) = (&mut self.how, &mut self.shown);
        match name {
            "tcp" | "vc" => how.tcp = on,
            "ignore" => how.ignore_truncation = on,
            "recurse" | "rec" => how.recurse = on,
            "adflag" | "ad" => how.authentic = on,
            "cdflag" | "cd" => how.checking_disabled = on,
            "edns" => how.edns = on.then_some(1232),
            "bufsize" if on => how.edns = Some(amount(65_535)? as u16),
            "dnssec" | "do" => how.dnssec = on,
            "time" | "timeout" if on => how.patience = Duration::from_secs(amount(3600)?.max(1)),
            "tries" if on => how.tries = amount(100)?.max(1) as u32,
            "retry" if on => how.tries = amount(100)? as u32 + 1,
            "short" => shown.short = on,
            "cmd" => shown.command = on,
            "comments" => shown.comments = on,
            "question" => shown.question = on,
            "answer" => shown.answer = on,
            "authority" => shown.authority = on,
            "additional" => shown.additional = on,
            "stats" => shown.stats = on,
            "all" => {
                *shown = Shown {
                    short: shown.short,
                    ..Shown::all(on)
                }
            }
            "trace" => self.trace = on,
            _ => return Err(unknown()),
        }
        Ok(())
    }
}

fn number(text: &str, arg: &str, max: u64) -> Result<u64, Error> {
    text.parse()
        .ok()
        .filter(|value| *value <= max)
        .ok_or_else(|| {
            let message = Message::new("number-wrong")
                .outside("value", text)
                .outside("arg", arg);
            Error::usage(message).hint(
                Message::new("number-wrong-hint")
                    .amount("min", 0)
                    .amount("max", max),
            )
        })
}

fn absolute(text: &str) -> Result<Name, Error> {
    let mut name = Name::from_utf8(text).map_err(|error| {
        Error::usage(
            Message::new("dns-name")
                .outside("name", text)
                .shown("error", error),
        )
    })?;
    name.set_fqdn(true);
    Ok(name)
}

/// A record type by its name, or as `TYPE65280` (RFC 3597).
fn kind(text: &str) -> Option<RecordType> {
    let upper = text.to_ascii_uppercase();
    if let Some(number) = upper.strip_prefix("TYPE") {
        return number.parse::<u16>().ok().map(RecordType::from);
    }
    match upper.as_str() {
        "ANY" => Some(RecordType::ANY),
        "DNSKEY" => Some(RecordType::from(48)),
        "DS" => Some(RecordType::from(43)),
        "RRSIG" => Some(RecordType::from(46)),
        "NSEC" => Some(RecordType::from(47)),
        name => name.parse().ok(),
    }
}

fn class(text: &str) -> Option<DNSClass> {
    match text.to_ascii_uppercase().as_str() {
        "IN" => Some(DNSClass::IN),
        "CH" | "CHAOS" => Some(DNSClass::CH),
        "HS" | "HESIOD" => Some(DNSClass::HS),
        _ => None,
    }
}
