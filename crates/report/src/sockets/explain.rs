//! The meaning of each socket state that occurs, one line each.

use std::collections::BTreeMap;
use std::io::{self, Write};

use vigie_host::socket::{Proto, State};

use super::View;
use crate::style::Role;
use crate::width;

/// Returns the text key of a protocol's state. text keys: sockets-state-*
fn key(proto: Proto, state: State) -> Option<&'static str> {
    Some(match (proto, state) {
        (Proto::Unix, State::Listen) => "sockets-state-unix-listening",
        (Proto::Unix, State::Established) => "sockets-state-unix-connected",
        (Proto::Unix, State::Close) => "sockets-state-unix-unconnected",
        (_, State::Connecting) => "sockets-state-unix-connecting",
        (_, State::Disconnecting) => "sockets-state-unix-disconnecting",
        (Proto::Udp | Proto::UdpLite, State::Close) => "sockets-state-udp-unconnected",
        (Proto::Udp | Proto::UdpLite, State::Established) => "sockets-state-udp-connected",
        (Proto::Raw, _) => "sockets-state-raw",
        (Proto::Packet, _) => return None,
        (_, State::Listen) => "sockets-state-listen",
        (_, State::Established) => "sockets-state-established",
        (_, State::SynSent) => "sockets-state-syn-sent",
        (_, State::SynRecv | State::NewSynRecv) => "sockets-state-syn-recv",
        (_, State::FinWait1) => "sockets-state-fin-wait1",
        (_, State::FinWait2) => "sockets-state-fin-wait2",
        (_, State::TimeWait) => "sockets-state-time-wait",
        (_, State::Close) => "sockets-state-close",
        (_, State::CloseWait) => "sockets-state-close-wait",
        (_, State::LastAck) => "sockets-state-last-ack",
        (_, State::Closing) => "sockets-state-closing",
        (_, State::BoundInactive) => "sockets-state-bound",
        (_, State::CookieWait | State::CookieEchoed) => "sockets-state-sctp-opening",
        (
            _,
            State::ShutdownPending
            | State::ShutdownSent
            | State::ShutdownReceived
            | State::ShutdownAckSent,
        ) => "sockets-state-sctp-closing",
    })
}

impl View<'_> {
    /// Writes one line for each state that occurs: its count and its meaning.
    pub fn explain(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut counts: BTreeMap<(Proto, State), u64> = BTreeMap::new();
        for socket in &self.snapshot.inet {
            *counts.entry((socket.proto, socket.state)).or_default() += 1;
        }
        for socket in &self.snapshot.unix {
            *counts.entry((Proto::Unix, socket.state)).or_default() += 1;
        }
        let lines: Vec<(String, String)> = counts
            .into_iter()
            .filter_map(|(at, count)| self.line(at, count))
            .collect();
        if !self.snapshot.packet.is_empty() {
            let count = self.snapshot.packet.len() as u64;
            let head = self.texts.format(
                "sockets-explain-count",
                &[("name", "packet".into()), ("count", count.into())],
            );
            return self.write_lines(
                out,
                lines
                    .into_iter()
                    .chain([(head, self.texts.get("sockets-state-packet"))])
                    .collect(),
            );
        }
        self.write_lines(out, lines)
    }

    fn line(&self, (proto, state): (Proto, State), count: u64) -> Option<(String, String)> {
        let name = format!("{} {}", proto.name(), state.name_for(proto));
        let head = self.texts.format(
            "sockets-explain-count",
            &[("name", name.into()), ("count", count.into())],
        );
        Some((head, self.texts.get(key(proto, state)?)))
    }

    fn write_lines(&self, out: &mut dyn Write, lines: Vec<(String, String)>) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "\n{}",
            self.paint
                .text(Role::Title, &self.texts.get("sockets-explain-title"))
        )?;
        let widest = lines
            .iter()
            .map(|(head, _)| width::of(head))
            .max()
            .unwrap_or(0);
        for (head, text) in lines {
            writeln!(out, "  {}  {text}", width::pad(&head, widest))?;
        }
        Ok(())
    }
}
