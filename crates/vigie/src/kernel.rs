//! What the kernel refused, as messages in the user's language. text keys: way-*, io-*
//!
//! The library's errors carry data; the words are made here. This file must not know any command.

use vigie_linux::io::IoError;
use vigie_linux::net::RouteError;
use vigie_report::Message;

/// Why there is no way to a destination.
pub fn route(error: &RouteError) -> Message {
    Message::new(match error {
        RouteError::NoRoute => "way-none",
        RouteError::Unreachable => "way-unreachable",
        RouteError::Prohibited => "way-prohibited",
        RouteError::Blackhole => "way-blackhole",
        RouteError::ZoneNeeded => "way-zone-needed",
        RouteError::NoLink => "way-no-link",
        RouteError::NoSource => "way-no-source",
        other => return Message::new("way-other").shown("error", other),
    })
}

/// Why a packet socket does not work.
pub fn io(error: &IoError) -> Message {
    let (key, call) = match error {
        IoError::NotPermitted { call } => ("io-not-permitted", call),
        IoError::NoSuchDevice { call } => ("io-no-device", call),
        IoError::DeviceDown { call } => ("io-device-down", call),
        IoError::Busy { call } => ("io-busy", call),
        IoError::Unsupported { call, .. } => ("io-unsupported", call),
        other => return Message::new("io-other").shown("error", other),
    };
    Message::new(key).safe("call", *call)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_report::{Lang, Texts};

    #[test]
    fn every_refusal_has_words_in_both_languages() {
        let routes = [
            RouteError::NoRoute,
            RouteError::Unreachable,
            RouteError::Prohibited,
            RouteError::Blackhole,
            RouteError::ZoneNeeded,
            RouteError::NoLink,
            RouteError::NoSource,
        ];
        let call = "bind";
        let io_errors = [
            IoError::NotPermitted { call },
            IoError::NoSuchDevice { call },
            IoError::DeviceDown { call },
            IoError::Busy { call },
        ];
        let messages = || routes.iter().map(route).chain(io_errors.iter().map(io));
        let (english, french) = (Texts::new(Lang::En), Texts::new(Lang::Fr));
        for (error, message) in messages().enumerate() {
            let (english, french) = (english.say(&message), french.say(&message));
            assert_ne!(english, french, "{error}: {}", message.key);
        }
        let said: Vec<String> = messages().map(|m| french.say(&m)).collect();
        assert_eq!(said[0], "aucune route");
    }
}
