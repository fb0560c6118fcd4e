//! TCP options (RFC 9293 section 3.2, RFC 7323, RFC 2018).

use crate::error::WriteError;

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
    /// Any other option, or a known one with an invalid length: kind and data.
    Unknown(u8, &'a [u8]),
}

impl TcpOption<'_> {
    /// Returns the encoded length in bytes.
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

    /// Writes the option at the start of `out`, which holds at least [`TcpOption::wire_len`] bytes.
    fn put(&self, out: &mut [u8]) {
        let (kind, data): (u8, &[u8]) = match self {
            Self::Eol => (option::EOL, &[]),
            Self::Nop => (option::NOP, &[]),
            Self::Mss(mss) => (option::MSS, &mss.to_be_bytes()),
            Self::WScale(shift) => (option::WSCALE, &[*shift]),
            Self::SackOk => (option::SACK_OK, &[]),
            Self::Sack(data) => (option::SACK, data),
            Self::Timestamp(value, echo) => (
                option::TIMESTAMP,
                &(u64::from(*value) << 32 | u64::from(*echo)).to_be_bytes(),
            ),
            Self::Unknown(kind, data) => (*kind, data),
        };
        out[0] = kind;
        if self.wire_len() > 1 {
            out[1] = self.wire_len() as u8;
            out[2..2 + data.len()].copy_from_slice(data);
        }
    }
}

/// Writes `options`, padded with zeros to a multiple of 4 bytes. Returns the padded length.
///
/// # Errors
/// If the options are longer than 40 bytes.
pub fn write_options(options: &[TcpOption<'_>], out: &mut [u8; 40]) -> Result<usize, WriteError> {
    let len: usize = options.iter().map(TcpOption::wire_len).sum();
    if len > out.len() {
        return Err(WriteError::TooLong {
            layer: "TCP",
            len,
            max: out.len(),
        });
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

/// Iterates over options. Ends after the end-of-options mark, at the end of the bytes, and before an option with an
/// invalid length.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    rest: &'a [u8],
}

impl<'a> Options<'a> {
    /// Returns an iterator over the options in `bytes`.
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
        let Some((data, rest)) = len
            .checked_sub(2)
            .and_then(|len| after[1..].split_at_checked(len))
        else {
            self.rest = &[];
            return None;
        };
        self.rest = rest;
        Some(match (kind, data) {
            (option::MSS, &[a, b]) => TcpOption::Mss(u16::from_be_bytes([a, b])),
            (option::WSCALE, &[shift]) => TcpOption::WScale(shift),
            (option::SACK_OK, []) => TcpOption::SackOk,
            (option::SACK, data) if data.len().is_multiple_of(8) => TcpOption::Sack(data),
            (option::TIMESTAMP, &[a, b, c, d, e, f, g, h]) => TcpOption::Timestamp(
                u32::from_be_bytes([a, b, c, d]),
                u32::from_be_bytes([e, f, g, h]),
            ),
            (kind, data) => TcpOption::Unknown(kind, data),
        })
    }
}
