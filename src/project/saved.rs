//! How the tables of one bureau are read, saved from a run that its user has looked at.
//!
//! ```toml
//! [[table]]
//! table   = "premises"
//! columns = { area = "建筑面积（㎡）", community = "社区" }
//! values  = { tenure = { "单位提供" = "borrowed" } }
//! ```
//!
//! A saved reading is used for every sheet that has all its headings; where some are missing the
//! sheet is read by the dictionary, and the run says which.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::inventory::{Blank, Inventory, table};
use crate::layer::Grid;
use crate::mapping::{Header, candidates};
use crate::words::Words;

use super::{InputSpec, Project};

/// How one kind of sheet is read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// What a row is.
    pub table: String,
    /// Field → heading.
    pub columns: BTreeMap<String, String>,
    /// Field → cell text → text to read instead.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Field → what a blank cell means.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub blank: BTreeMap<String, String>,
    /// Field → the value of every row.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    table: Vec<Saved>,
}

/// Reads a file of saved readings.
///
/// # Errors
/// When it cannot be read, is not of this form, or names a table or field that does not exist.
pub fn saved(path: &Path) -> Result<Vec<Saved>> {
    let text = std::fs::read_to_string(path).map_err(Error::read(path))?;
    let name = path.display();
    let file: File = toml::from_str(&text).map_err(|error| {
        Error::refused(
            format!("{name}：不是读法文件：{error}"),
            format!("{name}: no saved mapping: {error}"),
        )
    })?;
    for one in &file.table {
        let declared = table(&one.table).ok_or_else(|| {
            let table = &one.table;
            Error::refused(
                format!("{name}：没有名为“{table}”的表"),
                format!("{name}: no table `{table}`"),
            )
        })?;
        let mut fields = one.values.keys().chain(one.blank.keys()).chain(one.set.keys());
        if let Some(field) = fields.find(|field| declared.column(field).is_none()) {
            let table = &one.table;
            return Err(Error::refused(
                format!("{name}：表 {table} 没有字段“{field}”"),
                format!("{name}: table {table} has no field `{field}`"),
            ));
        }
        for code in one.blank.values() {
            if !Blank::CODES.iter().any(|(known, _)| known == code) {
                let known: Vec<&str> = Blank::CODES.iter().map(|(known, _)| *known).collect();
                return Err(Error::refused(
                    format!("{name}：“{code}”不是空白的含义；可用：{}", known.join("、")),
                    format!(
                        "{name}: `{code}` is no meaning of a blank; accepted: {}",
                        known.join(", ")
                    ),
                ));
            }
        }
    }
    Ok(file.table)
}

impl Project {
    /// What a saved reading adds to what the project says of a sheet, and what must be told of it.
    pub(super) fn with_saved(&self, spec: &InputSpec, grid: &Grid) -> (InputSpec, Option<Words>) {
        let free = spec.columns.is_empty() && spec.table.is_none() && spec.items.is_empty();
        if self.saved.is_empty() || !free || grid.is_layer() {
            return (spec.clone(), None);
        }
        let blocks: Vec<Header> = candidates(grid, 0..grid.rows().min(20))
            .into_iter()
            .map(|(first, last)| Header::of(grid, first, last))
            .collect();
        let found = |one: &Saved, header: &Header| {
            one.columns.values().filter(|heading| header.find(heading).is_some()).count()
        };
        let best = |one: &Saved| blocks.iter().map(|header| found(one, header)).max().unwrap_or(0);
        let fits = self.saved.iter().filter(|one| best(one) == one.columns.len());
        if let Some(one) = fits.max_by_key(|one| one.columns.len()) {
            return (one.over(spec), None);
        }
        let near = self.saved.iter().filter(|one| best(one) * 2 > one.columns.len());
        let note = near.max_by_key(|one| best(one)).map(|one| {
            let header = blocks.iter().max_by_key(|header| found(one, header));
            let lacks = one
                .columns
                .values()
                .filter(|heading| header.is_none_or(|header| header.find(heading).is_none()));
            let lacks: Vec<&str> = lacks.map(String::as_str).collect();
            Words::new(
                format!("与保存的读法不同：没有表头“{}”，已按词典推测", lacks.join("”“")),
                format!(
                    "differs from the saved mapping: it lacks `{}`; guessed by the dictionary",
                    lacks.join("`, `")
                ),
            )
        });
        (spec.clone(), note)
    }

    /// How the tables of this run were read, to be used again; nothing where only layers were.
    pub fn readings(&self, inventory: &Inventory) -> Option<String> {
        let mut all: Vec<Saved> = Vec::new();
        let sources = &inventory.sources;
        for (number, source) in sources.iter().enumerate() {
            let is_table = source.names.is_empty() && source.beside.is_none();
            if !is_table || ["aggregates", "indicators"].contains(&source.table.as_str()) {
                continue;
            }
            let spec = self.inputs.iter().find(|spec| {
                spec.file.file_name().is_some_and(|name| name.to_string_lossy() == source.file)
            });
            let mut columns = source.headings.clone();
            // Headings that the project pins for what is read beside the rows' own table.
            let beside = sources.iter().filter(|one| one.beside == Some(number as u32));
            for (field, heading) in beside.flat_map(|one| &one.headings) {
                let pinned = spec.is_some_and(|spec| spec.columns.contains_key(field));
                if pinned && !columns.contains_key(field) {
                    columns.insert(field.clone(), heading.clone());
                }
            }
            let code = |blank: &Blank| {
                let found = Blank::CODES.iter().find(|(_, meaning)| meaning == blank);
                found.map_or(String::new(), |(code, _)| (*code).to_owned())
            };
            let one = Saved {
                table: source.table.clone(),
                columns,
                values: spec.map(|spec| spec.values.clone()).unwrap_or_default(),
                blank: spec
                    .map(|spec| {
                        spec.blank
                            .iter()
                            .map(|(field, blank)| (field.clone(), code(blank)))
                            .collect()
                    })
                    .unwrap_or_default(),
                set: spec.map(|spec| spec.set.clone()).unwrap_or_default(),
            };
            if !all.contains(&one) {
                all.push(one);
            }
        }
        let text = toml::to_string(&File { table: all }).ok()?;
        (!text.trim().is_empty()).then(|| {
            format!(
                "# 这次运行怎样读各张表；核对无误后可用 audit --mapping 沿用。\n\
                 # How this run read its tables; once looked at, use it again with audit --mapping.\n\n{text}"
            )
        })
    }
}

impl Saved {
    fn over(&self, spec: &InputSpec) -> InputSpec {
        let mut spec = spec.clone();
        spec.table = table(&self.table);
        spec.beside = true;
        spec.columns.clone_from(&self.columns);
        for (field, values) in &self.values {
            spec.values.entry(field.clone()).or_insert_with(|| values.clone());
        }
        for (field, code) in &self.blank {
            let meaning = Blank::CODES.iter().find(|(known, _)| known == code);
            if let Some((_, meaning)) = meaning {
                spec.blank.entry(field.clone()).or_insert(*meaning);
            }
        }
        for (field, text) in &self.set {
            spec.set.entry(field.clone()).or_insert_with(|| text.clone());
        }
        spec
    }
}
