//! Changes of sockets, one line each.

use std::io::{self, Write};

use vigie_host::change::{AnySocket, Change};
use vigie_host::socket::{InetSocket, PacketSocket, Proto, UnixSocket};

use super::View;
use super::cells::{self, Names};
use crate::style::Role;

/// The changes between two snapshots.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// The earlier snapshot, for sockets that are gone.
    pub before: View<'a>,
    /// The current snapshot.
    pub now: View<'a>,
    /// Time of day of the current snapshot, as text.
    pub time: &'a str,
}

impl Watch<'_> {
    /// Writes the changes.
    pub fn write(&self, out: &mut dyn Write, changes: &[Change<'_>]) -> io::Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut before = self.before.names();
        let mut now = self.now.names();
        for change in changes {
            let (sign, role, line) = match change {
                Change::Appeared(socket) => {
                    ('+', Role::Good, self.now.socket(&mut now, *socket, None))
                }
                Change::Gone(socket) => (
                    '-',
                    Role::Bad,
                    self.before.socket(&mut before, *socket, None),
                ),
                Change::StateChanged(old, socket) => (
                    '~',
                    Role::Notice,
                    self.now.socket(&mut now, *socket, Some(*old)),
                ),
            };
            let sign = self.now.paint.text(role, &sign.to_string());
            writeln!(out, "{} {sign} {line}", self.time)?;
        }
        Ok(())
    }
}

impl View<'_> {
    /// Writes a socket on one line; `was` is its earlier state, if it changed.
    fn socket(
        &self,
        names: &mut Names<'_>,
        socket: AnySocket<'_>,
        was: Option<AnySocket<'_>>,
    ) -> String {
        let mut line = String::new();
        if self.columns.netns {
            line.push_str(
                names
                    .netns
                    .get(usize::from(socket.netns()))
                    .map_or("", |name| name),
            );
            line.push(' ');
        }
        let uid = match socket {
            AnySocket::Inet(s) => {
                inet(&mut line, names, s, was);
                s.uid
            }
            AnySocket::Unix(s) => {
                unix(&mut line, s, was);
                s.uid
            }
            AnySocket::Packet(s) => {
                packet(&mut line, names, s);
                s.uid
            }
        };
        if self.columns.extend {
            line.push(' ');
            names.user(&mut line, uid);
            line.push(' ');
            cells::number(&mut line, socket.inode().into());
        }
        if self.columns.processes {
            line.push(' ');
            names.owners(&mut line, socket.inode());
        }
        if let AnySocket::Inet(s) = socket
            && s.is_listener()
        {
            line.push_str("  ");
            names.reach(&mut line, s);
        }
        line
    }
}

fn inet(line: &mut String, names: &Names<'_>, socket: &InetSocket, was: Option<AnySocket<'_>>) {
    line.push_str(socket.proto.family_name(socket.is_v6()));
    line.push(' ');
    names.local(line, socket);
    line.push(' ');
    names.peer(line, socket);
    let state = socket.state.name_for(socket.proto);
    match was {
        Some(AnySocket::Inet(old)) if old.state != socket.state => {
            line.extend([" ", old.state.name_for(old.proto), " → ", state]);
        }
        _ => line.extend([" ", state]),
    }
}

fn unix(line: &mut String, socket: &UnixSocket, was: Option<AnySocket<'_>>) {
    let state = socket.state.name_for(Proto::Unix);
    line.extend(["unix ", socket.kind.name(), " "]);
    if let Some(AnySocket::Unix(old)) = was
        && old.state != socket.state
    {
        line.extend([old.state.name_for(Proto::Unix), " → "]);
    }
    line.extend([state, " "]);
    cells::number(line, socket.inode.into());
    let name = cells::unix_name(&socket.name);
    if !name.is_empty() {
        line.extend([" ", &name]);
    }
}

fn packet(line: &mut String, names: &Names<'_>, socket: &PacketSocket) {
    let interface = names.interface(socket.netns, socket.interface);
    let protocol = cells::ethernet_protocol(socket.protocol);
    let protocol = protocol.map_or_else(|| format!("0x{:04x}", socket.protocol), str::to_owned);
    let interface = interface.as_deref().unwrap_or("*");
    line.extend([
        "packet ",
        socket.kind.name(),
        " ",
        &protocol,
        " ",
        interface,
    ]);
}
