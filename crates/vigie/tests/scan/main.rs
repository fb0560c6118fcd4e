//! `vigie scan` on real networks: the program inside network namespaces, its verdicts against the truth,
//! what it refuses, and how it behaves towards people. Needs root, or a user namespace in which it counts
//! as root (as `cargo xtask test` makes one); fails, and does not pass, without.

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
