//! Interface counters of the kernel, with drops that no socket reports.
//!
//! A veth whose peer's queue is full, or a driver without free descriptors, drops frames after it accepted them. Only
//! these counters show that.

use std::fs;

use super::error::IoError;

/// Counters of one interface since it was created or its driver loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceCounters {
    /// Packets received.
    pub rx_packets: u64,
    /// Received packets dropped by the device or before any socket saw them.
    pub rx_dropped: u64,
    /// Packets sent.
    pub tx_packets: u64,
    /// Packets that the device accepted and dropped.
    pub tx_dropped: u64,
    /// Receive and send errors.
    pub errors: u64,
}

/// Reads the counters of `interface` in the network namespace of the calling thread (`/proc/thread-self/net/dev`).
/// Returns `None` if no interface has this name.
///
/// # Errors
/// If the file cannot be read.
pub fn device_counters(interface: &str) -> Result<Option<DeviceCounters>, IoError> {
    let text = fs::read_to_string("/proc/thread-self/net/dev").map_err(|e| {
        let errno = rustix::io::Errno::from_io_error(&e).unwrap_or(rustix::io::Errno::IO);
        IoError::new("read(/proc/thread-self/net/dev)", errno)
    })?;
    Ok(parse(&text, interface))
}

/// Parses a line of `net/dev` (`dev_seq_printf_stats` in net/core/net-procfs.c): the name, a colon,
/// then 8 receive counters and 8 transmit counters.
fn parse(text: &str, interface: &str) -> Option<DeviceCounters> {
    text.lines().find_map(|line| {
        let (name, rest) = line.split_once(':')?;
        if name.trim() != interface {
            return None;
        }
        let n: Vec<u64> = rest
            .split_whitespace()
            .map_while(|w| w.parse().ok())
            .collect();
        let at = |i: usize| n.get(i).copied();
        Some(DeviceCounters {
            rx_packets: at(1)?,
            rx_dropped: at(3)?,
            tx_packets: at(9)?,
            tx_dropped: at(11)?,
            errors: at(2)? + at(10)?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    4012      20    0    0    0     0          0         0     4012      20    0    0    0     0       0          0
  eth0: 123 11 1 2 0 0 0 0 456 22 3 4 0 0 0 0
";

    #[test]
    fn the_line_of_the_interface_is_read() {
        let eth0 = parse(TEXT, "eth0").expect("eth0 is there");
        assert_eq!((eth0.rx_packets, eth0.rx_dropped), (11, 2));
        assert_eq!((eth0.tx_packets, eth0.tx_dropped, eth0.errors), (22, 4, 4));
        assert_eq!(parse(TEXT, "eth"), None);
        assert_eq!(parse("eth0: 1 2 3", "eth0"), None);
    }
}
