//! What is said about each kind: the keys of its texts, and what goes into them.
//!
//! This file must not know how texts are laid out.

use vigie_packet::frame::{Frame, Transport as Carried};
use vigie_scan::plan::Technique;
use vigie_scan::{PortState, Reason, Transport};

use super::diagram;
use super::{Evidence, Group, Kind, share};
use crate::scan::ScanInfo;
use crate::{Message, Texts, number};

/// What the texts need to know besides the group.
pub(super) struct About<'a> {
    pub(super) scan: &'a ScanInfo,
    pub(super) loss: f64,
    pub(super) example: Option<&'a Evidence>,
    /// The first host.
    pub(super) host: String,
}

/// The keys of one kind's texts: what happened, what it means, why, what else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) head: &'static str,
    pub(super) means: &'static str,
    pub(super) why: &'static str,
    pub(super) or: &'static str,
}

/// Four keys with one beginning. text keys: explain-*
macro_rules! keys {
    ($name:literal) => {
        Keys {
            head: concat!("explain-", $name, "-head"),
            means: concat!("explain-", $name, "-means"),
            why: concat!("explain-", $name, "-why"),
            or: concat!("explain-", $name, "-else"),
        }
    };
}

/// The texts of a kind, for a technique.
pub(super) fn keys(kind: Kind, technique: Technique) -> Keys {
    match kind {
        Kind::Own => keys!("own"),
        Kind::Down => keys!("down"),
        Kind::AllOpen(_) => keys!("all-open"),
        Kind::Up(reason) => match reason {
            Reason::ArpResponse => keys!("arp"),
            Reason::NdResponse => keys!("nd"),
            Reason::EchoReply => keys!("echo"),
            Reason::SynAck | Reason::Reset | Reason::ConnRefused => keys!("tcp-host"),
            Reason::UserSet => keys!("assumed"),
            _ => keys!("other-host"),
        },
        Kind::Ports(_, state, reason, transport) => ports(state, reason, transport, technique),
    }
}

fn ports(state: PortState, reason: Reason, transport: Transport, technique: Technique) -> Keys {
    if let Some((_, means)) = icmp(reason)
        && state == PortState::Filtered
    {
        return Keys {
            means,
            ..keys!("icmp")
        };
    }
    let tcp = transport == Transport::Tcp;
    match (state, reason) {
        (PortState::Open | PortState::Closed, Reason::Reset) if technique == Technique::Window => {
            keys!("window")
        }
        (PortState::Open, Reason::SynAck) if technique == Technique::Connect => {
            keys!("open-connect")
        }
        (PortState::Open, Reason::SynAck) => keys!("open-syn-ack"),
        (PortState::Open, Reason::SplitHandshakeSyn) => keys!("open-split"),
        (PortState::Open, Reason::UdpResponse) => keys!("open-udp"),
        (
            PortState::Open,
            Reason::InitAck | Reason::ProtoResponse | Reason::EchoReply | Reason::PortUnreach,
        ) => keys!("open-other"),
        (PortState::Closed, Reason::Reset) => keys!("closed-reset"),
        (PortState::Closed, Reason::ConnRefused) => keys!("closed-refused"),
        (PortState::Closed, Reason::PortUnreach) => keys!("closed-port-unreach"),
        (PortState::Closed, Reason::Abort | Reason::ProtoUnreach) => keys!("closed-other"),
        (PortState::Filtered, Reason::NoResponse) if tcp => keys!("silent"),
        (PortState::OpenFiltered, Reason::NoResponse) if transport == Transport::Udp => {
            keys!("silent-udp")
        }
        (PortState::OpenFiltered, Reason::NoResponse) if tcp => keys!("silent-flags"),
        (PortState::Filtered | PortState::OpenFiltered, Reason::NoResponse) => {
            keys!("silent-other")
        }
        (PortState::Unfiltered, Reason::Reset) => keys!("unfiltered"),
        (PortState::Unknown, _) => keys!("unknown"),
        _ => keys!("other"),
    }
}

/// The name of an ICMP error, and the text of what it means.
pub(super) const fn icmp(reason: Reason) -> Option<(&'static str, &'static str)> {
    const PROHIBITED: &str = "explain-icmp-means-prohibited";
    const WAY: &str = "explain-icmp-means-way";
    const ODD: &str = "explain-icmp-means-odd";
    Some(match reason {
        Reason::NetUnreach => ("explain-icmp-net-unreach", WAY),
        Reason::HostUnreach => ("explain-icmp-host-unreach", WAY),
        Reason::ProtoUnreach => ("explain-icmp-proto-unreach", "explain-icmp-means-protocol"),
        Reason::PortUnreach => ("explain-icmp-port-unreach", "explain-icmp-means-port"),
        Reason::NetProhibited => ("explain-icmp-net-prohibited", PROHIBITED),
        Reason::HostProhibited => ("explain-icmp-host-prohibited", PROHIBITED),
        Reason::AdminProhibited => ("explain-icmp-admin-prohibited", PROHIBITED),
        Reason::DestUnreach => ("explain-icmp-dest-unreach", WAY),
        Reason::NoRoute => ("explain-icmp-no-route", WAY),
        Reason::BeyondScope => ("explain-icmp-beyond-scope", WAY),
        Reason::AddrUnreach => ("explain-icmp-addr-unreach", WAY),
        Reason::PolicyFail => ("explain-icmp-policy-fail", PROHIBITED),
        Reason::RejectRoute => ("explain-icmp-reject-route", WAY),
        Reason::SourceQuench => ("explain-icmp-source-quench", ODD),
        Reason::TimeExceeded => ("explain-icmp-time-exceeded", "explain-icmp-means-expired"),
        Reason::ParamProblem => ("explain-icmp-param-prob", ODD),
        _ => return None,
    })
}

impl About<'_> {
    /// What happened, in one line.
    pub(super) fn head(&self, kind: Kind, group: &Group) -> Message {
        let key = keys(kind, self.scan.plan.technique).head;
        let message = Message::new(key);
        match key {
            "explain-all-open-head" => message.outside("host", &self.host),
            "explain-icmp-head" => {
                let name = match kind {
                    Kind::Ports(_, _, reason, _) => {
                        icmp(reason).map_or("explain-icmp-dest-unreach", |(n, _)| n)
                    }
                    _ => "explain-icmp-dest-unreach",
                };
                message
                    .amount("n", group.total)
                    .text("name", Message::new(name))
            }
            "explain-closed-reset-head" | "explain-unfiltered-head" | "explain-window-head" => {
                message.amount("n", group.total).safe("flags", self.flags())
            }
            "explain-open-other-head" | "explain-closed-other-head" | "explain-other-head" => {
                message
                    .amount("n", group.total)
                    .safe("reason", reason(kind))
            }
            "explain-other-host-head" => message
                .amount("n", group.total)
                .outside("host", &self.host)
                .safe("reason", reason(kind)),
            _ if matches!(kind, Kind::Ports(..)) => message.amount("n", group.total),
            _ => message.amount("n", group.total).outside("host", &self.host),
        }
    }

    /// The titles and what stands under them.
    pub(super) fn said(
        &self,
        kind: Kind,
        group: &Group,
        texts: &Texts,
    ) -> Vec<(String, Vec<String>)> {
        let keys = keys(kind, self.scan.plan.technique);
        let mut means = vec![texts.get(keys.means)];
        if keys.head == "explain-open-syn-ack-head" && self.example.is_some() {
            means.push(texts.get("explain-kernel-reset"));
        }
        let why = match keys.why {
            key @ "explain-unknown-why" => {
                texts.say(&Message::new(key).safe("reason", reason(kind)))
            }
            key => texts.get(key),
        };
        let mut said = vec![
            (texts.get("explain-means"), means),
            (texts.get("explain-why"), vec![why]),
            (texts.get("explain-else"), vec![texts.get(keys.or)]),
        ];
        if let Kind::Ports(_, _, Reason::NoResponse, _) = kind {
            said.push((texts.get("explain-sure"), self.how_sure(group, texts)));
        }
        said
    }

    /// Of silence: tries, loss, the probability of an oversight, and how a firewall differs from loss.
    fn how_sure(&self, group: &Group, texts: &Texts) -> Vec<String> {
        let numbers = Message::new("explain-silent-numbers")
            .amount("tries", u64::from(group.tries))
            .safe("rate", share(self.loss, texts))
            .safe("p", number::bound(group.miss, texts.lang()));
        let others = if group.others_answered {
            "explain-silent-others-answered"
        } else {
            "explain-silent-nobody-answered"
        };
        vec![
            texts.say(&numbers),
            texts.get("explain-silent-drop"),
            texts.get(others),
        ]
    }

    /// The flags of the answer that is shown; where none is, those that the RFC asks for.
    fn flags(&self) -> String {
        let packets = self.example.map(|e| e.packets.as_slice());
        let answer = packets.into_iter().flatten().find(|p| !p.sent);
        let frame = answer.and_then(|p| Frame::parse(p.link, &p.bytes).ok());
        match frame.map(|f| f.transport) {
            Some(Carried::Tcp(tcp)) => diagram::flags(tcp.flags()),
            _ if self.scan.plan.technique == Technique::Syn => "RST, ACK".to_owned(),
            _ => "RST".to_owned(),
        }
    }
}

fn reason(kind: Kind) -> &'static str {
    match kind {
        Kind::Up(reason) | Kind::Ports(_, _, reason, _) => reason.as_str(),
        _ => "",
    }
}
