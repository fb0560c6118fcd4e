//! The connections that verified a host whose every port is open, as documented in `docs/json.md`.
//!
//! This file must not know what they mean.

use serde::Serialize;
use vigie_scan::open_port_check::{CheckedPort, OpenPortCheck};

use crate::words;

/// One connection.
#[derive(Serialize)]
pub(super) struct HandshakeLine {
    port: u16,
    control: bool,
    end: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
}

impl HandshakeLine {
    /// The connections to one host.
    pub(super) fn all(of: Option<&OpenPortCheck>) -> Vec<HandshakeLine> {
        let line = |tried: &CheckedPort| {
            let (end, words) = words::end(&tried.end);
            HandshakeLine {
                port: tried.port,
                control: tried.control,
                end,
                words: words.map(str::to_owned),
            }
        };
        of.into_iter()
            .flat_map(|h| h.ports.iter().map(line))
            .collect()
    }
}
