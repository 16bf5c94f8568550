//! Packs: broken ones are placed, shipped ones are tested by every number in them.

use facility_audit::check::{compare, first_failure, run_cases};
use facility_audit::error::{Diagnostic, Error};
use facility_audit::report::rule_page;
use facility_audit::standard::{Library, lint, parse};

use crate::support::{files, root};

#[test]
fn every_broken_pack_is_told_where_and_why() {
    let broken = files(&root("fixtures/packs/bad"), "toml");
    assert!(broken.len() >= 10);
    for path in broken {
        let text = std::fs::read_to_string(&path).expect("read");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let expected = text.lines().next().and_then(|line| line.strip_prefix("# expect: "));
        let expected = expected.unwrap_or_else(|| panic!("{name}: no expectation"));
        let (place, message) = expected.split_once(": ").expect("LINE:COL: message");
        let Err(Error::Diagnostics(found)) = parse(&name, &text) else {
            panic!("{name}: it must be refused");
        };
        let lines: Vec<String> = found.iter().map(Diagnostic::to_string).collect();
        let told = lines
            .iter()
            .any(|line| line.starts_with(&format!("{name}:{place}: ")) && line.contains(message));
        assert!(told, "{name}: expected {expected}, found {lines:#?}");
    }
}

/// Changing any number of any requirement must make a worked case fail: else nobody would notice
/// a wrong number in a shipped text.
#[test]
fn every_number_of_every_shipped_requirement_is_held_by_a_worked_case() {
    for pack in Library::shipped().packs() {
        let mut in_case = false;
        let mut changed = 0;
        let mut about = String::new();
        for (index, line) in pack.text.lines().enumerate() {
            in_case = match line.trim() {
                "[[case]]" => true,
                "[[require]]" => false,
                _ => in_case,
            };
            let key = line.split('=').next().unwrap_or("").trim();
            if !in_case && key == "id" {
                line.split('"').nth(1).unwrap_or_default().clone_into(&mut about);
            }
            if in_case
                || !["at_least", "at_most", "equals", "counts", "applies", "reaching"]
                    .contains(&key)
            {
                continue;
            }
            for mutant in mutants(line) {
                changed += 1;
                let lines: Vec<&str> = pack
                    .text
                    .lines()
                    .enumerate()
                    .map(|(number, line)| if number == index { mutant.as_str() } else { line })
                    .collect();
                // Steps that no longer meet, or a share above one, are noticed when the pack is read.
                let Ok(mutated) = parse(&pack.file, &lines.join("\n")) else {
                    continue;
                };
                let noticed = first_failure(&mutated, &about).expect("runs").is_some();
                assert!(noticed, "{}: no case notices {mutant}", pack.file);
            }
        }
        let holds_numbers = pack.text.contains("fixed") || pack.text.contains("rate =");
        assert!(changed > 0 || !holds_numbers, "{}: no number was changed", pack.file);
    }
}

/// The line with each of its numbers, in turn, one larger.
fn mutants(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while at < bytes.len() && (bytes[at].is_ascii_digit() || bytes[at] == b'.') {
            at += 1;
        }
        let inside_word =
            start > 0 && (bytes[start - 1].is_ascii_alphabetic() || bytes[start - 1] == b'_');
        if at > start && !inside_word {
            let number: f64 = line[start..at].parse().expect("a number");
            found.push(format!("{}{}{}", &line[..start], number + 1.0, &line[at..]));
        }
        at = at.max(start + 1);
    }
    found
}

#[test]
fn the_ids_of_shipped_packs_are_unique() {
    let mut ids: Vec<String> = files(&root("standards"), "toml")
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).expect("read");
            parse(&path.display().to_string(), &text).expect("a pack").id
        })
        .collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert_eq!(Library::shipped().packs().len(), count, "every file is shipped");
}

#[test]
fn the_scaffold_is_a_sound_pack_with_cases_that_hold() {
    let text = facility_audit::standard::scaffold("my-city-2020", "370100");
    let pack = parse("my-city.toml", &text).expect("a pack");
    assert_eq!((pack.id.as_str(), pack.place.to_string().as_str()), ("my-city-2020", "370100"));
    let report = run_cases(&pack).expect("runs");
    assert!(report.failures.is_empty() && report.passed >= 3, "{report:#?}");
}

#[test]
fn shipped_packs_lack_nothing_serious() {
    let today = "2026-12-01".parse().expect("a day");
    for pack in Library::shipped().packs() {
        let serious: Vec<_> =
            lint(pack, today).into_iter().filter(|remark| remark.serious).collect();
        assert!(serious.is_empty(), "{}: {serious:#?}", pack.id);
    }
}

#[test]
fn lint_misses_neither_cases_nor_bounds_nor_age() {
    let text = facility_audit::standard::scaffold("x", "370100");
    let steps = "{ by = \"households\", steps = [{ less_than = 2000, is = 210 }, { at_least = 2000, is = 300 }] }";
    let text = text.replace(
        "{ greatest = [{ per = \"100 households\", rate = 30 }, { fixed = 300 }] }",
        steps,
    );
    let pack = parse("x.toml", &text).expect("a pack");
    let said = |day: &str| -> Vec<String> {
        let remarks = lint(&pack, day.parse().expect("a day"));
        remarks
            .iter()
            .filter(|remark| remark.serious)
            .map(|remark| remark.words.en.clone())
            .collect()
    };
    assert_eq!(said("2026-12-01"), ["no worked case stands at the bound: households 2000"]);
    assert!(said("2028-01-01").contains(&"not checked since 2026-11-23".to_owned()));
    let bare: String = text.split("[[case]]").next().expect("a head").to_owned();
    let pack = parse("x.toml", &bare).expect("a pack");
    let remarks = lint(&pack, "2026-12-01".parse().expect("a day"));
    assert!(remarks.iter().any(|remark| remark.words.en == "has no worked case"));
}

#[test]
fn replacing_a_text_changes_the_verdicts_it_changes() {
    let town = crate::support::town("chuanhui-2007");
    let shipped = Library::shipped();
    let first = shipped.get("chuanhui-2007-91").expect("shipped").clone();
    let text = first.text.replace("fixed = 300", "fixed = 0");
    let second = parse("lenient.toml", &text).expect("a pack");
    let found = compare(&town.inventory, &town.question, &first, &second).expect("compared");
    assert_eq!((found.changes.len(), found.same), (28, 0), "all 28 meet nothing at all");
    let same = compare(&town.inventory, &town.question, &first, &first).expect("compared");
    assert_eq!((same.changes.len(), same.same), (0, 28));
}

#[test]
fn every_requirement_has_a_page_in_both_languages() {
    for pack in Library::shipped().packs() {
        for requirement in &pack.requirements {
            let page = rule_page(pack, requirement);
            assert!(
                page.zh.contains("## 算例") && page.en.contains("## Worked cases"),
                "{}",
                pack.id
            );
            assert!(page.zh.contains(&pack.issuer) && page.en.contains(&pack.issuer));
            assert!(page.zh.contains(&requirement.sentence().zh));
        }
    }
}

/// What a newcomer does first: the README's example, saved and tested, and then a ledger judged by it.
#[test]
fn the_pack_of_the_readme_works_without_a_rebuild() {
    let readme = std::fs::read_to_string(root("README.md")).expect("read");
    let block = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("my-city.toml", block.expect("a pack in the README"));
    write("a.csv", "社区名称,户数,用房面积\n甲社区,1000,300\n乙社区,1000,350\n");
    let run = |args: &[&str]| crate::support::run_in(folder.path(), args);
    let tested = run(&["--lang", "en", "standards", "test", "my-city.toml"]);
    assert!(crate::support::printed(&tested).contains("1 passed, 0 failed"));
    write(
        "p.toml",
        "name = \"p\"\nplace = \"370100\"\nas_of = 2021-01-01\n[[input]]\nfile = \"a.csv\"\ntable = \"communities\"\n\
         [[input]]\nfile = \"a.csv\"\ntable = \"premises\"\n",
    );
    let audited = run(&["--lang", "en", "audit", "p.toml", "--pack", "my-city.toml"]);
    let text = crate::support::printed(&audited);
    assert!(
        text.contains("甲社区  area of premises 300 m², required at least 350 m²: not met"),
        "{text}"
    );
}
