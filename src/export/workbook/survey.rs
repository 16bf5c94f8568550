//! What must be known of a sheet before its rows can be changed: which columns are used, what is
//! merged, and where the parts stand that describe the whole sheet.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::words::Words;

use super::address::{Area, MOST_COLUMNS, MOST_ROWS, cell};
use super::unreadable;
use super::xml::{Step, Steps, Tag};

/// A tag of the sheet with an area in its attribute `ref`.
pub(super) struct Marked {
    pub area: Area,
    pub span: Range<usize>,
    /// The tag with `{ref}` in place of the area.
    pub template: String,
}

/// Columns with a width or a style of their own.
pub(super) struct Columns {
    pub first: u32,
    pub last: u32,
    pub style: Option<u32>,
    /// The tag with `{min}` and `{max}` in place of the columns.
    pub template: String,
}

/// A sheet as its part describes it.
#[derive(Default)]
pub(super) struct Survey {
    /// The prefix of its elements, with the colon.
    pub prefix: String,
    /// The columns that hold anything in any row.
    pub used: BTreeSet<u32>,
    /// The columns that hold anything in the rows down to the headings.
    pub headed: BTreeSet<u32>,
    /// The first row that holds anything.
    pub first_row: Option<u32>,
    /// The rows that the part lists.
    pub rows: BTreeSet<u32>,
    pub merges: Vec<Area>,
    pub columns: Vec<Columns>,
    /// Where the columns are described.
    pub columns_span: Option<Range<usize>>,
    pub dimension: Option<Marked>,
    pub filter: Option<Marked>,
    /// Where the rows are, with the tags around them.
    pub data: Range<usize>,
    /// Whether rows without a height of their own have a fixed one.
    pub is_height_fixed: bool,
}

/// Counts rows or cells that may or may not say where they are.
#[derive(Default)]
pub(super) struct Counter {
    /// The row, from 1, or 0 before the first.
    pub row: u32,
    /// How many columns were passed, the current one included.
    columns: u32,
}

impl Counter {
    /// Takes the next row and says its number.
    ///
    /// # Errors
    /// When it lies beyond every sheet.
    pub fn row(&mut self, tag: &Tag<'_>) -> Result<u32, Words> {
        let said = tag.get("r").map(|text| text.trim().parse().unwrap_or(0));
        self.row = said.unwrap_or(self.row + 1);
        self.columns = 0;
        if (1..=MOST_ROWS).contains(&self.row) {
            Ok(self.row)
        } else {
            Err(unreadable(&format!("row {:?}", tag.get("r").unwrap_or_default())))
        }
    }

    /// Takes the next cell of the row and says its column.
    ///
    /// # Errors
    /// When it lies beyond every sheet.
    pub fn cell(&mut self, tag: &Tag<'_>) -> Result<u32, Words> {
        let column = match tag.get("r") {
            None => self.columns,
            Some(text) => cell(&text)
                .map(|(_, column)| column)
                .ok_or_else(|| unreadable(&format!("cell {text:?}")))?,
        };
        if column >= MOST_COLUMNS {
            return Err(unreadable(&format!("row {}: too many cells", self.row)));
        }
        self.columns = column + 1;
        Ok(column)
    }
}

impl Survey {
    /// Looks through the part of a sheet; headings stand in the rows down to `header`.
    ///
    /// # Errors
    /// When it cannot be understood.
    pub fn of(text: &str, header: Option<u32>) -> Result<Survey, Words> {
        let mut survey = Survey::default();
        let mut steps = Steps::new(text);
        let mut section = String::new();
        let mut counter = Counter::default();
        let mut column = 0;
        loop {
            let step = steps.next()?;
            let span = steps.span.clone();
            match step {
                Step::Open(tag) | Step::Alone(tag) => match steps.depth {
                    1 => survey.prefix = tag.prefix(),
                    2 => {
                        section = tag.name();
                        survey.part(&tag, span);
                    }
                    3 if section == "sheetData" && tag.is("row") => {
                        let row = counter.row(&tag)?;
                        survey.rows.insert(row);
                    }
                    3 if section == "cols" && tag.is("col") => survey.column(&tag),
                    3 if section == "mergeCells" && tag.is("mergeCell") => {
                        survey.merges.extend(tag.get("ref").as_deref().and_then(Area::of));
                    }
                    4 if section == "sheetData" && tag.is("c") => column = counter.cell(&tag)?,
                    5 if section == "sheetData"
                        && ["v", "f", "is"].iter().any(|one| tag.is(one)) =>
                    {
                        survey.content(counter.row, column, header);
                    }
                    _ => {}
                },
                Step::Close if steps.depth == 2 => match section.as_str() {
                    "sheetData" => survey.data.end = span.end,
                    "cols" => {
                        if let Some(columns) = &mut survey.columns_span {
                            columns.end = span.end;
                        }
                    }
                    _ => {}
                },
                Step::End => break,
                _ => {}
            }
        }
        if survey.data.is_empty() {
            return Err(unreadable(&"a sheet without rows"));
        }
        Ok(survey)
    }

    /// Takes note of an element right below the root.
    fn part(&mut self, tag: &Tag<'_>, span: Range<usize>) {
        let marked = |tag: &Tag<'_>| {
            let area = Area::of(&tag.get("ref")?)?;
            let template = tag.with(&[("ref", Some("{ref}".to_owned()))]);
            Some(Marked { area, span: span.clone(), template })
        };
        match tag.name().as_str() {
            "dimension" => self.dimension = marked(tag),
            "autoFilter" => self.filter = marked(tag),
            "sheetFormatPr" => self.is_height_fixed = tag.flag("customHeight"),
            "sheetData" if self.data.is_empty() => self.data = span,
            "cols" => self.columns_span = Some(span),
            _ => {}
        }
    }

    fn column(&mut self, tag: &Tag<'_>) {
        let (Some(first), Some(last)) = (tag.number("min"), tag.number("max")) else { return };
        if first == 0 || last < first {
            return;
        }
        let placed = [("min", Some("{min}".to_owned())), ("max", Some("{max}".to_owned()))];
        let (style, template) = (tag.number("style"), tag.with(&placed));
        self.columns.push(Columns { first: first - 1, last: last - 1, style, template });
    }

    fn content(&mut self, row: u32, column: u32, header: Option<u32>) {
        self.used.insert(column);
        self.first_row = Some(self.first_row.map_or(row, |first| first.min(row)));
        if header.is_none_or(|header| row <= header) {
            self.headed.insert(column);
        }
    }

    /// The corner of the merge that a cell belongs to, or the cell itself.
    pub fn corner(&self, row: u32, column: u32) -> (u32, u32) {
        let merge = self.merges.iter().find(|merge| merge.holds(row, column));
        merge.map_or((row, column), |merge| (merge.top, merge.left))
    }

    /// The style that a cell has which the part does not list, from its column.
    pub fn column_style(&self, column: u32) -> Option<u32> {
        self.columns.iter().find(|one| (one.first..=one.last).contains(&column))?.style
    }

    /// The last column of the headings; those of merged headings end where the merge ends.
    pub fn last_headed(&self, header: Option<u32>) -> Option<u32> {
        let above = |merge: &&Area| {
            header.is_some_and(|header| merge.top <= header) && self.used.contains(&merge.left)
        };
        let merged = self.merges.iter().filter(above).map(|merge| merge.right);
        self.headed.last().copied().into_iter().chain(merged).max()
    }

    /// The first free column right of the headings: nothing stands in it, and no merge of one of
    /// these rows reaches it.
    pub fn free_column(&self, header: Option<u32>, rows: &BTreeSet<u32>) -> Option<u32> {
        let first = self.last_headed(header).map_or(0, |last| last + 1);
        let merges: Vec<&Area> = self
            .merges
            .iter()
            .filter(|merge| rows.range(merge.top..=merge.bottom).next().is_some())
            .collect();
        let covered =
            |column: u32| merges.iter().any(|merge| (merge.left..=merge.right).contains(&column));
        (first..MOST_COLUMNS).find(|column| !self.used.contains(column) && !covered(*column))
    }
}
