//! What the arguments of `vigie sockets` mean: what to look at, how to show it.
//!
//! Everything that can be found wrong before looking is found here; the only
//! thing asked of the machine is the number of a user's name.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use clap::ArgMatches;
use vigie_host::filter::{
    Endpoint, Filter, PortRange, ProcessPattern, Side, Unreadable, states_named,
};
use vigie_host::socket::{Proto, ProtoSet, State, StateSet};
use vigie_linux::owners::Detail;
use vigie_linux::sock_diag::{Look, Place, Source, users};
use vigie_report::Message;
use vigie_report::sockets::Columns;

use crate::error::Error;

/// What is shown of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Every socket on a line of its own.
    List,
    /// Connections below the sockets that accepted them.
    Tree,
    /// Counts.
    Summary,
}

/// For whom it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// People.
    Text,
    /// Programs: JSON Lines.
    Json,
    /// Programs: CSV.
    Csv,
}

/// What the user wants.
#[derive(Clone, Debug)]
pub struct SocketOptions {
    /// What to look at.
    pub look: Look,
    /// What to show of each socket.
    pub columns: Columns,
    /// List, tree or counts.
    pub form: Form,
    /// Text, JSON or CSV.
    pub format: Format,
    /// Whether the states are explained.
    pub explain: bool,
    /// Look again after this long, and show what changed.
    pub watch: Option<Duration>,
}

/// The shortest time between two looks.
const SHORTEST: f64 = 0.1;
/// The longest: a day.
const LONGEST: f64 = 86_400.0;

impl SocketOptions {
    /// Reads the arguments.
    pub fn read(matches: &ArgMatches) -> Result<Self, Error> {
        let on = |name| matches.get_flag(name);
        let format = match matches.get_one::<String>("output").map(String::as_str) {
            Some("json") => Format::Json,
            Some("csv") => Format::Csv,
            _ => Format::Text,
        };
        let form = match (on("tree"), on("summary")) {
            (true, _) => Form::Tree,
            (_, true) => Form::Summary,
            _ => Form::List,
        };
        if format != Format::Text {
            for (option, given) in [("--tree", form == Form::Tree), ("--explain", on("explain"))] {
                if given {
                    let message = Message::new("arg-conflict").outside("arg", option);
                    return Err(Error::usage(message.outside("other", "--output")));
                }
            }
        }
        let place = place(matches.get_one::<String>("netns"));
        let columns = Columns {
            numeric: on("numeric"),
            extend: on("extend"),
            processes: on("processes") || on("verbose") || form == Form::Tree,
            verbose: on("verbose"),
            netns: place == Place::All,
            bare: on("no-header"),
        };
        let owners = match format {
            _ if form == Form::Summary => Detail::None,
            Format::Json => Detail::Full,
            Format::Csv => Detail::Names,
            Format::Text if columns.verbose => Detail::Full,
            Format::Text if columns.processes => Detail::Names,
            Format::Text => Detail::None,
        };
        let source = if on("procfs") {
            Source::Texts
        } else {
            Source::Best
        };
        let look = Look {
            filter: filter(matches, form)?,
            place,
            owners,
            source,
        };
        Ok(Self {
            look,
            columns,
            form,
            format,
            explain: on("explain"),
            watch: watch(matches)?,
        })
    }
}

fn place(given: Option<&String>) -> Place {
    match given.map(String::as_str) {
        None => Place::Here,
        Some("all") => Place::All,
        Some(path) if path.contains('/') => Place::Mounted(path.into()),
        Some(name) => match name.parse() {
            // A name may be a number, too.
            Ok(pid) if !Path::new("/run/netns").join(name).exists() => Place::Process(pid),
            _ => Place::Named(name.to_owned()),
        },
    }
}

fn watch(matches: &ArgMatches) -> Result<Option<Duration>, Error> {
    let Some(given) = matches.get_one::<String>("watch") else {
        return Ok(matches
            .get_flag("continuous")
            .then_some(Duration::from_secs(1)));
    };
    match given.parse::<f64>() {
        Ok(seconds) if (SHORTEST..=LONGEST).contains(&seconds) => {
            Ok(Some(Duration::from_secs_f64(seconds)))
        }
        _ => {
            let message = Message::new("number-wrong")
                .outside("value", given)
                .outside("arg", "--watch");
            let hint = Message::new("decimal-wrong-hint")
                .shown("min", SHORTEST)
                .shown("max", LONGEST);
            Err(Error::usage(message).hint(hint))
        }
    }
}

fn filter(matches: &ArgMatches, form: Form) -> Result<Filter, Error> {
    let on = |name| matches.get_flag(name);
    let named = states(matches)?;
    let filter = Filter {
        protos: protos(matches),
        v4: on("ipv4") || !on("ipv6"),
        v6: on("ipv6") || !on("ipv4"),
        side: Side::All,
        named_states: named,
        ports: parsed(matches, "port", ports)?,
        local: parsed(matches, "local", word)?,
        peer: parsed(matches, "peer", word)?,
        users: users_named(matches)?,
        processes: values(matches, "process")
            .map(ProcessPattern::new)
            .collect(),
        exposed: on("exposed"),
    };
    let filtered = ["port", "local", "peer", "user", "process"]
        .iter()
        .any(|name| matches.contains_id(name));
    let side = match (on("all"), on("listening")) {
        (true, _) => Side::All,
        (false, true) => Side::Listeners,
        // Who names what he looks for wants all of it; a tree and counts need both sides.
        _ if filtered || form != Form::List => Side::All,
        _ => Side::Connections,
    };
    Ok(Filter { side, ..filter })
}

/// The protocols that the letters name; all where there is none, and those of
/// the internet where only a family is named.
fn protos(matches: &ArgMatches) -> ProtoSet {
    let named = Proto::ALL
        .into_iter()
        .filter(|proto| matches.get_flag(proto.name()));
    let set = named.fold(ProtoSet::default(), ProtoSet::with);
    let family = matches.get_flag("ipv4") || matches.get_flag("ipv6");
    match (set.is_empty(), family) {
        (false, _) => set,
        (true, false) => ProtoSet::ALL,
        (true, true) => {
            let inet = Proto::ALL
                .into_iter()
                .filter(|proto| !matches!(proto, Proto::Unix | Proto::Packet));
            inet.fold(ProtoSet::default(), ProtoSet::with)
        }
    }
}

fn states(matches: &ArgMatches) -> Result<Option<StateSet>, Error> {
    let mut set = None;
    for word in values(matches, "state").flat_map(|list| list.split(',')) {
        let named = states_named(word).map_err(|_| {
            let names: Vec<String> = State::ALL[..13]
                .iter()
                .map(|state| state.name().to_ascii_lowercase())
                .collect();
            bad("--state", word)
                .hint(Message::new("arg-bad-value-hint").outside("values", names.join(", ")))
        })?;
        set = Some(set.unwrap_or(StateSet::default()).or(named));
    }
    Ok(set)
}

fn users_named(matches: &ArgMatches) -> Result<Vec<u32>, Error> {
    let mut uids = vec![];
    let mut known = None;
    for name in values(matches, "user").flat_map(|list| list.split(',')) {
        let by_name = known.get_or_insert_with(users).number(name.as_bytes());
        let uid = by_name.or_else(|| name.parse().ok());
        uids.push(
            uid.ok_or_else(|| Error::usage(Message::new("sockets-no-user").outside("name", name)))?,
        );
    }
    Ok(uids)
}

fn values<'a>(matches: &'a ArgMatches, name: &str) -> impl Iterator<Item = &'a str> {
    matches
        .get_many::<String>(name)
        .into_iter()
        .flatten()
        .map(String::as_str)
}

/// Reads every value of an option.
fn parsed<T>(
    matches: &ArgMatches,
    name: &'static str,
    read: fn(&str) -> Result<Vec<T>, Unreadable>,
) -> Result<Vec<T>, Error> {
    let mut all = vec![];
    for value in values(matches, name) {
        let option = format!("--{name}");
        let hint = if name == "port" {
            "sockets-bad-port-hint"
        } else {
            "sockets-bad-end-hint"
        };
        all.extend(read(value).map_err(|_| bad(&option, value).hint(Message::new(hint)))?);
    }
    Ok(all)
}

fn bad(option: &str, value: &str) -> Error {
    Error::usage(
        Message::new("arg-bad-value")
            .outside("value", value)
            .outside("arg", option),
    )
}

fn ports(list: &str) -> Result<Vec<PortRange>, Unreadable> {
    let port = |word: &str| -> Result<Vec<PortRange>, Unreadable> {
        let named: Vec<_> = vigie_scope::services::ports_of(word)
            .map(|(_, port)| port)
            .collect();
        match word.parse() {
            Ok(range) => Ok(vec![range]),
            Err(error) if named.is_empty() => Err(error),
            Err(_) => Ok(named
                .into_iter()
                .map(|port| PortRange {
                    first: port,
                    last: port,
                })
                .collect()),
        }
    };
    list.split(',')
        .map(port)
        .collect::<Result<Vec<_>, _>>()
        .map(|ranges| ranges.concat())
}

fn word(list: &str) -> Result<Vec<Endpoint>, Unreadable> {
    list.split(',').map(Endpoint::from_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_report::{Lang, Texts};

    fn options(line: &str) -> Result<SocketOptions, Error> {
        let command = super::super::args::build(&Texts::new(Lang::En));
        let words = std::iter::once("sockets").chain(line.split_whitespace());
        SocketOptions::read(&command.try_get_matches_from(words).unwrap())
    }

    #[test]
    fn the_letters_of_netstat_and_ss_combine() {
        for line in [
            "-an", "-anpe", "-antp", "-tanpu", "-lntp", "-x", "-u", "-4", "-6", "-s", "-tulpen",
            "-anW",
        ] {
            let options = options(line).unwrap();
            let has = |letter| line.contains(letter);
            assert_eq!(options.columns.numeric, has('n'), "{line}");
            assert_eq!(options.columns.extend, has('e'), "{line}");
            assert_eq!(options.columns.processes, has('p'), "{line}");
            let protos = options.look.filter.protos;
            if has('t') || has('u') || has('x') {
                assert_eq!(protos.has(Proto::Tcp), has('t'), "{line}");
                assert_eq!(protos.has(Proto::Udp), has('u'), "{line}");
                assert_eq!(protos.has(Proto::Unix), has('x'), "{line}");
            } else {
                assert!(protos.has(Proto::Tcp) && protos.has(Proto::Udp), "{line}");
            }
            let side = match () {
                () if has('a') || has('s') => Side::All,
                () if has('l') => Side::Listeners,
                () => Side::Connections,
            };
            assert_eq!(options.look.filter.side, side, "{line}");
        }
        let v6 = options("-6").unwrap().look.filter;
        assert!(!v6.v4 && v6.v6 && !v6.protos.has(Proto::Unix));
    }

    #[test]
    fn filters_are_read() {
        let filter = options("--port 22,8000-8100 --port 53 --local 10.0.0.0/8 --peer [::1]:9")
            .unwrap()
            .look
            .filter;
        assert_eq!(filter.ports.len(), 3);
        assert_eq!((filter.local.len(), filter.peer.len()), (1, 1));
        assert_eq!(
            filter.side,
            Side::All,
            "who names a port wants whoever uses it"
        );
        let filter = options("--state listening,time-wait --user root")
            .unwrap()
            .look
            .filter;
        let named = filter.named_states.unwrap();
        assert!(
            named.has(State::Listen)
                && named.has(State::TimeWait)
                && !named.has(State::Established)
        );
        assert_eq!(filter.users, [0]);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for line in [
            "--port x1y2",
            "--port 70000",
            "--local nowhere",
            "--state asleep",
            "--user no-such-user-here",
            "--watch 0",
            "--watch soon",
            "--tree -o json",
            "--explain -o csv",
        ] {
            assert!(options(line).is_err(), "{line}");
        }
    }

    #[test]
    fn places_are_told_apart() {
        let place = |line: &str| options(line).unwrap().look.place;
        assert_eq!(place(""), Place::Here);
        assert_eq!(place("--netns all"), Place::All);
        assert_eq!(place("--netns 4194304"), Place::Process(4_194_304));
        assert_eq!(place("-N blue"), Place::Named("blue".into()));
        assert_eq!(
            place("-N /run/docker/netns/x"),
            Place::Mounted("/run/docker/netns/x".into())
        );
    }
}
