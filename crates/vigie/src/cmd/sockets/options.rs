//! The options of `vigie sockets`, checked: what to look at, and how to show it.
//!
//! No socket has been read yet; only names of users have been looked up.

use std::path::Path;
use std::time::Duration;

use vigie_host::filter::{Filter, Side};
use vigie_host::socket::{Proto, ProtoSet};
use vigie_linux::owners::Detail;
use vigie_linux::sock_diag::{NamespaceSelector, SnapshotRequest, Source, users};
use vigie_report::Message;
use vigie_report::sockets::Columns;

use crate::error::Error;
pub use crate::flags::sockets::Format;
use crate::flags::sockets::SocketFlags;

/// Which view of a snapshot is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One line for each socket.
    List,
    /// Connections below the sockets that accepted them.
    Tree,
    /// Counts.
    Summary,
}

/// A listing of sockets, as the user asked for it.
#[derive(Clone, Debug)]
pub struct SocketOptions {
    /// Which sockets to read.
    pub request: SnapshotRequest,
    /// What to show of each socket.
    pub columns: Columns,
    /// List, tree or counts.
    pub form: Form,
    /// Text, JSON or CSV.
    pub format: Format,
    /// Whether the states are explained.
    pub explain: bool,
    /// Time between two snapshots; `None` for one snapshot.
    pub watch: Option<Duration>,
}

impl SocketOptions {
    /// Returns the listing that the flags ask for.
    ///
    /// # Errors
    /// Flags that cannot be combined, or a user that this machine does not have.
    pub fn new(flags: SocketFlags) -> Result<Self, Error> {
        let form = match (flags.tree, flags.summary) {
            (true, _) => Form::Tree,
            (_, true) => Form::Summary,
            _ => Form::List,
        };
        if flags.format != Format::Text {
            for (option, given) in [("--tree", flags.tree), ("--explain", flags.explain)] {
                if given {
                    let message = Message::new("arg-conflict").outside("arg", option);
                    return Err(Error::usage(message.outside("other", "--output")));
                }
            }
        }
        let place = place(flags.netns.as_deref());
        let columns = Columns {
            numeric: flags.numeric,
            extend: flags.extend,
            processes: flags.processes || flags.verbose || form == Form::Tree,
            verbose: flags.verbose,
            netns: place == NamespaceSelector::All,
            bare: flags.no_header,
        };
        let owners = match flags.format {
            _ if form == Form::Summary => Detail::None,
            Format::Json => Detail::Full,
            Format::Csv => Detail::Names,
            Format::Text if columns.verbose => Detail::Full,
            Format::Text if columns.processes => Detail::Names,
            Format::Text => Detail::None,
        };
        let source = if flags.procfs {
            Source::ProcNet
        } else {
            Source::Best
        };
        let (format, explain, watch) = (flags.format, flags.explain, flags.watch);
        let request = SnapshotRequest {
            filter: filter(flags, form)?,
            namespaces: place,
            owners,
            source,
        };
        Ok(Self {
            request,
            columns,
            form,
            format,
            explain,
            watch,
        })
    }
}

fn place(netns: Option<&str>) -> NamespaceSelector {
    match netns {
        None => NamespaceSelector::Own,
        Some("all") => NamespaceSelector::All,
        Some(path) if path.contains('/') => NamespaceSelector::Mounted(path.into()),
        Some(name) => match name.parse() {
            // The name of a namespace may be a number, too.
            Ok(pid) if !Path::new("/run/netns").join(name).exists() => {
                NamespaceSelector::Process(pid)
            }
            _ => NamespaceSelector::Named(name.to_owned()),
        },
    }
}

fn filter(flags: SocketFlags, form: Form) -> Result<Filter, Error> {
    let users = user_ids(&flags.users)?;
    let is_filtered = !(flags.ports.is_empty()
        && flags.local.is_empty()
        && flags.peer.is_empty()
        && users.is_empty()
        && flags.named_processes.is_empty());
    let side = match (flags.all, flags.listening) {
        (true, _) => Side::All,
        (false, true) => Side::Listeners,
        // A filter selects among all sockets; trees and counts need listeners and connections.
        _ if is_filtered || form != Form::List => Side::All,
        _ => Side::Connections,
    };
    Ok(Filter {
        protos: protos(&flags),
        v4: flags.ipv4 || !flags.ipv6,
        v6: flags.ipv6 || !flags.ipv4,
        side,
        named_states: flags.states,
        ports: flags.ports,
        local: flags.local,
        peer: flags.peer,
        users,
        processes: flags.named_processes,
        exposed: flags.exposed,
    })
}

/// The protocols that the letters name: all if there is none, and those of the internet if only a family is named.
fn protos(flags: &SocketFlags) -> ProtoSet {
    let is_inet = |proto: &Proto| !matches!(proto, Proto::Unix | Proto::Packet);
    match (flags.protos.is_empty(), flags.ipv4 || flags.ipv6) {
        (false, _) => flags.protos,
        (true, false) => ProtoSet::ALL,
        (true, true) => {
            let inet = Proto::ALL.into_iter().filter(is_inet);
            inet.fold(ProtoSet::default(), ProtoSet::with)
        }
    }
}

/// Returns the numbers of users that are given by name or number.
fn user_ids(names: &[String]) -> Result<Vec<u32>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let known = users();
    let id = |name: &String| {
        let id = known.number(name.as_bytes()).or_else(|| name.parse().ok());
        id.ok_or_else(|| Error::usage(Message::new("sockets-no-user").outside("name", name)))
    };
    names.iter().map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_host::socket::State;
    use vigie_report::{Lang, Texts};

    use crate::flags;

    fn options(line: &str) -> Result<SocketOptions, Error> {
        let command = flags::sockets::command(&Texts::new(Lang::En));
        let words = std::iter::once("sockets").chain(line.split_whitespace());
        let matches = command.try_get_matches_from(words).unwrap();
        SocketOptions::new(flags::parse(&matches)?)
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
            let protos = options.request.filter.protos;
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
            assert_eq!(options.request.filter.side, side, "{line}");
        }
        let v6 = options("-6").unwrap().request.filter;
        assert!(!v6.v4 && v6.v6 && !v6.protos.has(Proto::Unix));
    }

    #[test]
    fn filters_are_parsed() {
        let filter = options("--port 22,8000-8100 --port 53 --local 10.0.0.0/8 --peer [::1]:9")
            .unwrap()
            .request
            .filter;
        assert_eq!(filter.ports.len(), 3);
        assert_eq!((filter.local.len(), filter.peer.len()), (1, 1));
        assert_eq!(filter.side, Side::All, "a filter selects among all sockets");
        let filter = options("--state listening,time-wait --user root")
            .unwrap()
            .request
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
    fn contradictory_options_are_rejected() {
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
    fn namespaces_are_named_in_several_ways() {
        let place = |line: &str| options(line).unwrap().request.namespaces;
        assert_eq!(place(""), NamespaceSelector::Own);
        assert_eq!(place("--netns all"), NamespaceSelector::All);
        assert_eq!(
            place("--netns 4194304"),
            NamespaceSelector::Process(4_194_304)
        );
        assert_eq!(place("-N blue"), NamespaceSelector::Named("blue".into()));
        assert_eq!(
            place("-N /run/docker/netns/x"),
            NamespaceSelector::Mounted("/run/docker/netns/x".into())
        );
    }
}
