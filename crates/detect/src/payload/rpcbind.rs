//! The portmapper, rpcbind (RFC 1833): which versions it speaks, and which programs are registered.
//!
//! The first call asks NULL of a version that cannot be: the answer names the versions there are. The
//! second is PMAPPROC_DUMP of version 2. The third asks any program on a port of its own, which says that it is not
//! the portmapper. The token is the XID.

use alloc::format;

use super::kit::rpc::{self, Outcome};
use super::kit::{Detail, Form, Place, Reader, Request};
use super::{Answer, Payload};

const PROGRAM: u32 = 100_000;

const XID: &[Place] = &[Place {
    at: 0,
    form: Form::Bytes(4),
}];

/// NULL of a version that cannot be.
pub(super) static NULL: Payload = Payload::new(
    "rpcbind",
    "rpcbind",
    &[111],
    Request::new(&rpc::call(PROGRAM, rpc::NO_VERSION, 0), XID),
    rpc::versions,
)
.echoing(Form::Bytes(4));

/// The registered programs.
pub(super) static DUMP: Payload = Payload::new(
    "rpcbind-dump",
    "rpcbind",
    &[111],
    Request::new(&rpc::call(PROGRAM, 2, 4), XID),
    dump,
)
.echoing(Form::Bytes(4));

/// The call on ports that the portmapper gives out: whichever program is there answers as RPC programs do.
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
        known.then(|| Answer::echoing(Form::Bytes(4).is(token, xid), Detail::NONE))
    },
)
.echoing(Form::Bytes(4));

fn dump(token: u64, bytes: &[u8]) -> Option<Answer> {
    let (xid, outcome) = rpc::reply(bytes)?;
    let detail = match outcome {
        Outcome::Done(list) => programs(list)?,
        Outcome::Versions(low, high) => Detail::NONE.version(rpc::range(low, high)),
        Outcome::Refused => Detail::NONE,
        Outcome::NoProgram => return None,
    };
    Some(Answer::echoing(Form::Bytes(4).is(token, xid), detail))
}

/// The list's programs in its order, each with the versions that stand next to each other.
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
