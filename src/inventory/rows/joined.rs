//! Two rows of one thing: what they say alike, what one adds, what they contradict.

use crate::inventory::declaration::Kind;
use crate::quantity::number;

use super::{Data, Rows};

impl Rows {
    /// A row's content as one text: equal for rows that say the same, whatever their place. Notes
    /// decide nothing, so they are left out.
    pub fn content(&self, row: usize) -> String {
        let columns = self.table.columns.iter().zip(&self.data);
        let decides = columns.filter(|(declared, _)| declared.name != "note");
        let cells: Vec<String> = decides.map(|(_, data)| data.show(row)).collect();
        cells.join("\u{1f}")
    }

    /// Widens what one row says by what another says of the same thing: numbers to both, and what
    /// differs otherwise becomes unknown. Names, notes and places stay.
    pub fn widen(&mut self, row: usize, by: usize) {
        for (declared, data) in self.table.columns.iter().zip(&mut self.data) {
            match data {
                Data::Number { stated, low, high }
                    if (low[row], high[row]) != (low[by], high[by]) =>
                {
                    stated[row] = None;
                    low[row] = low[row].min(low[by]);
                    high[row] = high[row].max(high[by]);
                }
                Data::Flag(values) if values[row] != values[by] => values[row] = None,
                Data::Year(values) if values[row] != values[by] => values[row] = None,
                Data::Date { first, precision } if first[row] != first[by] => {
                    (first[row], precision[row]) = (None, None);
                }
                Data::Text(values) if declared.kind == Kind::Code && values[row] != values[by] => {
                    values[row] = None;
                }
                _ => {}
            }
        }
    }

    /// How many cells of a row say something.
    pub fn known(&self, row: usize) -> usize {
        self.data.iter().filter(|data| !data.is_unknown(row)).count()
    }

    /// Whether two rows of one thing from two lists say nothing that contradicts: where both say
    /// something, it is the same. Names, notes and places may be written differently.
    pub fn agree(&self, row: usize, other: usize) -> bool {
        let columns = self.table.columns.iter().zip(&self.data);
        columns.into_iter().all(|(declared, data)| {
            let decides = !matches!(declared.kind, Kind::Id | Kind::Text | Kind::Place)
                && declared.name != "note";
            !decides
                || data.is_unknown(row)
                || data.is_unknown(other)
                || data.show(row) == data.show(other)
        })
    }

    /// The fields in which two rows of one thing say different things, with what each says.
    pub fn differences(&self, row: usize, other: usize) -> Vec<(&'static str, String, String)> {
        let columns = self.table.columns.iter().zip(&self.data);
        let differ = columns.filter(|(declared, data)| {
            let decides = declared.name != "note" && declared.kind != Kind::Id;
            decides
                && !data.is_unknown(row)
                && !data.is_unknown(other)
                && data.show(row) != data.show(other)
        });
        let said = |data: &Data, row: usize| match data {
            Data::Number { stated, low, high } => match stated[row] {
                Some(stated) if low[row] == high[row] => number(stated, 2),
                _ if high[row].is_infinite() => format!("{}–∞", number(low[row], 2)),
                _ => format!("{}–{}", number(low[row], 2), number(high[row], 2)),
            },
            Data::Date { first, .. } => first[row].clone().unwrap_or_default(),
            Data::Flag(values) => values[row].map_or(String::new(), |flag| flag.to_string()),
            Data::Year(values) => values[row].map_or(String::new(), |year| year.to_string()),
            other => other.show(row),
        };
        differ
            .map(|(declared, data)| (declared.name.as_str(), said(data, row), said(data, other)))
            .collect()
    }

    /// Takes from another row what this one does not say, remembering where it stands.
    pub fn complete(&mut self, row: usize, by: usize) {
        let from = (self.source[by], self.row[by]);
        for (declared, data) in self.table.columns.iter().zip(&mut self.data) {
            if data.is_unknown(row) && !data.is_unknown(by) {
                data.copy(row, by);
                self.borrowed.insert((row, declared.name.as_str()), from);
            }
        }
        if !self.geometry.contains_key(&row)
            && let Some(geometry) = self.geometry.get(&by).cloned()
        {
            self.geometry.insert(row, geometry);
        }
    }
}
