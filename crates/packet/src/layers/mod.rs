//! The protocols, one file each. A file holds the protocol's table of fields and, where the engine reads or
//! writes the protocol, its typed view and header made from that table.
//!
//! To add a protocol: write its file, and add its word to the list below.

/// Declares the modules of this folder and the list of every layer they describe.
macro_rules! layers {
    ($($(#[$meta:meta])* $file:ident: $($layer:ident),+;)*) => {
        $($(#[$meta])* pub mod $file;)*
        /// Every layer described here.
        pub const ALL: &[&crate::model::Layer] = &[$($(&$file::$layer),+),*];
    };
}

layers! {
    arp: ARP;
    ethernet: ETHER;
    icmpv4: ICMP;
    icmpv6: ECHO_REQUEST, ECHO_REPLY, DEST_UNREACH, PACKET_TOO_BIG, TIME_EXCEEDED, PARAM_PROBLEM, ND_NS, ND_NA, ND_RS,
        ND_RA, ND_REDIRECT, ML_QUERY, ML_REPORT, ML_DONE;
    ipv4: IP;
    ipv6: IPV6;
    ipv6_ext: HOP_BY_HOP, DEST_OPT, ROUTING, FRAGMENT, AH;
    sll: COOKED, COOKED_V2;
    tcp: TCP;
    udp: UDP;
    vlan: DOT1Q;
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn names_are_unique_and_fields_well_formed() {
        for (i, layer) in ALL.iter().enumerate() {
            assert!(!layer.title.is_empty());
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
        }
    }
}
