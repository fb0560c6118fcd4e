//! Helpers that transport protocols share: the checksum with its pseudo header, and the summary.

use super::{LayerId, id, ipv4, ipv6, ipv6_ext};
use crate::env::Env;
use crate::model::Context;
use crate::packet::{Finish, show};
use alloc::format;
use alloc::string::String;
use core::net::{Ipv4Addr, Ipv6Addr};
use vigie_wire::bits;
use vigie_wire::checksum::Checksum;

const IP: LayerId = id("IP");
const IP_ERROR: LayerId = id("IPerror");
const IPV6: LayerId = id("IPv6");
const IPV6_ERROR: LayerId = id("IPerror6");
const ROUTING: LayerId = id("IPv6ExtHdrRouting");
const HOP_BY_HOP: LayerId = id("IPv6ExtHdrHopByHop");
const DEST_OPT: LayerId = id("IPv6ExtHdrDestOpt");
const FRAGMENT: LayerId = id("IPv6ExtHdrFragment");

/// Returns the sum of the layer's bytes with its pseudo header; `None` if there is no IP layer below.
///
/// The destination is the final one: with segments left in a routing header, the last address of that header (RFC 8200
/// section 8.1). The source is the home address, if a destination option holds one.
pub(super) fn sum(finish: &Finish<'_>, proto: u8) -> Option<Checksum> {
    let bytes = finish.all();
    let (mut routed, mut home) = (None, None);
    for place in finish.layers[..finish.at].iter().rev() {
        let header = &finish.bytes[place.start..place.end];
        match place.id {
            IP | IP_ERROR => {
                let head = header.first_chunk::<20>()?;
                let src = bits::Scalar::load::<{ ipv4::IP.bit_offset("src") }, 32, 20>(head);
                let dst: Ipv4Addr =
                    bits::Scalar::load::<{ ipv4::IP.bit_offset("dst") }, 32, 20>(head);
                // A receiver computes the checksum over the total length, even if that was set to a wrong value.
                let len = if place.auto >> ipv4::IP.index("len") & 1 != 0 {
                    bytes.len() as u16
                } else {
                    let total: u16 =
                        bits::Scalar::load::<{ ipv4::IP.bit_offset("len") }, 16, 20>(head);
                    let words: u16 =
                        bits::Scalar::load::<{ ipv4::IP.bit_offset("ihl") }, 4, 20>(head);
                    let computed = place.auto >> ipv4::IP.index("ihl") & 1 != 0;
                    total.saturating_sub(if computed {
                        header.len() as u16
                    } else {
                        words * 4
                    })
                };
                let dst = source_routed(&header[20..]).unwrap_or(dst);
                return Some(
                    Checksum::new()
                        .add_pseudo_v4(src, dst, proto, len)
                        .add_bytes(bytes),
                );
            }
            IPV6 | IPV6_ERROR => {
                let head = header.first_chunk::<40>()?;
                let src = bits::Scalar::load::<{ ipv6::IPV6.bit_offset("src") }, 128, 40>(head);
                let dst: Ipv6Addr =
                    bits::Scalar::load::<{ ipv6::IPV6.bit_offset("dst") }, 128, 40>(head);
                let (src, dst) = (home.unwrap_or(src), routed.unwrap_or(dst));
                return Some(
                    Checksum::new()
                        .add_pseudo_v6(src, dst, proto, bytes.len() as u32)
                        .add_bytes(bytes),
                );
            }
            ROUTING => {
                // A computed number of segments left is not written yet. It will be the number of addresses.
                let written =
                    bits::load(header, ipv6_ext::ROUTING.bit_offset("segleft"), 8).unwrap_or(0);
                let computed = place.auto >> ipv6_ext::ROUTING.index("segleft") & 1 != 0;
                if (computed || written > 0) && header.len() >= 24 {
                    routed = header.last_chunk::<16>().map(|last| Ipv6Addr::from(*last));
                }
            }
            DEST_OPT => home = home_address(header).or(home),
            HOP_BY_HOP | FRAGMENT => {}
            _ => return None,
        }
    }
    None
}

/// Returns the home address among destination options; the checksum includes it as source (RFC 6275 section 11.3.1).
fn home_address(header: &[u8]) -> Option<Ipv6Addr> {
    let mut options = header.get(2..)?;
    loop {
        match options {
            [0, rest @ ..] => options = rest,
            [0xc9, 16, rest @ ..] => {
                return rest.first_chunk::<16>().map(|addr| Ipv6Addr::from(*addr));
            }
            [_, len, rest @ ..] => options = rest.get(usize::from(*len)..)?,
            _ => return None,
        }
    }
}

/// Returns the last address of a source route among IPv4 options; the checksum includes it as destination (RFC 1122
/// section 3.2.1.8).
fn source_routed(mut options: &[u8]) -> Option<Ipv4Addr> {
    let mut routed = None;
    while let Some(&kind) = options.first() {
        if kind & 0x1f <= 1 {
            options = &options[1..];
            continue;
        }
        let len = usize::from(*options.get(1)?).max(2);
        if matches!(kind & 0x1f, 3 | 9) && len >= 7 {
            routed = options
                .get(len - 4..len)
                .and_then(|b| b.first_chunk::<4>())
                .map(|b| Ipv4Addr::from(*b))
                .or(routed);
        }
        options = options.get(len..)?;
    }
    routed
}

/// Returns `10.0.0.1:domain > 10.0.0.2:53`, or only the ports if there is no IP layer directly below.
pub(super) fn ends(context: &Context<'_>, env: &dyn Env) -> String {
    let (sport, dport) = (
        show::field(context, "sport", env),
        show::field(context, "dport", env),
    );
    match context.below().map(crate::packet::Instance::id) {
        Some(IP | IPV6) => {
            let ip = Context {
                stack: context.stack,
                at: context.at - 1,
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

/// Fills in a checksum field if it is computed. The field is 0 while `$sum` is evaluated.
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
