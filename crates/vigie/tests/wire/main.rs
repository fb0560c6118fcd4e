//! `vigie capture` and `vigie dns` on links between namespaces, compared with tcpdump, tshark and dig, and with the DNS
//! and TCP examples of the port-scanning tutorial. Needs root, or a user namespace in which it is root; fails without.

mod capture;
mod dns;
mod flags;
mod server;
mod tutorial;
mod wires;
