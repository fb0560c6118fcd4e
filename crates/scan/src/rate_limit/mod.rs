//! Proving ports closed behind a rate limiter.
//!
//! Many hosts limit how many ICMP errors or resets they send. A silent port then proves nothing: its error may have been
//! suppressed. This module models one host's limiter and proves its silent ports in step with it. UDP scans
//! ([`crate::udp`]) use it for ICMP errors, port scans for resets and for the errors of IP protocols (`prober`).
//!
//! An error proves a port closed and costs the limiter a token. A silent probe proves nothing by itself, because there
//! may have been no token. So silent ports are tested in *trains*, sent at once, that end with a port known to be closed
//! (the *control*). If the control answers, a token was there for every port before it: one token judges a whole train
//! of silent ports, or proves a closed one.
//!
//! - `limiter` finds how often to probe so that no token is wasted,
//! - `host` decides which ports are probed next, and when silence is proof,
//! - `port_cell` is what is known about one port,
//! - [`sample`] bounds how many of the remaining ports may be open.
//!
//! This folder must not know packets.

pub(crate) mod host;
mod limiter;
mod port_cell;
pub(crate) mod prober;
pub mod sample;

pub(crate) use host::{HostProber, Novelty, ProbeAttempt, Settings, Target};
pub(crate) use limiter::Limiter;
pub(crate) use port_cell::PortOutcome;
