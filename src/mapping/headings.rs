//! The headings dictionary: which headings, and which cell texts, real files use.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde::Deserialize;

use crate::inventory::{Column, Kind, Table};
use crate::quantity::Unit;
use crate::words::Words;

use super::cell::{folded, units};

#[derive(Debug, Deserialize)]
struct Dictionary {
    values: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    layers: BTreeMap<String, Vec<String>>,
    header: HeaderWords,
    remarks: Remarks,
    #[serde(flatten)]
    tables: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

fn dictionary() -> &'static Dictionary {
    static DICTIONARY: OnceLock<Dictionary> = OnceLock::new();
    DICTIONARY.get_or_init(|| {
        toml::from_str(include_str!("headings.toml"))
            .expect("the dictionary is part of the program and tested")
    })
}

/// A heading taken apart: its words as compared, and the unit it names.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// The words, without unit, white space and decoration.
    pub words: String,
    /// The unit, as text.
    pub unit: Option<String>,
}

impl Heading {
    /// Takes a heading apart: `建筑面积（㎡）*` is `建筑面积` in `m2`.
    pub fn of(text: &str) -> Heading {
        let plain = folded(text);
        let plain = plain.trim_matches(['*', ':', '：']);
        let bracketed = plain.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
        let found = bracketed
            .or_else(|| underscored(plain))
            .filter(|(words, unit)| !words.is_empty() && is_unit(unit));
        match found {
            Some((words, unit)) => Heading {
                words: words.trim_end_matches('_').to_owned(),
                unit: Some(unit.to_owned()),
            },
            None => Heading { words: plain.to_owned(), unit: None },
        }
    }

    /// Whether it is nothing but a unit, as in a row of units below the headings.
    pub fn is_unit(&self) -> bool {
        self.unit.is_none() && is_unit(&self.words)
    }

    /// What one of a column's stated numbers is in the column's own unit; nothing when the heading
    /// names a unit of another kind: 元/㎡ is no yearly rent.
    pub fn factor(&self, kind: Kind) -> Option<f64> {
        match &self.unit {
            None => Some(1.0),
            Some(unit) => units(kind).get(unit).copied(),
        }
    }

    /// The unit a column of figures is printed in, as far as the heading says.
    ///
    /// # Errors
    /// The unit's text, when it is none that figures can be kept in.
    pub fn figure_unit(&self) -> Result<Option<Unit>, String> {
        let Some(text) = &self.unit else {
            return Ok(None);
        };
        let by_factor = |kind: Kind, plain: &str, ten_thousand: &str| match units(kind).get(text) {
            Some(1.0) => Unit::of(plain),
            Some(10_000.0) => Unit::of(ten_thousand),
            _ => None,
        };
        let known = Unit::named(text)
            .or_else(|| by_factor(Kind::Area, "m2", "10k_m2"))
            .or_else(|| by_factor(Kind::Money, "yuan", "10k_yuan").filter(|_| text.contains('元')));
        known.map(Some).ok_or_else(|| text.clone())
    }
}

/// `rent_10k_yuan` ends in a unit; the longest one is meant.
fn underscored(text: &str) -> Option<(&str, &str)> {
    let at = text.match_indices('_').find(|(at, _)| is_unit(&text[at + 1..]))?.0;
    Some((&text[..at], &text[at + 1..]))
}

fn is_unit(text: &str) -> bool {
    const QUANTITIES: [Kind; 6] =
        [Kind::Area, Kind::Length, Kind::Money, Kind::Count, Kind::Share, Kind::Number];
    QUANTITIES.iter().any(|&kind| units(kind).contains_key(text))
}

/// The column of a table a heading stands for, if the dictionary or the declaration knows it, and
/// its rank: where two headings name one column, the lower rank means it.
pub fn column_of(table: &'static Table, heading: &Heading) -> Option<(&'static Column, usize)> {
    type Known = HashMap<String, (usize, usize)>;
    static ALL: OnceLock<HashMap<&'static str, Known>> = OnceLock::new();
    let known = |table: &'static Table| {
        let listed = dictionary().tables.get(&table.name);
        let mut known = Known::new();
        for (index, column) in table.columns.iter().enumerate() {
            let listed = listed.and_then(|listed| listed.get(&column.name)).into_iter().flatten();
            let ranked = listed.enumerate().map(|(rank, heading)| (heading, rank + 1));
            for (heading, rank) in [(&column.name, 0), (&column.zh, 0)].into_iter().chain(ranked) {
                known.entry(heading.clone()).or_insert((index, rank));
            }
        }
        // The English names come last: some are words that a heading of another column begins with.
        for (index, column) in table.columns.iter().enumerate() {
            known.entry(Heading::of(&column.en).words).or_insert((index, usize::MAX));
        }
        (table.name.as_str(), known)
    };
    let all = ALL.get_or_init(|| crate::inventory::tables().iter().map(known).collect());
    let (index, rank) = all.get(table.name.as_str())?.get(&heading.words)?;
    Some((&table.columns[*index], *rank))
}

/// The stage an event column is about: `竣工验收日期` is the completion acceptance.
pub fn stage_of(heading: &Heading) -> Option<String> {
    let stage = crate::inventory::table("events").and_then(|events| events.column("stage"))?;
    code_of(stage, &heading.words)
}

/// Words of headings that are of use in a header of several rows.
#[derive(Debug, Deserialize)]
pub struct HeaderWords {
    /// Groups that say nothing of what stands below them: `基本情况`.
    pub neutral: Vec<String>,
    /// Endings of such groups.
    pub neutral_endings: Vec<String>,
    /// Headings that mean nothing without the group above them: `面积`.
    pub generic: Vec<String>,
    /// Headings below a group that stand for the group itself: `合计`.
    pub whole: Vec<String>,
    /// Groups whose dates are those of an estate's housing.
    pub estate_groups: Vec<String>,
    /// Groups whose dates are those of a facility.
    pub facility_groups: Vec<String>,
    /// Stages that an estate goes through as a whole, unless its group says otherwise.
    pub estate_stages: Vec<String>,
    /// Stages of housing that each phase goes through by itself, where phases are listed.
    pub phase_stages: Vec<String>,
    /// Stages that a facility goes through, unless its group says otherwise.
    pub facility_stages: Vec<String>,
}

/// What remarks say of the tenure of a room.
#[derive(Debug, Deserialize)]
pub struct Remarks {
    /// Words that make a remark say nothing.
    pub not: Vec<String>,
    /// Code → words that speak of it.
    pub says: BTreeMap<String, Vec<String>>,
}

/// What remarks say of the tenure of a room.
pub fn tenure_remarks() -> &'static Remarks {
    &dictionary().remarks
}

/// The words of headers of several rows.
pub fn header_words() -> &'static HeaderWords {
    &dictionary().header
}

/// The column a heading stands for that a format cut short: the only one of whose headings it is
/// the beginning. Shapefiles keep ten bytes: three Chinese characters in UTF-8, five in GBK.
pub fn column_of_cut(table: &'static Table, heading: &Heading) -> Option<&'static Column> {
    let words = heading.words.as_str();
    let (utf8, gbk) = (words.len(), words.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum());
    let may_be_cut = |bytes: usize| (8..=10).contains(&bytes);
    if !may_be_cut(utf8) && !may_be_cut(gbk) {
        return None;
    }
    let known = dictionary().tables.get(&table.name);
    let begins = |column: &&Column| {
        let listed = known.and_then(|known| known.get(&column.name)).into_iter().flatten();
        let own = [&column.name, &column.zh];
        own.into_iter().chain(listed).any(|heading| heading.starts_with(words))
    };
    let mut fits = table.columns.iter().filter(begins);
    fits.next().filter(|_| fits.next().is_none())
}

/// The table whose rows a layer of this name probably holds: the longest word in it that says so.
pub fn table_called(name: &str) -> Option<&'static Table> {
    let name = folded(name);
    let declared = crate::inventory::tables().iter().find(|table| {
        let subject = table.subject.as_deref() == Some(name.as_str());
        subject || table.name == name || table.zh == name
    });
    let words = dictionary().layers.iter().flat_map(|(table, words)| {
        words
            .iter()
            .filter(|word| name.contains(word.as_str()))
            .map(move |word| (word.len(), table))
    });
    let longest = words.max().and_then(|(_, table)| crate::inventory::table(table));
    declared.or(longest)
}

/// The code a cell text stands for in a column's vocabulary; flags have `true` and `false`.
pub fn code_of(column: &Column, folded: &str) -> Option<String> {
    static ALL: OnceLock<HashMap<usize, HashMap<String, String>>> = OnceLock::new();
    let key = |column: &Column| std::ptr::from_ref(column).addr();
    let all = ALL.get_or_init(|| {
        let columns = crate::inventory::tables().iter().flat_map(|table| &table.columns);
        columns.map(|column| (key(column), vocabulary(column))).collect()
    });
    match all.get(&key(column)) {
        Some(codes) => codes.get(folded).cloned(),
        None => vocabulary(column).remove(folded),
    }
}

/// Every text that stands for a code of a column, with the code.
fn vocabulary(column: &Column) -> HashMap<String, String> {
    let name = match column.kind {
        Kind::Flag => "flag",
        _ if names_categories(column) => "category",
        _ => &column.name,
    };
    let mut codes = HashMap::new();
    // What is declared comes first: a text of the dictionary never takes its place.
    for value in &column.values {
        for text in [value.code.clone(), folded(&value.zh)] {
            codes.entry(text).or_insert_with(|| value.code.clone());
        }
    }
    for (code, texts) in dictionary().values.get(name).into_iter().flatten() {
        for text in texts {
            codes.entry(text.clone()).or_insert_with(|| code.clone());
        }
    }
    codes
}

/// Whether a column names classes of facility.
pub fn names_categories(column: &Column) -> bool {
    column.to.as_deref() == Some("categories")
}

/// The codes of classes of facility.
pub fn categories() -> Vec<&'static str> {
    let known = dictionary().values.get("category");
    known.map_or_else(Vec::new, |codes| codes.keys().map(String::as_str).collect())
}

/// A class of facility as readers call it.
pub fn category_name(code: &str) -> Words {
    let known = dictionary().values.get("category").and_then(|known| known.get(code));
    let zh = known.and_then(|texts| texts.first()).map_or(code, String::as_str);
    Words::new(zh, code.replace('-', " "))
}

/// So many characters of a heading are searched for a class: none has a longer name, and a text may be
/// of any length.
const LONGEST_HEADING: usize = 40;

/// The class of facility a text names and the rest of it: `社区用房移交面积`.
pub fn category_before(text: &str) -> Option<(String, &str)> {
    let ends = text.char_indices().map(|(at, _)| at).skip(2).take(LONGEST_HEADING);
    let known = ends.filter_map(|end| Some((known_category(&text[..end])?, &text[end..])));
    known.last()
}

/// The class of facility a text names wherever it stands, and the rest of it: `应配建社区用房面积`
/// is of community rooms, and `应配建面积`.
pub fn category_within(text: &str) -> Option<(String, String)> {
    if let Some((code, rest)) = category_before(text) {
        return Some((code, rest.to_owned()));
    }
    let starts = text.char_indices().map(|(at, _)| at).skip(1).take(LONGEST_HEADING);
    let found = starts.filter_map(|at| {
        let (code, rest) = category_before(&text[at..])
            .or_else(|| known_category(&text[at..]).map(|code| (code, "")))?;
        Some((text.len() - at - rest.len(), (code, text[..at].to_owned() + rest)))
    });
    // The longest says most: 养老服务用房 before 服务用房.
    found.max_by_key(|(length, _)| *length).map(|(_, found)| found)
}

/// A class of facility as its code, when it is a known one, else as written.
pub fn category(text: &str) -> String {
    known_category(text).unwrap_or_else(|| text.trim().to_owned())
}

/// The code of a class of facility, when it is a known one.
pub fn known_category(text: &str) -> Option<String> {
    static CODES: OnceLock<HashMap<String, String>> = OnceLock::new();
    let codes = CODES.get_or_init(|| {
        let known = dictionary().values.get("category").into_iter().flatten();
        let mut codes = HashMap::new();
        for (code, texts) in known {
            for text in std::iter::once(code).chain(texts) {
                codes.entry(text.clone()).or_insert_with(|| code.clone());
            }
        }
        codes
    });
    codes.get(&folded(text)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::{table, tables};
    use std::collections::BTreeSet;

    #[test]
    fn a_heading_is_taken_apart() {
        let parts = |text: &str| {
            let heading = Heading::of(text);
            (heading.words, heading.unit)
        };
        let with = |words: &str, unit: &str| (words.to_owned(), Some(unit.to_owned()));
        assert_eq!(parts("建筑面积（㎡）"), with("建筑面积", "m2"));
        assert_eq!(parts(" 年租金\n(万元) *"), with("年租金", "万元"));
        assert_eq!(parts("rent_10k_yuan"), with("rent", "10k_yuan"));
        assert_eq!(parts("area_m2"), with("area", "m2"));
        assert_eq!(parts("备注(可空)"), ("备注(可空)".to_owned(), None));
    }

    #[test]
    fn a_unit_of_another_kind_is_no_factor() {
        let factor = |text: &str| Heading::of(text).factor(Kind::Money);
        assert_eq!(factor("年租金(万元)"), Some(10_000.0));
        assert_eq!(factor("年租金"), Some(1.0));
        assert_eq!(factor("年租金(元/㎡)"), None);
        let unit =
            |text: &str| Heading::of(text).figure_unit().map(|unit| unit.map(|unit| unit.code));
        assert_eq!(unit("面积（万㎡）"), Ok(Some("10k_m2")));
        assert_eq!(unit("面积（平方米）"), Ok(Some("m2")));
        assert_eq!(unit("租金（元/月）"), Err("元/月".to_owned()));
        assert_eq!(unit("人口（万）"), Err("万".to_owned()));
    }

    #[test]
    fn the_dictionary_names_what_is_declared_and_never_twice() {
        for (name, columns) in &dictionary().tables {
            let table = table(name).unwrap_or_else(|| panic!("{name} is no table"));
            let mut seen = BTreeSet::new();
            for (column, headings) in columns {
                assert!(table.column(column).is_some(), "{name}.{column}");
                for heading in headings {
                    assert_eq!(
                        &Heading::of(heading).words,
                        heading,
                        "{name}.{column}: not in compared form"
                    );
                    assert!(seen.insert(heading), "{name}: {heading} twice");
                }
            }
        }
    }

    #[test]
    fn the_vocabularies_name_codes_that_are_declared() {
        for (vocabulary, codes) in &dictionary().values {
            if vocabulary == "flag" {
                continue;
            }
            if vocabulary == "category" {
                assert!(codes.values().flatten().all(|text| &folded(text) == text));
                continue;
            }
            let column = tables()
                .iter()
                .flat_map(|table| &table.columns)
                .find(|column| &column.name == vocabulary && !column.values.is_empty())
                .unwrap_or_else(|| panic!("{vocabulary} is no code column"));
            for (code, texts) in codes {
                assert!(
                    column.values.iter().any(|value| &value.code == code),
                    "{vocabulary}.{code}"
                );
                for text in texts {
                    assert_eq!(&folded(text), text, "{vocabulary}.{code}: not in compared form");
                }
            }
        }
    }
}
