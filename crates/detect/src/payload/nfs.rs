//! NFS and its mount protocol (RFC 1813, RFC 5531): which versions are served over UDP.
//!
//! NULL of a version that cannot be, as with the portmapper. The token is the XID.

use super::Payload;
use super::kit::{Form, Place, Request, rpc};

const XID: &[Place] = &[Place {
    at: 0,
    form: Form::Bytes(4),
}];

/// Program 100003.
pub(super) static NFS: Payload = Payload::new(
    "nfs",
    "nfs",
    &[2049],
    Request::new(&rpc::call(100_003, rpc::NO_VERSION, 0), XID),
    rpc::versions,
)
.echoing(Form::Bytes(4));

/// Program 100005, on the port that distributions give it.
pub(super) static MOUNTD: Payload = Payload::new(
    "mountd",
    "mountd",
    &[20048],
    Request::new(&rpc::call(100_005, rpc::NO_VERSION, 0), XID),
    rpc::versions,
)
.echoing(Form::Bytes(4));
