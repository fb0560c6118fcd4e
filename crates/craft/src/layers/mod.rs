//! The protocols, one file each, with the tables of fields of its layers.
//!
//! To add a protocol: write its file, and add the file with its layers to the list below.

mod dhcp_options;
mod dns_names;
mod tcp_options;
mod transport;

use crate::model::{Binding, Layer, same};

/// Declares the modules of this folder and the list of every layer they describe.
macro_rules! layers {
    ($($(#[$meta:meta])* $file:ident: $($layer:ident),+;)*) => {
        $($(#[$meta])* pub mod $file;)*
        /// All layers.
        pub static ALL: &[Layer] = &[$($($file::$layer),+),*];
    };
}

layers! {
    arp: ARP;
    dhcp: BOOTP, DHCP;
    dns: DNS;
    dns_records: DNSQR, DNSRR, DNSRRMX, DNSRRSOA, DNSRRSRV, DNSRROPT, EDNS0TLV;
    ethernet: ETHER;
    icmpv4: ICMP, ICMP_ERROR;
    icmpv6: ECHO_REQUEST, ECHO_REPLY, DEST_UNREACH, PACKET_TOO_BIG, TIME_EXCEEDED, PARAM_PROBLEM, UNKNOWN;
    icmpv6_discovery: ND_NS, ND_NA, ND_RS, ND_RA, ND_REDIRECT;
    icmpv6_multicast: ML_QUERY, ML_REPORT, ML_DONE, ML_QUERY_V2, ML_REPORT_V2;
    icmpv6_options: SOURCE_LL, TARGET_LL, PREFIX, REDIRECTED, MTU, OPT_UNKNOWN;
    ipv4: IP, IP_ERROR;
    ipv4_options: OPTION, EOOL, NOP, RR, LSRR, SSRR, TIMESTAMP, ROUTER_ALERT;
    ipv6: IPV6, IPV6_ERROR;
    ipv6_ext: HOP_BY_HOP, DEST_OPT, ROUTING, FRAGMENT, AH;
    ipv6_options: PAD1, PADN, ROUTER_ALERT, JUMBO, HOME_ADDRESS, UNKNOWN;
    ntp: NTP;
    raw: RAW, PADDING;
    sctp: SCTP, SCTP_ERROR;
    sctp_chunks: DATA, INIT, INIT_ACK, SACK, HEARTBEAT, HEARTBEAT_ACK, ABORT, SHUTDOWN, SHUTDOWN_ACK, ERROR, COOKIE_ECHO,
        COOKIE_ACK, SHUTDOWN_COMPLETE;
    sctp_params: HEARTBEAT_INFO, IPV4_ADDR, IPV6_ADDR, STATE_COOKIE, UNRECOGNIZED, COOKIE_PRESERVATIVE, HOSTNAME,
        ADDR_TYPES, ECN_CAPABLE, FORWARD_TSN, OTHER;
    sll: COOKED, COOKED_V2;
    snmp: SNMP, GET, NEXT, RESPONSE, SET, BULK, INFORM, TRAP_V2, VARBIND;
    tcp: TCP, TCP_ERROR;
    udp: UDP, UDP_ERROR;
    vlan: DOT1Q;
}

/// Identifies a layer by its index in [`ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LayerId(u8);

impl LayerId {
    /// Returns the description of the layer.
    #[inline]
    #[must_use]
    pub fn layer(self) -> &'static Layer {
        &ALL[usize::from(self.0)]
    }
}

/// Plain bytes.
pub const RAW: LayerId = id("Raw");
/// Bytes after the end of a packet's layers.
pub const PADDING: LayerId = id("Padding");

/// Returns the layer called `name`, in constants too.
///
/// # Panics
/// If there is no such layer: meant for constants, where that is a compile error.
#[must_use]
pub const fn id(name: &str) -> LayerId {
    let mut i = 0;
    while i < ALL.len() {
        if same(ALL[i].name, name) {
            return LayerId(i as u8);
        }
        i += 1;
    }
    panic!("no such layer")
}

/// Returns the index of a field of a layer, in constants too.
///
/// # Panics
/// If there is no such layer or field: meant for constants, where that is a compile error.
#[must_use]
pub const fn field(layer: &str, field: &str) -> usize {
    ALL[id(layer).0 as usize].index(field)
}

/// Returns the layer called `name`.
#[must_use]
pub fn find(name: &str) -> Option<LayerId> {
    let name = if name == "NTP" { "NTPHeader" } else { name };
    ALL.iter()
        .position(|layer| layer.name == name)
        .map(|i| LayerId(i as u8))
}

/// Returns whether a layer is the wanted one.
#[must_use]
pub fn is_a(layer: LayerId, wanted: LayerId) -> bool {
    layer == wanted
}

/// A binding: `below` carries `above` when its fields have these values.
#[derive(Clone, Copy)]
struct BindingRow {
    below: u8,
    above: u8,
    when: &'static [(&'static str, u64)],
}

const fn count_bindings() -> usize {
    let (mut i, mut count) = (0, 0);
    while i < ALL.len() {
        let mut j = 0;
        while j < ALL[i].bindings.len() {
            count += ALL[i].bindings[j].when.len();
            j += 1;
        }
        i += 1;
    }
    count
}

/// All bindings, grouped by lower layer, in the order of [`ALL`].
static BINDINGS: [BindingRow; count_bindings()] = {
    let mut all = [BindingRow {
        below: 0,
        above: 0,
        when: &[],
    }; count_bindings()];
    let (mut below, mut filled) = (0, 0);
    while below < ALL.len() {
        let mut above = 0;
        while above < ALL.len() {
            let bindings: &[Binding] = ALL[above].bindings;
            let mut j = 0;
            while j < bindings.len() {
                if same(bindings[j].below, ALL[below].name) {
                    let mut k = 0;
                    while k < bindings[j].when.len() {
                        all[filled] = BindingRow {
                            below: below as u8,
                            above: above as u8,
                            when: bindings[j].when[k],
                        };
                        filled += 1;
                        k += 1;
                    }
                }
                j += 1;
            }
            above += 1;
        }
        below += 1;
    }
    assert!(
        filled == all.len(),
        "a layer stands on a layer that is not in the list"
    );
    all
};

/// Index in [`BINDINGS`] of the first binding of each lower layer.
static FIRST: [u16; ALL.len() + 1] = {
    let mut first = [0; ALL.len() + 1];
    let (mut layer, mut binding) = (0, 0);
    while layer <= ALL.len() {
        while binding < BINDINGS.len() && (BINDINGS[binding].below as usize) < layer {
            binding += 1;
        }
        first[layer] = binding as u16;
        layer += 1;
    }
    first
};

/// Returns the layer above `below`, given the values of the fields of `below`.
pub fn above(below: LayerId, mut field: impl FnMut(&str) -> u64) -> Option<LayerId> {
    let i = usize::from(below.0);
    let bindings = &BINDINGS[usize::from(FIRST[i])..usize::from(FIRST[i + 1])];
    let binding = bindings
        .iter()
        .find(|b| b.when.iter().all(|(name, value)| field(name) == *value))?;
    Some(LayerId(binding.above))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_fields_well_formed() {
        for (i, layer) in ALL.iter().enumerate() {
            assert!(!layer.title.is_empty());
            assert!(
                layer.fields.len() <= 64,
                "computed fields are kept in 64 bits"
            );
            assert!(
                ALL[..i].iter().all(|l| l.name != layer.name),
                "{} twice",
                layer.name
            );
            for (j, field) in layer.fields.iter().enumerate() {
                assert!(
                    layer.fields[..j].iter().all(|f| f.name != field.name),
                    "{}.{}",
                    layer.name,
                    field.name
                );
            }
            for over in layer.bindings {
                let below = find(over.below)
                    .expect("the layer below is in the list")
                    .layer();
                for (field, _) in over.set {
                    assert!(
                        below.find(field).is_some(),
                        "{} on {}: {field}",
                        layer.name,
                        below.name
                    );
                }
                for (field, _) in over.when.iter().copied().flatten() {
                    assert!(
                        below.find(field).is_some(),
                        "{} on {}: {field}",
                        layer.name,
                        below.name
                    );
                }
            }
        }
    }

    #[test]
    fn bindings_are_found() {
        let on = |below, field: &'static str, value| {
            above(id(below), |name| u64::from(name == field) * value).map(|l| l.layer().name)
        };
        assert_eq!(on("IP", "proto", 6), Some("TCP"));
        assert_eq!(on("Ether", "type", 0x86dd), Some("IPv6"));
        assert_eq!(on("Ether", "type", 0x1234), None);
    }
}
