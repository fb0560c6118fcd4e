//! Host discovery flags: `-PE`, `-PS22,443`, `-sn`.

use vigie_report::Message;
use vigie_scan::plan::{DiscoveryProbe, Technique};

use crate::error::Error;
use crate::flags::scan::ScanFlags;

/// Maximum number of discovery probes to each host. Larger numbers come from typos such as `-PS-`.
const MAX_PROBES: usize = 100;

/// Returns the discovery probes of the command line, or the default ones.
///
/// # Errors
/// Too many probes.
pub fn probes(flags: &ScanFlags) -> Result<Vec<DiscoveryProbe>, Error> {
    let probes = &flags.discovery_probes;
    if probes.len() > MAX_PROBES {
        let message = Message::new("scan-too-many-questions").amount("count", probes.len() as u64);
        let hint = Message::new("scan-too-many-questions-hint").amount("most", MAX_PROBES as u64);
        return Err(Error::usage(message).hint(hint));
    }
    if probes.is_empty() {
        return Ok(DiscoveryProbe::DEFAULT.to_vec());
    }
    Ok(probes.clone())
}

/// Checks that no flag selects ports together with `-sn`.
///
/// # Errors
/// A flag that selects ports or a technique.
pub fn check_hosts_only(flags: &ScanFlags, technique: Option<Technique>) -> Result<(), Error> {
    let flag = if flags.ports.is_some() {
        "-p".to_owned()
    } else if flags.fast {
        "-F".to_owned()
    } else if flags.top_ports.is_some() {
        "--top-ports".to_owned()
    } else if let Some(technique) = technique.filter(|t| *t != Technique::Connect) {
        format!("-{}", technique.flag())
    } else {
        return Ok(());
    };
    let message = Message::new("scan-hosts-only-ports").safe("flag", flag);
    Err(Error::usage(message).hint(Message::new("scan-hosts-only-ports-hint")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_discovery_ports_are_rejected() {
        let flags = |count: u16| ScanFlags {
            discovery_probes: (0..count)
                .map(|port| DiscoveryProbe::new(vigie_scan::probe::Kind::SYN, port))
                .collect(),
            ..ScanFlags::default()
        };
        assert_eq!(probes(&flags(0)).unwrap(), DiscoveryProbe::DEFAULT);
        assert_eq!(probes(&flags(2)).unwrap().len(), 2);
        assert!(probes(&flags(101)).is_err());
    }
}
