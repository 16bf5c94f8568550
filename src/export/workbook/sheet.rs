//! The part of a sheet with its marks in it: fills on cells, one more column with the reasons.

use std::collections::{BTreeMap, BTreeSet};

use crate::words::Words;

use super::address::{Area, letters};
use super::reasons::{Reasons, column_width, height};
use super::rows::{Change, Rows, Text};
use super::styles::{Look, Styles};
use super::survey::Survey;
use super::xml::Splices;

/// A changed sheet.
pub(super) struct Patched {
    pub text: String,
    /// The range it filters, before and after.
    pub filter: Option<(Area, Area)>,
}

/// Puts the marks of a sheet into its part.
///
/// # Errors
/// When the part cannot be understood, or no column is free.
pub(super) fn patch(
    text: &str,
    reasons: &BTreeMap<u32, Reasons>,
    header: Option<u32>,
    heading: &str,
    styles: &mut Styles,
) -> Result<Patched, Words> {
    let mut survey = Survey::of(text, header)?;
    // A blank cell that is marked is not to be written over.
    survey.used.extend(reasons.values().flat_map(|row| row.cells.keys()));
    let heading_row = header.or(survey.first_row).unwrap_or(1);
    let rows: BTreeSet<u32> = reasons.keys().copied().chain([heading_row]).collect();
    let column = survey.free_column(header, &rows).ok_or_else(|| {
        Words::new(
            "工作表右侧没有空列可写核对意见；请删除多余的列后再试",
            "no column to the right is free for the reasons; delete stray columns and try again",
        )
    })?;
    let wide = column_width(reasons.values().map(|row| row.text.as_str()).chain([heading]));

    let mut changes: BTreeMap<u32, BTreeMap<u32, Change>> = BTreeMap::new();
    for (&row, reasons) in reasons {
        for (&marked, &severity) in &reasons.cells {
            let (row, marked) = survey.corner(row, marked);
            let cells = changes.entry(row).or_default();
            let worst = match cells.get(&marked) {
                Some(Change::Fill(other)) => severity.min(*other),
                _ => severity,
            };
            cells.insert(marked, Change::Fill(worst));
        }
        if let (Some(worst), true) = (reasons.worst, row != heading_row) {
            let (text, look) = (reasons.text.clone(), Look::Reason(worst));
            let change = Change::Text(Text { height: height(&text, wide), text, look });
            changes.entry(row).or_default().insert(column, change);
        }
    }
    let said = reasons.get(&heading_row).map(|reasons| format!("{heading}\n{}", reasons.text));
    let said = said.unwrap_or_else(|| heading.to_owned());
    let change =
        Change::Text(Text { height: height(&said, wide), text: said, look: Look::Heading });
    changes.entry(heading_row).or_default().insert(column, change);

    let grown = Growth {
        column,
        last_row: changes.keys().next_back().copied().unwrap_or(heading_row),
        first_row: changes.keys().next().copied().unwrap_or(heading_row),
    };
    let neighbour = survey.last_headed(header);
    let data = Rows::new(&survey, neighbour, changes, styles).patch(&text[survey.data.clone()])?;
    let mut splices = Splices::default();
    splices.put(survey.data.clone(), data);
    columns(&survey, column, wide, &mut splices);
    grown.dimension(&survey, &mut splices);
    let filter = grown.filter(&survey, &mut splices);
    Ok(Patched { text: splices.apply(text), filter })
}

/// Gives the new column its width; what is said of the columns around it stays.
fn columns(survey: &Survey, column: u32, width: usize, splices: &mut Splices) {
    let p = &survey.prefix;
    let number = column + 1;
    let own = format!(
        "<{p}col min=\"{number}\" max=\"{number}\" width=\"{width}.7109375\" customWidth=\"1\"/>"
    );
    let mut all: Vec<(u32, String)> = vec![(column, own)];
    for one in &survey.columns {
        let mut put = |first: u32, last: u32| {
            let placed = one.template.replace("{min}", &(first + 1).to_string());
            let tag = placed.replace("{max}", &(last + 1).to_string());
            // A column with content of its own would lose it here; none is known.
            let tag = if tag.ends_with("/>") { tag } else { tag.replacen('>', "/>", 1) };
            all.push((first, tag));
        };
        if column < one.first || column > one.last {
            put(one.first, one.last);
            continue;
        }
        if one.first < column {
            put(one.first, column - 1);
        }
        if column < one.last {
            put(column + 1, one.last);
        }
    }
    all.sort_by_key(|(first, _)| *first);
    let inner: String = all.into_iter().map(|(_, tag)| tag).collect();
    let place = survey.columns_span.clone().unwrap_or(survey.data.start..survey.data.start);
    splices.put(place, format!("<{p}cols>{inner}</{p}cols>"));
}

/// How far the sheet grows.
struct Growth {
    column: u32,
    first_row: u32,
    last_row: u32,
}

impl Growth {
    fn dimension(&self, survey: &Survey, splices: &mut Splices) {
        let Some(found) = &survey.dimension else { return };
        let area = Area {
            top: found.area.top.min(self.first_row),
            left: found.area.left.min(self.column),
            bottom: found.area.bottom.max(self.last_row),
            right: found.area.right.max(self.column),
        };
        let tag = found.template.replace("{ref}", &area.reference(false));
        splices.put(found.span.clone(), tag);
    }

    fn filter(&self, survey: &Survey, splices: &mut Splices) -> Option<(Area, Area)> {
        let found = survey.filter.as_ref()?;
        if found.area.right >= self.column {
            return None;
        }
        let area = Area { right: self.column, ..found.area };
        let tag = found.template.replace("{ref}", &area.reference(false));
        splices.put(found.span.clone(), tag);
        Some((found.area, area))
    }
}

/// The name of a cell.
pub(super) fn address(row: u32, column: u32) -> String {
    format!("{}{row}", letters(column))
}
