//! A list of ports as one text.

use vigie_scope::Transport;

/// Ports as `-p` reads them, in their order: `T:80,23,443,21-22`.
pub(super) fn expression(ports: impl Iterator<Item = (Transport, u16)>) -> String {
    let mut runs: Vec<(Transport, u16, u16)> = Vec::new();
    for (transport, port) in ports {
        match runs.last_mut() {
            Some((t, _, last)) if *t == transport && last.checked_add(1) == Some(port) => {
                *last = port;
            }
            _ => runs.push((transport, port, port)),
        }
    }
    let mut text = String::new();
    let mut before = None;
    for (transport, first, last) in runs {
        if !text.is_empty() {
            text.push(',');
        }
        if before != Some(transport) {
            before = Some(transport);
            text += match transport {
                Transport::Tcp => "T:",
                Transport::Udp => "U:",
                Transport::Sctp => "S:",
                Transport::Ip => "P:",
            };
        }
        text += &first.to_string();
        if last > first {
            text.push('-');
            text += &last.to_string();
        }
    }
    text
}
