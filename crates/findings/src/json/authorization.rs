//! The objects of `scan.permission`: what authorized the scan.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use vigie_scope::target::Range;
use vigie_scope::{AuthSource, Authorization};

use super::LineError;
use super::ranges::span;
use super::values::{Text, timestamp};
use crate::time;

/// What authorizes the scan of a part of the targets.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct AuthorizationObject {
    by: Text,
    hosts: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interface: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

impl From<&Authorization> for AuthorizationObject {
    fn from(authorization: &Authorization) -> AuthorizationObject {
        let mut object = AuthorizationObject {
            by: authorization.source.as_str().into(),
            hosts: authorization.hosts,
            network: None,
            interface: None,
            file: None,
            who: None,
            until: None,
        };
        match &authorization.source {
            AuthSource::OwnAddress | AuthSource::Loopback | AuthSource::Lab => {}
            AuthSource::Connected { network, interface } => {
                object.network = Some(network.to_text());
                object.interface = Some(interface.clone());
            }
            AuthSource::Scope { file, who, until } => {
                object.file = Some(file.clone());
                object.who = Some(who.clone());
                object.until = until.map(time::rfc3339);
            }
            AuthSource::CommandLine { who } | AuthSource::Prompt { who } => {
                object.who = Some(who.clone());
            }
        }
        object
    }
}

impl TryFrom<AuthorizationObject> for Authorization {
    type Error = LineError;

    fn try_from(object: AuthorizationObject) -> Result<Authorization, LineError> {
        let who = object.who.unwrap_or_default();
        let source = match &*object.by {
            "own-address" => AuthSource::OwnAddress,
            "loopback" => AuthSource::Loopback,
            "lab" => AuthSource::Lab,
            "connected" => AuthSource::Connected {
                network: network(object.network.as_deref().unwrap_or(""))?,
                interface: object.interface.unwrap_or_default(),
            },
            "scope" => AuthSource::Scope {
                file: object.file.unwrap_or_default(),
                who,
                until: object.until.map(|t| timestamp(&t, "until")).transpose()?,
            },
            "authorized" => AuthSource::CommandLine { who },
            "asked" => AuthSource::Prompt { who },
            _ => return Err(LineError::Field("by")),
        };
        Ok(Authorization {
            source,
            hosts: object.hosts,
        })
    }
}

/// Reads what [`Range::to_text`] writes.
fn network(text: &str) -> Result<Range, LineError> {
    let wrong = LineError::Field("network");
    let ip = |text: &str| text.parse::<IpAddr>().map_err(|_| wrong);
    if let Some((first, length)) = text.split_once('/') {
        let length: u8 = length.parse().map_err(|_| wrong)?;
        return Ok(Range::prefix(ip(first)?, length, 0));
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    span(Range::single(ip(first)?, 0), Range::single(ip(last)?, 0)).ok_or(wrong)
}
