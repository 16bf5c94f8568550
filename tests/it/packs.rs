//! Packs: broken ones are placed, shipped ones are tested by every number in them.

use facility_audit::check::run_cases;
use facility_audit::error::{Diagnostic, Error};
use facility_audit::standard::{Library, parse};

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
        for (index, line) in pack.text.lines().enumerate() {
            in_case = match line.trim() {
                "[[case]]" => true,
                "[[require]]" => false,
                _ => in_case,
            };
            let key = line.split('=').next().unwrap_or("").trim();
            if in_case || !["at_least", "at_most", "equals", "counts", "applies"].contains(&key) {
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
                let mutated = parse(&pack.file, &lines.join("\n")).expect("still a pack");
                let report = run_cases(&mutated).expect("runs");
                assert!(!report.failures.is_empty(), "{}: no case notices {mutant}", pack.file);
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
