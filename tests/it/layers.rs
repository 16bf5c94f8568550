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

/// The folder of the analyst's first five minutes.
fn scenario(file: &str) -> String {
    root("fixtures/formats/scenario").join(file).display().to_string()
}

#[test]
fn what_is_missing_is_found_by_evidence_and_shown() {
    let files = ["小区面.shp", "社区边界.gpkg", "党群服务中心_高德.csv"].map(scenario);
    let folder = tempfile::tempdir().expect("a folder");
    let arguments: Vec<&str> =
        std::iter::once("inspect").chain(files.iter().map(String::as_str)).collect();
    let text = printed(&run_in(folder.path(), &arguments));
    for wanted in [
        "内容不符 UTF-8，符合 GB18030，按此读取；样例：小区名称",
        "小区面.shp：没有写明坐标系；按证据采用 EPSG:4527",
        "8 位且以 39 开头",
        "与其他图层重叠 99.4%",
        "35 个点疑似 GCJ-02 经纬度：按原样吻合 0.0 %，按 GCJ-02 反算吻合 91.4 %",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

#[test]
fn the_analyst_s_layers_are_joined_and_their_errors_placed() {
    let folder = tempfile::tempdir().expect("a folder");
    let layers = [
        format!("小区={}@EPSG:4527", scenario("小区面.shp")),
        format!("社区={}", scenario("社区边界.gpkg")),
        format!("用房={}@GCJ-02", scenario("党群服务中心_高德.csv")),
    ];
    let ledger = scenario("台账.csv");
    let mut arguments = vec!["audit", ledger.as_str(), "--as-of", "2026-06-30", "--out", "run"];
    for layer in &layers {
        arguments.extend(["--layer", layer]);
    }
    let text = printed(&run_in(folder.path(), &arguments));
    let audit = facility_audit::report::load(&folder.path().join("run"))
        .unwrap_or_else(|_| panic!("{text}"))
        .0;
    let tally = |name: &str| {
        let tally = audit.tally(&format!("facility-audit-data-quality/{name}"));
        tally.map(|tally| (tally.met, tally.not_met))
    };
    assert_eq!(audit.inventory.table("estates").height(), 60, "layer and ledger are one list");
    assert_eq!(tally("drawn-as-stated"), Some((53, 7)));
    assert_eq!(tally("no-overlap"), Some((22, 2)));
    assert_eq!(tally("inside-an-area"), Some((1, 1)));
    let outside = audit.inventory.map_faults.iter().filter(|one| one.kind.code() == "outside");
    assert_eq!(outside.count(), 3);
    // The areas stand in the ledger, the shapes in the layer: each cell is named where it stands.
    let explained = printed(&run_in(folder.path(), &["explain", "run", "槐荫花苑小区"]));
    assert!(explained.contains("台账.csv!C2"), "{explained}");
}

#[test]
fn a_system_that_contradicts_the_numbers_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let layer = format!("小区={}@EPSG:4526", scenario("小区面.shp"));
    let output = run_in(folder.path(), &["audit", "--layer", &layer]);
    assert_eq!(output.status.code(), Some(2));
    let text = printed(&output);
    assert!(text.contains("小区面.shp：指定的坐标系是") && text.contains("39"), "{text}");
}

#[test]
fn a_layer_converts_to_every_format_and_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let from = root("fixtures/formats/layers/estates.gpkg").display().to_string();
    let first = said(&town("gpkg"));
    for format in facility_audit::export::ENDINGS {
        let mut project = Project::of_files(&[]).expect("a project");
        for name in ["communities", "estates", "premises"] {
            let from = from.replace("estates", name);
            let to = format!("{name}.{format}");
            let output = run_in(folder.path(), &["convert", &from, &to]);
            assert_eq!(output.status.code(), Some(0), "{format}: {}", printed(&output));
            let path = folder.path().join(&to);
            let spec = InputSpec::layer(&format!("{name}={}", path.display())).expect("a layer");
            project.inputs.push(spec);
        }
        project.day = "2026-06-30".parse().expect("a day");
        let audit = project.audit().unwrap_or_else(|error| panic!("{format}: {error}"));
        assert_eq!(said(&audit), first, "{format}");
    }
    let dictionary = std::fs::read_to_string(folder.path().join("estates_字段对照.csv"));
    assert!(dictionary.expect("a dictionary").contains("小区名称"));
    for ending in ["shp", "shx", "dbf", "cpg", "prj"] {
        assert!(folder.path().join(format!("estates.{ending}")).exists(), "{ending}");
    }
}

#[test]
fn a_layer_converts_to_another_system_and_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let from = root("fixtures/formats/layers/communities.geojson").display().to_string();
    let run = |args: &[&str]| {
        let output = run_in(folder.path(), args);
        assert_eq!(output.status.code(), Some(0), "{}", printed(&output));
    };
    run(&["convert", &from, "a.shp", "--to", "EPSG:4527", "--gbk"]);
    run(&["convert", "a.shp", "b.geojson"]);
    let corners = |path: std::path::PathBuf| -> Vec<f64> {
        let text = std::fs::read_to_string(path).expect("read");
        let map: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let ring = map["features"][0]["geometry"]["coordinates"][0].clone();
        let mut all: Vec<f64> = ring
            .as_array()
            .expect("a ring")
            .iter()
            .flat_map(|pair| pair.as_array().expect("a pair").iter().filter_map(|one| one.as_f64()))
            .collect();
        all.sort_by(f64::total_cmp);
        all.dedup();
        all
    };
    let (before, after) = (corners(from.into()), corners(folder.path().join("b.geojson")));
    let nearest = |one: &f64| before.iter().map(|other| (one - other).abs()).fold(1.0, f64::min);
    assert!(after.iter().all(|one| nearest(one) < 1e-9), "{before:?} {after:?}");
}

#[test]
fn layers_far_apart_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write(
        "社区.csv",
        "社区名称,wkt\n甲社区,\"POLYGON((117 36.6,117.1 36.6,117.1 36.7,117 36.6))\"\n",
    );
    write("用房.csv", "用房名称,建筑面积,经度,纬度\n甲站,300,121.05,36.65\n");
    let text = printed(&run_in(folder.path(), &["inspect", "社区.csv", "用房.csv"]));
    assert!(text.contains("用房.csv：不与任何其他图层重叠，中心相距至少 3"), "{text}");
    assert!(text.contains("请核对坐标系"), "{text}");
}

#[test]
fn exchanged_coordinates_are_turned_where_the_system_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write(
        "点.csv",
        "用房名称,建筑面积,X,Y\n甲站,300,4053000,39501000\n乙站,200,4054000,39502000\n",
    );
    let named = printed(&run_in(folder.path(), &["inspect", "点.csv@EPSG:4527"]));
    assert!(named.contains("X、Y 颠倒") && named.contains("点 2 · EPSG:4527"), "{named}");
    let open = printed(&run_in(folder.path(), &["inspect", "点.csv"]));
    assert!(open.contains("图形未采用") && open.contains("X、Y 互换"), "{open}");
}

#[test]
fn a_layer_whose_fields_nobody_knows_is_asked_about() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"MC\":\"甲\"},\
                \"geometry\":{\"type\":\"Point\",\"coordinates\":[117,36]}}]}";
    std::fs::write(folder.path().join("社区.geojson"), text).expect("written");
    let output = run_in(folder.path(), &["audit", "--layer", "社区=社区.geojson"]);
    assert_eq!(output.status.code(), Some(2));
    let text = printed(&output);
    assert!(
        text.contains("没有可识别的字段（现有：MC）") && text.contains("name = \"MC\""),
        "{text}"
    );
}

#[test]
fn what_only_gdal_reads_is_told_with_the_command_that_helps() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("小区.gdb")).expect("a folder");
    let text = printed(&run_in(folder.path(), &["inspect", "小区.gdb"]));
    assert!(text.contains("ogr2ogr -f GPKG \"小区.gpkg\" \"小区.gdb\""), "{text}");
}

#[test]
fn one_row_of_exchanged_coordinates_does_not_take_the_others_off_the_map() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "用房名称,建筑面积,经度,纬度\n甲站,300,117.001,36.601\n乙站,200,36.602,117.002\n\
                丙站,250,0,0\n丁站,260,117.003,36.603\n戊站,270,117.004,36.604\n";
    std::fs::write(folder.path().join("用房.csv"), rows).expect("written");
    let communities = root("fixtures/formats/layers/communities.geojson").display().to_string();
    let mut project = Project::of_inputs(vec![
        InputSpec::layer(&format!("社区={communities}")).expect("a layer"),
        InputSpec::of_file(&folder.path().join("用房.csv")),
    ])
    .expect("a project");
    project.day = "2026-06-30".parse().expect("a day");
    let audit = project.audit().expect("audited");
    let uses = audit.inventory.uses();
    let communities = uses.column("community_id").expect("there").str().expect("text");
    let sure = uses.column("sure").expect("there").bool().expect("flags");
    let surely = communities
        .iter()
        .zip(sure.iter())
        .filter(|(id, sure)| id.is_some_and(|id| id.ends_with("槐荫社区")) && *sure == Some(true));
    assert_eq!(surely.count(), 3, "{uses}");
    let notes: Vec<&str> =
        audit.inventory.map_faults.iter().map(|one| one.words.zh.as_str()).collect();
    assert!(notes.iter().any(|note| note.contains("疑为经纬度颠倒")), "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("（0，0）与多数要素不是同一类数")), "{notes:?}");
}

#[test]
fn a_ledger_names_no_communities_where_a_layer_of_them_is_given() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "社区名称,用房名称,建筑面积\n槐荫社区,甲站,300\n槐阴社区,乙站,200\n";
    std::fs::write(folder.path().join("台账.csv"), rows).expect("written");
    let layer = format!("社区={}", root("fixtures/formats/layers/communities.gpkg").display());
    let text =
        printed(&run_in(folder.path(), &["audit", "台账.csv", "--layer", &layer, "--out", "run"]));
    let audit = facility_audit::report::load(&folder.path().join("run"))
        .unwrap_or_else(|_| panic!("{text}"))
        .0;
    assert_eq!(audit.inventory.table("communities").height(), 4, "a misspelt one is none");
    let unlinked: Vec<&u32> =
        audit.inventory.accounts.iter().flat_map(|account| &account.unlinked).collect();
    assert_eq!(unlinked, [&3]);
}
