//! Parses the tables of `/proc/net`, for kernels and sandboxes that refuse netlink.
//!
//! Each function parses one line to the same type as [`crate::diag`]. What the tables do not contain (cookies, backlogs,
//! peers of UNIX sockets, `IPV6_V6ONLY`) stays unknown. A malformed line gives `None`.

mod inet;
mod mounts;
mod packet;
mod unix;

pub use inet::parse_inet_line;
pub use mounts::parse_netns_mount;
pub use packet::parse_packet_line;
pub use unix::parse_unix_line;

/// Returns the fields of a line, separated by spaces.
fn fields(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| matches!(byte, b' ' | b'\t'))
        .filter(|field| !field.is_empty())
}

/// Parses a number of up to eight hexadecimal digits.
fn hex(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 8 {
        return None;
    }
    text.iter().try_fold(0u32, |number, digit| {
        Some(number << 4 | char::from(*digit).to_digit(16)?)
    })
}

/// Parses a decimal number.
fn decimal(text: &[u8]) -> Option<u32> {
    core::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests;
