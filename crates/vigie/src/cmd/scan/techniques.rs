//! The technique of a scan, its TCP flags, and whether the ports fit it.
//!
//! This file must not know how a technique works.

use vigie_report::Message;
use vigie_scan::plan::Technique;
use vigie_scope::Transport;
use vigie_scope::ports::PortList;
use vigie_wire::tcp::Flags;

use crate::error::Error;

/// TCP flags by name, as `--scanflags` accepts them.
const NAMES: [(&str, Flags); 8] = [
    ("FIN", Flags::FIN),
    ("SYN", Flags::SYN),
    ("RST", Flags::RST),
    ("PSH", Flags::PSH),
    ("ACK", Flags::ACK),
    ("URG", Flags::URG),
    ("ECE", Flags::ECE),
    ("CWR", Flags::CWR),
];

/// Returns the technique of the scan; `None` if the command line names none.
///
/// # Errors
/// Two techniques.
pub fn choose(named: &[Technique]) -> Result<Option<Technique>, Error> {
    let one = named.first().copied();
    match named.iter().find(|other| Some(**other) != one) {
        Some(other) => {
            let one = one.unwrap_or(*other);
            let message = Message::new("scan-two-techniques")
                .safe("one", flag(one))
                .safe("other", flag(*other));
            Err(Error::usage(message).hint(Message::new("scan-two-techniques-hint")))
        }
        None => Ok(one),
    }
}

/// Returns the TCP flags in `text`: names in any order, joined or separated, or a number.
///
/// # Errors
/// A text that is neither, or a technique that sends no TCP segments of its own.
pub fn flags(text: Option<&str>, technique: Option<Technique>) -> Result<Option<Flags>, Error> {
    let Some(text) = text else {
        return Ok(None);
    };
    let sends_no_segments =
        |t: &Technique| *t == Technique::Connect || t.transport() != Transport::Tcp;
    if let Some(other) = technique.filter(sends_no_segments) {
        let message = Message::new("scan-flags-not-tcp").safe("flag", flag(other));
        return Err(Error::usage(message).hint(Message::new("scan-flags-not-tcp-hint")));
    }
    if let Some(flags) = parse(text) {
        return Ok(Some(flags));
    }
    let message = Message::new("scan-flags-wrong").outside("value", text);
    Err(Error::usage(message).hint(Message::new("scan-flags-wrong-hint")))
}

fn parse(text: &str) -> Option<Flags> {
    let number = text
        .strip_prefix("0x")
        .map_or_else(|| text.parse().ok(), |hex| u8::from_str_radix(hex, 16).ok());
    if let Some(number) = number {
        return Some(Flags(u16::from(number)));
    }
    let upper = text.to_ascii_uppercase();
    let mut rest = upper.as_str();
    let mut flags = Flags::NONE;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix([',', '|', '+', '/']) {
            rest = after;
            continue;
        }
        let (name, flag) = NAMES.iter().find(|(name, _)| rest.starts_with(name))?;
        flags = flags | *flag;
        rest = &rest[name.len()..];
    }
    (flags != Flags::NONE).then_some(flags)
}

/// Checks that the ports belong to the transport that the technique probes.
///
/// # Errors
/// A port of another transport.
pub fn check_ports(technique: Option<Technique>, ports: &PortList) -> Result<(), Error> {
    let technique = technique.unwrap_or(Technique::Syn);
    let transport = technique.transport();
    if ports.iter().all(|(t, _)| t == transport) {
        return Ok(());
    }
    let message = Message::new("scan-ports-of-another")
        .safe("flag", flag(technique))
        .safe("transport", transport.as_str().to_uppercase());
    Err(Error::usage(message).hint(Message::new("scan-ports-of-another-hint")))
}

fn flag(technique: Technique) -> String {
    format!("-{}", technique.flag())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_names_or_numbers() {
        let fin_psh = Some(Flags::FIN | Flags::PSH);
        for text in ["9", "0x9", "FINPSH", "pshfin", "psh,fin", "PSH|FIN"] {
            assert_eq!(parse(text), fin_psh, "{text}");
        }
        assert_eq!(parse("0"), Some(Flags::NONE));
        for text in ["", ",", "256", "-1", "SYNX", "XSYN", "FI", "0x100", "SY N"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn tcp_flags_need_a_technique_that_sends_segments() {
        assert!(flags(Some("SYN"), None).is_ok());
        assert!(flags(Some("SYN"), Some(Technique::Ack)).is_ok());
        for technique in [
            Technique::Connect,
            Technique::SctpInit,
            Technique::IpProtocol,
        ] {
            assert!(flags(Some("SYN"), Some(technique)).is_err());
        }
    }
}
