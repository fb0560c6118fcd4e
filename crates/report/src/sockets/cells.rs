//! The text of cells: addresses, ports, states, owners.
//!
//! Text from outside is escaped here. Addresses are never cut.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::IpAddr;

use vigie_host::listener::{Exposure, Families};
use vigie_host::owner::{Process, Users};
use vigie_host::snapshot::{Netns, Snapshot};
use vigie_host::socket::{InetSocket, Proto, State, UnixName, UnixSocket};
use vigie_scope::{Transport, services};

use crate::{Texts, escape};

/// Names and texts of rows, computed once.
pub(super) struct Names<'a> {
    pub(super) snapshot: &'a Snapshot,
    numeric: bool,
    processes: Vec<String>,
    users: BTreeMap<u32, String>,
    pub(super) netns: Vec<String>,
    reach: ReachTexts,
}

/// Exposure of a socket, in the user's language.
struct ReachTexts {
    everyone: [String; 4],
    machine: String,
    address: String,
    group: String,
    interface: String,
}

impl<'a> Names<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, texts: &Texts, numeric: bool) -> Self {
        let all = snapshot.owners.iter().flat_map(|owners| &owners.processes);
        Self {
            snapshot,
            numeric,
            processes: all.map(process).collect(),
            users: BTreeMap::new(),
            netns: snapshot.netns.iter().map(netns).collect(),
            reach: ReachTexts::new(texts),
        }
    }

    /// Writes `address:port`, with brackets around IPv6 (RFC 5952 section 6).
    pub(super) fn local(&self, cell: &mut String, socket: &InetSocket) {
        let interface = self.interface(socket.netns, socket.interface);
        address(cell, socket.local, interface.as_deref());
        self.port(cell, socket.proto, socket.local_port);
    }

    pub(super) fn peer(&self, cell: &mut String, socket: &InetSocket) {
        address(cell, socket.peer, None);
        if socket.peer_port == 0 {
            cell.push_str(":*");
        } else {
            self.port(cell, socket.proto, socket.peer_port);
        }
    }

    fn port(&self, cell: &mut String, proto: Proto, port: u16) {
        cell.push(':');
        match (self.numeric, proto) {
            (false, Proto::Raw) => match ip_protocol(port) {
                Some(name) => cell.push_str(name),
                None => number(cell, u64::from(port)),
            },
            (false, _) => {
                match transport(proto).and_then(|transport| services::name(transport, port)) {
                    Some(name) => cell.push_str(name),
                    None => number(cell, u64::from(port)),
                }
            }
            (true, _) => number(cell, u64::from(port)),
        }
    }

    /// Returns the name of a network namespace, escaped; empty if the snapshot has no such namespace.
    pub(super) fn netns_name(&self, netns: u16) -> &str {
        self.netns.get(usize::from(netns)).map_or("", |name| name)
    }

    /// Returns the name of an interface, or its number if it has no name any more.
    pub(super) fn interface(&self, netns: u16, index: u32) -> Option<String> {
        (index != 0).then(|| interface(self.snapshot, netns, index))
    }

    /// Writes a user: the name; the number if names are off or unknown; or `-`.
    pub(super) fn user(&mut self, cell: &mut String, uid: Option<u32>) {
        let Some(uid) = uid else {
            return cell.push('-');
        };
        if self.numeric {
            return number(cell, u64::from(uid));
        }
        let users = &self.snapshot.users;
        cell.push_str(
            self.users
                .entry(uid)
                .or_insert_with(|| user(users, uid).unwrap_or_else(|| uid.to_string())),
        );
    }

    /// Writes `PID/name` of each owner, separated by commas; `-` if none is known.
    pub(super) fn owners(&self, cell: &mut String, inode: u32) {
        let holds = self
            .snapshot
            .owners
            .as_ref()
            .map_or(&[][..], |owners| owners.holds(inode));
        let mut last = None;
        for hold in holds {
            if last == Some(hold.process) {
                continue;
            }
            if last.is_some() {
                cell.push(',');
            }
            last = Some(hold.process);
            cell.push_str(
                self.processes
                    .get(hold.process as usize)
                    .map_or("?", |name| name),
            );
        }
        if last.is_none() {
            cell.push('-');
        }
    }

    /// Writes the exposure of a listening socket; nothing for other sockets.
    pub(super) fn reach(&self, cell: &mut String, socket: &InetSocket) {
        match Exposure::of(socket) {
            None => {}
            Some(Exposure::Everyone(families)) => {
                cell.push_str(&self.reach.everyone[families as usize]);
            }
            Some(Exposure::Machine(_)) => cell.push_str(&self.reach.machine),
            Some(Exposure::Address(_)) => cell.push_str(&self.reach.address),
            Some(Exposure::Group(_)) => cell.push_str(&self.reach.group),
            Some(Exposure::Interface(index, _)) => {
                cell.push_str(&self.reach.interface);
                cell.push(' ');
                cell.push_str(&interface(self.snapshot, socket.netns, index));
            }
        }
    }
}

impl ReachTexts {
    fn new(texts: &Texts) -> Self {
        let mut everyone = [const { String::new() }; 4];
        for (families, key) in [
            (Families::V4, "sockets-reach-everyone"),
            (Families::V6, "sockets-reach-everyone-v6"),
            (Families::Both, "sockets-reach-everyone-both"),
            (Families::V6AndPerhapsV4, "sockets-reach-everyone-perhaps"),
        ] {
            everyone[families as usize] = texts.get(key);
        }
        Self {
            everyone,
            machine: texts.get("sockets-reach-machine"),
            address: texts.get("sockets-reach-address"),
            group: texts.get("sockets-reach-group"),
            interface: texts.get("sockets-reach-interface"),
        }
    }
}

/// Returns the transport whose service names a protocol uses.
const fn transport(proto: Proto) -> Option<Transport> {
    match proto {
        Proto::Tcp | Proto::Mptcp => Some(Transport::Tcp),
        Proto::Udp | Proto::UdpLite => Some(Transport::Udp),
        Proto::Sctp => Some(Transport::Sctp),
        _ => None,
    }
}

/// Names of the IP protocols that raw sockets are opened for (IANA protocol numbers).
const fn ip_protocol(number: u16) -> Option<&'static str> {
    Some(match number {
        1 => "icmp",
        2 => "igmp",
        6 => "tcp",
        17 => "udp",
        47 => "gre",
        50 => "esp",
        51 => "ah",
        58 => "ipv6-icmp",
        89 => "ospf",
        103 => "pim",
        112 => "vrrp",
        132 => "sctp",
        255 => "raw",
        _ => return None,
    })
}

/// Names of the protocols that packet sockets are opened for (`linux/if_ether.h`).
pub(super) const fn ethernet_protocol(number: u16) -> Option<&'static str> {
    Some(match number {
        0x0003 => "all",
        0x0800 => "ipv4",
        0x0806 => "arp",
        0x86dd => "ipv6",
        0x888e => "eapol",
        0x88cc => "lldp",
        _ => return None,
    })
}

/// Returns the name of an interface of a namespace, escaped.
pub(super) fn interface(snapshot: &Snapshot, netns: u16, index: u32) -> String {
    let name = snapshot
        .netns
        .get(usize::from(netns))
        .and_then(|netns| netns.interfaces.get(&index));
    name.map_or_else(|| format!("#{index}"), |name| escape::bytes(name))
}

/// Returns the name of a namespace, or its number as the kernel writes it.
pub(super) fn netns(netns: &Netns) -> String {
    netns.name.as_ref().map_or_else(
        || format!("net:[{}]", netns.inode),
        |name| escape::bytes(name),
    )
}

/// Returns a user's name, escaped.
pub(super) fn user(users: &Users, uid: u32) -> Option<String> {
    users.name(uid).map(escape::bytes)
}

/// Returns `PID/name`, escaped.
pub(super) fn process(process: &Process) -> String {
    format!("{}/{}", process.pid, escape::bytes(&process.name))
}

/// Returns the state of an inet socket; nothing for one without a connection state.
pub(super) const fn inet_state(socket: &InetSocket) -> &'static str {
    match (socket.proto, socket.state) {
        (Proto::Udp | Proto::UdpLite | Proto::Raw, State::Close) => "",
        _ => socket.state.name(),
    }
}

/// Returns the state of a UNIX socket as netstat writes it.
pub(super) const fn unix_state(socket: &UnixSocket) -> &'static str {
    match socket.state {
        State::Close => "",
        state => state.name_for(Proto::Unix),
    }
}

/// Returns the name of a UNIX socket; `@` marks abstract names.
pub(super) fn unix_name(name: &UnixName) -> String {
    match name {
        UnixName::None => String::new(),
        UnixName::Path(path) => escape::bytes(path),
        UnixName::Abstract(name) => format!("@{}", escape::bytes(name)),
    }
}

fn address(cell: &mut String, address: IpAddr, interface: Option<&str>) {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            number(cell, u64::from(a));
            for octet in [b, c, d] {
                cell.push('.');
                number(cell, u64::from(octet));
            }
        }
        IpAddr::V6(v6) => write!(cell, "[{v6}").expect("a String takes all writes"),
    }
    if let Some(interface) = interface {
        cell.push('%');
        cell.push_str(interface);
    }
    if address.is_ipv6() {
        cell.push(']');
    }
}

/// Appends a number, faster than `write!`.
pub(super) fn number(cell: &mut String, mut number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    cell.push_str(std::str::from_utf8(&digits[at..]).expect("digits are ASCII"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, interface: Option<&str>) -> String {
        let mut cell = String::new();
        address(&mut cell, text.parse().unwrap(), interface);
        cell
    }

    #[test]
    fn addresses_are_complete_and_unambiguous() {
        assert_eq!(shown("255.0.10.1", None), "255.0.10.1");
        assert_eq!(shown("0.0.0.0", Some("eth0")), "0.0.0.0%eth0");
        assert_eq!(shown("::", None), "[::]");
        assert_eq!(shown("fe80::1", Some("eth0")), "[fe80::1%eth0]");
        assert_eq!(
            shown("2001:db8:1111:2222:3333:4444:5555:6666", None),
            "[2001:db8:1111:2222:3333:4444:5555:6666]"
        );
        assert_eq!(shown("::ffff:10.0.0.1", None), "[::ffff:10.0.0.1]");
    }

    #[test]
    fn numbers_have_no_separators() {
        for n in [0, 9, 10, 65_535, u64::MAX] {
            let mut cell = String::new();
            number(&mut cell, n);
            assert_eq!(cell, n.to_string());
        }
    }
}
