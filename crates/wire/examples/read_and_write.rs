//! Builds a DNS query as an Ethernet frame, then reads it back header by header.
//!
//! `cargo run -p vigie-wire --example read_and_write`

use std::error::Error;
use std::net::IpAddr;

use vigie_wire::MacAddr;
use vigie_wire::frame::{Frame, LinkType, Net, Transport};
use vigie_wire::udp;
use vigie_wire::write::Datagram;

/// A query for the address of example.org (RFC 1035 section 4).
const QUERY: &[u8] = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x07example\x03org\0\0\x01\0\x01";

fn main() -> Result<(), Box<dyn Error>> {
    let (from, to): (IpAddr, IpAddr) = ("192.0.2.1".parse()?, "192.0.2.53".parse()?);
    let station: MacAddr = "02:00:00:00:00:01".parse()?;
    let router: MacAddr = "02:00:00:00:00:02".parse()?;

    // Lengths, checksums, protocol number and EtherType are computed.
    let header = udp::Header::new().set_src_port(40_000).set_dst_port(53);
    let mut buffer = [0; 128];
    let written =
        Datagram::new(from, to)?
            .ethernet(station, router)
            .udp(&mut buffer, &header, QUERY)?;
    let bytes = &buffer[..written.len];
    println!("{} bytes, UDP header at {}", bytes.len(), written.transport);

    let frame = Frame::parse(LinkType::Ethernet, bytes)?;
    if let Some(ethernet) = frame.ethernet {
        println!("{:#} > {:#}", ethernet.src(), ethernet.dst());
    }
    if let Net::Ipv4(ip) = frame.net {
        println!(
            "{} > {}, TTL {}, checksum valid: {}",
            ip.src(),
            ip.dst(),
            ip.ttl(),
            ip.checksum_ok()
        );
    }
    if let Transport::Udp(udp) = frame.transport {
        println!(
            "port {} > {}, {} bytes of payload",
            udp.src_port(),
            udp.dst_port(),
            udp.payload().len()
        );
    }
    Ok(())
}
