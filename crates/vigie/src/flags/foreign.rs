//! Other tools, and their options that Vigie has no flag for: what to use instead, or why there is none.
//!
//! Options that Vigie has a flag for are spelled in that flag's row.

use super::Spelling;

/// A tool whose options Vigie recognizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// nmap.
    Nmap,
    /// masscan.
    Masscan,
    /// ss.
    Ss,
    /// netstat.
    Netstat,
    /// tcpdump.
    Tcpdump,
    /// dig.
    Dig,
}

impl Tool {
    /// Every tool.
    pub const ALL: [Self; 6] = [
        Self::Nmap,
        Self::Masscan,
        Self::Ss,
        Self::Netstat,
        Self::Tcpdump,
        Self::Dig,
    ];

    /// The tool's name as it is typed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nmap => "nmap",
            Self::Masscan => "masscan",
            Self::Ss => "ss",
            Self::Netstat => "netstat",
            Self::Tcpdump => "tcpdump",
            Self::Dig => "dig",
        }
    }

    /// The command of Vigie that does what the tool does.
    pub const fn command(self) -> &'static str {
        match self {
            Self::Nmap | Self::Masscan => "scan",
            Self::Ss | Self::Netstat => "sockets",
            Self::Tcpdump => "capture",
            Self::Dig => "dns",
        }
    }
}

/// An option of another tool for which Vigie has no flag.
#[derive(Clone, Copy, Debug)]
pub struct Foreign {
    /// The option as it is typed there.
    pub text: &'static str,
    /// Whether a value may be joined to it, as in `-DRND:5`.
    pub joins: bool,
    /// How Vigie responds to it.
    pub answer: Answer,
}

/// How Vigie responds to an option that it has no flag for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Vigie does not do that yet.
    NotYet,
    /// Vigie omits it on purpose.
    Omitted(Reason),
    /// Another flag or command does it.
    Instead(&'static str),
    /// Vigie always does it.
    Already,
}

/// Why an option is omitted, and what to do instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Text key of the reason.
    pub why: &'static str,
    /// Text key of the advice.
    pub advice: &'static str,
}

const CONCEALMENT: Answer = omitted("flag-conceals", "flag-left-out-hint");
const THIRD_PARTY: Answer = omitted("flag-third-party", "flag-left-out-hint");
const NO_EXPLOITS: Answer = omitted("flag-no-exploits", "flag-no-exploits-hint");
const NO_RANDOM: Answer = omitted("flag-no-random", "flag-no-random-hint");
const ADAPTIVE_RATE: Answer = omitted("flag-own-pace", "flag-own-pace-hint");
const BUILT_IN_TABLES: Answer = omitted("flag-own-tables", "flag-own-tables-hint");
const READ_ONLY: Answer = omitted("flag-looks-only", "flag-looks-only-hint");
const DROPS_PRIVILEGES: Answer = omitted("flag-own-privileges", "flag-own-privileges-hint");
const NO_SUBPROCESS: Answer = omitted("flag-runs-nothing", "flag-runs-nothing-hint");
const KERNEL_ROUTES: Answer = omitted("flag-kernel-routes", "flag-kernel-routes-hint");

const fn omitted(why: &'static str, advice: &'static str) -> Answer {
    Answer::Omitted(Reason { why, advice })
}

const fn row(text: &'static str, answer: Answer) -> Foreign {
    Foreign {
        text,
        joins: false,
        answer,
    }
}

const fn joined(text: &'static str, answer: Answer) -> Foreign {
    Foreign {
        text,
        joins: true,
        answer,
    }
}

/// Returns the options of a tool that Vigie has no flag for.
pub const fn of(tool: Tool) -> &'static [Foreign] {
    match tool {
        Tool::Nmap => NMAP,
        Tool::Masscan => MASSCAN,
        Tool::Ss => SS,
        Tool::Netstat => NETSTAT,
        Tool::Tcpdump => TCPDUMP,
        Tool::Dig => DIG,
    }
}

use Answer::{Already, Instead, NotYet};

const NMAP: &[Foreign] = &[
    row("-sL", NotYet),
    row("-sV", NotYet),
    row("-sC", NO_EXPLOITS),
    joined("-sI", CONCEALMENT),
    row("-sR", NotYet),
    joined("-iR", NO_RANDOM),
    joined("-oS", Instead("-oN")),
    row("-A", NotYet),
    row("-O", NotYet),
    row("-r", NotYet),
    row("-R", NotYet),
    joined("-d", Instead("-v")),
    joined("-f", CONCEALMENT),
    row("-ff", CONCEALMENT),
    joined("-D", CONCEALMENT),
    joined("-S", CONCEALMENT),
    joined("-b", THIRD_PARTY),
    row("--system-dns", Already),
    row("--badsum", Instead("vigie packet")),
    row("--version-intensity", NotYet),
    row("--script", NO_EXPLOITS),
    row("--script-args", NO_EXPLOITS),
    row("--proxies", THIRD_PARTY),
    row("--proxy", THIRD_PARTY),
    row("--spoof-mac", CONCEALMENT),
    row("--mtu", CONCEALMENT),
    row("--ip-options", Instead("vigie packet")),
    row("--data-length", Instead("vigie packet")),
    row("--ttl", Instead("vigie packet")),
    row("--unprivileged", Instead("-sT")),
    row("--iflist", Instead("vigie capture -D")),
    row("--exclude-ports", NotYet),
    row("--port-ratio", Instead("--top-ports")),
    row("--version-light", NotYet),
    row("--version-all", NotYet),
    row("--version-trace", NotYet),
    row("--script-args-file", NO_EXPLOITS),
    row("--script-trace", NO_EXPLOITS),
    row("--script-updatedb", NO_EXPLOITS),
    row("--script-help", NO_EXPLOITS),
    row("--osscan-limit", NotYet),
    row("--osscan-guess", NotYet),
    row("--min-hostgroup", ADAPTIVE_RATE),
    row("--max-hostgroup", ADAPTIVE_RATE),
    row("--min-parallelism", ADAPTIVE_RATE),
    row("--max-parallelism", ADAPTIVE_RATE),
    row("--min-rtt-timeout", ADAPTIVE_RATE),
    row("--max-rtt-timeout", ADAPTIVE_RATE),
    row("--initial-rtt-timeout", ADAPTIVE_RATE),
    row("--defeat-rst-ratelimit", ADAPTIVE_RATE),
    row("--defeat-icmp-ratelimit", ADAPTIVE_RATE),
    row("--scan-delay", Instead("--max-rate")),
    row("--max-scan-delay", Instead("--max-rate")),
    row("--randomize-hosts", Already),
    row("--data", Instead("vigie packet")),
    row("--data-string", Instead("vigie packet")),
    row("--append-output", NotYet),
    row("--noninteractive", Already),
    row("--stylesheet", Instead("--html")),
    row("--webxml", Instead("--html")),
    row("--no-stylesheet", Already),
    row("--datadir", BUILT_IN_TABLES),
    row("--servicedb", BUILT_IN_TABLES),
    row("--versiondb", BUILT_IN_TABLES),
    row("--send-eth", NotYet),
    row("--send-ip", NotYet),
    row("--disable-arp-ping", NotYet),
    row("--stats-every", NotYet),
    row("--privileged", Already),
];

const MASSCAN: &[Foreign] = &[
    row("--adapter-ip", CONCEALMENT),
    row("--adapter-mac", KERNEL_ROUTES),
    row("--adapter-vlan", KERNEL_ROUTES),
    row("--router-mac", KERNEL_ROUTES),
    row("--router-ip", KERNEL_ROUTES),
    row("--source-ip", CONCEALMENT),
    row("--banners", NotYet),
    row("--connection-timeout", ADAPTIVE_RATE),
    row("--wait", ADAPTIVE_RATE),
    row("--offline", NotYet),
    row("--echo", NotYet),
    row("--conf", NotYet),
    row("--infinite", NotYet),
    row("--rotate", NotYet),
    row("--rotate-dir", NotYet),
    row("--rotate-offset", NotYet),
    row("--output-format", Instead("--output")),
    row("--output-filename", Instead("-oJ")),
    row("--readscan", Instead("vigie report")),
    row("-oB", Instead("-oJ")),
    row("-oL", Instead("-oG")),
    row("--nmap", NotYet),
    row("--pfring", Instead("--io")),
    row("--ttl", Instead("vigie packet")),
];

const SS: &[Foreign] = &[
    row("-K", READ_ONLY),
    row("--kill", READ_ONLY),
    row("-O", Instead("-o json")),
    row("--oneline", Instead("-o json")),
    row("-r", NotYet),
    row("--resolve", NotYet),
    row("-i", NotYet),
    row("--info", NotYet),
    row("-m", NotYet),
    row("--memory", NotYet),
    row("-E", Instead("--watch")),
    row("--events", Instead("--watch")),
    row("-T", Instead("-p")),
    row("--threads", Instead("-p")),
    row("-Z", NotYet),
    row("--context", NotYet),
    row("-z", NotYet),
    row("--contexts", NotYet),
    row("-d", NotYet),
    row("--dccp", NotYet),
    row("--vsock", NotYet),
    row("--tipc", NotYet),
    row("--xdp", NotYet),
    row("-B", NotYet),
    row("--bound-inactive", NotYet),
    row("-f", Instead("-4")),
    row("--family", Instead("-4")),
    row("-A", Instead("-t")),
    row("--query", Instead("-t")),
    row("--socket", Instead("-t")),
    row("-D", Instead("-o json")),
    row("--diag", Instead("-o json")),
    row("-F", Instead("--port")),
    row("--filter", Instead("--port")),
    row("-b", NotYet),
    row("--bpf", NotYet),
    row("--cgroup", Instead("-v")),
    row("--tos", NotYet),
];

const NETSTAT: &[Foreign] = &[
    row("-r", Instead("ip route")),
    row("--route", Instead("ip route")),
    row("-i", Instead("ip -s link")),
    row("--interfaces", Instead("ip -s link")),
    row("-g", Instead("ip maddress")),
    row("--groups", Instead("ip maddress")),
    row("--masquerade", NotYet),
    row("-o", NotYet),
    row("--timers", NotYet),
    row("-F", NotYet),
    row("--fib", NotYet),
    row("-C", NotYet),
    row("--cache", NotYet),
    row("-Z", NotYet),
    row("--context", NotYet),
    row("--numeric-hosts", Instead("-n")),
    row("--numeric-ports", Instead("-n")),
    row("--numeric-users", Instead("-n")),
    row("--statistics", Instead("-s")),
    row("--symbolic", NotYet),
];

const TCPDUMP: &[Foreign] = &[
    row("-a", NotYet),
    row("-b", NotYet),
    row("-E", NotYet),
    row("-f", Already),
    row("-H", NotYet),
    row("-I", NotYet),
    row("--monitor-mode", NotYet),
    row("-j", NotYet),
    row("--time-stamp-type", NotYet),
    row("-J", NotYet),
    row("--list-time-stamp-types", NotYet),
    row("-K", NotYet),
    row("--dont-verify-checksums", NotYet),
    row("-L", NotYet),
    row("--list-data-link-types", NotYet),
    row("-m", NotYet),
    row("-M", NotYet),
    row("-N", NotYet),
    row("-O", NotYet),
    row("--no-optimize", NotYet),
    row("-T", NotYet),
    row("-u", NotYet),
    row("-V", NotYet),
    row("-y", NotYet),
    row("--linktype", NotYet),
    row("-z", NO_SUBPROCESS),
    row("-Z", DROPS_PRIVILEGES),
    row("--relinquish-privileges", DROPS_PRIVILEGES),
    row("--immediate-mode", Instead("-l")),
    row("--micro", Already),
    row("--count", NotYet),
    row("--lengths", NotYet),
    row("--skip", NotYet),
    row("--time-stamp-precision", Instead("--nano")),
    row("--buffer-size", Instead("-B")),
    row("--direction", Instead("-Q")),
    row("--no-promiscuous-mode", Instead("-p")),
    row("--absolute-tcp-sequence-numbers", Instead("-S")),
    row("--packet-buffered", Instead("-U")),
];

const DIG: &[Foreign] = &[
    row("-b", NotYet),
    row("-f", NotYet),
    row("-i", NotYet),
    row("-k", NotYet),
    row("-y", NotYet),
    row("-m", NotYet),
    row("-q", NotYet),
    row("-r", Already),
    row("-u", NotYet),
    row("+https", NotYet),
    row("+tls", NotYet),
    row("+cookie", NotYet),
    row("+domain", NotYet),
    row("+search", NotYet),
    row("+fail", NotYet),
    row("+identify", NotYet),
    row("+idnout", NotYet),
    row("+keepopen", NotYet),
    row("+multiline", NotYet),
    row("+ndots", NotYet),
    row("+nsid", NotYet),
    row("+nssearch", NotYet),
    row("+qr", NotYet),
    row("+rrcomments", NotYet),
    row("+sigchase", Instead("+dnssec")),
    row("+split", NotYet),
    row("+subnet", NotYet),
    row("+ttlid", NotYet),
    row("+ttlunits", NotYet),
    row("+yaml", NotYet),
];

/// Returns spellings of nmap.
pub const fn nmap(text: &'static str) -> Spelling {
    spelling(Tool::Nmap, text)
}

/// Returns a spelling of a tool.
pub const fn spelling(tool: Tool, text: &'static str) -> Spelling {
    Spelling {
        tool,
        text,
        bare: None,
    }
}

/// Returns a spelling of nmap that has the value `bare` if none is joined to it.
pub const fn nmap_bare(text: &'static str, bare: &'static str) -> Spelling {
    Spelling {
        tool: Tool::Nmap,
        text,
        bare: Some(bare),
    }
}
