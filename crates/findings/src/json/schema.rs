//! The published schema, docs/json.schema.json: made from the tables of docs/json.md, and the witness that results keep to it.
//!
//! With `VIGIE_SCHEMA=1` the file is written anew.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the witness is another program, which reads files"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};
use vigie_scan::plan::Technique;
use vigie_scan::{PortState, Reason};
use vigie_scope::Transport;

use super::tests::documented;
use super::*;
use crate::samples::{self, generated, packets};

type Fields = BTreeMap<String, (String, bool)>;

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/json.schema.json")
}

/// The words that a field can have.
fn words(object: &str, field: &str) -> Option<Vec<&'static str>> {
    Some(match (object, field) {
        ("up", "state") => vec!["up"],
        ("host", "state") => HostState::ALL.iter().map(|s| s.as_str()).collect(),
        (_, "state") => PortState::ALL.iter().map(|s| s.as_str()).collect(),
        (_, "reason") => Reason::ALL.iter().map(|r| r.as_str()).collect(),
        (_, "transport") => Transport::ALL.iter().map(|t| t.as_str()).collect(),
        (_, "technique") => Technique::ALL.iter().map(|t| t.as_str()).collect(),
        (_, "ended") => vec![
            "sure",
            "max-tries",
            "host-timeout",
            "max-time",
            "interrupted",
            "failed",
            "budget",
        ],
        ("warning", "verdict") => vec!["front", "resets", "real", "unclear"],
        ("warning.handshakes[]", "end") => {
            vec!["nothing", "refused", "reset", "closed", "silent", "spoke"]
        }
        (_, "ports_asked") => vec!["top", "listed"],
        _ => return None,
    })
}

fn property(object: &str, field: &str, kind: &str, docs: &BTreeMap<String, Fields>) -> Value {
    let inner = format!("{object}.{field}");
    let mut schema = match kind {
        "object" => json!({ "$ref": format!("#/$defs/{inner}") }),
        "array" if docs.contains_key(&format!("{inner}[]")) => {
            json!({ "type": "array", "items": { "$ref": format!("#/$defs/{inner}[]") } })
        }
        "array" => json!({ "type": "array", "items": { "type": "string" } }),
        "integer" | "number" => json!({ "type": kind, "minimum": 0 }),
        kind => json!({ "type": kind }),
    };
    match field {
        "type" => schema = json!({ "const": object }),
        "port" => schema["maximum"] = 65_535.into(),
        "ttl" | "tries" => schema["maximum"] = 255.into(),
        "miss_probability" | "loss_rate" | "confidence" | "done" => schema["maximum"] = 1.into(),
        "mac" => schema["pattern"] = "^[0-9A-F]{2}(:[0-9A-F]{2}){5}$".into(),
        "bytes" => schema["pattern"] = "^([0-9a-f]{2})*$".into(),
        _ => {}
    }
    if let Some(words) = words(object, field) {
        schema = json!({ "enum": words });
    }
    schema
}

/// The schema, by JSON Schema 2020-12. Objects and fields may be added, so what is not known is not refused.
fn schema() -> Value {
    let docs = documented();
    let mut definitions = Map::new();
    let mut lines = Vec::new();
    for (object, fields) in &docs {
        let properties: Map<String, Value> = fields
            .iter()
            .map(|(field, (kind, _))| (field.clone(), property(object, field, kind, &docs)))
            .collect();
        let always = fields.iter().filter(|(_, (_, always))| *always);
        let required: Vec<&String> = always.map(|(field, _)| field).collect();
        if fields.contains_key("type") {
            lines.push(json!({ "$ref": format!("#/$defs/{object}") }));
        }
        let definition =
            json!({ "type": "object", "required": required, "properties": properties });
        definitions.insert(object.clone(), definition);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of the results of vigie scan, schema version 1 (docs/json.md)",
        "oneOf": lines,
        "$defs": definitions,
    })
}

#[test]
fn the_published_schema_is_what_the_documentation_says() {
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if std::env::var_os("VIGIE_SCHEMA").is_some() {
        std::fs::write(file(), &text).unwrap();
    }
    let published = std::fs::read_to_string(file()).unwrap_or_default();
    assert_eq!(
        published, text,
        "run this test with VIGIE_SCHEMA=1 and look at the changes"
    );
}

/// Lines that keep to the schema, and the same with something wrong.
fn results() -> (String, String) {
    let mut good = String::new();
    for seed in 0..50 {
        let mut out = Vec::new();
        generated::sample(seed).play(&mut Json::new(&mut out));
        good += &String::from_utf8(out).unwrap();
    }
    let mut out = Vec::new();
    let mut json = Json::new(&mut out);
    json.begin(&samples::near().scan).unwrap();
    json.progress(Duration::ZERO, &Progress::default()).unwrap();
    json.evidence(Duration::ZERO, &packets::arp("10.0.1.1", true))
        .unwrap();
    json.finish().unwrap();
    drop(json);
    let last = String::from_utf8(out).unwrap();
    good += &last;
    let mut bad = String::new();
    let kinds = ["scan", "progress", "evidence", "end"];
    for (line, kind) in last.lines().zip(kinds) {
        let value: Value = serde_json::from_str(line).unwrap();
        assert_eq!(value["type"], kind);
        for field in value.as_object().unwrap().keys() {
            let mut wrong = value.clone();
            wrong[field] = json!({ "nothing": "like it" });
            let optional = serde_json::to_string(&wrong).unwrap();
            bad += &(optional + "\n");
        }
    }
    (good, bad)
}

#[test]
fn fifty_results_keep_to_it_and_wrong_ones_do_not() {
    const SCRIPT: &str = "
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
# One branch by type: its errors are those that matter, and it is quick.
branches = {r['$ref'].split('/')[-1]: r for r in schema['oneOf']}
def errors(line):
    value = json.loads(line)
    kind = value['type']
    if not isinstance(kind, str) or kind not in branches:
        return ['type']
    branch = jsonschema.Draft202012Validator({'$defs': schema['$defs'], **branches[kind]})
    return [e.message for e in branch.iter_errors(value)]
good = open(sys.argv[2]).read().split('\\n')[:-1]
for line in good:
    found = errors(line)
    assert not found, (found, line)
assert all(validator.is_valid(json.loads(line)) for line in good[-40:])
bad = open(sys.argv[3]).read().split('\\n')[:-1]
for line in bad:
    assert errors(line), line
    assert not validator.is_valid(json.loads(line)), line
print(len(good), len(bad))
";
    let (good, bad) = results();
    let folder = std::env::temp_dir().join(format!("vigie-schema-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let output = Command::new("python3")
        .arg(write("check.py", SCRIPT))
        .arg(file())
        .arg(write("good.jsonl", &good))
        .arg(write("bad.jsonl", &bad))
        .output()
        .unwrap_or_else(|e| panic!("this test needs python3: {e}"));
    let _ = std::fs::remove_dir_all(&folder);
    assert!(
        output.status.success(),
        "this test needs python3-jsonschema (cargo xtask needs): {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let told = String::from_utf8(output.stdout).unwrap();
    let counts: Vec<usize> = told
        .split_whitespace()
        .map(|n| n.parse().unwrap())
        .collect();
    assert_eq!(counts, [good.lines().count(), bad.lines().count()]);
    assert!(counts[0] > 500 && counts[1] > 30, "{counts:?}");
}
