//! What the transports share: the pseudo header of whatever IP layer they stand on. Not a protocol of its own.

use super::{LayerId, id, ipv4, ipv6, ipv6_ext};
use crate::bits;
use crate::checksum::Checksum;
use crate::env::Env;
use crate::model::Scope;
use crate::packet::{Finish, show};
use alloc::format;
use alloc::string::String;
use core::net::{Ipv4Addr, Ipv6Addr};

const IP: LayerId = id("IP");
const IP_ERROR: LayerId = id("IPerror");
const IPV6: LayerId = id("IPv6");
const IPV6_ERROR: LayerId = id("IPerror6");
const ROUTING: LayerId = id("IPv6ExtHdrRouting");
const HOP_BY_HOP: LayerId = id("IPv6ExtHdrHopByHop");
const DEST_OPT: LayerId = id("IPv6ExtHdrDestOpt");
const FRAGMENT: LayerId = id("IPv6ExtHdrFragment");

/// The sum of the layer's bytes with its pseudo header; `None` when it stands on no IP layer.
///
/// The destination is the final one: behind a routing header with segments left, its last address (RFC 8200
/// section 8.1).
pub(super) fn sum(finish: &Finish<'_>, proto: u8) -> Option<Checksum> {
    let bytes = finish.all();
    let mut routed = None;
    for place in finish.layers[..finish.at].iter().rev() {
        let header = &finish.bytes[place.start..place.end];
        match place.id {
            IP | IP_ERROR => {
                let head = header.first_chunk::<20>()?;
                let src = bits::Scalar::load::<{ ipv4::IP.bit_offset("src") }, 32, 20>(head);
                let dst: Ipv4Addr =
                    bits::Scalar::load::<{ ipv4::IP.bit_offset("dst") }, 32, 20>(head);
                return Some(
                    Checksum::new()
                        .add_pseudo_v4(src, dst, proto, bytes.len() as u16)
                        .add_bytes(bytes),
                );
            }
            IPV6 | IPV6_ERROR => {
                let head = header.first_chunk::<40>()?;
                let src = bits::Scalar::load::<{ ipv6::IPV6.bit_offset("src") }, 128, 40>(head);
                let dst: Ipv6Addr =
                    bits::Scalar::load::<{ ipv6::IPV6.bit_offset("dst") }, 128, 40>(head);
                let dst = routed.unwrap_or(dst);
                return Some(
                    Checksum::new()
                        .add_pseudo_v6(src, dst, proto, bytes.len() as u32)
                        .add_bytes(bytes),
                );
            }
            ROUTING => {
                let left =
                    bits::load(header, ipv6_ext::ROUTING.bit_offset("segleft"), 8).unwrap_or(0);
                if left > 0 && header.len() >= 24 {
                    routed = header.last_chunk::<16>().map(|last| Ipv6Addr::from(*last));
                }
            }
            HOP_BY_HOP | DEST_OPT | FRAGMENT => {}
            _ => return None,
        }
    }
    None
}

/// `10.0.0.1:domain > 10.0.0.2:53`, or only the ports when the layer stands on no IP layer.
pub(super) fn ends(scope: &Scope<'_>, env: &dyn Env) -> String {
    let (sport, dport) = (
        show::field(scope, "sport", env),
        show::field(scope, "dport", env),
    );
    match scope.below().map(crate::packet::Instance::id) {
        Some(IP | IPV6) => {
            let ip = Scope {
                stack: scope.stack,
                at: scope.at - 1,
            };
            format!(
                "{}:{sport} > {}:{dport}",
                show::field(&ip, "src", env),
                show::field(&ip, "dst", env)
            )
        }
        _ => format!("{sport} > {dport}"),
    }
}

/// Fills in a checksum field that the sum must see as 0. `$sum` is asked once the field is 0.
macro_rules! fill_sum {
    ($finish:expr, $layer:expr, $field:literal, $sum:expr) => {{
        const INDEX: usize = $layer.index($field);
        const OFFSET: usize = $layer.bit_offset($field);
        const WIDTH: usize = $layer.bit_width($field);
        if $finish.wants(INDEX) {
            $finish.store(OFFSET, WIDTH, 0);
            if let Some(sum) = $sum {
                $finish.store(OFFSET, WIDTH, u64::from(sum));
            }
        }
    }};
}
pub(super) use fill_sum;
