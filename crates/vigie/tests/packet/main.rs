//! `vigie packet` on lab networks: the examples of the tutorial "Scan de ports avec Scapy", typed at the prompt against a
//! lab with the tutorial's three hosts, and errors. Needs root, and `script` of util-linux for the terminal; fails
//! without.

mod permit;
mod played;
#[path = "../wire/server.rs"]
mod server;
mod terminal;
mod transcript;
#[path = "../wire/wires.rs"]
#[allow(dead_code, reason = "the tests of the wire use more of it")]
mod wires;

use std::os::unix::fs::MetadataExt as _;

use server::Server;
use terminal::Terminal;
use vigie_lab::{Connection, Interface, Lab, Node, Topology};
use wires::{run, text, witness};

/// Builds the tutorial's network: the student's machine, the router (web and DNS), the printer (no open port).
fn tutorial() -> Lab {
    Lab::build(Topology {
        nodes: vec![
            Node::new("debian", "the student's machine"),
            Node::new("box", "the box").tcp([80]),
            Node::new("printer", "the printer"),
        ],
        connections: vec![Connection::Switch(vec![
            Interface::new("debian", "eth0", &["192.168.1.159/24"]),
            Interface::new("box", "eth0", &["192.168.1.1/24"]),
            Interface::new("printer", "eth0", &["192.168.1.100/24"]),
        ])],
        ..Topology::default()
    })
    .expect("this test makes network namespaces: run it as root")
}

#[test]
fn the_scan_of_the_tutorial_works_as_written() {
    let lab = tutorial();
    let mut prompt = Terminal::start(lab.namespace("debian").expect("the node"), &["packet"]);
    prompt.expect(">>> ");

    let listed = prompt.say("ls(TCP)");
    for (field, class, default) in [
        ("sport", "ShortEnumField", "20"),
        ("dport", "ShortEnumField", "80"),
        ("seq", "IntField", "0"),
        ("dataofs", "BitField  (4 bits)", "None"),
        ("window", "ShortField", "8192"),
        ("chksum", "XShortField", "None"),
        ("urgptr", "ShortField", "0"),
    ] {
        assert!(
            listed.contains(&format!("{field:<10} : {class:<35} = ('{default}')")),
            "{field}: {listed}"
        );
    }

    prompt.say("paquet = IP(dst='192.168.1.1') / TCP(sport=55555, dport=80, flags='S')");
    let sent = prompt.say("rep, non_rep = sr(paquet)");
    assert!(sent.contains("Begin emission:"), "{sent}");
    assert!(
        sent.contains("got 1 answers, remaining 0 packets"),
        "{sent}"
    );
    let shown = prompt.say("rep.show()");
    assert!(
        shown.contains(
            "0000 IP / TCP 192.168.1.159:55555 > 192.168.1.1:http S ==> IP / TCP 192.168.1.1:http > 192.168.1.159:55555 SA"
        ),
        "{shown}"
    );
    let asked = prompt.say("rep[0][0][TCP].show()");
    for line in [
        "###[ TCP ]###",
        "  sport     = 55555",
        "  dport     = http",
        "  seq       = 0",
        "  ack       = 0",
        "  dataofs   = None",
        "  reserved  = 0",
        "  flags     = S",
        "  window    = 8192",
        "  chksum    = None",
        "  urgptr    = 0",
    ] {
        assert!(
            asked.lines().any(|shown| shown.trim_end() == line),
            "{line}: {asked}"
        );
    }
    let answered = prompt.say("rep[0][1][TCP].show()");
    for line in [
        "  sport     = http",
        "  dport     = 55555",
        "  ack       = 1",
        "  dataofs   = 6",
        "  flags     = SA",
    ] {
        assert!(
            answered.lines().any(|shown| shown.trim_end() == line),
            "{line}: {answered}"
        );
    }
    assert!(
        answered.contains("options   = [('MSS', 1460)]"),
        "{answered}"
    );

    prompt.say("paquet = IP(dst='192.168.1.100') / TCP(sport=55555, dport=22, flags='S')");
    prompt.say("rep, non_rep = sr(paquet)");
    let shown = prompt.say("rep.show()");
    assert!(
        shown.contains(
            "0000 IP / TCP 192.168.1.159:55555 > 192.168.1.100:ssh S ==> IP / TCP 192.168.1.100:ssh > 192.168.1.159:55555 RA"
        ),
        "{shown}"
    );
    let flags = prompt.say("rep[0][1][TCP].flags");
    assert!(flags.contains("<Flag 20 (RA)>"), "{flags}");

    // Lists and ranges, as in the tutorial.
    let many =
        prompt.say("rep, non_rep = sr(IP(dst='192.168.1.1')/TCP(dport=[80, 443], flags='S'))");
    assert!(
        many.contains("got 2 answers, remaining 0 packets"),
        "{many}"
    );
    let range = prompt.say("len(list(TCP(dport=(80, 443))))");
    assert!(range.contains("364"), "{range}");
    assert!(prompt.end());
}

#[test]
fn the_udp_scan_of_the_tutorial_works_as_written() {
    let lab = tutorial();
    let _server = Server::start(lab.namespace("box").expect("the node"), "192.168.1.1");
    let mut prompt = Terminal::start(lab.namespace("debian").expect("the node"), &["packet"]);
    prompt.expect(">>> ");
    prompt.say("paquet = IP(dst='192.168.1.1') / UDP(dport=53) / DNS()");
    prompt.say("rep, nonrep = sr(paquet)");
    let shown = prompt.say("rep.show()");
    assert!(
        shown.contains("0000 IP / UDP / DNS Qry") && shown.contains("==> IP / UDP / DNS Ans"),
        "{shown}"
    );
    prompt.say("paquet = IP(dst='192.168.1.100') / UDP(dport=53) / DNS()");
    prompt.say("rep, non_rep = sr(paquet)");
    let shown = prompt.say("rep.show()");
    assert!(
        shown.contains(
            "==> IP / ICMP 192.168.1.100 > 192.168.1.159 dest-unreach port-unreachable / IPerror / UDPerror"
        ),
        "{shown}"
    );
    assert!(prompt.end());
}

#[test]
fn errors_at_the_prompt_mark_their_place() {
    let lab = tutorial();
    let mut prompt = Terminal::start(lab.namespace("debian").expect("the node"), &["packet"]);
    prompt.expect(">>> ");
    let error = prompt.say("IP(dst='10.0.0.1', tll=3)");
    assert!(
        error.contains("IP has no field or method “tll”") && error.contains("valid names: ttl"),
        "{error}"
    );
    let marked = error
        .lines()
        .position(|line| line.contains("IP(dst='10.0.0.1', tll=3)") && line.starts_with("  "));
    let place = marked
        .and_then(|at| error.lines().nth(at + 1))
        .unwrap_or("");
    assert_eq!(
        place.trim_end(),
        format!("{}^^^", " ".repeat(21)),
        "{error}"
    );
    let foreign = prompt.say("send(IP(src='8.8.8.8', dst='192.168.1.1')/ICMP())");
    assert!(
        foreign.contains("the source 8.8.8.8 is not an address of this machine"),
        "{foreign}"
    );
    assert!(prompt.end());
}

#[test]
fn one_shot_commands_print_answers_and_set_the_exit_code() {
    let lab = tutorial();
    let debian = lab.namespace("debian").expect("the node");
    let answered = run(
        debian,
        &[
            "packet",
            "sr",
            "IP(dst='192.168.1.1')/TCP(dport=[80, 81], flags='S')",
        ],
    );
    let said = text(&answered.stdout);
    assert!(
        answered.status.success(),
        "{said}{}",
        text(&answered.stderr)
    );
    assert!(
        said.contains("192.168.1.1:http > 192.168.1.159:ftp_data SA"),
        "{said}"
    );
    assert!(
        said.contains("192.168.1.1:81 > 192.168.1.159:ftp_data RA"),
        "{said}"
    );

    let silent = run(
        debian,
        &[
            "packet",
            "sr1",
            "--timeout",
            "0.2",
            "--json",
            "IP(dst='192.168.1.1')/ICMP(type=15)",
        ],
    );
    assert_eq!(silent.status.code(), Some(1), "{}", text(&silent.stdout));
    let json = run(
        debian,
        &[
            "packet",
            "sr1",
            "--json",
            "IP(dst='192.168.1.1')/ICMP(id=7)",
        ],
    );
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).expect("one line of JSON");
    assert_eq!(value["layers"][1]["fields"]["id"], 7);
    let usage = run(debian, &["--lang", "fr", "packet", "show", "IP(dst="]);
    assert_eq!(usage.status.code(), Some(2));
    assert!(
        text(&usage.stderr).contains("non apparié"),
        "{}",
        text(&usage.stderr)
    );
}

#[test]
fn unresponsive_neighbours_do_not_block_other_packets() {
    let lab = tutorial();
    let debian = lab.namespace("debian").expect("the node");
    let set = "IP(dst=['192.168.1.1', '192.168.1.77', '192.168.1.100', '192.168.1.78'])/ICMP()";
    let some = run(debian, &["packet", "sr", "--timeout", "5", set]);
    let said = text(&some.stdout);
    assert!(some.status.success(), "{said}{}", text(&some.stderr));
    for line in [
        "WARNING: 192.168.1.77 does not answer on the link",
        "WARNING: 192.168.1.78 does not answer on the link",
        "Finished sending 2 packets.",
        "got 2 answers, remaining 2 packets",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let none = "IP(dst='192.168.1.77')/ICMP()";
    let nothing = run(debian, &["packet", "sr", none]);
    assert_eq!(nothing.status.code(), Some(1), "{}", text(&nothing.stderr));
    let refused = run(debian, &["--lang", "en", "packet", "send", none]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(text(&refused.stderr).contains("192.168.1.77 does not reply on the link"));
}

#[test]
fn the_prompt_continues_lines_and_completes_names() {
    let lab = tutorial();
    let debian = lab.namespace("debian").expect("the node");
    let mut prompt = Terminal::start(debian, &["packet"]);
    prompt.expect(">>> ");
    prompt.press("p = IP(ttl=3,\r");
    prompt.expect("... ");
    prompt.press("id=7)\r");
    prompt.expect(">>> ");
    assert!(prompt.say("(p.ttl, p.id)").contains("(3, 7)"));
    // The only field with this prefix is completed.
    prompt.press("UDP(chk\t");
    prompt.expect("UDP(chksum=");
    prompt.press("5).chksum\r");
    assert!(prompt.expect("\n>>> ").contains('5'));
    // Each line is stored when it is typed, readable by its owner only.
    let line = format!("history_{} = 1", std::process::id());
    prompt.say(&line);
    let history = std::env::temp_dir().join("vigie-packet-home/vigie/packet-history");
    let history_text = std::fs::read_to_string(&history).expect("the history");
    assert!(
        history_text.lines().any(|known| known == line),
        "{history_text}"
    );
    let mode = std::fs::metadata(&history).expect("the history").mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(prompt.end());
}

#[test]
fn answers_are_explained() {
    let lab = tutorial();
    let debian = lab.namespace("debian").expect("the node");
    let syn = "IP(dst='192.168.1.1')/TCP(dport=[80, 81], flags='S')";
    let explained = text(&run(debian, &["packet", "sr", "--explain", syn]).stdout);
    assert!(
        explained.contains("Meaning of these packets"),
        "{explained}"
    );
    assert!(
        explained.contains("TCP SYN, ACK (1)") && explained.contains("the port is open"),
        "{explained}"
    );
    assert!(explained.contains("TCP RST (1)"), "{explained}");
    for shown in [
        "TCP SYN (2)",
        " SENT IP 192.168.1.159.",
        " RCVD IP 192.168.1.1.80 > ",
        "|--- SYN -",
        "- SYN, ACK ---|",
        "RFC 9293, section 3.5.2",
        "A SYN proxy",
        "    tcpdump -n -i any '(tcp[13] & 23 = 18)",
        "    scapy: sr((IP(dst='192.168.1.1')/TCP(",
    ] {
        assert!(explained.contains(shown), "{shown}: {explained}");
    }
    let first = "IP(dst='192.168.1.1')/TCP(dport=80, flags='S')";
    let french = run(
        debian,
        &["--lang", "fr", "packet", "sr1", "--explain", first],
    );
    let explained = text(&french.stdout);
    for shown in [
        " SENT IP ",
        " RCVD IP ",
        "seul un port à l'état LISTEN",
        "|--- SYN -",
    ] {
        assert!(explained.contains(shown), "{shown}: {explained}");
    }
    let nobody = "IP(dst='192.168.1.1')/ICMP(type=15)";
    let silent = run(
        debian,
        &[
            "--lang",
            "fr",
            "packet",
            "sr1",
            "--timeout",
            "0.2",
            "--explain",
            nobody,
        ],
    );
    let explained = text(&silent.stdout);
    assert!(
        explained.contains("Un paquet est resté sans réponse"),
        "{explained}"
    );
}

#[test]
fn long_answers_are_complete_and_captures_have_both_directions() {
    let lab = tutorial();
    let debian = lab.namespace("debian").expect("the node");
    // The MTU of the loopback link is 64 KiB.
    let long = run(
        debian,
        &[
            "packet",
            "sr1",
            "--json",
            "IP(dst='127.0.0.1')/ICMP(id=7)/('a'*5000)",
        ],
    );
    let value: serde_json::Value = serde_json::from_slice(&long.stdout).expect("one line of JSON");
    assert_eq!(value["layers"][0]["fields"]["len"], 5028);
    assert!(text(&long.stdout).contains(&"61".repeat(5000)));

    let script = std::env::temp_dir().join(format!("vigie-sniff-{}", std::process::id()));
    let statement = "sniff(iface='eth0', filter='icmp', count=2).nsummary()";
    std::fs::write(&script, statement).expect("written");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_vigie"));
    debian.command(&mut command).expect("entered");
    let mut capture = command
        .args(["packet", "run", &script.to_string_lossy()])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program runs");
    // The capture does not report when it begins, so send until it has enough packets.
    let echo = "IP(dst='192.168.1.1')/ICMP(id=9)";
    let mut tries = 0;
    while capture.try_wait().expect("its state").is_none() {
        tries += 1;
        assert!(tries < 1000, "the capture took nothing");
        assert!(run(debian, &["packet", "sr1", echo]).status.success());
    }
    let seen = text(&capture.wait_with_output().expect("its output").stdout);
    std::fs::remove_file(&script).expect("removed");
    let (asked, answered) = (
        "Ether / IP / ICMP 192.168.1.159 > 192.168.1.1 echo-request 0",
        "Ether / IP / ICMP 192.168.1.1 > 192.168.1.159 echo-reply 0",
    );
    assert!(seen.contains(asked) && seen.contains(answered), "{seen}");
}

#[test]
fn other_programs_can_read_written_files() {
    let lab = tutorial();
    let debian = lab.namespace("debian").expect("the node");
    let folder = std::env::temp_dir().join(format!("vigie-packet-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a place for files");
    let script = folder.join("script");
    let capture = folder.join("capture.pcap");
    std::fs::write(
        &script,
        format!(
            "wrpcap('{0}', [Ether()/IP(src='8.8.8.8', dst='192.168.1.1')/TCP(dport=(1, 3)), Ether()/ARP(pdst='192.168.1.1')])\n\
             p = rdpcap('{0}')\nprint(len(p), p[0][TCP].dport)\np.nsummary()\n",
            capture.display()
        ),
    )
    .expect("written");
    let output = run(debian, &["packet", "run", &script.to_string_lossy()]);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    assert!(said.starts_with("4 1\n"), "{said}");
    assert!(
        said.contains("0003 Ether / ARP who has 192.168.1.1"),
        "{said}"
    );
    // tshark marks malformed packets.
    let read = witness(debian, "tshark", &["-r", &capture.to_string_lossy(), "-V"]);
    let read = text(&read.stdout);
    assert!(
        read.contains("Internet Protocol Version 4, Src: 8.8.8.8") && !read.contains("alformed"),
        "{read}"
    );
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn bad_files_and_filters_are_explained() {
    let lab = tutorial();
    let debian = lab.namespace("debian").expect("the node");
    let folder = std::env::temp_dir().join(format!("vigie-packet-words-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = |name: &str| folder.join(name).display().to_string();
    let script = |lines: &str| {
        let file = path("script");
        std::fs::write(&file, lines).expect("the script is written");
        run(debian, &["packet", "run", &file])
    };
    let refused = |lines: &str, words: &str| {
        let output = script(lines);
        let said = text(&output.stderr);
        assert!(!output.status.success() && said.contains(words), "{said}");
        assert!(!said.contains('{') && !said.contains("(\""), "{said}");
    };
    refused("rdpcap('/etc/passwd')", "is not a capture file");
    refused("sniff(filter='bogus', timeout=0.1)", "bogus");
    refused("ls('tcp')", "TCP");
    refused(
        &format!("wrpcap('{}', [Ether()/IP(), IP()])", path("mixed.pcap")),
        "begin with Ether",
    );

    let file = path("three.pcapng");
    let made = script(&format!(
        "wrpcap('{file}', [Ether()/IP()/TCP(dport=n) for n in (80, 81, 80)])\n\
         [p[TCP].dport for p in sniff(offline='{file}', filter='tcp port http')]\n\
         [p[TCP].dport for p in sniff(offline='{file}', count=2)]\n\
         'TCP' in sniff(offline='{file}', count=1)[0]"
    ));
    assert_eq!(
        text(&made.stdout),
        "[80, 80]\n[80, 81]\nTrue\n",
        "{}",
        text(&made.stderr)
    );
    let bytes = std::fs::read(&file).expect("the file");
    assert_eq!(bytes[..4], [0x0a, 0x0d, 0x0d, 0x0a], "pcapng by its name");

    // For a file of raw IP datagrams, the filter must be compiled without an Ethernet header.
    let bare = path("bare.pcap");
    script(&format!("wrpcap('{bare}', IP()/UDP())"));
    let shown = |args: &[&str]| text(&run(debian, args).stdout);
    let of_file = shown(&["capture", "-d", "-r", &bare, "ip"]);
    let of_link = shown(&["capture", "-d", "-i", "lo", "ip"]);
    assert!(
        of_link.contains("[12]") && !of_file.contains("[12]"),
        "{of_link}{of_file}"
    );
    let none = run(debian, &["capture", "-w", &path("a"), "-C", "0"]);
    assert_eq!(none.status.code(), Some(2), "{}", text(&none.stderr));
    std::fs::remove_dir_all(&folder).expect("the folder is removed");
}
