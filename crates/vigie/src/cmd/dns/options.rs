//! Validated options of `vigie dns`.

use std::net::IpAddr;

use hickory_proto::rr::{DNSClass, Name, RecordType};
use vigie_report::Message;

use crate::error::Error;
use crate::flags::dns::DnsFlags;
pub use crate::flags::dns::{DisplayOptions, QueryOptions};

/// Query, servers and display of the answer.
#[derive(Clone, Debug)]
pub struct DnsOptions {
    /// Server after `@`; `None` for the servers of this host.
    pub server: Option<String>,
    /// Port of the server.
    pub port: u16,
    /// Name to look up.
    pub name: Name,
    /// Record type.
    pub kind: RecordType,
    /// Record class.
    pub class: DNSClass,
    /// Address family of the servers; `None` for both.
    pub family: Option<Family>,
    /// How the query is sent.
    pub query: QueryOptions,
    /// Parts of the answer to display.
    pub display: DisplayOptions,
    /// Follow the delegations from the root (`+trace`).
    pub trace: bool,
    /// Explain the answer.
    pub explain: bool,
    /// The operands as typed, for the first line.
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

impl DnsOptions {
    /// Validates the flags.
    ///
    /// # Errors
    ///
    /// A usage error for a name, type, class or address that does not parse, and for a second name.
    pub fn new(flags: &DnsFlags) -> Result<Self, Error> {
        let words = Words::read(flags)?;
        let mut found = Self {
            server: flags.server.clone(),
            port: flags.port.unwrap_or(53),
            name: Name::root(),
            kind: RecordType::A,
            class: words.class,
            family: match (flags.ipv4, flags.ipv6) {
                (true, _) => Some(Family::V4),
                (_, true) => Some(Family::V6),
                _ => None,
            },
            query: flags.query,
            display: flags.display,
            trace: flags.trace,
            explain: flags.explain,
            typed: flags.words.join(" "),
        };
        match (&flags.reverse, words.name) {
            (Some(address), None) => {
                let parsed: IpAddr = address.parse().map_err(|_| {
                    Error::usage(Message::new("dns-address").outside("address", address))
                })?;
                found.name = Name::from(parsed);
                if !found.typed.is_empty() {
                    found.typed.push(' ');
                }
                found.typed.extend(["-x ", address]);
                found.kind = words.kind.unwrap_or(RecordType::PTR);
            }
            (Some(_), Some(name)) => return Err(extra(name)),
            (None, Some(name)) => {
                found.name = absolute(name)?;
                found.kind = words.kind.unwrap_or(RecordType::A);
            }
            // As in dig: the name servers of the root.
            (None, None) => found.kind = words.kind.unwrap_or(RecordType::NS),
        }
        Ok(found)
    }
}

/// Returns name, type and class from the operands. `-t` and `-c` take precedence.
struct Words<'a> {
    name: Option<&'a str>,
    kind: Option<RecordType>,
    class: DNSClass,
}

impl<'a> Words<'a> {
    fn read(flags: &'a DnsFlags) -> Result<Self, Error> {
        let mut words = Self {
            name: None,
            kind: None,
            class: DNSClass::IN,
        };
        for word in &flags.names {
            let named = words.name.is_some();
            if let (true, Some(class)) = (named, class(word)) {
                words.class = class;
            } else if let (true, Some(kind)) = (named || flags.reverse.is_some(), kind(word)) {
                words.kind = Some(kind);
            } else if words.name.is_none() {
                words.name = Some(word);
            } else {
                return Err(extra(word));
            }
        }
        if let Some(text) = &flags.kind {
            let none = || Error::usage(Message::new("dns-type").outside("type", text));
            words.kind = Some(kind(text).ok_or_else(none)?);
        }
        if let Some(text) = &flags.class {
            let none = || Error::usage(Message::new("dns-class").outside("class", text));
            words.class = class(text).ok_or_else(none)?;
        }
        Ok(words)
    }
}

/// Returns the error for a surplus operand.
fn extra(word: &str) -> Error {
    Error::usage(Message::new("dns-word-extra").outside("word", word))
}

/// Parses a name as absolute.
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

/// Parses a record type: a name, or `TYPE65280` (RFC 3597).
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
