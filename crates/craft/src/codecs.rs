//! Codecs that several protocols share. They know the form of a field, not the protocol.

mod lists;
mod numbers;

pub use lists::{AddressList, ListLen, UintList};
pub use numbers::{CountOf, FixedPoint, NTP_TO_UNIX, Nothing, TimeOfDay};
