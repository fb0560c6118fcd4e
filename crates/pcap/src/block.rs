//! Numbers of the formats, and reading them in a file's byte order.

/// pcap, microseconds, as a number in the file's own order.
pub(super) const MAGIC_MICRO: u32 = 0xa1b2_c3d4;
/// pcap, nanoseconds.
pub(super) const MAGIC_NANO: u32 = 0xa1b2_3c4d;
/// pcapng: type of the section header block, the same in both orders.
pub(super) const SECTION: u32 = 0x0a0d_0d0a;
/// pcapng: the number in a section header that tells the order.
pub(super) const ORDER: u32 = 0x1a2b_3c4d;
pub(super) const INTERFACE: u32 = 1;
pub(super) const OBSOLETE_PACKET: u32 = 2;
pub(super) const SIMPLE_PACKET: u32 = 3;
pub(super) const STATISTICS: u32 = 5;
pub(super) const ENHANCED_PACKET: u32 = 6;

/// Options of pcapng blocks.
pub(super) mod option {
    pub(crate) const END: u16 = 0;
    pub(crate) const SECTION_APPLICATION: u16 = 4;
    pub(crate) const INTERFACE_NAME: u16 = 2;
    pub(crate) const INTERFACE_RESOLUTION: u16 = 9;
    pub(crate) const INTERFACE_OFFSET: u16 = 14;
    pub(crate) const STATISTICS_RECEIVED: u16 = 4;
    pub(crate) const STATISTICS_DROPPED: u16 = 5;
}

/// A file's byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

impl Order {
    /// The 16-bit number at `at`; 0 past the end (callers check lengths before).
    pub(super) fn half(self, bytes: &[u8], at: usize) -> u16 {
        let Some(half) = bytes.get(at..).and_then(<[u8]>::first_chunk) else {
            return 0;
        };
        match self {
            Self::Little => u16::from_le_bytes(*half),
            Self::Big => u16::from_be_bytes(*half),
        }
    }

    /// The 32-bit number at `at`; 0 past the end.
    pub(super) fn word(self, bytes: &[u8], at: usize) -> u32 {
        let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) else {
            return 0;
        };
        match self {
            Self::Little => u32::from_le_bytes(*word),
            Self::Big => u32::from_be_bytes(*word),
        }
    }

    /// The 64-bit number at `at`; 0 past the end.
    pub(super) fn long(self, bytes: &[u8], at: usize) -> u64 {
        let Some(long) = bytes.get(at..).and_then(<[u8]>::first_chunk) else {
            return 0;
        };
        match self {
            Self::Little => u64::from_le_bytes(*long),
            Self::Big => u64::from_be_bytes(*long),
        }
    }
}
