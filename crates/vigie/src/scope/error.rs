//! Decisions of the policy as messages.

use vigie_findings::time;
use vigie_report::{Message, Texts};
use vigie_scope::Host;
use vigie_scope::target::RangeSet;
use vigie_scope::{AuthSource, Decision, Denied, DenyReason, Inactive};

use crate::error::Error;
use crate::exit::Exit;

/// Maximum number of ranges in a message; the rest is counted.
const MAX_LISTED: usize = 4;

/// Returns the source of an authorization as part of a sentence.
pub fn auth_source(source: &AuthSource) -> Message {
    vigie_report::scan::permission::allowance(source)
}

/// Returns the reason of a denial as part of a sentence.
pub fn deny_reason(reason: &DenyReason) -> Message {
    let about = |key, file: &str| Message::new(key).outside("file", file);
    match reason {
        DenyReason::Unspecified => Message::new("scope-unspecified"),
        DenyReason::Multicast => Message::new("scope-multicast"),
        DenyReason::Broadcast => Message::new("scope-broadcast"),
        DenyReason::Never { file } => about("scope-never", file),
        DenyReason::NeverName { file, name } => {
            about("scope-never-name", file).outside("name", name)
        }
        DenyReason::Ports { file, ports } => {
            let (transport, first) = ports.at(0);
            about("scope-ports", file)
                .shown("port", format!("{first}/{transport}"))
                .amount("more", ports.len() as u64 - 1)
        }
        DenyReason::Inactive {
            file,
            cause,
            moment,
        } => {
            let moment = moment.map(time::plain).unwrap_or_default();
            match cause {
                Inactive::Expired => about("scope-expired", file).safe("moment", moment),
                Inactive::NotYetValid => about("scope-not-yet", file).safe("moment", moment),
                Inactive::OutsideHours => about("scope-outside-hours", file),
            }
        }
        DenyReason::NotInScope => Message::new("scope-not-in-scope"),
    }
}

/// Formats addresses, with the names by which they were requested.
pub fn addresses(some: &RangeSet, names: &[(Host, String)], texts: &Texts) -> String {
    let named: Vec<String> = some
        .ranges()
        .iter()
        .take(MAX_LISTED)
        .map(|range| {
            let of =
                |(host, _): &&(Host, String)| *host == Host::zoned(range.first_ip(), range.zone);
            match names.iter().find(of) {
                Some((_, name)) => texts.say(
                    &Message::new("scope-named")
                        .safe("addresses", range.to_text())
                        .outside("name", name),
                ),
                None => range.to_text(),
            }
        })
        .collect();
    let said = named.join(", ");
    let more = some.ranges().iter().skip(MAX_LISTED);
    let more = more.fold(0u64, |n, r| {
        n.saturating_add(u64::try_from(r.len()).unwrap_or(u64::MAX))
    });
    if more == 0 {
        return said;
    }
    texts.say(
        &Message::new("scope-and-more")
            .safe("some", said)
            .amount("more", more),
    )
}

/// Formats one denied part.
fn part(denied: &Denied, names: &[(Host, String)], texts: &Texts) -> Message {
    Message::new("scope-part")
        .safe("addresses", addresses(&denied.addresses, names, texts))
        .text("why", deny_reason(&denied.reason))
}

/// Formats all denied parts in one line.
fn parts(decision: &Decision, names: &[(Host, String)], texts: &Texts) -> String {
    let parts = decision.denied.iter().take(MAX_LISTED);
    let said: Vec<String> = parts.map(|r| texts.say(&part(r, names, texts))).collect();
    said.join("; ")
}

/// Returns the error for a denied request.
pub(super) fn refused(decision: &Decision, names: &[(Host, String)], texts: &Texts) -> Error {
    let message = Message::new("scope-refused").safe("parts", parts(decision, names, texts));
    let never = decision
        .denied
        .iter()
        .any(|r| !r.reason.can_be_authorized());
    let hint = if never {
        "scope-refused-never-hint"
    } else {
        "scope-refused-hint"
    };
    Error::new(Exit::OutOfScope, message).hint(Message::new(hint))
}

/// Returns the prompt for the user.
pub(super) fn question(decision: &Decision, names: &[(Host, String)], texts: &Texts) -> Message {
    Message::new("scope-question").safe("parts", parts(decision, names, texts))
}
