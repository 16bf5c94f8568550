//! Features become a grid: one row each, a column per property in order of first appearance, the
//! geometry beside them.

use std::collections::{BTreeMap, HashMap};

use geo_types::Geometry;

use crate::geometry::bounds::kept;
use crate::layer::{Claim, Grid, Shapes, TextColumn};
use crate::words::Words;

/// What was read of one feature's geometry.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    /// None when there is none, or none that can be kept.
    pub geometry: Option<Geometry<f64>>,
    /// Why it could not be kept, or how it was mended.
    pub fault: Option<Words>,
}

impl Shape {
    /// A geometry that cannot be kept.
    pub(crate) fn refused(words: Words) -> Shape {
        Shape { geometry: None, fault: Some(words) }
    }
}

/// What a note is about; more than a few of one kind are only counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum About {
    /// How the file as a whole was read.
    File,
    /// Something damaged that was left out.
    Damage,
    /// Something that is no feature, or a part of one that was not read.
    Stranger,
    /// A property that occurs twice in one feature.
    Doubled,
    /// A number that is none.
    NoNumber,
}

/// So many notes of one kind are kept.
const NOTES: usize = 10;

/// Where columns are filled so thinly that blank cells would take most of the memory, the thinnest
/// columns are left out: this many cells are always allowed, and this many per filled cell.
const CELLS: usize = 16_000_000;
const CELLS_PER_FILLED: usize = 8;

/// The features read so far.
#[derive(Debug, Default)]
pub(crate) struct FeatureTable {
    columns: Vec<Sparse>,
    by_name: HashMap<String, usize>,
    id: Sparse,
    rows: usize,
    shapes: Shapes,
    notes: Vec<(About, Words)>,
    said: BTreeMap<About, usize>,
    latest: Vec<usize>,
}

/// The filled cells of a column, and their rows.
#[derive(Debug, Default)]
struct Sparse {
    name: String,
    rows: Vec<u32>,
    cells: TextColumn,
}

impl FeatureTable {
    /// How many features there are.
    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// Says something of how the file was read.
    pub(crate) fn note(&mut self, about: About, words: impl FnOnce() -> Words) {
        let said = self.said.entry(about).or_default();
        *said += 1;
        if *said <= NOTES {
            self.notes.push((about, words()));
        }
    }

    /// What was left out first, for the case that nothing is left.
    pub(crate) fn first_damage(&self) -> Option<&Words> {
        let damage = |about: About| matches!(about, About::Damage | About::Stranger);
        self.notes.iter().find(|(about, _)| damage(*about)).map(|(_, words)| words)
    }

    /// The column of a name, new when it is met for the first time.
    pub(crate) fn column(&mut self, name: &str) -> usize {
        if let Some(&index) = self.by_name.get(name) {
            return index;
        }
        self.columns.push(Sparse { name: name.to_owned(), ..Sparse::default() });
        self.by_name.insert(name.to_owned(), self.columns.len() - 1);
        self.columns.len() - 1
    }

    /// Adds a feature: the text of its properties by name, and its geometry.
    pub(crate) fn push<K: AsRef<str>, V: AsRef<str>>(
        &mut self,
        id: Option<&str>,
        properties: &[(K, V)],
        shape: Shape,
    ) {
        self.rows += 1;
        if let Some(id) = id {
            self.id.put(self.rows, id);
        }
        self.put_properties(properties);
        let kept = shape.geometry.map(kept).transpose();
        let (geometry, unkept) = kept.map_or_else(|words| (None, Some(words)), |kept| (kept, None));
        if let Some(words) = unkept.or(shape.fault) {
            self.shapes.faults.push((self.rows, words));
        }
        self.shapes.all.resize(self.rows, None);
        self.shapes.all.push(geometry);
    }

    /// Of a name that a feature has twice the last counts, as in every JSON reader.
    fn put_properties<K: AsRef<str>, V: AsRef<str>>(&mut self, properties: &[(K, V)]) {
        let columns: Vec<usize> =
            properties.iter().map(|(name, _)| self.column(name.as_ref())).collect();
        self.latest.resize(self.columns.len(), 0);
        for (index, &column) in columns.iter().enumerate() {
            self.latest[column] = index;
        }
        for (index, (name, cell)) in properties.iter().enumerate() {
            let column = columns[index];
            if self.latest[column] == index {
                self.columns[column].put(self.rows, cell.as_ref());
            } else {
                let (row, name) = (self.rows, name.as_ref());
                self.note(About::Doubled, || {
                    Words::new(
                        format!("第 {row} 个要素的属性“{name}”出现多次，取最后一个"),
                        format!("feature {row} has the property \"{name}\" more than once; the last is kept"),
                    )
                });
            }
        }
    }

    /// The grid of all features.
    pub(crate) fn into_grid(mut self, claim: Claim, encoding: Option<&str>) -> Grid {
        if !self.id.rows.is_empty() && !self.by_name.contains_key("id") {
            self.id.name = "id".to_owned();
            let id = std::mem::take(&mut self.id);
            self.columns.insert(0, id);
        }
        self.leave_out_the_thinnest();
        let notes = self.all_notes();
        let rows = self.rows + 1;
        let columns: Vec<TextColumn> =
            self.columns.into_iter().map(|column| column.into_dense(rows)).collect();
        let mut grid = Grid::from_columns(None, columns);
        // A grid without columns does not know its rows.
        while grid.rows() < rows {
            grid.push_row([]);
        }
        self.shapes.all.resize(rows, None);
        self.shapes.claim = claim;
        grid.shapes = Some(self.shapes);
        grid.notes = notes;
        grid.encoding = encoding.map(str::to_owned);
        grid
    }

    /// The notes of one kind together, the uncounted rest behind them.
    fn all_notes(&mut self) -> Vec<Words> {
        let mut all = Vec::new();
        for (&about, &said) in &self.said {
            let of_this = self.notes.iter().filter(|(other, _)| *other == about);
            all.extend(of_this.map(|(_, words)| words.clone()));
            if said > NOTES {
                let more = said - NOTES;
                all.push(Words::new(
                    format!("另有 {more} 处同样的情况"),
                    format!("and {more} more of the same"),
                ));
            }
        }
        all
    }

    fn leave_out_the_thinnest(&mut self) {
        let filled: usize = self.columns.iter().map(|column| column.rows.len()).sum();
        let allowed = CELLS.max(filled.saturating_mul(CELLS_PER_FILLED)) / (self.rows + 1);
        if self.columns.len() <= allowed {
            return;
        }
        let mut order: Vec<usize> = (0..self.columns.len()).collect();
        order.sort_by_key(|&index| std::cmp::Reverse(self.columns[index].rows.len()));
        let mut keep = vec![false; order.len()];
        order.iter().take(allowed).for_each(|&index| keep[index] = true);
        let (all, mut keep) = (order.len(), keep.into_iter());
        self.columns.retain(|_| keep.next().unwrap_or(false));
        let (left, kept) = (all - self.columns.len(), self.columns.len());
        self.note(About::File, || Words::new(
            format!("属性名多达 {all} 个且大多为空：只保留最常填写的 {kept} 列，略去 {left} 列"),
            format!("{all} property names, most of them blank: the {kept} columns filled most are kept, {left} are left out"),
        ));
    }
}

impl Sparse {
    fn put(&mut self, row: usize, cell: &str) {
        if !cell.is_empty() {
            self.rows.push(u32::try_from(row).expect("a feature takes more than a byte of a file"));
            self.cells.push(cell);
        }
    }

    fn into_dense(self, rows: usize) -> TextColumn {
        let mut dense = TextColumn::default();
        dense.push(&self.name);
        for (index, &row) in self.rows.iter().enumerate() {
            dense.put(row as usize, self.cells.get(index));
        }
        dense.pad_to(rows);
        dense
    }
}

/// What the name of a reference system says: an EPSG code in any of its spellings, else the text.
pub(crate) fn claim_of_name(name: &str) -> Claim {
    let code = name.rsplit([':', '/', '#', ' ']).next().and_then(|code| code.parse().ok());
    match code {
        Some(code) if name.to_ascii_lowercase().contains("epsg") => Claim::Epsg(code),
        _ if name.trim().is_empty() => Claim::None,
        _ => Claim::Text(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_in_order_of_first_appearance() {
        let mut table = FeatureTable::default();
        table.push(Some("7"), &[("b", "1")], Shape::default());
        table.push(None, &[("a", "2"), ("b", "3"), ("a", "4")], Shape::default());
        let grid = table.into_grid(Claim::None, None);
        let row = |row| (0..3).map(|column| grid.cell(row, column)).collect::<Vec<_>>();
        assert_eq!(row(0), ["id", "b", "a"]);
        assert_eq!(row(1), ["7", "1", ""]);
        assert_eq!(row(2), ["", "3", "4"]);
        assert!(grid.notes[0].en.contains("the last is kept"));
        assert_eq!(grid.shapes.expect("shapes").all.len(), 3);
    }

    #[test]
    fn features_without_properties_still_have_their_rows() {
        let mut table = FeatureTable::default();
        table.push(None, &[] as &[(&str, &str)], Shape::default());
        let grid = table.into_grid(Claim::None, None);
        assert_eq!((grid.rows(), grid.columns()), (2, 0));
    }

    #[test]
    fn names_used_once_do_not_fill_the_memory_with_blanks() {
        let mut table = FeatureTable::default();
        for row in 0..20_000 {
            let (usual, odd) = ("name".to_owned(), format!("k{row}"));
            table.push(None, &[(usual, "x"), (odd, "1")], Shape::default());
        }
        let grid = table.into_grid(Claim::None, None);
        assert_eq!((grid.columns(), grid.rows(), grid.cell(9, 0)), (799, 20_001, "x"));
        assert!(grid.notes[0].en.contains("20001 property names"), "{:?}", grid.notes);
    }

    #[test]
    fn an_epsg_code_is_found_in_every_spelling() {
        for name in [
            "EPSG:4490",
            "urn:ogc:def:crs:EPSG::4490",
            "http://www.opengis.net/def/crs/EPSG/0/4490",
            "http://www.opengis.net/gml/srs/epsg.xml#4490",
        ] {
            assert_eq!(claim_of_name(name), Claim::Epsg(4490), "{name}");
        }
        let crs84 = "urn:ogc:def:crs:OGC:1.3:CRS84";
        assert_eq!(claim_of_name(crs84), Claim::Text(crs84.into()));
    }
}
