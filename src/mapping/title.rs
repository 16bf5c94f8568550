//! What the lines above and below a table say of all of it: the units, who sent it, and when.

use crate::inventory::Kind;
use crate::layer::Grid;

use super::cell::{folded, units};
use super::headings::category_within;

/// What the lines around a table say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Title {
    /// The units a line such as `单位：㎡、万元` gives, as text.
    pub units: Vec<String>,
    /// The office that filled it in.
    pub sender: Option<String>,
    /// The day it was filled in, as written.
    pub filled_on: Option<String>,
    /// The one class of facility that the title names: `小区社区用房移交情况表`.
    pub class: Option<String>,
}

/// Words by which a title may name more than one class of facility.
const SEVERAL: &[&str] = &["及", "和", "与", "、", "等", "其他", "各类", "各项"];

const SENDER: &[&str] = &["填报单位", "填报部门", "报送单位", "上报单位", "制表单位"];
const FILLED_ON: &[&str] =
    &["填报日期", "填报时间", "填表日期", "填表时间", "报送日期", "制表日期"];
const UNITS: &[&str] = &["单位", "计量单位", "面积单位", "金额单位"];

impl Title {
    /// Reads the rows above the headings, and who signed below the table.
    pub fn of(grid: &Grid, header: usize) -> Title {
        let mut title = Title::default();
        // Those who sign below the table do so in its last lines.
        let below = grid.rows().saturating_sub(8).max(header + 1)..grid.rows();
        for row in (0..header).chain(below) {
            for column in 0..grid.columns() {
                let text = grid.cell(row, column);
                if text.is_empty() {
                    continue;
                }
                let beside = (column + 1..grid.columns()).map(|next| grid.cell(row, next));
                if row < header && title.class.is_none() {
                    title.class = class_of(text);
                }
                title.read(text, beside.into_iter().find(|text| !text.is_empty()).unwrap_or(""));
            }
        }
        title
    }

    /// Reads one cell, and the one beside it, which may hold what the first one asks for.
    fn read(&mut self, text: &str, beside: &str) {
        // One cell may hold several: `填报单位：城东区住建局    单位：㎡`.
        let pieces = text.split(['\n', '\t', '　', ';', '；']).flat_map(|piece| piece.split("  "));
        for piece in pieces {
            let piece = piece.trim();
            let inner =
                piece.strip_prefix(['(', '（']).and_then(|rest| rest.strip_suffix([')', '）']));
            let piece = inner.unwrap_or(piece);
            let Some((label, value)) = piece.split_once([':', '：']) else { continue };
            let label = folded(label);
            let value = value.trim();
            // What stands beside may be the next thing that is asked for, where nothing was filled in.
            let asks = beside.trim().ends_with([':', '：']);
            let value = match value.is_empty() {
                true if asks => "",
                true => beside.trim(),
                false => value,
            };
            let signed = || value.trim_end_matches("（公章）").trim_end_matches("（盖章）").trim();
            let is = |list: &[&str]| list.contains(&label.as_str());
            if value.is_empty() {
                continue;
            } else if is(UNITS) {
                let each = value.split(['、', '，', ',', ' ']).map(folded);
                self.units.extend(each.filter(|unit| !unit.is_empty()));
            } else if is(SENDER) && self.sender.is_none() && !signed().is_empty() {
                self.sender = Some(signed().to_owned());
            } else if is(FILLED_ON) && self.filled_on.is_none() {
                self.filled_on = Some(value.to_owned());
            }
        }
    }

    /// What one of a column's numbers is in the column's own unit, where the title says so and the
    /// heading does not.
    pub fn factor(&self, kind: Kind) -> Option<(&str, f64)> {
        let known = |unit: &String| units(kind).get(unit).copied();
        self.units.iter().find_map(|unit| Some((unit.as_str(), known(unit)?)))
    }
}

/// The class of facility that a line above the headings names, if it is a title and names one only.
fn class_of(text: &str) -> Option<String> {
    let text = folded(text);
    let is_title = text.chars().count() <= 40 && !text.contains(':');
    if !is_title || SEVERAL.iter().any(|word| text.contains(word)) {
        return None;
    }
    let (code, rest) = category_within(&text)?;
    // What is left may be of all facilities: 社区用房建设项目配套设施台账.
    (!rest.contains("设施") && category_within(&rest).is_none()).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(rows: &[&[&str]], header: usize) -> Title {
        let mut grid = Grid::default();
        for row in rows {
            grid.push_row(row.iter().copied());
        }
        Title::of(&grid, header)
    }

    #[test]
    fn units_sender_and_day_are_read_from_the_lines_around_a_table() {
        let found = title(
            &[
                &["社区用房台账", ""],
                &["填报单位：城东区住建局（公章）", "单位：平方米、万元"],
                &["社区", "面积"],
                &["甲", "1"],
                &["填报日期：", "2023年6月30日"],
            ],
            2,
        );
        assert_eq!(found.sender.as_deref(), Some("城东区住建局"));
        assert_eq!(found.filled_on.as_deref(), Some("2023年6月30日"));
        assert_eq!(found.factor(Kind::Area), Some(("平方米", 1.0)));
        assert_eq!(found.factor(Kind::Money), Some(("万元", 10_000.0)));
        assert_eq!(found.factor(Kind::Length), None);
    }
}
