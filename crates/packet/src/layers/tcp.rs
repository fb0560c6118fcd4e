//! TCP (RFC 9293) and its options (RFC 9293 section 3.2, RFC 7323, RFC 2018).

use crate::error::{ParseError, ParseErrorKind, WriteError};
use crate::model::{Field, Layer, header};
use core::fmt;

/// Letters of the flags, lowest bit first.
pub const FLAG_LETTERS: &[&str] = &["F", "S", "R", "P", "A", "U", "E", "C", "N"];

/// The table of fields.
pub const TCP: Layer = Layer {
    name: "TCP",
    title: "TCP",
    fields: &[
        Field::uint("sport", 16).or(20).port(),
        Field::uint("dport", 16).or(80).port(),
        Field::uint("seq", 32),
        Field::uint("ack", 32),
        Field::uint("dataofs", 4).auto(),
        Field::uint("reserved", 3),
        Field::flags("flags", 9, FLAG_LETTERS).or(2),
        Field::uint("window", 16).or(8192),
        Field::hex("chksum", 16).auto(),
        Field::uint("urgptr", 16),
        Field::bytes("options", 0),
    ],
};

/// The nine flag bits. Displayed as scapy's letters, lowest bit first (`SA`).
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Flags(pub u16);

impl Flags {
    /// No flag.
    pub const NONE: Self = Self(0);
    /// No more data from the sender.
    pub const FIN: Self = Self(1);
    /// Synchronise sequence numbers.
    pub const SYN: Self = Self(1 << 1);
    /// Reset the connection.
    pub const RST: Self = Self(1 << 2);
    /// Push.
    pub const PSH: Self = Self(1 << 3);
    /// The acknowledgement field is valid.
    pub const ACK: Self = Self(1 << 4);
    /// The urgent pointer is valid.
    pub const URG: Self = Self(1 << 5);
    /// ECN echo.
    pub const ECE: Self = Self(1 << 6);
    /// Congestion window reduced.
    pub const CWR: Self = Self(1 << 7);
    /// The former nonce sum (RFC 3540), now Accurate ECN.
    pub const NS: Self = Self(1 << 8);

    /// Whether all of `flags` are set.
    #[inline]
    #[must_use]
    pub const fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// Whether any of `flags` is set.
    #[inline]
    #[must_use]
    pub const fn intersects(self, flags: Self) -> bool {
        self.0 & flags.0 != 0
    }
}

impl core::ops::BitOr for Flags {
    type Output = Self;
    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl core::ops::BitAnd for Flags {
    type Output = Self;
    #[inline]
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (bit, letter) in FLAG_LETTERS.iter().enumerate() {
            if self.0 >> bit & 1 != 0 {
                f.write_str(letter)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flags({self})")
    }
}

impl crate::bits::Scalar for Flags {
    #[inline]
    fn load<const OFF: usize, const W: usize, const N: usize>(bytes: &[u8; N]) -> Self {
        Self(u16::load::<OFF, W, N>(bytes))
    }
    #[inline]
    fn store<const OFF: usize, const W: usize, const N: usize>(self, bytes: &mut [u8; N]) {
        self.0.store::<OFF, W, N>(bytes);
    }
}

/// Option kinds (IANA "TCP Option Kind Numbers").
pub mod option {
    /// End of options.
    pub const EOL: u8 = 0;
    /// No operation.
    pub const NOP: u8 = 1;
    /// Maximum segment size.
    pub const MSS: u8 = 2;
    /// Window scale.
    pub const WSCALE: u8 = 3;
    /// Selective acknowledgement permitted.
    pub const SACK_OK: u8 = 4;
    /// Selective acknowledgement.
    pub const SACK: u8 = 5;
    /// Timestamps.
    pub const TIMESTAMP: u8 = 8;
}

/// One option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TcpOption<'a> {
    /// End of options.
    Eol,
    /// No operation.
    Nop,
    /// Maximum segment size in bytes.
    Mss(u16),
    /// Window scale: the shift count.
    WScale(u8),
    /// Selective acknowledgement permitted.
    SackOk,
    /// Selective acknowledgement: pairs of left and right edge, 8 bytes each.
    Sack(&'a [u8]),
    /// Timestamp value and echo reply.
    Timestamp(u32, u32),
    /// Any other option, or a known one with an unusual length: kind and data.
    Unknown(u8, &'a [u8]),
}

impl TcpOption<'_> {
    /// Length on the wire in bytes.
    #[must_use]
    pub const fn wire_len(&self) -> usize {
        match self {
            Self::Eol | Self::Nop => 1,
            Self::Mss(_) => 4,
            Self::WScale(_) => 3,
            Self::SackOk => 2,
            Self::Timestamp(..) => 10,
            Self::Sack(data) | Self::Unknown(_, data) => 2 + data.len(),
        }
    }

    /// Writes the option at the start of `out`, which must hold [`TcpOption::wire_len`] bytes.
    fn put(&self, out: &mut [u8]) {
        let (kind, data): (u8, &[u8]) = match self {
            Self::Eol => (option::EOL, &[]),
            Self::Nop => (option::NOP, &[]),
            Self::Mss(mss) => (option::MSS, &mss.to_be_bytes()),
            Self::WScale(shift) => (option::WSCALE, &[*shift]),
            Self::SackOk => (option::SACK_OK, &[]),
            Self::Sack(data) => (option::SACK, data),
            Self::Timestamp(value, echo) => (option::TIMESTAMP, &(u64::from(*value) << 32 | u64::from(*echo)).to_be_bytes()),
            Self::Unknown(kind, data) => (*kind, data),
        };
        out[0] = kind;
        if self.wire_len() > 1 {
            out[1] = self.wire_len() as u8;
            out[2..2 + data.len()].copy_from_slice(data);
        }
    }
}

/// Writes `options`, padded with zeros to whole words; returns the padded length. At most 40 bytes fit a header.
pub fn write_options(options: &[TcpOption<'_>], out: &mut [u8; 40]) -> Result<usize, WriteError> {
    let len: usize = options.iter().map(TcpOption::wire_len).sum();
    if len > out.len() {
        return Err(WriteError::TooLong { layer: TCP.name, len, max: out.len() });
    }
    let mut at = 0;
    for option in options {
        option.put(&mut out[at..]);
        at += option.wire_len();
    }
    let padded = at.next_multiple_of(4);
    out[at..padded].fill(0);
    Ok(padded)
}

/// Reads options one by one. It ends at the end-of-options mark, at the end of the bytes, and before an option whose
/// length is impossible.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    rest: &'a [u8],
}

impl<'a> Options<'a> {
    /// Reads the options in `bytes`.
    #[inline]
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
}

impl<'a> Iterator for Options<'a> {
    type Item = TcpOption<'a>;

    fn next(&mut self) -> Option<TcpOption<'a>> {
        let (&kind, after) = self.rest.split_first()?;
        match kind {
            option::EOL => {
                self.rest = &[];
                return Some(TcpOption::Eol);
            }
            option::NOP => {
                self.rest = after;
                return Some(TcpOption::Nop);
            }
            _ => {}
        }
        let len = usize::from(*after.first()?);
        let Some((data, rest)) = len.checked_sub(2).and_then(|len| after[1..].split_at_checked(len)) else {
            self.rest = &[];
            return None;
        };
        self.rest = rest;
        Some(match (kind, data) {
            (option::MSS, &[a, b]) => TcpOption::Mss(u16::from_be_bytes([a, b])),
            (option::WSCALE, &[shift]) => TcpOption::WScale(shift),
            (option::SACK_OK, []) => TcpOption::SackOk,
            (option::SACK, data) if data.len().is_multiple_of(8) => TcpOption::Sack(data),
            (option::TIMESTAMP, &[a, b, c, d, e, f, g, h]) => {
                TcpOption::Timestamp(u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]))
            }
            (kind, data) => TcpOption::Unknown(kind, data),
        })
    }
}

/// A segment, read.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    head: &'a [u8; 20],
    options: &'a [u8],
    payload: &'a [u8],
}

impl<'a> View<'a> {
    /// Checks the data offset and that the whole header is there.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let Some((head, rest)) = bytes.split_first_chunk() else {
            return Err(ParseError::truncated(TCP.name, Header::LEN, bytes.len()));
        };
        let view = Self { head, options: &[], payload: rest };
        let len = usize::from(view.data_offset()) * 4;
        let Some(options) = len.checked_sub(Header::LEN) else {
            return Err(ParseError::new(TCP.name, ParseErrorKind::BadLength, Header::LEN, len));
        };
        let Some((options, payload)) = rest.split_at_checked(options) else {
            return Err(ParseError::truncated(TCP.name, len, bytes.len()));
        };
        Ok(Self { head, options, payload })
    }

    /// Header length in bytes, options included.
    #[inline]
    #[must_use]
    pub const fn header_len(&self) -> usize {
        Header::LEN + self.options.len()
    }

    /// The options.
    #[inline]
    #[must_use]
    pub const fn options(&self) -> Options<'a> {
        Options::new(self.options)
    }

    /// The options' bytes.
    #[inline]
    #[must_use]
    pub const fn option_bytes(&self) -> &'a [u8] {
        self.options
    }

    /// What follows the header.
    #[inline]
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }
}

header! { TCP, 20;
    /// Source port.
    src_port, set_src_port: u16 = "sport";
    /// Destination port.
    dst_port, set_dst_port: u16 = "dport";
    /// Sequence number.
    seq, set_seq: u32 = "seq";
    /// Acknowledgement number.
    ack, set_ack: u32 = "ack";
    /// Header length in words of 32 bits.
    data_offset, set_data_offset: u8 = "dataofs";
    /// The three reserved bits.
    reserved, set_reserved: u8 = "reserved";
    /// The nine flags.
    flags, set_flags: Flags = "flags";
    /// Window, unscaled.
    window, set_window: u16 = "window";
    /// Checksum.
    checksum, set_checksum: u16 = "chksum";
    /// Urgent pointer.
    urgent, set_urgent: u16 = "urgptr";
}
