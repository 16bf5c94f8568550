//! The repository tests its own shape.

use std::collections::BTreeSet;
use std::path::Path;

use facility_audit::check::CHECKS;
use facility_audit::measure::MEASURES;
use facility_audit::report::FORMATS;

use crate::support::{files, folders, root};

/// The modules in the order of the flow: each uses only those before it.
const ORDER: &[&str] = &[
    "words",
    "error",
    "origin",
    "quantity",
    "day",
    "place",
    "document",
    "layer",
    "geometry",
    "source",
    "export",
    "identity",
    "inventory",
    "mapping",
    "measure",
    "standard",
    "assessment",
    "check",
    "tally",
    "audit",
    "plan",
    "report",
    "project",
    "schema",
    "docs",
    "cli",
    "main",
    "lib",
];

fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix(root("src")).expect("a source file");
    let first = inside.components().next().expect("a name").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn modules_use_only_modules_above_them() {
    for path in files(&root("src"), "rs") {
        let module = module_of(&path);
        let place = ORDER.iter().position(|name| *name == module);
        let place = place.unwrap_or_else(|| panic!("{module} has no place in the order"));
        let text = std::fs::read_to_string(&path).expect("read");
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            for used in code.split("crate::").skip(1) {
                let name: String =
                    used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if let Some(other) = ORDER.iter().position(|known| *known == name) {
                    let where_ = format!("{}:{}", path.display(), number + 1);
                    assert!(other <= place, "{where_}: {module} reaches up to {name}");
                }
            }
        }
    }
}

#[test]
fn the_design_page_lists_the_modules_in_this_order() {
    let page = std::fs::read_to_string(root("src/docs/design.md")).expect("read");
    let mut at = 0;
    for module in ORDER.iter().filter(|module| !["docs", "main", "lib"].contains(module)) {
        let mark = format!("`{module}`");
        let found = page[at..].find(&mark);
        at += found.unwrap_or_else(|| panic!("{mark} is not in its place in design.md"));
    }
}

#[test]
fn every_check_has_a_page_fixtures_and_measures() {
    let pages: BTreeSet<String> = files(&root("src/docs/checks"), "md")
        .iter()
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    let fixtures: BTreeSet<String> = folders(&root("fixtures/checks"))
        .iter()
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    let listed: BTreeSet<String> = CHECKS.iter().map(|check| check.name.to_owned()).collect();
    assert_eq!(pages, listed);
    assert_eq!(fixtures, listed);
    for check in CHECKS {
        assert!(MEASURES.iter().any(|measure| measure.check == check.name), "{}", check.name);
        let both = check.page.contains("## 中文") && check.page.contains("## English");
        assert!(both, "{}: its page speaks both languages", check.name);
    }
    for measure in MEASURES {
        assert!(listed.contains(measure.check), "{}: no such check", measure.name);
    }
}

#[test]
fn every_output_format_is_a_file_of_its_own() {
    for format in FORMATS {
        let path = root("src/report").join(format!("{}.rs", format.extension));
        assert!(path.is_file(), "{}", path.display());
    }
}

#[test]
fn built_in_requirements_cite_pages_and_sections_that_exist() {
    for path in files(&root("standards/built-in"), "toml") {
        let text = std::fs::read_to_string(&path).expect("read");
        for line in text.lines().filter(|line| line.starts_with("clause")) {
            let clause = line.split('"').nth(1).expect("a text");
            let (page, section) = clause.split_once('#').unwrap_or((clause, ""));
            let page =
                std::fs::read_to_string(root(page)).unwrap_or_else(|e| panic!("{clause}: {e}"));
            let found = section.is_empty() || page.to_lowercase().contains(&format!("{section}\n"));
            assert!(found, "{clause}: no such section");
        }
    }
}

/// Findings and errors: no full stop at the end, so that a report can put them anywhere.
#[test]
fn messages_end_without_a_full_stop() {
    for path in files(&root("src"), "rs") {
        let text = std::fs::read_to_string(&path).expect("read");
        for (number, line) in text.lines().enumerate() {
            let message = line.contains("Words::new(") || line.contains("refused(");
            let stopped = line.contains("。\"") || line.contains(".\")") || line.contains(".\",");
            assert!(!(message && stopped), "{}:{}: {line}", path.display(), number + 1);
        }
    }
}

/// What a rule demands stands in a pack; no pack's number may be repeated in code.
#[test]
fn no_rule_number_stands_in_the_code() {
    let rule_words = ["rate: 30", "每百户30", "Fixed(300", "不少于 300", "fixed: 400"];
    let own_tests =
        |path: &std::path::PathBuf| path.file_stem().is_some_and(|stem| stem == "tests");
    for path in files(&root("src"), "rs").into_iter().filter(|path| !own_tests(path)) {
        let text = std::fs::read_to_string(&path).expect("read");
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let found = rule_words.iter().find(|word| line.contains(**word));
            let unit = line.contains("Unit { code")
                || line.contains("\"如 ")
                || line.contains("\"such as");
            assert!(found.is_none() || unit, "{}: {line}", path.display());
        }
    }
}

#[test]
fn the_repository_stands_alone() {
    let mut paths = files(&root("src"), "rs");
    for (folder, extension) in
        [("src", "md"), ("src", "toml"), ("standards", "toml"), ("fixtures", "md"), ("tests", "rs")]
    {
        paths.extend(files(&root(folder), extension));
    }
    paths.extend(["README.md", "CHANGELOG.md"].map(root));
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("read");
        let words = [concat!("/", "work/"), concat!("../", "shared"), concat!("shared", "/facts")];
        for word in words {
            assert!(!text.contains(word), "{}: names {word}", path.display());
        }
    }
}

#[test]
fn files_keep_to_one_idea() {
    for path in files(&root("src"), "rs") {
        let lines = std::fs::read_to_string(&path).expect("read").lines().count();
        assert!(lines <= 500, "{}: {lines} lines; look for a second noun in it", path.display());
    }
}
