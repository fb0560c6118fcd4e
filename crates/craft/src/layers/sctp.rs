//! SCTP (RFC 9260): the common header. Its chunks follow as layers of their own ([`super::sctp_chunks`]).


use crate::model::{Field, Guess, Init, Layer, Binding, Context, Service};
use crate::packet::{Finish, fill};
use vigie_wire::sctp::{TABLE as HEADER, crc32c};


/// The table of fields.
pub const SCTP: Layer = Layer {
    bindings: &[
        Binding::new("IP", &[("proto", Init::Int(132))], &[&[("proto", 132)]]),
        Binding::new("IPv6", &[("nh", Init::Int(132))], &[&[("nh", 132)]]),
        Binding::new("IPv6ExtHdrHopByHop", &[("nh", Init::Int(132))], &[&[("nh", 132)]]),
        Binding::new("IPv6ExtHdrDestOpt", &[("nh", Init::Int(132))], &[&[("nh", 132)]]),
        Binding::new("IPv6ExtHdrRouting", &[("nh", Init::Int(132))], &[&[("nh", 132)]]),
        Binding::new("IPv6ExtHdrFragment", &[("nh", Init::Int(132))], &[&[("offset", 0), ("nh", 132)]]),
    ],
    finish: Some(finish),
    guess: Some(guess_chunk),
    ..Layer::new(
        "SCTP",
        "SCTP",
        &[
            Field::of(&HEADER, "src_port", "sport").port(Service::Sctp),
            Field::of(&HEADER, "dst_port", "dport").port(Service::Sctp),
            Field::of(&HEADER, "verification_tag", "tag").hex(),
            Field::of(&HEADER, "checksum", "chksum").hex().auto(),
        ],
    )
};

/// An SCTP header quoted in an ICMP error.
pub const SCTP_ERROR: Layer = Layer {
    bindings: &[
        Binding::new("IPerror", &[("proto", Init::Int(132))], &[&[("proto", 132)]]),
        Binding::new("IPerror6", &[("nh", Init::Int(132))], &[&[("nh", 132)]]),
    ],
    finish: Some(finish),
    guess: Some(guess_chunk),
    ..Layer::new("SCTPerror", "SCTP in ICMP", SCTP.fields)
};

fn finish(f: &mut Finish<'_>) {
    const OFFSET: usize = SCTP.bit_offset("chksum");
    if f.wants(SCTP.index("chksum")) {
        f.store(OFFSET, 32, 0);
    }
    // The checksum is sent with its lowest byte first (RFC 9260 appendix A).
    fill!(f, SCTP, "chksum", crc32c(f.all()).swap_bytes());
}


/// Returns the chunk that follows, by its type.
pub(super) fn guess_chunk(_scope: &Context<'_>, payload: &[u8]) -> Guess {
    use super::sctp_chunks as chunk;
    Guess::Is(match payload.first() {
        Some(0) => chunk::DATA.name,
        Some(1) => chunk::INIT.name,
        Some(2) => chunk::INIT_ACK.name,
        Some(3) => chunk::SACK.name,
        Some(4) => chunk::HEARTBEAT.name,
        Some(5) => chunk::HEARTBEAT_ACK.name,
        Some(6) => chunk::ABORT.name,
        Some(7) => chunk::SHUTDOWN.name,
        Some(8) => chunk::SHUTDOWN_ACK.name,
        Some(9) => chunk::ERROR.name,
        Some(10) => chunk::COOKIE_ECHO.name,
        Some(11) => chunk::COOKIE_ACK.name,
        Some(14) => chunk::SHUTDOWN_COMPLETE.name,
        _ => return Guess::Raw,
    })
}
