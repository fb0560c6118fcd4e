//! TCP (RFC 9293) and its options (RFC 9293 section 3.2, RFC 7323, RFC 2018).

use crate::error::{ParseError, ParseErrorKind};
use crate::table::header;
use core::fmt;

pub use crate::tcp_options::{Options, TcpOption, option, write_options};

/// Letters of the flags, lowest bit first, as [`Flags`] displays them.
pub const FLAG_LETTERS: &[&str] = &["F", "S", "R", "P", "A", "U", "E", "C", "N"];

/// The nine flag bits. Displayed as letters, lowest bit first (`SA`).
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

    /// Returns whether all of `flags` are set.
    #[inline]
    #[must_use]
    pub const fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// Returns whether any of `flags` is set.
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

/// A parsed TCP segment.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    head: &'a [u8; 20],
    options: &'a [u8],
    payload: &'a [u8],
}

impl<'a> View<'a> {
    /// Parses the header.
    ///
    /// # Errors
    /// If the header is truncated, or its data offset is below 5.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let Some((head, rest)) = bytes.split_first_chunk() else {
            return Err(ParseError::truncated(TABLE.name, Header::LEN, bytes.len()));
        };
        let view = Self {
            head,
            options: &[],
            payload: rest,
        };
        let len = usize::from(view.data_offset()) * 4;
        let Some(options) = len.checked_sub(Header::LEN) else {
            return Err(ParseError::new(
                TABLE.name,
                ParseErrorKind::BadLength,
                Header::LEN,
                len,
            ));
        };
        let Some((options, payload)) = rest.split_at_checked(options) else {
            return Err(ParseError::truncated(TABLE.name, len, bytes.len()));
        };
        Ok(Self {
            head,
            options,
            payload,
        })
    }

    /// Returns the header length in bytes, options included.
    #[inline]
    #[must_use]
    pub const fn header_len(&self) -> usize {
        Header::LEN + self.options.len()
    }

    /// Returns the options.
    #[inline]
    #[must_use]
    pub const fn options(&self) -> Options<'a> {
        Options::new(self.options)
    }

    /// Returns the bytes of the options.
    #[inline]
    #[must_use]
    pub const fn option_bytes(&self) -> &'a [u8] {
        self.options
    }

    /// Returns the bytes after the header.
    #[inline]
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }
}

header! { "TCP", 20;
    /// Source port.
    src_port, set_src_port: u16, 16;
    /// Destination port.
    dst_port, set_dst_port: u16, 16;
    /// Sequence number.
    seq, set_seq: u32, 32;
    /// Acknowledgement number.
    ack, set_ack: u32, 32;
    /// Header length in words of 32 bits.
    data_offset, set_data_offset: u8, 4;
    /// The three reserved bits.
    reserved, set_reserved: u8, 3;
    /// The nine flags.
    flags, set_flags: Flags, 9;
    /// Window, unscaled.
    window, set_window: u16, 16;
    /// Checksum.
    checksum, set_checksum: u16, 16;
    /// Urgent pointer.
    urgent, set_urgent: u16, 16;
}
