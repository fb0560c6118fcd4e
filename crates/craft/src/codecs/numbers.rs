//! Codecs for special numbers: counts of other fields, times, fixed-point numbers; and for a field without bytes.

use crate::env::Env;
use crate::error::{FieldError, FieldProblem};
use crate::model::{Codec, Context};
use crate::repr;
use crate::value::Value;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use vigie_wire::ParseError;
use vigie_wire::civil::{Date, weekday_name};

/// The number of items in another field, computed if unset.
pub struct CountOf {
    /// The counted field.
    pub field: &'static str,
    /// Bytes of the number.
    pub size: usize,
}

impl Codec for CountOf {
    fn class(&self) -> &'static str {
        "FieldLenField"
    }
    fn init(&self) -> Value {
        Value::None
    }
    fn decode(
        &self,
        layer: &[u8],
        at: usize,
        _scope: &Context<'_>,
    ) -> Result<(Value, usize), ParseError> {
        let bytes = layer.get(at..at + self.size).ok_or(ParseError::truncated(
            "count",
            at + self.size,
            layer.len(),
        ))?;
        Ok((
            Value::Int(bytes.iter().fold(0i128, |n, b| n << 8 | i128::from(*b))),
            self.size,
        ))
    }
    fn encode(
        &self,
        value: &Value,
        context: &Context<'_>,
        _env: &dyn Env,
        _start: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        let count = match (value, context.value(self.field)) {
            (Value::None, Value::List(items) | Value::Tuple(items)) => items.len() as u64,
            (Value::None, Value::Packet(_)) => 1,
            (value, _) => value.as_uint().unwrap_or(0),
        };
        out.extend_from_slice(&count.to_be_bytes()[8 - self.size..]);
        Ok(())
    }
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        let max = (1i128 << (8 * self.size)) - 1;
        match value {
            Value::Int(n) if !(0..=max).contains(&n) => {
                Err(FieldError::new(FieldProblem::OutOfRange {
                    value: n,
                    min: 0,
                    max,
                }))
            }
            Value::Int(_) => Ok(value),
            _ => Err(FieldError::expected("a number")),
        }
    }
}

/// A field without bytes and without a value. The string is its class in listings.
pub struct Nothing(pub &'static str);

impl Codec for Nothing {
    fn class(&self) -> &'static str {
        self.0
    }
    fn init(&self) -> Value {
        Value::None
    }
    fn decode(
        &self,
        _layer: &[u8],
        _at: usize,
        _scope: &Context<'_>,
    ) -> Result<(Value, usize), ParseError> {
        Ok((Value::None, 0))
    }
    fn encode(
        &self,
        _: &Value,
        _: &Context<'_>,
        _: &dyn Env,
        _: usize,
        _: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        Ok(())
    }
    fn accept(&self, _value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        Err(FieldError::expected("None: this field cannot be set"))
    }
}

/// Milliseconds since midnight UTC, as in ICMP timestamps; the current time if unset.
pub struct TimeOfDay;

impl Codec for TimeOfDay {
    fn class(&self) -> &'static str {
        "ICMPTimeStampField"
    }
    fn init(&self) -> Value {
        Value::None
    }
    fn decode(
        &self,
        layer: &[u8],
        at: usize,
        _scope: &Context<'_>,
    ) -> Result<(Value, usize), ParseError> {
        let bytes = layer.get(at..).unwrap_or(&[]).first_chunk::<4>();
        let bytes = bytes.ok_or(ParseError::truncated("timestamp", at + 4, layer.len()))?;
        Ok((Value::Int(u32::from_be_bytes(*bytes).into()), 4))
    }
    fn encode(
        &self,
        value: &Value,
        _scope: &Context<'_>,
        _env: &dyn Env,
        _start: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        let time = value.as_uint().unwrap_or(0);
        out.extend_from_slice(&(time as u32).to_be_bytes());
        Ok(())
    }
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::Int(0..=0xffff_ffff) => Ok(value),
            _ => Err(FieldError::expected("milliseconds since midnight UTC")),
        }
    }
    fn text(&self, value: &Value, _env: &dyn Env) -> String {
        let Some(ms) = value.as_uint() else {
            return "None".into();
        };
        let (seconds, ms) = (ms / 1000, ms % 1000);
        format!(
            "{}:{}:{}.{ms}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        )
    }
}

/// A binary fixed-point number: integer part, then fraction.
pub struct FixedPoint {
    /// Width in bits.
    pub bits: u8,
    /// Bits of the fraction.
    pub fraction: u8,
    /// Whether it is a time since 1900, shown as a date.
    pub time: bool,
    /// Whether the default is the current time.
    pub now: bool,
}

/// Seconds from 1900-01-01 to 1970-01-01 (RFC 5905 figure 4).
pub const NTP_TO_UNIX: u64 = 2_208_988_800;

impl FixedPoint {
    fn of(&self, number: f64) -> Option<u64> {
        let whole = libm::trunc(number);
        let limit = libm::ldexp(1.0, i32::from(self.bits - self.fraction));
        if !(0.0..limit).contains(&whole) {
            return None;
        }
        let fraction = (number - whole) * libm::ldexp(1.0, i32::from(self.fraction));
        Some((whole as u64) << self.fraction | fraction as u64)
    }
}

impl Codec for FixedPoint {
    fn class(&self) -> &'static str {
        if self.time {
            "TimeStampField  (64 bits)"
        } else {
            "FixedPointField  (32 bits)"
        }
    }
    fn init(&self) -> Value {
        if self.now {
            Value::None
        } else {
            Value::Fixed(0, self.fraction)
        }
    }
    fn decode(
        &self,
        layer: &[u8],
        at: usize,
        _scope: &Context<'_>,
    ) -> Result<(Value, usize), ParseError> {
        let size = usize::from(self.bits / 8);
        let bytes = layer.get(at..at + size).ok_or(ParseError::truncated(
            "number",
            at + size,
            layer.len(),
        ))?;
        Ok((
            Value::Fixed(
                bytes.iter().fold(0u64, |n, b| n << 8 | u64::from(*b)),
                self.fraction,
            ),
            size,
        ))
    }
    fn encode(
        &self,
        value: &Value,
        _scope: &Context<'_>,
        env: &dyn Env,
        _start: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        let raw = match value {
            Value::Fixed(raw, _) => *raw,
            _ => env.unix_time().map_or(0, |now| {
                let fraction = (u64::from(now.subsec_nanos()) << 32) / 1_000_000_000;
                now.as_secs().wrapping_add(NTP_TO_UNIX) << 32 | fraction
            }),
        };
        out.extend_from_slice(&raw.to_be_bytes()[8 - usize::from(self.bits / 8)..]);
        Ok(())
    }
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        let raw = match value {
            Value::Fixed(raw, bits) if bits == self.fraction => Some(raw),
            Value::Int(n) => self.of(n as f64),
            Value::Float(n) => self.of(n),
            _ => None,
        };
        raw.map(|raw| Value::Fixed(raw, self.fraction))
            .ok_or(FieldError::expected("a number of seconds"))
    }
    fn text(&self, value: &Value, env: &dyn Env) -> String {
        match value {
            Value::None => "--".into(),
            Value::Fixed(raw, fraction) if self.time && raw >> fraction >= NTP_TO_UNIX => {
                date((raw >> fraction) - NTP_TO_UNIX)
            }
            _ => repr::value(value, env),
        }
    }
}

/// Formats seconds since 1970 as `Sat, 03 Oct 2026 07:06:40 +0000`.
fn date(unix: u64) -> String {
    let (days, second) = (unix / 86_400, unix % 86_400);
    let date = Date::from_days(days);
    format!(
        "{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
        weekday_name(days),
        date.day,
        date.month_name(),
        date.year,
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn dates_are_right() {
        assert_eq!(super::date(0), "Thu, 01 Jan 1970 00:00:00 +0000");
        assert_eq!(super::date(951_782_399), "Mon, 28 Feb 2000 23:59:59 +0000");
        assert_eq!(
            super::date(1_791_011_200),
            "Sat, 03 Oct 2026 07:06:40 +0000"
        );
    }
}
