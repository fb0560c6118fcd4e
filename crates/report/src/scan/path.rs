//! The route to a host as text, for every format that people read.

use vigie_scan::event::Path;

use crate::{Message, Texts, number};

/// Returns a title with the probes that traced the route, and a line for each hop from the nearest router to the host.
pub(super) fn lines(path: &Path, texts: &Texts) -> (String, Vec<String>) {
    let title = match path.probe {
        Some(question) => Message::new("path-title")
            .safe("probe", vigie_findings::words::discovery_probe(question)),
        None => Message::new("path-neighbour"),
    };
    let step = |hop: &vigie_scan::event::Hop| {
        let message = match (hop.ip, hop.shared) {
            (None, _) => Message::new("path-silent"),
            (Some(ip), None) => Message::new("path-hop").shown("ip", ip),
            (Some(ip), Some(of)) => Message::new("path-shared").shown("ip", ip).shown("of", of),
        };
        let rtt = hop.rtt.map(|rtt| number::duration(rtt, texts.lang()));
        let message = message.safe("ttl", format!("{:>3}", hop.ttl));
        let text = texts.say(&message.safe("rtt", rtt.unwrap_or_default()));
        text.trim_end().to_owned()
    };
    (texts.say(&title), path.hops.iter().map(step).collect())
}
