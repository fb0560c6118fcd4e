//! Requests over UDP: what to ask a port so that a service there answers, and what a true answer is.
//!
//! A UDP port that is open says nothing to bytes it does not understand. So each port gets a
//! well-formed request of the protocol that is at home there; the answer proves that the port is open
//! and names the service with certainty. One file per protocol, which names its specification at its
//! head; a new protocol is one file, and one word in the list below.
//!
//! Every request is minimal and reads only: nothing is changed at the target, no name or password is
//! tried (SNMP's community `public` apart, which is the public one), and where a protocol offers a
//! small answer and a large one, the small one is asked for. The token is the scan's cookie: where a
//! protocol gives something back, it comes back there.
//!
//! This folder must not know rounds, pace, sockets or packets: a request is the content of a datagram.

mod kit;
mod table;

use alloc::boxed::Box;
use core::fmt;

pub use kit::{Detail, Form, Place, Request};

/// Declares the modules of this folder and the list of every payload in them.
macro_rules! payloads {
    ($($file:ident: $($payload:ident),+;)*) => {
        $(mod $file;)*
        /// Every payload. On a port that several know, they stand in the order in which they are worth sending.
        pub static ALL: &[&Payload] = &[$($(&$file::$payload),+),*];
    };
}

payloads! {
    dns: VERSION, QUERY;
    ntp: CLIENT, CONTROL;
    snmp: V3, V2C, V1;
    rpcbind: NULL, DUMP, ANY;
    nfs: NFS, MOUNTD;
    netbios_ns: NODE_STATUS;
    quic: QUIC;
    dtls: DTLS;
    ike: V2, V1, V2_NAT, V1_NAT;
    sip: SIP;
    ssdp: SSDP;
    mdns: MDNS;
    tftp: TFTP;
    kerberos: KERBEROS;
    cldap: CLDAP;
    stun: STUN;
    openvpn: OPENVPN;
    l2tp: L2TP;
    mssql: MSSQL;
    ipmi: ASF, IPMI;
    radius: RADIUS;
    rip: V2, V1;
    ripng: RIPNG;
    ws_discovery: ANY, DEVICE;
    llmnr: LLMNR;
    nat_pmp: NAT_PMP;
    pcp: PCP;
    coap: COAP;
    memcached: MEMCACHED;
    source_engine: SOURCE;
    quake3: QUAKE3;
    steam: STEAM;
    raknet: RAKNET;
    mumble: MUMBLE;
    ubiquiti: UBIQUITI;
    xdmcp: XDMCP;
    bacnet: BACNET, WHO_IS;
    ethernet_ip: ETHERNET_IP;
    knx: KNX;
    lifx: LIFX;
    gtp: CONTROL, CONTROL_V1, USER;
    iax: IAX;
    rdp: RDP;
    plex: PLEX;
    slp: SLP;
    mgcp: MGCP;
    dht: DHT;
    memberlist: MEMBERLIST;
    rx: RX;
    simple: ECHO, DAYTIME, TIME, CHARGEN, QOTD;
    wireguard: WIREGUARD;
    one_way: DISCARD, SYSLOG, SNMP_TRAP, NETFLOW, SFLOW, COLLECTD, STATSD, GELF, DHCP, DHCPV6, MOSH, TAILSCALE, VXLAN, BFD, HSRP, PTP;
}

/// Worth trying on a port that has no payload of its own: the services most often moved to another port.
pub static ANYWHERE: &[&Payload] = &[
    &dns::VERSION,
    &snmp::V3,
    &ntp::CLIENT,
    &sip::SIP,
    &stun::STUN,
    &quic::QUIC,
    &dtls::DTLS,
    &coap::COAP,
    &rpcbind::ANY,
    &openvpn::OPENVPN,
    &source_engine::SOURCE,
];

/// How an answer is read: the token of the request, and the answer; none where it is of another protocol.
type Recognise = fn(token: u64, reply: &[u8]) -> Option<Answer>;

/// A request of one protocol, and what its answers look like.
pub struct Payload {
    /// Its own name, unlike any other's.
    pub name: &'static str,
    /// The service that an answer confirms, by the name it usually has.
    pub service: &'static str,
    /// The ports where the protocol is at home.
    pub ports: &'static [u16],
    /// What is sent.
    pub request: Request,
    /// How many bits of the token a true answer gives back; 0 where the protocol gives nothing back.
    pub echoes: u32,
    /// Why a server may stay silent though it is there and well, where that is so.
    pub silence: Option<Silence>,
    /// Whether a true answer comes from another port than the one that was asked.
    pub moves: bool,
    recognise: Recognise,
}

impl Payload {
    const fn new(
        name: &'static str,
        service: &'static str,
        ports: &'static [u16],
        request: Request,
        recognise: Recognise,
    ) -> Payload {
        Payload {
            name,
            service,
            ports,
            request,
            echoes: 0,
            silence: None,
            moves: false,
            recognise,
        }
    }

    const fn echoing(mut self, form: Form) -> Payload {
        self.echoes = form.bits();
        self
    }

    const fn silent(mut self, why: Silence) -> Payload {
        self.silence = Some(why);
        self
    }

    const fn moving(mut self) -> Payload {
        self.moves = true;
        self
    }

    /// Writes the request with `token` to the start of `slot`; its length in bytes, or none where `slot` is
    /// too short. Does not allocate.
    #[inline]
    pub fn write(&self, slot: &mut [u8], token: u64) -> Option<usize> {
        self.request.write(slot, token)
    }

    /// What `reply`, the content of a datagram, says to the request that was written with `token`.
    pub fn recognise(&self, token: u64, reply: &[u8]) -> Answer {
        (self.recognise)(token, reply).unwrap_or(Answer::NotThisProtocol)
    }

    /// Why a server may be silent, as a key for an explanation.
    pub fn silent_by_design(&self) -> Option<&'static str> {
        self.silence.map(Silence::key)
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Payload").field(&self.name).finish()
    }
}

/// What an answer says of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is the protocol's answer, and gives back the token where the protocol does.
    Confirmed {
        /// What it tells of the program.
        detail: Box<Detail>,
    },
    /// It is of the protocol, and answers another request than ours.
    SameProtocolOtherToken,
    /// It is not an answer of this protocol.
    NotThisProtocol,
}

impl Answer {
    const fn detail() -> Detail {
        Detail::NONE
    }

    fn confirmed(detail: Detail) -> Answer {
        Answer::Confirmed {
            detail: Box::new(detail),
        }
    }

    /// An answer that did, or did not, give back the token.
    fn echoing(ours: bool, detail: Detail) -> Answer {
        if ours {
            Answer::confirmed(detail)
        } else {
            Answer::SameProtocolOtherToken
        }
    }
}

/// Why a server may be silent though nothing is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// It answers nobody who does not hold one of its keys.
    NeedsKey,
    /// It may be set up to answer only who holds its key.
    MayNeedKey,
    /// It takes in and never answers.
    OneWay,
    /// It answers only the peers that it was told of.
    KnownPeersOnly,
    /// It answers what came by multicast, not what was sent to it alone.
    MulticastOnly,
    /// It answers to a fixed port, which only a client of the same machine room holds.
    FixedPort,
}

impl Silence {
    /// All of them.
    pub const ALL: &'static [Silence] = &[
        Silence::NeedsKey,
        Silence::MayNeedKey,
        Silence::OneWay,
        Silence::KnownPeersOnly,
        Silence::MulticastOnly,
        Silence::FixedPort,
    ];

    /// The key of its explanation.
    pub const fn key(self) -> &'static str {
        match self {
            Silence::NeedsKey => "needs-key",
            Silence::MayNeedKey => "may-need-key",
            Silence::OneWay => "one-way",
            Silence::KnownPeersOnly => "known-peers-only",
            Silence::MulticastOnly => "multicast-only",
            Silence::FixedPort => "fixed-port",
        }
    }
}

/// Length of the longest request, in bytes.
pub const LONGEST: usize = table::LONGEST;
/// Every link carries 1,280 bytes of IPv6 (RFC 8200 section 5): with the headers of IPv6 and UDP no payload is more.
const _: () = assert!(LONGEST + 40 + 8 <= 1280);

/// The payloads for a port, in the order in which they are worth sending; none for most ports,
/// which get an empty datagram (or [`ANYWHERE`]).
#[inline]
pub fn for_port(port: u16) -> &'static [&'static Payload] {
    table::for_port(port)
}

/// Returns the ports of every payload, in the order of [`ALL`], with repetitions.
pub fn ports() -> impl Iterator<Item = u16> {
    ALL.iter().flat_map(|payload| payload.ports.iter().copied())
}

/// The payload of that name.
pub fn by_name(name: &str) -> Option<&'static Payload> {
    ALL.iter().copied().find(|payload| payload.name == name)
}

/// Reads an answer from `port`, where all of `sent` were sent with `token`: UDP does not tell which of them it answers.
/// The best reading, and whose it is; none where no protocol among them answers so.
pub fn recognise(
    sent: &[&'static Payload],
    token: u64,
    reply: &[u8],
) -> Option<(&'static Payload, Answer)> {
    let mut best = None;
    for payload in sent {
        match payload.recognise(token, reply) {
            Answer::NotThisProtocol => {}
            answer @ Answer::Confirmed { .. } => return Some((payload, answer)),
            answer @ Answer::SameProtocolOtherToken => best = best.or(Some((*payload, answer))),
        }
    }
    best
}
