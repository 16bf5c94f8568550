//! Reading a project file, with every mistake placed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

mod tenure;

use crate::document::{Document, Fields, Value};
use crate::error::Result;
use crate::geometry::crs::Crs;
use crate::inventory::{Blank, Column, Table, table, tables};
use crate::mapping::ABOUT;
use crate::place::Place;
use crate::plan::Asked;
use crate::quantity::{UNITS, Unit};
use crate::words::Words;

use super::{InputSpec, ItemSpec, Project, today};

/// Reads a project file's text; its paths are relative to `folder`.
pub fn parse(file: &str, text: &str, folder: PathBuf) -> Result<Project> {
    Document::new(file, text).read(|fields| project(fields, folder))
}

fn project(fields: &Fields<'_>, folder: PathBuf) -> Option<Project> {
    let name = fields.need("name").and_then(|value| file_name(&value));
    let place = match fields.get("place") {
        Some(value) => value.place(),
        None => Some(Place::nation()),
    };
    let place_name = fields.text("place_name");
    let day = match fields.get("as_of") {
        Some(value) => value.date().map(|date| date.last()),
        None => Some(today()),
    };
    let packs = fields.get("packs").map_or(Some(Vec::new()), |value| value.texts());
    let wider = fields.flag("wider");
    let about = match fields.get("about") {
        Some(value) => about(&value),
        None => Some(ABOUT),
    };
    let output = fields.text("output").map(|path| folder.join(path));
    let inputs: Vec<Option<InputSpec>> = fields.tables("input").iter().map(input).collect();
    if inputs.is_empty() {
        fields.report(
            Words::new("没有任何 [[input]]", "no [[input]] at all"),
            Some(Words::new("每个文件写一个 [[input]]", "write one [[input]] per file")),
        );
    }
    let notes: Vec<Option<Words>> = fields.tables("note").iter().map(note).collect();
    let lists = fields.get("corrections").map_or(Some(Vec::new()), |value| value.texts());
    let corrections = lists.and_then(|lists| each(fields, &folder, &lists, super::corrections));
    let lists = fields.get("identity").map_or(Some(Vec::new()), |value| value.texts());
    let settled = lists.and_then(|lists| each(fields, &folder, &lists, super::settled));
    let lists = fields.get("mappings").map_or(Some(Vec::new()), |value| value.texts());
    let saved = lists.and_then(|lists| each(fields, &folder, &lists, super::saved));
    let score = fields.text("score").map(PathBuf::from);
    let ledger = fields.text("ledger").map(PathBuf::from);
    let tenure = match fields.get("tenure") {
        Some(value) => value.fields().and_then(|fields| tenure::tenure(&fields)),
        None => Some(Asked::default()),
    };
    fields.finish();
    Some(Project {
        name: name?,
        place: place?,
        place_name,
        day: day?,
        packs: packs?,
        wider,
        inputs: inputs.into_iter().collect::<Option<_>>()?,
        about: about?,
        output,
        folder,
        notes: notes.into_iter().collect::<Option<_>>()?,
        corrections: corrections?,
        settled: settled?,
        score,
        ledger,
        tenure: tenure?,
        saved: saved?,
    })
}

/// What some lists say together; a list that cannot be read is a mistake like any other.
fn each<T>(
    fields: &Fields<'_>,
    folder: &Path,
    lists: &[String],
    read: fn(&Path) -> Result<Vec<T>>,
) -> Option<Vec<T>> {
    let mut all = Vec::new();
    for list in lists {
        match read(&folder.join(list)) {
            Ok(more) => all.extend(more),
            Err(error) => {
                fields.report(error.words(), None);
                return None;
            }
        }
    }
    Some(all)
}

/// The project's name becomes a folder's name: nothing that could lead elsewhere.
fn file_name(value: &Value<'_>) -> Option<String> {
    let name = value.text()?;
    let forbidden = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    if name.chars().any(forbidden) || name.starts_with('.') || name.chars().count() > 80 {
        value.report(
            Words::new(
                format!("“{name}”不能作为文件夹名"),
                format!("`{name}` cannot be a folder's name"),
            ),
            Some(Words::new(
                "不含 / \\ : * ? \" < > |，不以点开头，不超过 80 字",
                "without / \\ : * ? \" < > |, not starting with a dot, at most 80 characters",
            )),
        );
        return None;
    }
    Some(name)
}

fn about(value: &Value<'_>) -> Option<f64> {
    let share = value.number()?;
    if !(0.0..1.0).contains(&share) {
        value.report(
            Words::new(
                format!("{share} 不在 0 与 1 之间"),
                format!("{share} is not between 0 and 1"),
            ),
            Some(Words::new("如 0.05 表示 ±5%", "0.05, say, for ±5%")),
        );
        return None;
    }
    Some(share)
}

fn note(fields: &Fields<'_>) -> Option<Words> {
    let (zh, en) = (fields.need_text("zh"), fields.need_text("en"));
    fields.finish();
    Some(Words::new(zh?, en?))
}

fn input(fields: &Fields<'_>) -> Option<InputSpec> {
    let file = fields.need_text("file");
    let sheet = fields.text("sheet");
    let crs = match fields.get("crs") {
        Some(value) => crs(&value).map(Some),
        None => Some(None),
    };
    let encoding = fields.text("encoding");
    let header = match fields.get("header") {
        Some(value) => header_rows(&value).map(Some),
        None => Some(None),
    };
    let table = match fields.get("table") {
        Some(value) => named_table(&value).map(Some),
        None => Some(None),
    };
    let of = table.flatten();
    let columns = per_field(fields, "columns", of, |value| value.text());
    let values = per_field(fields, "values", of, replacements);
    let blank = per_field(fields, "blank", of, |value| value.code(Blank::CODES));
    let set = per_field(fields, "set", of, |value| value.cell());
    let complete = fields.flag("complete");
    let items: Vec<Option<ItemSpec>> = fields.tables("item").iter().map(item).collect();
    let total = fields.text("total");
    fields.finish();
    let table = match table {
        Some(None) if !items.is_empty() => Some(crate::inventory::table("aggregates")),
        given => given,
    };
    if !items.is_empty() && of.is_some_and(|table| table.name != "aggregates") {
        fields.report(
            Words::new(
                "[[input.item]] 只用于公布的汇总表",
                "[[input.item]] is for published figures only",
            ),
            Some(Words::new("table = \"aggregates\"", "table = \"aggregates\"")),
        );
    }
    let named: Vec<&str> = items.iter().flatten().map(|item| item.item.as_str()).collect();
    for (index, item) in items.iter().flatten().enumerate() {
        if named[..index].contains(&item.item.as_str()) || item.sum_of.contains(&item.item) {
            let name = &item.item;
            fields.report(
                Words::new(
                    format!("指标“{name}”重复，或是自己的分项"),
                    format!("the item `{name}` stands twice, or is a part of itself"),
                ),
                None,
            );
        }
    }
    for part in items.iter().flatten().flat_map(|item| &item.sum_of) {
        if !named.contains(&part.as_str()) {
            fields.report(
                Words::new(
                    format!("sum_of 中的“{part}”不是本表的指标"),
                    format!("`{part}` in sum_of is no item of this table"),
                ),
                Some(Words::new(named.join("、"), named.join(", "))),
            );
        }
    }
    Some(InputSpec {
        file: file?.into(),
        sheet,
        crs: crs?,
        encoding,
        header: header?,
        table: table?,
        beside: false,
        columns: columns?,
        values: values?,
        blank: blank?,
        set: set?,
        only: Vec::new(),
        complete,
        items: items.into_iter().collect::<Option<_>>()?,
        total,
    })
}

/// A coordinate system that is known.
fn crs(value: &Value<'_>) -> Option<String> {
    let name = value.text()?;
    match Crs::of_text(&name) {
        Ok(_) => Some(name),
        Err(words) => {
            value.report(words, None);
            None
        }
    }
}

/// One row, `3`, or from the first to the last of several, `"3-4"`.
fn header_rows(value: &Value<'_>) -> Option<[u32; 2]> {
    let text = value.cell()?;
    let rows = super::header_rows(&text);
    if rows.is_none() {
        value.report(
            Words::new(format!("{text} 不是表头的行号"), format!("{text} is no row of headings")),
            Some(Words::new(
                "从 1 起的整数，如 3；几行的表头写首末两行，如 \"3-4\"，至多三行",
                "a whole number from 1, such as 3; of several rows the first and the last, such as \"3-4\", three at most",
            )),
        );
    }
    rows
}

fn named_table(value: &Value<'_>) -> Option<&'static Table> {
    let name = value.text()?;
    let found = table(&name);
    if found.is_none() {
        let known: Vec<&str> = tables().iter().map(|table| table.name.as_str()).collect();
        value.unknown_word(&name, &known);
    }
    found
}

/// A table whose keys are columns of the input's table; any table's when that is still to be found.
fn per_field<T>(
    fields: &Fields<'_>,
    key: &'static str,
    of: Option<&'static Table>,
    read: impl Fn(&Value<'_>) -> Option<T>,
) -> Option<BTreeMap<String, T>> {
    let Some(value) = fields.get(key) else {
        return Some(BTreeMap::new());
    };
    let candidates: Vec<&'static Table> =
        of.map_or_else(|| tables().iter().collect(), |table| vec![table]);
    let known: Vec<&Column> = candidates.iter().flat_map(|table| &table.columns).collect();
    let mut all = BTreeMap::new();
    let mut sound = true;
    for entry in value.fields()?.entries() {
        if known.iter().any(|column| column.name == entry.name()) {
            match read(&entry) {
                Some(value) => drop(all.insert(entry.name().to_owned(), value)),
                None => sound = false,
            }
        } else {
            let names: Vec<&str> = known.iter().map(|column| column.name.as_str()).collect();
            entry.unknown_word(entry.name(), &names);
            sound = false;
        }
    }
    sound.then_some(all)
}

fn replacements(value: &Value<'_>) -> Option<BTreeMap<String, String>> {
    let entries = value.fields()?.entries();
    entries.iter().map(|entry| Some((entry.name().to_owned(), entry.cell()?))).collect()
}

fn item(fields: &Fields<'_>) -> Option<ItemSpec> {
    let item = fields.need_text("item");
    let column = fields.need_text("column");
    let unit = match fields.get("unit") {
        Some(value) => unit(&value).map(Some),
        None => Some(None),
    };
    let sum_of = fields.get("sum_of").map_or(Some(Vec::new()), |value| value.texts());
    fields.finish();
    Some(ItemSpec { item: item?, column: column?, unit: unit?, sum_of: sum_of? })
}

fn unit(value: &Value<'_>) -> Option<Unit> {
    let name = value.text()?;
    let found = Unit::named(&name);
    if found.is_none() {
        let known: Vec<&str> = UNITS.iter().map(|unit| unit.code).collect();
        value.unknown_word(&name, &known);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Diagnostic, Error};

    fn mistakes(text: &str) -> Vec<String> {
        match parse("project.toml", text, PathBuf::new()) {
            Err(Error::Diagnostics(all)) => all.iter().map(Diagnostic::to_string).collect(),
            other => panic!("mistakes were expected, not {other:?}"),
        }
    }

    #[test]
    fn a_field_that_does_not_exist_is_placed_and_the_nearest_named() {
        let found = mistakes(
            "name = \"x\"\n[[input]]\nfile = \"a.csv\"\ntable = \"premises\"\ncolumns = { tenur = \"权属\" }\n",
        );
        assert_eq!(found.len(), 1, "{found:#?}");
        let start = "project.toml:5:13: unknown value `tenur` (did you mean `tenure`?";
        assert!(found[0].starts_with(start), "{found:#?}");
    }

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_refused() {
        let found = mistakes("name = \"../x\"\n[[input]]\nfile = \"a.csv\"\n");
        assert!(found[0].contains("cannot be a folder's name"), "{found:#?}");
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        let found = mistakes("nme = \"x\"\nplace = \"济南\"\nabout = 5\n[[input]]\nheader = 0\n");
        assert_eq!(found.len(), 6, "{found:#?}");
    }
}
