//! Checkpoints on disk: written whole or not at all, read with care.
//!
//! What the report needs besides the plan (the words of the command line, the
//! names of hosts) travels in the checkpoint's notes. This file must not know
//! packets.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use vigie_findings::{PortsAsked, ScanInfo};
use vigie_report::Message;
use vigie_scan::checkpoint::{Checkpoint, DecodeError};
use vigie_scope::Host;

use super::options::ScanOptions;
use super::resolve::Resolved;
use crate::error::Error;

/// How often a checkpoint is written.
const EVERY: Duration = Duration::from_secs(1);

/// Where checkpoints go.
#[derive(Debug)]
pub struct Keeper {
    path: PathBuf,
    notes: Vec<String>,
    last: Instant,
}

impl Keeper {
    /// Keeps the checkpoints of the scan that `info` describes in `path`.
    pub fn new(path: &Path, info: &ScanInfo) -> Keeper {
        Keeper {
            path: path.to_owned(),
            notes: notes(info),
            last: Instant::now(),
        }
    }

    /// What a checkpoint carries for the report.
    pub fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }

    /// Whether it is time for another one.
    pub fn is_due(&self) -> bool {
        self.last.elapsed() >= EVERY
    }

    /// Makes sure that checkpoints can be written with the privileges that are left: nothing has been sent yet.
    pub fn prove(&self) -> Result<(), Error> {
        let beside = self.beside();
        fs::File::create(&beside)
            .and_then(|_| fs::remove_file(&beside))
            .map_err(|error| {
                self.error(&error)
                    .hint(Message::new("state-not-written-hint"))
            })
    }

    /// Writes one: beside the old one first, then in its place.
    pub fn write(&mut self, checkpoint: &Checkpoint) -> Result<(), Error> {
        self.last = Instant::now();
        let beside = self.beside();
        fs::write(&beside, checkpoint.encode())
            .and_then(|()| fs::rename(&beside, &self.path))
            .map_err(|error| self.error(&error))
    }

    /// Where the results of windows that are over are kept.
    pub fn journal(&self) -> PathBuf {
        journal(&self.path)
    }

    /// The scan is complete: nothing is left to go on with.
    pub fn remove(&self) -> Result<(), Error> {
        // Most scans have none.
        let _ = fs::remove_file(self.journal());
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.error(&error)),
            _ => Ok(()),
        }
    }

    fn beside(&self) -> PathBuf {
        let mut beside = self.path.clone().into_os_string();
        beside.push(".new");
        beside.into()
    }

    fn error(&self, error: &io::Error) -> Error {
        let message = Message::new("file-not-written").outside("file", self.path.to_string_lossy());
        Error::could_not_run(message.shown("error", error))
    }
}

/// Where the results of windows that are over are kept, beside the checkpoint in `path`.
pub fn journal(path: &Path) -> PathBuf {
    let mut beside = path.to_owned().into_os_string();
    beside.push(".told");
    beside.into()
}

/// Reads a checkpoint.
pub fn read(path: &Path) -> Result<Checkpoint, Error> {
    let file = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| {
        let message = Message::new("state-unreadable")
            .outside("file", &file)
            .shown("error", error);
        Error::could_not_run(message).hint(Message::new("state-unreadable-hint"))
    })?;
    Checkpoint::decode(&bytes).map_err(|error| {
        let key = match error {
            DecodeError::NotACheckpoint => "state-foreign",
            DecodeError::OtherVersion { .. } => "state-version",
            DecodeError::Damaged => "state-damaged",
        };
        let message = Message::new(key)
            .outside("file", &file)
            .shown("error", error);
        Error::could_not_run(message).hint(Message::new("state-refused-hint"))
    })
}

/// Makes of `options` what the checkpoint's scan was asked for; what it scans.
pub fn restore(options: &mut ScanOptions, checkpoint: &Checkpoint) -> Resolved {
    let spec = &checkpoint.spec;
    options.ports = spec.tcp_ports().clone();
    options.udp.clone_from(&spec.udp);
    // Of UDP ports alone nobody asked for a technique of TCP.
    let udp_alone = options.udp.is_some() && options.ports.is_empty();
    options.technique = (!udp_alone).then_some(spec.technique());
    options.flags = spec.tcp_flags();
    options.discovery = spec.discovery;
    options.traceroute = spec.traceroute;
    options.discovery_probes.clone_from(&spec.discovery_probes);
    options.budget = spec.budget;
    options.listing = spec.listing;
    options.seed = Some(spec.seed);
    options.shard = spec.shard;
    options.memory = spec.memory;
    if options.state.is_none() {
        options.state.clone_from(&options.resume);
    }
    let mut resolved = Resolved {
        addresses: spec.targets.clone(),
        ..Resolved::default()
    };
    for note in &checkpoint.notes {
        match note.split_once(' ') {
            Some(("target", text)) => resolved.asked.push(text.to_owned()),
            Some(("ports", "top")) => options.ports_asked = PortsAsked::Top,
            Some(("ports", _)) => options.ports_asked = PortsAsked::Listed,
            Some(("told", bytes)) => options.told = bytes.parse().ok(),
            Some(("name", rest)) => resolved.names.extend(name(rest)),
            _ => {}
        }
    }
    resolved
}

fn notes(info: &ScanInfo) -> Vec<String> {
    let mut notes: Vec<String> = info.targets.iter().map(|t| format!("target {t}")).collect();
    let asked = if info.ports_asked == PortsAsked::Top {
        "top"
    } else {
        "listed"
    };
    notes.push(format!("ports {asked}"));
    for (host, names) in &info.names {
        notes.extend(
            names
                .iter()
                .map(|name| format!("name {} {} {name}", host.ip, host.zone)),
        );
    }
    notes
}

fn name(text: &str) -> Option<(Host, String)> {
    let mut words = text.splitn(3, ' ');
    let host = Host::zoned(words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some((host, words.next()?.to_owned()))
}
