//! UDP payloads: one request per protocol, and the recogniser of its replies.
//!
//! An open UDP port does not answer a datagram that its service does not understand. Therefore each port gets a
//! well-formed request of the protocol that is usual there. A recognised reply proves that the port is open and identifies
//! the service with certainty. Each protocol is one file, which names its specification at its head.
//!
//! Every request is minimal and only reads. It changes nothing at the target and tries no user name or password (except
//! the SNMP community `public`). If a protocol offers a small and a large reply, the request asks for the small one.
//!
//! Each request carries a *token*, the cookie of the scan, in a field that the protocol returns, if there is one. A reply
//! that returns the token answers our request; see [`Answer`].
//!
//! A request is the content of a datagram. The module does not know rounds, rates, sockets or packet headers.

mod kit;
mod table;

use alloc::boxed::Box;
use core::fmt;

pub use kit::{Detail, Encoding, Request, TokenField};

/// Declares the modules of the protocols, and [`ALL`].
macro_rules! payloads {
    ($($file:ident: $($payload:ident),+;)*) => {
        $(mod $file;)*
        /// Every payload. Payloads of the same port are in the order in which they should be sent.
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

/// Payloads for ports without one of their own: the services most often moved to another port.
pub static FALLBACKS: &[&Payload] = &[
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

/// Recognises a reply to the request with `token`. Returns `None` for a reply of another protocol.
type Recognise = fn(token: u64, reply: &[u8]) -> Option<Answer>;

/// A request of one protocol, and the recogniser of its replies.
pub struct Payload {
    /// Unique name of the payload.
    pub name: &'static str,
    /// Usual name of the service that a reply confirms.
    pub service: &'static str,
    /// Usual ports of the protocol.
    pub ports: &'static [u16],
    /// The request.
    pub request: Request,
    /// Number of bits of the token that a reply returns; 0 if the protocol returns none.
    pub echoed_bits: u32,
    /// Why a working server may stay silent, if it may.
    pub silence: Option<Silence>,
    /// Whether replies come from another port than the one probed.
    pub replies_from_other_port: bool,
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
            echoed_bits: 0,
            silence: None,
            replies_from_other_port: false,
            recognise,
        }
    }

    const fn echoing(mut self, encoding: Encoding) -> Payload {
        self.echoed_bits = encoding.bits();
        self
    }

    const fn silent(mut self, why: Silence) -> Payload {
        self.silence = Some(why);
        self
    }

    const fn replying_from_other_port(mut self) -> Payload {
        self.replies_from_other_port = true;
        self
    }

    /// Writes the request with `token` to the start of `slot` and returns its length in bytes. Returns `None` if `slot` is
    /// too short. Does not allocate.
    #[inline]
    pub fn write(&self, slot: &mut [u8], token: u64) -> Option<usize> {
        self.request.write(slot, token)
    }

    /// Classifies `reply`, the content of a datagram, to the request with `token`.
    pub fn recognise(&self, token: u64, reply: &[u8]) -> Answer {
        (self.recognise)(token, reply).unwrap_or(Answer::NotThisProtocol)
    }

    /// Returns the key of the explanation why a server may stay silent.
    pub fn silent_by_design(&self) -> Option<&'static str> {
        self.silence.map(Silence::key)
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Payload").field(&self.name).finish()
    }
}

/// The classification of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A reply of the protocol. It returns the token if the protocol does.
    Confirmed {
        /// What the reply reveals of the program.
        detail: Box<Detail>,
    },
    /// A reply of the protocol to another request than ours.
    SameProtocolOtherToken,
    /// Not a reply of this protocol.
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

    /// Classifies a reply of the protocol by whether it returns the token (`ours`).
    fn echoing(ours: bool, detail: Detail) -> Answer {
        if ours {
            Answer::confirmed(detail)
        } else {
            Answer::SameProtocolOtherToken
        }
    }
}

/// Why a working server may stay silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// It answers only clients that hold one of its keys.
    NeedsKey,
    /// It may be configured to answer only clients that hold its key.
    MayNeedKey,
    /// It receives and never answers.
    OneWay,
    /// It answers only configured peers.
    KnownPeersOnly,
    /// It answers multicast requests, not unicast ones.
    MulticastOnly,
    /// It replies to a fixed port that only a privileged client of the same machine can use.
    FixedPort,
}

impl Silence {
    /// Every value.
    pub const ALL: &'static [Silence] = &[
        Silence::NeedsKey,
        Silence::MayNeedKey,
        Silence::OneWay,
        Silence::KnownPeersOnly,
        Silence::MulticastOnly,
        Silence::FixedPort,
    ];

    /// Returns the key of the explanation.
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

/// Maximum length of a request in bytes.
pub const MAX_LEN: usize = table::MAX_LEN;
/// Every link carries IPv6 packets of 1,280 bytes (RFC 8200 section 5).
const _: () = assert!(MAX_LEN + 40 + 8 <= 1280);

/// Returns the payloads of a port in the order in which they should be sent. Empty for most ports, which get an empty
/// datagram or the [`FALLBACKS`].
#[inline]
pub fn for_port(port: u16) -> &'static [&'static Payload] {
    table::for_port(port)
}

/// Returns the ports of every payload, in the order of [`ALL`], with repetitions.
pub fn ports() -> impl Iterator<Item = u16> {
    ALL.iter().flat_map(|payload| payload.ports.iter().copied())
}

/// Returns the payload with this name.
pub fn by_name(name: &str) -> Option<&'static Payload> {
    ALL.iter().copied().find(|payload| payload.name == name)
}

/// Classifies a reply after all of `sent` were sent to one port with `token`: UDP does not show which of them it answers.
/// Returns the best match and its payload, or `None` if the reply belongs to none of the protocols.
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
