//! The published schema, docs/json.schema.json, is made from the types of this module. The tests compare it with the
//! tables of docs/json.md, and another program validates results.
//!
//! With `VIGIE_SCHEMA=1` the file is written.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the witness is another program, which reads files"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use vigie_scan::event::Progress;

use super::JsonLines;
use super::line::Line;
use super::tests::documented;
use crate::Sink;
use crate::samples::{self, generated, packets};

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/json.schema.json")
}

/// Returns the schema, by JSON Schema 2020-12. Later versions may add objects and fields, so unknown ones are allowed.
fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut made = settings
        .into_generator()
        .into_root_schema_for::<Line>()
        .to_value();
    plain(&mut made);
    let mut definitions = made["$defs"].take();
    let mut lines = Vec::new();
    for line in made["oneOf"]
        .as_array()
        .expect("one branch for each object")
    {
        let kind = line["properties"]["type"]["const"].clone();
        let name = line["$ref"]
            .as_str()
            .expect("each object has a type")
            .to_owned();
        let key = name.trim_start_matches("#/$defs/");
        // A program finds the branch of an object by its type.
        let mut object = definitions[key].take();
        definitions.as_object_mut().expect("a map").remove(key);
        object["properties"]["type"] = json!({ "const": kind });
        object["required"]
            .as_array_mut()
            .expect("a list")
            .push("type".into());
        let kind = kind.as_str().expect("a word");
        if kind == "up" {
            object["properties"]["state"] = json!({ "enum": ["up"] });
        }
        definitions[kind] = object;
        lines.push(json!({ "$ref": format!("#/$defs/{kind}") }));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of the results of vigie scan, schema version 1 (docs/json.md)",
        "oneOf": lines,
        "$defs": definitions,
    })
}

/// Removes what is about Rust (formats, descriptions, defaults), and `null`: a field that is not known is left out.
fn plain(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(plain),
        Value::Object(fields) => {
            for key in ["format", "description", "default"] {
                // A property of this name is a schema, not a text.
                if fields
                    .get(key)
                    .is_some_and(|value| !value.get("type").is_some_and(Value::is_string))
                {
                    fields.remove(key);
                }
            }
            if let Some(Value::Array(kinds)) = fields.get_mut("type") {
                kinds.retain(|kind| kind != "null");
                fields["type"] = kinds[0].clone();
            }
            if let Some(Value::Array(words)) = fields.get_mut("enum") {
                words.retain(|word| !word.is_null());
            }
            if let Some(Value::Array(choices)) = fields.get_mut("anyOf") {
                choices.retain(|choice| choice["type"] != "null");
                if let [Value::Object(only)] = choices.as_slice() {
                    *fields = only.clone();
                }
            }
            fields.values_mut().for_each(plain);
        }
        _ => {}
    }
}

/// Returns the fields of an object in the schema: type, and whether the field is always there.
fn fields(object: &Value) -> Map<String, Value> {
    let required = object["required"].as_array().cloned().unwrap_or_default();
    let properties = object["properties"].as_object().expect("an object");
    let field = |(name, property): (&String, &Value)| {
        let always = required.contains(&json!(name));
        let kind = match property {
            _ if property.get("$ref").is_some() => json!("object"),
            _ if property.get("enum").is_some() || property.get("const").is_some() => {
                json!("string")
            }
            _ => property["type"].clone(),
        };
        (name.clone(), json!([kind, always]))
    };
    properties.iter().map(field).collect()
}

#[test]
fn the_schema_and_the_documentation_have_the_same_fields() {
    let schema = schema();
    let target = |property: &Value| {
        let path = property["$ref"]
            .as_str()
            .or(property["items"]["$ref"].as_str())?;
        Some(schema["$defs"][path.trim_start_matches("#/$defs/")].clone())
    };
    for (name, documented) in documented() {
        let mut steps = name.split('.');
        let mut object = schema["$defs"][steps.next().unwrap()].clone();
        for step in steps {
            let property = &object["properties"][step.trim_end_matches("[]")];
            object = target(property).unwrap_or_else(|| panic!("{name} is not in the schema"));
        }
        let documented: Map<String, Value> = documented
            .into_iter()
            .map(|(field, (kind, always))| (field, json!([kind, always])))
            .collect();
        assert_eq!(fields(&object), documented, "{name}");
    }
}

#[test]
fn the_published_schema_is_made_from_the_types() {
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

/// Valid lines, and each with an error.
fn results() -> (String, String) {
    let mut good = String::new();
    for seed in 0..50 {
        let mut out = Vec::new();
        generated::sample(seed).play(&mut JsonLines::new(&mut out));
        good += &String::from_utf8(out).unwrap();
    }
    let mut out = Vec::new();
    let mut json = JsonLines::new(&mut out);
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
fn fifty_results_are_valid_and_wrong_ones_are_not() {
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
    let output_text = String::from_utf8(output.stdout).unwrap();
    let counts: Vec<usize> = output_text
        .split_whitespace()
        .map(|n| n.parse().unwrap())
        .collect();
    assert_eq!(counts, [good.lines().count(), bad.lines().count()]);
    assert!(counts[0] > 500 && counts[1] > 30, "{counts:?}");
}
