//! The portmapper, rpcbind (RFC 1833): which versions it supports, and which programs are registered.
//!
//! The first call is NULL of a version that does not exist: the reply names the supported versions. The
//! second is PMAPPROC_DUMP of version 2. The third goes to ports of other programs, which reply that they are not
//! the portmapper. The token is the XID.

use alloc::format;

use super::kit::rpc::{self, Outcome};
use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const PROGRAM: u32 = 100_000;

const XID: &[TokenField] = &[TokenField { offset: 0,
    encoding: Encoding::Bytes(4),
}];

/// NULL of a version that does not exist.
pub(super) static NULL: Payload = Payload::new(
    "rpcbind",
    "rpcbind",
    &[111],
    Request::new(&rpc::call(PROGRAM, rpc::NO_VERSION, 0), XID),
    rpc::versions,
)
.echoing(Encoding::Bytes(4));

/// The registered programs.
pub(super) static DUMP: Payload = Payload::new(
    "rpcbind-dump",
    "rpcbind",
    &[111],
    Request::new(&rpc::call(PROGRAM, 2, 4), XID),
    dump,
)
.echoing(Encoding::Bytes(4));

/// The call for ports that the portmapper assigns: any RPC program there answers.
pub(super) static ANY: Payload = Payload::new(
    "rpc",
    "rpc",
    &[
        875, 4045, 32765, 32766, 32767, 32768, 32769, 32770, 32771, 32772, 32773,
    ],
    Request::new(&rpc::call(PROGRAM, rpc::NO_VERSION, 0), XID),
    |token, bytes| {
        let (xid, outcome) = rpc::reply(bytes)?;
        let known = !matches!(outcome, Outcome::Done(_));
        known.then(|| Answer::echoing(Encoding::Bytes(4).is(token, xid), Detail::NONE))
    },
)
.echoing(Encoding::Bytes(4));

fn dump(token: u64, bytes: &[u8]) -> Option<Answer> {
    let (xid, outcome) = rpc::reply(bytes)?;
    let detail = match outcome {
        Outcome::Done(list) => programs(list)?,
        Outcome::Versions(low, high) => Detail::NONE.version(rpc::range(low, high)),
        Outcome::Refused => Detail::NONE,
        Outcome::NoProgram => return None,
    };
    Some(Answer::echoing(Encoding::Bytes(4).is(token, xid), detail))
}

/// Formats the programs of the list in its order, each with its consecutive versions.
fn programs(list: &[u8]) -> Option<Detail> {
    let mut reader = Reader::new(list);
    let mut detail = Detail::NONE;
    let mut run: Option<(u32, u32, u32)> = None;
    // 2,048 entries of 20 bytes fill any datagram.
    for _ in 0..2048 {
        match reader.be32()? {
            0 => break,
            1 => {}
            _ => return None,
        }
        let (program, version) = (reader.be32()?, reader.be32()?);
        let (_protocol, _port) = (reader.be32()?, reader.be32()?);
        run = match run {
            Some((same, low, high)) if same == program => {
                Some((same, low.min(version), high.max(version)))
            }
            done => {
                detail = shown(detail, done);
                Some((program, version, version))
            }
        };
    }
    detail = shown(detail, run);
    Some(detail)
}

fn shown(detail: Detail, run: Option<(u32, u32, u32)>) -> Detail {
    let Some((program, low, high)) = run else {
        return detail;
    };
    let name = match program {
        100_000 => "rpcbind",
        100_003 => "nfs",
        100_005 => "mountd",
        100_021 => "nlockmgr",
        100_024 => "status",
        100_227 => "nfs_acl",
        _ => return detail.info(format!("{program} {}", rpc::range(low, high))),
    };
    detail.info(format!("{name} {}", rpc::range(low, high)))
}
