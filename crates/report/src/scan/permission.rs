//! What authorizes a scan, as text.

use vigie_scope::AuthSource;

use crate::{Message, Texts};
use vigie_findings::{ScanInfo, time};

/// Returns the source of an authorization, as a part of a sentence.
pub fn allowance(by: &AuthSource) -> Message {
    match by {
        AuthSource::OwnAddress => Message::new("permission-own-address"),
        AuthSource::Loopback => Message::new("permission-loopback"),
        AuthSource::Lab => Message::new("permission-lab"),
        AuthSource::Connected { network, interface } => Message::new("permission-connected")
            .safe("network", network.to_text())
            .outside("interface", interface),
        AuthSource::Scope { file, who, until } => {
            let message = match until {
                None => Message::new("permission-scope"),
                Some(until) => {
                    Message::new("permission-scope-until").safe("until", time::plain(*until))
                }
            };
            message.outside("file", file).outside("who", who)
        }
        AuthSource::CommandLine { who } => {
            Message::new("permission-authorized").outside("who", who)
        }
        AuthSource::Prompt { who } => Message::new("permission-asked").outside("who", who),
    }
}

/// Returns the line about what authorizes the scan and how many probes it can send. `None` if it scans this machine or the
/// lab only.
pub(super) fn line(scan: &ScanInfo, texts: &Texts) -> Option<String> {
    let authorizations = &scan.permission.authorizations;
    if authorizations
        .iter()
        .all(|authorization| authorization.source.is_local())
    {
        return None;
    }
    let said: Vec<String> = authorizations
        .iter()
        .map(|a| texts.say(&allowance(&a.source)))
        .collect();
    let message = Message::new("permission-line").safe("grounds", said.join("; "));
    Some(texts.say(&message.amount("probes", most(scan))))
}

/// Returns the maximum number of probes of the plan, with all retries.
pub(super) fn most(scan: &ScanInfo) -> u64 {
    scan.plan.max_probes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;
    use vigie_findings::samples;
    use vigie_scope::Authorization;
    use vigie_scope::target::Range;

    #[test]
    fn only_authorizations_for_other_machines_are_named() {
        let mut scan = samples::near().scan;
        let authorization = |source| Authorization { source, hosts: 1 };
        assert_eq!(line(&scan, &Texts::new(Lang::En)), None);
        scan.permission.authorizations = vec![
            authorization(AuthSource::OwnAddress),
            authorization(AuthSource::Lab),
        ];
        assert_eq!(line(&scan, &Texts::new(Lang::En)), None);
        scan.permission
            .authorizations
            .push(authorization(AuthSource::Connected {
                network: Range::prefix("10.0.1.0".parse().unwrap(), 24, 0),
                interface: "eth0\x1b[2J".into(),
            }));
        assert_eq!(
            line(&scan, &Texts::new(Lang::En)).as_deref(),
            Some(
                "Allowed: this machine's own address; the lab; private network 10.0.1.0/24 on eth0\\x1b[2J. \
                 At most 10,328 probes"
            )
        );
        for lang in Lang::ALL {
            scan.permission.authorizations = vec![
                authorization(AuthSource::Scope {
                    file: "scope.toml".into(),
                    who: "Jane".into(),
                    until: Some(std::time::Duration::ZERO),
                }),
                authorization(AuthSource::CommandLine { who: "Ann".into() }),
                authorization(AuthSource::Prompt { who: "Bob".into() }),
            ];
            let said = line(&scan, &Texts::new(*lang)).unwrap();
            for part in ["scope.toml", "Jane", "1970-01-01", "Ann", "Bob"] {
                assert!(said.contains(part), "{said}");
            }
        }
    }
}
