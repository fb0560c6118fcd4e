//! The scan's own packets: printed as they go (`--packet-trace`), kept in a capture file (`--pcap`) or as evidence
//! (`--explain`, `--html`).
//!
//! Frames come from the engine's loop a little out of order: a probe's time is
//! taken when it is written, an answer's when the kernel got it. They wait here
//! until nothing earlier can come, and then go on in the order of their times.
//! This file must not know what packets mean.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use vigie_findings::ScanInfo;
use vigie_findings::evidence::Evidence;
use vigie_findings::recorder::Recorder;
use vigie_pcap::{Packet, Precision};
use vigie_report::Message;
use vigie_scan::Purpose;
use vigie_scan::plan::{Framing, Plan, Technique};
use vigie_scope::Host;
use vigie_wire::LinkType;
use vigie_wire::frame::{Frame, Net};

use super::options::ScanOptions;
use super::trace::Trace;
use crate::cmd::capture::options::{Rotation, Write};
use crate::cmd::capture::sink::Files;
use crate::error::Error;
use crate::outputs;

/// No frame comes later than this after one that is older, in ns: the longest way from the ring through the loop.
const PATIENCE: u64 = 50_000_000;
/// At most so many frames wait.
const MOST_WAITING: usize = 1 << 16;
/// Every packet whole.
const SNAP: u32 = 262_144;
/// `ARPHRD_*` of Linux's if_arp.h: Ethernet, and a link without hardware addresses.
const ETHER: u16 = 1;
const NONE: u16 = 0xfffe;

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caught {
    /// Unix time in ns.
    pub at: u64,
    /// The interface, by index.
    pub link: u32,
    /// What it begins with.
    pub kind: LinkType,
    /// What the scan sent it for; none where it was received.
    pub purpose: Option<Purpose>,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// Where frames go.
pub struct Frames {
    kinds: BTreeMap<u32, LinkType>,
    waiting: Vec<Caught>,
    trace: Option<Trace>,
    file: Option<Kept>,
    recorder: Option<Recorder>,
    /// When the scan began, Unix time in ns.
    began: u64,
}

/// The capture file.
struct Kept {
    files: Files,
    link: LinkType,
}

impl Frames {
    /// Opens what the options ask for; `None` where nobody wants frames.
    pub fn open(options: &ScanOptions, info: &ScanInfo) -> Result<Option<Frames>, Error> {
        let plan = &info.plan;
        let needed = options.outputs.iter().any(|o| o.format.needs_evidence);
        let frames = Frames {
            kinds: kinds(plan),
            waiting: Vec::new(),
            trace: options.packet_trace.then(|| Trace::new(&options.outputs)),
            file: None,
            recorder: (options.explain || needed).then(Recorder::new),
            began: u64::try_from(info.started.as_nanos()).unwrap_or(u64::MAX),
        };
        let file = match &options.pcap {
            Some(path) => Some(Kept::open(path, &frames.kinds, plan)?),
            None => None,
        };
        let wanted = frames.trace.is_some() || file.is_some() || frames.recorder.is_some();
        Ok(wanted.then_some(Frames { file, ..frames }))
    }

    /// Takes a frame.
    pub fn take(
        &mut self,
        at: u64,
        link: u32,
        purpose: Option<Purpose>,
        bytes: &[u8],
    ) -> Result<(), Error> {
        let kind = *self.kinds.get(&link).unwrap_or(&LinkType::RawIp);
        let bytes = bytes.to_vec();
        self.waiting.push(Caught {
            at,
            link,
            kind,
            purpose,
            bytes,
        });
        if self.waiting.len() >= MOST_WAITING {
            return self.go_on(u64::MAX);
        }
        Ok(())
    }

    /// Sends on what waited long enough at `now`.
    pub fn settle(&mut self, now: u64) -> Result<(), Error> {
        self.go_on(now.saturating_sub(PATIENCE))
    }

    /// Sends on everything, and leaves nothing in buffers.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.go_on(u64::MAX)
    }

    /// Ends the file.
    pub fn finish(&mut self, now: u64) -> Result<(), Error> {
        self.flush()?;
        match &mut self.file {
            Some(kept) => kept.files.finish(now, 0),
            None => Ok(()),
        }
    }

    /// The packets that show what was found of a host; everything has come that was sent or received so far.
    pub fn evidence(&mut self, host: Host) -> Vec<Evidence> {
        let recorder = self.recorder.as_mut();
        recorder.map_or_else(Vec::new, |recorder| recorder.take_host(host))
    }

    /// The packets of hosts that nothing was said of.
    pub fn rest(&mut self) -> Vec<Evidence> {
        let Some(recorder) = &mut self.recorder else {
            return Vec::new();
        };
        let hosts = recorder.hosts();
        hosts
            .into_iter()
            .flat_map(|host| recorder.take_host(host))
            .collect()
    }

    /// The lines for connections of the kernel, where lines are wanted.
    pub fn trace(&mut self) -> Option<&mut Trace> {
        self.trace.as_mut()
    }

    fn go_on(&mut self, until: u64) -> Result<(), Error> {
        // Stable: what has one time stays in the order in which it came.
        self.waiting.sort_by_key(|frame| frame.at);
        let ready = self.waiting.partition_point(|frame| frame.at <= until);
        for frame in self.waiting.drain(..ready) {
            if let Some(trace) = &mut self.trace {
                trace.frame(&frame)?;
            }
            if let Some(kept) = &mut self.file {
                kept.frame(&frame)?;
            }
            if let Some(recorder) = &mut self.recorder {
                let at = Duration::from_nanos(frame.at.saturating_sub(self.began));
                recorder.record(at, frame.kind, frame.link, frame.purpose, &frame.bytes);
            }
        }
        if let Some(trace) = &mut self.trace {
            trace.flush()?;
        }
        if let Some(kept) = &mut self.file
            && ready > 0
        {
            kept.files.drain()?;
        }
        Ok(())
    }
}

impl Kept {
    fn open(path: &Path, kinds: &BTreeMap<u32, LinkType>, plan: &Plan) -> Result<Kept, Error> {
        if path.as_os_str() == "-" {
            return Err(outputs::two_on_stdout());
        }
        // A file has one link type: where the links differ, each packet says where it was (cooked).
        let mut links: Vec<LinkType> = kinds.values().copied().collect();
        links.dedup();
        let link = match links.as_slice() {
            [one] => *one,
            _ => LinkType::LinuxSll2,
        };
        let newer = path.extension().is_some_and(|end| end == "pcapng");
        let written = Write {
            path: path.to_owned(),
            format: if newer {
                vigie_pcap::Format::PcapNg
            } else {
                vigie_pcap::Format::Pcap
            },
            precision: Precision::Nano,
            packet_buffered: false,
            rotation: Rotation::default(),
        };
        let mut names: Vec<&str> = plan
            .local
            .routes
            .iter()
            .map(|r| r.link_name.as_str())
            .collect();
        names.dedup();
        let name = match names.as_slice() {
            [one] => (*one).to_owned(),
            _ => "any".to_owned(),
        };
        let mut files = Files::open(&written, Some(name), SNAP, 0)?;
        files.begin(link);
        Ok(Kept { files, link })
    }

    fn frame(&mut self, frame: &Caught) -> Result<(), Error> {
        let bytes = match self.link {
            LinkType::LinuxSll2 => Cow::Owned(cooked(frame)),
            _ => Cow::Borrowed(frame.bytes.as_slice()),
        };
        let packet = Packet {
            time: Some(frame.at),
            link: self.link.number(),
            length: bytes.len() as u32,
            interface: 0,
            bytes: &bytes,
        };
        self.files.packet(&packet).map(|_| ())
    }
}

/// What frames begin with, for each link that the plan uses.
fn kinds(plan: &Plan) -> BTreeMap<u32, LinkType> {
    let kind = |framing: &Framing| match framing {
        Framing::Ethernet { .. } => LinkType::Ethernet,
        Framing::Ip => LinkType::RawIp,
    };
    let links = plan.local.routes.iter().map(|r| (r.link, kind(&r.framing)));
    links.collect()
}

/// A frame with a cooked header in place of its own (LINKTYPE_LINUX_SLL2 of tcpdump.org).
fn cooked(frame: &Caught) -> Vec<u8> {
    const HEADER: usize = 14;
    let (hardware, sender, ethertype, payload) = match (frame.kind, &frame.bytes) {
        (LinkType::Ethernet, bytes) if bytes.len() >= HEADER => {
            let ethertype = [bytes[12], bytes[13]];
            (ETHER, &bytes[6..12], ethertype, &bytes[HEADER..])
        }
        (_, bytes) => {
            let six =
                matches!(Frame::parse(frame.kind, bytes), Ok(f) if matches!(f.net, Net::Ipv6(_)));
            let ethertype = if six { [0x86, 0xdd] } else { [8, 0] };
            (NONE, &[][..], ethertype, bytes.as_slice())
        }
    };
    let mut out = Vec::with_capacity(20 + payload.len());
    out.extend(ethertype);
    out.extend([0, 0]);
    out.extend(frame.link.to_be_bytes());
    out.extend(hardware.to_be_bytes());
    // To us, or sent by us.
    out.push(if frame.purpose.is_some() { 4 } else { 0 });
    out.push(sender.len() as u8);
    let mut address = [0; 8];
    address[..sender.len()].copy_from_slice(sender);
    out.extend(address);
    out.extend(payload);
    out
}

/// Refuses a capture file where the kernel makes the packets.
pub fn possible(options: &ScanOptions, technique: Technique) -> Result<(), Error> {
    if technique == Technique::Connect && options.pcap.is_some() {
        let hint = Message::new("pcap-of-connections-hint");
        return Err(Error::could_not_run(Message::new("pcap-of-connections")).hint(hint));
    }
    Ok(())
}
