//! `vigie capture` and `vigie dns` on real wires: links of namespaces made by these tests, with tcpdump, tshark and dig as
//! witnesses, and the passages of the port-scanning tutorial that show DNS and TCP on the wire. Needs root, or a user
//! namespace that counts as root; fails, and does not pass, without.

mod capture;
mod dns;
mod flags;
mod server;
mod tutorial;
mod wires;
