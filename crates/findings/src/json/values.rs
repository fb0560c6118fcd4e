//! Types of field values: numbers with a unit, words of a closed list. They are checked when they are read.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::net::IpAddr;
use std::time::Duration;

#[cfg(test)]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use vigie_wire::MacAddr;

use super::LineError;
use crate::words::Vocabulary;

/// Text that is either static or was read.
pub(super) type Text = Cow<'static, str>;

/// Largest time that is accepted, in seconds: about three hundred years.
const MAX_SECONDS: f64 = 1e10;
/// Largest rate or amount that is accepted.
const MAX_AMOUNT: f64 = 1e18;

/// A time span in seconds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Seconds(f64);

/// A rate or an amount, not negative.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Amount(pub(super) f64);

/// A probability or a share, 0..=1.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Share(pub(super) f64);

/// One word of the list that `T` stands for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub(super) struct Word<T> {
    text: Text,
    #[serde(skip)]
    list: PhantomData<T>,
}

/// A hardware address: `02:00:00:00:00:01`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Mac(String);

/// Bytes in hexadecimal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Hex(String);

impl From<Duration> for Seconds {
    fn from(time: Duration) -> Seconds {
        Seconds(time.as_secs_f64())
    }
}

impl Seconds {
    /// Returns the time span of `field`.
    pub(super) fn duration(self, field: &'static str) -> Result<Duration, LineError> {
        let wrong = LineError::Field(field);
        if !(0.0..=MAX_SECONDS).contains(&self.0) {
            return Err(wrong);
        }
        Duration::try_from_secs_f64(self.0).map_err(|_| wrong)
    }
}

impl Amount {
    /// Returns the number of `field`.
    pub(super) fn number(self, field: &'static str) -> Result<f64, LineError> {
        let fits = (0.0..=MAX_AMOUNT).contains(&self.0);
        fits.then_some(self.0).ok_or(LineError::Field(field))
    }
}

impl Share {
    /// Returns the share of `field`.
    pub(super) fn number(self, field: &'static str) -> Result<f64, LineError> {
        let fits = (0.0..=1.0).contains(&self.0);
        fits.then_some(self.0).ok_or(LineError::Field(field))
    }
}

impl<T: Vocabulary> From<T> for Word<T> {
    fn from(value: T) -> Word<T> {
        Word {
            text: value.word().into(),
            list: PhantomData,
        }
    }
}

impl<T: Vocabulary> Word<T> {
    /// Returns the value with the word in `field`.
    pub(super) fn value(&self, field: &'static str) -> Result<T, LineError> {
        T::from_word(&self.text).ok_or(LineError::Field(field))
    }
}

impl From<MacAddr> for Mac {
    fn from(mac: MacAddr) -> Mac {
        Mac(mac.to_string())
    }
}

impl Mac {
    /// Returns the address.
    pub(super) fn address(&self) -> Result<MacAddr, LineError> {
        let wrong = LineError::Field("mac");
        let mut bytes = [0; 6];
        let mut parts = self.0.split(':');
        for byte in &mut bytes {
            let part = parts.next().filter(|p| p.len() == 2).ok_or(wrong)?;
            *byte = u8::from_str_radix(part, 16).map_err(|_| wrong)?;
        }
        match parts.next() {
            None => Ok(MacAddr(bytes)),
            Some(_) => Err(wrong),
        }
    }
}

impl From<&[u8]> for Hex {
    fn from(bytes: &[u8]) -> Hex {
        Hex(crate::escape::hex(bytes))
    }
}

impl Hex {
    /// Returns the bytes of `field`, at most `max`.
    pub(super) fn bytes(&self, max: usize, field: &'static str) -> Result<Vec<u8>, LineError> {
        let wrong = LineError::Field(field);
        let digits = self.0.as_bytes();
        if !digits.len().is_multiple_of(2) || digits.len() > 2 * max {
            return Err(wrong);
        }
        let digit = |b: u8| char::from(b).to_digit(16).ok_or(wrong);
        let byte = |pair: &[u8]| Ok((digit(pair[0])? << 4 | digit(pair[1])?) as u8);
        digits.chunks_exact(2).map(byte).collect()
    }
}

/// Returns the address of `field`, if there is one.
pub(super) fn ip(text: Option<&String>, field: &'static str) -> Result<Option<IpAddr>, LineError> {
    let parse = |text: &String| text.parse().map_err(|_| LineError::Field(field));
    text.map(parse).transpose()
}

/// Returns the time span of an optional `field`.
pub(super) fn duration(
    value: Option<Seconds>,
    field: &'static str,
) -> Result<Option<Duration>, LineError> {
    value.map(|value| value.duration(field)).transpose()
}

/// Reads an RFC 3339 timestamp, the value of `field`. Returns the time since 1970-01-01T00:00:00Z.
pub(super) fn timestamp(text: &str, field: &'static str) -> Result<Duration, LineError> {
    crate::time::parse(text).ok_or(LineError::Field(field))
}

/// Whether a flag is left out because it is not set.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
pub(super) const fn is_false(value: &bool) -> bool {
    !*value
}

/// Implements the JSON schema of a field's value.
#[cfg(test)]
macro_rules! schema {
    ($type:ty, $schema:tt) => {
        impl JsonSchema for $type {
            fn schema_name() -> Text {
                stringify!($type).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

#[cfg(test)]
schema!(Seconds, { "type": "number", "minimum": 0 });
#[cfg(test)]
schema!(Amount, { "type": "number", "minimum": 0 });
#[cfg(test)]
schema!(Share, { "type": "number", "minimum": 0, "maximum": 1 });
#[cfg(test)]
schema!(Mac, { "type": "string", "pattern": "^[0-9A-F]{2}(:[0-9A-F]{2}){5}$" });
#[cfg(test)]
schema!(Hex, { "type": "string", "pattern": "^([0-9a-f]{2})*$" });

#[cfg(test)]
impl<T: Vocabulary> JsonSchema for Word<T> {
    fn schema_name() -> Text {
        "Word".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": T::words() })
    }
}
