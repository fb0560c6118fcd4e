//! Identifies the service on a port.
//!
//! The crate is a catalogue of protocols. For each UDP protocol it holds a request that a server of the protocol
//! answers, and a recogniser that decides whether a datagram is such an answer and what it reveals of the program.
//!
//! The crate is pure: it has no clock, socket, file, thread or source of randomness. It does not know when a request
//! is sent, how often, or in which frame; the scan engine (`vigie-scan`) decides that.
//!
//! # Example
//!
//! Write the first request for port 123 and read a reply:
//!
//! ```
//! use vigie_detect::payload::{self, Answer};
//!
//! let ntp = payload::for_port(123)[0];
//! assert_eq!(ntp.service, "ntp");
//!
//! // The token is chosen by the caller. NTP servers return it in their reply.
//! let token = 0x0123_4567_89ab_cdef;
//! let mut datagram = [0; payload::MAX_LEN];
//! let length = ntp.write(&mut datagram, token).expect("MAX_LEN bytes hold every request");
//! assert_eq!(length, 48);
//!
//! // Bytes of another protocol are not a confirmation.
//! assert_eq!(ntp.recognise(token, b"HTTP/1.1 400 Bad Request"), Answer::NotThisProtocol);
//! ```
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod payload;
