//! `vigie sockets` from the outside, in namespaces that these tests make and fill.
//!
//! The witnesses are `ss` (iproute2) and `netstat` (net-tools). The tests need
//! root, or to be root of a user namespace, and fail without.

mod agreement;
mod busy;
mod forms;
mod ordinary;
mod places;
mod witness;
