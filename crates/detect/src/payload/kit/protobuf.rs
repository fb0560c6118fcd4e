//! The encoding of Protocol Buffers (protobuf.dev, "Encoding"): reads fields one by one.

use super::Reader;

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::payload) enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// Reads the next field: number and value.
pub(in crate::payload) fn next<'a>(reader: &mut Reader<'a>) -> Option<(u64, Value<'a>)> {
    let key = varint(reader)?;
    let value = match key & 7 {
        0 => Value::Number(varint(reader)?),
        1 => Value::Number(u64::from_le_bytes(reader.array()?)),
        2 => {
            let len = usize::try_from(varint(reader)?).ok()?;
            Value::Bytes(reader.take(len)?)
        }
        5 => Value::Number(u64::from(reader.le32()?)),
        _ => return None,
    };
    Some((key >> 3, value))
}

fn varint(reader: &mut Reader<'_>) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = reader.u8()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
