//! The object `evidence`: packets about a host or one of its ports.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use vigie_scope::Transport;
use vigie_wire::LinkType;

use super::LineError;
use super::interfaces::Interfaces;
use super::values::{Hex, Seconds, Word};
use crate::ScanInfo;
use crate::evidence::{Evidence, Packet};

/// Maximum length of a packet in bytes: the longest IP packet and a link header.
const MAX_PACKET: usize = 65_600;

/// The packets about a host or one of its ports.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct EvidenceLine {
    pub(super) at: Seconds,
    host: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    transport: Option<Word<Transport>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    more: u64,
    /// Missing in results of older versions.
    #[serde(default)]
    #[cfg_attr(test, schemars(required))]
    path: u64,
    packets: Vec<PacketObject>,
}

/// One packet.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct PacketObject {
    at: Seconds,
    sent: bool,
    link: u16,
    bytes: Hex,
}

impl EvidenceLine {
    pub(super) fn new(scan: &ScanInfo, at: Duration, evidence: &Evidence) -> EvidenceLine {
        EvidenceLine {
            at: at.into(),
            host: scan.address(evidence.host),
            transport: evidence.port.map(|(transport, _)| transport.into()),
            port: evidence.port.map(|(_, port)| port),
            more: evidence.more,
            path: evidence.path,
            packets: evidence.packets.iter().map(Into::into).collect(),
        }
    }

    /// Returns the evidence of the line.
    pub(super) fn read(self, interfaces: &mut Interfaces) -> Result<Evidence, LineError> {
        let port = match (&self.transport, self.port) {
            (Some(transport), Some(port)) => Some((transport.value("transport")?, port)),
            (None, None) => None,
            _ => return Err(LineError::Field("port")),
        };
        let packets = self.packets.iter().map(TryInto::try_into);
        Ok(Evidence {
            host: interfaces.host(&self.host, "host")?,
            port,
            packets: packets.collect::<Result<_, _>>()?,
            more: self.more,
            path: self.path,
        })
    }
}

impl From<&Packet> for PacketObject {
    fn from(packet: &Packet) -> PacketObject {
        PacketObject {
            at: packet.at.into(),
            sent: packet.sent,
            link: packet.link.number(),
            bytes: packet.bytes.as_slice().into(),
        }
    }
}

impl TryFrom<&PacketObject> for Packet {
    type Error = LineError;

    fn try_from(object: &PacketObject) -> Result<Packet, LineError> {
        Ok(Packet {
            at: object.at.duration("at")?,
            sent: object.sent,
            link: LinkType::from_number(object.link).ok_or(LineError::Field("link"))?,
            bytes: object.bytes.bytes(MAX_PACKET, "bytes")?,
        })
    }
}
