//! XML output, validated against nmap's DTD and read by programs that read nmap's XML.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the witnesses are other people's programs, which read files"
)]

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::markup::attribute;
use super::*;
use crate::scan::document::{FileDocument, StreamDocument};
use vigie_findings::samples::generated;
use vigie_findings::samples::{self, Sample};

const DTD: &str = "/usr/share/nmap/nmap.dtd";
const XSL: &str = "/usr/share/nmap/nmap.xsl";

fn written(sample: &Sample, verbosity: u8) -> String {
    let mut out = Vec::new();
    sample.play(&mut Xml::new(
        StreamDocument(&mut out),
        Detail { verbosity },
    ));
    String::from_utf8(out).unwrap()
}

#[test]
fn documents_look_like_this() {
    insta::assert_snapshot!("near", written(&samples::near(), 0));
    insta::assert_snapshot!("network", written(&samples::network(), 0));
    insta::assert_snapshot!("interrupted", written(&samples::interrupted(), 1));
    insta::assert_snapshot!("broken", written(&samples::broken(), 0));
    insta::assert_snapshot!("udp", written(&samples::udp(), 0));
}

/// Temporary folder of a test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("vigie-xml-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs another program. Fails with its output, or with a hint if it is not installed.
fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|e| panic!("this test needs {program} (cargo xtask needs): {e}"));
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn valid(files: &[PathBuf]) {
    assert!(
        Path::new(DTD).exists(),
        "this test needs {DTD} (Debian: nmap-common)"
    );
    let mut arguments = vec!["--noout", "--nonet", "--dtdvalid", DTD];
    arguments.extend(files.iter().map(|f| f.to_str().unwrap()));
    run("xmllint", &arguments);
}

/// Writes the 50 results to files. Returns each with the hosts that it must contain: address and open ports.
type Expected = Vec<(String, Vec<u16>)>;

fn fifty(folder: &Folder) -> Vec<(PathBuf, Expected)> {
    (0..50)
        .map(|seed| {
            let sample = generated::sample(seed);
            let file = folder.write(&format!("{seed}.xml"), &written(&sample, 1));
            let mut expected: std::collections::BTreeMap<String, Vec<u16>> =
                std::collections::BTreeMap::new();
            for event in &sample.events {
                match event {
                    Event::Host(found) => {
                        expected.entry(found.host.ip.to_string()).or_default();
                    }
                    Event::HostDone(summary) => {
                        let ip = summary.host.host.ip.to_string();
                        expected.entry(ip).or_default();
                    }
                    Event::Port(p) => {
                        let open = expected.entry(p.host.ip.to_string()).or_default();
                        if p.state == PortState::Open {
                            open.push(p.port);
                            open.sort_unstable();
                        }
                    }
                    _ => {}
                }
            }
            (file, expected.into_iter().collect())
        })
        .collect()
}

#[test]
fn fifty_results_are_valid_according_to_nmaps_dtd() {
    let folder = Folder::new("dtd");
    let files: Vec<PathBuf> = fifty(&folder).into_iter().map(|(f, _)| f).collect();
    valid(&files);
}

#[test]
fn python_libnmap_finds_the_hosts_and_the_open_ports() {
    const SCRIPT: &str = "
import json, sys
from libnmap.parser import NmapParser
out = []
for path in sys.argv[1:]:
    report = NmapParser.parse_fromfile(path)
    hosts = [[h.address, sorted(p for s in h.services if s.state == 'open' for p in [s.port])] for h in report.hosts]
    assert report.hosts_total >= 0 and report.elapsed >= 0 and report.started > 0
    out.append(hosts)
print(json.dumps(out))
";
    let folder = Folder::new("libnmap");
    let files = fifty(&folder);
    let mut arguments = vec!["-c", SCRIPT];
    arguments.extend(files.iter().map(|(f, _)| f.to_str().unwrap()));
    let said = run("python3", &arguments);
    let found: Vec<Expected> = serde_json::from_str(&said).unwrap();
    for ((file, expected), mut found) in files.iter().zip(found) {
        found.sort();
        let mut expected = expected.clone();
        expected.sort();
        assert_eq!(found, expected, "{}", file.display());
    }
}

#[test]
fn ndiff_compares_results() {
    let folder = Folder::new("ndiff");
    let files: Vec<PathBuf> = fifty(&folder).into_iter().map(|(f, _)| f).collect();
    let diff = |a: &Path, b: &Path| {
        let output = Command::new("ndiff")
            .args(["--xml", a.to_str().unwrap(), b.to_str().unwrap()])
            .output()
            .unwrap_or_else(|e| panic!("this test needs ndiff (cargo xtask needs): {e}"));
        // Exit code 0: equal, 1: different, 2: unreadable.
        let code = output.status.code().unwrap();
        assert!(
            code < 2,
            "{}: {}",
            a.display(),
            String::from_utf8_lossy(&output.stderr)
        );
        code
    };
    for (i, file) in files.iter().enumerate() {
        // Every result is once the older and once the newer one. Some are compared with themselves.
        diff(file, &files[(i + 1) % files.len()]);
        if i % 10 == 0 {
            assert_eq!(diff(file, file), 0, "{}", file.display());
        }
    }
    let (a, b) = (samples::near(), {
        let mut changed = samples::near();
        changed.events.remove(1);
        changed
    });
    let a = folder.write("a.xml", &written(&a, 0));
    let b = folder.write("b.xml", &written(&b, 0));
    assert_eq!(diff(&a, &b), 1);
}

#[test]
fn zenmaps_style_sheet_converts_results_to_html() {
    assert!(
        Path::new(XSL).exists(),
        "this test needs {XSL} (Debian: nmap-common)"
    );
    let folder = Folder::new("xsl");
    for (file, expected) in fifty(&folder).into_iter().take(12) {
        let page = run("xsltproc", &["--nonet", XSL, file.to_str().unwrap()]);
        assert!(page.contains("<html"), "{}", file.display());
        assert!(!page.contains("<script>alert") && !page.contains("<img src=x"));
        for (address, _) in expected {
            assert!(page.contains(&address), "{address} in {}", file.display());
        }
    }
}

/// A file that records its content after each write.
struct Watched {
    file: Cursor<Vec<u8>>,
    copies: std::rc::Rc<std::cell::RefCell<Vec<String>>>,
}

impl io::Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        let copy = String::from_utf8(self.file.get_ref().clone()).unwrap();
        self.copies.borrow_mut().push(copy);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl io::Seek for Watched {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[test]
fn a_file_is_valid_at_every_moment() {
    let folder = Folder::new("moments");
    let copies = std::rc::Rc::default();
    let file = Watched {
        file: Cursor::new(Vec::new()),
        copies: std::rc::Rc::clone(&copies),
    };
    samples::network().play(&mut Xml::new(
        FileDocument::new(file),
        Detail { verbosity: 1 },
    ));
    let copies = copies.borrow();
    assert!(copies.len() > 4);
    let mut files = Vec::new();
    for (i, copy) in copies.iter().enumerate() {
        files.push(folder.write(&format!("{i}.xml"), copy));
        let last = i + 1 == copies.len();
        assert_eq!(copy.contains("exit=\"success\""), last, "{copy}");
    }
    valid(&files);
}

#[test]
fn text_from_outside_is_escaped() {
    assert_eq!(
        attribute("<a href='x'>&\"\x1b"),
        "&lt;a href=&apos;x&apos;&gt;&amp;&quot;\\x1b"
    );
    let mut text = String::new();
    comment(&mut text, "a --> b ---- c\n-");
    assert_eq!(text, "<!-- a -&#45;> b -&#45;&#45;&#45; c\\n- -->\n");
}
