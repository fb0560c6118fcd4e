//! Errors of the kernel as messages in the user's language. text keys: way-*, io-*, netlink-*, write-*, connect-*, reserve-*
//!
//! The errors of `vigie-linux` and `vigie-lab` carry data; this file turns them into messages. It must not know any
//! command.

use vigie_lab::StateError;
use vigie_linux::io::IoError;
use vigie_linux::net::{RouteError, SplitError};
use vigie_linux::source_port::ReserveError;
use vigie_linux::tcp_connect::ConnectError;
use vigie_linux::{netlink, netns};
use vigie_report::Message;
use vigie_wire::WriteError;

use crate::error::Error;

/// Returns the error for a netlink request that failed.
pub fn refused(error: &netlink::Error) -> Error {
    Error::could_not_run(Message::new("kernel-refused").text("error", netlink(error)))
}

/// Returns why a netlink request failed.
pub fn netlink(error: &netlink::Error) -> Message {
    match error {
        netlink::Error::System { call, errno, .. } => failed(call, errno),
        netlink::Error::Refused {
            errno, complaint, ..
        } => match &complaint.message {
            Some(words) => Message::new("netlink-complaint")
                .shown("error", errno)
                .outside("words", words),
            None => Message::new("way-other").shown("error", errno),
        },
        netlink::Error::Interrupted { .. } => Message::new("netlink-interrupted"),
        // Malformed answers, and errors added later that have no text yet.
        _ => Message::new("netlink-malformed"),
    }
}

/// Returns why a namespace could not be made, found or entered.
pub fn netns(error: &netns::Error) -> Message {
    match &error.path {
        Some(path) => failed(&path.to_string_lossy(), &error.errno),
        None => Message::new("way-other").shown("error", error.errno),
    }
}

/// Returns why a range of addresses could not be split by its routes.
pub fn split(error: &SplitError) -> Message {
    match error {
        SplitError::TooManyPieces { pieces, max } => Message::new("way-too-many")
            .amount("pieces", *pieces as u64)
            .amount("most", *max as u64),
        SplitError::Kernel(error) => netlink(error),
        _ => Message::new("way-no-range"),
    }
}

/// Returns why a packet could not be written.
pub fn write(error: &WriteError) -> Message {
    match error {
        WriteError::NoRoom { layer, needed, had } => Message::new("write-no-room")
            .safe("layer", *layer)
            .amount("needed", *needed as u64)
            .amount("had", *had as u64),
        WriteError::TooLong { layer, len, max } => Message::new("write-too-long")
            .safe("layer", *layer)
            .amount("length", *len as u64)
            .amount("most", *max as u64),
        WriteError::MixedFamilies => Message::new("write-mixed-families"),
    }
}

/// Returns why connections cannot be made.
pub fn connect(error: &ConnectError) -> Message {
    match error {
        ConnectError::NoDescriptors { limit } => {
            Message::new("connect-no-descriptors").amount("limit", *limit)
        }
        ConnectError::BadSource { address } => {
            Message::new("source-not-ours").shown("address", address)
        }
        ConnectError::BadDevice { errno } => failed("SO_BINDTODEVICE", errno),
        ConnectError::DuplicateId(id) => Message::new("connect-twice").shown("id", id),
        ConnectError::System { call, errno } => failed(call, errno),
    }
}

/// Returns why source ports could not be reserved.
pub fn reserve(error: &ReserveError) -> Message {
    match error {
        ReserveError::Busy { port } => Message::new("reserve-busy").shown("port", port),
        ReserveError::NotPermitted { port } => {
            Message::new("reserve-not-permitted").shown("port", port)
        }
        ReserveError::NoneFree { count } => {
            Message::new("reserve-none-free").amount("count", u64::from(*count))
        }
        ReserveError::BadRange => Message::new("reserve-bad-range"),
        ReserveError::System { call, errno } => failed(call, errno),
    }
}

/// Returns why a lab could not be built.
pub fn lab(error: &vigie_lab::Error) -> Message {
    let at = |node: &str, why: Message| {
        Message::new("lab-at-node")
            .outside("node", node)
            .text("error", why)
    };
    match error {
        vigie_lab::Error::Network { node, error } => at(node, netlink(error)),
        vigie_lab::Error::Namespace { node, error } => at(node, netns(error)),
        vigie_lab::Error::Service { node, errno, .. } => {
            at(node, Message::new("way-other").shown("error", errno))
        }
        vigie_lab::Error::TooManyFiles { wanted, allowed } => Message::new("lab-too-many-files")
            .amount("wanted", *wanted)
            .amount("allowed", *allowed),
        vigie_lab::Error::NotReady { node } => at(node, Message::new("lab-not-ready")),
        // Errors in a topology: that of the training lab is tested.
        other => Message::new("way-other").shown("error", other),
    }
}

/// Returns why a lab's state could not be read, written or entered.
pub fn state(error: &StateError) -> Message {
    match error {
        StateError::File { path, error } => failed(&path.to_string_lossy(), error),
        StateError::Enter(error) => netns(error),
        StateError::Holder(errno) => Message::new("way-other").shown("error", errno),
        StateError::Foreign(path) => {
            Message::new("lab-state-foreign").outside("path", path.to_string_lossy())
        }
        StateError::Unreadable(path) => {
            Message::new("lab-state-unreadable").outside("path", path.to_string_lossy())
        }
        StateError::NoNode(name) => Message::new("lab-no-node").outside("name", name),
        other => Message::new("way-other").shown("error", other),
    }
}

/// Returns what failed, with the system's description of the error.
fn failed(what: &str, why: &dyn std::fmt::Display) -> Message {
    Message::new("way-other").shown("error", format_args!("{what}: {why}"))
}

/// Returns why there is no route to a destination.
pub fn route(error: &RouteError) -> Message {
    Message::new(match error {
        RouteError::NoRoute => "way-none",
        RouteError::Unreachable => "way-unreachable",
        RouteError::Prohibited => "way-prohibited",
        RouteError::Blackhole => "way-blackhole",
        RouteError::ZoneNeeded => "way-zone-needed",
        RouteError::NoLink => "way-no-link",
        RouteError::NoSource => "way-no-source",
        RouteError::Kernel(error) => return netlink(error),
        other => return Message::new("way-other").shown("error", other),
    })
}

/// Returns why a packet socket failed.
pub fn io(error: &IoError) -> Message {
    let (key, call) = match error {
        IoError::NotPermitted { call } => ("io-not-permitted", call),
        IoError::NoSuchDevice { call } => ("io-no-device", call),
        IoError::DeviceDown { call } => ("io-device-down", call),
        IoError::Busy { call } => ("io-busy", call),
        IoError::Unsupported { call, .. } => ("io-unsupported", call),
        IoError::BadRequest(what) => {
            return Message::new("io-bad-request").safe("what", *what);
        }
        IoError::System { call, errno } => return failed(call, errno),
    };
    Message::new(key).safe("call", *call)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_report::{Lang, Texts};

    #[test]
    fn every_error_has_a_text_in_both_languages() {
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
            IoError::BadRequest("empty batch"),
        ];
        let others = [
            netlink(&netlink::Error::Interrupted { operation: call }),
            netlink(&netlink::Error::Malformed {
                operation: call,
                what: "an answer",
            }),
            split(&SplitError::NotARange),
            split(&SplitError::TooManyPieces { pieces: 9, max: 8 }),
            split(&SplitError::Kernel(netlink::Error::Interrupted {
                operation: call,
            })),
            write(&WriteError::NoRoom {
                layer: "TCP",
                needed: 2,
                had: 1,
            }),
            write(&WriteError::TooLong {
                layer: "TCP",
                len: 2,
                max: 1,
            }),
            write(&WriteError::MixedFamilies),
            connect(&ConnectError::NoDescriptors { limit: 3 }),
            connect(&ConnectError::BadSource {
                address: std::net::Ipv4Addr::LOCALHOST.into(),
            }),
            connect(&ConnectError::DuplicateId(7)),
            reserve(&ReserveError::Busy { port: 80 }),
            reserve(&ReserveError::NotPermitted { port: 80 }),
            reserve(&ReserveError::NoneFree { count: 4 }),
            reserve(&ReserveError::BadRange),
            lab(&vigie_lab::Error::NotReady {
                node: "server".to_owned(),
            }),
            lab(&vigie_lab::Error::TooManyFiles {
                wanted: 9,
                allowed: 8,
            }),
        ];
        let messages = || {
            let known = routes.iter().map(route).chain(io_errors.iter().map(io));
            known.chain(others.iter().cloned())
        };
        let (english, french) = (Texts::new(Lang::En), Texts::new(Lang::Fr));
        for (error, message) in messages().enumerate() {
            let (english, french) = (english.say(&message), french.say(&message));
            assert_ne!(english, french, "{error}: {}", message.key);
        }
        let texts: Vec<String> = messages().map(|m| french.say(&m)).collect();
        assert_eq!(texts[0], "aucune route");
    }

    #[test]
    fn system_errors_in_french_contain_no_english() {
        let errno = vigie_linux::tcp_connect::Errno::NODEV;
        let (operation, call) = ("find the link", "bind");
        let refused = netlink::Error::Refused {
            operation,
            errno,
            complaint: netlink::Complaint::default(),
        };
        let system = netlink::Error::System {
            operation,
            call,
            errno,
        };
        let french = Texts::new(Lang::Fr);
        let say = |message: Message| french.say(&message);
        let word = "appareil inexistant";
        assert_eq!(say(netlink(&refused)), word);
        assert_eq!(say(netlink(&system)), ["bind: ", word].concat());
        assert_eq!(
            say(route(&RouteError::Kernel(system.clone()))),
            ["bind: ", word].concat()
        );
        assert_eq!(
            say(connect(&ConnectError::BadDevice { errno })),
            ["SO_BINDTODEVICE: ", word].concat()
        );
    }
}
