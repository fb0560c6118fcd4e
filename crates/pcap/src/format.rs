//! Constants of pcap and pcapng, and integers in a file's byte order.

/// pcap with microseconds, as an integer in the file's byte order.
pub(super) const MAGIC_MICRO: u32 = 0xa1b2_c3d4;
/// pcap with nanoseconds.
pub(super) const MAGIC_NANO: u32 = 0xa1b2_3c4d;
/// pcapng: type of the section header block, a palindrome in both byte orders.
pub(super) const SECTION: u32 = 0x0a0d_0d0a;
/// pcapng: magic of a section header, which gives the byte order.
pub(super) const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;
// Other block types of pcapng.
pub(super) const INTERFACE: u32 = 1;
pub(super) const OBSOLETE_PACKET: u32 = 2;
pub(super) const SIMPLE_PACKET: u32 = 3;
pub(super) const STATISTICS: u32 = 5;
pub(super) const ENHANCED_PACKET: u32 = 6;

/// Option codes of pcapng blocks.
pub(super) mod option {
    pub(crate) const END: u16 = 0;
    pub(crate) const SECTION_APPLICATION: u16 = 4;
    pub(crate) const INTERFACE_NAME: u16 = 2;
    pub(crate) const INTERFACE_RESOLUTION: u16 = 9;
    pub(crate) const INTERFACE_OFFSET: u16 = 14;
    pub(crate) const STATISTICS_RECEIVED: u16 = 4;
    pub(crate) const STATISTICS_DROPPED: u16 = 5;
}

/// Byte order of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    /// Returns the 16-bit integer at `at`, 0 past the end. Callers check lengths first.
    pub(super) fn u16(self, bytes: &[u8], at: usize) -> u16 {
        let Some(half) = bytes.get(at..).and_then(<[u8]>::first_chunk) else {
            return 0;
        };
        match self {
            Self::Little => u16::from_le_bytes(*half),
            Self::Big => u16::from_be_bytes(*half),
        }
    }

    /// Returns the 32-bit integer at `at`, 0 past the end.
    pub(super) fn u32(self, bytes: &[u8], at: usize) -> u32 {
        let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) else {
            return 0;
        };
        match self {
            Self::Little => u32::from_le_bytes(*word),
            Self::Big => u32::from_be_bytes(*word),
        }
    }

    /// Returns the 64-bit integer at `at`, 0 past the end.
    pub(super) fn u64(self, bytes: &[u8], at: usize) -> u64 {
        let Some(long) = bytes.get(at..).and_then(<[u8]>::first_chunk) else {
            return 0;
        };
        match self {
            Self::Little => u64::from_le_bytes(*long),
            Self::Big => u64::from_be_bytes(*long),
        }
    }
}
