//! Prints answers in dig's layout. It is not translated: scripts and tutorials rely on it.

use std::fmt::Write as _;
use std::net::SocketAddr;

use hickory_proto::op::{Edns, Message, OpCode, ResponseCode};
use hickory_proto::rr::rdata::opt::EdnsOption;
use hickory_proto::rr::{DNSClass, Name, RData, Record, RecordType};
use jiff::Zoned;

use super::exchange::Answer;
use super::options::{DisplayOptions, DnsOptions};

/// Appends the first lines: program and arguments.
pub fn command(options: &DnsOptions, servers: usize, out: &mut String) {
    let _ = writeln!(
        out,
        "\n; <<>> Vigie {} <<>> {}",
        env!("CARGO_PKG_VERSION"),
        options.typed
    );
    if options.server.is_some() {
        let found = if servers == 1 { "server" } else { "servers" };
        let _ = writeln!(out, "; ({servers} {found} found)");
    }
    out.push_str(";; global options: +cmd\n");
}

/// Appends an answer.
pub fn answer(
    options: &DnsOptions,
    answer: &Answer,
    server: SocketAddr,
    now: &Zoned,
    out: &mut String,
) {
    let message = &answer.message;
    let display = options.display;
    if display.short {
        for record in &message.answers {
            let _ = writeln!(out, "{}", data(&record.data));
        }
        return;
    }
    if display.comments {
        out.push_str(";; Got answer:\n");
        header(message, out);
        if let Some(edns) = &message.edns {
            pseudosection(edns, out);
        }
    }
    question(message, display, out);
    for (wanted, title, records) in [
        (display.answer, "ANSWER", &message.answers),
        (display.authority, "AUTHORITY", &message.authorities),
        (display.additional, "ADDITIONAL", &message.additionals),
    ] {
        if wanted && !records.is_empty() {
            section(title, records, display, out);
        }
    }
    if display.stats {
        statistics(options, answer, server, now, out);
    }
}

fn header(message: &Message, out: &mut String) {
    let metadata = &message.metadata;
    let operation = match metadata.op_code {
        OpCode::Query => "QUERY".to_owned(),
        OpCode::Status => "STATUS".to_owned(),
        OpCode::Notify => "NOTIFY".to_owned(),
        OpCode::Update => "UPDATE".to_owned(),
        OpCode::Unknown(number) => format!("RESERVED{number}"),
    };
    let status = status(metadata.response_code);
    let _ = writeln!(
        out,
        ";; ->>HEADER<<- opcode: {operation}, status: {status}, id: {}",
        metadata.id
    );
    let flags: Vec<&str> = [
        (true, "qr"),
        (metadata.authoritative, "aa"),
        (metadata.truncation, "tc"),
        (metadata.recursion_desired, "rd"),
        (metadata.recursion_available, "ra"),
        (metadata.authentic_data, "ad"),
        (metadata.checking_disabled, "cd"),
    ]
    .iter()
    .filter(|(set, _)| *set)
    .map(|(_, name)| *name)
    .collect();
    // In the message, EDNS is a record of the additional section.
    let additional = message.additionals.len() + usize::from(message.edns.is_some());
    let _ = writeln!(
        out,
        ";; flags: {}; QUERY: {}, ANSWER: {}, AUTHORITY: {}, ADDITIONAL: {additional}",
        flags.join(" "),
        message.queries.len(),
        message.answers.len(),
        message.authorities.len(),
    );
    if metadata.recursion_desired && !metadata.recursion_available {
        out.push_str(";; WARNING: recursion requested but not available\n");
    }
    out.push('\n');
}

/// Returns the name of a response code (IANA "DNS RCODEs").
pub fn status(code: ResponseCode) -> String {
    match u16::from(code) {
        0 => "NOERROR".to_owned(),
        1 => "FORMERR".to_owned(),
        2 => "SERVFAIL".to_owned(),
        3 => "NXDOMAIN".to_owned(),
        4 => "NOTIMP".to_owned(),
        5 => "REFUSED".to_owned(),
        6 => "YXDOMAIN".to_owned(),
        7 => "YXRRSET".to_owned(),
        8 => "NXRRSET".to_owned(),
        9 => "NOTAUTH".to_owned(),
        10 => "NOTZONE".to_owned(),
        16 => "BADVERS".to_owned(),
        23 => "BADCOOKIE".to_owned(),
        other => format!("RESERVED{other}"),
    }
}

fn pseudosection(edns: &Edns, out: &mut String) {
    out.push_str(";; OPT PSEUDOSECTION:\n");
    let flags = if edns.flags().dnssec_ok { " do" } else { "" };
    let _ = writeln!(
        out,
        "; EDNS: version: {}, flags:{flags}; udp: {}",
        edns.version(),
        edns.max_payload()
    );
    for (code, option) in edns.options().as_ref() {
        match option {
            EdnsOption::Subnet(subnet) => {
                let (source, scope) = (subnet.source_prefix(), subnet.scope_prefix());
                let _ = writeln!(out, "; CLIENT-SUBNET: {}/{source}/{scope}", subnet.addr());
            }
            EdnsOption::NSID(name) => {
                let _ = writeln!(
                    out,
                    "; NSID: {} (\"{}\")",
                    spaced(name.as_ref()),
                    printable(name.as_ref())
                );
            }
            EdnsOption::Unknown(10, cookie) => {
                let _ = writeln!(out, "; COOKIE: {}", hexadecimal(cookie));
            }
            // Extended DNS error (RFC 8914): a code and a text.
            EdnsOption::Unknown(15, error) if error.len() >= 2 => {
                let number = u16::from_be_bytes([error[0], error[1]]);
                let _ = write!(out, "; EDE: {number}");
                if error.len() > 2 {
                    let _ = write!(out, ": ({})", printable(&error[2..]));
                }
                out.push('\n');
            }
            EdnsOption::Unknown(_, bytes) => {
                let _ = writeln!(out, "; OPT={}: {}", u16::from(*code), spaced(bytes));
            }
            _ => {}
        }
    }
}

fn question(message: &Message, display: DisplayOptions, out: &mut String) {
    if !display.question || message.queries.is_empty() {
        return;
    }
    if display.comments {
        out.push_str(";; QUESTION SECTION:\n");
    }
    for query in &message.queries {
        let mut line = format!(";{}", name(query.name()));
        column(&mut line, 32);
        line.push_str(&class(query.query_class()));
        column(&mut line, 40);
        line.push_str(&kind(query.query_type()));
        out.push_str(&line);
        out.push('\n');
    }
    if display.comments {
        out.push('\n');
    }
}

fn section(title: &str, records: &[Record], display: DisplayOptions, out: &mut String) {
    if display.comments {
        let _ = writeln!(out, ";; {title} SECTION:");
    }
    for record in records {
        self::record(record, out);
    }
    if display.comments {
        out.push('\n');
    }
}

/// Appends the line of a record.
pub fn record(record: &Record, out: &mut String) {
    let mut line = name(&record.name);
    column(&mut line, 24);
    let _ = write!(line, "{}", record.ttl);
    column(&mut line, 32);
    line.push_str(&class(record.dns_class));
    column(&mut line, 40);
    line.push_str(&kind(record.record_type()));
    column(&mut line, 48);
    line.push_str(&data(&record.data));
    out.push_str(&line);
    out.push('\n');
}

/// Pads a line with tabs and spaces to a column, by at least one character.
fn column(line: &mut String, to: usize) {
    // A tab advances to the next multiple of eight.
    let width = line.chars().fold(0, |width, character| {
        if character == '\t' {
            width / 8 * 8 + 8
        } else {
            width + 1
        }
    });
    let to = to.max(width + 1);
    let tabs = to / 8 - width / 8;
    line.extend(std::iter::repeat_n('\t', tabs));
    let reached = if tabs > 0 { to / 8 * 8 } else { width };
    line.extend(std::iter::repeat_n(' ', to - reached));
}

fn statistics(
    options: &DnsOptions,
    answer: &Answer,
    server: SocketAddr,
    now: &Zoned,
    out: &mut String,
) {
    let typed = options
        .server
        .clone()
        .unwrap_or_else(|| server.ip().to_string());
    let transport = if answer.tcp { "TCP" } else { "UDP" };
    let when = jiff::fmt::strtime::format("%a %b %d %H:%M:%S %Z %Y", now).unwrap_or_default();
    let _ = writeln!(out, ";; Query time: {} msec", answer.time.as_millis());
    let _ = writeln!(
        out,
        ";; SERVER: {}#{}({typed}) ({transport})",
        server.ip(),
        server.port()
    );
    let _ = writeln!(out, ";; WHEN: {when}");
    let _ = writeln!(out, ";; MSG SIZE  rcvd: {}\n", answer.length);
}

/// Returns a name as absolute text, safe for a terminal.
pub fn name(name: &Name) -> String {
    let text = name.to_ascii();
    if text.ends_with('.') {
        text
    } else {
        text + "."
    }
}

fn class(class: DNSClass) -> String {
    match class {
        DNSClass::Unknown(number) | DNSClass::OPT(number) => format!("CLASS{number}"),
        known => known.to_string(),
    }
}

/// Returns the name of a record type, `TYPE65280` for an unknown one (RFC 3597).
pub fn kind(kind: RecordType) -> String {
    match u16::from(kind) {
        43 => "DS".to_owned(),
        46 => "RRSIG".to_owned(),
        47 => "NSEC".to_owned(),
        48 => "DNSKEY".to_owned(),
        50 => "NSEC3".to_owned(),
        number => match kind {
            RecordType::Unknown(_) => format!("TYPE{number}"),
            known => known.to_string(),
        },
    }
}

/// Returns the data of a record in the presentation format of its type.
pub fn data(data: &RData) -> String {
    match data {
        RData::CNAME(target) => name(target),
        RData::NS(target) => name(target),
        RData::PTR(target) => name(target),
        RData::MX(mx) => format!("{} {}", mx.preference, name(&mx.exchange)),
        RData::SRV(srv) => format!(
            "{} {} {} {}",
            srv.priority,
            srv.weight,
            srv.port,
            name(&srv.target)
        ),
        RData::SOA(soa) => format!(
            "{} {} {} {} {} {} {}",
            name(&soa.mname),
            name(&soa.rname),
            soa.serial,
            soa.refresh,
            soa.retry,
            soa.expire,
            soa.minimum
        ),
        RData::TXT(txt) => {
            let texts: Vec<String> = txt.txt_data.iter().map(|text| quoted(text)).collect();
            texts.join(" ")
        }
        RData::HINFO(hinfo) => format!("{} {}", quoted(&hinfo.cpu), quoted(&hinfo.os)),
        RData::CAA(caa) => {
            let flags = u8::from(caa.issuer_critical) << 7 | caa.reserved_flags;
            format!(
                "{flags} {} {}",
                printable(caa.tag.as_bytes()),
                quoted(&caa.value)
            )
        }
        RData::Unknown { code, rdata } => unknown(u16::from(*code), &rdata.anything),
        other => printable(other.to_string().as_bytes()),
    }
}

/// Returns the data of types that the library does not parse: DS and DNSKEY (RFC 4034), others in the notation of
/// RFC 3597.
fn unknown(code: u16, bytes: &[u8]) -> String {
    match (code, bytes) {
        (43, [tag0, tag1, algorithm, digest, rest @ ..]) => {
            let tag = u16::from_be_bytes([*tag0, *tag1]);
            format!(
                "{tag} {algorithm} {digest} {}",
                hexadecimal(rest).to_uppercase()
            )
        }
        (48, [flags0, flags1, protocol, algorithm, rest @ ..]) => {
            let flags = u16::from_be_bytes([*flags0, *flags1]);
            format!("{flags} {protocol} {algorithm} {}", base64(rest))
        }
        (_, []) => "\\# 0".to_owned(),
        (_, bytes) => format!("\\# {} {}", bytes.len(), hexadecimal(bytes).to_uppercase()),
    }
}

/// Returns a character string in quotes (RFC 1035 section 5.1).
fn quoted(text: &[u8]) -> String {
    format!("\"{}\"", printable(text))
}

/// Escapes bytes as in master files (RFC 1035 section 5.1): quotes and backslashes, and `\DDD` for other bytes that are
/// not printable ASCII.
fn printable(bytes: &[u8]) -> String {
    let mut out = String::new();
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\{byte:03}");
            }
        }
    }
    out
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn spaced(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

/// Encodes bytes in base 64 (RFC 4648 section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0_u32, |word, (at, byte)| {
            word | u32::from(*byte) << (16 - 8 * at)
        });
        for digit in 0..4 {
            if digit <= chunk.len() {
                out.push(char::from(DIGITS[(word >> (18 - 6 * digit) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_of_dig() {
        let mut line = "www.itinet.fr.".to_owned();
        column(&mut line, 24);
        assert_eq!(line, "www.itinet.fr.\t\t");
        line.push_str("86400");
        column(&mut line, 32);
        assert_eq!(line, "www.itinet.fr.\t\t86400\t");
        let mut long = "a-name-that-is-longer-than-the-column.example.".to_owned();
        column(&mut long, 24);
        assert!(long.ends_with(". "));
    }

    #[test]
    fn bytes_are_escaped() {
        assert_eq!(quoted(b"a\"b\\c\x1b"), "\"a\\\"b\\\\c\\027\"");
        assert_eq!(base64(b"light w"), "bGlnaHQgdw==");
        assert_eq!(unknown(65_280, &[1, 0xab]), "\\# 2 01AB");
        assert_eq!(unknown(43, &[0, 5, 8, 2, 0xab]), "5 8 2 AB");
    }
}
