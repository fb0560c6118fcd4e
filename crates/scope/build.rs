//! Turns `data/services.tsv` into sorted tables that are looked up without allocating.
//!
//! A malformed table stops the build and names the line.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

const TABLE: &str = "data/services.tsv";

/// The parsed table.
#[derive(Default)]
struct Services {
    /// Names by transport (0 TCP, 1 UDP, 2 SCTP) and port.
    names: BTreeMap<(u8, u16), String>,
    /// Ports of each transport, most common first.
    order: [Vec<u16>; 3],
}

fn main() {
    println!("cargo::rerun-if-changed={TABLE}");
    let text = fs::read_to_string(TABLE).unwrap_or_else(|e| panic!("{TABLE}: {e}"));
    let mut services = Services::default();
    for (i, line) in text.lines().enumerate() {
        if let Err(error) = services.line(line) {
            panic!("{TABLE}:{}: {error}", i + 1);
        }
    }
    let out = env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .expect("cargo sets OUT_DIR");
    let file = out.join("services.rs");
    fs::write(&file, services.code()).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
}

impl Services {
    fn line(&mut self, line: &str) -> Result<(), String> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let cells: Vec<&str> = line.split('\t').collect();
        let [first, second, third] = cells.as_slice() else {
            return Err(format!("{} cells instead of 3", cells.len()));
        };
        match first.strip_prefix('@') {
            Some(word) => self.ordered(transport(word)?, third),
            None => self.named(port(first)?, second, third),
        }
    }

    fn named(&mut self, port: u16, transports: &str, name: &str) -> Result<(), String> {
        let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if !name.bytes().all(letter) || !name.bytes().any(|b| b.is_ascii_lowercase()) {
            return Err(format!("{name:?} is not a service name"));
        }
        for word in transports.split(',') {
            if self
                .names
                .insert((transport(word)?, port), name.to_owned())
                .is_some()
            {
                return Err(format!("{port}/{word} occurs twice"));
            }
        }
        Ok(())
    }

    fn ordered(&mut self, transport: u8, list: &str) -> Result<(), String> {
        let order = &mut self.order[usize::from(transport)];
        for part in list.split(',') {
            let (a, b) = part.split_once('-').unwrap_or((part, part));
            for p in port(a)?..=port(b)? {
                if order.contains(&p) {
                    return Err(format!("{p} is ranked twice"));
                }
                order.push(p);
            }
        }
        Ok(())
    }

    fn code(&self) -> String {
        let entries: Vec<_> = self.names.iter().collect();
        let mut by_name: Vec<usize> = (0..entries.len()).collect();
        by_name.sort_by_key(|i| (entries[*i].1, entries[*i].0));
        let mut code = format!("static ALL: [Service; {}] = [\n", entries.len());
        for ((transport, port), name) in &entries {
            let transport = ["Tcp", "Udp", "Sctp"][usize::from(*transport)];
            let _ = writeln!(
                code,
                "    Service {{ name: {name:?}, transport: Transport::{transport}, port: {port} }},"
            );
        }
        let _ = writeln!(
            code,
            "];\nstatic BY_NAME: [u16; {}] = {by_name:?};",
            by_name.len()
        );
        for (word, order) in ["TCP", "UDP", "SCTP"].iter().zip(&self.order) {
            let _ = writeln!(
                code,
                "static TOP_{word}: [u16; {}] = {order:?};",
                order.len()
            );
        }
        code
    }
}

fn transport(word: &str) -> Result<u8, String> {
    match word {
        "tcp" => Ok(0),
        "udp" => Ok(1),
        "sctp" => Ok(2),
        _ => Err(format!("{word:?} is not a transport")),
    }
}

fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("{text:?} is not a port"))
}
