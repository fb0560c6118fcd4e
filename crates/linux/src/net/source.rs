//! Source address selection for routes without a preferred source: a connected UDP socket shows the kernel's choice
//! (RFC 6724). Connecting it sends no packet.

use core::net::{IpAddr, Ipv6Addr, SocketAddr, SocketAddrV6};

use rustix::io::Errno;
use rustix::net::{self, AddressFamily, SocketFlags, SocketType};

use super::RouteError;
use crate::netlink::Error;

/// Any port will do: nothing is sent. Port 9 is "discard".
const PORT: u16 = 9;

pub(super) fn choose(
    destination: IpAddr,
    bound: Option<u32>,
    out: u32,
) -> Result<IpAddr, RouteError> {
    let failed = |call| {
        move |errno| match errno {
            Errno::NETUNREACH | Errno::ADDRNOTAVAIL | Errno::HOSTUNREACH => RouteError::NoSource,
            errno => RouteError::Kernel(Error::System {
                operation: "choose the source address",
                call,
                errno,
            }),
        }
    };
    let family = if destination.is_ipv4() {
        AddressFamily::INET
    } else {
        AddressFamily::INET6
    };
    let socket = net::socket_with(family, SocketType::DGRAM, SocketFlags::CLOEXEC, None)
        .map_err(failed("socket"))?;
    if bound.is_some() {
        let socket = socket2::SockRef::from(&socket);
        let index = core::num::NonZeroU32::new(out);
        // Old kernels refuse this without privilege: the choice then ignores the link.
        let _ = if destination.is_ipv4() {
            socket.bind_device_by_index_v4(index)
        } else {
            socket.bind_device_by_index_v6(index)
        };
    }
    let target = match destination {
        IpAddr::V4(_) => SocketAddr::new(destination, PORT),
        IpAddr::V6(v6) => SocketAddrV6::new(v6, PORT, 0, out).into(),
    };
    net::connect(&socket, &target).map_err(failed("connect"))?;
    let own = net::getsockname(&socket).map_err(failed("getsockname"))?;
    SocketAddr::try_from(own)
        .ok()
        .map(|own| own.ip())
        .filter(|&ip| ip != IpAddr::V6(Ipv6Addr::UNSPECIFIED) && !ip.is_unspecified())
        .ok_or(RouteError::NoSource)
}
