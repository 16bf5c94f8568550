//! Names of divisions become their codes: one list writes 城东区, another 990202.

use std::collections::{BTreeMap, HashMap};

use super::Rows;
use super::declaration::Kind;

/// Replaces, in the columns that say where a row lies, the name of a listed division by its code.
///
/// A name that two divisions bear stays as it is.
pub fn by_code(tables: &mut BTreeMap<&'static str, Rows>) {
    let divisions = &tables["divisions"];
    let mut codes: HashMap<String, Option<String>> = HashMap::new();
    for row in 0..divisions.len() {
        if let (Some(code), Some(name)) = (divisions.text("code", row), divisions.text("name", row))
        {
            let same = |known: &mut Option<String>| {
                if known.as_deref() != Some(code) {
                    *known = None;
                }
            };
            let known = codes.entry(plain(name)).and_modify(same);
            known.or_insert_with(|| Some(code.to_owned()));
        }
    }
    if codes.is_empty() {
        return;
    }
    for rows in tables.values_mut() {
        let places = rows.table.columns.iter().filter(|column| column.kind == Kind::Place);
        for column in places.map(|column| column.name.as_str()) {
            for row in 0..rows.len() {
                let code = rows.text(column, row).and_then(|name| codes.get(&plain(name)));
                if let Some(Some(code)) = code {
                    rows.set_text(column, row, code.clone());
                }
            }
        }
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}
