//! Rules about the rooms (crates): dependencies point one way, and no circle closes through the tests.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Complaint;
use crate::shell::{self, cargo};

/// The floor each room stands on: a room may depend on rooms of lower floors only.
const FLOORS: &[(&str, u8)] = &[
    ("vigie-packet", 0),
    ("vigie-wire", 0),
    ("vigie-craft", 1),
    ("vigie-print", 1),
    ("vigie-pcap", 1),
    ("vigie-pcap-filter", 1),
    ("vigie-scope", 2),
    ("vigie-host", 2),
    ("vigie-firewall", 2),
    ("vigie-detect", 2),
    ("vigie-scan", 3),
    ("vigie-findings", 4),
    ("vigie-sim", 5),
    ("vigie-linux", 5),
    ("vigie-store", 6),
    ("vigie-driver", 6),
    ("vigie-report", 7),
    ("vigie-lab", 7),
    ("vigie", 8),
    ("xtask", 0),
];

/// Circles through development dependencies that were agreed on: (room, what its tests use).
const AGREED_CIRCLES: &[(&str, &str)] = &[];

/// A crate of the workspace with its dependencies.
pub(crate) struct Room {
    pub(crate) name: String,
    /// Path of its folder from the repository's top.
    pub(crate) folder: String,
    pub(crate) needs: Vec<Need>,
    pub(crate) features: Vec<String>,
}

/// One dependency of a room.
pub(crate) struct Need {
    pub(crate) name: String,
    /// Used by its tests alone.
    pub(crate) dev: bool,
    pub(crate) default_features: bool,
    pub(crate) features: Vec<String>,
}

/// Asks cargo for the workspace's crates.
pub(crate) fn read() -> Result<Vec<Room>, String> {
    let text = shell::output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let value: Value =
        serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = value["packages"]
        .as_array()
        .ok_or("cargo metadata names no packages")?;
    let top = shell::root();
    Ok(packages
        .iter()
        .map(|package| room(package, &top.to_string_lossy()))
        .collect())
}

fn room(package: &Value, top: &str) -> Room {
    let manifest = package["manifest_path"].as_str().unwrap_or_default();
    let folder = manifest
        .trim_start_matches(top)
        .trim_start_matches('/')
        .trim_end_matches("/Cargo.toml");
    let needs = package["dependencies"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    Room {
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

fn floor(name: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(room, _)| *room == name)
        .map(|(_, floor)| *floor)
}

/// A room depends on lower floors only, and every room has a floor.
pub(crate) fn directions(rooms: &[Room]) -> Vec<Complaint> {
    let names: BTreeSet<&str> = rooms.iter().map(|room| room.name.as_str()).collect();
    let mut found = Vec::new();
    for room in rooms {
        let Some(own) = floor(&room.name) else {
            found.push(Complaint::new(
                &room.name,
                "has no floor: add it to FLOORS in xtask/src/tidy/rooms.rs",
            ));
            continue;
        };
        for need in room
            .needs
            .iter()
            .filter(|need| !need.dev && names.contains(need.name.as_str()))
        {
            if floor(&need.name).is_some_and(|below| below >= own) {
                found.push(Complaint::new(
                    &room.name,
                    format!("may not depend on {}", need.name),
                ));
            }
        }
    }
    found
}

/// A room's tests do not use a room that is built on it, unless agreed.
pub(crate) fn circles(rooms: &[Room]) -> Vec<Complaint> {
    let built_on: BTreeMap<&str, Vec<&str>> = rooms
        .iter()
        .map(|room| {
            let needs = room
                .needs
                .iter()
                .filter(|need| !need.dev)
                .map(|need| need.name.as_str())
                .collect();
            (room.name.as_str(), needs)
        })
        .collect();
    let mut found = Vec::new();
    for room in rooms {
        for need in room.needs.iter().filter(|need| need.dev) {
            let agreed = AGREED_CIRCLES.contains(&(room.name.as_str(), need.name.as_str()));
            if !agreed && reaches(&built_on, &need.name, &room.name) {
                found.push(Complaint::new(
                    &room.name,
                    format!("its tests use {}, which is built on it", need.name),
                ));
            }
        }
    }
    found
}

fn reaches(built_on: &BTreeMap<&str, Vec<&str>>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(name) = waiting.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            waiting.extend(built_on.get(name).into_iter().flatten());
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(name: &str, needs: &[(&str, bool)]) -> Room {
        Room {
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
        let rooms = [
            sample("vigie-packet", &[("vigie-scan", false)]),
            sample(
                "vigie-scan",
                &[
                    ("vigie-packet", false),
                    ("vigie-host", false),
                    ("libm", false),
                ],
            ),
            sample("vigie-host", &[("vigie-detect", false)]),
            sample("vigie-new", &[]),
        ];
        let found: Vec<String> = directions(&rooms)
            .into_iter()
            .map(|one| one.place)
            .collect();
        assert_eq!(found, ["vigie-packet", "vigie-host", "vigie-new"]);
    }

    #[test]
    fn a_circle_through_the_tests_is_found() {
        let rooms = [
            sample("vigie-packet", &[]),
            sample(
                "vigie-scan",
                &[("vigie-packet", false), ("vigie-sim", true)],
            ),
            sample(
                "vigie-sim",
                &[("vigie-scan", false), ("vigie-packet", true)],
            ),
        ];
        let found: Vec<String> = circles(&rooms).into_iter().map(|one| one.place).collect();
        assert_eq!(found, ["vigie-scan"]);
    }
}
