//! Renders the pages in a browser (headless Chromium) and checks what it shows.
//!
//! With `VIGIE_PICTURES=FOLDER` it writes the pictures of the documentation.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the witness is another program, which reads and writes files"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::*;
use crate::Lang;
use crate::scan::document::StreamDocument;
use vigie_findings::samples::generated;
use vigie_findings::samples::small_network;
use vigie_findings::samples::{self, Sample};

/// Script that reports the layout of a page.
const MEASURE: &str = r"
addEventListener('load', () => {
  document.querySelectorAll('details').forEach(d => { d.open = true; });
  const root = document.documentElement, width = root.clientWidth;
  const inside = e => e.parentElement && e.parentElement.closest('.scroll, svg');
  const wide = [...document.body.querySelectorAll('*')]
    .filter(e => !inside(e) && e.getBoundingClientRect().right > width + 0.5)
    .map(e => e.tagName + '.' + e.className);
  parent.postMessage(JSON.stringify({
    width, wide, scroll: root.scrollWidth, ground: getComputedStyle(root).backgroundColor,
    most: getComputedStyle(document.body).maxWidth, images: document.images.length,
    scripts: document.scripts.length, links: document.links.length, title: document.title,
    words: document.body.innerText.slice(0, 200000),
  }), '*');
});
";

/// A page that shows other pages in frames of a given width, because the browser window has a minimum width.
const AROUND: &str = r#"<!DOCTYPE html><meta charset="utf-8"><pre id="report"></pre><script>
const layout = [], frames = document.getElementsByTagName('iframe');
addEventListener('message', m => {
  layout[[...frames].findIndex(f => f.contentWindow === m.source)] = JSON.parse(m.data);
  document.getElementById('report').textContent = JSON.stringify(layout);
});
</script>"#;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("vigie-html-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    /// Writes the page of a sample; if `measured`, with the script that reports its layout.
    fn page(&self, name: &str, sample: &Sample, lang: Lang, measured: bool) -> PathBuf {
        let mut out = Vec::new();
        let mut sink = Html::new(StreamDocument(&mut out), Texts::new(lang));
        sink.begin(&sample.scan).unwrap();
        for (at, progress) in small_network::progress() {
            sink.progress(at, &progress).unwrap();
        }
        for evidence in small_network::evidence() {
            sink.evidence(Duration::ZERO, &evidence).unwrap();
        }
        for (i, event) in sample.events.iter().enumerate() {
            sink.event(Duration::from_millis(5_000 + 97 * i as u64), event)
                .unwrap();
        }
        sink.finish().unwrap();
        drop(sink);
        let mut page = String::from_utf8(out).unwrap();
        if measured {
            let policy = style::policy();
            assert!(page.contains(&policy));
            page = page.replace(&policy, &format!("script-src 'unsafe-inline'; {policy}"));
            page = page.replace("</body>", &format!("<script>{MEASURE}</script></body>"));
        }
        let path = self.0.join(name);
        std::fs::write(&path, page).unwrap();
        path
    }

    fn chromium(&self, page: &Path, size: (u32, u32), more: &[&str]) -> String {
        // Each run has its own profile: two runs must not share one.
        let profile = self.0.join(format!(
            "profile-{}-{}",
            size.0,
            page.file_name().unwrap().display()
        ));
        let output = Command::new("chromium")
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
            ])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("--window-size={},{}", size.0, size.1))
            .args(more)
            .arg(format!("file://{}", page.display()))
            .output()
            .unwrap_or_else(|e| panic!("this test needs chromium (cargo xtask needs): {e}"));
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Returns the layout of pages, each at its width, from one run of the browser.
    fn measured(&self, pages: &[(PathBuf, u32)], more: &[&str]) -> Vec<Value> {
        let mut frames = String::from(AROUND);
        for (page, width) in pages {
            let name = page.file_name().unwrap().to_str().unwrap();
            let size = format!("width=\"{width}\" height=\"900\"");
            frames += &[
                "<iframe src=\"",
                name,
                "\" ",
                &size,
                " style=\"border: 0\"></iframe>",
            ]
            .concat();
        }
        let around = self.0.join("frames.html");
        std::fs::write(&around, frames).unwrap();
        let dom = self.chromium(
            &around,
            (1_700, 1_000),
            &[&["--dump-dom", "--hide-scrollbars"], more].concat(),
        );
        let begin = dom
            .find("<pre id=\"report\">")
            .expect("the pages measured themselves")
            + 17;
        let end = begin + dom[begin..].find("</pre>").unwrap();
        let text = dom[begin..end]
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&nbsp;", "\u{a0}")
            .replace("&amp;", "&");
        let layout: Vec<Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(layout.len(), pages.len(), "not every page measured itself");
        layout
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn nothing_overflows_and_hostile_names_are_escaped() {
    let folder = Folder::new("layout");
    let mut hostile = small_network::sample();
    let name = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">";
    let long = "x".repeat(300);
    hostile.scan.targets = vec![name.to_owned(), long.clone()];
    let host = samples::host("10.0.1.1");
    hostile.scan.names.insert(host, vec![name.to_owned(), long]);
    let samples = [
        (small_network::sample(), "network"),
        (hostile, "hostile"),
        (samples::interrupted(), "interrupted"),
        (generated::sample(7), "large"),
    ];
    let mut pages = Vec::new();
    for (sample, label) in &samples {
        for lang in Lang::ALL {
            let file = format!("{label}-{}.html", lang.code());
            let page = folder.page(&file, sample, *lang, true);
            pages.extend([360, 1_600].map(|width| (page.clone(), width)));
        }
    }
    for ((page, width), layout) in pages.iter().zip(folder.measured(&pages, &[])) {
        let label = page.file_name().unwrap().to_str().unwrap();
        assert_eq!(layout["width"], *width, "{label}");
        assert_eq!(
            (&layout["scroll"], &layout["wide"]),
            (&layout["width"], &serde_json::json!([])),
            "{label} {width}"
        );
        // The browser accepted the style sheet by its hash.
        assert_eq!(layout["most"], "1200px");
        assert_eq!(
            (&layout["images"], &layout["scripts"], &layout["links"]),
            (&0.into(), &1.into(), &0.into())
        );
        assert_ne!(layout["title"], "run");
        if label.starts_with("hostile") {
            assert!(
                layout["words"].as_str().unwrap().contains(name),
                "{}",
                layout["words"]
            );
        }
    }
}

#[test]
fn colours_follow_the_light_or_dark_preference() {
    let folder = Folder::new("colours");
    let page = folder.page("network.html", &small_network::sample(), Lang::En, true);
    let ground = |scheme: &str| {
        let setting = format!("--blink-settings=preferredColorScheme={scheme}");
        folder.measured(&[(page.clone(), 1_000)], &[&setting])[0]["ground"].clone()
    };
    let (dark, light) = (ground("0"), ground("1"));
    assert_eq!(light, "rgb(251, 250, 247)");
    assert_eq!(dark, "rgb(20, 24, 28)");
}

#[test]
fn the_content_security_policy_blocks_unescaped_markup() {
    let folder = Folder::new("policy");
    let path = folder.page("network.html", &small_network::sample(), Lang::En, false);
    let page = std::fs::read_to_string(&path).unwrap();
    let evil = "<script>document.title='run'</script><img src=\"data:image/gif;base64,R0lGOD\" onerror=\"document.title='run'\">\
                <style>body{max-width:7px}</style>";
    std::fs::write(&path, page.replace("</main>", &format!("{evil}</main>"))).unwrap();
    let dom = folder.chromium(&path, (800, 600), &["--dump-dom"]);
    assert!(
        dom.contains("<title>Scan of 10.0.1.0/24</title>"),
        "{}",
        &dom[..600]
    );
}

#[test]
fn the_pictures_of_the_documentation_are_rendered() {
    let folder = Folder::new("pictures");
    let page = folder.page("network.html", &small_network::sample(), Lang::En, false);
    let wanted = std::env::var_os("VIGIE_PICTURES").map(PathBuf::from);
    for (name, size, scheme) in [
        ("scan-page", (1_100, 1_250), "1"),
        ("scan-page-dark", (1_100, 1_250), "0"),
        ("scan-page-narrow", (360, 1_400), "1"),
    ] {
        let picture = wanted
            .as_ref()
            .unwrap_or(&folder.0)
            .join(format!("{name}.png"));
        let screenshot = format!("--screenshot={}", picture.display());
        let setting = format!("--blink-settings=preferredColorScheme={scheme}");
        folder.chromium(&page, size, &[&screenshot, &setting, "--hide-scrollbars"]);
        let bytes = std::fs::read(&picture).unwrap();
        // Width and height of a PNG's header (RFC 2083 section 11.2.1).
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!((number(16), number(20)), size);
        assert!(bytes.len() > 10_000, "an empty picture");
    }
}
