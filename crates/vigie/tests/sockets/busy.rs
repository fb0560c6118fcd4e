//! A namespace with every kind of socket and a TCP connection in every state.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use vigie_linux::net::Network;
use vigie_linux::netns::Namespace;
use vigie_linux::nft::{Chain, Hook, Match, Policy, Rule, Table, Verdict, install};

/// A port whose answers are dropped, so that connections to it stay half open.
pub(crate) const HALF_OPEN: u16 = 7777;

/// Locks out the other tests of this process. While one starts a program, the forked child briefly owns the sockets of
/// all tests and would be listed as an owner.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns a namespace whose loopback link is up.
pub(crate) fn namespace() -> Namespace {
    let namespace =
        Namespace::create().expect("these tests make network namespaces: run them as root");
    namespace
        .run(|| Network::open().and_then(|mut network| network.set_up(1, true)))
        .expect("the namespace")
        .expect("the loopback link");
    namespace
}

/// Runs a program inside the namespace. Returns its output.
pub(crate) fn run(namespace: &Namespace, program: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("LC_ALL", "C")
        .env_remove("VIGIE_LANG");
    let command = namespace
        .command(&mut command)
        .expect("a command for the namespace");
    let output = command.output();
    output.unwrap_or_else(|error| panic!("{program} is needed as a witness: {error}"))
}

/// Runs a program inside the namespace, which must succeed. Returns its standard output.
pub(crate) fn printed(namespace: &Namespace, program: &str, arguments: &[&str]) -> String {
    let output = run(namespace, program, arguments);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {complaint}"
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Runs `vigie sockets` inside the namespace. Returns its standard output.
pub(crate) fn vigie(namespace: &Namespace, arguments: &str) -> String {
    let mut all = vec!["sockets"];
    all.extend(arguments.split_whitespace());
    let output = run(namespace, env!("CARGO_BIN_EXE_vigie"), &all);
    let said = String::from_utf8_lossy(&output.stderr);
    // A rejected netlink request would also be reported here.
    assert!(
        output.status.success() && said.is_empty(),
        "{arguments}: {said}"
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The sockets, and the program that shares one of them.
pub(crate) struct Busy {
    /// Namespace of the sockets.
    pub(crate) namespace: Namespace,
    /// A process with the shared listener as its standard input.
    pub(crate) sharer: Child,
    directory: PathBuf,
    _held: Vec<OwnedFd>,
}

impl Busy {
    /// Creates the sockets in a new namespace. `name` distinguishes the files of tests.
    pub(crate) fn new(name: &str) -> Self {
        let namespace = namespace();
        let directory =
            std::env::temp_dir().join(format!("vigie-sockets-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&directory).expect("a directory for UNIX sockets");
        let (held, shared) = namespace.run(|| fill(&directory)).expect("the namespace");
        let sharer = Command::new("sleep")
            .arg("600")
            .stdin(Stdio::from(shared))
            .spawn()
            .expect("a process that shares a socket");
        Self {
            namespace,
            sharer,
            directory,
            _held: held,
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let _ = self.sharer.kill();
        let _ = self.sharer.wait();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// Creates the sockets. Returns them, and one to be shared with another process.
fn fill(directory: &Path) -> (Vec<OwnedFd>, OwnedFd) {
    let mut held: Vec<OwnedFd> = vec![];
    listeners(&mut held);
    connections(&mut held);
    datagrams(&mut held);
    unix(&mut held, directory);
    let shared = TcpListener::bind("127.0.0.1:7100").expect("a listener");
    let fd = shared
        .as_fd()
        .try_clone_to_owned()
        .expect("a second descriptor");
    held.push(shared.into());
    (held, fd)
}

fn address(text: &str) -> SockAddr {
    text.parse::<SocketAddr>().expect("an address").into()
}

fn listeners(held: &mut Vec<OwnedFd>) {
    for (at, v6only) in [
        ("[::]:7101", false),
        ("[::]:7102", true),
        ("[::1]:7103", false),
    ] {
        let socket = Socket::new(Domain::IPV6, Type::STREAM, None).expect("a socket");
        socket.set_only_v6(v6only).expect("IPV6_V6ONLY");
        socket.bind(&address(at)).expect("a free port");
        socket.listen(16).expect("a listener");
        held.push(socket.into());
    }
    let bound = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    bound.bind_device(Some(b"lo")).expect("SO_BINDTODEVICE");
    bound.bind(&address("0.0.0.0:7104")).expect("a free port");
    bound.listen(16).expect("a listener");
    held.push(bound.into());
    // Several sockets may share one port.
    for _ in 0..2 {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.set_reuse_port(true).expect("SO_REUSEPORT");
        socket
            .bind(&address("0.0.0.0:7105"))
            .expect("a shared port");
        socket.listen(16).expect("a listener");
        held.push(socket.into());
    }
    let multipath =
        Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::MPTCP)).expect("multipath TCP");
    multipath
        .bind(&address("127.0.0.1:7106"))
        .expect("a free port");
    multipath.listen(16).expect("a listener");
    held.push(multipath.into());
}

/// Returns both ends of a connection: the client and the accepted socket.
fn pair(listener: &TcpListener, to: &str) -> (TcpStream, TcpStream) {
    let client = Socket::new(
        Domain::for_address(to.parse().expect("an address")),
        Type::STREAM,
        None,
    )
    .expect("a socket");
    // Small queues fill quickly.
    client.set_recv_buffer_size(4096).expect("SO_RCVBUF");
    client.set_send_buffer_size(4096).expect("SO_SNDBUF");
    client.connect(&address(to)).expect("a connection");
    let (server, _) = listener.accept().expect("the same connection");
    (client.into(), server)
}

/// Sends until both queues are full.
fn stuff(stream: &TcpStream) {
    stream.set_nonblocking(true).expect("O_NONBLOCK");
    let mut stream = stream;
    loop {
        match stream.write(&[7; 512]) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => panic!("{error}"),
        }
    }
}

fn until_end(stream: &mut TcpStream) {
    let mut rest = vec![];
    stream
        .read_to_end(&mut rest)
        .expect("the end of the stream");
}

fn connections(held: &mut Vec<OwnedFd>) {
    use std::net::Shutdown::Write as Sending;
    let small = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    small.set_recv_buffer_size(4096).expect("SO_RCVBUF");
    small.set_send_buffer_size(4096).expect("SO_SNDBUF");
    small.bind(&address("127.0.0.1:7200")).expect("a free port");
    small.listen(64).expect("a listener");
    let listener: TcpListener = small.into();
    let connect = || pair(&listener, "127.0.0.1:7200");
    let mut keep = |(client, server): (TcpStream, TcpStream)| {
        held.extend([OwnedFd::from(client), server.into()]);
    };

    // ESTABLISHED, with three bytes not read.
    let (mut client, server) = connect();
    client.write_all(b"abc").expect("room for three bytes");
    keep((client, server));
    // ESTABLISHED, both queues full.
    let both = connect();
    stuff(&both.0);
    keep(both);
    // FIN_WAIT2 and CLOSE_WAIT: one side closed.
    let both = connect();
    both.0.shutdown(Sending).expect("a FIN");
    keep(both);
    // FIN_WAIT1: the FIN waits behind data that the peer does not take.
    let both = connect();
    stuff(&both.0);
    both.0.shutdown(Sending).expect("a FIN");
    keep(both);
    // CLOSING: the peer's FIN arrives while the own FIN waits behind data.
    let both = connect();
    stuff(&both.0);
    both.0.shutdown(Sending).expect("a FIN");
    both.1.shutdown(Sending).expect("a FIN");
    keep(both);
    // LAST_ACK: the peer closed first, and the own FIN waits behind data.
    let both = connect();
    stuff(&both.1);
    both.0.shutdown(Sending).expect("a FIN");
    both.1.shutdown(Sending).expect("a FIN");
    keep(both);
    // TIME_WAIT, on the side that closed first.
    let (client, mut server) = connect();
    drop(client);
    until_end(&mut server);
    drop(server);
    held.push(listener.into());

    // IPv6, and IPv4 through an IPv6 socket.
    let listener = TcpListener::bind("[::]:7201").expect("a listener");
    for (client, server) in [
        pair(&listener, "[::1]:7201"),
        pair(&listener, "127.0.0.1:7201"),
    ] {
        held.extend([OwnedFd::from(client), server.into()]);
    }
    held.push(listener.into());

    // SYN_SENT and SYN_RECV: the server's answers are dropped.
    let from = Match::SourcePorts(vec![HALF_OPEN..=HALF_OPEN]);
    let rules = vec![Rule::new([Match::TCP, from], Verdict::Drop)];
    let chain = Chain {
        hook: Hook::Output,
        policy: Policy::Accept,
        rules,
    };
    install(&Table {
        name: "sockets".to_owned(),
        chains: vec![chain],
    })
    .expect("a packet filter");
    held.push(
        TcpListener::bind(("127.0.0.1", HALF_OPEN))
            .expect("a listener")
            .into(),
    );
    let client = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    client.set_nonblocking(true).expect("O_NONBLOCK");
    let started = client.connect(&address(&format!("127.0.0.1:{HALF_OPEN}")));
    assert!(started.is_err(), "nobody may answer");
    held.push(client.into());
}

fn datagrams(held: &mut Vec<OwnedFd>) {
    use std::net::UdpSocket;
    let bind = |at: &str| UdpSocket::bind(at).expect("a free port");
    let waiting = bind("127.0.0.1:7301");
    let connected = bind("127.0.0.1:7302");
    connected.connect("127.0.0.1:7301").expect("a peer");
    connected.send(b"not read").expect("room in the queue");
    held.extend(
        [
            waiting,
            connected,
            bind("0.0.0.0:7303"),
            bind("[::]:7304"),
            bind("[::1]:7305"),
        ]
        .map(OwnedFd::from),
    );
    let icmp = Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::ICMPV4)).expect("a raw socket");
    let icmp6 = Socket::new(Domain::IPV6, Type::RAW, Some(Protocol::ICMPV6)).expect("a raw socket");
    let all = i32::from(3u16.to_be());
    let packet = Socket::new(Domain::PACKET, Type::DGRAM, Some(Protocol::from(all)))
        .expect("a packet socket");
    held.extend([icmp, icmp6, packet].map(OwnedFd::from));
}

fn unix(held: &mut Vec<OwnedFd>, directory: &Path) {
    let path = directory.join("stream");
    let listener = UnixListener::bind(&path).expect("a UNIX listener");
    let client = UnixStream::connect(&path).expect("a connection");
    let (server, _) = listener.accept().expect("the same connection");
    // A connection that is not accepted.
    let waiting = UnixStream::connect(&path).expect("a place in the queue");
    held.extend([
        OwnedFd::from(listener),
        client.into(),
        server.into(),
        waiting.into(),
    ]);

    let name = format!("vigie-sockets-{}", directory.display());
    let name = std::os::unix::net::SocketAddr::from_abstract_name(name).expect("a name");
    let receiver = UnixDatagram::bind_addr(&name).expect("an abstract name");
    let sender = UnixDatagram::unbound().expect("a socket");
    sender.connect_addr(&name).expect("a peer");
    sender.send(b"not read").expect("room in the queue");
    let (one, other) = UnixDatagram::pair().expect("a pair");
    held.extend([receiver, sender, one, other].map(OwnedFd::from));

    let packets = Socket::new(Domain::UNIX, Type::SEQPACKET, None).expect("a socket");
    packets
        .bind(&SockAddr::unix(directory.join("seqpacket")).expect("a path"))
        .expect("a path");
    packets.listen(3).expect("a listener");
    let (one, other) = Socket::pair(Domain::UNIX, Type::SEQPACKET, None).expect("a pair");
    held.extend([packets, one, other].map(OwnedFd::from));
}
