//! Listening sockets with their connections below them.

use std::io::{self, Write};

use vigie_host::socket::{InetSocket, Proto};
use vigie_host::tree::Tree;

use super::View;
use super::cells::{self, Names};
use crate::style::Role;

impl View<'_> {
    /// Writes each listening socket with its connections below it, then outgoing connections, then UNIX and packet sockets as
    /// lists.
    pub fn tree(&self, out: &mut dyn Write) -> io::Result<()> {
        let names = self.names();
        let tree = Tree::new(self.snapshot);
        for server in &tree.servers {
            writeln!(
                out,
                "{}",
                self.server(
                    &names,
                    &self.snapshot.inet[server.listener],
                    server.clients.len()
                )
            )?;
            self.branches(out, &names, &tree, &server.clients)?;
        }
        if !tree.others.is_empty() {
            let title = self.texts.format(
                "sockets-tree-others",
                &[("count", (tree.others.len() as u64).into())],
            );
            writeln!(out, "{}", self.paint.text(Role::Title, &title))?;
            self.branches(out, &names, &tree, &tree.others)?;
        }
        Ok(())
    }

    /// Writes the line of a listening socket.
    fn server(&self, names: &Names<'_>, socket: &InetSocket, clients: usize) -> String {
        let mut line = String::new();
        self.start(&mut line, names, socket);
        names.local(&mut line, socket);
        line.push(' ');
        line.push_str(&self.paint.text(Role::Good, cells::inet_state(socket)));
        if self.columns.processes {
            line.push(' ');
            names.owners(&mut line, socket.inode);
        }
        let mut reach = String::new();
        names.reach(&mut reach, socket);
        let facts = [
            ("reach", reach.into()),
            ("clients", (clients as u64).into()),
        ];
        line.push_str("  ");
        line.push_str(&self.texts.format("sockets-tree-server", &facts));
        // A UDP socket without a peer has no state.
        line.replace("  ", " ")
    }

    fn branches(
        &self,
        out: &mut dyn Write,
        names: &Names<'_>,
        tree: &Tree,
        of: &[usize],
    ) -> io::Result<()> {
        for (n, at) in of.iter().enumerate() {
            let socket = &self.snapshot.inet[*at];
            let mut line = String::from(if n + 1 == of.len() {
                "└─ "
            } else {
                "├─ "
            });
            if of.as_ptr() == tree.others.as_ptr() {
                self.start(&mut line, names, socket);
            }
            names.local(&mut line, socket);
            line.push_str(if self.made_here(tree, *at) {
                " → "
            } else {
                " ← "
            });
            names.peer(&mut line, socket);
            line.push(' ');
            line.push_str(cells::inet_state(socket));
            if self.columns.processes {
                line.push(' ');
                names.owners(&mut line, socket.inode);
                if let Some(other) = tree.other_end.get(at) {
                    let mut owner = String::new();
                    names.owners(&mut owner, self.snapshot.inet[*other].inode);
                    line.push_str("  ");
                    line.push_str(
                        &self
                            .texts
                            .format("sockets-tree-other-end", &[("owner", owner.into())]),
                    );
                }
            }
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    fn start(&self, line: &mut String, names: &Names<'_>, socket: &InetSocket) {
        if self.columns.netns {
            line.push_str(names.netns_name(socket.netns));
            line.push(' ');
        }
        line.push_str(socket.proto.family_name(socket.is_v6()));
        line.push(' ');
    }

    /// Whether a connection is outgoing: no socket listens on its local port.
    fn made_here(&self, tree: &Tree, at: usize) -> bool {
        self.snapshot.inet[at].proto != Proto::Raw && tree.others.binary_search(&at).is_ok()
    }
}
