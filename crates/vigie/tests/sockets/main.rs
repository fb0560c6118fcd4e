//! `vigie sockets` in namespaces with test sockets, compared with `ss` (iproute2) and `netstat` (net-tools).
//!
//! Needs root, or a user namespace in which it is root; fails without.

mod agreement;
mod busy;
mod forms;
mod ordinary;
mod places;
mod witness;
