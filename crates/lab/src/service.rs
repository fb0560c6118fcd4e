//! The services of a node: one thread in its namespace, with all listeners on one epoll.
//!
//! A TCP port accepts, sends its banner and closes. A UDP port echoes (port 53 answers queries as a name server) or
//! never answers. There is no state per connection, so thousands of ports cost only their descriptors. This module must
//! not know firewalls or links.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::thread::JoinHandle;

use rustix::buffer::spare_capacity;
use rustix::event::{EventfdFlags, epoll, eventfd};
use rustix::io::Errno;
use socket2::{Domain, Socket, Type};

use crate::{Error, Node, dns};

/// Maximum number of waiting connections per port; the kernel limits it to `net.core.somaxconn`.
const BACKLOG: i32 = 4096;
/// Descriptors that a lab needs besides its listeners.
const SPARE_FILES: u64 = 256;
/// The port of name servers.
const DNS: u16 = 53;
/// Number of the stop event; others are indices of listeners.
const STOP: u64 = u64::MAX;

enum Listener {
    Tcp {
        socket: Socket,
        banner: Vec<u8>,
    },
    /// An echoing socket; on the port of name servers, with the addresses that every name has.
    Echo(UdpSocket, Vec<IpAddr>),
    Silent {
        _socket: UdpSocket,
    },
}

/// The running services of a node, which end on drop.
#[derive(Debug)]
pub(crate) struct Service {
    stop: Arc<OwnedFd>,
    thread: Option<JoinHandle<()>>,
}

impl Service {
    /// Opens every port of `node` in the calling thread's namespace and serves them on a new thread,
    /// which stays in that namespace. When this returns, every port is open.
    pub(crate) fn start(node: &Node, addresses: &[IpAddr]) -> Result<Self, Error> {
        let failed = |what: &str| {
            let (node, what) = (node.name.clone(), what.to_owned());
            move |errno| Error::Service { node, what, errno }
        };
        let listeners = open(node, addresses)?;
        let stop = Arc::new(eventfd(0, EventfdFlags::CLOEXEC).map_err(failed("make an event"))?);
        let poll = epoll::create(epoll::CreateFlags::CLOEXEC).map_err(failed("make an epoll"))?;
        let watch = |fd: std::os::fd::BorrowedFd<'_>, number| {
            let data = epoll::EventData::new_u64(number);
            epoll::add(&poll, fd, data, epoll::EventFlags::IN).map_err(failed("watch a port"))
        };
        watch(stop.as_fd(), STOP)?;
        for (number, listener) in listeners.iter().enumerate() {
            let fd = match listener {
                Listener::Tcp { socket, .. } => socket.as_fd(),
                Listener::Echo(socket, _) => socket.as_fd(),
                // Nothing reads the socket: its queue fills and overflows, as with a program that never reads.
                Listener::Silent { .. } => continue,
            };
            watch(fd, number as u64)?;
        }
        let held = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("service".to_owned())
            .spawn(move || {
                serve(&poll, &listeners);
                drop(held);
            })
            .map_err(|error| failed("start a thread")(errno(&error)))?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }

    /// Returns the number of descriptors that a node's services need.
    pub(crate) fn files(node: &Node, addresses: usize) -> u64 {
        let udp = (node.udp_echo.len() + node.udp_silent.len()) * (addresses + 1);
        (node.tcp.len() + udp) as u64
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = rustix::io::write(&*self.stop, &1_u64.to_ne_bytes());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Raises the limit of open files if `wanted` more do not fit.
pub(crate) fn allow_files(wanted: u64) -> Result<(), Error> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let wanted = wanted + SPARE_FILES;
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= wanted) {
        return Ok(());
    }
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    // If refused, the old limit is reported.
    let allowed = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    match allowed {
        Some(allowed) if allowed < wanted => Err(Error::TooManyFiles { wanted, allowed }),
        _ => Ok(()),
    }
}

fn open(node: &Node, addresses: &[IpAddr]) -> Result<Vec<Listener>, Error> {
    let failed = |transport: &str, port: u16| {
        let what = format!("listen on {transport} port {port}");
        let node = node.name.clone();
        move |error: io::Error| Error::Service {
            node,
            what,
            errno: errno(&error),
        }
    };
    let mut listeners = Vec::new();
    for (&port, banner) in &node.tcp {
        let socket = tcp(port).map_err(failed("TCP", port))?;
        let banner = banner.clone();
        listeners.push(Listener::Tcp { socket, banner });
    }
    // An echo must come from the address that received the packet: one socket for each, and one for the others.
    let any = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
    for ip in addresses.iter().copied().chain([any]) {
        for &port in &node.udp_echo {
            let socket = udp(ip, port).map_err(failed("UDP", port))?;
            let names = if port == DNS { addresses } else { &[] };
            listeners.push(Listener::Echo(socket, names.to_vec()));
        }
        for &port in &node.udp_silent {
            let socket = udp(ip, port).map_err(failed("UDP", port))?;
            listeners.push(Listener::Silent { _socket: socket });
        }
    }
    Ok(listeners)
}

/// Returns a socket for both families, or only for IPv4 if the kernel has no IPv6.
fn dual_stack(kind: Type, ip: IpAddr, port: u16) -> io::Result<(Socket, SocketAddr)> {
    if ip.is_ipv4() {
        return Ok((Socket::new(Domain::IPV4, kind, None)?, (ip, port).into()));
    }
    match Socket::new(Domain::IPV6, kind, None) {
        Ok(socket) => {
            socket.set_only_v6(!ip.is_unspecified())?;
            Ok((socket, (ip, port).into()))
        }
        Err(_) if ip.is_unspecified() => {
            let socket = Socket::new(Domain::IPV4, kind, None)?;
            Ok((socket, (Ipv4Addr::UNSPECIFIED, port).into()))
        }
        Err(error) => Err(error),
    }
}

fn tcp(port: u16) -> io::Result<Socket> {
    let (socket, address) = dual_stack(Type::STREAM, Ipv6Addr::UNSPECIFIED.into(), port)?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket)
}

fn udp(ip: IpAddr, port: u16) -> io::Result<UdpSocket> {
    let (socket, address) = dual_stack(Type::DGRAM, ip, port)?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    Ok(socket.into())
}

fn errno(error: &io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::IO)
}

fn serve(poll: &OwnedFd, listeners: &[Listener]) {
    let mut events = Vec::with_capacity(256);
    let mut buffer = vec![0; 65_536];
    loop {
        events.clear();
        match epoll::wait(poll, spare_capacity(&mut events), None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => return,
        }
        for event in &events {
            let number = event.data.u64();
            if number == STOP {
                return;
            }
            match listeners.get(number as usize) {
                Some(Listener::Tcp { socket, banner }) => greet(socket, banner),
                Some(Listener::Echo(socket, names)) => echo(socket, names, &mut buffer),
                Some(Listener::Silent { .. }) | None => {}
            }
        }
    }
}

/// Accepts all waiting connections. Errors of a connection are ignored, because its peer caused them.
fn greet(listener: &Socket, banner: &[u8]) {
    while let Ok((connection, _)) = listener.accept() {
        if !banner.is_empty() {
            // A few bytes into an empty send buffer never block.
            let _ = connection.send(banner);
        }
    }
}

fn echo(socket: &UdpSocket, names: &[IpAddr], buffer: &mut [u8]) {
    // `recv` reports an ICMP error of an earlier echo once. Datagrams can follow, so continue.
    loop {
        match socket.recv_from(buffer) {
            Ok((length, from)) => {
                let received = &buffer[..length];
                let answer = (!names.is_empty()).then(|| dns::answer(received, names));
                let _ = match answer.flatten() {
                    Some(answer) => socket.send_to(&answer, from),
                    None => socket.send_to(received, from),
                };
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
            Err(_) => {}
        }
    }
}
