//! Where a value came from, down to the cell.
//!
//! Inventory rows carry a source number and a row number; each [`Source`] remembers which column
//! feeds which field. That is enough to name any value's cell again, as `台账.xlsx!城东!F17`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One file or sheet that fed one inventory table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The file's name as given, without folders.
    pub file: String,
    /// The path it was read from, as the run was told it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The sheet, for workbooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The inventory table it fed.
    pub table: String,
    /// The file's SHA-256, in hexadecimal.
    pub sha256: String,
    /// Field name → column number from 0.
    pub columns: BTreeMap<String, u32>,
    /// For layers: field name → the layer's own name of it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    /// For tables: field name → its heading, as the file writes it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headings: BTreeMap<String, String>,
    /// For tables: field name → what its numbers were multiplied by, where its heading has a unit.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub factors: BTreeMap<String, f64>,
    /// For tables: the first and the last row of the headings, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<[u32; 2]>,
    /// The number of the source whose rows it reads again, for what else they hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<u32>,
    /// For layers whose geometry was read: the coordinate system of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crs: Option<String>,
}

impl Source {
    /// The address of one cell, as a spreadsheet shows it; row numbers count from 1. In a layer
    /// it is the feature's number and the layer's own name of the field: `小区.shp!#12.MC`.
    ///
    /// ```
    /// # use facility_audit::origin::Source;
    /// let source = Source {
    ///     file: "台账.xlsx".into(),
    ///     path: "台账.xlsx".into(),
    ///     sheet: Some("城东".into()),
    ///     table: "premises".into(),
    ///     sha256: String::new(),
    ///     columns: [("area".to_string(), 5)].into(),
    ///     names: Default::default(),
    ///     headings: Default::default(),
    ///     factors: Default::default(),
    ///     header: None,
    ///     beside: None,
    ///     crs: None,
    /// };
    /// assert_eq!(source.cell("area", 17), "台账.xlsx!城东!F17");
    /// assert_eq!(source.cell("tenure", 17), "台账.xlsx!城东!17");
    /// ```
    pub fn cell(&self, field: &str, row: u32) -> String {
        if !self.names.is_empty() {
            let own = self.names.get(field).map_or(String::new(), |name| format!(".{name}"));
            return format!("{}!#{row}{own}", self.place());
        }
        let column = self.columns.get(field);
        let letters = column.map_or(String::new(), |&column| column_letters(column));
        format!("{}!{letters}{row}", self.place())
    }

    /// The file and, for a workbook, the sheet.
    pub fn place(&self) -> String {
        match &self.sheet {
            Some(sheet) => format!("{}!{sheet}", self.file),
            None => self.file.clone(),
        }
    }

    /// A name for the input as a whole: where it stands and what it fed.
    pub fn label(&self) -> String {
        format!("{} → {}", self.place(), self.table)
    }
}

/// The letters of a spreadsheet column, from its number counted from 0: 0 is `A`, 26 is `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        let letters: Vec<String> =
            [0, 25, 26, 51, 52, 701, 702].into_iter().map(column_letters).collect();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
