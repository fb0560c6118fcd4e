//! Codecs that several protocols share. They must not know a protocol.

mod lists;
mod numbers;

pub use lists::{AddressList, ListLen, UintList};
pub use numbers::{CountOf, FixedPoint, NTP_TO_UNIX, Nothing, TimeOfDay};
