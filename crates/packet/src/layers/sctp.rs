//! SCTP (RFC 9260): the common header. Its chunks follow as layers of their own ([`super::sctp_chunks`]).


use crate::model::{Field, Guess, Init, Layer, Over, Scope, Service};
use crate::packet::{Finish, fill};


/// The table of fields.
pub const SCTP: Layer = Layer {
    over: &[
        Over::field("IP", &[("proto", Init::Int(132))], &[&[("proto", 132)]]),
        Over::field("IPv6", &[("nh", Init::Int(132))], &[&[("nh", 132)]]),
        Over::field("IPv6ExtHdrHopByHop", &[("nh", Init::Int(132))], &[&[("nh", 132)]]),
        Over::field("IPv6ExtHdrDestOpt", &[("nh", Init::Int(132))], &[&[("nh", 132)]]),
        Over::field("IPv6ExtHdrRouting", &[("nh", Init::Int(132))], &[&[("nh", 132)]]),
        Over::field("IPv6ExtHdrFragment", &[("nh", Init::Int(132))], &[&[("offset", 0), ("nh", 132)]]),
    ],
    finish: Some(finish),
    guess: Some(guess_chunk),
    ..Layer::new(
        "SCTP",
        "SCTP",
        &[
            Field::uint("sport", 16).port(Service::Sctp),
            Field::uint("dport", 16).port(Service::Sctp),
            Field::hex("tag", 32),
            Field::hex("chksum", 32).auto(),
        ],
    )
};

/// An SCTP header quoted in an ICMP error.
pub const SCTP_ERROR: Layer = Layer {
    over: &[
        Over::field("IPerror", &[("proto", Init::Int(132))], &[&[("proto", 132)]]),
        Over::field("IPerror6", &[("nh", Init::Int(132))], &[&[("nh", 132)]]),
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


/// The chunk that follows, by its type.
pub(super) fn guess_chunk(_scope: &Scope<'_>, payload: &[u8]) -> Guess {
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

/// CRC-32C (RFC 9260 appendix A), a nibble at a time.
#[must_use]
pub fn crc32c(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 16] = {
        let mut table = [0; 16];
        let mut i = 0;
        while i < 16 {
            let mut crc = i as u32;
            let mut bit = 0;
            while bit < 4 {
                crc = if crc & 1 != 0 { crc >> 1 ^ 0x82f6_3b78 } else { crc >> 1 };
                bit += 1;
            }
            table[i] = crc;
            i += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |mut crc, byte| {
        crc ^= u32::from(*byte);
        crc = crc >> 4 ^ TABLE[(crc & 15) as usize];
        crc >> 4 ^ TABLE[(crc & 15) as usize]
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn crc32c_check_value() {
        // RFC 3720 appendix B.4: 32 bytes of zeros, and the common check string.
        assert_eq!(super::crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(super::crc32c(b"123456789"), 0xe306_9283);
    }
}
