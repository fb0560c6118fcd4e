//! A machine with several addresses, in one line.

use vigie_findings::ScanInfo;
use vigie_findings::machines::{Machine, SharedBy};

use crate::{Message, Texts, escape};

/// Maximum number of addresses that are named.
const MAX_NAMED: usize = 8;

/// Returns the line about a machine.
pub(super) fn line(machine: &Machine, scan: &ScanInfo, texts: &Texts) -> String {
    let named = machine.hosts.iter().take(MAX_NAMED);
    let named: Vec<String> = named
        .map(|host| escape::line(&scan.address(*host)).into_owned())
        .collect();
    let message = match &machine.shared {
        SharedBy::Mac(mac) => Message::new("joined-mac").shown("mac", mac),
        SharedBy::Name(name) => Message::new("joined-name").outside("name", name),
    };
    let more = machine.hosts.len().saturating_sub(MAX_NAMED) as u64;
    let message = message.safe("addresses", named.join(", "));
    texts.say(&message.amount("more", more))
}
