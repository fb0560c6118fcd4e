//! The training lab: a router, and behind it one host of each kind that a scanner encounters.
//!
//! It must not know the lessons that use it.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{Connection, Firewall, Interface, Node, PacketAction, PortRules, Topology};

/// Returns the training lab's network:
///
/// | node | addresses | what a scan finds |
/// |---|---|---|
/// | `scanner` | 10.77.0.2, fd77::2 | where `vigie lab run` runs commands |
/// | `router` | 10.77.0.1, fd77::1 | nothing open |
/// | `plain` | 10.77.1.10, fd77:0:0:1::10 | open ports, the rest closed |
/// | `walled` | 10.77.1.20, fd77:0:0:1::20 | three ports pass, the rest is dropped; open to itself and `plain` |
/// | `polite` | 10.77.1.30, fd77:0:0:1::30 | the rest rejected: by ICMP, by resets |
/// | `ghost` | 10.77.1.40, fd77:0:0:1::40 | nothing has this address |
pub fn training() -> Topology {
    let host = |name: &str| {
        Node::new(name, "host")
            .route("0.0.0.0/0", "10.77.1.1")
            .route("::/0", "fd77:0:0:1::1")
    };
    let plain = host("plain")
        .tcp_banner(21, b"220 plain FTP ready\r\n")
        .tcp_banner(22, b"SSH-2.0-VigieLab_1.0\r\n")
        .tcp([23, 25, 80, 110, 143, 443, 3306, 8080])
        .udp([7, 53, 123, 161])
        .udp_silent([69, 514]);
    let walled = host("walled")
        .tcp_banner(22, b"SSH-2.0-VigieLab_1.0\r\n")
        .tcp([80, 443, 3306])
        .udp([53, 123])
        .firewall(
            // 8443 is let through, but nothing listens there; 3306 listens, but is hidden.
            Firewall::all(PacketAction::Drop)
                .tcp(PortRules::all(PacketAction::Drop).but(
                    [22..=22, 80..=80, 443..=443, 8443..=8443],
                    PacketAction::Pass,
                ))
                .udp(PortRules::all(PacketAction::Drop).but([53..=53], PacketAction::Pass))
                .echo(PacketAction::Drop)
                .friends([
                    IpAddr::V4(Ipv4Addr::LOCALHOST),
                    IpAddr::V6(Ipv6Addr::LOCALHOST),
                    IpAddr::V4(Ipv4Addr::new(10, 77, 1, 10)),
                    IpAddr::V6(Ipv6Addr::new(0xfd77, 0, 0, 1, 0, 0, 0, 0x10)),
                ]),
        );
    let polite = host("polite")
        .tcp_banner(22, b"SSH-2.0-VigieLab_1.0\r\n")
        .tcp([80, 3306, 5432])
        .udp([53])
        .firewall(
            Firewall::all(PacketAction::Pass)
                .tcp(
                    PortRules::all(PacketAction::Reset)
                        .but([22..=22, 80..=80], PacketAction::Pass)
                        .but([3306..=3306], PacketAction::PROHIBITED)
                        .but([5432..=5432], PacketAction::Icmp { v4: 10, v6: 1 })
                        .but([6379..=6379], PacketAction::PORT_UNREACHABLE)
                        .but([9200..=9200], PacketAction::HOST_UNREACHABLE),
                )
                .udp(
                    PortRules::all(PacketAction::PORT_UNREACHABLE)
                        .but([53..=53], PacketAction::Pass)
                        .but([1..=1023], PacketAction::PROHIBITED),
                ),
        );
    Topology::new()
        .node(
            Node::new("scanner", "scanner")
                .route("0.0.0.0/0", "10.77.0.1")
                .route("::/0", "fd77::1"),
        )
        .node(Node::new("router", "router").forwards())
        .node(plain)
        .node(walled)
        .node(polite)
        .connect(Connection::Veth(
            Interface::new("scanner", "eth0", &["10.77.0.2/24", "fd77::2/64"]),
            Interface::new("router", "eth0", &["10.77.0.1/24", "fd77::1/64"]),
        ))
        .connect(Connection::Switch(vec![
            Interface::new("router", "eth1", &["10.77.1.1/24", "fd77:0:0:1::1/64"]),
            Interface::new("plain", "eth0", &["10.77.1.10/24", "fd77:0:0:1::10/64"]),
            Interface::new("walled", "eth0", &["10.77.1.20/24", "fd77:0:0:1::20/64"]),
            Interface::new("polite", "eth0", &["10.77.1.30/24", "fd77:0:0:1::30/64"]),
        ]))
        .ghost("ghost", &["10.77.1.40", "fd77:0:0:1::40"])
}
