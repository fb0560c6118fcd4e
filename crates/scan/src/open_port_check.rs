//! Checks with full connections whether a host whose ports all appear open really accepts connections.
//!
//! The check connects to some of the open ports and, as controls, to random high ports that were not scanned. If the
//! controls accept connections too, something answers for every port. If the open ports reset what they accepted,
//! nothing is behind them. This file must not know sockets.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use crate::plan::{Plan, Technique};
use vigie_scope::ports::PortList;
use vigie_scope::services;
use vigie_scope::{Host, Transport};

/// Maximum number of open ports of a host to connect to.
pub const SAMPLE_SIZE: usize = 16;
/// Number of random high ports to connect to.
pub const CONTROL_COUNT: usize = 16;
/// Maximum number of connections to one host.
pub const MAX_CONNECTIONS_PER_HOST: u64 = (SAMPLE_SIZE + CONTROL_COUNT) as u64;
/// Maximum number of hosts of a scan that are checked.
pub const MAX_HOSTS: u64 = 64;
/// Time limit for a handshake. The kernel sends a second SYN after one second.
pub const CONNECT_TIMEOUT: Duration = Duration::from_millis(2_500);
/// How long a connection without data is held.
pub const HOLD: Duration = Duration::from_secs(1);
/// Maximum number of bytes that are read of a service's greeting.
pub const BANNER_LEN: usize = 64;
/// With this many scanned ports, no ordinary host has nine of ten open.
pub(crate) const MIN_SUSPICIOUS_PORTS: u64 = 50;
/// Control ports are dynamic ports (RFC 6335 section 6): no service is registered there.
pub const DYNAMIC_PORTS: core::ops::RangeInclusive<u16> = 49_152..=65_535;

/// How a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckOutcome {
    /// No reply in time, or an ICMP error.
    Nothing,
    /// A reset answered the SYN.
    Refused,
    /// The handshake was completed, then the connection was reset.
    Reset,
    /// The handshake was completed, then the connection was closed without data.
    Closed,
    /// The connection stayed open without data.
    Silent,
    /// The service sent data: its first line, as [`banner`] writes it.
    Spoke(String),
}

impl CheckOutcome {
    /// Whether the handshake was completed.
    pub const fn is_handshake(&self) -> bool {
        !matches!(self, CheckOutcome::Nothing | CheckOutcome::Refused)
    }

    /// How strongly the outcome suggests a real service.
    const fn rank(&self) -> u8 {
        match self {
            CheckOutcome::Nothing
            | CheckOutcome::Refused
            | CheckOutcome::Reset
            | CheckOutcome::Closed => 0,
            CheckOutcome::Silent => 1,
            CheckOutcome::Spoke(_) => 2,
        }
    }
}

/// A port that was connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedPort {
    /// Port number.
    pub port: u16,
    /// Whether it is a control port, not one that the scan found open.
    pub control: bool,
    /// How the connection ended.
    pub end: CheckOutcome,
}

/// The connections to one host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenPortCheck {
    /// The ports that were connected to.
    pub ports: Vec<CheckedPort>,
}

/// What the connections say about the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckVerdict {
    /// The controls accept connections too: something answers for every port.
    Front,
    /// The controls do not accept connections, but most open ports reset theirs: something answers for the scanned
    /// ports.
    Resets,
    /// The controls do not accept connections, and the open ports hold theirs: they are open.
    Real,
    /// The connections do not decide it.
    Unclear,
}

impl CheckVerdict {
    /// The word for it in machine formats.
    pub const fn as_str(self) -> &'static str {
        match self {
            CheckVerdict::Front => "front",
            CheckVerdict::Resets => "resets",
            CheckVerdict::Real => "real",
            CheckVerdict::Unclear => "unclear",
        }
    }
}

impl OpenPortCheck {
    /// Number of connections to open ports, or to controls, whose outcome `fits`.
    pub fn count(&self, control: bool, fits: impl Fn(&CheckOutcome) -> bool) -> u64 {
        let of = self.ports.iter().filter(|t| t.control == control);
        of.filter(|t| fits(&t.end)).count() as u64
    }

    /// Returns what the connections say about the host.
    pub fn verdict(&self) -> CheckVerdict {
        let all = |control| self.count(control, |_| true);
        let answered = self.count(true, CheckOutcome::is_handshake);
        let reset = self.count(false, |e| *e == CheckOutcome::Reset);
        let held = self.count(false, CheckOutcome::is_handshake) - reset;
        if answered > 0 && 2 * answered >= all(true) {
            CheckVerdict::Front
        } else if 2 * reset > all(false) {
            CheckVerdict::Resets
        } else if 2 * held > all(false) && all(true) > 0 {
            CheckVerdict::Real
        } else {
            CheckVerdict::Unclear
        }
    }

    /// Returns the open ports that behave better than whatever answers for every port: a service is behind them. Empty
    /// if nothing answers for every port.
    pub fn real(&self) -> impl Iterator<Item = &CheckedPort> {
        let behind = match self.verdict() {
            CheckVerdict::Front | CheckVerdict::Resets => self.usual(),
            CheckVerdict::Real | CheckVerdict::Unclear => u8::MAX,
        };
        let open = self.ports.iter().filter(|t| !t.control);
        open.filter(move |t| t.end.rank() > behind)
    }

    /// How most of the controls that answer behave; of equally many the better.
    fn usual(&self) -> u8 {
        let of = |rank| self.count(true, |e| e.is_handshake() && e.rank() == rank);
        (0..=2)
            .max_by_key(|rank| of(*rank))
            .map_or(0, |rank| if of(rank) > 0 { rank } else { 0 })
    }
}

/// Returns the open ports to connect to: the most common ones of `open`.
pub fn sample_ports(open: &[u16]) -> Vec<u16> {
    let ranks = services::top(Transport::Tcp, usize::MAX);
    let rank = |port: &u16| ranks.iter().position(|p| p == port).unwrap_or(usize::MAX);
    let mut ports = open.to_vec();
    ports.sort_by_cached_key(|port| (rank(port), *port));
    ports.dedup();
    ports.truncate(SAMPLE_SIZE);
    ports
}

/// Returns random high ports of `host`. Ports in `asked` are avoided while enough others are left.
pub fn control_ports(seed: u64, host: Host, asked: &PortList) -> Vec<u16> {
    let bytes = match host.ip {
        core::net::IpAddr::V4(ip) => u128::from(u32::from(ip)),
        core::net::IpAddr::V6(ip) => u128::from(ip),
    };
    let mut state = seed ^ (bytes as u64) ^ ((bytes >> 64) as u64);
    let scanned = asked.ranges(Transport::Tcp);
    let is_asked = |port: u16| {
        scanned
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&port))
    };
    let left = DYNAMIC_PORTS.filter(|port| !is_asked(*port));
    let free: Vec<u16> = left.collect();
    let mut from = if free.len() >= CONTROL_COUNT {
        free
    } else {
        DYNAMIC_PORTS.collect()
    };
    (0..CONTROL_COUNT)
        .map(|_| from.swap_remove((next(&mut state) % from.len() as u64) as usize))
        .collect()
}

/// SplitMix64 (Steele, Lea, Flood 2014).
const fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Returns the first line of a greeting as ASCII; other bytes as `\xNN`.
pub fn banner(bytes: &[u8]) -> String {
    let bytes = &bytes[..bytes.len().min(BANNER_LEN)];
    let ends = bytes.iter().position(|b| matches!(b, b'\r' | b'\n'));
    let line = match ends {
        Some(end) if end > 0 => &bytes[..end],
        _ => bytes,
    };
    let escaped = line.iter().flat_map(|b| match b {
        b'"' | b'\'' => core::ascii::escape_default(b' '),
        b => core::ascii::escape_default(*b),
    });
    escaped.map(char::from).collect()
}

impl Plan {
    /// Whether full connections check hosts whose ports all appear open. That needs a technique that finds open ports
    /// by SYN/ACK, and enough ports for a suspicion.
    pub fn checks_open_ports(&self) -> bool {
        self.spec.budget.max_checked_hosts > 0
            && matches!(self.spec.technique(), Technique::Syn | Technique::Connect)
            && self.spec.tcp_ports().len() as u64 >= MIN_SUSPICIOUS_PORTS
    }

    /// Maximum number of connections for these checks.
    pub(crate) fn max_check_connections(&self) -> u64 {
        if !self.checks_open_ports() {
            return 0;
        }
        self.local
            .targets
            .len()
            .min(self.spec.budget.max_checked_hosts)
            * MAX_CONNECTIONS_PER_HOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use core::net::{IpAddr, Ipv4Addr};
    use proptest::prelude::*;

    /// Reads `open / controls`, a letter each: `-` nothing, `x` refused, `r` reset, `c` closed, `s` silent, `w`
    /// greeting.
    fn of(text: &str) -> OpenPortCheck {
        let (open, controls) = text.split_once('/').unwrap();
        let end = |c| match c {
            'x' => CheckOutcome::Refused,
            'r' => CheckOutcome::Reset,
            'c' => CheckOutcome::Closed,
            's' => CheckOutcome::Silent,
            'w' => CheckOutcome::Spoke("SSH-2.0-x".into()),
            _ => CheckOutcome::Nothing,
        };
        let side = |text: &str, control| -> Vec<CheckedPort> {
            let each = text.chars().zip(1..);
            each.map(|(c, port)| CheckedPort {
                port,
                control,
                end: end(c),
            })
            .collect()
        };
        let mut ports = side(open, false);
        ports.extend(side(controls, true));
        OpenPortCheck { ports }
    }

    #[test]
    fn controls_decide_and_better_behaviour_is_real() {
        // Connections, verdict, real ports.
        let table: [(&str, CheckVerdict, &[u16]); 12] = [
            // A tarpit that holds every connection, with one service behind it.
            ("ssws/ssss", CheckVerdict::Front, &[3]),
            ("ssss/ssss", CheckVerdict::Front, &[]),
            // A SYN proxy: connections to ports without a service are reset.
            ("rsrr/rrrr", CheckVerdict::Front, &[2]),
            ("rswr/rrrr", CheckVerdict::Front, &[2, 3]),
            // Every port sends a greeting: greetings prove nothing.
            ("wwww/wwww", CheckVerdict::Front, &[]),
            // The proxy protects the scanned ports only.
            ("rrrs/xxxx", CheckVerdict::Resets, &[4]),
            ("rrrr/----", CheckVerdict::Resets, &[]),
            // Open indeed.
            ("ssws/xxxx", CheckVerdict::Real, &[]),
            ("sccc/xx-s", CheckVerdict::Real, &[]),
            // The host is gone, or blocks us; or no control was allowed.
            ("xxxx/xxxx", CheckVerdict::Unclear, &[]),
            ("----/----", CheckVerdict::Unclear, &[]),
            ("ssss/", CheckVerdict::Unclear, &[]),
        ];
        for (text, verdict, real) in table {
            let handshakes = of(text);
            assert_eq!(handshakes.verdict(), verdict, "{text}");
            let ports: Vec<u16> = handshakes.real().map(|t| t.port).collect();
            assert_eq!(ports, real, "{text}");
        }
    }

    #[test]
    fn the_most_common_ports_are_sampled() {
        let open: Vec<u16> = (1..=1000).rev().collect();
        let ports = sample_ports(&open);
        assert_eq!(ports.len(), SAMPLE_SIZE);
        for port in [22, 80, 443] {
            assert!(ports.contains(&port), "{port}: {ports:?}");
        }
        assert_eq!(sample_ports(&[20_001, 20_000]), [20_000, 20_001]);
    }

    #[test]
    fn words_are_one_line_of_ascii() {
        assert_eq!(banner(b"SSH-2.0-x\r\nmore"), "SSH-2.0-x");
        assert_eq!(banner(b"\x00\xff\x1b[2J"), r"\x00\xff\x1b[2J");
        assert_eq!(banner(&vec![b'a'; 500]).len(), BANNER_LEN);
        assert_eq!(banner(b"\n"), r"\n");
    }

    proptest! {
        #[test]
        fn controls_are_high_and_asked_by_nobody(seed: u64, ip: u32, first in 40_000u16..60_000, more in 0u16..5000) {
            let host = Host::new(IpAddr::V4(Ipv4Addr::from(ip)));
            let asked = PortList::new((first..=first + more).map(|p| (Transport::Tcp, p)));
            let mut ports = control_ports(seed, host, &asked);
            prop_assert!(ports.iter().all(|p| DYNAMIC_PORTS.contains(p) && !(first..=first + more).contains(p)));
            prop_assert_eq!(&ports, &control_ports(seed, host, &asked));
            ports.sort_unstable();
            ports.dedup();
            prop_assert_eq!(ports.len(), CONTROL_COUNT);
        }

        #[test]
        fn where_all_ports_were_asked_there_are_controls_still(seed: u64) {
            let host = Host::new(IpAddr::V4(Ipv4Addr::LOCALHOST));
            let asked = PortList::new((1..=u16::MAX).map(|p| (Transport::Tcp, p)));
            prop_assert_eq!(control_ports(seed, host, &asked).len(), CONTROL_COUNT);
        }
    }
}
