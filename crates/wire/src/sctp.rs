//! SCTP (RFC 9260): the common header and its checksum.

use crate::table::{Table, table};

/// Fields of the common header.
pub const TABLE: Table = table! { "SCTP";
    src_port: u16, 16;
    dst_port: u16, 16;
    verification_tag: u32, 32;
    checksum: u32, 32;
};

/// Returns the CRC-32C of `bytes` (RFC 9260 appendix A). A packet carries it with the lowest byte first.
#[must_use]
pub fn crc32c(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 16] = {
        let mut table = [0; 16];
        let mut i = 0;
        while i < 16 {
            let mut crc = i as u32;
            let mut bit = 0;
            while bit < 4 {
                crc = if crc & 1 != 0 {
                    crc >> 1 ^ 0x82f6_3b78
                } else {
                    crc >> 1
                };
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
