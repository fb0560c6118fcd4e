//! Number of sockets of each kind, as a table.

use std::io::{self, Write};

use vigie_host::socket::{Proto, State};
use vigie_host::summary::{Count, Summary};

use super::View;
use super::table::{Align, Table};

impl View<'_> {
    /// Writes the counts: a row for each protocol, a line for each state of TCP.
    pub fn summary(&self, out: &mut dyn Write) -> io::Result<()> {
        let summary = Summary::new(self.snapshot);
        let keys = [
            "sockets-col-proto",
            "sockets-sum-total",
            "sockets-sum-listening",
            "sockets-sum-exposed",
            "sockets-sum-established",
            "sockets-sum-time-wait",
        ];
        let columns: Vec<_> = keys
            .iter()
            .enumerate()
            .map(|(n, key)| {
                (
                    self.texts.get(key),
                    if n == 0 { Align::Left } else { Align::Right },
                )
            })
            .collect();
        let mut table = Table::new(&columns, !self.columns.bare);
        for ((proto, v6), count) in &summary.inet {
            row(&mut table, proto.family_name(*v6), count, proto.has_ports());
        }
        if summary.packet > 0 {
            row(
                &mut table,
                Proto::Packet.name(),
                &Count {
                    total: summary.packet,
                    ..Count::default()
                },
                false,
            );
        }
        for (kind, count) in &summary.unix {
            row(
                &mut table,
                &format!("unix {}", kind.name().to_ascii_lowercase()),
                count,
                false,
            );
        }
        table.write(out, self.paint)?;
        self.tcp_states(out, &summary)
    }

    fn tcp_states(&self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        let of_tcp = |state: &State| Some((*state, *summary.states.get(&(Proto::Tcp, *state))?));
        let states: Vec<String> = State::ALL
            .iter()
            .filter_map(of_tcp)
            .map(|(state, count)| format!("{} {count}", state.name()))
            .collect();
        if states.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "\n{}",
            self.texts.format(
                "sockets-sum-states",
                &[("states", states.join(", ").into())]
            )
        )
    }
}

fn row(table: &mut Table, name: &str, count: &Count, reachable: bool) {
    table.put(name);
    for (number, shown) in [
        (count.total, true),
        (count.listening, true),
        (count.exposed, reachable),
        (count.established, true),
        (count.time_wait, reachable),
    ] {
        if shown {
            table.put(&number.to_string());
        } else {
            table.put("-");
        }
    }
}
