//! The scan's own packets: printed as they go (`--packet-trace`), written to a capture file (`--pcap`) or recorded as
//! evidence (`--explain`, HTML reports).
//!
//! Frames arrive slightly out of order: a probe is timestamped when it is written, an answer when the kernel receives
//! it. Each frame waits here until no earlier one can arrive; frames are then passed on sorted by time. This module must not
//! know what packets mean.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use vigie_findings::ScanInfo;
use vigie_findings::recorder::Recorder;
use vigie_pcap::{Packet, Precision};
use vigie_report::Message;
use vigie_scan::Purpose;
use vigie_scan::plan::{Framing, Plan, Technique};
use vigie_wire::LinkType;
use vigie_wire::frame::{Frame, Net};
use vigie_wire::sll::HeaderV2;

use super::follow::wants_evidence;
use super::options::ScanOptions;
use super::trace::Trace;
use crate::capture_file::{CaptureFiles, FileOptions, Rotation};
use crate::error::Error;
use crate::outputs;

/// Longest delay in ns between a frame and an earlier one that arrives after it.
const MAX_DELAY: u64 = 50_000_000;
/// Maximum number of frames that wait.
const MAX_WAITING: usize = 1 << 16;
/// Snapshot length in bytes: no packet is cut.
const SNAP: u32 = 262_144;
/// `ARPHRD_ETHER` (linux/if_arp.h).
const ETHER: u16 = 1;
/// `ARPHRD_NONE` (linux/if_arp.h): a link without hardware addresses.
const NONE: u16 = 0xfffe;

/// A frame that was sent or received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapturedFrame {
    /// Unix time in ns.
    pub at: u64,
    /// Interface index.
    pub link: u32,
    /// Link type.
    pub kind: LinkType,
    /// Purpose of a sent frame; none if it was received.
    pub purpose: Option<Purpose>,
    /// The whole frame.
    pub bytes: Vec<u8>,
}

/// Sorts frames by time and gives them to the trace, the capture file and the recorder.
pub struct Frames {
    /// Link types by interface index.
    kinds: BTreeMap<u32, LinkType>,
    waiting: Vec<CapturedFrame>,
    trace: Option<Trace>,
    file: Option<CaptureFile>,
    /// Unix time in ns when the scan began.
    began: u64,
}

struct CaptureFile {
    files: CaptureFiles,
    link: LinkType,
}

impl Frames {
    /// Opens what the options ask for. Returns `None` if nothing needs frames.
    pub fn open(options: &ScanOptions, info: &ScanInfo) -> Result<Option<Frames>, Error> {
        let plan = &info.plan;
        let kinds = link_types(plan);
        let file = match &options.pcap {
            Some(path) => Some(CaptureFile::open(path, &kinds, plan)?),
            None => None,
        };
        if !options.packet_trace && file.is_none() && !wants_evidence(options) {
            return Ok(None);
        }
        Ok(Some(Frames {
            kinds,
            waiting: Vec::new(),
            trace: options.packet_trace.then(|| Trace::new(&options.outputs)),
            file,
            began: u64::try_from(info.started.as_nanos()).unwrap_or(u64::MAX),
        }))
    }

    /// Adds a frame.
    pub fn add(
        &mut self,
        at: u64,
        link: u32,
        purpose: Option<Purpose>,
        bytes: &[u8],
        recorder: Option<&mut Recorder>,
    ) -> Result<(), Error> {
        let kind = *self.kinds.get(&link).unwrap_or(&LinkType::RawIp);
        let bytes = bytes.to_vec();
        self.waiting.push(CapturedFrame {
            at,
            link,
            kind,
            purpose,
            bytes,
        });
        if self.waiting.len() >= MAX_WAITING {
            return self.flush(recorder);
        }
        Ok(())
    }

    /// Passes on the frames that have waited long enough at `now` (Unix time in ns).
    pub fn release(&mut self, now: u64, recorder: Option<&mut Recorder>) -> Result<(), Error> {
        self.pass_until(now.saturating_sub(MAX_DELAY), recorder)
    }

    /// Passes on all frames.
    pub fn flush(&mut self, recorder: Option<&mut Recorder>) -> Result<(), Error> {
        self.pass_until(u64::MAX, recorder)
    }

    /// Passes on all frames and closes the capture file.
    pub fn finish(&mut self, now: u64, recorder: Option<&mut Recorder>) -> Result<(), Error> {
        self.flush(recorder)?;
        match &mut self.file {
            Some(file) => file.files.finish(now, 0),
            None => Ok(()),
        }
    }

    /// Returns the trace, for connections that the kernel makes.
    pub fn trace(&mut self) -> Option<&mut Trace> {
        self.trace.as_mut()
    }

    fn pass_until(&mut self, until: u64, mut recorder: Option<&mut Recorder>) -> Result<(), Error> {
        // A stable sort: frames of the same time stay in the order of arrival.
        self.waiting.sort_by_key(|frame| frame.at);
        let ready = self.waiting.partition_point(|frame| frame.at <= until);
        for frame in self.waiting.drain(..ready) {
            if let Some(trace) = &mut self.trace {
                trace.frame(&frame)?;
            }
            if let Some(file) = &mut self.file {
                file.frame(&frame)?;
            }
            if let Some(recorder) = &mut recorder {
                let at = Duration::from_nanos(frame.at.saturating_sub(self.began));
                recorder.record(at, frame.kind, frame.link, frame.purpose, &frame.bytes);
            }
        }
        if let Some(trace) = &mut self.trace {
            trace.flush()?;
        }
        if let Some(file) = &mut self.file
            && ready > 0
        {
            file.files.flush()?;
        }
        Ok(())
    }
}

impl CaptureFile {
    fn open(
        path: &Path,
        kinds: &BTreeMap<u32, LinkType>,
        plan: &Plan,
    ) -> Result<CaptureFile, Error> {
        if path.as_os_str() == "-" {
            return Err(outputs::two_on_stdout());
        }
        // A file has one link type: if the links differ, each packet gets a cooked header that names its link.
        let mut links: Vec<LinkType> = kinds.values().copied().collect();
        links.dedup();
        let link = match links.as_slice() {
            [one] => *one,
            _ => LinkType::LinuxSll2,
        };
        let newer = path.extension().is_some_and(|end| end == "pcapng");
        let written = FileOptions {
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
        let mut files = CaptureFiles::open(&written, Some(name), SNAP, 0)?;
        files.start(link);
        Ok(CaptureFile { files, link })
    }

    fn frame(&mut self, frame: &CapturedFrame) -> Result<(), Error> {
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

/// Returns the link type of each interface that the plan uses.
fn link_types(plan: &Plan) -> BTreeMap<u32, LinkType> {
    let kind = |framing: &Framing| match framing {
        Framing::Ethernet { .. } => LinkType::Ethernet,
        Framing::Ip => LinkType::RawIp,
    };
    let links = plan.local.routes.iter().map(|r| (r.link, kind(&r.framing)));
    links.collect()
}

/// Returns a frame with a cooked header in place of its own (LINKTYPE_LINUX_SLL2, tcpdump.org).
fn cooked(frame: &CapturedFrame) -> Vec<u8> {
    const HEADER: usize = 14;
    let (hardware_type, sender, protocol, payload) = match (frame.kind, &frame.bytes) {
        (LinkType::Ethernet, bytes) if bytes.len() >= HEADER => {
            let ethertype = u16::from_be_bytes([bytes[12], bytes[13]]);
            (ETHER, &bytes[6..12], ethertype, &bytes[HEADER..])
        }
        (_, bytes) => {
            let six =
                matches!(Frame::parse(frame.kind, bytes), Ok(f) if matches!(f.net, Net::Ipv6(_)));
            let ethertype = if six { 0x86dd } else { 0x0800 };
            (NONE, &[][..], ethertype, bytes.as_slice())
        }
    };
    let mut address = [0; 8];
    address[..sender.len()].copy_from_slice(sender);
    let header = HeaderV2 {
        protocol,
        interface: frame.link,
        hardware_type,
        packet_type: if frame.purpose.is_some() { 4 } else { 0 },
        address_len: sender.len() as u8,
        address,
    };
    [&header.to_bytes()[..], payload].concat()
}

/// Rejects a capture file for a connect scan: there the kernel sends and receives the packets.
pub fn check_possible(options: &ScanOptions, technique: Technique) -> Result<(), Error> {
    if technique == Technique::Connect && options.pcap.is_some() {
        let hint = Message::new("pcap-of-connections-hint");
        return Err(Error::could_not_run(Message::new("pcap-of-connections")).hint(hint));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: LinkType, purpose: Option<Purpose>, bytes: &[u8]) -> CapturedFrame {
        CapturedFrame {
            at: 1,
            link: 7,
            kind,
            purpose,
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn a_cooked_header_names_link_direction_and_sender() {
        let ethernet = [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 0x86, 0xdd, 0x60];
        let sent = cooked(&frame(LinkType::Ethernet, Some(Purpose::Port), &ethernet));
        let header = [
            0x86, 0xdd, 0, 0, 0, 0, 0, 7, 0, 1, 4, 6, 2, 2, 2, 2, 2, 2, 0, 0,
        ];
        assert_eq!(sent[..20], header);
        assert_eq!(sent[20..], [0x60]);
        let received = cooked(&frame(LinkType::RawIp, None, &[0x45; 20]));
        let header = [8, 0, 0, 0, 0, 0, 0, 7, 0xff, 0xfe, 0, 0];
        assert_eq!(received[..12], header);
    }

    #[test]
    fn frames_are_passed_on_sorted_by_time_after_a_delay() {
        let mut frames = Frames {
            kinds: BTreeMap::new(),
            waiting: Vec::new(),
            trace: None,
            file: None,
            began: 0,
        };
        for at in [30, 10, 20] {
            frames.add(at, 1, None, &[], None).unwrap();
        }
        frames.release(MAX_DELAY + 20, None).unwrap();
        let left: Vec<u64> = frames.waiting.iter().map(|f| f.at).collect();
        assert_eq!(left, [30]);
        frames.flush(None).unwrap();
        assert!(frames.waiting.is_empty());
    }
}
