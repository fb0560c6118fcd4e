//! Checkpoints on disk, written atomically.
//!
//! The checkpoint's notes store what the report needs in addition to the plan: the targets as typed, and host names. This module must not know packets.

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

/// Interval between two checkpoints.
const INTERVAL: Duration = Duration::from_secs(1);
/// Note with the length of the journal in bytes.
const JOURNALED: &str = "told";

/// Writes the checkpoints of a scan to one file.
#[derive(Debug)]
pub struct Checkpointer {
    path: PathBuf,
    notes: Vec<String>,
    last: Instant,
}

impl Checkpointer {
    /// Returns a checkpointer that writes the checkpoints of the scan that `info` describes to `path`.
    pub fn new(path: &Path, info: &ScanInfo) -> Checkpointer {
        Checkpointer {
            path: path.to_owned(),
            notes: notes(info),
            last: Instant::now(),
        }
    }

    /// Returns the notes of a checkpoint; `journaled` is the length in bytes of the journal that it depends on.
    pub fn notes(&self, journaled: Option<u64>) -> Vec<String> {
        let mut notes = self.notes.clone();
        notes.extend(journaled.map(|bytes| format!("{JOURNALED} {bytes}")));
        notes
    }

    /// Returns whether it is time for another checkpoint.
    pub fn is_due(&self) -> bool {
        self.last.elapsed() >= INTERVAL
    }

    /// Checks that checkpoints can be written with the remaining privileges.
    pub fn check_writable(&self) -> Result<(), Error> {
        let temporary = self.temporary();
        fs::File::create(&temporary)
            .and_then(|_| fs::remove_file(&temporary))
            .map_err(|error| {
                self.error(&error)
                    .hint(Message::new("state-not-written-hint"))
            })
    }

    /// Writes a checkpoint to a temporary file, then renames that.
    pub fn write(&mut self, checkpoint: &Checkpoint) -> Result<(), Error> {
        self.last = Instant::now();
        let temporary = self.temporary();
        fs::write(&temporary, checkpoint.encode())
            .and_then(|()| fs::rename(&temporary, &self.path))
            .map_err(|error| self.error(&error))
    }

    /// Returns the path of the journal.
    pub fn journal(&self) -> PathBuf {
        journal(&self.path)
    }

    /// Removes the checkpoint and the journal: the scan is complete.
    pub fn remove(&self) -> Result<(), Error> {
        // Most scans have no journal.
        let _ = fs::remove_file(self.journal());
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.error(&error)),
            _ => Ok(()),
        }
    }

    fn temporary(&self) -> PathBuf {
        with_suffix(&self.path, ".new")
    }

    fn error(&self, error: &io::Error) -> Error {
        let message = Message::new("file-not-written").outside("file", self.path.to_string_lossy());
        Error::could_not_run(message.shown("error", error))
    }
}

/// Returns the path of the journal of the checkpoint in `path`; see [`super::follow`].
pub fn journal(path: &Path) -> PathBuf {
    with_suffix(path, ".told")
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    name.into()
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

/// Restores `options` from the checkpoint, and returns its targets.
pub fn restore(options: &mut ScanOptions, checkpoint: &Checkpoint) -> Resolved {
    let spec = &checkpoint.spec;
    options.ports = spec.tcp_ports().clone();
    options.udp.clone_from(&spec.udp);
    // A scan of UDP ports alone has no TCP technique.
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
            Some((JOURNALED, bytes)) => options.journaled = bytes.parse().ok(),
            Some(("name", rest)) => resolved.names.extend(name(rest)),
            _ => {}
        }
    }
    resolved
}

/// Returns the notes: what the report needs in addition to the plan. [`restore`] reads them.
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

/// Reads the rest of a `name` note: address, zone, name.
fn name(text: &str) -> Option<(Host, String)> {
    let mut words = text.splitn(3, ' ');
    let host = Host::zoned(words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some((host, words.next()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_note_is_read_with_its_zone() {
        let host = Host::zoned("fe80::1".parse().unwrap(), 3);
        let expected = Some((host, "printer of the lab".to_owned()));
        assert_eq!(name("fe80::1 3 printer of the lab"), expected);
        for broken in ["", "fe80::1", "fe80::1 x name", "nowhere 0 name"] {
            assert_eq!(name(broken), None, "{broken}");
        }
    }

    #[test]
    fn the_journal_path_appends_to_the_checkpoint_name() {
        assert_eq!(
            journal(Path::new("a/scan.state")),
            Path::new("a/scan.state.told")
        );
    }
}
