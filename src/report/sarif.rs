//! `audit.sarif`: findings for programs that read SARIF 2.1.0 (OASIS), each at its cell.

use serde_json::{Value, json};

use crate::assessment::{Assessment, Outcome};
use crate::audit::Audit;
use crate::error::Result;
use crate::standard::Force;
use crate::words::Lang;

use super::Format;
use super::evidence::Evidence;
use super::sentence::{cure, finding, name};

pub const FORMAT: Format = Format {
    extension: "sarif",
    zh: "SARIF 2.1.0：不达标与无法核查的结论，附单元格位置",
    en: "SARIF 2.1.0: findings not met or unknown, each at its cell",
    write: |reported, lang| {
        let text = serde_json::to_string_pretty(&sarif(reported.audit, lang)?);
        Ok((text.expect("plain data is JSON") + "\n").into_bytes())
    },
};

fn sarif(audit: &Audit, lang: Lang) -> Result<Value> {
    let mut rules = Vec::new();
    let mut results = Vec::new();
    for tally in &audit.tallies {
        let (pack, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        let open: Vec<&Assessment> = audit
            .assessments
            .iter()
            .filter(|one| one.pack == tally.pack && one.requirement == tally.requirement)
            .filter(|one| matches!(one.outcome, Outcome::NotMet | Outcome::Unknown))
            .collect();
        if open.is_empty() || requirement.force == Force::Indicator {
            continue;
        }
        rules.push(json!({
            "id": tally.name(),
            "name": requirement.words.in_lang(lang),
            "shortDescription": { "text": requirement.sentence().in_lang(lang) },
            "help": { "text": pack.cited(requirement, lang) },
        }));
        let subjects: Vec<&str> = open.iter().map(|one| one.subject.as_str()).collect();
        let evidence = Evidence::of(audit, requirement, Some(&subjects))?;
        for one in open {
            let mut text = format!(
                "{}{}{}",
                name(one, lang),
                lang.pick("：", ": "),
                finding(one, requirement).in_lang(lang)
            );
            if let Some(cure) = cure(one, requirement) {
                text += lang.pick("；", "; ");
                text += cure.in_lang(lang);
            }
            let cells = evidence.cells(one);
            let locations: Vec<Value> =
                cells.iter().take(10).map(|cell| location(&cell.address)).collect();
            results.push(json!({
                "ruleId": tally.name(),
                "ruleIndex": rules.len() - 1,
                "kind": if one.outcome == Outcome::Unknown { "open" } else { "fail" },
                "level": level(one.outcome, requirement.force),
                "message": { "text": text },
                "locations": locations,
                "partialFingerprints": { "key": one.key, "facts": one.facts },
            }));
        }
    }
    let files: std::collections::BTreeSet<&String> =
        audit.inventory.sources.iter().map(|source| &source.file).collect();
    Ok(json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "language": lang.pick("zh-CN", "en-US"),
            "artifacts": files.iter().map(|file| json!({ "location": { "uri": uri(file) } })).collect::<Vec<_>>(),
            "results": results,
        }],
    }))
}

/// A finding that cannot be told is neither an error nor none.
fn level(outcome: Outcome, force: Force) -> &'static str {
    match (outcome, force) {
        (Outcome::NotMet, Force::Shall) => "error",
        (Outcome::NotMet, _) => "warning",
        // What is open has no level, as the format says.
        _ => "none",
    }
}

/// A cell's address as a file with a line, its sheet and column beside it.
fn location(address: &str) -> Value {
    let mut parts = address.split('!');
    let file = parts.next().unwrap_or_default();
    let cell = parts.next_back().unwrap_or_default();
    let digits: String = cell.chars().rev().take_while(char::is_ascii_digit).collect();
    let row: Option<u32> = digits.chars().rev().collect::<String>().parse().ok();
    let mut physical = json!({ "artifactLocation": { "uri": uri(file) } });
    if let Some(row) = row.filter(|row| *row > 0) {
        physical["region"] = json!({ "startLine": row });
    }
    json!({
        "physicalLocation": physical,
        "logicalLocations": [{ "fullyQualifiedName": address, "kind": "cell" }],
    })
}

/// A file's name as a relative reference: what such a reference reserves is written as its number.
fn uri(file: &str) -> String {
    let mut out = String::new();
    for byte in file.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if plain { out.push(char::from(byte)) } else { out += &format!("%{byte:02X}") }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_a_line_of_its_file() {
        let found = location("台账.xlsx!城东!F17");
        assert_eq!(found["physicalLocation"]["region"]["startLine"], 17);
        let uri = &found["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(uri, "%E5%8F%B0%E8%B4%A6.xlsx");
        assert_eq!(found["logicalLocations"][0]["fullyQualifiedName"], "台账.xlsx!城东!F17");
    }
}
