//! The published schemas are current, and what is written satisfies them.

use facility_audit::report::{Heading, write};
use facility_audit::schema::{SCHEMAS, schema};

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
        write(&town(name), &heading, &path).expect("written");
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
    write(&town("chuanhui-2007"), &heading, &path).expect("written");
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
