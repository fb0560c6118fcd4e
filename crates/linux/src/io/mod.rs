//! Packets in and out: the transmitters and the receive ring that engines are driven with.
//!
//! Sending is "fill the slot, commit, flush": [`Transmit`] hands out the memory that the kernel
//! (or the driver) reads, so a probe is written once, in place. Receiving is "drain":
//! [`Receiver::for_each`] lends the bytes of the ring. Neither allocates per packet.
//!
//! It must not know what is in the frames, save what the kernel needs to be told (the address
//! family of an IP packet), nor who decides when to send.

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
