//! `vigie dns` prints the same text as dig for the same queries, except values that differ between runs.

use crate::server::Server;
use crate::wires::{alone, run, text, witness};

/// Removes values that differ between runs.
fn normalized(output: &str) -> Vec<String> {
    let changing = ["; <<>>", ";; Query time:", ";; WHEN:"];
    output
        .lines()
        .filter(|line| !changing.iter().any(|start| line.starts_with(start)))
        .map(|line| line.split(", id: ").next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn answers_are_explained_in_both_languages() {
    let namespace = alone();
    let _server = Server::start(&namespace, "127.0.0.1");
    let explained = |lang: &str, words: &[&str]| {
        let output = run(
            &namespace,
            &[&["--lang", lang, "dns", "@127.0.0.1", "--explain"], words].concat(),
        );
        assert!(output.status.success(), "{}", text(&output.stderr));
        let said = text(&output.stdout);
        let titles = ["Meaning of this response", "Signification de cette réponse"];
        let at = titles.iter().find_map(|title| said.find(title));
        said[at.expect("an explanation")..].to_owned()
    };
    let found = explained("en", &["www.itinet.fr"]);
    assert!(found.contains("status: NOERROR") && found.contains("the name exists and has records"));
    assert!(
        found.contains("127.0.0.1 replied from its UDP port 53: the port is open"),
        "{found}"
    );
    assert!(found.contains("dig @127.0.0.1 www.itinet.fr. A"), "{found}");
    // The packets, their meaning, the reason, other possible causes, and commands that show them.
    for part in [
        " SENT IP 127.0.0.1.",
        "A? www.itinet.fr.",
        " RCVD IP 127.0.0.1.53 > 127.0.0.1.",
        "--->|",
        "RFC 1035",
        "What else it could be",
        "tcpdump -n -i any '",
    ] {
        assert!(found.contains(part), "{part}\n{found}");
    }
    let french = explained("fr", &["nothing.itinet.fr"]);
    assert!(french.contains("Autres causes possibles"), "{french}");
    assert!(
        french.contains("status: NXDOMAIN") && french.contains("le nom n'existe pas"),
        "{french}"
    );
    assert!(explained("en", &["refused.itinet.fr"]).contains("refuses to answer you"));
    let big = explained("en", &["big.itinet.fr", "TXT", "+noedns"]);
    assert!(
        big.contains("repeated on TCP port 53: both ports are open"),
        "{big}"
    );
}

#[test]
fn answers_have_the_layout_of_dig() {
    let namespace = alone();
    let _server = Server::start(&namespace, "127.0.0.1");
    let questions: &[&[&str]] = &[
        &["www.itinet.fr"],
        &["www.itinet.fr", "AAAA"],
        &["alias.itinet.fr"],
        &["itinet.fr", "MX"],
        &["itinet.fr", "TXT"],
        &["itinet.fr", "SOA"],
        &["itinet.fr", "HINFO"],
        &["itinet.fr", "CAA"],
        &["_sip._tcp.itinet.fr", "SRV"],
        &["itinet.fr", "TYPE65280"],
        &["nothing.itinet.fr"],
        &["refused.itinet.fr"],
        &["-x", "88.191.51.73"],
        &["big.itinet.fr", "TXT"],
        &["big.itinet.fr", "TXT", "+ignore"],
        &["big.itinet.fr", "TXT", "+noedns"],
        &["www.itinet.fr", "+tcp"],
        &["www.itinet.fr", "+short"],
        &["itinet.fr", "MX", "+short"],
        &["www.itinet.fr", "+norecurse", "+noedns"],
        &["www.itinet.fr", "+dnssec"],
        &["www.itinet.fr", "+noall", "+answer"],
        &["www.itinet.fr", "+nocomments", "+nostats"],
        &[
            "www.itinet.fr",
            "+noquestion",
            "+noauthority",
            "+noadditional",
        ],
    ];
    for question in questions {
        let mut ours = vec!["dns", "@127.0.0.1"];
        ours.extend(*question);
        let mut theirs = vec!["@127.0.0.1", "+nocookie"];
        theirs.extend(*question);
        let (ours, theirs) = (run(&namespace, &ours), witness(&namespace, "dig", &theirs));
        assert!(
            ours.status.success() && theirs.status.success(),
            "{question:?}: {}",
            text(&ours.stderr)
        );
        assert_eq!(
            normalized(&text(&ours.stdout)),
            normalized(&text(&theirs.stdout)),
            "{question:?}"
        );
    }
}

#[test]
fn a_closed_port_is_distinguished_from_silence() {
    let namespace = alone();
    let closed = run(
        &namespace,
        &[
            "--lang",
            "en",
            "dns",
            "@127.0.0.1",
            "www.itinet.fr",
            "+tries=1",
        ],
    );
    assert_eq!(closed.status.code(), Some(1));
    assert!(
        text(&closed.stdout)
            .contains(";; communications error to 127.0.0.1#53: connection refused")
    );
    assert!(
        text(&closed.stderr)
            .contains("replied with ICMP port unreachable: its UDP port 53 is closed")
    );
    let reset = run(
        &namespace,
        &[
            "--lang",
            "fr",
            "dns",
            "@127.0.0.1",
            "www.itinet.fr",
            "+tcp",
            "+tries=1",
        ],
    );
    assert!(
        text(&reset.stderr).contains("son port TCP 53 est fermé"),
        "{}",
        text(&reset.stderr)
    );
    // A socket that is never read is silent.
    let _quiet = namespace
        .run(|| std::net::UdpSocket::bind("127.0.0.1:53").expect("UDP port 53"))
        .expect("inside");
    let silent = run(
        &namespace,
        &[
            "--lang",
            "en",
            "dns",
            "@127.0.0.1",
            "www.itinet.fr",
            "+tries=1",
            "+time=1",
        ],
    );
    assert_eq!(silent.status.code(), Some(1));
    assert!(
        text(&silent.stderr).contains("no reply from 127.0.0.1 on port 53"),
        "{}",
        text(&silent.stderr)
    );
}

#[test]
fn invalid_options_are_rejected_before_a_query_is_sent() {
    let namespace = alone();
    for (arguments, said) in [
        (
            &["www.itinet.fr", "+nonsense"][..],
            "unknown option “+nonsense”",
        ),
        (&["-x", "10.0.0"], "“10.0.0” is not an IP address"),
        (&["-t", "NOPE", "a.b"], "unknown record type “NOPE”"),
        (&["a.b", "c.d"], "unexpected name “c.d”"),
        (&["-p", "70000", "a.b"], "invalid number “70000” for “-p”"),
    ] {
        let mut all = vec!["--lang", "en", "dns"];
        all.extend(arguments);
        let output = run(&namespace, &all);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            text(&output.stderr).contains(said),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
    }
}

#[test]
fn trace_follows_delegations_from_the_root() {
    let namespace = alone();
    // One server plays the root, the parent zone and the zone. Its address tells it which one is queried.
    let _root = Server::start(&namespace, "127.0.0.1");
    let _top = Server::start(&namespace, "127.0.0.2");
    let _zone = Server::start(&namespace, "127.0.0.3");
    let output = run(
        &namespace,
        &["dns", "@127.0.0.1", "host.deep.example", "+trace"],
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    let steps: Vec<String> = text(&output.stdout)
        .lines()
        .filter(|line| line.contains("\tIN\t") || line.starts_with(";; Received"))
        .map(|line| {
            line.split(" in ")
                .next()
                .unwrap_or_default()
                .split(" bytes ")
                .last()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    assert_eq!(
        steps,
        [
            ".\t\t\t300\tIN\tNS\tns.root.",
            "from 127.0.0.1#53(127.0.0.1)",
            "deep.example.\t\t300\tIN\tNS\tns.deep.example.",
            "from 127.0.0.2#53(127.0.0.2)",
            "host.deep.example.\t300\tIN\tA\t10.0.0.9",
            "from 127.0.0.3#53(127.0.0.3)",
        ]
    );
}
