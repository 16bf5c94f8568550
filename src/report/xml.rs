//! `audit.xml`: every assessment as a case of a JUnit report, a suite for each requirement.

use std::fmt::Write as _;

use crate::assessment::Outcome;
use crate::audit::Audit;
use crate::standard::Force;
use crate::words::Lang;

use super::Format;
use super::sentence::{finding, name};

pub const FORMAT: Format = Format {
    extension: "xml",
    zh: "JUnit：每条要求一组，不达标为失败，无法核查与不适用为跳过",
    en: "JUnit: a suite for each requirement; not met fails, unknown and not applicable are skipped",
    write: |reported, lang| Ok(junit(reported.audit, lang).into_bytes()),
};

/// Text as it may stand in XML or SVG, in an element or an attribute: characters that have no place there
/// become blanks.
pub fn escaped(text: &str) -> String {
    let is_bad = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    let text: String = text.chars().map(|c| if is_bad(c) { ' ' } else { c }).collect();
    quick_xml::escape::escape(&text).into_owned()
}

fn junit(audit: &Audit, lang: Lang) -> String {
    let mut suites = String::new();
    let (mut tests, mut failures, mut skipped) = (0, 0, 0);
    for tally in &audit.tallies {
        let (pack, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        if requirement.force == Force::Indicator {
            continue;
        }
        let mut cases = String::new();
        let of_it = audit
            .assessments
            .iter()
            .filter(|one| one.pack == tally.pack && one.requirement == tally.requirement);
        let (mut own, mut failed, mut passed_over) = (0, 0, 0);
        for one in of_it {
            own += 1;
            let said = escaped(finding(one, requirement).in_lang(lang));
            let (name, suite) = (escaped(&name(one, lang)), escaped(&tally.name()));
            let _ = match one.outcome {
                Outcome::Met => {
                    writeln!(cases, "    <testcase name=\"{name}\" classname=\"{suite}\"/>")
                }
                Outcome::NotMet => {
                    failed += 1;
                    let citation = escaped(&pack.cited(requirement, lang));
                    writeln!(
                        cases,
                        "    <testcase name=\"{name}\" classname=\"{suite}\"><failure message=\"{said}\">{citation}</failure></testcase>"
                    )
                }
                Outcome::Unknown | Outcome::NotApplicable => {
                    passed_over += 1;
                    writeln!(
                        cases,
                        "    <testcase name=\"{name}\" classname=\"{suite}\"><skipped message=\"{said}\"/></testcase>"
                    )
                }
            };
        }
        let name = escaped(requirement.words.in_lang(lang));
        let _ = write!(
            suites,
            "  <testsuite name=\"{name}\" tests=\"{own}\" failures=\"{failed}\" errors=\"0\" skipped=\"{passed_over}\">\n{cases}  </testsuite>\n"
        );
        tests += own;
        failures += failed;
        skipped += passed_over;
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"facility-audit\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">\n{suites}</testsuites>\n"
    )
}
