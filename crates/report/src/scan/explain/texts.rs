//! The text of each explanation: its text keys and their arguments.
//!
//! This file must not know how texts are laid out.

use vigie_scan::open_port_check::{CheckVerdict, OpenPortCheck};
use vigie_scan::plan::Technique;
use vigie_scan::{PortState, Reason};
use vigie_scope::Transport;
use vigie_wire::frame::{Frame, Transport as Carried};

use super::diagram;
use super::group::{Group, Kind, Others, Share};
use super::{Evidence, Lost, share};
use crate::scan::handshakes;
use crate::{Message, Texts, number};
use vigie_findings::ScanInfo;

/// Maximum number of different certainties that are explained.
const MAX_CERTAINTIES: usize = 4;
/// Maximum number of ports that are named as silent by design.
const MAX_BY_DESIGN: usize = 12;

/// Context of the texts besides the group.
pub(super) struct About<'a> {
    pub(super) scan: &'a ScanInfo,
    pub(super) loss: Lost,
    pub(super) example: Option<&'a Evidence>,
    /// The first host.
    pub(super) host: String,
}

/// Text keys of one kind: what happened, what it means, why, other causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) head: &'static str,
    pub(super) means: &'static str,
    pub(super) why: &'static str,
    pub(super) or: &'static str,
}

/// Returns four keys with a common prefix. text keys: explain-*
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

/// Returns the text keys of a kind, for a technique.
pub(super) fn keys(kind: Kind, technique: Technique) -> Keys {
    match kind {
        Kind::Own => keys!("own"),
        Kind::Down => keys!("down"),
        Kind::Traced => keys!("traced"),
        Kind::AllOpen(_) => keys!("all-open"),
        Kind::Up(reason) => match reason {
            Reason::ArpResponse => keys!("arp"),
            Reason::NdResponse => keys!("nd"),
            Reason::EchoReply => keys!("echo"),
            Reason::TimestampReply => keys!("timestamp"),
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

/// Returns the name of an ICMP error, and the key of the text about its meaning.
pub(super) const fn icmp(reason: Reason) -> Option<(&'static str, &'static str)> {
    const PROHIBITED: &str = "explain-icmp-means-prohibited";
    const NO_PATH: &str = "explain-icmp-means-way";
    const ODD: &str = "explain-icmp-means-odd";
    Some(match reason {
        Reason::NetUnreach => ("explain-icmp-net-unreach", NO_PATH),
        Reason::HostUnreach => ("explain-icmp-host-unreach", NO_PATH),
        Reason::ProtoUnreach => ("explain-icmp-proto-unreach", "explain-icmp-means-protocol"),
        Reason::PortUnreach => ("explain-icmp-port-unreach", "explain-icmp-means-port"),
        Reason::NetProhibited => ("explain-icmp-net-prohibited", PROHIBITED),
        Reason::HostProhibited => ("explain-icmp-host-prohibited", PROHIBITED),
        Reason::AdminProhibited => ("explain-icmp-admin-prohibited", PROHIBITED),
        Reason::DestUnreach => ("explain-icmp-dest-unreach", NO_PATH),
        Reason::NoRoute => ("explain-icmp-no-route", NO_PATH),
        Reason::BeyondScope => ("explain-icmp-beyond-scope", NO_PATH),
        Reason::AddrUnreach => ("explain-icmp-addr-unreach", NO_PATH),
        Reason::PolicyFail => ("explain-icmp-policy-fail", PROHIBITED),
        Reason::RejectRoute => ("explain-icmp-reject-route", NO_PATH),
        Reason::SourceQuench => ("explain-icmp-source-quench", ODD),
        Reason::TimeExceeded => ("explain-icmp-time-exceeded", "explain-icmp-means-expired"),
        Reason::ParamProblem => ("explain-icmp-param-prob", ODD),
        _ => return None,
    })
}

impl About<'_> {
    /// Returns what happened, in one line.
    pub(super) fn head(&self, kind: Kind, group: &Group) -> Message {
        let key = keys(kind, self.scan.plan.spec.technique()).head;
        let message = Message::new(key);
        match key {
            "explain-all-open-head" => {
                let real = group.check.as_deref().map(OpenPortCheck::verdict);
                let key = match real {
                    Some(CheckVerdict::Real) => "explain-all-open-head-real",
                    Some(CheckVerdict::Unclear) => "explain-all-open-head-unclear",
                    _ => key,
                };
                Message::new(key).outside("host", &self.host)
            }
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

    /// Returns the sections: titles and their sentences.
    pub(super) fn sections(
        &self,
        kind: Kind,
        group: &Group,
        texts: &Texts,
    ) -> Vec<(String, Vec<String>)> {
        let keys = keys(kind, self.scan.plan.spec.technique());
        let mut means = vec![texts.get(keys.means)];
        let half_open = matches!(
            keys.head,
            "explain-open-syn-ack-head" | "explain-all-open-head"
        );
        if half_open && self.example.is_some() {
            means.push(texts.get("explain-kernel-reset"));
        }
        if keys.head == "explain-silent-udp-head" {
            means.extend(About::udp_probes(group, texts));
        }
        let why = match keys.why {
            key @ "explain-unknown-why" => {
                texts.say(&Message::new(key).safe("reason", reason(kind)))
            }
            key => texts.get(key),
        };
        if let Some(handshakes) = group.check.as_deref() {
            let verified = texts.say(&handshakes::verified(handshakes));
            if handshakes.verdict() == CheckVerdict::Real {
                // The other causes would explain a suspicion that the check has removed.
                return vec![(texts.get("explain-means"), vec![verified])];
            }
            means.push(verified);
        }
        let mut said = vec![
            (texts.get("explain-means"), means),
            (texts.get("explain-why"), vec![why]),
            (texts.get("explain-else"), vec![texts.get(keys.or)]),
        ];
        if let Kind::Ports(_, _, Reason::NoResponse, _) = kind {
            said.push((
                texts.get("explain-sure"),
                self.certainty_sentences(kind, group, texts),
            ));
        }
        said
    }

    /// Explains how certain a silent port is: tries, loss, miss probability, and how a firewall differs from loss. Ports
    /// with a different certainty are explained separately, the least certain first.
    fn certainty_sentences(&self, kind: Kind, group: &Group, texts: &Texts) -> Vec<String> {
        let udp = matches!(kind, Kind::Ports(.., Transport::Udp));
        let certainties = certainties(group, texts);
        let apart = certainties.len() > 1;
        let mut sentences = Vec::new();
        for certainty in certainties.iter().take(MAX_CERTAINTIES) {
            if apart {
                let of = Message::new("explain-silent-of")
                    .amount("n", certainty.share.ports)
                    .amount("hosts", certainty.share.hosts.len() as u64);
                sentences.push(texts.say(&of));
            }
            sentences.extend(self.of_certainty(certainty, udp, texts));
        }
        let more = certainties.iter().skip(MAX_CERTAINTIES);
        let more = more.fold(0u64, |n, c| n.saturating_add(c.share.ports));
        if more > 0 {
            sentences.push(texts.say(&Message::new("explain-silent-surer").amount("n", more)));
        }
        if !udp {
            let place = if apart { sentences.len() } else { 1 };
            sentences.insert(place, texts.get("explain-silent-drop"));
        }
        sentences
    }

    fn of_certainty(&self, certainty: &RoundedCertainty, udp: bool, texts: &Texts) -> Vec<String> {
        let unresponsive = certainty.others == Others::Unresponsive;
        let numbers = match (udp, unresponsive) {
            (true, true) => return vec![texts.get("explain-silent-udp-mute")],
            (true, false) => "explain-silent-udp-numbers",
            (false, _) => "explain-silent-numbers",
        };
        let numbers = Message::new(numbers)
            .amount("tries", u64::from(certainty.tries))
            .safe("rate", share(self.loss.rate, texts))
            .safe("measured", if self.loss.measured { "yes" } else { "no" })
            .safe("p", certainty.bound.as_str());
        let others = match certainty.others {
            Others::Answered => "explain-silent-others-answered",
            Others::Silent | Others::Unresponsive => "explain-silent-nobody-answered",
        };
        vec![texts.say(&numbers), texts.get(others)]
    }

    /// Explains what silent UDP ports were probed with, and which servers are silent by design.
    fn udp_probes(group: &Group, texts: &Texts) -> Vec<String> {
        let (own, other) = group.probed;
        let mut sentences = Vec::new();
        if own {
            sentences.push(texts.get("explain-silent-udp-asked-own"));
        }
        if other {
            sentences.push(texts.get("explain-silent-udp-asked-other"));
        }
        for (why, ports) in &group.by_design {
            let mut ports = ports.clone();
            ports.sort_unstable();
            ports.dedup();
            let shown = ports.iter().take(MAX_BY_DESIGN);
            let shown: Vec<String> = shown.map(|p| format!("{p}/udp")).collect();
            let why = silence(why).map_or_else(String::new, |key| texts.get(key));
            let message = Message::new("explain-silent-udp-by-design")
                .safe("ports", shown.join(", "))
                .safe("why", why);
            sentences.push(texts.say(&message));
        }
        sentences
    }

    /// Returns the TCP flags of the answer in the example; without one, those that RFC 9293 requires.
    fn flags(&self) -> String {
        let packets = self.example.map(|e| e.packets.as_slice());
        let answer = packets.into_iter().flatten().find(|p| !p.sent);
        let frame = answer.and_then(|p| Frame::parse(p.link, &p.bytes).ok());
        match frame.map(|f| f.transport) {
            Some(Carried::Tcp(tcp)) => diagram::flags(tcp.flags()),
            _ if self.scan.plan.spec.technique() == Technique::Syn => "RST, ACK".to_owned(),
            _ => "RST".to_owned(),
        }
    }
}

/// A certainty, with its probability rounded as in the text.
struct RoundedCertainty {
    bound: String,
    tries: u8,
    others: Others,
    share: Share,
}

/// Returns the certainties of silent ports, the least certain first.
fn certainties(group: &Group, texts: &Texts) -> Vec<RoundedCertainty> {
    let mut rounded: Vec<RoundedCertainty> = Vec::new();
    for (certainty, share) in group.certainties.iter().rev() {
        let miss = f64::from_bits(certainty.miss);
        let bound = number::bound(miss, texts.lang());
        let same = rounded.iter_mut().find(|t| {
            t.bound == bound && (t.tries, t.others) == (certainty.tries, certainty.others)
        });
        match same {
            Some(same) => {
                same.share.ports = same.share.ports.saturating_add(share.ports);
                same.share.hosts.extend(&share.hosts);
            }
            None => rounded.push(RoundedCertainty {
                bound,
                tries: certainty.tries,
                others: certainty.others,
                share: share.clone(),
            }),
        }
    }
    rounded
}

/// Returns the key of the text about why a server may be silent by design.
fn silence(why: &str) -> Option<&'static str> {
    Some(match why {
        "needs-key" => "silence-needs-key",
        "may-need-key" => "silence-may-need-key",
        "one-way" => "silence-one-way",
        "known-peers-only" => "silence-known-peers-only",
        "multicast-only" => "silence-multicast-only",
        "fixed-port" => "silence-fixed-port",
        _ => return None,
    })
}

fn reason(kind: Kind) -> &'static str {
    match kind {
        Kind::Up(reason) | Kind::Ports(_, _, reason, _) => reason.as_str(),
        _ => "",
    }
}
