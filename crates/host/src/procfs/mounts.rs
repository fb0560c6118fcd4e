//! Parses `/proc/self/mountinfo`, to find mounted network namespaces (proc_pid_mountinfo(5)).

use alloc::boxed::Box;
use alloc::vec::Vec;

/// Returns the inode and the mount point of a mounted network namespace; `None` for other lines.
///
/// ```
/// let line = b"82 30 0:4 net:[4026532250] /run/netns/my\\040lab rw shared:40 - nsfs nsfs rw";
/// let (inode, path) = vigie_host::procfs::parse_netns_mount(line).unwrap();
/// assert_eq!((inode, &*path), (4026532250, &b"/run/netns/my lab"[..]));
/// ```
pub fn parse_netns_mount(line: &[u8]) -> Option<(u64, Box<[u8]>)> {
    let mut fields = line.split(|byte| *byte == b' ');
    let root = fields.nth(3)?;
    let path = fields.next()?;
    let kind = fields.skip_while(|field| *field != b"-").nth(1)?;
    let inode = root.strip_prefix(b"net:[")?.strip_suffix(b"]")?;
    let inode = core::str::from_utf8(inode).ok()?.parse().ok()?;
    (kind == b"nsfs").then(|| (inode, unescape(path).into()))
}

/// Decodes the octal escapes (`\040`) in a path.
fn unescape(path: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(path.len());
    let mut rest = path;
    while let [first, after @ ..] = rest {
        rest = after;
        let byte = match (first, after) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', tail @ ..]) => {
                rest = tail;
                (a - b'0') << 6 | (b - b'0') << 3 | (c - b'0')
            }
            _ => *first,
        };
        plain.push(byte);
    }
    plain
}
