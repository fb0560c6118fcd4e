//! RIP version 1 and 2 (RFC 1058, RFC 2453 section 3.9.1): the metric of one address.
//!
//! A request for named entries is answered with those entries only, so it is as large as the reply; the whole table,
//! which may be large, is never requested. The token is the lower three bytes of the requested
//! address, in 10.0.0.0/8, which the reply repeats.

use alloc::format;

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const HOST: Encoding = Encoding::Bytes(3);

/// Request, version 2: address 10.x.y.z, mask of a host, metric 16.
pub(super) static V2: Payload = Payload::new(
    "ripv2",
    "route",
    &[520],
    Request::new(
        b"\x01\x02\0\0\0\x02\0\0\x0a\0\0\0\xff\xff\xff\xff\0\0\0\0\0\0\0\x10",
        &[TokenField { offset: 9, encoding: HOST }],
    ),
    recognise,
)
.echoing(HOST);

/// Request, version 1, which has neither mask nor next hop.
pub(super) static V1: Payload = Payload::new(
    "ripv1",
    "route",
    &[520],
    Request::new(
        b"\x01\x01\0\0\0\x02\0\0\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10",
        &[TokenField { offset: 9, encoding: HOST }],
    ),
    recognise,
)
.echoing(HOST);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(&[2])?;
    let version = reader.u8().filter(|version| (1..=2).contains(version))?;
    reader.expect(b"\0\0")?;
    if reader.is_empty() || !reader.rest().len().is_multiple_of(20) || reader.rest().len() > 500 {
        return None;
    }
    let mut ours = false;
    while !reader.is_empty() {
        let (family, _tag) = (reader.be16()?, reader.be16()?);
        let address = reader.array::<4>()?;
        reader.take(8)?;
        let metric = reader.be32()?;
        // IPv4 with a metric, or the authentication entry, which comes first.
        if family != 0xffff && (family != 2 || !(1..=16).contains(&metric)) {
            return None;
        }
        ours |= address[0] == 10 && HOST.is(token, &address[1..]);
    }
    Some(Answer::echoing(
        ours,
        Detail::NONE.version(format!("v{version}")),
    ))
}
