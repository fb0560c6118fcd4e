//! Packet sockets: transmitters and receive rings.
//!
//! To send, fill a slot, commit it, and flush: [`Transmit`] returns the memory that the kernel or the driver reads, so a
//! frame is written once, in place. To receive, call [`Receiver::for_each`], which lends the bytes of the ring. Neither
//! allocates per packet.
//!
//! This module must not know what is in the frames, except what the kernel requires (the address family of an IP
//! packet), or who decides when to send.

mod device;
mod error;
pub(crate) mod filter;
mod packet;
mod receive;
mod region;
mod reply_filter;
mod ring_v2;
mod ring_v3;
mod socket;
mod transmit;
mod tx_ring;
mod wait;
pub mod xdp;
mod xdp_program;
mod xdp_ring;
mod xdp_umem;

pub use device::{DeviceCounters, device_counters};
pub use error::IoError;
pub(crate) use error::last_errno;
pub use packet::PacketTransmitter;
pub use receive::{
    Fanout, FanoutMode, Layout, Origin, ReceiveConfig, ReceiveStats, Received, Receiver,
};
pub use reply_filter::ReplyFilter;
pub(crate) use socket::set as set_option;
pub use transmit::{Flushed, Framing, Method, Transmit, TransmitConfig, Transmitter};
pub use tx_ring::RingTransmitter;
pub use wait::{Interest, Waiter};
