//! Reading a pack: TOML with spans becomes a vetted [`Pack`], or a list of placed mistakes.

mod case;
mod chosen;
mod condition;
mod limit;
mod owed;

use std::collections::BTreeSet;

use crate::document::{Document, Fields, Value};
use crate::error::Result;
use crate::inventory::{Column, Kind, Table, subject_table, table};
use crate::measure::dates::dates;
use crate::measure::{KINDS, MEASURES, Measure};
use crate::quantity::Rounding;
use crate::source::sha256;
use crate::words::Words;

use super::debtor::Debtor;
use super::model::{Comparison, Evidence, Force, Pack, Requirement, Status};
use super::worked::Case;
pub use case::GEOMETRY;
use case::case;
use chosen::{among, items, report_items, sizes, timing, unless};
pub use condition::conditions;
use limit::limit;
use owed::{recoverable, remedies, report_rules, rule, terms};

/// Reads one pack.
///
/// # Errors
/// [`crate::error::Error::Diagnostics`] with every mistake, its line and column, and what would be
/// accepted.
pub fn parse(file: &str, text: &str) -> Result<Pack> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let document = Document::new(file, text);
    let mut pack = document.read(|fields| pack(fields, text))?;
    pack.file = file.to_owned();
    pack.text = text.to_owned();
    pack.sha256 = sha256(text.as_bytes());
    Ok(pack)
}

/// Tells of a text that has neither title nor number: nobody could look it up.
pub(crate) fn titled(fields: &Fields<'_>, title: Option<&str>, number: Option<&str>) {
    if title.is_none() && number.is_none() {
        fields.report(
            Words::new(
                "没有出处：标题和文号都缺",
                "no citation: both title and number are missing",
            ),
            Some(Words::new("写明 title 或 number", "give a title or a number")),
        );
    }
}

fn pack(fields: &Fields<'_>, text: &str) -> Option<Pack> {
    let id = fields.need_text("id");
    if id.as_ref().is_some_and(|id| id.chars().count() > 80) {
        fields.report(Words::new("id 超过 80 字", "the id is longer than 80 characters"), None);
    }
    let title = fields.text("title");
    let number = fields.text("number");
    let issuer = fields.need_text("issuer");
    let issued = fields.get("issued").and_then(|value| value.date());
    titled(fields, title.as_deref(), number.as_deref());
    if number.is_none() && issued.is_none() {
        fields.report(
            Words::new("没有出处：文号和日期都缺", "no citation: both number and date are missing"),
            Some(Words::new("写明 number 或 issued", "give a number or the day it was issued")),
        );
    }
    let place = fields.need("place").and_then(|value| value.place());
    let status = fields.need("status").and_then(|value| value.code(Status::CODES));
    let day = |key| fields.get(key).and_then(|value: Value<'_>| value.date());
    // A day known only to its month or year: the text surely holds from its last day, to its last.
    let last = |key| day(key).map(|day| day.last());
    let (from, until, checked) = (last("from"), last("until"), last("checked"));
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        fields.report(
            Words::new(
                format!("until {until} 早于 from {from}"),
                format!("until {until} is before from {from}"),
            ),
            None,
        );
    }
    let evidence = fields.need("evidence").and_then(|value| value.code(Evidence::CODES));
    let note = words(fields, "note");
    let rules = fields.tables("require");
    let requirements: Vec<Option<Requirement>> = rules.iter().map(requirement).collect();
    if rules.is_empty() {
        fields.report(Words::new("没有任何 [[require]]", "no [[require]] at all"), None);
    }
    let known: Vec<(String, Option<&'static str>)> =
        rules.iter().filter_map(|rule| Some((rule.peek("id")?, subject_named(rule)))).collect();
    report_repeated(&rules);
    report_items(&rules, &requirements);
    report_rules(&rules, &requirements);
    let cases: Vec<Option<Case>> =
        fields.tables("case").iter().map(|fields| case(fields, &known, text)).collect();
    fields.finish();
    Some(Pack {
        id: id?,
        title,
        number,
        issuer: issuer?,
        place: place?,
        status: status?,
        issued,
        from,
        until,
        checked,
        evidence: evidence?,
        note,
        requirements: requirements.into_iter().collect::<Option<_>>()?,
        cases: cases.into_iter().collect::<Option<_>>()?,
        file: String::new(),
        text: String::new(),
        sha256: String::new(),
    })
}

/// The kind of subject a rule names, whatever else is wrong with it.
fn subject_named(rule: &Fields<'_>) -> Option<&'static str> {
    let named = rule.peek("subject")?;
    KINDS.iter().find(|kind| **kind == named).copied()
}

/// Two requirements of one id could not be told apart in a report.
fn report_repeated(rules: &[Fields<'_>]) {
    let mut seen = BTreeSet::new();
    for rule in rules {
        let Some(id) = rule.peek("id") else { continue };
        if !seen.insert(id.clone()) {
            rule.report(
                Words::new(format!("要求编号“{id}”重复"), format!("the id `{id}` is used twice")),
                Some(Words::new("每条要求的 id 须不同", "each requirement needs an id of its own")),
            );
        }
    }
}

/// A text in both languages: `{ zh = "…", en = "…" }`.
fn words(fields: &Fields<'_>, key: &'static str) -> Option<Words> {
    let fields = fields.get(key)?.fields()?;
    let (zh, en) = (fields.need_text("zh"), fields.need_text("en"));
    fields.finish();
    Some(Words::new(zh?, en?))
}

fn requirement(fields: &Fields<'_>) -> Option<Requirement> {
    let id = fields.need_text("id");
    let (zh, en) = (fields.need_text("zh"), fields.need_text("en"));
    let topic = fields.need_text("topic");
    let subject = fields.need("subject").and_then(|value| subject(&value));
    let measure = match (subject, fields.need("measure")) {
        (Some(subject), Some(value)) => measure(&value, subject),
        _ => None,
    };
    let subject_rows = subject.and_then(subject_table);
    let conditions = |key, of: Option<&'static Table>| match (fields.get(key), of) {
        (Some(value), Some(table)) => {
            let stages = subject.filter(|_| key == "applies").map_or(Vec::new(), dates);
            let own = table.columns.iter().filter(|column| column.kind != Kind::Date);
            let columns: Vec<&'static Column> = own.chain(stages).collect();
            value.fields().and_then(|fields| conditions(&fields, &columns))
        }
        (Some(value), None) => {
            value.report(
                Words::new(format!("这里不能用“{key}”"), format!("`{key}` cannot be used here")),
                None,
            );
            None
        }
        (None, _) => Some(Vec::new()),
    };
    let judged_on = match (fields.get("judged_on"), subject) {
        (Some(value), Some(subject)) => judged_on(&value, subject),
        _ => Some(Vec::new()),
    };
    let due = fields.get("due").map(|value| value.date());
    let applies = conditions("applies", subject_rows);
    let counted = measure.and_then(|measure| measure.counts).and_then(table);
    let counts = conditions("counts", counted);
    let among = fields.get("among").map_or(Some(Vec::new()), |value| among(&value, measure));
    let (reaching, below) = match sizes(fields, measure) {
        Some((reaching, below)) => (Some(reaching), Some(below)),
        None => (None, None),
    };
    let items = items(fields, measure);
    let alternative = fields.flag("alternative");
    let unless_nearby = match (fields.get("unless_nearby"), subject) {
        (Some(value), Some("community" | "estate")) => unless(&value).map(Some),
        (Some(value), _) => {
            value.report(Words::new("只用于社区或小区", "for communities and estates only"), None);
            None
        }
        (None, _) => Some(None),
    };
    let timing = timing(fields, measure);
    let (terms, rule) = (terms(fields, measure), rule(fields, measure));
    let (recoverable, remedies) = (recoverable(fields, measure), remedies(fields));
    let limit = limit(fields, subject_rows, measure);
    let round = fields.need("round").and_then(|value| value.code(Rounding::CODES));
    let force = fields.need("force").and_then(|value| value.code(Force::CODES));
    let debtor = fields.need("debtor").and_then(|value| value.code(Debtor::CODES));
    let adds = fields.flag("adds");
    let clause = fields.text("clause");
    let note = words(fields, "note");
    fields.finish();
    let (comparison, amount) = limit?;
    if comparison != Comparison::AtLeast && amount.is_lower_limit() {
        fields.report(
            Words::new(
                "range 与 about 是下限，只能用于 at_least",
                "range and about are lower limits, for at_least only",
            ),
            None,
        );
        return None;
    }
    if amount.is_about() && force == Some(Force::Shall) {
        fields.report(
            Words::new("“约”值本身不构成义务", "an `about` value is no duty by itself"),
            Some(Words::new("force 用 should 或 target", "use force should or target")),
        );
        return None;
    }
    Some(Requirement {
        id: id?,
        words: Words::new(zh?, en?),
        topic: topic?,
        subject: subject?,
        table: subject_rows,
        judged_on: judged_on?,
        due: match due {
            Some(day) => Some(day?.last()),
            None => None,
        },
        applies: applies?,
        counts: counts?,
        among: among?,
        reaching: reaching?,
        below: below?,
        items: items?,
        alternative,
        unless_nearby: unless_nearby?,
        timing: timing?,
        terms: terms?,
        rule: rule?,
        recoverable: recoverable?,
        remedies: remedies?,
        measure: measure?,
        comparison,
        amount,
        round: round?,
        force: force?,
        adds,
        debtor: debtor?,
        clause,
        note,
    })
}

fn subject(value: &Value<'_>) -> Option<&'static str> {
    let text = value.text()?;
    let known = KINDS.iter().find(|kind| **kind == text);
    if known.is_none() {
        value.unknown_word(&text, KINDS);
    }
    known.copied()
}

fn measure(value: &Value<'_>, subject: &str) -> Option<&'static Measure> {
    let name = value.text()?;
    let found = Measure::of(&name, subject);
    if found.is_none() {
        let fits = MEASURES.iter().filter(|measure| measure.subject == subject);
        let known: Vec<&str> = fits.map(|measure| measure.name).collect();
        value.unknown_word(&name, &known);
    }
    found
}

/// The subject's own dates that choose the version, in order.
fn judged_on(value: &Value<'_>, subject: &'static str) -> Option<Vec<String>> {
    let names = value.texts()?;
    let known: Vec<&str> = dates(subject).iter().map(|date| date.name.as_str()).collect();
    if known.is_empty() || names.is_empty() {
        value.report(
            Words::new(
                format!("{subject} 没有可用的日期，或列表是空的"),
                format!("{subject} has no dates to choose by, or the list is empty"),
            ),
            None,
        );
        return None;
    }
    let unknown = names.iter().find(|name| !known.contains(&name.as_str()));
    if let Some(name) = unknown {
        value.unknown_word(name, &known);
        return None;
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Diagnostic, Error};

    const HEAD: &str = "id = \"x\"\nnumber = \"X〔2020〕1号\"\nissuer = \"某市\"\nplace = \"370100\"\n\
                        status = \"in_force\"\nevidence = \"secondary\"\n";

    const RULE: &str = "[[require]]\nid = \"a\"\nzh = \"面积\"\nen = \"area\"\ntopic = \"area\"\n\
                        subject = \"community\"\nmeasure = \"area\"\nround = \"none\"\nforce = \"shall\"\n\
                        debtor = \"government\"\n";

    fn mistakes(text: &str) -> Vec<String> {
        match parse("p.toml", text) {
            Err(Error::Diagnostics(all)) => all.iter().map(Diagnostic::to_string).collect(),
            other => panic!("mistakes were expected, not {other:?}"),
        }
    }

    #[test]
    fn a_pack_is_read() {
        let rule = "at_least = { greatest = [{ per = \"100 households\", rate = 20 }, { fixed = 400 }] }\n";
        let pack = parse("p.toml", &format!("{HEAD}{RULE}{rule}")).expect("reads");
        let sentence = pack.requirements[0].sentence();
        assert_eq!(sentence.zh, "用房面积不少于以下较大者（每 100 户 20 ㎡；400 ㎡）");
        assert_eq!(
            sentence.en,
            "area of premises at least the greatest of (20 m² per 100 households; 400 m²)"
        );
    }

    #[test]
    fn a_wrong_key_gives_its_place_and_the_nearest_valid_key() {
        let found = mistakes(&format!("{HEAD}{RULE}atleast = {{ fixed = 1 }}\n"));
        assert!(
            found.iter().any(|line| line.starts_with(
                "p.toml:17:1: [require] unknown key `atleast` (did you mean `at_least`?"
            )),
            "{found:#?}"
        );
    }

    #[test]
    fn a_base_the_subject_does_not_have_is_named() {
        let found =
            mistakes(&format!("{HEAD}{RULE}at_least = {{ per = \"100 houses\", rate = 20 }}\n"));
        assert!(
            found[0].contains("unknown value `houses` (did you mean `households`?"),
            "{found:#?}"
        );
    }

    #[test]
    fn a_text_without_citation_is_refused() {
        let head = HEAD.replace("number = \"X〔2020〕1号\"\n", "");
        let found = mistakes(&format!("{head}{RULE}at_least = {{ fixed = 1 }}\n"));
        assert!(found.iter().any(|line| line.contains("no citation")), "{found:#?}");
    }

    #[test]
    fn a_byte_order_mark_before_chinese_text_does_no_harm() {
        let rule = "at_least = { fixed = 1 }\n# 算例\n[[case]]\ngiven = {}\nexpect = { a = { outcome = \"unknown\" } }\n";
        let pack = parse("p.toml", &format!("\u{feff}{HEAD}{RULE}{rule}")).expect("reads");
        assert_eq!(pack.cases[0].line, 19);
    }

    #[test]
    fn a_day_known_to_its_year_ends_with_the_year() {
        let head = format!("{HEAD}until = \"2021\"\nfrom = \"2020-02\"\n");
        let pack =
            parse("p.toml", &format!("{head}{RULE}at_least = {{ fixed = 1 }}\n")).expect("reads");
        let days = [pack.from, pack.until].map(|day| day.expect("given").to_string());
        assert_eq!(days, ["2020-02-29", "2021-12-31"]);
    }

    #[test]
    fn ids_twice_negative_amounts_and_other_units_are_refused() {
        let rule = "at_least = { fixed = -3 }\n";
        let twice = format!("{HEAD}{RULE}{rule}{RULE}at_least = {{ value_of = \"households\" }}\n");
        let found = mistakes(&twice);
        let all = found.join("\n");
        assert!(all.contains("-3 is negative"), "{all}");
        assert!(all.contains("the id `a` is used twice"), "{all}");
        assert!(
            all.contains("units differ: area of premises is in m², households in households"),
            "{all}"
        );
    }

    #[test]
    fn all_mistakes_are_collected() {
        let text = format!("{HEAD}{RULE}at_least = {{ fixed = \"many\" }}\n")
            .replace("370100", "济南")
            .replace("\"none\"", "\"never\"");
        assert_eq!(mistakes(&text).len(), 3);
    }
}
