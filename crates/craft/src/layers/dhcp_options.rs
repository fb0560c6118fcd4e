//! DHCP options (RFC 2132 and its extensions): numbers, names and encodings.

use crate::env::Env;
use crate::error::{FieldError, FieldProblem};
use crate::value::Value;
use alloc::vec::Vec;
use core::net::Ipv4Addr;

/// Encoding of an option's data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OptionForm {
    /// IPv4 addresses.
    Addresses,
    /// 8-bit integers.
    Bytes8,
    /// 16-bit integers.
    Shorts,
    /// 32-bit integers.
    Ints,
    /// A list of 8-bit integers, as one value.
    List,
    /// Bytes.
    Bytes,
}

use OptionForm::{Addresses, Bytes, Bytes8, Ints, List, Shorts};

/// Number, name and encoding of the options with names.
pub(super) const OPTIONS: &[(u8, &str, OptionForm)] = &[
    (1, "subnet_mask", Addresses),
    (2, "time_zone", Ints),
    (3, "router", Addresses),
    (4, "time_server", Addresses),
    (5, "IEN_name_server", Addresses),
    (6, "name_server", Addresses),
    (7, "log_server", Addresses),
    (8, "cookie_server", Addresses),
    (9, "lpr_server", Addresses),
    (10, "impress-servers", Addresses),
    (11, "resource-location-servers", Addresses),
    (12, "hostname", Bytes),
    (13, "boot-size", Shorts),
    (14, "dump_path", Bytes),
    (15, "domain", Bytes),
    (16, "swap-server", Addresses),
    (17, "root_disk_path", Bytes),
    (18, "extensions-path", Bytes),
    (19, "ip-forwarding", Bytes8),
    (20, "non-local-source-routing", Bytes8),
    (21, "policy-filter", Addresses),
    (22, "max_dgram_reass_size", Shorts),
    (23, "default_ttl", Bytes8),
    (24, "pmtu_timeout", Ints),
    (25, "path-mtu-plateau-table", Shorts),
    (26, "interface-mtu", Shorts),
    (27, "all-subnets-local", Bytes8),
    (28, "broadcast_address", Addresses),
    (29, "perform-mask-discovery", Bytes8),
    (30, "mask-supplier", Bytes8),
    (31, "router-discovery", Bytes8),
    (32, "router-solicitation-address", Addresses),
    (33, "static-routes", Addresses),
    (34, "trailer-encapsulation", Bytes8),
    (35, "arp_cache_timeout", Ints),
    (36, "ieee802-3-encapsulation", Bytes8),
    (37, "tcp_ttl", Bytes8),
    (38, "tcp_keepalive_interval", Ints),
    (39, "tcp_keepalive_garbage", Bytes8),
    (40, "NIS_domain", Bytes),
    (41, "NIS_server", Addresses),
    (42, "NTP_server", Addresses),
    (43, "vendor_specific", Bytes),
    (44, "NetBIOS_server", Addresses),
    (45, "NetBIOS_dist_server", Addresses),
    (46, "NetBIOS_node_type", Bytes8),
    (47, "netbios-scope", Bytes),
    (48, "font-servers", Addresses),
    (49, "x-display-manager", Addresses),
    (50, "requested_addr", Addresses),
    (51, "lease_time", Ints),
    (52, "dhcp-option-overload", Bytes8),
    (53, "message-type", Bytes8),
    (54, "server_id", Addresses),
    (55, "param_req_list", List),
    (56, "error_message", Bytes),
    (57, "max_dhcp_size", Shorts),
    (58, "renewal_time", Ints),
    (59, "rebinding_time", Ints),
    (60, "vendor_class_id", Bytes),
    (61, "client_id", Bytes),
    (62, "nwip-domain-name", Bytes),
    (64, "NISplus_domain", Bytes),
    (65, "NISplus_server", Addresses),
    (66, "tftp_server_name", Bytes),
    (67, "boot-file-name", Bytes),
    (68, "mobile-ip-home-agent", Addresses),
    (69, "SMTP_server", Addresses),
    (70, "POP3_server", Addresses),
    (71, "NNTP_server", Addresses),
    (72, "WWW_server", Addresses),
    (73, "Finger_server", Addresses),
    (74, "IRC_server", Addresses),
    (75, "StreetTalk_server", Addresses),
    (76, "StreetTalk_Dir_Assistance", Addresses),
    (77, "user_class", Bytes),
    (78, "slp_service_agent", Bytes),
    (79, "slp_service_scope", Bytes),
    (80, "rapid_commit", Bytes),
    (81, "client_FQDN", Bytes),
    (82, "relay_agent_information", Bytes),
    (85, "nds-server", Addresses),
    (86, "nds-tree-name", Bytes),
    (87, "nds-context", Bytes),
    (93, "pxe_client_architecture", Bytes),
    (94, "pxe_client_network_interface", Bytes),
    (97, "pxe_client_machine_identifier", Bytes),
    (98, "uap-servers", Bytes),
    (100, "pcode", Bytes),
    (101, "tcode", Bytes),
    (108, "ipv6-only-preferred", Ints),
    (114, "captive-portal", Bytes),
    (116, "auto-config", Bytes8),
    (117, "name-service-search", Shorts),
    (118, "subnet-selection", Addresses),
    (124, "vendor_class", Bytes),
    (125, "vendor_specific_information", Bytes),
    (150, "tftp_server_address", Addresses),
];

/// Names of the message types (RFC 2132 section 9.6, RFC 3203, RFC 4388).
const MESSAGE_TYPES: &[(u64, &str)] = &[
    (1, "discover"),
    (2, "offer"),
    (3, "request"),
    (4, "decline"),
    (5, "ack"),
    (6, "nak"),
    (7, "release"),
    (8, "inform"),
    (9, "force_renew"),
    (10, "lease_query"),
    (11, "lease_unassigned"),
    (12, "lease_unknown"),
    (13, "lease_active"),
];

impl OptionForm {
    /// Returns the name of a message type.
    pub(super) fn message_type(number: u64) -> Option<&'static str> {
        MESSAGE_TYPES
            .iter()
            .find(|(n, _)| *n == number)
            .map(|(_, name)| *name)
    }

    const fn size(self) -> usize {
        match self {
            Shorts => 2,
            Ints | Addresses => 4,
            _ => 1,
        }
    }

    /// Returns the values in an option's data.
    pub(super) fn read(self, data: &[u8]) -> Vec<Value> {
        let number =
            |chunk: &[u8]| Value::Int(chunk.iter().fold(0i128, |n, b| n << 8 | i128::from(*b)));
        match self {
            List => alloc::vec![Value::List(data.chunks(1).map(number).collect())],
            Addresses if !data.is_empty() && data.len().is_multiple_of(4) => {
                let (chunks, _) = data.as_chunks::<4>();
                chunks
                    .iter()
                    .map(|chunk| Value::Ipv4(Ipv4Addr::from(*chunk)))
                    .collect()
            }
            Bytes8 | Shorts | Ints
                if !data.is_empty() && data.len().is_multiple_of(self.size()) =>
            {
                data.chunks(self.size()).map(number).collect()
            }
            _ => alloc::vec![Value::Bytes(data.to_vec())],
        }
    }

    /// Writes one value of an option.
    pub(super) fn write(
        self,
        value: &Value,
        env: &dyn Env,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        match (self, value) {
            (_, Value::Bytes(bytes)) => out.extend_from_slice(bytes),
            (Addresses, Value::Ipv4(addr)) => out.extend_from_slice(&addr.octets()),
            (Addresses, Value::Str(text)) => {
                let addr = text.parse::<Ipv4Addr>().map(core::net::IpAddr::V4).ok();
                match addr.or_else(|| env.resolve(text, false)) {
                    Some(core::net::IpAddr::V4(addr)) => out.extend_from_slice(&addr.octets()),
                    _ => return Err(FieldError::new(FieldProblem::UnknownHost(text.clone()))),
                }
            }
            (Bytes8, Value::Str(name)) => match MESSAGE_TYPES.iter().find(|(_, n)| n == name) {
                Some((number, _)) => out.push(*number as u8),
                None => return Err(FieldError::new(FieldProblem::UnknownName(name.clone()))),
            },
            (Bytes, Value::Str(text)) => out.extend_from_slice(text.as_bytes()),
            (List, Value::List(items) | Value::Tuple(items)) => {
                items
                    .iter()
                    .try_for_each(|item| Bytes8.write(item, env, out))?;
            }
            (_, Value::Int(n)) => {
                let size = self.size();
                let max = (1i128 << (8 * size)) - 1;
                if !(0..=max).contains(n) {
                    return Err(FieldError::new(FieldProblem::OutOfRange {
                        value: *n,
                        min: 0,
                        max,
                    }));
                }
                out.extend_from_slice(&n.to_be_bytes()[16 - size..]);
            }
            (Addresses, _) => return Err(FieldError::expected("an IPv4 address")),
            (Bytes, _) => return Err(FieldError::expected("bytes or text")),
            (List, _) => return Err(FieldError::expected("a list of numbers")),
            _ => return Err(FieldError::expected("a number")),
        }
        Ok(())
    }
}
