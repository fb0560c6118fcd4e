//! The flags of `vigie sockets`, with the letters of ss and netstat.

use std::str::FromStr as _;
use std::time::Duration;

use clap::Command;
use vigie_host::filter::{Endpoint, FilterError, PortRange, ProcessPattern, states_named};
use vigie_host::socket::{Proto, ProtoSet, State, StateSet};
use vigie_report::Message;
use vigie_report::Texts;

use super::foreign::{Tool, spelling};
use super::{Flag, Flags, Group, Spelling, Takes, Value, args};
use crate::error::Error;

/// Limits of the time between two snapshots, in seconds: up to a day.
const WATCH: (f64, f64) = (0.1, 86_400.0);

/// Output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Text for people.
    #[default]
    Text,
    /// JSON Lines.
    Json,
    /// Comma-separated values.
    Csv,
}

/// A listing of sockets as the command line gives it.
#[derive(Clone, Debug, Default)]
pub struct SocketFlags {
    /// `-a`: listeners and connections.
    pub all: bool,
    /// `-l`: listeners only.
    pub listening: bool,
    /// `-t`, `-u`, `-x` and the like.
    pub protos: ProtoSet,
    /// `-4`.
    pub ipv4: bool,
    /// `-6`.
    pub ipv6: bool,
    /// `-N`.
    pub netns: Option<String>,
    /// `-n`.
    pub numeric: bool,
    /// `-p`.
    pub processes: bool,
    /// `-e`.
    pub extend: bool,
    /// `-v`.
    pub verbose: bool,
    /// `-s`: counts only.
    pub summary: bool,
    /// `--tree`.
    pub tree: bool,
    /// `--explain`.
    pub explain: bool,
    /// `--watch`, or `-c` for one second: the time between two snapshots.
    pub watch: Option<Duration>,
    /// `-W`. Lines are never cut.
    pub wide: bool,
    /// `--port`.
    pub ports: Vec<PortRange>,
    /// `--state`.
    pub states: Option<StateSet>,
    /// `--process`.
    pub named_processes: Vec<ProcessPattern>,
    /// `--user`: names or numbers.
    pub users: Vec<String>,
    /// `--local`.
    pub local: Vec<Endpoint>,
    /// `--peer`.
    pub peer: Vec<Endpoint>,
    /// `--exposed`.
    pub exposed: bool,
    /// `-o`.
    pub format: Format,
    /// `-H`.
    pub no_header: bool,
    /// `--procfs`.
    pub procfs: bool,
}

/// Returns the clap command.
pub fn command(texts: &Texts) -> Command {
    Command::new(SocketFlags::COMMAND)
        .about(texts.get("sockets-about"))
        .override_usage(texts.get("sockets-usage"))
        .after_long_help(texts.get("sockets-after"))
        .args_override_self(true)
        .args(args::<SocketFlags>("", texts))
}

impl Flags for SocketFlags {
    const COMMAND: &'static str = "sockets";
    const GROUPS: &'static [Group<Self>] = &[
        Group {
            heading: "sockets-group-which",
            flags: WHICH,
        },
        Group {
            heading: "sockets-group-show",
            flags: SHOW,
        },
        Group {
            heading: "sockets-group-filter",
            flags: FILTER,
        },
        Group {
            heading: "sockets-group-output",
            flags: OUTPUT,
        },
    ];
}

type SocketFlag = Flag<SocketFlags>;

const fn ss(text: &'static str) -> Spelling {
    spelling(Tool::Ss, text)
}

const fn netstat(text: &'static str) -> Spelling {
    spelling(Tool::Netstat, text)
}

const WHICH: &[SocketFlag] = &[
    SocketFlag::switch("all", |o| o.all = true)
        .short('a')
        .spelled(&[ss("-a"), ss("--all"), netstat("-a"), netstat("--all")]),
    SocketFlag::switch("listening", |o| o.listening = true)
        .short('l')
        .spelled(&[
            ss("-l"),
            ss("--listening"),
            netstat("-l"),
            netstat("--listening"),
        ]),
    proto(
        "tcp",
        't',
        &[ss("-t"), ss("--tcp"), netstat("-t"), netstat("--tcp")],
        |o| {
            o.add(Proto::Tcp);
        },
    ),
    proto(
        "udp",
        'u',
        &[ss("-u"), ss("--udp"), netstat("-u"), netstat("--udp")],
        |o| {
            o.add(Proto::Udp);
        },
    ),
    proto(
        "unix",
        'x',
        &[ss("-x"), ss("--unix"), netstat("-x"), netstat("--unix")],
        |o| {
            o.add(Proto::Unix);
        },
    ),
    proto(
        "raw",
        'w',
        &[ss("-w"), ss("--raw"), netstat("-w"), netstat("--raw")],
        |o| {
            o.add(Proto::Raw);
        },
    ),
    proto("packet", '0', &[ss("-0"), ss("--packet")], |o| {
        o.add(Proto::Packet);
    }),
    proto("mptcp", 'M', &[ss("-M"), ss("--mptcp")], |o| {
        o.add(Proto::Mptcp);
    })
    .rare(),
    proto(
        "sctp",
        'S',
        &[ss("-S"), ss("--sctp"), netstat("-S"), netstat("--sctp")],
        |o| {
            o.add(Proto::Sctp);
        },
    )
    .rare(),
    proto(
        "udplite",
        'U',
        &[netstat("-U"), netstat("--udplite")],
        |o| {
            o.add(Proto::UdpLite);
        },
    )
    .rare(),
    SocketFlag::switch("ipv4", |o| o.ipv4 = true)
        .short('4')
        .spelled(&[ss("-4"), ss("--ipv4"), netstat("-4")]),
    SocketFlag::switch("ipv6", |o| o.ipv6 = true)
        .short('6')
        .spelled(&[ss("-6"), ss("--ipv6"), netstat("-6")]),
    SocketFlag::value("netns", Takes::One("NAME"), "all", |o, value| {
        value.string().map(|name| o.netns = Some(name))
    })
    .short('N')
    .spelled(&[ss("-N"), ss("--net")]),
];

const fn proto(
    name: &'static str,
    letter: char,
    spellings: &'static [Spelling],
    set: fn(&mut SocketFlags),
) -> SocketFlag {
    SocketFlag::switch(name, set)
        .short(letter)
        .spelled(spellings)
}

const SHOW: &[SocketFlag] = &[
    SocketFlag::switch("numeric", |o| o.numeric = true)
        .short('n')
        .spelled(&[
            ss("-n"),
            ss("--numeric"),
            netstat("-n"),
            netstat("--numeric"),
        ]),
    SocketFlag::switch("processes", |o| o.processes = true)
        .short('p')
        .aliases(&["program"])
        .spelled(&[
            ss("-p"),
            ss("--processes"),
            netstat("-p"),
            netstat("--program"),
        ]),
    SocketFlag::switch("extend", |o| o.extend = true)
        .short('e')
        .spelled(&[
            ss("-e"),
            ss("--extended"),
            netstat("-e"),
            netstat("--extend"),
        ]),
    SocketFlag::switch("verbose", |o| o.verbose = true)
        .short('v')
        .spelled(&[netstat("-v"), netstat("--verbose")]),
    SocketFlag::switch("summary", |o| o.summary = true)
        .short('s')
        .conflicts(&["tree", "watch"])
        .spelled(&[ss("-s"), ss("--summary"), netstat("-s")]),
    SocketFlag::switch("tree", |o| o.tree = true),
    SocketFlag::switch("explain", |o| o.explain = true).conflicts(&["watch"]),
    SocketFlag::value("watch", Takes::Optional("SECONDS", "1"), "5", |o, value| {
        let seconds = value.decimal(WATCH.0, WATCH.1)?;
        o.watch = Some(Duration::from_secs_f64(seconds));
        Ok(())
    }),
    SocketFlag::switch("wide", |o| o.wide = true)
        .short('W')
        .hidden()
        .spelled(&[netstat("-W"), netstat("--wide")]),
    SocketFlag::switch("continuous", |o| {
        o.watch = o.watch.or(Some(Duration::from_secs(1)));
    })
    .short('c')
    .hidden()
    .spelled(&[netstat("-c"), netstat("--continuous")]),
];

const FILTER: &[SocketFlag] = &[
    filter("port", "PORTS", "22,8000-8100", |o, value| {
        o.ports.extend(each(value, ports, "sockets-bad-port-hint")?);
        Ok(())
    }),
    filter("state", "STATES", "listening", states),
    filter("process", "NAME", "sshd", |o, value| {
        o.named_processes.push(ProcessPattern::new(value.text()?));
        Ok(())
    }),
    filter("user", "NAME", "root", |o, value| {
        o.users.extend(value.text()?.split(',').map(str::to_owned));
        Ok(())
    }),
    filter("local", "ADDRESS", "10.0.0.1:22", |o, value| {
        o.local
            .extend(each(value, endpoint, "sockets-bad-end-hint")?);
        Ok(())
    }),
    filter("peer", "ADDRESS", "10.0.0.0/8", |o, value| {
        o.peer
            .extend(each(value, endpoint, "sockets-bad-end-hint")?);
        Ok(())
    }),
    SocketFlag::switch("exposed", |o| o.exposed = true),
];

const fn filter(
    name: &'static str,
    value: &'static str,
    example: &'static str,
    set: fn(&mut SocketFlags, Value<'_>) -> Result<(), Error>,
) -> SocketFlag {
    SocketFlag::value(name, Takes::Many(value), example, set).hyphens()
}

const OUTPUT: &[SocketFlag] = &[
    SocketFlag::value("output", Takes::One("FORMAT"), "json", |o, value| {
        o.format = match value.text()? {
            "json" => Format::Json,
            "csv" => Format::Csv,
            _ => Format::Text,
        };
        Ok(())
    })
    .short('o')
    .choices(&["text", "json", "csv"]),
    SocketFlag::switch("no-header", |o| o.no_header = true)
        .short('H')
        .spelled(&[ss("-H"), ss("--no-header")]),
    SocketFlag::switch("procfs", |o| o.procfs = true).rare(),
];

impl SocketFlags {
    fn add(&mut self, proto: Proto) {
        self.protos = self.protos.with(proto);
    }
}

/// Parses a list separated by commas; `hint` is the text key of the correct form.
fn each<T>(
    value: Value<'_>,
    read: fn(&str) -> Result<Vec<T>, FilterError>,
    hint: &'static str,
) -> Result<Vec<T>, Error> {
    let parts = value.text()?.split(',').map(read);
    let parts = parts.collect::<Result<Vec<_>, _>>();
    let parts = parts.map_err(|_| value.wrong("arg-bad-value").hint(Message::new(hint)))?;
    Ok(parts.into_iter().flatten().collect())
}

fn endpoint(text: &str) -> Result<Vec<Endpoint>, FilterError> {
    Endpoint::from_str(text).map(|endpoint| vec![endpoint])
}

/// Parses a range of ports, or returns the ports of a service by its name.
fn ports(text: &str) -> Result<Vec<PortRange>, FilterError> {
    let error = match text.parse() {
        Ok(range) => return Ok(vec![range]),
        Err(error) => error,
    };
    let named = vigie_scope::services::ports_of(text);
    let named: Vec<PortRange> = named
        .map(|(_, port)| PortRange {
            first: port,
            last: port,
        })
        .collect();
    if named.is_empty() {
        Err(error)
    } else {
        Ok(named)
    }
}

fn states(o: &mut SocketFlags, value: Value<'_>) -> Result<(), Error> {
    for word in value.text()?.split(',') {
        let named = states_named(word).map_err(|_| {
            let names = State::ALL[..13].iter();
            let names: Vec<String> = names
                .map(|state| state.name().to_ascii_lowercase())
                .collect();
            let message = Message::new("arg-bad-value")
                .outside("value", word)
                .outside("arg", "--state");
            Error::usage(message)
                .hint(Message::new("arg-bad-value-hint").outside("values", names.join(", ")))
        })?;
        o.states = Some(o.states.unwrap_or_default().or(named));
    }
    Ok(())
}
