//! The lines after the first as events.

use std::time::Duration;

use vigie_detect::payload;
use vigie_scan::event::{
    EndReason, ErrorLimit, Event, Hop, HostSummary, LossAccount, Path, Progress, Sample,
    ScanSummary, StateCount, UdpSummary, Warning,
};
use vigie_scan::finding::{Finding, HostFinding};
use vigie_scan::open_port_check::{self, CheckOutcome, CheckedPort, OpenPortCheck};
use vigie_scan::{HostState, PortState, Reason, ServiceMatch};
use vigie_scope::{Host, Transport};
use vigie_wire::{LinkType, MacAddr};

use super::lines::{self, Line};
use super::plan::{self, Interfaces};
use super::{LineError, Moment, amount, seconds, share};
use crate::ScanInfo;
use crate::evidence::{Evidence, Packet};

/// No IP packet is longer, and no link header longer than what is left.
const LONGEST_PACKET: usize = 65_600;

/// Reads what follows the plan.
pub(super) struct Reader {
    scan: ScanInfo,
    interfaces: Interfaces,
    ended: bool,
}

type Read = Result<Option<(Duration, Moment)>, LineError>;

impl Reader {
    pub(super) fn new(scan: ScanInfo, interfaces: Interfaces) -> Reader {
        Reader {
            scan,
            interfaces,
            ended: false,
        }
    }

    /// The scan with the names of hosts read so far.
    pub(super) fn scan(&self) -> &ScanInfo {
        &self.scan
    }

    /// The scan with the names of its hosts.
    pub(super) fn into_scan(self) -> ScanInfo {
        let mut scan = self.scan;
        plan::name_interfaces(&mut scan, self.interfaces);
        scan
    }

    /// What a line says; nothing for a line that only repeats.
    pub(super) fn moment(&mut self, line: Line) -> Read {
        if self.ended {
            return Err(LineError::AfterTheEnd);
        }
        let (at, event) = match line {
            Line::Scan => return Err(LineError::AfterTheEnd),
            Line::Unknown => return Ok(None),
            Line::Up(found) => (found.at, Event::Host(self.found(found)?)),
            Line::Host(line) => match self.host(line)? {
                Some(told) => told,
                None => return Ok(None),
            },
            Line::Port(line) => (line.at, Event::Port(self.port(&line)?)),
            Line::Evidence(line) => {
                let evidence = self.evidence(&line)?;
                return Ok(Some((seconds(line.at, "at")?, Moment::Evidence(evidence))));
            }
            Line::Warning(line) => match self.warning(&line)? {
                Some(warning) => (line.at, Event::Warning(warning)),
                None => return Ok(None),
            },
            Line::Path(line) => (line.at, Event::Path(Box::new(self.path(&line)?))),
            Line::Loss(line) => (line.at, Event::Loss(loss(&line)?)),
            Line::Progress(line) => {
                let progress = progress(&line)?;
                return Ok(Some((seconds(line.at, "at")?, Moment::Progress(progress))));
            }
            Line::End(line) => {
                self.ended = true;
                let Some(ending) = ending(&line)? else {
                    return Ok(None);
                };
                let at = ending.elapsed;
                return Ok(Some((at, Moment::Event(Event::End(ending)))));
            }
        };
        Ok(Some((seconds(at, "at")?, Moment::Event(event))))
    }

    fn found(&mut self, line: lines::Found) -> Result<HostFinding, LineError> {
        let host = self.interfaces.host(&line.host, "host")?;
        if !line.names.is_empty() {
            self.scan.names.insert(host, line.names);
        }
        Ok(HostFinding {
            host,
            state: HostState::from_word(&line.state).ok_or(LineError::Field("state"))?,
            reason: reason(&line.reason)?,
            rtt: line.rtt.map(|v| seconds(v, "rtt")).transpose()?,
            mac: line.mac.map(|m| mac(&m)).transpose()?,
            ttl: line.ttl,
        })
    }

    /// A host that is done; one that is not up; nothing for one that the scan broke off at.
    fn host(&mut self, line: lines::HostLine) -> Result<Option<(f64, Event)>, LineError> {
        let at = line.found.at;
        let host = self.found(line.found)?;
        let Some(word) = line.ended else {
            return Ok(line.complete.then_some((at, Event::Host(host))));
        };
        let counts = line.counts.iter().map(count).collect::<Result<_, _>>()?;
        let ended = ended(&word)?;
        Ok(Some((
            at,
            Event::HostDone(Box::new(HostSummary {
                host,
                counts,
                ended,
                udp: line.udp.as_ref().map(udp).transpose()?,
            })),
        )))
    }

    fn path(&mut self, line: &lines::PathLine) -> Result<Path, LineError> {
        if line.hops.len() > usize::from(u8::MAX) {
            return Err(LineError::Field("hops"));
        }
        let ip = |text: &String| text.parse().map_err(|_| LineError::Field("ip"));
        let of = |text: &String| text.parse().map_err(|_| LineError::Field("shared"));
        let hop = |hop: &lines::HopLine| {
            Ok(Hop {
                ttl: hop.ttl,
                ip: hop.ip.as_ref().map(ip).transpose()?,
                rtt: hop.rtt.map(|v| seconds(v, "rtt")).transpose()?,
                shared: hop.shared.as_ref().map(of).transpose()?,
            })
        };
        let question = |word: &String| plan::question(word).ok_or(LineError::Field("probe"));
        Ok(Path {
            host: self.interfaces.host(&line.host, "host")?,
            probe: line.probe.as_ref().map(question).transpose()?,
            hops: line.hops.iter().map(hop).collect::<Result<_, _>>()?,
        })
    }

    fn port(&mut self, line: &lines::Port) -> Result<Finding, LineError> {
        let ip = |text: &String| text.parse().map_err(|_| LineError::Field("from"));
        Ok(Finding {
            host: self.interfaces.host(&line.host, "host")?,
            transport: Transport::from_word(&line.transport)
                .ok_or(LineError::Field("transport"))?,
            port: line.port,
            state: state(&line.state)?,
            reason: reason(&line.reason)?,
            from: line.from.as_ref().map(ip).transpose()?,
            ttl: line.ttl,
            rtt: line.rtt.map(|v| seconds(v, "rtt")).transpose()?,
            tries: line.tries,
            miss_probability: share(line.miss_probability, "miss_probability")?,
            service: match &line.confirmed {
                Some(name) => payload::by_name(name).map(|p| ServiceMatch::Service(p.name)),
                None => line.unrecognised.then_some(ServiceMatch::Unknown),
            },
            detail: said(line),
        })
    }

    fn evidence(&mut self, line: &lines::Shown) -> Result<Evidence, LineError> {
        let port = match (&line.transport, line.port) {
            (Some(word), Some(port)) => {
                let transport = Transport::from_word(word);
                Some((transport.ok_or(LineError::Field("transport"))?, port))
            }
            (None, None) => None,
            _ => return Err(LineError::Field("port")),
        };
        Ok(Evidence {
            host: self.interfaces.host(&line.host, "host")?,
            port,
            packets: line.packets.iter().map(packet).collect::<Result<_, _>>()?,
            more: line.more,
            path: line.path,
        })
    }

    fn warning(&mut self, line: &lines::Warned) -> Result<Option<Warning>, LineError> {
        let mut host = || -> Result<Host, LineError> {
            let text = line.host.as_deref().unwrap_or("");
            self.interfaces.host(text, "host")
        };
        let count = line.count.unwrap_or(0);
        let rate = amount(line.rate.unwrap_or(0.0), "rate")?;
        Ok(Some(match line.warning.as_str() {
            "kernel-dropped" => Warning::KernelDropped { frames: count },
            "all-open" => Warning::AllOpen {
                host: host()?,
                handshakes: handshakes(&line.handshakes)?,
            },
            "strange-source" => Warning::StrangeSource {
                from: host()?.ip,
                count,
            },
            "stopped-answering" => Warning::StoppedAnswering { host: host()? },
            "foreign-resets" => Warning::ForeignResets {
                host: host()?,
                count,
                ttl: line.ttl.unwrap_or(0),
                own_ttl: line.own_ttl.unwrap_or(0),
            },
            "limits-resets" => Warning::LimitsResets {
                host: host()?,
                rate,
            },
            "limits-errors" => Warning::LimitsErrors {
                host: host()?,
                rate,
            },
            "unresolved" => Warning::Unresolved { host: host()? },
            _ => return Ok(None),
        }))
    }
}

/// The connections that verified a host; none where there were none.
fn handshakes(lines: &[lines::HandshakeLine]) -> Result<Option<Box<OpenPortCheck>>, LineError> {
    if lines.len() as u64 > open_port_check::MAX_CONNECTIONS_PER_HOST {
        return Err(LineError::Field("handshakes"));
    }
    let tried = |line: &lines::HandshakeLine| {
        let end = match line.end.as_str() {
            "nothing" => CheckOutcome::Nothing,
            "refused" => CheckOutcome::Refused,
            "reset" => CheckOutcome::Reset,
            "closed" => CheckOutcome::Closed,
            "silent" => CheckOutcome::Silent,
            "spoke" => {
                let words = line.words.as_deref().unwrap_or_default();
                // Each byte of what was heard takes four characters at most.
                if words.len() > 4 * open_port_check::BANNER_LEN {
                    return Err(LineError::Field("words"));
                }
                CheckOutcome::Spoke(words.to_owned())
            }
            _ => return Err(LineError::Field("end")),
        };
        Ok(CheckedPort {
            port: line.port,
            control: line.control,
            end,
        })
    };
    let tried = lines.iter().map(tried).collect::<Result<Vec<_>, _>>()?;
    Ok((!tried.is_empty()).then(|| Box::new(OpenPortCheck { ports: tried })))
}

fn packet(line: &lines::Sent) -> Result<Packet, LineError> {
    let wrong = LineError::Field("bytes");
    let digits = line.bytes.as_bytes();
    if !digits.len().is_multiple_of(2) || digits.len() > 2 * LONGEST_PACKET {
        return Err(wrong);
    }
    let digit = |b: u8| char::from(b).to_digit(16).ok_or(wrong);
    let byte = |pair: &[u8]| Ok((digit(pair[0])? << 4 | digit(pair[1])?) as u8);
    Ok(Packet {
        at: seconds(line.at, "at")?,
        sent: line.sent,
        link: LinkType::from_number(line.link).ok_or(LineError::Field("link"))?,
        bytes: digits.chunks_exact(2).map(byte).collect::<Result<_, _>>()?,
    })
}

fn state(word: &str) -> Result<PortState, LineError> {
    PortState::from_word(word).ok_or(LineError::Field("state"))
}

fn reason(word: &str) -> Result<Reason, LineError> {
    Reason::from_word(word).ok_or(LineError::Field("reason"))
}

fn ended(word: &str) -> Result<EndReason, LineError> {
    match word {
        "sure" => Ok(EndReason::Complete),
        "max-tries" => Ok(EndReason::MaxTries),
        "host-timeout" => Ok(EndReason::HostTimeout),
        "max-time" => Ok(EndReason::MaxTime),
        "interrupted" => Ok(EndReason::Interrupted),
        "failed" => Ok(EndReason::Failed),
        "budget" => Ok(EndReason::Budget),
        _ => Err(LineError::Field("ended")),
    }
}

fn mac(text: &str) -> Result<MacAddr, LineError> {
    let wrong = LineError::Field("mac");
    let mut bytes = [0; 6];
    let mut parts = text.split(':');
    for byte in &mut bytes {
        let part = parts.next().filter(|p| p.len() == 2).ok_or(wrong)?;
        *byte = u8::from_str_radix(part, 16).map_err(|_| wrong)?;
    }
    match parts.next() {
        None => Ok(MacAddr(bytes)),
        Some(_) => Err(wrong),
    }
}

fn count(line: &lines::Count) -> Result<StateCount, LineError> {
    Ok(StateCount {
        state: state(&line.state)?,
        reason: reason(&line.reason)?,
        // No host has more ports than there are.
        count: if line.count <= 4 * 65_536 {
            line.count
        } else {
            return Err(LineError::Field("count"));
        },
        listed: line.listed,
        miss_probability: share(line.miss_probability, "miss_probability")?,
        tries: line.tries,
    })
}

fn udp(line: &lines::Udp) -> Result<UdpSummary, LineError> {
    let limit = match line.limit.as_str() {
        "mute" => ErrorLimit::Unresponsive,
        "free" => ErrorLimit::Unlimited,
        "tokens" => ErrorLimit::Limited {
            rate: amount(line.rate.unwrap_or(0.0), "rate")?,
            burst: line.burst,
        },
        _ => return Err(LineError::Field("limit")),
    };
    let sample = |s: &lines::Sampled| {
        Ok(Sample {
            of: s.of,
            drawn: s.drawn,
            closed: s.closed,
            most: s.most,
            confidence: share(s.confidence, "confidence")?,
        })
    };
    Ok(UdpSummary {
        limit,
        unproven: line.unproven,
        sample: line.sample.as_ref().map(sample).transpose()?,
    })
}

fn loss(line: &lines::Loss) -> Result<LossAccount, LineError> {
    Ok(LossAccount {
        sent: line.sent,
        answered: line.answered,
        duplicates: line.duplicates,
        stray: line.stray,
        lost_on_path: amount(line.lost_on_path, "lost_on_path")?,
        suppressed: amount(line.suppressed, "suppressed")?,
        dropped_sending: line.dropped_sending,
        dropped_receiving: line.dropped_receiving,
        unanswered: line.unanswered,
        loss_rate: share(line.loss_rate, "loss_rate")?,
        measured: line.measured.unwrap_or(true),
        srtt: line.srtt.map(|v| seconds(v, "srtt")).transpose()?,
    })
}

fn progress(line: &lines::Pace) -> Result<Progress, LineError> {
    Ok(Progress {
        done: share(line.done, "done")?,
        rate: amount(line.rate, "rate")?,
        sent: line.sent,
        loss_rate: share(line.loss_rate, "loss_rate")?,
        eta: line.eta.map(|v| seconds(v, "eta")).transpose()?,
        round: line.round,
        open: line.open,
        discovering: line.discovering,
        udp: line.udp,
    })
}

/// The end, where the scan had one.
fn ending(line: &lines::End) -> Result<Option<ScanSummary>, LineError> {
    let (Some(word), Some(elapsed)) = (&line.ended, line.elapsed) else {
        return Ok(None);
    };
    Ok(Some(ScanSummary {
        complete: line.complete,
        ended: ended(word)?,
        elapsed: seconds(elapsed, "elapsed")?,
        hosts: line.hosts.unwrap_or(0),
        hosts_up: line.hosts_up.unwrap_or(0),
        ports: line.ports.unwrap_or(0),
    }))
}

/// What the service said of itself.
fn said(line: &lines::Port) -> Option<Box<payload::Detail>> {
    let detail = payload::Detail {
        product: line.product.clone(),
        version: line.version.clone(),
        info: line.info.clone(),
    };
    (detail != payload::Detail::NONE).then(|| Box::new(detail))
}
