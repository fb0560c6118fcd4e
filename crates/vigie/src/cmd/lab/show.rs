//! The lab as text: nodes, addresses, and the expected result of a scan.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;

use vigie_lab::{LabState, Node, PortBehavior, Topology, Transport};
use vigie_report::style::Role;
use vigie_report::{Message, Texts};

use crate::ui::Ui;

/// Prints a running lab.
pub(super) fn lab(state: &LabState, ui: &mut Ui) -> io::Result<()> {
    let topology = &state.topology;
    for node in &topology.nodes {
        let addresses = topology.addresses(&node.name);
        ui.line("")?;
        head(node, &addresses, ui)?;
        let own = |v4: bool| addresses.iter().copied().find(|ip| ip.is_ipv4() == v4);
        let (Some(v4), Some(v6)) = (own(true), own(false)) else {
            continue;
        };
        if node.role != "host" {
            continue;
        }
        for (key, transport) in [("lab-tcp", Transport::Tcp), ("lab-udp", Transport::Udp)] {
            let name = ui.texts().get(key);
            for line in truths(topology, (v4, v6), transport, ui.texts()) {
                ui.line(&format!("  {name}  {line}"))?;
            }
        }
    }
    for (name, addresses) in &topology.ghosts {
        ui.line("")?;
        let title = Message::new("lab-ghost").outside("name", name);
        title_line(&title, ui)?;
        ui.line(&format!("  {}", join(addresses)))?;
    }
    if let Some(host) = topology.nodes.iter().find(|node| node.role == "host") {
        ui.line("")?;
        let hint = Message::new("lab-try").outside("host", &host.name);
        let hint = ui.texts().say(&hint);
        ui.line(&hint)?;
    }
    Ok(())
}

fn head(node: &Node, addresses: &[IpAddr], ui: &mut Ui) -> io::Result<()> {
    let role = match node.role.as_str() {
        "scanner" => "lab-role-scanner",
        "router" => "lab-role-router",
        _ => "lab-role-host",
    };
    let title = Message::new("lab-node")
        .outside("name", &node.name)
        .text("role", Message::new(role));
    title_line(&title, ui)?;
    ui.line(&format!("  {}", join(addresses)))
}

fn title_line(title: &Message, ui: &mut Ui) -> io::Result<()> {
    let title = ui.texts().say(title);
    let title = ui.paint().text(Role::Title, &title);
    ui.line(&title)
}

fn join(addresses: &[IpAddr]) -> String {
    let texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    texts.join("  ")
}

/// Returns one line for each behaviour of ports. The ports of the most frequent one are "all others".
fn truths(
    topology: &Topology,
    (v4, v6): (IpAddr, IpAddr),
    transport: Transport,
    texts: &Texts,
) -> Vec<String> {
    let mut groups: Vec<((PortBehavior, PortBehavior), Vec<u16>)> = Vec::new();
    let mut at = HashMap::new();
    let (at_v4, at_v6) = (topology.expectations(v4), topology.expectations(v6));
    for port in 1..=u16::MAX {
        let truth = (at_v4.port(transport, port), at_v6.port(transport, port));
        let group = *at.entry(truth).or_insert_with(|| {
            groups.push((truth, Vec::new()));
            groups.len() - 1
        });
        groups[group].1.push(port);
    }
    groups.sort_by_key(|(truth, ports)| {
        (ports.len() > 1024, truth.0 != PortBehavior::Open, ports[0])
    });
    let largest = groups.iter().map(|(_, ports)| ports.len()).max();
    groups
        .iter()
        .map(|(truth, ports)| {
            let ports = if Some(ports.len()) == largest {
                texts.get("lab-rest")
            } else {
                ranges(ports)
            };
            format!("{ports}: {}", text(*truth, texts))
        })
        .collect()
}

fn text((v4, v6): (PortBehavior, PortBehavior), texts: &Texts) -> String {
    let message = match v4 {
        PortBehavior::Open => Message::new("lab-truth-open"),
        PortBehavior::Silent => Message::new("lab-truth-silent"),
        PortBehavior::Closed => Message::new("lab-truth-closed"),
        PortBehavior::Reset => Message::new("lab-truth-reset"),
        PortBehavior::Dropped => Message::new("lab-truth-dropped"),
        PortBehavior::NoHost => Message::new("lab-truth-nobody"),
        PortBehavior::Unreachable(code) => {
            let code6 = match v6 {
                PortBehavior::Unreachable(code) => code,
                _ => 0,
            };
            Message::new("lab-truth-unreachable")
                .shown("code", format!("3/{code}"))
                .shown("code6", format!("1/{code6}"))
        }
    };
    texts.say(&message)
}

/// Returns ascending ports as `22,80-90`.
fn ranges(ports: &[u16]) -> String {
    let mut spans: Vec<(u16, u16)> = Vec::new();
    for &port in ports {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == port => *last = port,
            _ => spans.push((port, port)),
        }
    }
    let text = |(first, last): &(u16, u16)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        }
    };
    spans.iter().map(text).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_report::Lang;

    #[test]
    fn ports_are_grouped_by_behaviour() {
        let topology = vigie_lab::training();
        let addresses = (
            "10.77.1.20".parse().unwrap(),
            "fd77:0:0:1::20".parse().unwrap(),
        );
        let lines = truths(&topology, addresses, Transport::Tcp, &Texts::new(Lang::En));
        assert_eq!(
            lines,
            [
                "22,80,443: open",
                "8443: closed",
                "all others: dropped by a firewall"
            ]
        );
    }

    #[test]
    fn neighbouring_ports_are_one_range() {
        assert_eq!(ranges(&[1, 2, 3, 7, 65_534, 65_535]), "1-3,7,65534-65535");
    }
}
