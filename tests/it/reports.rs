//! The reports people open: each read back, the same numbers in all, and no harm by any name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use calamine::{Data, Reader, Xlsx};
use facility_audit::layer::Grid;
use facility_audit::source::read;
use serde_json::Value;

use crate::support::{printed, root, run_in, sheets};

/// Every report of the demo town, made by one command.
fn made() -> &'static Path {
    static RUN: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = RUN.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let project = root("fixtures/towns/demo/project.toml").display().to_string();
        let out = folder.path().join("run").display().to_string();
        let done = run_in(
            folder.path(),
            &["audit", &project, "--out", &out, "--reports", "all", "--quiet"],
        );
        assert!(done.status.success(), "{}", printed(&done));
        assert_eq!(printed(&done), "", "--quiet prints nothing");
        folder
    });
    Box::leak(Box::new(folder.path().join("run")))
}

fn text(name: &str) -> String {
    std::fs::read_to_string(made().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn json(name: &str) -> Value {
    serde_json::from_str(&text(name)).expect("JSON")
}

fn said(data: &Data) -> String {
    data.to_string()
}

fn number(data: &Data) -> f64 {
    match data {
        Data::Float(number) => *number,
        Data::Int(number) => *number as f64,
        other => panic!("no number: {other:?}"),
    }
}

/// The rows below the headings that begin with this one, the row of totals apart.
fn below<'s>(rows: &'s [Vec<Data>], heading: &str) -> &'s [Vec<Data>] {
    let at = rows.iter().position(|row| said(&row[0]) == heading).expect("headings");
    let total = rows.iter().position(|row| said(&row[0]) == "合计").unwrap_or(rows.len());
    &rows[at + 1..total]
}

/// The findings that something demands: those a reader of the ledger sees.
fn demanded(audit: &Value) -> Vec<&Value> {
    let all = audit["findings"].as_array().expect("findings");
    all.iter().filter(|one| one["force"] != "indicator").collect()
}

fn column(grid: &Grid, heading: &str) -> Vec<String> {
    let at = (0..grid.columns()).find(|at| grid.cell(0, *at) == heading);
    let at = at.unwrap_or_else(|| panic!("{heading} is a column"));
    (1..grid.rows()).map(|row| grid.cell(row, at).to_owned()).collect()
}

#[test]
fn every_report_is_made_by_one_command() {
    for name in [
        "audit.json",
        "audit.geojson",
        "report.html",
        "ledger.xlsx",
        "ledger_public.xlsx",
        "brief.docx",
        "audit.gpkg",
        "audit_communities.qml",
        "audit_communities.sld",
        "audit.fgb",
        "audit.parquet",
        "audit.sarif",
        "audit.xml",
        "findings.csv",
    ] {
        let path = made().join(name);
        assert!(std::fs::metadata(&path).is_ok_and(|file| file.len() > 500), "{name}");
    }
}

#[test]
fn a_number_is_the_same_in_every_output() {
    let audit = json("audit.json");
    let tallies = audit["tallies"].as_array().expect("tallies");
    let page = text("report.html");
    let junit = text("audit.xml");
    let book = sheets(&made().join("ledger.xlsx"));
    let summary = below(&book["汇总"], "要求");
    let mut compared = 0;
    for tally in tallies.iter().filter(|tally| tally["force"] != "indicator") {
        let name = tally["name"]["zh"].as_str().expect("a name");
        let count = |key: &str| tally[key].as_u64().expect("a count");
        let (met, not_met, unknown) = (count("met"), count("not_met"), count("unknown"));
        // The ledger's summary by district adds up to it.
        let rows: Vec<&Vec<Data>> = summary.iter().filter(|row| said(&row[0]) == name).collect();
        let sum = |at: usize| rows.iter().map(|row| number(&row[at])).sum::<f64>() as u64;
        assert_eq!([sum(2), sum(3), sum(4)], [met, not_met, unknown], "{name}: ledger.xlsx");
        // JUnit counts what fails and what is skipped.
        let skipped = unknown + count("not_applicable");
        let all = met + not_met + skipped;
        let suite = format!(
            "<testsuite name=\"{name}\" tests=\"{all}\" failures=\"{not_met}\" errors=\"0\" skipped=\"{skipped}\">"
        );
        assert!(junit.contains(&suite), "{suite}");
        // The page has a row with its name and its counts.
        let row =
            page.split("<tr").find(|row| row.contains(name) && row.contains(&format!(">{met}<")));
        assert!(
            row.is_some_and(|row| row.contains(&format!(">{not_met}<"))),
            "{name}: report.html"
        );
        compared += 1;
    }
    assert!(compared > 15, "only {compared} requirements");
    let findings = demanded(&audit).len();
    assert_eq!(below(&book["问题台账"], "序号").len(), findings, "ledger.xlsx");
    let sarif = json("audit.sarif");
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(findings), "audit.sarif");
    assert_eq!(page.matches("<li class=\"finding ").count(), findings, "report.html");
    let package = read(&made().join("audit.gpkg"), None).expect("read back");
    let table = |name: &str| {
        package.grids.iter().find(|grid| grid.sheet.as_deref() == Some(name)).expect("a layer")
    };
    assert_eq!(table("findings").rows() - 1, findings, "audit.gpkg");
    // Keys are those of audit.json, in the ledger and in the package.
    let mut keys: Vec<&str> =
        demanded(&audit).iter().map(|one| one["key"].as_str().expect("a key")).collect();
    keys.sort_unstable();
    let mut of_package = column(table("findings"), "key");
    of_package.sort_unstable();
    assert_eq!(of_package, keys);
    let mut of_ledger: Vec<String> = below(&book["问题台账"], "序号")
        .iter()
        .map(|row| said(row.last().expect("a key")))
        .collect();
    of_ledger.sort_unstable();
    assert_eq!(of_ledger, keys);
    // The rented share and the leading requirement, on the page and in the brief.
    let share = "15.4%–23.1%";
    assert_eq!(
        audit["tenure"]["rented_share"]["low"].as_f64().map(|low| (low * 1000.0).round()),
        Some(154.0)
    );
    let brief = words_of(&made().join("brief.docx"));
    for (name, text) in [("report.html", &page), ("brief.docx", &brief)] {
        assert!(text.contains(share), "{name}: {share}");
        assert!(text.contains("51.4%–67.6%"), "{name}: the rate of community rooms");
    }
    assert!(brief.contains("应核 37 个，达标 19 个，不达标 12 个，无法核查 6 个"), "{brief}");
    assert!(brief.contains("年租金 40.80 万元"), "{brief}");
}

/// The text of a Word document.
fn words_of(path: &Path) -> String {
    let file = std::fs::File::open(path).expect("opened");
    let mut zip = zip::ZipArchive::new(file).expect("a zip");
    let mut text = String::new();
    let mut part = zip.by_name("word/document.xml").expect("a document");
    std::io::Read::read_to_string(&mut part, &mut text).expect("text");
    let mut words = String::new();
    for run in text.split("<w:t").skip(1) {
        let inner = run.split_once('>').map_or("", |(_, rest)| rest);
        words += inner.split("</w:t>").next().unwrap_or_default();
    }
    words
}

#[test]
fn the_ledger_has_a_sheet_for_each_district_totals_as_formulas_and_a_public_variant() {
    let book = sheets(&made().join("ledger.xlsx"));
    let all = below(&book["问题台账"], "序号");
    let districts = ["城东区", "城西区", "湖滨区"];
    let mut sum = 0;
    for district in districts {
        let rows = below(&book[district], "序号");
        assert!(rows.iter().all(|row| said(&row[1]) == district), "{district}");
        sum += rows.len();
    }
    let nowhere = all.iter().filter(|row| !districts.contains(&said(&row[1]).as_str())).count();
    assert_eq!(sum + nowhere, all.len());
    let mut workbook: Xlsx<_> =
        calamine::open_workbook(made().join("ledger.xlsx")).expect("a workbook");
    let formulas = workbook.worksheet_formula("问题台账").expect("formulas");
    let used: Vec<&String> = formulas.used_cells().map(|(.., formula)| formula).collect();
    assert_eq!(used.len(), 1);
    assert!(used[0].starts_with("SUBTOTAL(109,"), "{used:?}");
    // What a program shows that does not calculate is the sum of the cells above.
    let total = book["问题台账"].iter().find(|row| said(&row[0]) == "合计").expect("totals");
    let at = book["问题台账"].iter().find(|row| said(&row[0]) == "序号").expect("headings");
    let at = at.iter().position(|cell| said(cell) == "缺口").expect("a column");
    let by_hand: f64 = all
        .iter()
        .filter(|row| matches!(row[at], Data::Float(_)))
        .map(|row| number(&row[at]))
        .sum();
    assert!((number(&total[at]) - by_hand).abs() < 1e-6);
    let public = sheets(&made().join("ledger_public.xlsx"));
    let heads = public["问题台账"].iter().find(|row| said(&row[0]) == "序号").expect("headings");
    let heads: Vec<String> = heads.iter().map(said).collect();
    for private in ["责任人", "联系电话", "数据位置"] {
        assert!(!heads.contains(&private.to_owned()), "{private}");
    }
    assert_eq!(below(&public["问题台账"], "序号").len(), all.len());
    let stars = public.values().flatten().flatten().find(|cell| said(cell).contains("**"));
    assert_eq!(stars, None, "the demo town has no telephone numbers to hide");
}

#[test]
fn equal_runs_give_equal_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = root("fixtures/towns/demo/project.toml").display().to_string();
    let done = run_in(
        folder.path(),
        &["audit", &project, "--out", "again", "--reports", "all", "--quiet"],
    );
    assert!(done.status.success(), "{}", printed(&done));
    let mut compared = 0;
    for entry in std::fs::read_dir(made()).expect("the run folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            continue;
        }
        let name = path.file_name().expect("a name");
        let (once, again) =
            (std::fs::read(&path), std::fs::read(folder.path().join("again").join(name)));
        assert!(once.expect("read") == again.expect("made again"), "{}", name.display());
        compared += 1;
    }
    assert!(compared > 15, "{compared}");
}

#[test]
fn a_bureau_s_template_chooses_the_columns_of_the_ledger() {
    let folder = tempfile::tempdir().expect("a folder");
    let template = "title = \"问题清单\"\n[[column]]\nfield = \"number\"\n[[column]]\nfield = \"subject\"\nheading = \"单位名称\"\n[[column]]\nfield = \"blank\"\nheading = \"整改负责人\"\n";
    std::fs::write(folder.path().join("模板.toml"), template).expect("written");
    let project = root("fixtures/towns/chuanhui-2007/project.toml").display().to_string();
    let done = run_in(
        folder.path(),
        &["audit", &project, "--out", "run", "--ledger", "模板.toml", "--quiet"],
    );
    assert!(done.status.success(), "{}", printed(&done));
    let done = run_in(
        folder.path(),
        &["audit", &project, "-o", "alone.xlsx", "--ledger", "模板.toml", "--quiet"],
    );
    assert!(done.status.success(), "{}", printed(&done));
    for file in ["run/ledger.xlsx", "alone.xlsx"] {
        let book = sheets(&folder.path().join(file));
        let rows = &book["问题台账"];
        assert_eq!(said(&rows[0][0]), "问题清单", "{file}");
        let heads = rows.iter().find(|row| said(&row[0]) == "序号").expect("headings");
        assert_eq!(
            heads.iter().map(said).collect::<Vec<_>>(),
            ["序号", "单位名称", "整改负责人"],
            "{file}"
        );
    }
}

#[test]
fn a_brief_says_what_is_not_in_place_and_not_what_there_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let town = root("fixtures/towns/demo");
    let ledger = town.join("全市新建小区配套移交台账.xlsx").display().to_string();
    let pack = town.join("示范市社区用房办法.toml").display().to_string();
    let args = ["audit", &ledger, "--place", "990200", "--pack", &pack, "--as-of", "2023-06-30"];
    let done = run_in(folder.path(), &[&args[..], &["--out", "run", "--quiet"]].concat());
    assert!(done.status.success(), "{}", printed(&done));
    let words = words_of(&folder.path().join("run/brief.docx"));
    assert!(words.contains("不到位的面积 4,200 ㎡") && !words.contains("现有 4,200"), "{words}");
    // Where nothing is demanded of anybody, it tells what was published.
    let project = root("fixtures/towns/xianning-2021/project.toml").display().to_string();
    let done = run_in(folder.path(), &["audit", &project, "--out", "told", "--quiet"]);
    assert!(done.status.success(), "{}", printed(&done));
    let words = words_of(&folder.path().join("told/brief.docx"));
    assert!(words.contains("78.8%–100.0%") && !words.contains("各区县"), "{words}");
}

#[test]
fn layers_read_back_with_their_classes_and_ties() {
    let map = json("audit.geojson");
    let features = map["features"].as_array().expect("features");
    let of =
        |layer: &str| features.iter().filter(|one| one["properties"]["layer"] == layer).count();
    let package = read(&made().join("audit.gpkg"), None).expect("read back");
    let layer = |name: &str| {
        package.grids.iter().find(|grid| grid.sheet.as_deref() == Some(name)).expect("a layer")
    };
    for name in ["communities", "estates", "errors"] {
        assert_eq!(layer(name).rows() - 1, of(name), "{name}");
    }
    let shapes = layer("communities").shapes.as_ref().expect("a layer of areas");
    assert_eq!(shapes.all.iter().flatten().count(), of("communities"));
    // The verdict of each community is that of audit.geojson.
    let verdicts: BTreeMap<&str, &str> = features
        .iter()
        .filter(|one| one["properties"]["layer"] == "communities")
        .map(|one| {
            (
                one["properties"]["id"].as_str().expect("an id"),
                one["properties"]["outcome"].as_str().expect("a verdict"),
            )
        })
        .collect();
    let (ids, classes) =
        (column(layer("communities"), "id"), column(layer("communities"), "class"));
    for (id, class) in ids.iter().zip(&classes) {
        let wanted = match verdicts[id.as_str()] {
            "not_met" => "not-met",
            "not_applicable" => "na",
            other => other,
        };
        assert_eq!(class, wanted, "{id}");
    }
    // What estates surely lack by class is the sum over their facilities in audit.json.
    let audit = json("audit.json");
    let handed: f64 = column(layer("estates"), "handover_m2")
        .iter()
        .filter_map(|cell| cell.parse::<f64>().ok())
        .sum();
    let by_finding: f64 = audit["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|one| one["in_place"].is_object() && one["outcome"] == "not_met")
        .map(|one| one["in_place"]["handover"]["low"].as_f64().expect("a number"))
        .sum();
    assert!((handed - by_finding).abs() < 1e-6, "{handed} {by_finding}");
    // The map says what the verdicts say: of communities, the one rule on their rooms.
    let summary = audit["tallies"].as_array().expect("tallies");
    let rooms = summary.iter().find(|one| one["requirement"] == "demo-rooms/rooms-of-a-community");
    let rooms = rooms.expect("the rule of the town");
    let drawn = |class: &str| classes.iter().filter(|one| *one == class).count() as u64;
    for (class, key) in [("met", "met"), ("not-met", "not_met"), ("unknown", "unknown")] {
        assert_eq!(Some(drawn(class)), rooms[key].as_u64(), "{class}");
    }
    // An estate that surely lacks something is never drawn as if all were in place.
    let short: f64 = ["planning_m2", "construction_m2", "handover_m2", "use_m2", "unsplit_m2"]
        .iter()
        .flat_map(|name| column(layer("estates"), name))
        .filter_map(|cell| cell.parse::<f64>().ok())
        .sum();
    let in_place = summary.iter().find(|one| one["name"]["zh"] == "应配面积全部到位");
    let lacking = in_place.expect("the rule of the town")["shortfall"]["low"].as_f64();
    let lacking = lacking.expect("a number");
    assert!((short - lacking).abs() < 1e-6, "{short} {lacking}");
    let rows = column(layer("estates"), "class").into_iter();
    let sums = column(layer("estates"), "unsplit_m2").into_iter();
    assert!(rows.zip(sums).all(|(class, unsplit)| class != "met"
        || unsplit.parse::<f64>().is_ok_and(|unsplit| unsplit == 0.0)));
    // Rooms without a place of their own say so, and none hides another.
    assert!(column(layer("rooms"), "own_place").iter().all(|own| own == "false" || own == "0"));
    let points: BTreeSet<String> = layer("rooms")
        .shapes
        .iter()
        .flat_map(|shapes| shapes.all.iter().flatten())
        .map(|point| format!("{point:?}"))
        .collect();
    assert_eq!(points.len(), layer("rooms").rows() - 1);
    let placed: usize = ["communities", "estates", "rooms", "errors"]
        .iter()
        .map(|name| layer(name).rows() - 1)
        .sum();
    for name in ["audit.fgb", "audit.parquet"] {
        let file = read(&made().join(name), None).expect("read back");
        let grid = &file.grids[0];
        assert_eq!(grid.rows() - 1, placed, "{name}");
        let layers = column(grid, "layer");
        assert_eq!(
            layers.iter().filter(|layer| *layer == "estates").count(),
            of("estates"),
            "{name}"
        );
    }
    // Styles stand beside the package, with every class of the layer.
    for (layer, class) in [("communities", "not-met"), ("estates", "handover"), ("rooms", "rented")]
    {
        for ending in ["qml", "sld"] {
            let style = text(&format!("audit_{layer}.{ending}"));
            assert!(style.contains(class), "{layer}.{ending}");
        }
    }
}

#[test]
fn the_page_stands_alone_and_shows_what_the_audit_found() {
    let page = text("report.html");
    for outside in ["src=\"http", "href=\"http", "@import", "url(http", "//cdn"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("Content-Security-Policy"));
    for (what, count) in
        [("id=\"layer-communities\"", 1), ("id=\"layer-estates\"", 1), ("id=\"layer-rooms\"", 1)]
    {
        assert_eq!(page.matches(what).count(), count, "{what}");
    }
    // Sections: map, verdicts, stages, renting, ranking, findings, and what it rests on.
    for id in ["map", "verdicts", "stages", "tenure", "ranking", "findings", "basis"] {
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
    }
    // A finding shows its working, its text and its cell.
    assert!(page.contains("社区用房台账.xlsx!社区用房!F10"), "a cell");
    assert!(page.contains("示例〔2014〕26号"), "a citation");
    assert!(page.contains("每 100 户"), "what is required");
    // The years without figures are drawn as gaps.
    assert!(page.contains("class=\"gap\"") || page.contains("class=\"open\""));
}

#[test]
fn what_programs_read_is_well_formed() {
    let sarif = json("audit.sarif");
    assert_eq!(sarif["version"], "2.1.0");
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    for one in sarif["runs"][0]["results"].as_array().expect("results") {
        let at = one["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[at]["id"], one["ruleId"]);
        let open = one["kind"] == "open";
        assert_eq!(open, one["level"] == "none", "{one}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let project = root("fixtures/towns/chuanhui-2007/project.toml").display().to_string();
    let done = run_in(
        folder.path(),
        &["audit", &project, "--json-lines", "--reports", "none", "--out", "run"],
    );
    let lines = String::from_utf8(done.stdout).expect("UTF-8");
    let read: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    let audit = std::fs::read_to_string(folder.path().join("run/audit.json")).expect("written");
    let audit: Value = serde_json::from_str(&audit).expect("JSON");
    assert_eq!(Some(&read), audit["findings"].as_array());
    assert!(!folder.path().join("run/report.html").exists());
    // A pipe is no terminal: no colours.
    let plain = run_in(folder.path(), &["audit", &project, "--out", "run"]);
    assert!(!printed(&plain).contains('\u{1b}'));
    let done = run_in(
        folder.path(),
        &["audit", &project, "-o", "a.csv", "--encoding", "gb18030", "--quiet"],
    );
    assert!(done.status.success());
    let bytes = std::fs::read(folder.path().join("a.csv")).expect("written");
    assert!(std::str::from_utf8(&bytes).is_err(), "GB 18030 is no UTF-8");
    let plain =
        std::fs::read_to_string(folder.path().join("run/assessments.csv")).expect("written");
    assert_eq!(encoding_rs::GB18030.decode(&bytes).0, plain);
}

/// Names that would do harm if an output took them for anything but a name.
fn hostile() -> Vec<String> {
    vec![
        "<script>alert(1)</script>".to_owned(),
        "\"><img src=x onerror=alert(1)>".to_owned(),
        "=HYPERLINK(\"http://x\",\"点\")".to_owned(),
        "+1+cmd|' /C calc'!A0".to_owned(),
        "@SUM(1)".to_owned(),
        "'\"`&;".to_owned(),
        "\u{202e}倒写\u{202c}".to_owned(),
        "../../etc/passwd".to_owned(),
        "a\\b:c*d?e<f>g|h".to_owned(),
        "</w:t></w:r><w:br/>".to_owned(),
        "]]>&amp;%00".to_owned(),
        "长".repeat(10_000),
    ]
}

#[test]
fn hostile_names_do_no_harm_in_any_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let (mut communities, mut rooms) =
        (String::from("社区,户数,区划\n"), String::from("社区,用房名称,建筑面积,权属,年租金\n"));
    for (at, name) in hostile().iter().enumerate() {
        communities += &format!("{},{},990202\n", quote(name), 1000 + at);
        rooms +=
            &format!("{},{},{},租赁,60000\n", quote(name), quote(&format!("{name}用房")), 100 + at);
    }
    let estates = format!(
        "小区名称,社区,区划,WKT\n{},{},990202,\"POLYGON((117 36,117.01 36,117.01 36.01,117 36.01,117 36))\"\n",
        quote("<svg onload=alert(2)>"),
        quote(&hostile()[0])
    );
    for (name, text) in [("社区.csv", &communities), ("用房.csv", &rooms), ("小区.csv", &estates)]
    {
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    let pack = root("fixtures/towns/demo/示范市社区用房办法.toml").display().to_string();
    let project = format!(
        "name = \"恶意\"\nplace = \"990200\"\nplace_name = \"<b>市</b>\"\nas_of = 2023-06-30\npacks = [\"{pack}\"]\n\
         [[input]]\nfile = \"社区.csv\"\ntable = \"communities\"\n[[input]]\nfile = \"用房.csv\"\ntable = \"premises\"\n[[input]]\nfile = \"小区.csv\"\ntable = \"estates\"\ncrs = \"EPSG:4490\"\n"
    );
    std::fs::write(folder.path().join("project.toml"), project).expect("written");
    let done =
        run_in(folder.path(), &["audit", "project.toml", "--out", "run", "--reports", "all"]);
    let screen = printed(&done);
    assert!(done.status.success(), "{screen}");
    assert!(!screen.contains('\u{202e}'), "a mark that turns the direction reaches the terminal");
    let run = folder.path().join("run");
    let page = std::fs::read_to_string(run.join("report.html")).expect("written");
    for harm in ["<script>alert", "<img src=x", "<svg onload", "<b>市</b>"] {
        assert!(!page.contains(harm), "{harm}");
    }
    assert!(
        page.contains("&lt;script&gt;alert") || page.contains("&#x3c;script"),
        "it is shown as text"
    );
    // One script and one style: those of the page.
    assert_eq!(page.matches("<script").count(), 1);
    for name in ["ledger.xlsx", "ledger_public.xlsx"] {
        let mut book: Xlsx<_> = calamine::open_workbook(run.join(name)).expect("a workbook");
        for sheet in book.sheet_names() {
            let formulas = book.worksheet_formula(&sheet).expect("formulas");
            let strange =
                formulas.used_cells().find(|(.., formula)| !formula.starts_with("SUBTOTAL("));
            assert_eq!(strange, None, "{name}!{sheet}");
        }
    }
    let csv = std::fs::read_to_string(run.join("findings.csv")).expect("written");
    let fields = csv.lines().flat_map(|line| line.split(','));
    let formula = |field: &&str| field.trim_start_matches('"').starts_with(['=', '+', '@']);
    assert_eq!(fields.into_iter().find(formula), None);
    for name in ["audit.xml", "audit_estates.sld", "audit_estates.qml"] {
        well_formed(name, &std::fs::read_to_string(run.join(name)).expect("written"));
    }
    let mut zip =
        zip::ZipArchive::new(std::fs::File::open(run.join("brief.docx")).expect("opened"))
            .expect("a zip");
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).expect("a part");
        let (name, mut text) = (part.name().expect("a name").into_owned(), String::new());
        std::io::Read::read_to_string(&mut part, &mut text).expect("text");
        well_formed(&name, &text);
    }
    let read_back: Value =
        serde_json::from_str(&std::fs::read_to_string(run.join("audit.sarif")).expect("written"))
            .expect("JSON");
    assert!(read_back["runs"][0]["results"].as_array().is_some_and(|all| !all.is_empty()));
    // Names with separators lead nowhere else: everything written stands in the run folder.
    let beside: Vec<PathBuf> = std::fs::read_dir(folder.path())
        .expect("the folder")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_dir())
        .collect();
    assert_eq!(beside, std::slice::from_ref(&run));
    let package = read(&run.join("audit.gpkg"), None).expect("read back");
    let findings = package
        .grids
        .iter()
        .find(|grid| grid.sheet.as_deref() == Some("findings"))
        .expect("a table");
    assert!(
        column(findings, "name").iter().any(|name| *name == hostile()[0]),
        "names come back whole"
    );
    let long = column(findings, "name").into_iter().map(|name| name.chars().count()).max();
    assert_eq!(long, Some(10_000));
}

fn well_formed(name: &str, text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{name}: {error}"),
        }
    }
}

#[test]
fn a_page_of_ten_thousand_findings_shows_a_stated_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut communities = String::from("社区,户数\n");
    let mut rooms = String::from("社区,建筑面积,权属\n");
    for at in 0..10_000 {
        communities += &format!("第{at}社区,2000\n");
        rooms += &format!("第{at}社区,50,自有\n");
    }
    std::fs::write(folder.path().join("社区.csv"), communities).expect("written");
    std::fs::write(folder.path().join("用房.csv"), rooms).expect("written");
    let pack = root("fixtures/towns/demo/示范市社区用房办法.toml").display().to_string();
    let project = format!(
        "name = \"大\"\nplace = \"990200\"\nas_of = 2023-06-30\npacks = [\"{pack}\"]\n[[input]]\nfile = \"社区.csv\"\n[[input]]\nfile = \"用房.csv\"\n"
    );
    std::fs::write(folder.path().join("project.toml"), project).expect("written");
    let done = run_in(folder.path(), &["audit", "project.toml", "--out", "run", "--quiet"]);
    assert!(done.status.success(), "{}", printed(&done));
    let page = std::fs::read_to_string(folder.path().join("run/report.html")).expect("written");
    assert_eq!(page.matches("<li class=\"finding ").count(), 1_000);
    assert!(page.contains("页面列 1000 条，各项要求最严重的在前"), "the number is stated");
    let book = sheets(&folder.path().join("run/ledger.xlsx"));
    assert!(below(&book["问题台账"], "序号").len() >= 10_000, "the workbook holds all");
}
