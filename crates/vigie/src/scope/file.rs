//! Scope files: TOML, described in docs/scope.md.
//!
//! An unknown key is an error, because a typo in `until` must not make a scope valid for ever.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use toml::{Table, Value};
use vigie_findings::time;
use vigie_report::{Message, grammar};
use vigie_scope::Transport;
use vigie_scope::ports::PortList;
use vigie_scope::target::{self, Range, RangeSet, TargetSpec};
use vigie_scope::{Scope, TimeWindow, TimeWindowError};

use crate::error::Error;

/// Maximum size of a scope file in bytes.
const MAX_SIZE: u64 = 16 << 20;

/// The keys of a scope file.
const KEYS: [&str; 9] = [
    "who", "networks", "names", "ports", "from", "until", "times", "max_rate", "never",
];

/// Reads a scope file.
pub(super) fn read(path: &Path) -> Result<Scope, Error> {
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| {
        let message = Message::new("scope-unreadable")
            .outside("file", &name)
            .shown("error", error);
        Error::could_not_run(message)
    };
    let mut text = String::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(MAX_SIZE)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    parse(&name, &text)
}

fn parse(name: &str, text: &str) -> Result<Scope, Error> {
    let wrong = |what: Message| {
        let message = Message::new("scope-file-wrong")
            .outside("file", name)
            .text("what", what);
        Error::could_not_run(message).hint(Message::new("scope-file-hint"))
    };
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.unwrap_or("").matches('\n').count() as u64 + 1;
        wrong(Message::new("scope-not-toml").shown("line", line))
    })?;
    let keys = Keys(&table);
    keys.scope(name).map_err(wrong)
}

/// The keys of a file, with their checks. Errors name the key and what is wrong.
struct Keys<'a>(&'a Table);

impl Keys<'_> {
    fn scope(&self, name: &str) -> Result<Scope, Message> {
        if let Some(unknown) = self.0.keys().find(|k| !KEYS.contains(&k.as_str())) {
            let known = KEYS.join(", ");
            return Err(Message::new("scope-unknown-key")
                .outside("key", unknown)
                .safe("known", known));
        }
        let networks = self
            .list("networks")?
            .into_iter()
            .map(|text| network("networks", text))
            .collect::<Result<Vec<_>, _>>()?;
        let (never, never_names) = self.never()?;
        let scope = Scope {
            file: name.to_owned(),
            who: self.who(networks.is_empty())?,
            networks: RangeSet::new(networks.into_iter().flatten()),
            names: self.names()?,
            ports: self.ports()?,
            from: self.moment("from", false)?,
            until: self.moment("until", true)?,
            times: self.times()?,
            max_rate: self.rate()?,
            never,
            never_names,
        };
        if !scope.names.is_empty() && scope.who.is_empty() {
            return Err(Message::new("scope-no-who"));
        }
        Ok(scope)
    }

    /// Reads `who`, which is required unless the file only forbids.
    fn who(&self, only_forbids: bool) -> Result<String, Message> {
        match self.0.get("who") {
            Some(Value::String(who)) if !who.trim().is_empty() => Ok(who.trim().to_owned()),
            Some(_) => Err(type_of("who", "scope-want-text")),
            None if only_forbids => Ok(String::new()),
            None => Err(Message::new("scope-no-who")),
        }
    }

    fn list(&self, key: &'static str) -> Result<Vec<&str>, Message> {
        match self.0.get(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items
                .iter()
                .map(|i| i.as_str().ok_or_else(|| type_of(key, "scope-want-texts")))
                .collect(),
            Some(_) => Err(type_of(key, "scope-want-texts")),
        }
    }

    fn names(&self) -> Result<Vec<String>, Message> {
        let mut names = Vec::new();
        for text in self.list("names")? {
            names.push(name("names", text)?);
        }
        Ok(names)
    }

    /// Reads `never`, which lists addresses and names.
    fn never(&self) -> Result<(RangeSet, Vec<String>), Message> {
        let (mut ranges, mut names) = (Vec::new(), Vec::new());
        for text in self.list("never")? {
            match network("never", text) {
                Ok(found) => ranges.extend(found),
                Err(error) => names.push(name("never", text).map_err(|_| error)?),
            }
        }
        Ok((RangeSet::new(ranges), names))
    }

    fn ports(&self) -> Result<Option<PortList>, Message> {
        let text = match self.0.get("ports") {
            None => return Ok(None),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Integer(port)) => port.to_string(),
            Some(_) => return Err(type_of("ports", "scope-want-ports")),
        };
        match PortList::parse(&text, Transport::Tcp) {
            Ok(ports) => Ok(Some(ports)),
            Err(error) => Err(value("ports", &text).text("why", grammar::message(&error))),
        }
    }

    /// Reads a time with a time zone, or a day. A day begins at midnight; `until` (`whole_day`) includes it.
    fn moment(
        &self,
        key: &'static str,
        whole_day: bool,
    ) -> Result<Option<core::time::Duration>, Message> {
        let text = match self.0.get(key) {
            None => return Ok(None),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Datetime(moment)) => moment.to_string(),
            Some(_) => return Err(type_of(key, "scope-want-moment")),
        };
        let wrong = || value(key, &text).text("why", Message::new("scope-no-moment"));
        let moment = time::parse(&text).ok_or_else(wrong)?;
        let day = core::time::Duration::from_hours(24);
        Ok(Some(if whole_day && text.len() == 10 {
            moment + day
        } else {
            moment
        }))
    }

    fn times(&self) -> Result<Vec<TimeWindow>, Message> {
        let windows = self.list("times")?.into_iter().map(|text| {
            text.parse().map_err(|error| {
                let why = match error {
                    TimeWindowError::Days => "scope-no-days",
                    TimeWindowError::Hours => "scope-no-hours",
                };
                value("times", text).text("why", Message::new(why))
            })
        });
        windows.collect()
    }

    fn rate(&self) -> Result<Option<f64>, Message> {
        let rate = match self.0.get("max_rate") {
            None => return Ok(None),
            Some(Value::Integer(n)) => *n as f64,
            Some(Value::Float(n)) => *n,
            Some(_) => return Err(type_of("max_rate", "scope-want-rate")),
        };
        if (0.001..=1e9).contains(&rate) {
            Ok(Some(rate))
        } else {
            Err(type_of("max_rate", "scope-want-rate"))
        }
    }
}

fn type_of(key: &'static str, want: &'static str) -> Message {
    Message::new("scope-wrong-type")
        .safe("key", key)
        .text("want", Message::new(want))
}

fn value(key: &'static str, text: &str) -> Message {
    Message::new("scope-wrong-value")
        .safe("key", key)
        .outside("value", text)
}

/// Parses addresses: one, a range, or a prefix of any length.
fn network(key: &'static str, text: &str) -> Result<Vec<Range>, Message> {
    if let Some((ip, length)) = text.split_once('/')
        && let (Ok(ip), Ok(length)) = (ip.parse(), length.parse::<u8>())
        && length <= target::Family::of(ip).bits()
    {
        return Ok(vec![Range::prefix(ip, length, 0)]);
    }
    if let Ok(ip) = text.parse() {
        // In a scope a link-local address means every interface.
        return Ok(vec![Range::single(ip, 0)]);
    }
    match target::parse(text) {
        Ok(TargetSpec::Ranges { ranges, zone: None }) => Ok(ranges),
        Ok(_) => Err(value(key, text).text("why", Message::new("scope-no-network"))),
        Err(error) => Err(value(key, text).text("why", grammar::message(&error))),
    }
}

/// Parses a host name or a pattern (`*.example`).
fn name(key: &'static str, text: &str) -> Result<String, Message> {
    let plain = text.strip_prefix("*.").unwrap_or(text);
    match target::parse(plain) {
        Ok(TargetSpec::Name { prefix: None, .. }) => Ok(text.to_owned()),
        _ => Err(value(key, text).text("why", Message::new("scope-no-name"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use vigie_report::{Lang, Texts};

    fn wrong(text: &str) -> String {
        let error = parse("scope.toml", text).unwrap_err();
        Texts::new(Lang::En).say(&error.message)
    }

    #[test]
    fn every_key_is_read() {
        let scope = parse(
            "scope.toml",
            r#"
            who = "Jane Doe, for example.net"
            networks = ["192.0.2.0/24", "10.0.0.1-10.0.0.9", "2001:db8::/32", "198.51.100.7"]
            names = ["www.example.net", "*.shop.example.net"]
            ports = "1-1024,U:53"
            from = 2026-11-01T00:00:00+01:00
            until = 2026-12-31
            times = ["Mon-Fri 20:00-06:00"]
            max_rate = 1000
            never = ["192.0.2.7", "db.example.net", "fe80::1"]
            "#,
        )
        .unwrap();
        assert_eq!(scope.who, "Jane Doe, for example.net");
        let text: Vec<String> = scope.networks.ranges().iter().map(Range::to_text).collect();
        assert_eq!(
            text,
            [
                "10.0.0.1-10.0.0.9",
                "192.0.2.0/24",
                "198.51.100.7",
                "2001:db8::/32"
            ]
        );
        assert_eq!(scope.names, ["www.example.net", "*.shop.example.net"]);
        assert_eq!(scope.ports.as_ref().map(PortList::len), Some(1_025));
        assert_eq!(scope.from, Some(Duration::from_hours(1_793_487_600 / 3600)));
        // The last day is included.
        assert_eq!(
            scope.until,
            Some(Duration::from_hours(1_798_761_600 / 3600))
        );
        assert_eq!(
            scope.times[0].to_string(),
            "mon,tue,wed,thu,fri 20:00-06:00"
        );
        assert_eq!(scope.max_rate, Some(1_000.0));
        assert_eq!(scope.never.len(), 2);
        assert_eq!(scope.never_names, ["db.example.net"]);
    }

    #[test]
    fn a_file_that_only_forbids_needs_no_owner() {
        let scope = parse("x", "never = [\"192.0.2.0/24\"]").unwrap();
        assert!(scope.networks.is_empty() && scope.who.is_empty());
        assert!(wrong("networks = [\"192.0.2.0/24\"]").contains("who"));
        assert!(wrong("names = [\"www.example\"]").contains("who"));
    }

    #[test]
    fn errors_name_the_wrong_value() {
        for (text, part) in [
            ("who = \"x\"\nuntill = 2026-01-01", "untill"),
            ("who = \"x\"\nwho = \"y\"", "line 2"),
            ("who = \"x\"\n\nnetworks = [", "line 3"),
            ("who = 3", "who"),
            ("who = \"  \"", "who"),
            ("networks = \"10.0.0.0/8\"", "networks"),
            ("networks = [\"10.0.0.0/33\"]", "10.0.0.0/33"),
            ("networks = [\"www.example\"]", "www.example"),
            ("networks = [\"fe80::1%eth0\"]", "fe80::1%eth0"),
            ("names = [\"192.0.2.1\"]", "192.0.2.1"),
            ("names = [\"a b\"]", "a b"),
            ("ports = \"70000\"", "70000"),
            ("ports = true", "ports"),
            ("until = \"tomorrow\"", "tomorrow"),
            ("until = 2026-12-31T10:00:00", "2026-12-31T10:00:00"),
            ("until = 7", "until"),
            ("times = [\"Caturday 10:00-11:00\"]", "Caturday"),
            ("times = [\"10-11\"]", "10-11"),
            ("max_rate = -1", "max_rate"),
            ("never = [\"a b\"]", "a b"),
            ("never = [3]", "never"),
        ] {
            let said = wrong(text);
            assert!(
                said.contains(part) && said.contains("scope.toml"),
                "{text}: {said}"
            );
        }
    }
}
