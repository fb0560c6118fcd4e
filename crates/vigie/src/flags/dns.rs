//! The flags of `vigie dns`: dig's letters, and dig's `+` options such as `+short`.

use std::time::Duration;

use clap::Command;
use vigie_report::Message;
use vigie_report::Texts;

use super::foreign::{Tool, spelling};
use super::{Flag, Flags, Group, Spelling, Takes, args, compat};
use crate::error::Error;

/// UDP payload size that EDNS offers, in bytes (DNS flag day 2020).
const EDNS_SIZE: u16 = 1232;

/// A query as the command line gives it.
#[derive(Clone, Debug, Default)]
pub struct DnsFlags {
    /// The operands, as typed.
    pub words: Vec<String>,
    /// `@SERVER`.
    pub server: Option<String>,
    /// Name, type and class, from the operands.
    pub names: Vec<String>,
    /// `-p`.
    pub port: Option<u16>,
    /// `-x`: the address to look up.
    pub reverse: Option<String>,
    /// `-t`.
    pub kind: Option<String>,
    /// `-c`.
    pub class: Option<String>,
    /// `-4`: only servers with IPv4 addresses.
    pub ipv4: bool,
    /// `-6`: only servers with IPv6 addresses.
    pub ipv6: bool,
    /// `--explain`.
    pub explain: bool,
    /// How the query is sent.
    pub query: QueryOptions,
    /// Parts of the answer to display.
    pub display: DisplayOptions,
    /// `+trace`: follow the delegations from the root.
    pub trace: bool,
}

/// How a query is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryOptions {
    /// Use TCP from the start.
    pub tcp: bool,
    /// Accept a truncated answer over UDP.
    pub ignore_truncation: bool,
    /// Ask for recursion (the RD bit).
    pub recurse: bool,
    /// Set the AD bit.
    pub authentic: bool,
    /// Set the CD bit.
    pub checking_disabled: bool,
    /// UDP payload size that EDNS offers, in bytes; `None` without EDNS.
    pub edns: Option<u16>,
    /// Ask for signatures (the DO bit).
    pub dnssec: bool,
    /// Timeout of one attempt.
    pub timeout: Duration,
    /// Number of attempts.
    pub tries: u32,
}

/// Parts of an answer to display.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisplayOptions {
    /// Only the data of the records.
    pub short: bool,
    /// First lines, with the arguments.
    pub command: bool,
    /// Comment lines.
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

impl Default for QueryOptions {
    fn default() -> Self {
        Self {
            tcp: false,
            ignore_truncation: false,
            recurse: true,
            authentic: true,
            checking_disabled: false,
            edns: Some(EDNS_SIZE),
            dnssec: false,
            timeout: Duration::from_secs(5),
            tries: 3,
        }
    }
}

impl Default for DisplayOptions {
    fn default() -> Self {
        Self::all(true)
    }
}

impl DisplayOptions {
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

/// Returns the clap command.
pub fn command(texts: &Texts) -> Command {
    Command::new(DnsFlags::COMMAND)
        .about(texts.get("dns-about"))
        .override_usage(texts.get("dns-usage"))
        .after_long_help(texts.get("dns-after"))
        .args_override_self(true)
        .args(args::<DnsFlags>("", texts))
}

/// text keys: dns-help-*
impl Flags for DnsFlags {
    const COMMAND: &'static str = "dns";
    const GROUPS: &'static [Group<Self>] = &[Group {
        heading: "dns-options",
        flags: &[
            DnsFlag::operand("words", Takes::Many("WORDS"), "+short", |o, value| {
                o.word(value.text()?)
            }),
            DnsFlag::value("port", Takes::One("PORT"), "5353", |o, value| {
                o.port = u16::try_from(value.number(0, 65_535)?).ok();
                Ok(())
            })
            .only_short('p')
            .spelled(&[dig("-p")]),
            DnsFlag::value("reverse", Takes::One("ADDRESS"), "10.0.0.1", |o, value| {
                value.string().map(|address| o.reverse = Some(address))
            })
            .only_short('x')
            .spelled(&[dig("-x")]),
            DnsFlag::value("type", Takes::One("TYPE"), "MX", |o, value| {
                value.string().map(|kind| o.kind = Some(kind))
            })
            .only_short('t')
            .spelled(&[dig("-t")]),
            DnsFlag::value("class", Takes::One("CLASS"), "CH", |o, value| {
                value.string().map(|class| o.class = Some(class))
            })
            .only_short('c')
            .spelled(&[dig("-c")]),
            DnsFlag::switch("ipv4", |o| o.ipv4 = true)
                .only_short('4')
                .spelled(&[dig("-4")]),
            DnsFlag::switch("ipv6", |o| o.ipv6 = true)
                .only_short('6')
                .spelled(&[dig("-6")]),
            DnsFlag::switch("explain", |o| o.explain = true),
        ],
    }];
}

type DnsFlag = Flag<DnsFlags>;

const fn dig(text: &'static str) -> Spelling {
    spelling(Tool::Dig, text)
}

/// An option such as `+short`.
#[derive(Debug)]
pub struct Word {
    /// Names, without `+`.
    pub names: &'static [&'static str],
    set: SetWord,
}

#[derive(Debug)]
enum SetWord {
    /// On by `+NAME`, off by `+noNAME`.
    Switch(fn(&mut DnsFlags, bool)),
    /// `+NAME=NUMBER`, up to the maximum.
    Number(u32, fn(&mut DnsFlags, u32)),
}

impl Word {
    const fn switch(names: &'static [&'static str], set: fn(&mut DnsFlags, bool)) -> Self {
        Self {
            names,
            set: SetWord::Switch(set),
        }
    }

    const fn number(names: &'static [&'static str], max: u32, set: fn(&mut DnsFlags, u32)) -> Self {
        Self {
            names,
            set: SetWord::Number(max, set),
        }
    }

    /// Whether it takes a number.
    pub const fn takes_number(&self) -> bool {
        matches!(self.set, SetWord::Number(..))
    }
}

/// The `+` options of dig that Vigie supports.
pub const WORDS: &[Word] = &[
    Word::switch(&["short"], |o, on| o.display.short = on),
    Word::switch(&["tcp", "vc"], |o, on| o.query.tcp = on),
    Word::switch(&["trace"], |o, on| o.trace = on),
    Word::switch(&["dnssec", "do"], |o, on| o.query.dnssec = on),
    Word::switch(&["recurse", "rec"], |o, on| o.query.recurse = on),
    Word::switch(&["edns"], |o, on| o.query.edns = on.then_some(EDNS_SIZE)),
    Word::number(&["bufsize"], 65_535, |o, bytes| {
        o.query.edns = u16::try_from(bytes).ok();
    }),
    Word::number(&["time", "timeout"], 3_600, |o, seconds| {
        o.query.timeout = Duration::from_secs(u64::from(seconds.max(1)));
    }),
    Word::number(&["tries"], 100, |o, tries| o.query.tries = tries.max(1)),
    Word::number(&["retry"], 100, |o, retries| o.query.tries = retries + 1),
    Word::switch(&["ignore"], |o, on| o.query.ignore_truncation = on),
    Word::switch(&["adflag", "ad"], |o, on| o.query.authentic = on),
    Word::switch(&["cdflag", "cd"], |o, on| o.query.checking_disabled = on),
    Word::switch(&["all"], |o, on| {
        o.display = DisplayOptions {
            short: o.display.short,
            ..DisplayOptions::all(on)
        };
    }),
    Word::switch(&["cmd"], |o, on| o.display.command = on),
    Word::switch(&["comments"], |o, on| o.display.comments = on),
    Word::switch(&["question"], |o, on| o.display.question = on),
    Word::switch(&["answer"], |o, on| o.display.answer = on),
    Word::switch(&["authority"], |o, on| o.display.authority = on),
    Word::switch(&["additional"], |o, on| o.display.additional = on),
    Word::switch(&["stats"], |o, on| o.display.stats = on),
];

impl DnsFlags {
    /// Stores an operand: `@SERVER`, `+WORD`, or a name, type or class.
    fn word(&mut self, text: &str) -> Result<(), Error> {
        self.words.push(text.to_owned());
        if let Some(server) = text.strip_prefix('@') {
            self.server = Some(server.to_owned());
        } else if let Some(word) = text.strip_prefix('+') {
            self.plus(word)?;
        } else {
            self.names.push(text.to_owned());
        }
        Ok(())
    }

    fn plus(&mut self, text: &str) -> Result<(), Error> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let (name, on) = match name.strip_prefix("no") {
            Some(name) => (name, false),
            None => (name, true),
        };
        let word = WORDS.iter().find(|word| word.names.contains(&name));
        match (word.map(|word| &word.set), value) {
            (Some(SetWord::Switch(set)), _) => set(self, on),
            (Some(SetWord::Number(max, set)), Some(value)) if on => {
                set(self, number(name, value, *max)?);
            }
            _ => return Err(unknown(text, name)),
        }
        Ok(())
    }
}

fn number(name: &str, text: &str, max: u32) -> Result<u32, Error> {
    let number = text.parse().ok().filter(|number| *number <= max);
    number.ok_or_else(|| {
        let message = Message::new("number-wrong")
            .outside("value", text)
            .outside("arg", format!("+{name}"));
        let hint = Message::new("number-wrong-hint")
            .amount("min", 0)
            .amount("max", u64::from(max));
        Error::usage(message).hint(hint)
    })
}

/// Returns the error for an unknown `+` option, or one without its number.
fn unknown(text: &str, name: &str) -> Error {
    compat::foreign_option(DnsFlags::COMMAND, &[], &format!("+{name}")).unwrap_or_else(|| {
        let message = Message::new("dns-switch").outside("word", format!("+{text}"));
        Error::usage(message).hint(Message::new("dns-switch-hint"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &[&str]) -> Result<DnsFlags, Error> {
        let mut flags = DnsFlags::default();
        for word in words {
            flags.word(word)?;
        }
        Ok(flags)
    }

    #[test]
    fn every_word_has_an_effect() {
        let before = format!(
            "{:?}",
            (QueryOptions::default(), DisplayOptions::default(), false)
        );
        for word in WORDS {
            for name in word.names {
                let typed = if word.takes_number() {
                    vec![format!("{name}=7")]
                } else {
                    vec![(*name).to_owned(), format!("no{name}")]
                };
                let changes = typed.iter().any(|text| {
                    let mut flags = DnsFlags::default();
                    flags.plus(text).expect(text);
                    format!("{:?}", (flags.query, flags.display, flags.trace)) != before
                });
                assert!(changes, "+{name}");
            }
        }
    }

    #[test]
    fn later_words_override_earlier_ones() {
        let flags = set(&["+noall", "+answer"]).unwrap();
        assert!(flags.display.answer && !flags.display.question && !flags.display.stats);
        assert_eq!(set(&["+noedns"]).unwrap().query.edns, None);
        assert_eq!(set(&["+bufsize=4096"]).unwrap().query.edns, Some(4096));
        assert_eq!(set(&["+retry=0"]).unwrap().query.tries, 1);
    }

    #[test]
    fn unknown_words_are_rejected() {
        let key = |word| set(&[word]).unwrap_err().message.key;
        assert_eq!(key("+https"), "flag-not-yet");
        assert_eq!(key("+nonsense"), "dns-switch");
        assert_eq!(key("+bufsize"), "dns-switch");
        assert_eq!(key("+notime=5"), "dns-switch");
        assert_eq!(key("+time=3601"), "number-wrong");
    }
}
