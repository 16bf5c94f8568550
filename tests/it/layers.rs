//! Layers: one town in every format gives one audit, and every awkward file gives what it should.

use std::collections::BTreeMap;

use facility_audit::Project;
use facility_audit::assessment::Assessment;
use facility_audit::audit::Audit;
use facility_audit::project::InputSpec;

use crate::support::{printed, root, run_in};

const FORMATS: &[&str] =
    &["geojson", "geojsonl", "shp", "zip", "gpkg", "fgb", "parquet", "kml", "csv"];

/// The town whose three layers are files of one format.
fn town(format: &str) -> Audit {
    let folder = root("fixtures/formats/layers");
    let layer = |name: &str| {
        let path = folder.join(format!("{name}.{format}"));
        InputSpec::layer(&format!("{name}={}", path.display())).expect("a layer")
    };
    let mut project = Project::of_files(&[]).expect("a project");
    project.inputs = ["communities", "estates", "premises"].map(layer).into();
    project.day = "2026-06-30".parse().expect("a day");
    project.audit().unwrap_or_else(|error| panic!("{format}: {error}"))
}

/// What is said of each subject, without where it was read: the same in every format.
fn said(audit: &Audit) -> BTreeMap<String, String> {
    let of_subjects = |one: &&Assessment| one.subject_kind != "input";
    let about = |one: &Assessment| {
        let tidy = |value: f64| (value * 1e6).round() / 1e6;
        let (measured, required) = (one.measured, one.required);
        let text = format!(
            "{} {}..{} {}..{}",
            one.outcome.code(),
            tidy(measured.low),
            tidy(measured.high),
            tidy(required.low),
            tidy(required.high)
        );
        (one.key.clone(), text)
    };
    audit.assessments.iter().filter(of_subjects).map(about).collect()
}

#[test]
fn one_town_in_every_layer_format_gives_one_audit() {
    let first = said(&town(FORMATS[0]));
    assert!(first.len() > 8, "{first:#?}");
    for format in &FORMATS[1..] {
        assert_eq!(said(&town(format)), first, "{format}");
    }
}

#[test]
fn rooms_are_tied_to_the_community_they_lie_in() {
    for format in FORMATS {
        let audit = town(format);
        let uses = audit.inventory.uses();
        let communities = uses.column("community_id").expect("there").str().expect("text");
        let named = |name: &str| communities.iter().flatten().any(|id| id.ends_with(name));
        assert_eq!(uses.height(), 5, "{format}: five rooms lie in a community, one in none");
        assert!(named("槐荫社区") && named("梅园社区"), "{format}");
        let outside = audit.inventory.map_faults.iter().filter(|one| one.kind.code() == "outside");
        assert_eq!(outside.count(), 1, "{format}");
    }
}

#[test]
fn the_map_holds_every_row_that_has_a_place_and_every_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let layer = |name: &str| {
        let path = root("fixtures/formats/layers").join(format!("{name}.gpkg"));
        format!("{name}={}", path.display())
    };
    let (communities, premises) = (layer("communities"), layer("premises"));
    let output = run_in(
        folder.path(),
        &["audit", "--layer", &communities, "--layer", &premises, "-o", "map.geojson"],
    );
    let text = std::fs::read_to_string(folder.path().join("map.geojson"))
        .unwrap_or_else(|_| panic!("{}", printed(&output)));
    let map: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let layers: Vec<&str> = map["features"]
        .as_array()
        .expect("features")
        .iter()
        .filter_map(|feature| feature["properties"]["layer"].as_str())
        .collect();
    let count = |name: &str| layers.iter().filter(|layer| **layer == name).count();
    assert_eq!((count("communities"), count("premises"), count("errors")), (4, 6, 1));
}
