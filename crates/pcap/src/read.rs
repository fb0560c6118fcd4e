//! Reads capture files from bytes that arrive in pieces.

use alloc::vec::Vec;

use super::{
    Error, ErrorKind, MAX_BLOCK, Packet,
    format::{
        BYTE_ORDER_MAGIC, ByteOrder, ENHANCED_PACKET, INTERFACE, MAGIC_MICRO, MAGIC_NANO,
        OBSOLETE_PACKET, SECTION, SIMPLE_PACKET, option,
    },
};

/// Maximum number of interfaces of one section.
const MAX_INTERFACES: usize = 65_536;

/// Reads a capture file from bytes that the caller provides.
///
/// Call [`Reader::step`] with the bytes not yet consumed. It returns a packet or requests more bytes, and returns the
/// number of bytes that it consumed. It stores no bytes.
///
/// ```
/// use vigie_pcap::{Reader, Step};
/// let file: &[u8] = &[]; // for example a whole file
/// let (mut reader, mut at) = (Reader::new(), 0);
/// while let Step::Packet { packet, consumed } = reader.step(&file[at..])? {
///     println!("{} bytes", packet.length);
///     at += consumed;
/// }
/// # Ok::<(), vigie_pcap::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Reader {
    state: State,
    /// Bytes consumed since the start of the file.
    offset: u64,
}

/// Result of [`Reader::step`].
#[derive(Debug, PartialEq, Eq)]
pub enum Step<'bytes> {
    /// A packet.
    Packet {
        /// The packet.
        packet: Packet<'bytes>,
        /// Number of bytes to remove from the front before the next call.
        consumed: usize,
    },
    /// A header or block that is not a packet. It was skipped.
    Other {
        /// Number of bytes to remove from the front before the next call.
        consumed: usize,
    },
    /// More bytes are needed. At the end of the file, no bytes left over means that the file is complete; otherwise
    /// it was cut short (see [`Reader::cut_short`]).
    More {
        /// Number of bytes that the buffer must hold before the next call, at most [`MAX_BLOCK`].
        needed: usize,
    },
}

#[derive(Debug, Default)]
enum State {
    /// Before the magic number.
    #[default]
    Start,
    Pcap {
        order: ByteOrder,
        nanoseconds: bool,
        link: u16,
    },
    Section {
        order: ByteOrder,
        interfaces: Vec<Interface>,
    },
}

#[derive(Clone, Copy, Debug)]
struct Interface {
    link: u16,
    snap: u32,
    /// Time unit as in the option `if_tsresol`: a negative power of ten, or of two if the top bit is set.
    resolution: u8,
    /// Seconds to add to every time.
    offset: i64,
}

impl Reader {
    /// Creates a reader at the start of a file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the error of a file that ends with `left` unread bytes, `None` if the file is complete. An empty file is
    /// an error.
    #[must_use]
    pub fn cut_short(&self, left: usize) -> Option<Error> {
        (left > 0 || matches!(self.state, State::Start))
            .then(|| self.error(ErrorKind::CutShort { had: left }))
    }

    /// Reads the next record or block from the front of `bytes`.
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`] except [`ErrorKind::CutShort`]. Do not call `step` again after an error.
    pub fn step<'bytes>(&mut self, bytes: &'bytes [u8]) -> Result<Step<'bytes>, Error> {
        let step = match &self.state {
            State::Start => self.start(bytes)?,
            &State::Pcap {
                order,
                nanoseconds,
                link,
            } => self.record(order, nanoseconds, link, bytes)?,
            &State::Section { order, .. } => self.block(order, bytes)?,
        };
        if let Step::Packet { consumed, .. } | Step::Other { consumed } = step {
            self.offset += consumed as u64;
        }
        Ok(step)
    }

    fn error(&self, kind: ErrorKind) -> Error {
        Error {
            kind,
            offset: self.offset,
        }
    }

    fn start<'bytes>(&mut self, bytes: &'bytes [u8]) -> Result<Step<'bytes>, Error> {
        let Some(magic) = bytes.first_chunk::<4>() else {
            return Ok(Step::More { needed: 4 });
        };
        if u32::from_be_bytes(*magic) == SECTION {
            return self.block(ByteOrder::Little, bytes);
        }
        let (order, nanoseconds) = match (u32::from_be_bytes(*magic), u32::from_le_bytes(*magic)) {
            (MAGIC_MICRO, _) => (ByteOrder::Big, false),
            (MAGIC_NANO, _) => (ByteOrder::Big, true),
            (_, MAGIC_MICRO) => (ByteOrder::Little, false),
            (_, MAGIC_NANO) => (ByteOrder::Little, true),
            _ => return Err(self.error(ErrorKind::NotACapture { magic: *magic })),
        };
        if bytes.len() < 24 {
            return Ok(Step::More { needed: 24 });
        }
        let (major, minor) = (order.u16(bytes, 4), order.u16(bytes, 6));
        if major != 2 {
            return Err(self.error(ErrorKind::UnsupportedVersion { major, minor }));
        }
        // The upper half of the word gives the length of the frame check sequence.
        let link = order.u32(bytes, 20) as u16;
        self.state = State::Pcap {
            order,
            nanoseconds,
            link,
        };
        Ok(Step::Other { consumed: 24 })
    }

    fn record<'bytes>(
        &self,
        order: ByteOrder,
        nanoseconds: bool,
        link: u16,
        bytes: &'bytes [u8],
    ) -> Result<Step<'bytes>, Error> {
        if bytes.len() < 16 {
            return Ok(Step::More { needed: 16 });
        }
        let stored = order.u32(bytes, 8);
        if stored as usize > MAX_BLOCK - 16 {
            return Err(self.error(ErrorKind::BadLength { claimed: stored }));
        }
        let consumed = 16 + stored as usize;
        let Some(content) = bytes.get(16..consumed) else {
            return Ok(Step::More { needed: consumed });
        };
        let fraction = u64::from(order.u32(bytes, 4)) * if nanoseconds { 1 } else { 1000 };
        let time = u64::from(order.u32(bytes, 0)) * 1_000_000_000 + fraction;
        let length = order.u32(bytes, 12).max(stored);
        let packet = Packet {
            time: Some(time),
            link,
            length,
            interface: 0,
            bytes: content,
        };
        Ok(Step::Packet { packet, consumed })
    }

    fn block<'bytes>(
        &mut self,
        mut order: ByteOrder,
        bytes: &'bytes [u8],
    ) -> Result<Step<'bytes>, Error> {
        if bytes.len() < 12 {
            return Ok(Step::More { needed: 12 });
        }
        let section = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) == SECTION;
        if section {
            order = match (
                ByteOrder::Little.u32(bytes, 8),
                ByteOrder::Big.u32(bytes, 8),
            ) {
                (BYTE_ORDER_MAGIC, _) => ByteOrder::Little,
                (_, BYTE_ORDER_MAGIC) => ByteOrder::Big,
                _ => {
                    let magic = [bytes[8], bytes[9], bytes[10], bytes[11]];
                    return Err(self.error(ErrorKind::NotACapture { magic }));
                }
            };
        }
        let claimed = order.u32(bytes, 4);
        let consumed = claimed as usize;
        let bad_length = self.error(ErrorKind::BadLength { claimed });
        if !(12..=MAX_BLOCK).contains(&consumed) || !consumed.is_multiple_of(4) {
            return Err(bad_length);
        }
        let Some(whole) = bytes.get(..consumed) else {
            return Ok(Step::More { needed: consumed });
        };
        if order.u32(whole, consumed - 4) != claimed {
            return Err(bad_length);
        }
        let body = &whole[8..consumed - 4];
        if section {
            return self.section(order, body, consumed);
        }
        let packet = match order.u32(bytes, 0) {
            INTERFACE => {
                self.interface(order, body, bad_length)?;
                None
            }
            ENHANCED_PACKET => Some(self.enhanced(order, order.u32(body, 0), body, bad_length)?),
            OBSOLETE_PACKET => {
                let number = u32::from(order.u16(body, 0));
                Some(self.enhanced(order, number, body, bad_length)?)
            }
            SIMPLE_PACKET => Some(self.simple(order, body, bad_length)?),
            _ => None,
        };
        Ok(match packet {
            Some(packet) => Step::Packet { packet, consumed },
            None => Step::Other { consumed },
        })
    }

    fn section<'bytes>(
        &mut self,
        order: ByteOrder,
        body: &[u8],
        consumed: usize,
    ) -> Result<Step<'bytes>, Error> {
        if body.len() < 16 {
            return Err(self.error(ErrorKind::BadLength {
                claimed: consumed as u32,
            }));
        }
        let (major, minor) = (order.u16(body, 4), order.u16(body, 6));
        if major != 1 {
            return Err(self.error(ErrorKind::UnsupportedVersion { major, minor }));
        }
        self.state = State::Section {
            order,
            interfaces: Vec::new(),
        };
        Ok(Step::Other { consumed })
    }

    fn interface(&mut self, order: ByteOrder, body: &[u8], bad_length: Error) -> Result<(), Error> {
        if body.len() < 8 {
            return Err(bad_length);
        }
        let mut interface = Interface {
            link: order.u16(body, 0),
            snap: order.u32(body, 4),
            resolution: 6,
            offset: 0,
        };
        let mut at = 8;
        while at + 4 <= body.len() {
            let (code, length) = (order.u16(body, at), usize::from(order.u16(body, at + 2)));
            let Some(value) = body.get(at + 4..at + 4 + length) else {
                break;
            };
            match (code, value) {
                (option::END, _) => break,
                (option::INTERFACE_RESOLUTION, [resolution]) => interface.resolution = *resolution,
                (option::INTERFACE_OFFSET, value) if value.len() == 8 => {
                    interface.offset = order.u64(value, 0) as i64;
                }
                _ => {}
            }
            at += 4 + length.next_multiple_of(4);
        }
        let full = self.error(ErrorKind::TooManyInterfaces);
        let State::Section { interfaces, .. } = &mut self.state else {
            return Err(bad_length);
        };
        if interfaces.len() >= MAX_INTERFACES {
            return Err(full);
        }
        interfaces.push(interface);
        Ok(())
    }

    fn described(&self, interface: u32) -> Result<Interface, Error> {
        let known = match &self.state {
            State::Section { interfaces, .. } => interfaces.get(interface as usize).copied(),
            _ => None,
        };
        known.ok_or_else(|| self.error(ErrorKind::UnknownInterface { interface }))
    }

    /// Reads an enhanced packet block, or the obsolete packet block (its interface number has 16 bits).
    fn enhanced<'bytes>(
        &self,
        order: ByteOrder,
        number: u32,
        body: &'bytes [u8],
        bad_length: Error,
    ) -> Result<Packet<'bytes>, Error> {
        let stored = order.u32(body, 12) as usize;
        let content = body
            .get(20..)
            .and_then(|rest| rest.get(..stored))
            .ok_or(bad_length)?;
        let interface = self.described(number)?;
        let ticks = (u64::from(order.u32(body, 4)) << 32) | u64::from(order.u32(body, 8));
        Ok(Packet {
            time: Some(nanoseconds(ticks, interface)),
            link: interface.link,
            length: order.u32(body, 16).max(stored as u32),
            interface: number,
            bytes: content,
        })
    }

    fn simple<'bytes>(
        &self,
        order: ByteOrder,
        body: &'bytes [u8],
        bad_length: Error,
    ) -> Result<Packet<'bytes>, Error> {
        let interface = self.described(0)?;
        let length = order.u32(body, 0);
        let stored = if interface.snap == 0 {
            length
        } else {
            length.min(interface.snap)
        };
        let content = body
            .get(4..)
            .and_then(|rest| rest.get(..stored as usize))
            .ok_or(bad_length)?;
        Ok(Packet {
            time: None,
            link: interface.link,
            length,
            interface: 0,
            bytes: content,
        })
    }
}

/// Converts ticks of an interface to nanoseconds since 1970. Saturates at both ends.
fn nanoseconds(ticks: u64, interface: Interface) -> u64 {
    const SECOND: u128 = 1_000_000_000;
    let exponent = u32::from(interface.resolution & 0x7f);
    let ticks = u128::from(ticks);
    let scaled = if interface.resolution & 0x80 != 0 {
        // 2^-n seconds: the product is at most 2^64 * 10^9, which fits.
        (ticks * SECOND).checked_shr(exponent).unwrap_or(0)
    } else if exponent <= 9 {
        ticks * 10_u128.pow(9 - exponent)
    } else {
        10_u128
            .checked_pow(exponent - 9)
            .map_or(0, |divisor| ticks / divisor)
    };
    let offset = i128::from(interface.offset) * SECOND as i128;
    let total = i128::try_from(scaled)
        .unwrap_or(i128::MAX)
        .saturating_add(offset);
    u64::try_from(total.max(0)).unwrap_or(u64::MAX)
}
