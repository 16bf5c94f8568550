//! Reading a pack: TOML with spans becomes a vetted [`Pack`], or a list of placed mistakes.

mod case;
mod limit;

use std::collections::BTreeSet;

use crate::document::{Document, Fields, Value};
use crate::error::Result;
use crate::inventory::{Kind, Table, subject_table, table};
use crate::mapping::categories;
use crate::measure::{KINDS, MEASURES, Measure};
use crate::quantity::Rounding;
use crate::source::sha256;
use crate::words::Words;

use super::amount::Amount;
use super::model::{Case, Comparison, Debtor, Evidence, Force, Pack, Requirement, Status};
use super::select::{Condition, Test};
use case::case;
use limit::{limit, size};

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

fn pack(fields: &Fields<'_>, text: &str) -> Option<Pack> {
    let id = fields.need_text("id");
    if id.as_ref().is_some_and(|id| id.chars().count() > 80) {
        fields.report(Words::new("id 超过 80 字", "the id is longer than 80 characters"), None);
    }
    let title = fields.text("title");
    let number = fields.text("number");
    let issuer = fields.need_text("issuer");
    let issued = fields.get("issued").and_then(|value| value.date());
    if title.is_none() && number.is_none() {
        fields.report(
            Words::new(
                "没有出处：标题和文号都缺",
                "no citation: both title and number are missing",
            ),
            Some(Words::new("写明 title 或 number", "give a title or a number")),
        );
    }
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
        (Some(value), Some(table)) => value.fields().and_then(|fields| conditions(&fields, table)),
        (Some(value), None) => {
            value.report(
                Words::new(format!("这里不能用“{key}”"), format!("`{key}` cannot be used here")),
                None,
            );
            None
        }
        (None, _) => Some(Vec::new()),
    };
    let applies = conditions("applies", subject_rows);
    let counted = measure.and_then(|measure| measure.counts).and_then(table);
    let counts = conditions("counts", counted);
    let among = fields.get("among").map_or(Some(Vec::new()), |value| among(&value, measure));
    let reaching = reaching(fields, measure);
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
        applies: applies?,
        counts: counts?,
        among: among?,
        reaching: reaching?,
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

/// The functions that count, for the one measure that counts functions.
fn among(value: &Value<'_>, measure: Option<&'static Measure>) -> Option<Vec<String>> {
    if measure.is_some_and(|measure| measure.name != "functions") {
        value.report(
            Words::new("这里不能用“among”", "`among` cannot be used here"),
            Some(Words::new("只用于 functions", "only with functions")),
        );
        return None;
    }
    let names = value.texts()?;
    let known = categories();
    let unknown = names.iter().find(|name| !known.contains(&name.as_str()));
    if let Some(name) = unknown {
        value.unknown_word(name, &known);
        return None;
    }
    Some(names)
}

/// The size a community must reach to be counted: needed by the one measure that counts so, and by
/// no other.
fn reaching(fields: &Fields<'_>, measure: Option<&'static Measure>) -> Option<Option<Amount>> {
    let counts_so = measure.is_some_and(|measure| measure.name == "share_reaching");
    match (fields.get("reaching"), counts_so) {
        (Some(value), true) => {
            let area = Measure::of("area", "community").expect("communities have an area");
            size(&value, subject_table("community"), area).map(Some)
        }
        (None, false) => Some(None),
        (given, _) => {
            let words = match given {
                Some(_) => Words::new("这里不能用“reaching”", "`reaching` cannot be used here"),
                None => Words::new("缺少“reaching”", "lacks `reaching`"),
            };
            fields.report(
                words,
                Some(Words::new("只用于 share_reaching", "only with share_reaching")),
            );
            None
        }
    }
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

fn conditions(fields: &Fields<'_>, table: &'static Table) -> Option<Vec<Condition>> {
    let all: Vec<Option<Condition>> =
        fields.entries().iter().map(|value| condition(value, table)).collect();
    all.into_iter().collect()
}

fn condition(value: &Value<'_>, table: &'static Table) -> Option<Condition> {
    let Some(column) = table.column(value.name()).filter(|column| Condition::can_test(column))
    else {
        let testable = table.columns.iter().filter(|column| Condition::can_test(column));
        let known: Vec<&str> = testable.map(|column| column.name.as_str()).collect();
        value.unknown_word(value.name(), &known);
        return None;
    };
    let test = match column.kind {
        Kind::Flag => Test::Is(value.flag()?),
        Kind::Code | Kind::Ref | Kind::Refs => {
            let codes = if value.is_list() { value.texts()? } else { vec![value.text()?] };
            let known: Vec<&str> = match column.kind {
                Kind::Code => column.values.iter().map(|code| code.code.as_str()).collect(),
                _ => categories(),
            };
            if codes.is_empty() {
                value.report(Words::new("列表是空的", "the list is empty"), None);
                return None;
            }
            let unknown = codes.iter().find(|code| !known.contains(&code.as_str()));
            if let Some(code) = unknown {
                value.unknown_word(code, &known);
                return None;
            }
            Test::OneOf(codes)
        }
        _ => range(&value.fields()?)?,
    };
    Some(Condition { column, test })
}

/// Bounds, each open or closed: `at_least`, `more_than`, `at_most`, `less_than`.
fn range(fields: &Fields<'_>) -> Option<Test> {
    let bound = |key: &'static str, closed: bool| match fields.get(key) {
        Some(value) => value.number().map(|number| Some((number, closed))),
        None => Some(None),
    };
    let (at_least, more_than) = (bound("at_least", true), bound("more_than", false));
    let (at_most, less_than) = (bound("at_most", true), bound("less_than", false));
    fields.finish();
    let (at_least, more_than, at_most, less_than) = (at_least?, more_than?, at_most?, less_than?);
    let twice =
        (at_least.is_some() && more_than.is_some()) || (at_most.is_some() && less_than.is_some());
    let (from, to) = (at_least.or(more_than), at_most.or(less_than));
    let crossed = from.zip(to).is_some_and(|((from, _), (to, _))| from > to);
    if twice || crossed || (from.is_none() && to.is_none()) {
        fields.report(
            Words::new(
                "界限须各写一次，且下限不大于上限",
                "each bound must be given once, the lower not above the upper",
            ),
            Some(Words::new(
                "at_least 或 more_than；at_most 或 less_than",
                "at_least or more_than; at_most or less_than",
            )),
        );
        return None;
    }
    Some(Test::Range { from, to })
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
