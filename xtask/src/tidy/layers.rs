//! Rules about the workspace's crates: dependencies point downwards, and tests close no dependency cycle.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Complaint;
use crate::shell::{self, cargo};

/// The layer of each crate. A crate depends on crates of lower layers only.
const LAYERS: &[(&str, u8)] = &[
    ("vigie-wire", 0),
    ("vigie-print", 1),
    ("vigie-pcap", 1),
    ("vigie-pcap-filter", 1),
    ("vigie-craft", 2),
    ("vigie-scope", 2),
    ("vigie-host", 2),
    ("vigie-firewall", 2),
    ("vigie-detect", 3),
    ("vigie-scan", 4),
    ("vigie-findings", 5),
    ("vigie-sim", 6),
    ("vigie-linux", 6),
    ("vigie-store", 7),
    ("vigie-driver", 7),
    ("vigie-report", 8),
    ("vigie-lab", 8),
    ("vigie", 9),
    ("xtask", 0),
];

/// Accepted dependency cycles through dev-dependencies: (crate, what its tests use).
const ACCEPTED_CYCLES: &[(&str, &str)] = &[];

/// A workspace member with its dependencies.
pub(crate) struct Member {
    pub(crate) name: String,
    /// Path of the crate's folder, from the repository's top.
    pub(crate) folder: String,
    pub(crate) needs: Vec<Need>,
    pub(crate) features: Vec<String>,
}

/// A dependency of a workspace member.
pub(crate) struct Need {
    pub(crate) name: String,
    /// Whether it is a dev-dependency.
    pub(crate) dev: bool,
    pub(crate) default_features: bool,
    pub(crate) features: Vec<String>,
}

/// Reads the workspace members from `cargo metadata`.
pub(crate) fn read() -> Result<Vec<Member>, String> {
    let text = shell::output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let value: Value =
        serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = value["packages"]
        .as_array()
        .ok_or("cargo metadata names no packages")?;
    let top = shell::root();
    Ok(packages
        .iter()
        .map(|package| member(package, &top.to_string_lossy()))
        .collect())
}

fn member(package: &Value, top: &str) -> Member {
    let manifest = package["manifest_path"].as_str().unwrap_or_default();
    let folder = manifest
        .trim_start_matches(top)
        .trim_start_matches('/')
        .trim_end_matches("/Cargo.toml");
    let needs = package["dependencies"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    Member {
        name: text(&package["name"]),
        folder: folder.to_owned(),
        needs: needs
            .iter()
            .filter(|need| need["kind"].as_str() != Some("build"))
            .map(|need| Need {
                name: text(&need["name"]),
                dev: need["kind"].as_str() == Some("dev"),
                default_features: need["uses_default_features"].as_bool().unwrap_or(true),
                features: need["features"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(text)
                    .collect(),
            })
            .collect(),
        features: package["features"]
            .as_object()
            .into_iter()
            .flat_map(|map| map.keys().cloned())
            .collect(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn layer_of(name: &str) -> Option<u8> {
    LAYERS
        .iter()
        .find(|(member, _)| *member == name)
        .map(|(_, layer)| *layer)
}

/// Reports crates without a layer and dependencies that do not point downwards.
pub(crate) fn directions(members: &[Member]) -> Vec<Complaint> {
    let names: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let mut found = Vec::new();
    for member in members {
        let Some(own) = layer_of(&member.name) else {
            found.push(Complaint::new(
                &member.name,
                "has no layer: add it to LAYERS in xtask/src/tidy/layers.rs",
            ));
            continue;
        };
        for need in member
            .needs
            .iter()
            .filter(|need| !need.dev && names.contains(need.name.as_str()))
        {
            if layer_of(&need.name).is_some_and(|below| below >= own) {
                found.push(Complaint::new(
                    &member.name,
                    format!("may not depend on {}", need.name),
                ));
            }
        }
    }
    found
}

/// Reports crates whose tests use a crate that depends on them.
pub(crate) fn cycles(members: &[Member]) -> Vec<Complaint> {
    let dependencies: BTreeMap<&str, Vec<&str>> = members
        .iter()
        .map(|member| {
            let needs = member
                .needs
                .iter()
                .filter(|need| !need.dev)
                .map(|need| need.name.as_str())
                .collect();
            (member.name.as_str(), needs)
        })
        .collect();
    let mut found = Vec::new();
    for member in members {
        for need in member.needs.iter().filter(|need| need.dev) {
            let accepted = ACCEPTED_CYCLES.contains(&(member.name.as_str(), need.name.as_str()));
            if !accepted && reaches(&dependencies, &need.name, &member.name) {
                found.push(Complaint::new(
                    &member.name,
                    format!("its tests use {}, which depends on it", need.name),
                ));
            }
        }
    }
    found
}

fn reaches(dependencies: &BTreeMap<&str, Vec<&str>>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(name) = waiting.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            waiting.extend(dependencies.get(name).into_iter().flatten());
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(name: &str, needs: &[(&str, bool)]) -> Member {
        Member {
            name: name.to_owned(),
            folder: String::new(),
            needs: needs
                .iter()
                .map(|&(name, dev)| Need {
                    name: name.to_owned(),
                    dev,
                    default_features: false,
                    features: Vec::new(),
                })
                .collect(),
            features: Vec::new(),
        }
    }

    #[test]
    fn a_dependency_upwards_or_sideways_is_found() {
        let members = [
            sample("vigie-wire", &[("vigie-scan", false)]),
            sample(
                "vigie-scan",
                &[
                    ("vigie-wire", false),
                    ("vigie-host", false),
                    ("libm", false),
                ],
            ),
            sample("vigie-host", &[("vigie-scope", false)]),
            sample("vigie-scope", &[]),
            sample("vigie-new", &[]),
        ];
        let found: Vec<String> = directions(&members)
            .into_iter()
            .map(|one| one.place)
            .collect();
        assert_eq!(found, ["vigie-wire", "vigie-host", "vigie-new"]);
    }

    #[test]
    fn a_cycle_through_the_tests_is_found() {
        let members = [
            sample("vigie-wire", &[]),
            sample("vigie-scan", &[("vigie-wire", false), ("vigie-sim", true)]),
            sample("vigie-sim", &[("vigie-scan", false), ("vigie-wire", true)]),
        ];
        let found: Vec<String> = cycles(&members).into_iter().map(|one| one.place).collect();
        assert_eq!(found, ["vigie-scan"]);
    }
}
