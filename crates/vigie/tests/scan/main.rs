//! `vigie scan` in network namespaces: verdicts compared with the topology, rejected requests, and behaviour for users.
//! Needs root, or a user namespace in which it is root (as `cargo xtask test` provides); fails without.

mod all_open;
mod behaviour;
mod explained;
mod hosts;
mod limiters;
mod links;
mod names;
mod packets;
mod powerless;
mod published;
mod refusals;
mod routes;
mod shapes;
mod support;
mod techniques;
mod transcripts;
mod trouble;
mod udp;
mod windows;
mod wire;
