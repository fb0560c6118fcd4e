//! Lists of inet, packet and UNIX sockets, as netstat prints them.

use std::io::{self, Write};

use vigie_host::listener::Exposure;
use vigie_host::owner::Process;
use vigie_host::socket::{InetSocket, PacketSocket, Proto, UnixSocket};

use super::View;
use super::cells::{self, Names};
use super::table::{Align, Table};
use crate::escape;
use crate::style::Role;

/// The optional columns of a table.
struct Layout {
    netns: bool,
    extend: bool,
    processes: bool,
    reach: bool,
}

impl View<'_> {
    /// Writes the lists. An empty list still has its title, as with netstat, unless its kind of sockets was not requested.
    pub fn list(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut names = self.names();
        let inet = Proto::ALL
            .iter()
            .any(|p| !matches!(p, Proto::Unix | Proto::Packet) && self.filter.wants(*p));
        if inet {
            self.title(out, "sockets-title-inet")?;
            self.inet(&mut names).write(out, self.paint)?;
        }
        if self.filter.wants(Proto::Packet) && !self.snapshot.packet.is_empty() {
            self.title(out, "sockets-title-packet")?;
            self.packet(&mut names).write(out, self.paint)?;
        }
        if self.filter.wants(Proto::Unix) {
            self.title(out, "sockets-title-unix")?;
            self.unix(&mut names).write(out, self.paint)?;
        }
        Ok(())
    }

    fn title(&self, out: &mut dyn Write, key: &str) -> io::Result<()> {
        if self.columns.bare {
            return Ok(());
        }
        let which = self.texts.get(self.which());
        let title = self.texts.format(key, &[("which", which.into())]);
        writeln!(out, "{title}")
    }

    fn columns(&self, keys: &[(&'static str, bool)]) -> Vec<(String, Align)> {
        let align = |key| match key {
            "sockets-col-recv-q" | "sockets-col-send-q" | "sockets-col-inode"
            | "sockets-col-peer" => Align::Right,
            _ => Align::Left,
        };
        keys.iter()
            .filter(|(_, shown)| *shown)
            .map(|(key, _)| (self.texts.get(key), align(*key)))
            .collect()
    }

    fn inet(&self, names: &mut Names<'_>) -> Table {
        let layout = Layout {
            netns: self.columns.netns,
            extend: self.columns.extend,
            processes: self.columns.processes,
            reach: self.snapshot.inet.iter().any(InetSocket::is_listener),
        };
        let mut table = Table::new(
            &self.columns(&[
                ("sockets-col-netns", layout.netns),
                ("sockets-col-proto", true),
                ("sockets-col-recv-q", true),
                ("sockets-col-send-q", true),
                ("sockets-col-local", true),
                ("sockets-col-foreign", true),
                ("sockets-col-state", true),
                ("sockets-col-user", layout.extend),
                ("sockets-col-inode", layout.extend),
                ("sockets-col-program", layout.processes),
                ("sockets-col-reach", layout.reach),
            ]),
            !self.columns.bare,
        );
        for socket in &self.snapshot.inet {
            self.inet_row(&mut table, names, socket, &layout);
            if self.columns.verbose {
                if let Some(backlog) = socket.backlog {
                    let waiting = [("waiting", socket.recv_q.into()), ("most", backlog.into())];
                    table.below(format!(
                        "      {}",
                        self.texts.format("sockets-backlog", &waiting)
                    ));
                }
                self.details(&mut table, socket.inode);
            }
        }
        table
    }

    fn inet_row(
        &self,
        table: &mut Table,
        names: &mut Names<'_>,
        socket: &InetSocket,
        layout: &Layout,
    ) {
        if layout.netns {
            table.put(names.netns_name(socket.netns));
        }
        table.put(socket.proto.family_name(socket.is_v6()));
        cells::number(table.cell(), socket.recv_q.into());
        table.end();
        cells::number(table.cell(), socket.send_q.into());
        table.end();
        names.local(table.cell(), socket);
        table.end();
        names.peer(table.cell(), socket);
        table.end();
        table.cell().push_str(cells::inet_state(socket));
        if self.paint.is_on() && socket.is_listener() {
            table.end_as(Role::Good);
        } else {
            table.end();
        }
        if layout.extend {
            names.user(table.cell(), socket.uid);
            table.end();
            cells::number(table.cell(), socket.inode.into());
            table.end();
        }
        if layout.processes {
            names.owners(table.cell(), socket.inode);
            table.end();
        }
        if layout.reach {
            names.reach(table.cell(), socket);
            let exposed =
                self.paint.is_on() && Exposure::of(socket).is_some_and(Exposure::is_exposed);
            if exposed {
                table.end_as(Role::Notice);
            } else {
                table.end();
            }
        }
    }

    fn packet(&self, names: &mut Names<'_>) -> Table {
        let Self { columns, .. } = self;
        let mut table = Table::new(
            &self.columns(&[
                ("sockets-col-netns", columns.netns),
                ("sockets-col-proto", true),
                ("sockets-col-recv-q", true),
                ("sockets-col-type", true),
                ("sockets-col-protocol", true),
                ("sockets-col-interface", true),
                ("sockets-col-user", columns.extend),
                ("sockets-col-inode", columns.extend),
                ("sockets-col-program", columns.processes),
            ]),
            !columns.bare,
        );
        for socket in &self.snapshot.packet {
            self.packet_row(&mut table, names, socket);
            if columns.verbose {
                self.details(&mut table, socket.inode);
            }
        }
        table
    }

    fn packet_row(&self, table: &mut Table, names: &mut Names<'_>, socket: &PacketSocket) {
        if self.columns.netns {
            table.put(names.netns_name(socket.netns));
        }
        table.put(Proto::Packet.name());
        cells::number(table.cell(), socket.recv_q.into());
        table.end();
        table.put(socket.kind.name());
        match cells::ethernet_protocol(socket.protocol) {
            Some(name) if !self.columns.numeric => table.put(name),
            _ => table.put(&format!("0x{:04x}", socket.protocol)),
        }
        table.put(
            names
                .interface(socket.netns, socket.interface)
                .as_deref()
                .unwrap_or("*"),
        );
        if self.columns.extend {
            names.user(table.cell(), socket.uid);
            table.end();
            cells::number(table.cell(), socket.inode.into());
            table.end();
        }
        if self.columns.processes {
            names.owners(table.cell(), socket.inode);
            table.end();
        }
    }

    fn unix(&self, names: &mut Names<'_>) -> Table {
        let Self { columns, .. } = self;
        let mut table = Table::new(
            &self.columns(&[
                ("sockets-col-netns", columns.netns),
                ("sockets-col-proto", true),
                ("sockets-col-recv-q", true),
                ("sockets-col-send-q", true),
                ("sockets-col-flags", true),
                ("sockets-col-type", true),
                ("sockets-col-state", true),
                ("sockets-col-user", columns.extend),
                ("sockets-col-inode", true),
                ("sockets-col-peer", true),
                ("sockets-col-program", columns.processes),
                ("sockets-col-path", true),
            ]),
            !columns.bare,
        );
        for socket in &self.snapshot.unix {
            self.unix_row(&mut table, names, socket);
            if columns.verbose {
                self.details(&mut table, socket.inode);
            }
        }
        table
    }

    fn unix_row(&self, table: &mut Table, names: &mut Names<'_>, socket: &UnixSocket) {
        if self.columns.netns {
            table.put(names.netns_name(socket.netns));
        }
        table.put(Proto::Unix.name());
        cells::number(table.cell(), socket.recv_q.into());
        table.end();
        cells::number(table.cell(), socket.send_q.into());
        table.end();
        // The only flag that the kernel still reports: the socket accepts connections.
        table.put(if socket.state == vigie_host::socket::State::Listen {
            "[ ACC ]"
        } else {
            "[ ]"
        });
        table.put(socket.kind.name());
        table.put(cells::unix_state(socket));
        if self.columns.extend {
            names.user(table.cell(), socket.uid);
            table.end();
        }
        cells::number(table.cell(), socket.inode.into());
        table.end();
        if let Some(peer) = socket.peer_inode {
            cells::number(table.cell(), peer.into());
        } else {
            table.cell().push('-');
        }
        table.end();
        if self.columns.processes {
            names.owners(table.cell(), socket.inode);
            table.end();
        }
        table.put(&cells::unix_name(&socket.name));
    }

    /// Writes one line for each owner of the socket: its command line, unit, container and namespace.
    fn details(&self, table: &mut Table, inode: u32) {
        for process in self.snapshot.holders(inode) {
            table.below(format!("      {}", self.process(process)));
        }
    }

    fn process(&self, process: &Process) -> String {
        let mut line = cells::process(process);
        let mut add = |key, text: String| {
            line.push_str("  ");
            line.push_str(&self.texts.format(key, &[("text", text.into())]));
        };
        let arguments: Vec<String> = process.arguments().map(escape::bytes).collect();
        if !arguments.is_empty() {
            add("sockets-detail-command", arguments.join(" "));
        }
        if let Some(unit) = &process.unit {
            add("sockets-detail-unit", escape::bytes(unit));
        }
        if let Some(container) = &process.container {
            let id = escape::bytes(&container.id);
            add(
                "sockets-detail-container",
                format!("{} {id}", container.runtime),
            );
        }
        if let Some(netns) = process.netns {
            let known = self
                .snapshot
                .netns
                .iter()
                .find(|known| known.inode == netns);
            add(
                "sockets-detail-netns",
                known.map_or_else(|| format!("net:[{netns}]"), cells::netns),
            );
        }
        line
    }
}
