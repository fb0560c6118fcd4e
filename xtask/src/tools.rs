//! The programs that tests call, as witnesses or to set up a network: one table, one row each.
//!
//! A test that needs a new program adds a row. `cargo xtask test` installs missing programs (as root on Debian) or lists
//! them and fails. No test passes because its witness is absent.

use std::process::{Command, Stdio};

use crate::shell::{self, Outcome};

/// A program that tests call.
pub(crate) struct Need {
    /// Command that succeeds if the program is installed.
    pub(crate) proof: &'static [&'static str],
    /// Debian package.
    pub(crate) package: &'static str,
    /// Purpose in the tests.
    pub(crate) used_by: &'static str,
}

const SCAPY: Need = Need {
    proof: &["python3", "-c", "import scapy.all"],
    package: "python3-scapy",
    used_by: "packet expressions and dissection as witness",
};

const LIBNMAP: Need = Need {
    proof: &["python3", "-c", "import libnmap.parser"],
    package: "python3-libnmap",
    used_by: "reads the nmap XML that we write",
};

const JSONSCHEMA: Need = Need {
    proof: &["python3", "-c", "import jsonschema"],
    package: "python3-jsonschema",
    used_by: "holds JSON Lines to their published schema",
};

/// Programs that the tests need beyond a Rust toolchain and Debian's base system.
pub(crate) const NEEDS: &[Need] = &[
    Need {
        proof: &["ip", "-V"],
        package: "iproute2",
        used_by: "kernel tests: links, addresses; `ss` as witness",
    },
    Need {
        proof: &["tcpdump", "--version"],
        package: "tcpdump",
        used_by: "filters and printed lines as witness",
    },
    Need {
        proof: &["tshark", "--version"],
        package: "tshark",
        used_by: "reads the capture files we write",
    },
    Need {
        proof: &["nmap", "--version"],
        package: "nmap",
        used_by: "verdicts as witness",
    },
    Need {
        proof: &["nft", "--version"],
        package: "nftables",
        used_by: "firewalls in the tests' namespaces",
    },
    Need {
        proof: &["netstat", "--version"],
        package: "net-tools",
        used_by: "socket lists as witness",
    },
    Need {
        proof: &["ethtool", "--version"],
        package: "ethtool",
        used_by: "offloads of test links",
    },
    Need {
        proof: &["dig", "-v"],
        package: "bind9-dnsutils",
        used_by: "layout of DNS answers as witness",
    },
    Need {
        proof: &["xmllint", "--version"],
        package: "libxml2-utils",
        used_by: "nmap XML that we write",
    },
    Need {
        proof: &["xsltproc", "--version"],
        package: "xsltproc",
        used_by: "Zenmap's style sheet on nmap XML that we write",
    },
    Need {
        proof: &["ndiff", "--help"],
        package: "ndiff",
        used_by: "reads the nmap XML that we write",
    },
    LIBNMAP,
    JSONSCHEMA,
    Need {
        proof: &["chromium", "--version"],
        package: "chromium",
        used_by: "shows the HTML pages that we write",
    },
    Need {
        proof: &["script", "--version"],
        package: "bsdutils",
        used_by: "a terminal for the questions that Vigie asks there",
    },
    SCAPY,
];

impl Need {
    /// Whether the program is installed.
    pub(crate) fn is_met(&self) -> bool {
        let (program, arguments) = self
            .proof
            .split_first()
            .expect("every proof names a program");
        shell::succeeds(program, arguments)
            // Debian's default PATH of ordinary users lacks /usr/sbin.
            || shell::succeeds(&format!("/usr/sbin/{program}"), arguments)
    }
}

/// Prints the table.
pub(crate) fn list() {
    for need in NEEDS {
        let state = if need.is_met() { "here" } else { "missing" };
        println!("{:<16} {:<8} {}", need.package, state, need.used_by);
    }
}

/// Installs missing programs (as root, with apt-get), otherwise fails with the list of them.
pub(crate) fn provide(root: bool) -> Outcome {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !need.is_met()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    if root && shell::succeeds("apt-get", &["--version"]) {
        println!("installing what the tests need: {}", packages.join(" "));
        apt(&["update", "-qq"])?;
        let mut install = vec!["install", "-qq", "-y", "--no-install-recommends"];
        install.extend(&packages);
        apt(&install)?;
        // Another python3 than Debian's does not find Debian's modules.
        for (module, name) in [
            (SCAPY, "scapy"),
            (LIBNMAP, "python-libnmap"),
            (JSONSCHEMA, "jsonschema"),
        ] {
            if !module.is_met() {
                let pip = ["-m", "pip", "install", "--quiet", name];
                shell::run(Command::new("python3").args(pip).stdin(Stdio::null()))?;
            }
        }
    }
    let still: Vec<&&Need> = missing.iter().filter(|need| !need.is_met()).collect();
    if still.is_empty() {
        Ok(())
    } else {
        Err(complaint(&still))
    }
}

fn complaint(missing: &[&&Need]) -> String {
    let lines: Vec<String> = missing
        .iter()
        .map(|need| format!("  {:<16} {}", need.package, need.used_by))
        .collect();
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    format!(
        "the tests need programs that are not here:\n{}\nOn Debian: sudo apt-get install {}",
        lines.join("\n"),
        packages.join(" ")
    )
}

fn apt(arguments: &[&str]) -> Outcome {
    let mut command = Command::new("apt-get");
    command
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    shell::run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_whole_and_none_is_doubled() {
        let mut packages: Vec<&str> = NEEDS.iter().map(|need| need.package).collect();
        packages.sort_unstable();
        packages.dedup();
        assert_eq!(packages.len(), NEEDS.len());
        assert!(
            NEEDS
                .iter()
                .all(|need| !need.proof.is_empty() && !need.used_by.is_empty())
        );
    }

    #[test]
    fn what_is_missing_is_named_with_the_command_that_brings_it() {
        let absent = Need {
            proof: &["no-such-program-anywhere"],
            package: "absent",
            used_by: "nobody",
        };
        assert!(!absent.is_met());
        let text = complaint(&[&&absent]);
        assert!(text.contains("absent           nobody"), "{text}");
        assert!(text.ends_with("apt-get install absent"), "{text}");
    }
}
