//! One page per requirement, made from the pack: what it demands, by which text, with its cases.

use std::fmt::Write as _;

use crate::standard::{Case, Pack, Requirement};
use crate::words::{Lang, Words};

/// The page of a requirement as Markdown, in both languages.
pub fn rule_page(pack: &Pack, requirement: &Requirement) -> Words {
    Words::new(page(pack, requirement, Lang::Zh), page(pack, requirement, Lang::En))
}

fn page(pack: &Pack, requirement: &Requirement, lang: Lang) -> String {
    let pick = |words: &Words| words.in_lang(lang).to_owned();
    let mut text =
        format!("# {}\n\n{}\n\n", pick(&requirement.words), pick(&requirement.sentence()));
    let subject = crate::inventory::subject_table(requirement.subject);
    let subject = subject.map_or(requirement.subject.to_owned(), |table| pick(&table.words()));
    let rows = [
        (Words::new("编号", "id"), format!("`{}/{}`", pack.id, requirement.id)),
        (Words::new("依据", "text"), pack.citation(lang)),
        (Words::new("条款", "clause"), pick(&requirement.clause_words())),
        (Words::new("地区", "place"), pack.place.to_string()),
        (
            Words::new("效力", "in force"),
            format!("{} · {}", pick(&pack.status.words()), pack.validity(lang)),
        ),
        (Words::new("证据", "evidence"), pick(&pack.evidence.words())),
        (Words::new("语气", "force"), pick(&requirement.force.words())),
        (Words::new("对象", "subject"), subject),
        (Words::new("量", "measure"), pick(&requirement.measure.words())),
        (Words::new("检查", "check"), requirement.measure.check.to_owned()),
        (Words::new("责任方", "debtor"), pick(&requirement.debtor.words())),
        (Words::new("事项", "topic"), format!("`{}`", requirement.topic)),
    ];
    text += "| | |\n|---|---|\n";
    for (name, value) in rows {
        let _ = writeln!(text, "| {} | {} |", pick(&name), value.replace('|', "\\|"));
    }
    for note in [&pack.note, &requirement.note].into_iter().flatten() {
        let _ = writeln!(text, "\n> {}", pick(note));
    }
    let about_it =
        |case: &&Case| case.expect.iter().any(|expected| expected.requirement == requirement.id);
    let cases: Vec<&Case> = pack.cases.iter().filter(about_it).collect();
    if !cases.is_empty() {
        let _ = writeln!(text, "\n## {}\n", lang.pick("算例", "Worked cases"));
    }
    for case in cases {
        let _ = writeln!(text, "- {}", described(case, requirement, lang));
    }
    text
}

/// A case in one line: what is given, and what follows.
fn described(case: &Case, requirement: &Requirement, lang: Lang) -> String {
    let cells = |row: &[(String, String)]| {
        let all: Vec<String> = row.iter().map(|(name, text)| format!("{name} {text}")).collect();
        all.join(lang.pick("，", ", "))
    };
    let mut given: Vec<String> = Vec::new();
    if !case.subject.is_empty() {
        given.push(cells(&case.subject));
    }
    for (table, rows) in &case.rows {
        let rows: Vec<String> = rows.iter().map(|row| cells(row)).collect();
        given.push(format!("{table}: [{}]", rows.join(" | ").replace('|', "\\|")));
    }
    let mut answers = Vec::new();
    for expected in case.expect.iter().filter(|one| one.requirement == requirement.id) {
        let outcome = crate::assessment::Outcome::of(&expected.outcome);
        let mut answer = outcome.map_or(String::new(), |one| one.words().in_lang(lang).to_owned());
        if let Some(required) = expected.required {
            answer += &format!("{} {required}", lang.pick("，应为", ", required"));
        }
        if let Some(shortfall) = expected.shortfall {
            answer += &format!("{} {shortfall}", lang.pick("，差", ", short by"));
        }
        answers.push(answer);
    }
    let name = case.name.as_ref().map_or(String::new(), |name| format!("{name}: "));
    format!("{name}{} → {}", given.join(lang.pick("；", "; ")), answers.join("; "))
}
