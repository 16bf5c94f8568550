//! What each inventory table holds, declared once in `tables.toml`.
//!
//! The declaration makes the tables themselves, the schema files, the documentation and the
//! validation of what a mapping or a pack names.

use std::sync::OnceLock;

use polars::prelude::DataType;
use serde::Deserialize;

use crate::quantity::Unit;
use crate::words::{Lang, Words};

/// One inventory table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its name: `communities`.
    pub name: String,
    /// The kind of subject a row is, when rules can speak about it: `community`.
    pub subject: Option<String>,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
    /// What one row is, in Chinese.
    pub row_zh: String,
    /// What one row is, in English.
    pub row_en: String,
    /// The column that names a row to a reader.
    pub label: String,
    /// The columns an id is derived from when the source gives none.
    pub key: Vec<String>,
    /// Whether one id is one thing, so that a second row with the same id is a conflict.
    #[serde(default)]
    pub unique: bool,
    /// The columns that tie a row to the thing it belongs to; a row with none resolved is unlinked.
    #[serde(default)]
    pub belongs_to: Vec<String>,
    /// The kind of geometry a row may have.
    pub geometry: Option<Shape>,
    /// The columns, in the order of templates and documentation.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
}

/// The kind of geometry of a table's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// A place without extent.
    Point,
    /// A line.
    Line,
    /// An area.
    Polygon,
}

/// One column of an inventory table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name: `households`.
    pub name: String,
    /// What its cells are.
    pub kind: Kind,
    /// The unit of its numbers, a code of [`crate::quantity::UNITS`].
    pub unit: Option<String>,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
    /// What it means, in Chinese.
    pub doc_zh: String,
    /// What it means, in English.
    pub doc_en: String,
    /// Whether a row without it cannot be used.
    #[serde(default)]
    pub required: bool,
    /// What a blank cell means, unless the project declares otherwise.
    pub blank: Blank,
    /// Where the definition comes from.
    pub source: String,
    /// The table a reference points to.
    pub to: Option<String>,
    /// The closed vocabulary of a code column.
    #[serde(default)]
    pub values: Vec<Code>,
}

/// One word of a closed vocabulary.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// The code in tables.
    pub code: String,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The row's own id.
    Id,
    /// Free text.
    Text,
    /// The id or name of a row of another table.
    Ref,
    /// Several of them, separated by `、`.
    Refs,
    /// A word of a closed vocabulary.
    Code,
    /// Yes, no or unknown.
    Flag,
    /// An area in m².
    Area,
    /// A length in metres.
    Length,
    /// Money in yuan.
    Money,
    /// A count.
    Count,
    /// A share of something, 0 to 1.
    Share,
    /// Another number.
    Number,
    /// A year.
    Year,
    /// A date, perhaps known only to the month or year.
    Date,
    /// An administrative code.
    Place,
}

/// What a blank cell means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blank {
    /// Nobody knows: the value could be anything.
    Unknown,
    /// There is none: 0 in sums, "did not happen" for a date.
    None,
    /// The question does not arise.
    NotApplicable,
}

impl Blank {
    /// The codes used in project files.
    pub const CODES: &[(&'static str, Blank)] = &[
        ("unknown", Blank::Unknown),
        ("none", Blank::None),
        ("not_happened", Blank::None),
        ("not_applicable", Blank::NotApplicable),
    ];

    /// How the declaration is printed.
    pub fn words(self) -> Words {
        match self {
            Blank::Unknown => Words::new("空白视为不明", "blank means unknown"),
            Blank::None => {
                Words::new("空白视为无（0 或未发生）", "blank means none (0, or did not happen)")
            }
            Blank::NotApplicable => Words::new("空白视为不适用", "blank means not applicable"),
        }
    }
}

impl Kind {
    /// Whether cells are numbers with bounds, held as `x`, `x_low`, `x_high`.
    pub fn is_quantity(self) -> bool {
        matches!(
            self,
            Kind::Area | Kind::Length | Kind::Money | Kind::Count | Kind::Share | Kind::Number
        )
    }
}

/// The name of the column that holds a quantity's least possible value.
pub fn low(column: &str) -> String {
    format!("{column}_low")
}

/// The name of the column that holds a quantity's greatest possible value.
pub fn high(column: &str) -> String {
    format!("{column}_high")
}

/// The name of the column that holds what a reference was resolved to.
pub fn resolved(column: &str) -> String {
    format!("{column}_id")
}

impl Column {
    /// The columns of the table engine that hold this one, with their types.
    pub fn physical(&self) -> Vec<(String, DataType)> {
        let name = self.name.clone();
        match self.kind {
            kind if kind.is_quantity() => vec![
                (name, DataType::Float64),
                (low(&self.name), DataType::Float64),
                (high(&self.name), DataType::Float64),
            ],
            Kind::Flag => vec![(name, DataType::Boolean)],
            Kind::Year => vec![(name, DataType::Int32)],
            Kind::Date => vec![
                (name, DataType::String),
                (format!("{}_precision", self.name), DataType::String),
            ],
            Kind::Ref => vec![
                (name, DataType::String),
                (resolved(&self.name), DataType::String),
                (format!("{}_link", self.name), DataType::String),
            ],
            _ => vec![(name, DataType::String)],
        }
    }

    /// The unit of its numbers.
    pub fn unit(&self) -> Option<Unit> {
        self.unit.as_deref().and_then(Unit::of)
    }

    /// Its name in both languages.
    pub fn words(&self) -> Words {
        Words::new(&self.zh, &self.en)
    }

    /// A code of its vocabulary, in the reader's language.
    pub fn code_name<'a>(&'a self, code: &'a str, lang: Lang) -> &'a str {
        let found = self.values.iter().find(|value| value.code == code);
        found.map_or(code, |value| lang.pick(&value.zh, &value.en))
    }
}

impl Table {
    /// The column with this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Its name in both languages.
    pub fn words(&self) -> Words {
        Words::new(&self.zh, &self.en)
    }
}

/// All tables, in the order of the declaration.
pub fn tables() -> &'static [Table] {
    #[derive(Deserialize)]
    struct Declaration {
        table: Vec<Table>,
    }
    static TABLES: OnceLock<Vec<Table>> = OnceLock::new();
    TABLES.get_or_init(|| {
        let declaration: Declaration = toml::from_str(include_str!("tables.toml"))
            .expect("the declaration is part of the program and tested");
        declaration.table
    })
}

/// The table with this name.
pub fn table(name: &str) -> Option<&'static Table> {
    tables().iter().find(|table| table.name == name)
}

/// The table whose rows are subjects of this kind; a pool is described as the estates in it are.
pub fn subject_table(subject: &str) -> Option<&'static Table> {
    let subject = if subject == "pool" { "estate" } else { subject };
    let is_it = |table: &&Table| table.subject.as_deref() == Some(subject);
    tables().iter().find(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_declaration_is_complete_and_points_at_what_exists() {
        for table in tables() {
            let names: BTreeSet<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
            assert_eq!(names.len(), table.columns.len(), "{}: a name twice", table.name);
            let named = [&table.label].into_iter().chain(&table.key).chain(&table.belongs_to);
            for name in named {
                assert!(names.contains(name.as_str()), "{}.{name}", table.name);
            }
            for column in &table.columns {
                let place = format!("{}.{}", table.name, column.name);
                assert_eq!(column.kind == Kind::Code, !column.values.is_empty(), "{place}");
                let refers = matches!(column.kind, Kind::Ref | Kind::Refs);
                assert_eq!(refers, column.to.is_some(), "{place}");
                let target = column.to.as_deref().map(|to| self::table(to).is_some());
                assert_ne!(target, Some(false), "{place}");
                assert_eq!(column.unit.is_some(), column.unit().is_some(), "{place}: its unit");
                let needs_unit = column.kind.is_quantity();
                assert!(!needs_unit || column.unit.is_some(), "{place} needs a unit");
                for text in [&column.zh, &column.en, &column.doc_zh, &column.doc_en, &column.source]
                {
                    assert!(!text.is_empty(), "{place}");
                }
            }
        }
    }

    #[test]
    fn every_table_of_the_design_is_declared() {
        let names: BTreeSet<&str> = tables().iter().map(|table| table.name.as_str()).collect();
        for name in [
            "divisions",
            "communities",
            "premises",
            "estates",
            "phases",
            "buildings",
            "facilities",
            "categories",
            "events",
            "nearby",
            "staff",
            "aggregates",
            "rents",
            "stock",
            "offers",
            "budgets",
            "windows",
            "indicators",
            "roads",
        ] {
            assert!(names.contains(name), "{name}");
        }
    }
}
