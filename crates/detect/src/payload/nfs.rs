//! NFS and its mount protocol (RFC 1813, RFC 5531): asks which versions are served over UDP.
//!
//! The request is a NULL call of a version that does not exist, as for the portmapper. The token is the XID.

use super::Payload;
use super::kit::{Encoding, TokenField, Request, rpc};

const XID: &[TokenField] = &[TokenField { offset: 0,
    encoding: Encoding::Bytes(4),
}];

/// Program 100003.
pub(super) static NFS: Payload = Payload::new(
    "nfs",
    "nfs",
    &[2049],
    Request::new(&rpc::call(100_003, rpc::NO_VERSION, 0), XID),
    rpc::versions,
)
.echoing(Encoding::Bytes(4));

/// Program 100005, on the port that distributions give it.
pub(super) static MOUNTD: Payload = Payload::new(
    "mountd",
    "mountd",
    &[20048],
    Request::new(&rpc::call(100_005, rpc::NO_VERSION, 0), XID),
    rpc::versions,
)
.echoing(Encoding::Bytes(4));
