//! Targets that limit their resets or errors with kernel features: ports whose answers are suppressed are not reported
//! as filtered.
//!
//! This file must not know how rate limits are distinguished from loss.

use serde_json::Value;
use vigie_lab::Node;
use vigie_lab::shapes::Shape;

use crate::support::{Net, Results};

const OPEN: [u16; 5] = [22, 80, 443, 2_000, 2_900];

/// Returns the hosts with the warning `kind`.
fn warned(results: &Results, kind: &str) -> Vec<String> {
    let warnings = results.of("warning").filter(|w| w["warning"] == kind);
    let host = |w: &Value| w["host"].as_str().expect("a host").to_owned();
    warnings.map(host).collect()
}

/// Number of ports of the only host in `state` for `reason`.
fn count(results: &Results, state: &str, reason: &str) -> u64 {
    let host = results.of("host").last().expect("the host's results");
    let counts = host["counts"].as_array().expect("counts").iter();
    let of = counts.filter(|c| c["state"] == state && c["reason"] == reason);
    of.filter_map(|c| c["count"].as_u64()).sum()
}

#[test]
fn limited_resets_hide_no_open_port_and_make_none_filtered() {
    let net = Net::new(Shape::Veth, Node::new("", "").tcp(OPEN));
    net.output_rules(
        "target",
        "tcp flags rst limit rate over 500/second burst 5 packets drop",
    );
    let ip = net.v4().to_string();
    let results = net.json(&["-n", "-Pn", "-p", "1-3000", "--seed", "1", &ip]);
    assert_eq!(results.in_state("open"), OPEN);
    let all = results.of("host").last();
    assert_eq!(warned(&results, "limits-resets"), [ip], "{all:?}");
    assert_eq!(count(&results, "filtered", "no-response"), 0, "{all:?}");
    // Probing adapts to the limit, so nearly all of these few ports are proven closed.
    let closed = count(&results, "closed", "reset");
    let unproven = count(&results, "closed|filtered", "unproven");
    assert_eq!(closed + unproven, 3_000 - 5, "{all:?}");
    assert!(closed > 2_900, "{all:?}");
}

/// Linux answers repeated SYNs from the same source port once in half a second. After two lost answers, quick retries
/// therefore need other source ports.
#[test]
fn quick_retries_find_a_listener_after_lost_answers() {
    let net = Net::new(Shape::Veth, Node::new("", "").tcp([80]));
    net.output_rules(
        "target",
        "tcp sport 80 tcp flags & (syn | ack) == (syn | ack) numgen inc mod 100 < 3 drop",
    );
    let ip = net.v4().to_string();
    let ports = [
        "-p",
        "1-1000",
        "--confidence",
        "0.999999999",
        "--max-tries",
        "4",
    ];
    let results = net.json(&[&["-n", "-Pn", "--seed", "1", &ip], &ports[..]].concat());
    assert_eq!(results.in_state("open"), [80]);
    // Found long before the target's kernel retransmits its SYN-ACK.
    let found = results.of("port").find(|port| port["port"] == 80);
    assert_eq!(found.expect("the port")["tries"], 4);
    assert_eq!(results.only("scan")["budget"]["max_tries"], 4);
}

#[test]
fn limited_errors_hide_no_open_port() {
    let net = Net::new(Shape::Veth, Node::new("", "").tcp(OPEN));
    net.rules(
        "target",
        "meta l4proto icmp accept\ntcp dport { 22, 80, 443, 2000, 2900 } accept\nreject with icmpx type admin-prohibited",
    );
    let ip = net.v4().to_string();
    let results = net.json(&["-n", "-Pn", "-p", "1-20000", "--seed", "1", &ip]);
    assert_eq!(results.in_state("open"), OPEN);
    let all = results.of("host").last();
    // A port whose error was suppressed is filtered nevertheless.
    let rejected = count(&results, "filtered", "admin-prohibited");
    let silent = count(&results, "filtered", "no-response");
    assert_eq!(rejected + silent, 20_000 - 5, "{all:?}");
    assert!(rejected > 0, "{all:?}");
    assert_eq!(warned(&results, "limits-resets"), [""; 0], "{all:?}");
}
