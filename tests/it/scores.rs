//! Score sheets: what each form gives, what is refused, the laws of a ranking, and its outputs.

use std::collections::BTreeMap;

use calamine::Data;
use facility_audit::audit::Audit;
use facility_audit::plan::{Choice, Draw, Ranking, ScoreSheet, Standing, rank};
use facility_audit::{Diagnostic, Error};
use proptest::prelude::*;

use crate::support::{files, printed, root, run_in, sheets, town};

fn form(name: &str) -> ScoreSheet {
    let path = root("fixtures/scores/forms").join(name).with_extension("toml");
    ScoreSheet::open(&path).expect("a score sheet")
}

fn place_of(ranking: &Ranking, label: &str) -> (usize, f64, Vec<f64>) {
    let one = ranking.candidates.iter().find(|one| one.subject.label == label).expect("stands");
    match &one.standing {
        Standing::Ranked { place, total, parts, .. } => (*place, *total, parts.clone()),
        other => panic!("{label}: {other:?}"),
    }
}

fn near(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() < 1e-6
}

#[test]
fn every_broken_score_sheet_is_told_where_and_why() {
    let broken = files(&root("fixtures/scores/bad"), "toml");
    assert!(broken.len() >= 25);
    for path in broken {
        let text = std::fs::read_to_string(&path).expect("read");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let expected = text.lines().next().and_then(|line| line.strip_prefix("# expect: "));
        let (place, message) =
            expected.and_then(|line| line.split_once(": ")).expect("LINE:COL: message");
        let Err(Error::Diagnostics(found)) = ScoreSheet::parse(&name, &text) else {
            panic!("{name}: it must be refused");
        };
        let lines: Vec<String> = found.iter().map(Diagnostic::to_string).collect();
        let told = lines
            .iter()
            .any(|line| line.starts_with(&format!("{name}:{place}: ")) && line.contains(message));
        assert!(told, "{name}: expected {expected:?}, found {lines:#?}");
    }
}

#[test]
fn indicators_are_drawn_from_columns_measures_and_findings() {
    let audit = town("demo");
    let found = rank(&audit, &form("measures")).expect("ranked");
    // 翠苑社区: 1,766 households, rooms of 260 and 80 m², both rented; required 0.3 m² a household.
    let (place, total, parts) = place_of(&found, "翠苑社区");
    let short = (0.3 * 1766.0 - 340.0) / (0.3 * 1766.0) * 40.0;
    let per_household = (0.5 - 340.0 / 1766.0) / 0.5 * 20.0;
    let wanted = [short, 8.0, 20.0, per_household];
    assert_eq!(place, 7);
    assert!(
        parts.iter().zip(wanted).all(|(part, wanted)| near(*part, wanted)),
        "{parts:?} {wanted:?}"
    );
    assert!(near(total, wanted.iter().sum()));
    let cells = |label: &str, at: usize| {
        let one = found.candidates.iter().find(|one| one.subject.label == label).expect("stands");
        one.values[at].cells.clone()
    };
    assert_eq!(
        cells("翠苑社区", 2),
        ["社区用房台账.xlsx!社区用房!H10", "社区用房台账.xlsx!社区用房!H11"]
    );
    // The rules on who stands: communities that are not urban do not, one of unknown kind would.
    let rural =
        audit.inventory.table("communities").column("kind").expect("kinds").str().expect("codes");
    let urban = rural.iter().filter(|kind| *kind != Some("rural")).count();
    assert!(found.candidates.len() <= urban && urban < 40);
    // Equal in points and in what decides between equals: they share a place, and the next is third.
    assert_eq!((place_of(&found, "丹枫社区").0, place_of(&found, "柳荫社区").0), (1, 1));
    assert_eq!(place_of(&found, "春天社区").0, 3);
    // Points that are the same for every value it could have are known: 文华社区 has 0.5 m² or more.
    let one = found.candidates.iter().find(|one| one.subject.label == "文华社区").expect("stands");
    assert!(one.values[3].stated.is_none() && one.points[3] == Some(0.0));
}

#[test]
fn estates_pass_gates_and_are_chosen_within_a_number() {
    let audit = town("demo");
    let sheet = form("estates");
    let found = rank(&audit, &sheet).expect("ranked");
    assert_eq!(found.order.len(), 6);
    assert!(found.chosen.choices.iter().all(Choice::is_chosen));
    // Without any of that kind allowed, the last of them goes, and says so.
    let text = sheet.text.replace("most = 1", "most = 0");
    let none = rank(&audit, &ScoreSheet::parse("s.toml", &text).expect("a sheet")).expect("ranked");
    let refused: Vec<&Choice> = none.chosen.choices.iter().filter(|one| !one.is_chosen()).collect();
    assert!(
        matches!(refused.as_slice(), [Choice::Quota { with, .. }] if *with == 1.0),
        "{refused:?}"
    );
    // A smaller number of places leaves the last out.
    let text = sheet.text.replace("choose   = 6", "choose   = 4");
    let four = rank(&audit, &ScoreSheet::parse("s.toml", &text).expect("a sheet")).expect("ranked");
    let chosen: Vec<bool> = four.chosen.choices.iter().map(Choice::is_chosen).collect();
    assert_eq!(chosen, [true, true, true, true, false, false]);
}

/// The demo sheet with other rules on choice.
fn demo(change: impl Fn(&str) -> String) -> ScoreSheet {
    let path = root("fixtures/towns/demo/老旧社区评分细则.toml");
    let text = std::fs::read_to_string(path).expect("read");
    ScoreSheet::parse("评分细则.toml", &change(&text)).expect("a sheet")
}

fn chosen(ranking: &Ranking) -> Vec<&str> {
    let chosen =
        ranking.order.iter().zip(&ranking.chosen.choices).filter(|(_, one)| one.is_chosen());
    chosen.map(|(at, _)| ranking.candidates[*at].subject.label.as_str()).collect()
}

#[test]
fn a_quota_of_a_fixed_number_does_not_grow_with_what_is_chosen() {
    let audit = town("demo");
    // 15 % of a task of 5,000 households are 750: 明珠 390 fits, with 书香 480 it would be 870.
    let found =
        rank(&audit, &demo(|text| text.replace("at_most = 0.15", "at_most = 0.15\nwhole = 5000")));
    let found = found.expect("ranked");
    assert!(chosen(&found).contains(&"明珠社区") && !chosen(&found).contains(&"书香社区"));
    assert_eq!((found.chosen.quotas[0].counted, found.chosen.quotas[0].whole), (390.0, 5000.0));
}

#[test]
fn a_list_may_end_with_the_first_that_costs_too_much() {
    let audit = town("demo");
    let budget = |text: &str| {
        text.replace("year  = 2023\nfunds = [\"市级财政\"]", "amount = 3000000\nstops = true")
    };
    let found = rank(&audit, &demo(budget)).expect("ranked");
    // 128 and 113 of 300: 明珠 is over the quota, 桂花 (96) is the first that costs too much.
    assert_eq!(chosen(&found), ["锦绣社区", "滨河社区"]);
    let after: Vec<&Choice> = found.chosen.choices.iter().skip(4).collect();
    assert!(after.iter().all(|one| matches!(one, Choice::Ended)), "{after:?}");
    let money = found.chosen.money.expect("a budget");
    assert_eq!((money.amount, money.spent, money.cells.len()), (3_000_000.0, 2_410_000.0, 0));
}

#[test]
fn a_cost_that_is_missing_is_not_free_and_a_year_without_money_is_refused() {
    let audit = town("demo");
    let plenty = |text: &str| {
        text.replace("year  = 2023\nfunds = [\"市级财政\"]", "amount = 1e9")
            .replace("at_most = 0.15", "at_most = 1")
    };
    let found = rank(&audit, &demo(plenty)).expect("ranked");
    let names = chosen(&found);
    assert_eq!(names.len(), 11);
    assert!(!names.contains(&"新芳社区"), "what it costs is not known");
    let none = rank(&audit, &demo(|text| text.replace("year  = 2023", "year  = 2031")));
    let words = none.expect_err("there is no money of that year").words();
    assert!(words.zh.contains("2031 年") && words.en.contains("2031"), "{words:?}");
}

#[test]
fn contradictory_experts_are_refused_with_the_pair_that_fits_worst() {
    let audit = town("demo");
    let path = root("fixtures/scores/refused/contradictory-experts.toml");
    let error = rank(&audit, &ScoreSheet::open(&path).expect("a sheet")).expect_err("refused");
    let words = error.words();
    assert!(words.zh.contains("专家二") && words.zh.contains("CR = 1.8"), "{words:?}");
    assert!(words.zh.contains("“建筑年代”对“结构安全”"), "{words:?}");
    assert!(!words.zh.contains("专家一"), "the first does not contradict himself");
    // The same with consistent comparisons is ranked, by what both say together and by the data.
    let found = rank(&audit, &form("experts")).expect("ranked");
    assert_eq!((found.weights.experts.len(), found.weights.sets.len()), (2, 2));
    let sum: f64 = found.weights.used.iter().sum();
    assert!(near(sum, 100.0));
    for (used, (ahp, entropy)) in
        found.weights.used.iter().zip(found.weights.sets[0].1.iter().zip(&found.weights.sets[1].1))
    {
        assert!(near(*used, 0.6 * ahp + 0.4 * entropy));
    }
}

#[test]
fn an_item_or_a_requirement_that_does_not_exist_is_named_with_the_nearest() {
    let audit = town("demo");
    let text = form("experts").text.replace("from = \"建筑年代\"", "from = \"建筑年限\"");
    let error = rank(&audit, &ScoreSheet::parse("s.toml", &text).expect("a sheet"));
    let words = error.expect_err("no such item").words();
    assert!(words.zh.contains("“建筑年限”，最接近：建筑年代"), "{words:?}");
    let text = form("measures").text.replace("rooms-of-a-community", "rooms");
    let error = rank(&audit, &ScoreSheet::parse("s.toml", &text).expect("a sheet"));
    let words = error.expect_err("no such requirement").words();
    assert!(words.en.contains("demo-rooms/rooms-of-a-community"), "{words:?}");
}

/// A town of communities with made-up scores, read as a user's file would be.
fn scored(scores: &[Vec<f64>], sheet: &str) -> Result<Ranking, Error> {
    let folder = tempfile::tempdir().expect("a folder");
    let columns = scores[0].len();
    let heads: Vec<String> = (0..columns).map(|at| format!("指标{at}")).collect();
    let mut text = format!("社区,{}\n", heads.join(","));
    for (row, scores) in scores.iter().enumerate() {
        let cells: Vec<String> = scores.iter().map(f64::to_string).collect();
        text += &format!("第{row}社区,{}\n", cells.join(","));
    }
    std::fs::write(folder.path().join("打分.csv"), text).expect("written");
    let project = "name = \"s\"\n[[input]]\nfile = \"打分.csv\"\ntable = \"indicators\"\n";
    std::fs::write(folder.path().join("project.toml"), project).expect("written");
    let project = facility_audit::Project::open(folder.path().join("project.toml"))?;
    rank(&project.audit()?, &ScoreSheet::parse("s.toml", sheet)?)
}

fn plain(weights: &[f64], low: &[bool], more: &str) -> String {
    let mut text = format!(
        "id = \"s\"\ntitle = \"s\"\nissuer = \"s\"\nevidence = \"own\"\nsubject = \"community\"\ntop = 3\ndraws = 20\n{more}\n"
    );
    for (at, (weight, low)) in weights.iter().zip(low).enumerate() {
        let better = if *low { "low" } else { "high" };
        text += &format!(
            "[[indicator]]\nid = \"i{at}\"\nzh = \"指标{at}\"\nen = \"i{at}\"\nfrom = \"指标{at}\"\nbetter = \"{better}\"\nweight = {weight}\n"
        );
    }
    text
}

/// A ranking of files written as they are, by one column of numbers.
fn ranked(files: &[(&str, &str)], sheet: &str) -> Result<Ranking, Error> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut project = "name = \"s\"\n".to_owned();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("written");
        project += &format!("[[input]]\nfile = \"{name}\"\n");
        if name.starts_with("打分") {
            project += "table = \"indicators\"\n";
        }
    }
    std::fs::write(folder.path().join("project.toml"), project).expect("written");
    let project = facility_audit::Project::open(folder.path().join("project.toml"))?;
    rank(&project.audit()?, &ScoreSheet::parse("s.toml", sheet)?)
}

#[test]
fn a_value_without_an_upper_end_may_be_first() {
    let reach = |cell: &str, sheet: &str| {
        let text = format!("社区,指标0\n甲社区,500\n乙社区,{cell}\n丙社区,200\n");
        let found = ranked(&[("打分.csv", &text)], sheet)?;
        let one = found.candidates.iter().find(|one| one.subject.label == "乙社区");
        Ok::<_, Error>(match &one.expect("stands").standing {
            Standing::Ranked { reach, .. } => *reach,
            Standing::Missing(_, reach) => Some((reach.best, reach.worst)),
            other => panic!("{other:?}"),
        })
    };
    let sheet = plain(&[1.0], &[false], "");
    assert_eq!(reach("300以上", &sheet).expect("ranked"), Some((1, 2)));
    assert_eq!(reach("300-700", &sheet).expect("ranked"), Some((1, 2)));
    assert_eq!(reach("300", &sheet).expect("ranked"), None);
    // The sheet's own range is the end, and what lies wholly beyond it is refused.
    let ranged = |range: &str| sheet.replace("weight = 1", &format!("weight = 1\nrange = {range}"));
    assert_eq!(reach("300以上", &ranged("[0, 500]")).expect("ranked"), Some((1, 2)));
    let words = reach("600-700", &ranged("[0, 500]")).expect_err("beyond").words();
    assert!(words.zh.contains("乙社区是 600–700（打分.csv!B3）"), "{words:?}");
}

#[test]
fn the_latest_period_counts_however_it_is_written() {
    let sheet = plain(&[1.0], &[false], "");
    for (early, late) in [
        ("2023年9月", "2023年10月"),
        ("202212", "2023"),
        ("2022年", "202301"),
        ("2023-09", "2023-10-01"),
    ] {
        let text = format!("社区,指标,时期,数值\n甲社区,指标0,{late},7\n甲社区,指标0,{early},3\n");
        let found = ranked(&[("打分.csv", &text)], &sheet).expect("ranked");
        assert_eq!(found.candidates[0].values[0].stated, Some(7.0), "{early} {late}");
    }
}

#[test]
fn money_that_may_not_be_there_is_not_spent() {
    let scores = "社区,指标0,费用（万元）\n甲社区,9,60\n乙社区,8,50\n";
    let sheet = |funds: &str| {
        plain(&[1.0], &[false], "")
            + &format!("[budget]\ncost = {{ item = \"费用\" }}\nyear = 2023\nfunds = [{funds}]\n")
    };
    let money = |rows: &str, funds: &str| {
        let budgets = format!("资金来源,年度,金额（万元）\n{rows}");
        ranked(&[("打分.csv", scores), ("资金.csv", &budgets)], &sheet(funds))
            .map(|found| found.chosen.money.expect("a budget"))
    };
    let rows = "市级财政,2023,70\n省级财政,2023,40-60\n区级财政,2023,\n";
    let all = money(rows, "").expect("ranked");
    assert_eq!((all.amount, all.spent), (1_100_000.0, 1_100_000.0));
    assert_eq!(all.cells, ["资金.csv!C2"]);
    assert_eq!(all.unknown, ["资金.csv!C3", "资金.csv!C4"]);
    let one = money(rows, "\"市级财政\"").expect("ranked");
    assert_eq!((one.amount, one.spent), (700_000.0, 600_000.0));
    let words = money(rows, "\"市级财政\", \"县级财政\"").expect_err("no such fund").words();
    assert!(words.zh.contains("没有 2023 年的“县级财政”"), "{words:?}");
}

fn order_of(ranking: &Ranking) -> Vec<String> {
    ranking.order.iter().map(|at| ranking.candidates[*at].subject.label.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_unit_of_an_indicator_changes_no_place(
        scores in prop::collection::vec(prop::collection::vec(1u32..100, 3), 3..7),
        weights in prop::collection::vec(1u32..20, 3),
        low in prop::collection::vec(any::<bool>(), 3),
        method in prop_oneof![Just("weighted_sum"), Just("topsis"), Just("vikor")],
    ) {
        let scores: Vec<Vec<f64>> =
            scores.iter().map(|row| row.iter().map(|one| f64::from(*one)).collect()).collect();
        let weights: Vec<f64> = weights.iter().map(|one| f64::from(*one)).collect();
        let sheet = plain(&weights, &low, &format!("method = \"{method}\""));
        let plain = scored(&scores, &sheet).expect("ranked");
        let mut scaled = scores.clone();
        scaled.iter_mut().for_each(|row| row[1] *= 8.0);
        let other = scored(&scaled, &sheet).expect("ranked");
        let total = |ranking: &Ranking| -> BTreeMap<String, f64> {
            ranking.order.iter().map(|at| {
                let label = ranking.candidates[*at].subject.label.clone();
                let total = place_of(ranking, &label).1;
                (label, total)
            }).collect()
        };
        for (label, value) in total(&plain) {
            prop_assert!((total(&other)[&label] - value).abs() < 1e-7, "{label}");
        }
    }

    #[test]
    fn improving_every_indicator_never_lowers_a_place(
        scores in prop::collection::vec(prop::collection::vec(1u32..100, 3), 2..7),
        weights in prop::collection::vec(1u32..20, 3),
        low in prop::collection::vec(any::<bool>(), 3),
        gains in prop::collection::vec(0u32..60, 3),
        which in any::<prop::sample::Index>(),
    ) {
        let scores: Vec<Vec<f64>> =
            scores.iter().map(|row| row.iter().map(|one| f64::from(*one) + 100.0).collect()).collect();
        let weights: Vec<f64> = weights.iter().map(|one| f64::from(*one)).collect();
        let sheet = plain(&weights, &low, "");
        let row = which.index(scores.len());
        let mut better = scores.clone();
        for (at, gain) in gains.iter().enumerate() {
            let gain = f64::from(*gain);
            better[row][at] += if low[at] { -gain } else { gain };
        }
        let label = format!("第{row}社区");
        let before = place_of(&scored(&scores, &sheet).expect("ranked"), &label).0;
        let after = place_of(&scored(&better, &sheet).expect("ranked"), &label).0;
        prop_assert!(after <= before, "{before} became {after}");
    }
}

#[test]
fn equals_at_the_border_are_told_and_a_value_beyond_its_range_is_refused() {
    use facility_audit::report::{Heading, ranking};
    use facility_audit::words::Lang;
    let sheet = plain(&[1.0], &[false], "");
    let scores = [9.0, 8.0, 5.0, 5.0].map(|score| vec![score]);
    let found = scored(&scores, &sheet).expect("ranked");
    let heading = Heading { name: "s".to_owned(), place_name: None };
    let text = ranking(&found, &heading, Lang::Zh).on_screen(Lang::Zh);
    assert!(text.contains("第 3 名处并列：第2社区与第3社区"), "{text}");
    // So is the border of those chosen, where it is another one.
    let other = plain(&[1.0], &[false], "choose = 2").replace("top = 3", "top = 1");
    let found = scored(&[9.0, 5.0, 5.0].map(|score| vec![score]), &other).expect("ranked");
    let text = ranking(&found, &heading, Lang::Zh).on_screen(Lang::Zh);
    assert!(text.contains("第 2 名处并列：第1社区与第2社区"), "{text}");
    let sheet = sheet.replace("weight = 1", "weight = 1\nrange = [0, 8]");
    let words = scored(&scores, &sheet).expect_err("9 lies beyond").words();
    assert!(words.zh.contains("0–8，而第0社区是 9（打分.csv!B2）"), "{words:?}");
}

#[test]
fn a_sheet_of_scores_gives_weights_flags_and_numbers() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("打分.csv");
    std::fs::write(&path, "社区,建筑年代,管网老化\n权重,60,40\n甲社区,80,70\n乙社区,60,是\n")
        .expect("written");
    let file = folder.path().join("project.toml");
    std::fs::write(&file, "name = \"s\"\n[[input]]\nfile = \"打分.csv\"\ntable = \"indicators\"\n")
        .expect("written");
    let audit = facility_audit::Project::open(&file).and_then(|one| one.audit()).expect("read");
    let table = audit.inventory.table("indicators");
    assert_eq!(table.height(), 4);
    let weights = table.column("weight").expect("weights").f64().expect("numbers");
    assert_eq!(weights.iter().flatten().sum::<f64>(), 200.0);
    let values = table.column("value").expect("values").f64().expect("numbers");
    assert_eq!(values.iter().flatten().collect::<Vec<_>>(), [80.0, 70.0, 60.0, 1.0]);
}

#[test]
fn names_no_list_knows_are_ranked_and_told() {
    let sheet = plain(&[1.0, 2.0], &[false, false], "");
    let found = scored(&[vec![3.0, 4.0], vec![5.0, 6.0], vec![1.0, 1.0]], &sheet).expect("ranked");
    assert_eq!(order_of(&found), ["第1社区", "第0社区", "第2社区"]);
    assert!(found.candidates.iter().all(|one| !one.subject.known));
    assert!(matches!(&found.sheet.indicators[0].from, Draw::Item(item) if item == "指标0"));
}

/// The rows below the headings that begin with this one.
fn below<'s>(rows: &'s [Vec<Data>], heading: &str) -> &'s [Vec<Data>] {
    let at =
        rows.iter().position(|row| row[0] == Data::String(heading.to_owned())).expect("headings");
    &rows[at + 1..]
}

#[test]
fn the_ranking_stands_the_same_on_screen_in_json_and_in_the_workbook() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = root("fixtures/towns/demo/project.toml");
    let run = folder.path().join("run");
    let (project, out) = (project.display().to_string(), run.display().to_string());
    let done = run_in(folder.path(), &["rank", &project, "--out", &out]);
    let screen = printed(&done);
    assert!(done.status.success(), "{screen}");
    let json = std::fs::read_to_string(run.join("rank.json")).expect("written");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let schema = (facility_audit::schema::schema("rank.v1").expect("published").build)();
    assert!(jsonschema::validator_for(&schema).expect("a schema").is_valid(&json));
    let book = sheets(&run.join("rank.xlsx"));
    let rows = below(&book["排序"], "名次");
    let ranked = json["ranked"].as_array().expect("ranked");
    assert_eq!((rows.len(), ranked.len()), (12, 12));
    for (row, one) in rows.iter().zip(ranked) {
        assert_eq!(row[0], Data::Float(one["place"].as_f64().expect("a place")));
        assert_eq!(row[1], Data::String(one["name"].as_str().expect("a name").to_owned()));
        assert_eq!(row[2], Data::Float(one["total"].as_f64().expect("a total")));
        assert_eq!(row[4], Data::Float(one["near"].as_f64().expect("a share")));
        let name = one["name"].as_str().expect("a name");
        let total = facility_audit::quantity::number(one["total"].as_f64().expect("a total"), 2);
        let line = screen.lines().find(|line| line.contains(name) && line.contains("入选"));
        assert!(line.is_some_and(|line| line.contains(&total)), "{name} {total}\n{screen}");
    }
    // The parts of each place add up to it, in the workbook as well.
    for row in below(&book["得分明细"], "名次") {
        let number = |data: &Data| if let Data::Float(number) = data { *number } else { f64::NAN };
        let parts: f64 = row[3..].iter().map(number).sum();
        assert!((parts - number(&row[2])).abs() < 1e-9, "{row:?}");
    }
    // The run can be asked again: for the place, and for the findings beside it.
    let explained = run_in(folder.path(), &["explain", &out, "明珠社区"]);
    let text = printed(&explained);
    assert!(explained.status.success(), "{text}");
    assert!(text.contains("第 3 / 12") && text.contains("超出比例"), "{text}");
    assert!(text.contains("老旧社区打分表.xlsx!打分表!C14"), "{text}");
    let again = run_in(folder.path(), &["rank", &project, "--out", &out]);
    assert!(again.status.success());
    let second = std::fs::read_to_string(run.join("rank.json")).expect("written");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&second).expect("JSON"), json);
    let nobody =
        run_in(folder.path(), &["rank", &project, "--explain", "锦秀社区", "--lang", "en"]);
    assert_eq!(nobody.status.code(), Some(2));
    assert!(printed(&nobody).contains("nearest: 锦绣社区"), "{}", printed(&nobody));
}

#[test]
fn the_comparison_of_rented_and_owned_stands_the_same_in_all_outputs() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = root("fixtures/towns/demo/project.toml").display().to_string();
    let (past, run) = (folder.path().join("past"), folder.path().join("run"));
    let (past, out) = (past.display().to_string(), run.display().to_string());
    let done = run_in(folder.path(), &["audit", &project, "--as-of", "2021-12-31", "--out", &past]);
    assert!(done.status.success(), "{}", printed(&done));
    let done = run_in(folder.path(), &["tenure", &project, "--with", &past, "--out", &out]);
    let screen = printed(&done);
    assert!(done.status.success(), "{screen}");
    let json = std::fs::read_to_string(run.join("tenure.json")).expect("written");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let schema = (facility_audit::schema::schema("tenure.v1").expect("published").build)();
    assert!(jsonschema::validator_for(&schema).expect("a schema").is_valid(&json));
    let book = sheets(&run.join("tenure.xlsx"));
    let rows = below(&book["各地"], "层级");
    let places = json["places"].as_array().expect("places");
    for (row, place) in rows.iter().zip(places) {
        assert_eq!(row[2], Data::Float(place["communities"].as_f64().expect("a count")));
        assert_eq!(row[3], Data::Float(place["rented"].as_f64().expect("a count")));
        let rent = place["annual_rent"]["low"].as_f64().expect("a rent") / 10_000.0;
        assert_eq!(row[12], Data::Float(rent), "{place}");
        let name = place["name"].as_str().expect("a name");
        let line = screen.lines().find(|line| line.contains(name) && line.contains('%'));
        assert!(line.is_some(), "{name}");
    }
    assert_eq!(rows.len(), 12);
    // The years between two runs are gaps, and an earlier share leads somewhere or nowhere.
    assert_eq!(json["shares"].as_array().map(Vec::len), Some(2));
    let years = below(&book["历年租赁率"], "年份");
    let last: Vec<String> = years.iter().map(|row| row[3].to_string()).collect();
    assert_eq!(last, ["5.3%–13.2%", "缺", "15.4%–23.1%"]);
    assert!(screen.contains("按此不会达到"), "{screen}");
    let target = &json["targets"][0];
    assert_eq!((&target["to_stop"][0], &target["planned"][1]), (&5.into(), &2027.into()));
    // Both verdicts stand: enough area with the rented room, and enough without it.
    let tests = &book["含租赁与不含租赁"];
    let one =
        tests.iter().find(|row| row[0] == Data::String("文苑社区".to_owned())).expect("listed");
    assert_eq!((&one[3], &one[4]), (&Data::Float(820.0), &Data::Float(700.0)));
    let english = run_in(folder.path(), &["tenure", &project, "--out", &out, "--lang", "en"]);
    let text = printed(&english);
    assert!(
        text.contains("by communities 15.4%–23.1%: those that rent and own nothing, of all 39"),
        "{text}"
    );
}

#[test]
fn every_score_sheet_satisfies_its_schema_and_broken_ones_mostly_do_not() {
    let schema = (facility_audit::schema::schema("score").expect("published").build)();
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let mut good = files(&root("fixtures/scores/forms"), "toml");
    good.extend(files(&root("fixtures/scores/refused"), "toml"));
    good.push(root("fixtures/towns/demo/老旧社区评分细则.toml"));
    for path in good {
        let value = crate::schemas::as_json(&path).expect("TOML");
        let found: Vec<String> = validator.iter_errors(&value).map(|one| one.to_string()).collect();
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
    }
    let sound = |path: &std::path::PathBuf| {
        crate::schemas::as_json(path).is_some_and(|value| validator.is_valid(&value))
    };
    let unseen: Vec<String> = files(&root("fixtures/scores/bad"), "toml")
        .into_iter()
        .filter(sound)
        .map(|path| path.file_stem().expect("named").to_string_lossy().into_owned())
        .collect();
    // What needs arithmetic, or a look at the whole file.
    assert_eq!(
        unseen,
        [
            "counts-of-nothing",
            "experts-missing",
            "experts-not-reciprocal",
            "experts-of-another-size",
            "gate-divided-by-nothing",
            "id-twice",
            "points-of-two-signs",
            "range-falls",
            "shares-of-more",
            "steps-without-end",
            "tie-unknown"
        ]
    );
}

fn published_town() -> Audit {
    town("sanya-2015-2022")
}

#[test]
fn published_rents_stand_beside_with_their_gap() {
    use facility_audit::plan::{Asked, Tenures};
    use facility_audit::report::{Heading, tenure};
    use facility_audit::words::Lang;
    let audit = published_town();
    let found = Tenures::of(&audit, &Asked::default(), &[]).expect("compared");
    let heading = Heading { name: "三亚".to_owned(), place_name: None };
    let paper = tenure(&audit, &found, &heading, Lang::Zh);
    let part = paper.parts.iter().find(|part| part.name == "公布的租金").expect("a part");
    let value = |year: &str| {
        let row = part.rows.iter().find(|row| row[2].print(Lang::Zh) == year).expect("a year");
        row[3].print(Lang::Zh)
    };
    assert_eq!(
        (value("2015").as_str(), value("2021").as_str(), value("2022").as_str()),
        ("791.1", "缺", "745.6")
    );
}
