//! The published schemas are current, and what is written satisfies them.

use facility_audit::report::{Heading, Reported, write};
use facility_audit::schema::{SCHEMAS, schema};
use facility_audit::words::Lang;

use crate::support::{files, golden, root, town};

#[test]
fn the_schema_files_are_current() {
    for one in SCHEMAS {
        let text = serde_json::to_string_pretty(&(one.build)()).expect("JSON") + "\n";
        golden(&root("schemas").join(format!("{}.json", one.name)), &text);
    }
    assert_eq!(files(&root("schemas"), "json").len(), SCHEMAS.len(), "a schema nobody makes");
}

#[test]
fn every_town_writes_an_audit_that_satisfies_the_schema() {
    let schema = (schema("audit.v1").expect("published").build)();
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["chuanhui-2007", "sanya-2015-2022", "founding-article", "binjiang-2019"] {
        let path = folder.path().join("audit.json");
        let heading = Heading { name: name.to_owned(), place_name: None };
        let audit = town(name);
        write(&Reported::of(&audit, &heading), &path, Lang::Zh).expect("written");
        let text = std::fs::read_to_string(&path).expect("read");
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let mistakes: Vec<String> =
            validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(mistakes.is_empty(), "{name}: {mistakes:#?}");
        assert!(!value["tallies"].as_array().expect("a list").is_empty());
    }
}

#[test]
fn the_schema_refuses_what_is_no_audit() {
    let schema = (schema("audit.v1").expect("published").build)();
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    assert!(!validator.is_valid(&serde_json::json!({ "schema": "facility-audit/audit.v1" })));
}

#[test]
fn every_finding_names_its_citation_and_its_cells() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.json");
    let heading = Heading { name: "chuanhui".to_owned(), place_name: None };
    let audit = town("chuanhui-2007");
    write(&Reported::of(&audit, &heading), &path, Lang::Zh).expect("written");
    let text = std::fs::read_to_string(&path).expect("read");
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let findings = value["findings"].as_array().expect("a list");
    assert_eq!(findings.len(), 28 + 16, "28 on area, 4 that rent and 12 that may");
    for finding in findings {
        let citation = finding["citation"]["zh"].as_str().expect("a citation");
        assert!(
            citation.contains("川政文〔2007〕91号") || citation.contains("租赁率"),
            "{citation}"
        );
        let cells = finding["cells"].as_array().expect("a list");
        let address = cells[0]["address"].as_str().expect("an address");
        assert!(address.starts_with("chuanhui-2007.csv!"), "{address}");
    }
}

/// A TOML file as the JSON a schema is asked about.
pub fn as_json(path: &std::path::Path) -> Option<serde_json::Value> {
    fn plain(value: toml::Value) -> serde_json::Value {
        match value {
            toml::Value::Datetime(day) => day.to_string().into(),
            toml::Value::Array(all) => all.into_iter().map(plain).collect(),
            toml::Value::Table(all) => {
                all.into_iter().map(|(key, value)| (key, plain(value))).collect()
            }
            other => serde_json::to_value(other).expect("JSON"),
        }
    }
    let text = std::fs::read_to_string(path).expect("read");
    text.parse::<toml::Table>().ok().map(|table| plain(toml::Value::Table(table)))
}

fn mistakes(name: &str, path: &std::path::Path) -> Option<Vec<String>> {
    let schema = (schema(name).expect("published").build)();
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let value = as_json(path)?;
    Some(validator.iter_errors(&value).map(|error| error.to_string()).collect())
}

#[test]
fn every_pack_satisfies_the_schema_of_packs() {
    let (shipped, samples) = (root("standards"), root("fixtures/packs/forms"));
    let all = files(&shipped, "toml").into_iter().chain(files(&samples, "toml"));
    for path in all {
        let found = mistakes("pack", &path).expect("TOML");
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
    }
}

/// What the schema cannot see: what needs arithmetic, another key, or a look at the whole file.
const BEYOND_A_SCHEMA: &[&str] = &[
    "below-out-of-place",
    "broken-toml",
    "case-unknown-requirement",
    "days-crossed",
    "duplicate-key",
    "formula-elsewhere",
    "items-elsewhere",
    "items-missing",
    "nearby-of-a-place",
    "progress-of-nothing",
    "range-falls",
    "rate-of-an-unknown-rule",
    "rate-without-rule",
    "recoverable-elsewhere",
    "remedy-falls",
    "share-of-a-pair",
    "share-of-days",
    "share-of-households",
    "share-without-base",
    "stages-elsewhere",
    "timing-without-stages",
    "unknown-base",
];

#[test]
fn what_is_wrong_with_a_pack_the_schema_sees_too() {
    let unseen = files(&root("fixtures/packs/bad"), "toml").into_iter().filter(|path| {
        let found = mistakes("pack", path);
        found.is_none_or(|found| found.is_empty())
    });
    let unseen: Vec<String> = unseen
        .map(|path| path.file_stem().expect("named").to_string_lossy().into_owned())
        .collect();
    assert_eq!(unseen, BEYOND_A_SCHEMA);
}

#[test]
fn every_project_satisfies_the_schema_of_projects() {
    let mut seen = 0;
    for folder in ["fixtures/towns", "fixtures/checks"] {
        for path in files(&root(folder), "toml") {
            if path.file_name().is_some_and(|name| name == "project.toml") {
                let found = mistakes("project", &path).expect("TOML");
                assert!(found.is_empty(), "{}: {found:#?}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "only {seen} projects");
}
