//! Reading a review file that a person, and a spreadsheet, had in hand.
//!
//! Columns are found by their headings, so they may have been moved and others added. All cells
//! that cannot be read are told together.

use super::{GONE, HEADINGS, Party, Review, ReviewRow, Verdict};
use crate::identity::fold::fold;
use crate::identity::likeness::Relation;
use crate::identity::reasons::Side;
use crate::words::Words;

/// A cell of a review file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The row as a spreadsheet counts it, from 1.
    pub row: usize,
    /// The heading of the column.
    pub column: String,
    /// What the cell holds.
    pub found: String,
    /// What would have been accepted.
    pub accepted: Words,
}

impl Unreadable {
    /// The message in words.
    pub fn words(&self) -> Words {
        let Unreadable { row, column, found, accepted } = self;
        Words::new(
            format!("第{row}行“{column}”列：读到“{found}”，可填：{}", accepted.zh),
            format!("row {row}, column “{column}”: found “{found}”, accepted: {}", accepted.en),
        )
    }
}

/// The columns without which a decision belongs to nobody.
const NEEDED: [usize; 4] = [0, 1, 4, 10];

impl Review {
    /// Reads the rows of a sheet; the first that is not blank holds the headings.
    ///
    /// # Errors
    /// Every heading that is missing, or every cell that cannot be read.
    pub fn read(rows: &[Vec<String>]) -> Result<Review, Vec<Unreadable>> {
        let blank = |row: &Vec<String>| row.iter().all(|cell| cell.trim().is_empty());
        let Some(head) = rows.iter().position(|row| !blank(row)) else {
            return Ok(Review::default());
        };
        let columns = columns(&rows[head], head + 1)?;
        let (mut pairs, mut troubles) = (Vec::new(), Vec::new());
        for (at, cells) in rows.iter().enumerate().skip(head + 1).filter(|(_, row)| !blank(row)) {
            let cell = |column: usize| {
                let text = columns[column].and_then(|at| cells.get(at)).map_or("", String::as_str);
                unguarded(text.trim_matches([' ', '\u{a0}', '\u{3000}']))
            };
            match read_row(at + 1, cell) {
                Ok(row) => pairs.push(row),
                Err(more) => troubles.extend(more),
            }
        }
        if troubles.is_empty() { Ok(Review { pairs }) } else { Err(troubles) }
    }
}

/// Where each of the columns stands.
fn columns(head: &[String], row: usize) -> Result<Vec<Option<usize>>, Vec<Unreadable>> {
    let folded: Vec<String> = head.iter().map(|cell| fold(cell)).collect();
    let find = |(zh, en): &(&str, &str)| {
        folded.iter().position(|cell| *cell == fold(zh) || *cell == fold(en))
    };
    let columns: Vec<Option<usize>> = HEADINGS.iter().map(find).collect();
    let missing = NEEDED.into_iter().filter(|at| columns[*at].is_none());
    let missing: Vec<Unreadable> = missing
        .map(|at| Unreadable {
            row,
            column: HEADINGS[at].0.to_owned(),
            found: head.join("，"),
            accepted: Words::new(
                format!("须有标题“{}”的列", HEADINGS[at].0),
                format!("a column headed “{}” or “{}”", HEADINGS[at].0, HEADINGS[at].1),
            ),
        })
        .collect();
    if missing.is_empty() { Ok(columns) } else { Err(missing) }
}

fn read_row(row: usize, cell: impl Fn(usize) -> String) -> Result<ReviewRow, Vec<Unreadable>> {
    let mut troubles = Vec::new();
    let mut trouble = |column: usize, accepted: Words| {
        let (column, found) = (HEADINGS[column].0.to_owned(), cell(column));
        troubles.push(Unreadable { row, column, found, accepted });
    };
    for column in [0, 1, 4] {
        let found = cell(column);
        if found.is_empty() {
            trouble(column, Words::new("不可空白，请勿删改", "not blank: it must not be changed"));
        } else if column > 0 && rounded(&found) {
            let accepted = Words::new(
                "原编号的文本（表格软件把它改成了科学计数，请按文本恢复）",
                "the id as text (a spreadsheet turned it into scientific notation)",
            );
            trouble(column, accepted);
        }
    }
    let suggestion = match suggestion(&cell(7)) {
        Some(suggestion) => suggestion,
        None => {
            trouble(7, accepted_verdicts());
            Relation::Apart
        }
    };
    let points = cell(8);
    let read = points.parse::<f64>().ok().filter(|points| (0.0..=100.0).contains(points));
    if read.is_none() && !points.is_empty() {
        trouble(8, Words::new("0到100的数", "a number from 0 to 100"));
    }
    let decision = decision(&cell(10), suggestion).unwrap_or_else(|accepted| {
        trouble(10, accepted);
        None
    });
    let note = cell(11);
    let kept = note.strip_prefix(GONE);
    let party =
        |from: usize| Party { id: cell(from), name: cell(from + 1), origin: cell(from + 2) };
    let read = ReviewRow {
        table: cell(0),
        a: party(1),
        b: party(4),
        suggestion,
        points: read.unwrap_or(0.0).round() as u8,
        reasons: cell(9),
        decision,
        gone: kept.is_some(),
        note: kept.unwrap_or(&note).to_owned(),
    };
    if troubles.is_empty() { Ok(read) } else { Err(troubles) }
}

/// Whether a spreadsheet has made a long id a rounded number: `3.70102E+11`.
fn rounded(id: &str) -> bool {
    let Some((number, exponent)) = id.split_once(['E', 'e']) else { return false };
    let plain =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    number.contains('.') && plain(number) && exponent.strip_prefix('+').is_some_and(plain)
}

fn unguarded(text: &str) -> String {
    text.strip_prefix('\'').unwrap_or(text).to_owned()
}

fn suggestion(text: &str) -> Option<Relation> {
    match verdict(text)? {
        Answer::Verdict(Verdict::Same) => Some(Relation::Same),
        Answer::Verdict(Verdict::PhaseOf { whole }) => Some(Relation::PhaseOf(whole)),
        Answer::Verdict(Verdict::Different) | Answer::Blank => Some(Relation::Apart),
        _ => None,
    }
}

/// What a person may have written.
enum Answer {
    Blank,
    Verdict(Verdict),
    /// A phase, without saying which is the whole.
    Phase,
    /// As suggested.
    Yes,
}

fn verdict(text: &str) -> Option<Answer> {
    let phase = |whole: Side| Answer::Verdict(Verdict::PhaseOf { whole });
    Some(match fold(text).as_str() {
        "" => Answer::Blank,
        "同一" | "相同" | "同" | "合并" | "same" => Answer::Verdict(Verdict::Same),
        "不同" | "不是" | "否" | "different" | "no" | "n" | "×" | "apart" => {
            Answer::Verdict(Verdict::Different)
        }
        "分期" | "phase" => Answer::Phase,
        "是" | "对" | "yes" | "y" | "√" | "✓" => Answer::Yes,
        "分期(甲为整体)" | "甲为整体" | "分期甲" | "phase(thefirstisthewhole)" | "phasea" => {
            phase(Side::A)
        }
        "分期(乙为整体)" | "乙为整体" | "分期乙" | "phase(thesecondisthewhole)" | "phaseb" => {
            phase(Side::B)
        }
        _ => return None,
    })
}

/// The decision of a row, given what was suggested; or what would have been accepted.
fn decision(text: &str, suggestion: Relation) -> Result<Option<Verdict>, Words> {
    let answer = verdict(text).ok_or_else(accepted_verdicts)?;
    match (answer, suggestion) {
        (Answer::Blank, _) => Ok(None),
        (Answer::Verdict(verdict), _) => Ok(Some(verdict)),
        (Answer::Phase | Answer::Yes, Relation::PhaseOf(whole)) => {
            Ok(Some(Verdict::PhaseOf { whole }))
        }
        (Answer::Yes, Relation::Same) => Ok(Some(Verdict::Same)),
        (Answer::Phase, _) => Err(Words::new(
            "甲为整体、乙为整体（建议不是分期，须写明哪一个是整体）",
            "phase a, phase b: which of the two is the whole, as the suggestion does not say it",
        )),
        (Answer::Yes, Relation::Apart) => Err(accepted_verdicts()),
    }
}

fn accepted_verdicts() -> Words {
    Words::new(
        "同一、分期、甲为整体、乙为整体、不同，或留空",
        "same, phase, phase a, phase b, different, or nothing",
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::{cells, row};
    use super::*;

    fn with_decision(text: &str, suggestion: Relation) -> Result<Option<Verdict>, Words> {
        decision(text, suggestion)
    }

    #[test]
    fn a_decision_is_read_in_either_language_and_in_short() {
        for text in ["同一", "same", "Same ", "是", "y", "Ｙ"] {
            assert_eq!(with_decision(text, Relation::Same), Ok(Some(Verdict::Same)), "{text}");
        }
        let whole = Side::B;
        for text in ["分期", "phase", "是", "分期（乙为整体）", "乙为整体"] {
            let expected = Ok(Some(Verdict::PhaseOf { whole }));
            assert_eq!(with_decision(text, Relation::PhaseOf(whole)), expected, "{text}");
        }
        for text in ["不同", "different", "否", "n", "×"] {
            assert_eq!(with_decision(text, Relation::Same), Ok(Some(Verdict::Different)), "{text}");
        }
        assert_eq!(with_decision(" ", Relation::Same), Ok(None));
        assert!(with_decision("分期", Relation::Same).is_err());
        assert!(with_decision("是", Relation::Apart).is_err());
        assert!(with_decision("也许", Relation::Same).is_err());
    }

    #[test]
    fn columns_may_have_been_moved_and_others_added() {
        let review = Review { pairs: vec![row("1", "2", Some(Verdict::Different))] };
        let mut rows = cells(&review.csv());
        for row in &mut rows {
            row.reverse();
            row.insert(3, "科室意见".into());
        }
        rows.insert(0, vec![String::new(), String::new()]);
        rows.push(vec![String::new(); 13]);
        assert_eq!(Review::read(&rows), Ok(review));
    }

    #[test]
    fn what_cannot_be_read_says_where_and_what_is_accepted() {
        let review = Review { pairs: vec![row("1", "2", None), row("3.70102E+11", "4", None)] };
        let mut rows = cells(&review.csv());
        rows[1][10] = "也许".into();
        let troubles = Review::read(&rows).expect_err("two troubles");
        let words: Vec<Words> = troubles.iter().map(Unreadable::words).collect();
        assert_eq!(
            words[0].zh,
            "第2行“决定”列：读到“也许”，可填：同一、分期、甲为整体、乙为整体、不同，或留空"
        );
        assert!(
            words[1].en.starts_with("row 3, column “甲编号”: found “3.70102E+11”"),
            "{}",
            words[1]
        );
        rows[0][10] = "处理".into();
        let troubles = Review::read(&rows).expect_err("no column of decisions");
        assert_eq!(troubles[0].column, "决定");
    }

    #[test]
    fn an_empty_sheet_is_an_empty_review() {
        assert_eq!(Review::read(&[]), Ok(Review::default()));
    }
}
